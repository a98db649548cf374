"""Assessment plans with their reviews, and the decisions that were taken elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from assessments.models import Plan, PlanAction
from portfolio.models import ImportedDecision, Portfolio
from reports import facts


def plans_of(portfolio: Portfolio) -> Mapping[int, list[facts.Plan]]:
    """By enrolment, the oldest first."""
    rows = Plan.objects.filter(enrolment__portfolio=portfolio).order_by("made_at", "pk")
    found: dict[int, list[facts.Plan]] = defaultdict(list)
    related = rows.select_related("made_by", "assessor_agreed_by", "reviewed_by")
    for row in related.prefetch_related("actions__criteria", "actions__done_by"):
        found[row.enrolment_id].append(_plan(row))
    return found


def _plan(row: Plan) -> facts.Plan:
    return facts.Plan(
        made_by=row.made_by.name,
        made_at=row.made_at,
        revision=row.revision,
        note=row.note,
        review_on=row.review_on,
        assessor=row.assessor_agreed_by.name if row.assessor_agreed_by else "",
        assessor_agreed_at=row.assessor_agreed_at,
        learner_agreed_at=row.learner_agreed_at,
        actions=tuple(_action(each) for each in row.actions.all()),
        reviewed_by=row.reviewed_by.name if row.reviewed_by else "",
        reviewed_at=row.reviewed_at,
        review=row.review,
    )


def _action(row: PlanAction) -> facts.PlanAction:
    return facts.PlanAction(
        who=str(PlanAction.Who(row.who).label),
        text=row.text,
        method=row.get_method_display(),
        codes=tuple(each.code for each in row.criteria.all()),
        due_on=row.due_on,
        done_by=row.done_by.name if row.done_by else "",
        done_at=row.done_at,
    )


def imports_of(portfolio: Portfolio) -> Mapping[tuple[int, int], list[facts.Imported]]:
    """By enrolment and criterion, also those that were taken back."""
    rows = ImportedDecision.objects.filter(enrolment__portfolio=portfolio)
    found: dict[tuple[int, int], list[facts.Imported]] = defaultdict(list)
    related = rows.select_related("criterion", "imported_by", "taken_back_by")
    for row in related.order_by("imported_at", "pk"):
        found[row.enrolment_id, row.criterion_id].append(_imported(row))
    return found


def _imported(row: ImportedDecision) -> facts.Imported:
    return facts.Imported(
        code=row.criterion.code,
        centre=row.decided_at_centre,
        who=row.decided_by_name,
        decided_on=row.decided_on,
        seen=row.seen,
        imported_by=row.imported_by.name,
        imported_at=row.imported_at,
        taken_back_by=row.taken_back_by.name if row.taken_back_by else "",
        taken_back_at=row.taken_back_at,
        reason=row.taken_back_reason,
    )


def standing_at(
    criteria: Sequence[facts.Criterion], moment: datetime
) -> tuple[facts.Imported, ...]:
    """What a sign-off of that moment relied on."""
    return tuple(
        each for criterion in criteria for each in criterion.imported if each.stood_at(moment)
    )
