"""The list of exports: its columns, filters and order."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, Column, Listing, Words, at, field, where
from reports.models import Report

COLUMNS = (
    field("learner", _("Learner"), "portfolio__learner__name"),
    field("cohort", _("Cohort"), "portfolio__cohort"),
    field("asked", _("Asked for"), "requested_at"),
    Column("by", _("Asked for by"), at("requested_by.name"), shown=False),
    Column("state", _("State"), Report.get_status_display, ("status",)),
    Column("pages", _("Pages"), at("pages"), shown=False),
    Column("do", _("What you can do"), is_named=False),
)


def exports(request: HttpRequest, rows: QuerySet[Report]) -> Listing:
    return Listing(
        request=request,
        name="exports",
        caption=_("Exports"),
        columns=COLUMNS,
        row="reports/_export.html",
        every=rows,
        filters=[
            Words("text", _("Learner"), ("portfolio__learner__name",)),
            Words("cohort", _("Cohort"), ("portfolio__cohort",)),
            Choice("state", _("State"), Report.Status.choices, where("status"), is_lenient=True),
        ],
        order=("-requested_at", "-pk"),
        a_page=25,
        drops=["under_way"],
    )
