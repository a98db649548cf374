"""The lists of appeals, of the feedback bank, of plans and of what they ask to be done."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.lists import Choice, Column, Gathered, Listing, Words, at, field
from assessments.lists import ENROLMENT, LEARNER, LEARNERS_NAME, UNIT, by_edition, editions_of
from assessments.models import Appeal, FeedbackPhrase, Plan, PlanAction
from assessments.overview.week import Action, end_of_week
from portfolio.models import Enrolment

APPEALS = (
    LEARNER,
    UNIT,
    Column("about", _("Against"), lambda row: against(row)),
    field("made", _("Made"), "made_at"),
    Column("state", _("State"), Appeal.get_status_display, ("status",)),
    Column("by", _("Answered by"), lambda row: row.closed_by.name if row.closed_by else None),
    field("closed", _("Answered"), "closed_at"),
)
PHRASES = (
    field("name", _("Name"), "title"),
    field("words", _("Words"), "text", sorts=False),
    field("by", _("By"), "made_by__name"),
    field("changed", _("Changed on"), "changed_at"),
    field("retired", _("Retired"), "retired_at"),
)
PLANS = (
    LEARNER,
    UNIT,
    field("made", _("Made"), "made_at"),
    Column("by", _("Made by"), at("made_by.name"), shown=False),
    field("learner_agreed", _("Learner agreed"), "learner_agreed_at"),
    field("assessor_agreed", _("Assessor agreed"), "assessor_agreed_at"),
    field("review", _("Review on"), "review_on"),
    field("reviewed", _("Reviewed"), "reviewed_at"),
)
ACTIONS = (
    field("due", _("By when"), "due_on"),
    field("what", _("What"), "text"),
    Column("whose", _("Who"), lambda row: str(PlanAction.Who(row.whose).label), ("yes",)),
    field("learner", _("Learner"), "learner"),
    field("unit", _("Unit"), "urn"),
)
RUNNING, TO_AGREE, OVERDUE, REVIEWED = "running", "to_agree", "overdue", "reviewed"
WEEK, LATER = "week", "later"


def against(appeal: Appeal) -> str:
    """What an appeal is against, in a few words."""
    if appeal.submission:
        number = appeal.submission.version.evidence.number
        return _t("Evidence %(number)d") % {"number": number}
    return _t("The sign-off") if appeal.sign_off else _t("Not being signed off")


def appeals(request: HttpRequest, rows: QuerySet[Appeal], units: QuerySet[Enrolment]) -> Listing:
    return Listing(
        request=request,
        name="appeals",
        caption=_("Appeals"),
        columns=APPEALS,
        row="",
        every=rows,
        filters=[
            LEARNERS_NAME,
            by_edition(editions_of(units), ENROLMENT),
        ],
        order=("-made_at", "-pk"),
        keeps=["state"],
    )


def phrases(request: HttpRequest, rows: QuerySet[FeedbackPhrase]) -> Listing:
    """Those in use, unless the retired ones are asked for."""
    are_retired = "retired" in request.GET
    return Listing(
        request=request,
        name="feedback-bank",
        caption=_("Feedback bank"),
        columns=PHRASES,
        row="",
        every=rows.exclude(retired_at=None) if are_retired else rows.in_use(),
        filters=[
            Words("q", _("Search"), ("title", "text")),
            Words("by", _("Written by"), ("made_by__name",)),
        ],
        order=("title", "pk"),
        keeps=["retired"],
    )


def plans(request: HttpRequest, rows: QuerySet[Plan], units: QuerySet[Enrolment]) -> Listing:
    states = [
        (RUNNING, _("Running")),
        (TO_AGREE, _("Not agreed yet")),
        (OVERDUE, _("Review is overdue")),
        (REVIEWED, _("Reviewed")),
    ]
    return Listing(
        request=request,
        name="plans",
        caption=_("Assessment plans"),
        columns=PLANS,
        row="assessments/_plan_row.html",
        every=rows,
        filters=[
            LEARNERS_NAME,
            by_edition(editions_of(units), ENROLMENT),
            Choice("state", _("State"), states, _in_state, is_lenient=True),
        ],
        order=("review_on", "pk"),
        a_page=25,
    )


def _in_state(rows: QuerySet[Plan], value: str) -> QuerySet[Plan]:
    if value == REVIEWED:
        return rows.exclude(reviewed_at=None)
    conditions = {
        RUNNING: Q(),
        TO_AGREE: Q(learner_agreed_at=None) | Q(assessor_agreed_at=None),
        OVERDUE: Q(review_on__lt=timezone.localdate()),
    }
    return rows.filter(conditions[value], reviewed_at=None)


def todo(request: HttpRequest, every: Sequence[Action]) -> Gathered:
    learners = sorted({(each.portfolio, each.learner) for each in every}, key=lambda pair: pair[1])
    units = sorted({each.urn for each in every})
    return Gathered(
        request=request,
        name="actions",
        caption=_("Actions"),
        columns=ACTIONS,
        row="assessments/_action_row.html",
        every=list(every),
        filters=[
            Choice("learner", _("Learner"), learners, _by("portfolio"), _("All learners")),
            Choice("unit", _("Unit"), [(each, each) for each in units], _by("urn")),
            Choice("whose", _("Who"), PlanAction.Who.choices, _by("whose"), is_lenient=True),
            Choice("due", _("By when"), _days(), _due, is_lenient=True),
        ],
        a_page=25,
    )


def _days() -> list[tuple[str, Any]]:
    return [(OVERDUE, _("Overdue")), (WEEK, _("By Sunday")), (LATER, _("Later"))]


def _by(name: str) -> Any:
    return lambda rows, value: [each for each in rows if str(getattr(each, name)) == value]


def _due(rows: Any, value: str) -> list[Action]:
    today = timezone.localdate()
    first, last = {
        OVERDUE: (date.min, today - timedelta(days=1)),
        WEEK: (date.min, end_of_week(today)),
        LATER: (end_of_week(today) + timedelta(days=1), date.max),
    }[value]
    return [each for each in rows if first <= each.due_on <= last]
