"""How often one place may ask, for pages that nobody signs in for: one rule for all of them.

allauth counts sign-ins in the same cache, and django-axes wrong passwords in the database.
"""

import ipaddress

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.sign_in import client_address

A_HOUSEHOLD = 64  # bits of an IPv6 address; the rest each of its machines makes up as it likes


def asked_too_often(request: HttpRequest, what: str, *, most: int, seconds: int) -> bool:
    """Counts this question, with those to all other processes: see ADR 0031."""
    return _counted(f"{what}:{_place(request)}", seconds) > most


def too_often(request: HttpRequest, *, seconds: int) -> HttpResponse:
    page = render(request, "429.html", status=429)
    page.headers["Retry-After"] = str(seconds)
    return page


def _counted(key: str, seconds: int) -> int:
    """A period begins with the first question in it."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        count = cache.incr(key)
    except ValueError:  # the period ended just now
        return 1
    if count == 1:
        cache.touch(key, seconds)  # it ended between the two; begun by `incr` it would never end
    return count


def _place(request: HttpRequest) -> str:
    address = client_address(request) or ""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4 or found.ipv4_mapped:
        return address
    return str(ipaddress.ip_network((found, A_HOUSEHOLD), strict=False))
