"""Asks to sign in, finds the centre a page belongs to, and answers a refused transition."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ledger.transitions import TransitionRefused

UTF_8 = ("utf-8", "utf8")


class ReadableMiddleware:
    """Refuses what a database could not keep: a NUL in the address, text that is not UTF-8.

    (A NUL in a form is refused by its field, beside which it says so.)
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        charset = request.content_params.get("charset", "utf-8")
        if "%00" in request.META.get("QUERY_STRING", "") or charset.lower() not in UTF_8:
            raise BadRequest("A NUL in the address, or a form that is not UTF-8.")
        return self.get_response(request)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks to sign in unless its view is marked otherwise. To a part of a page, or a
    part of a file, the answer is 401: a redirect would put the sign-in page in its place."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        if request.htmx or "Tus-Resumable" in request.headers:
            return HttpResponse(_("You are signed out."), status=401)
        return super().handle_no_permission(request, view_func)


class CentreMiddleware:
    """Sets request.centre and request.roles for pages under /c/<centre>/; to somebody who is
    no member of it, the centre does not exist."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.centre = None
        request.roles = frozenset()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        slug = kwargs.pop("centre", None)
        if slug is None or not request.user.is_authenticated:
            return
        centre = request.user.centre_at(slug)
        if centre is None:
            raise Http404
        request.centre = centre
        request.roles = request.user.roles_by_centre[centre.pk]


class RefusalMiddleware:
    """A move that came too late: 409, and a sentence that says who was first and when. An
    address opened in a way it is not meant for: 405, with a page where Django sends none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response.content = render_to_string("405.html", request=request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TransitionRefused):
            return None
        return render(request, "409.html", {"refusal": str(exception)}, status=409)
