from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render


def home(request: HttpRequest) -> HttpResponse:
    """One centre: straight to it. Several: choose. None: say so."""
    centres = request.user.centres()
    if len(centres) == 1:
        return redirect("portfolio:home", centre=centres[0].slug)
    return render(request, "accounts/home.html", {"centres": centres})
