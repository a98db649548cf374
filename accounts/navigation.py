"""The main menu: who sees which pages, in this one table."""

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LEARNER = frozenset({"learner"})
ASSESSORS = frozenset({"assessor", "trainee_assessor"})
ADMIN = frozenset({"admin"})
DATA_LEAD = frozenset({"data_lead"})
IQA = frozenset({"iqa"})
STAFF = ASSESSORS | ADMIN | DATA_LEAD | IQA
EVERYONE = STAFF | LEARNER


class Entry(NamedTuple):
    label: Promise
    url_name: str
    icon: str
    roles: frozenset[str]
    also: tuple[str, ...] = ()  # pages that belong to it but lie beside it


class Item(NamedTuple):
    label: Promise
    url: str
    icon: str
    current: str  # the value of aria-current: "page", "true" (a page below it) or ""


MENU = (
    Entry(_("My units"), "portfolio:home", "units", LEARNER),
    Entry(
        _("My evidence"),
        "portfolio:evidence_list",
        "evidence",
        LEARNER,
        also=("../capture/", "../outbox/", "../files/"),
    ),
    Entry(_("Decisions"), "assessments:decisions", "decisions", LEARNER),
    Entry(_("Queue"), "assessments:queue", "queue", ASSESSORS),
    Entry(_("Learners"), "portfolio:enrolments", "learners", STAFF),
    Entry(_("Overview"), "assessments:overview", "overview", ADMIN | IQA),
    Entry(_("Hidden parts"), "portfolio:redactions", "lock", DATA_LEAD),
    Entry(_("Look-alikes"), "portfolio:likenesses", "link", ASSESSORS | IQA),
    Entry(_("People"), "accounts:people", "people", ADMIN),
    Entry(_("Feedback bank"), "assessments:bank", "edit", ASSESSORS | ADMIN),
    Entry(_("Questions"), "assessments:questions", "edit", ASSESSORS | ADMIN | IQA),
    Entry(_("Appeals"), "assessments:appeals", "info", ASSESSORS | ADMIN | IQA),
    Entry(_("Standards"), "standards:list", "standards", EVERYONE),
    Entry(_("Exports"), "reports:list", "exports", ADMIN | IQA | DATA_LEAD),
)


def menu_for(request: HttpRequest) -> list[Item]:
    """What this person may go to from here; nothing outside a centre."""
    centre = getattr(request, "centre", None)
    if centre is None:
        return []
    roles = {str(role) for role in getattr(request, "roles", ())}
    found = list(_reachable(roles, centre.slug))
    here = _closest(found, request.path)
    return [
        Item(entry.label, url, entry.icon, _current(url, here, request.path))
        for entry, url in found
    ]


def _reachable(roles: set[str], slug: str) -> Iterator[tuple[Entry, str]]:
    for entry in MENU:
        if entry.roles & roles:
            try:
                yield entry, reverse(entry.url_name, kwargs={"centre": slug})
            except NoReverseMatch:
                continue


def _closest(found: list[tuple[Entry, str]], path: str) -> str:
    """The entry that the page lies under; the centre's home is above every page."""
    under = {urljoin(url, each): url for entry, url in found for each in ("", *entry.also)}
    above = [url for url in under if path.startswith(url)]
    return under[max(above, key=len)] if above else ""


def _current(url: str, here: str, path: str) -> str:
    if url != here:
        return ""
    return "page" if url == path else "true"
