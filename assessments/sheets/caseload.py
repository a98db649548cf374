"""Learners down, units across: the matrix of the page, whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.lists import Column, at
from assessments.overview.listed import word_of
from assessments.overview.matrix import AT_ONCE, Cell, told_of, with_counts
from assessments.overview.scope import Scope
from standards.models import Edition


@dataclass(frozen=True)
class Row:
    learner: str
    registration: str
    cohort: str
    cells: dict[int, Cell]  # by edition

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.cells.values())


LEARNER = (
    Column("learner", _("Learner"), at("learner")),
    Column("registration", _("Registration"), at("registration")),
    Column("cohort", _("Cohort"), at("cohort")),
    Column("units", _("Units"), lambda row: len(row.cells)),
    Column("waiting", _("Evidence waiting"), at("waiting")),
)


def columns(scope: Scope) -> list[Column]:
    here = scope.enrolments().values("edition")
    editions = Edition.objects.filter(pk__in=here).order_by("standard__urn", "pk")
    units = editions.values_list("pk", "standard__urn", "title")
    return [*LEARNER, *(_unit(pk, f"{urn} {title}") for pk, urn, title in units)]


def _unit(edition: int, name: str) -> Column:
    return Column(f"unit{edition}", name, lambda row: _said(row.cells.get(edition)))


def _said(cell: Cell | None) -> str | None:
    if cell is None:
        return None
    return _t("%(state)s, %(met)d of %(all)d met") % {
        "state": word_of(cell.state),
        "met": cell.met,
        "all": cell.criteria,
    }


def rows(scope: Scope) -> Iterator[Row]:
    found = with_counts(scope.enrolments(), ["portfolio__registration_number"])
    told = told_of(found.iterator(chunk_size=AT_ONCE))
    for _portfolio, units in groupby(told, key=lambda each: each[0]["portfolio"]):
        its = list(units)
        who = its[0][0]
        yield Row(
            who["portfolio__learner__name"],
            who["portfolio__registration_number"],
            who["portfolio__cohort"],
            {cell.unit.edition: cell for _row, cell in its},
        )
