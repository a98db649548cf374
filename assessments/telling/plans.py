"""Plans to agree to, and what of them and of the decisions' action points is overdue."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.notices import named, take_back
from assessments.models import ActionPoint, Plan, PlanAction
from assessments.telling.saying import assessors, learner, page, send, unit_words
from portfolio.models import Enrolment
from portfolio.workflow import EnrolmentStatus

LOOK_BACK = datetime.timedelta(days=7)  # told once; a week without a beat is made up for
NO_HURRY = 1  # second: the next round mails them together
UNIT = ("edition__standard", "portfolio__learner", "portfolio__centre")


def of_plan(plan: Plan, by: User) -> None:
    """Made or changed: to the learner, for her to agree to just this version of it."""
    take_back("plan_to_agree", _about(plan, plan.revision - 1))
    text = _("A plan for %(urn)s waits for you to agree to it.")
    told = unit_words(plan.enrolment, text), _page(plan.enrolment)
    send(_less([learner(plan.enrolment)], by), plan.enrolment, "plan_to_agree", _about(plan), told)


def of_agreeing(plan: Plan, by: User) -> None:
    """The learner has; an assessor who has not is told."""
    if plan.is_agreed or plan.learner_agreed_at is None:
        return
    text = _("%(learner)s agreed to the plan for %(urn)s. It waits for you to agree, too.")
    told = unit_words(plan.enrolment, text), _page(plan.enrolment)
    who = assessors(plan.enrolment, by)
    send(who, plan.enrolment, "plan_to_agree", _about(plan), told)


def of_what_is_overdue() -> None:
    """To the learner and her assessors, once for each thing, the day after it was due."""
    told = _told_lately()
    for action in _actions():
        if named(action) not in told:
            _tell_overdue(action.plan.enrolment, named(action), action.due_on, who=action.who)
    for point in _points():
        if named(point) not in told:
            unit = point.submission.enrolment
            _tell_overdue(unit, named(point), point.due_on, who=PlanAction.Who.LEARNER)


def _told_lately() -> set[str]:
    """So that a round only does what is new; each is told once whatever this leaves out."""
    since = timezone.now() - 2 * LOOK_BACK
    lately = Notice.objects.filter(kind="action_overdue", created_at__gte=since)
    return set(lately.values_list("about", flat=True))


@transaction.atomic
def _tell_overdue(enrolment: Enrolment, about: str, due_on: datetime.date, *, who: str) -> None:
    day = formats.date_format(due_on, "j F Y")
    hers = who == PlanAction.Who.LEARNER
    text = (
        _("Something you were to do for %(urn)s was due on %(day)s.")
        if hers
        else _("Something your assessor was to do for %(urn)s was due on %(day)s.")
    )
    told = unit_words(enrolment, text, day=day), _page(enrolment)
    send([learner(enrolment)], enrolment, "action_overdue", about, told, after=NO_HURRY)
    text = (
        _("%(learner)s: an action for %(urn)s was due on %(day)s.")
        if hers
        else _("%(learner)s: what you were to do for %(urn)s was due on %(day)s.")
    )
    told = unit_words(enrolment, text, day=day), _page(enrolment)
    theirs = assessors(enrolment, learner(enrolment))
    send(theirs, enrolment, "action_overdue", about, told, after=NO_HURRY)


def _actions() -> Iterable[PlanAction]:
    rows = PlanAction.objects.filter(
        done_at=None,
        plan__reviewed_at=None,
        plan__enrolment__status=EnrolmentStatus.ACTIVE,
        **_lately(),
    )
    return rows.select_related(*(f"plan__enrolment__{name}" for name in UNIT))


def _points() -> Iterable[ActionPoint]:
    rows = ActionPoint.objects.asked().filter(
        submission__enrolment__status=EnrolmentStatus.ACTIVE, **_lately()
    )
    related = rows.select_related(*(f"submission__enrolment__{name}" for name in UNIT))
    return related.defer("submission__frozen", "submission__marked_against")


def _lately() -> dict[str, datetime.date]:
    today = timezone.localdate()
    return {"due_on__lt": today, "due_on__gte": today - LOOK_BACK}


def _less(people: list[User], by: User) -> list[User]:
    return [each for each in people if each != by]


def _about(plan: Plan, revision: int | None = None) -> str:
    return f"{named(plan)}:{plan.revision if revision is None else revision}"


def _page(enrolment: Enrolment) -> str:
    return page(enrolment, "assessments:plan", enrolment.pk)
