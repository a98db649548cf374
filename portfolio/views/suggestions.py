"""Criteria that what is being written might touch; nothing of it is kept."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portfolio.actions.evidence import MAX_ACCOUNT
from portfolio.models import Enrolment, Portfolio
from portfolio.permissions import can_add_evidence
from portfolio.suggestions import Suggestion, suggest
from portfolio.views.loading import own_portfolio
from standards.models import Criterion

LONGEST_ID = 18  # digits
MOST_TICKS = 100


@dataclass(frozen=True)
class Offered:
    """One criterion to tick, with the words that suggested it, if any do still."""

    criterion: Criterion
    words: tuple[str, ...]
    ticked: bool


@require_POST
@never_cache
@sensitive_post_parameters("account")
def suggestions(request: HttpRequest) -> HttpResponse:
    """The list below the account, as it is while somebody types."""
    portfolio = own_portfolio(request)
    if portfolio is None or not can_add_evidence(request.user, portfolio):
        raise PermissionDenied
    context = offered_for(portfolio, request.POST)
    status = 422 if context["too_long"] else 200
    return render(request, "portfolio/_suggestions.html", context, status=status)


def offered_for(portfolio: Portfolio, sent: QueryDict) -> dict[str, object]:
    """What the list shows for a form as it was sent: ticked ones first, then the likeliest."""
    account = sent.get("account", "")
    too_long = len(account) > MAX_ACCOUNT
    criteria = _open_criteria(portfolio)
    ticked = [each for each in criteria if str(each.pk) in ticks(sent)]
    found = [] if too_long else suggest(account, criteria)
    return {
        "asked": True,
        "too_long": too_long,
        "several_units": len({each.edition_id for each in criteria}) > 1,
        "offered": _merged(ticked, found),
    }


def ticks(sent: QueryDict) -> list[str]:
    """Ids of criteria as they were ticked; whoever shows them looks for them in open units."""
    found = [pk for pk in sent.getlist("tick") if pk.isascii() and pk.isdecimal()]
    return [pk for pk in dict.fromkeys(found) if len(pk) <= LONGEST_ID][:MOST_TICKS]


def _open_criteria(portfolio: Portfolio) -> list[Criterion]:
    editions = Enrolment.objects.active().filter(portfolio=portfolio).values("edition")
    rows = Criterion.objects.filter(edition__in=editions).select_related("edition__standard")
    return list(
        rows.defer("edition__source_text", "edition__metadata").order_by(
            "edition__standard__urn", "order"
        )
    )


def _merged(ticked: list[Criterion], found: list[Suggestion]) -> list[Offered]:
    words = {each.criterion.pk: each.words for each in found}
    rest = [each.criterion for each in found if each.criterion not in ticked]
    return [
        *(Offered(each, words.get(each.pk, ()), ticked=True) for each in ticked),
        *(Offered(each, words[each.pk], ticked=False) for each in rest),
    ]
