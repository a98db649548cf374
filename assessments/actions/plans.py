"""An assessment plan: made by the assessor, agreed by both, closed by its review; and what was
to be done, said to be done by whoever was to do it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from assessments.actions.guards import hold_open
from assessments.models import ActionPoint, Plan, PlanAction
from assessments.permissions import (
    can_agree_plan,
    can_mark_action_point,
    can_mark_plan_action,
    can_plan,
)
from assessments.telling import of_agreeing, of_plan
from ledger.record import record
from ledger.transitions import TransitionRefused, change
from portfolio.models import Enrolment
from standards.models import Criterion

# What a change or a new plan starts with: nobody has agreed to it yet.
UNAGREED: Mapping[str, None] = {
    "assessor_agreed_by": None,
    "assessor_agreed_at": None,
    "learner_agreed_at": None,
}


@dataclass(frozen=True)
class Planned:
    """One thing to do, as a form has it; `pk` is that of an action which the plan holds."""

    who: str
    text: str
    due_on: datetime.date
    method: str = ""
    criteria: Sequence[Criterion] = ()
    pk: int | None = None


@transaction.atomic
def make_plan(
    *,
    enrolment: Enrolment,
    note: str,
    review_on: datetime.date,
    planned: Sequence[Planned],
    by: User,
) -> Plan:
    """Plan a unit's assessment; a unit has one plan at a time."""
    refuse_unless(can_plan(by, enrolment))
    hold_open(enrolment)
    _refuse_unless_sound(enrolment, planned)
    _refuse_past(review_on)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                enrolment=enrolment, made_by=by, note=note.strip(), review_on=review_on
            )
    except IntegrityError as error:
        raise TransitionRefused(_("This unit has a plan already. Change that one.")) from error
    _set_actions(plan, planned)
    _record_plan(plan, "plan_made", by)
    of_plan(plan, by)
    return plan


@transaction.atomic
def change_plan(
    *,
    plan: Plan,
    revision: int,
    note: str,
    review_on: datetime.date,
    planned: Sequence[Planned],
    by: User,
) -> Plan:
    """Both have to agree again. What is done already stays as it is; an open action that is not
    named any more is taken out."""
    refuse_unless(can_plan(by, plan.enrolment))
    hold_open(plan.enrolment)
    _refuse_unless_sound(plan.enrolment, planned, has_done=plan.actions.done().exists())
    if review_on != plan.review_on:
        _refuse_past(review_on)
    changed = Plan.objects.running().filter(pk=plan.pk, revision=revision)
    if not changed.update(
        note=note.strip(), review_on=review_on, revision=revision + 1, **UNAGREED
    ):
        _refuse_behind(plan, revision)
    plan.refresh_from_db()
    _set_actions(plan, planned)
    _record_plan(plan, "plan_changed", by)
    of_plan(plan, by)
    return plan


@transaction.atomic
def agree_plan(*, plan: Plan, revision: int, by: User) -> Plan:
    """Agree to the plan as it was read: to a later change one agrees again."""
    refuse_unless(can_agree_plan(by, plan))
    now = timezone.now()
    is_learner = plan.enrolment.portfolio.learner_id == by.pk
    agreed: dict[str, Any] = (
        {"learner_agreed_at": now}
        if is_learner
        else {"assessor_agreed_by": by, "assessor_agreed_at": now}
    )
    read = Plan.objects.running().filter(pk=plan.pk, revision=revision)
    if not read.filter(**dict.fromkeys(agreed)).update(**agreed):
        plan.refresh_from_db()
        if plan.revision == revision and not plan.reviewed_at:
            return plan  # agreed already: a second press changes nothing
        raise TransitionRefused(plan.standing())
    plan.refresh_from_db()
    facts = {"plan": plan.pk, "revision": revision, "as": "learner" if is_learner else "assessor"}
    _record(plan.enrolment, "plan_agreed", plan, by, facts)
    of_agreeing(plan, by)
    return plan


@transaction.atomic
def review_plan(*, plan: Plan, review: str, by: User) -> Plan:
    """Say how it went, which closes the plan. What was not done is seen in it for ever."""
    refuse_unless(can_plan(by, plan.enrolment))
    review = review.strip()
    if not review:
        raise ValidationError(_("Say how it went."))
    said = {"reviewed_at": timezone.now(), "reviewed_by": by, "review": review}
    change(plan, Plan.objects.running(), **said)
    facts = {
        "plan": plan.pk,
        "revision": plan.revision,
        "not_done": list(plan.actions.open().values_list("pk", flat=True)),
    }
    _record(plan.enrolment, "plan_reviewed", plan, by, facts, {"review": review})
    return plan


@transaction.atomic
def mark_plan_action(*, action: PlanAction, done: bool, by: User) -> PlanAction:
    """Done, or not done after all; twice is as good as once."""
    refuse_unless(can_mark_plan_action(by, action))
    plan = action.plan
    change(plan, Plan.objects.running(), reviewed_at=None)
    marked = PlanAction.objects.filter(pk=action.pk, done_at__isnull=done).update(
        done_at=timezone.now() if done else None, done_by=by if done else None
    )
    action.refresh_from_db()
    if marked:
        verb = "plan_action_done" if done else "plan_action_reopened"
        _record(plan.enrolment, verb, action, by, {"plan": plan.pk, "action": action.pk})
    return action


@transaction.atomic
def mark_action_point(*, point: ActionPoint, done: bool, by: User) -> ActionPoint:
    """The learner says that she did what a decision asked of her, or that it is still to do."""
    refuse_unless(can_mark_action_point(by, point))
    marked = (
        ActionPoint.objects.filter(pk=point.pk, done_at__isnull=done)
        .exclude(submission__decided_at=None)
        .update(done_at=timezone.now() if done else None)
    )
    point.refresh_from_db()
    if marked:
        verb = "action_point_done" if done else "action_point_reopened"
        facts = {"submission": point.submission_id, "action": point.pk}
        _record(point.submission.enrolment, verb, point, by, facts)
    return point


def _refuse_unless_sound(
    enrolment: Enrolment, planned: Sequence[Planned], has_done: bool = False
) -> None:
    if not planned and not has_done:
        raise ValidationError(_("Plan at least one thing to do."))
    for each in planned:
        if not each.text.strip():
            raise ValidationError(_("Say what is to be done."))
        if any(criterion.edition_id != enrolment.edition_id for criterion in each.criteria):
            raise ValidationError(_("A criterion is not one of this unit."))
        if each.pk is None:
            _refuse_past(each.due_on)


def _refuse_past(day: datetime.date) -> None:
    if day < timezone.localdate():
        raise ValidationError(_("A day that you plan for can't lie in the past."))


def _refuse_behind(plan: Plan, revision: int) -> None:
    """Closed meanwhile, or changed by a colleague whose words must not be lost."""
    plan.refresh_from_db()
    if plan.reviewed_at:
        raise TransitionRefused(plan.standing())
    raise ValidationError(
        _("Somebody changed the plan meanwhile. It is shown above. Look at it, then save again.")
    )


def _set_actions(plan: Plan, planned: Sequence[Planned]) -> None:
    """What was done meanwhile stays as it was done."""
    had = {each.pk: each for each in plan.actions.all()}
    named = {each.pk for each in planned}
    for old in had.values():
        if not old.done_at and old.pk not in named:
            old.criteria.clear()
            old.delete()
    for each in planned:
        action = had.get(each.pk) if each.pk else None
        if action is None:
            _write(PlanAction(plan=plan), each)
        elif not action.done_at:
            _write(action, each)


def _write(action: PlanAction, planned: Planned) -> None:
    action.who, action.method = planned.who, planned.method
    action.text, action.due_on = planned.text.strip(), planned.due_on
    action.save()
    action.criteria.set(planned.criteria)


def _record_plan(plan: Plan, verb: str, by: User) -> None:
    """All of the plan: what is to be done in numbers and days, its words sealed."""
    actions = list(plan.actions.prefetch_related("criteria"))
    facts = {
        "plan": plan.pk,
        "revision": plan.revision,
        "review_on": plan.review_on.isoformat(),
        "actions": [
            {
                "action": each.pk,
                "who": each.who,
                "method": each.method,
                "criteria": [criterion.pk for criterion in each.criteria.all()],
                "due_on": each.due_on.isoformat(),
                "done": bool(each.done_at),
            }
            for each in actions
        ],
    }
    words = {f"action-{each.pk}": each.text for each in actions}
    _record(plan.enrolment, verb, plan, by, facts, {"note": plan.note, **words})


def _record(
    enrolment: Enrolment,
    verb: str,
    subject: Model,
    by: User,
    facts: dict[str, Any],
    sealed: dict[str, str] | None = None,
) -> None:
    record(
        stream=enrolment.portfolio.stream,
        verb=verb,
        subject=subject,
        by=by,
        facts={"enrolment": enrolment.pk, **facts},
        sealed=sealed,
    )
