"""The figures as lists that sort and go out as files, and as charts."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.lists import Column, Gathered, at
from accounts.states import STATES
from assessments.overview.charts import Chart, bars
from assessments.overview.figures import Group, Grouping, Period, Span
from assessments.overview.matrix import AT_ONCE, READY, cells_of, with_counts
from portfolio.models import Enrolment

READY_WORD = _("Ready to sign off")
SORTS = ("yes",)


def _column(key: str, label: Any, value: Any, **more: Any) -> Column:
    return Column(key, label, value, SORTS, number=True, **more)


GROUPS = (
    _column("learners", _("Learners"), at("learners")),
    _column("active", _("Units in progress"), at("active")),
    _column("signed", _("Signed off"), at("signed_off")),
    _column("waiting", _("Waiting"), at("waiting")),
    Column("oldest", _("Waiting since"), at("oldest"), SORTS),
    _column("stuck", _("Stuck"), at("stuck")),
    _column("decided", _("Decisions"), at("decided")),
    _column("days", _("Days to a decision"), at("days")),
    _column("first", _("Accepted first time, %"), at("first_share")),
)

CELLS = (
    Column("learner", _("Learner"), lambda row: row[0][1]),
    Column("cohort", _("Cohort"), lambda row: row[0][2]),
    Column("unit", _("Unit"), lambda row: row[1].unit.urn),
    Column("title", _("Title"), lambda row: row[1].unit.title),
    Column("state", _("State"), lambda row: word_of(row[1].state)),
    Column("criteria", _("Criteria"), lambda row: row[1].criteria),
    Column("claimed", _("Claimed"), lambda row: row[1].claimed),
    Column("met", _("Met"), lambda row: row[1].met),
    Column("waiting", _("Evidence waiting"), lambda row: row[1].waiting),
    Column("oldest", _("Waiting since"), lambda row: row[1].oldest),
    Column("last", _("Last submitted or decided"), lambda row: row[1].last),
)


def groups(request: HttpRequest, rows: list[Group], grouping: Grouping) -> Gathered:
    name = Column("name", grouping.label, at("name"), SORTS)
    return Gathered(
        request=request,
        name=f"overview-by-{grouping.key}",
        caption=grouping.label,
        columns=[name, *GROUPS],
        row="assessments/_overview_row.html",
        every=rows,
        a_page=25,
    )


def cells(request: HttpRequest, enrolments: QuerySet[Enrolment]) -> "CellList":
    return CellList(
        request=request,
        name="learners-by-units",
        caption=_("Learners by units"),
        columns=CELLS,
        row="",
        every=[],
        enrolments=enrolments,
    )


class CellList(Gathered):
    """A row of the file for each learner on each unit; read only when the file is asked for."""

    def __init__(self, *, enrolments: QuerySet[Enrolment], **fields: Any) -> None:
        super().__init__(**fields)
        self.enrolments = enrolments

    def file_rows(self) -> Any:
        return cells_of(with_counts(self.enrolments).iterator(chunk_size=AT_ONCE))


def word_of(state: str) -> Any:
    return READY_WORD if state == READY else STATES[state].word


def charts(spans: list[Span], period: Period) -> dict[str, Chart]:
    names = [_name(span, period) for span in spans]
    took = [(name, s.figures.days, _number(s.figures.days)) for name, s in named(names, spans)]
    first = [
        (name, s.figures.first_share, _percent(s.figures.first_share))
        for name, s in named(names, spans)
    ]
    return {"took": bars(took), "first": bars(first, full=100)}


def named(names: list[str], spans: list[Span]) -> list[tuple[str, Span]]:
    return list(zip(names, spans, strict=True))


def _name(span: Span, period: Period) -> str:
    day = timezone.localtime(span.starts)
    return formats.date_format(day, "M" if period.by_month else "j M")


def _number(value: float | None) -> str:
    return formats.localize(value) if value is not None else ""


def _percent(value: int | None) -> str:
    return _t("%(share)d %%") % {"share": value} if value is not None else ""
