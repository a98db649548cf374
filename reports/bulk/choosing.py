"""Whose portfolios are exported at once, and which units of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.lists import Listing
from accounts.lists.filters import Bound
from portfolio.models import Enrolment, Portfolio
from reports.options import Options, Scope

LONGEST = 300


@dataclass(frozen=True)
class Wanted:
    portfolio: Portfolio
    options: Options


def chosen(listing: Listing) -> QuerySet[Portfolio]:
    """The learners that a list of learners' units shows, by name."""
    found = Portfolio.objects.filter(pk__in=listing.rows.order_by().values("portfolio"))
    return found.select_related("learner", "centre").order_by("learner__name", "pk")


def in_words(listing: Listing) -> str:
    """What was chosen: "Cohort: Autumn 2026, Unit: CFACSB15"."""
    told = [f"{each.filter.label}: {_answer(each)}" for each in listing.bound if each.value]
    return ", ".join(told)[:LONGEST] or _("All learners")


def _answer(bound: Bound) -> str:
    return next((str(label) for _key, label, is_chosen in bound.options if is_chosen), bound.value)


def wanted(
    portfolios: Iterable[Portfolio], options: Options, editions: Collection[int]
) -> list[Wanted]:
    """One export each; where only some units are asked for, of those who take any of them."""
    if options.scope != Scope.UNITS:
        return [Wanted(portfolio, options) for portfolio in portfolios]
    everyone = list(portfolios)
    units: dict[int, list[int]] = defaultdict(list)
    enrolments = Enrolment.objects.filter(portfolio__in=everyone, edition__in=editions)
    for portfolio, pk in enrolments.order_by("pk").values_list("portfolio", "pk"):
        units[portfolio].append(pk)
    return [
        Wanted(portfolio, replace(options, units=tuple(units[portfolio.pk])))
        for portfolio in everyone
        if units[portfolio.pk]
    ]
