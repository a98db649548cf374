from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from files.refusals import NotReachable


class NotReachableMiddleware:
    """A store that cannot be read just now: 503, and a sentence in place of a broken page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NotReachable):
            return None
        words = {"refusal": exception.sentence}
        return render(request, "503.html", words, status=exception.status)
