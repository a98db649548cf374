"""What joins allauth's sign-in pages, django-axes and our own rules."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def lockout_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whose failures django-axes counts: one address in any spelling is one person."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login")
    return (name or "").strip().lower()


def client_address(request: HttpRequest) -> str | None:
    """Where the person is, seen past the proxies we trust: allauth and axes must agree."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:  # allauth's word for "it can't be told"
        return None


def answers_422(view: View) -> View:
    """allauth answers a form with errors with 200; every page of ours says 422."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and response.status_code == 200 and form and form.errors:
            response.status_code = 422
        return response

    return wrapped


def leaves_no_copies(view: View) -> View:
    """After signing out, the browser throws away the pages and files that it kept copies of.

    Not what scripts keep: a learner's captures that are not sent yet must stay on her phone.
    """

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache"'
        return response

    return wrapped
