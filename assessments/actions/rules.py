"""Setting what a centre asks of a unit's evidence."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from accounts.permissions import refuse_unless
from assessments.models import MethodRule, UnitRules
from assessments.permissions import can_edit_rules
from assessments.unit_rules import snapshot
from ledger.record import record
from standards.models import Criterion, Edition

MOST_PIECES = 99


@transaction.atomic
def save_unit_rules(
    *,
    centre: Centre,
    edition: Edition,
    minimum_pieces: int,
    needs_direct: bool,
    piece_per_point: bool,
    by: User,
) -> UnitRules:
    """The rules on the unit as a whole. They hold for sign-offs from now on."""
    refuse_unless(can_edit_rules(by, centre, edition))
    if not 0 <= minimum_pieces <= MOST_PIECES:
        raise ValidationError(_("Give a number from 0 to 99."))
    rules, _made = UnitRules.objects.update_or_create(
        centre=centre,
        edition=edition,
        defaults={
            "minimum_pieces": minimum_pieces,
            "needs_direct": needs_direct,
            "piece_per_point": piece_per_point,
        },
    )
    _record(rules, by)
    return rules


@transaction.atomic
def add_method_rules(
    *,
    centre: Centre,
    edition: Edition,
    criteria: Sequence[Criterion],
    kind: str,
    methods: Sequence[str],
    by: User,
) -> UnitRules:
    """Require or allow these methods for each of these criteria; of one method, the newest rule
    counts."""
    refuse_unless(can_edit_rules(by, centre, edition))
    if not criteria or not methods:
        raise ValidationError(_("Choose at least one criterion and one method."))
    if any(each.edition_id != edition.pk for each in criteria):
        raise ValidationError(_("A criterion is not one of this unit."))
    rules, _made = UnitRules.objects.get_or_create(centre=centre, edition=edition)
    for criterion in criteria:
        for method in methods:
            MethodRule.objects.update_or_create(
                rules=rules, criterion=criterion, method=method, defaults={"kind": kind}
            )
    _record(rules, by)
    return rules


@transaction.atomic
def remove_method_rules(*, rules: UnitRules, criterion: Criterion, by: User) -> UnitRules:
    """All that was ruled on the methods of one criterion."""
    refuse_unless(can_edit_rules(by, rules.centre, rules.edition))
    rules.methods.filter(criterion=criterion).delete()
    _record(rules, by)
    return rules


def _record(rules: UnitRules, by: User) -> None:
    """Rules hold no personal words: the entry says all of them, as they stand now."""
    fresh = UnitRules.objects.prefetch_related("methods").get(pk=rules.pk)
    facts: dict[str, Any] = {"edition": rules.edition_id, **snapshot(fresh)}
    record(
        stream=f"centre:{rules.centre_id}",
        verb="unit_rules_set",
        subject=rules,
        by=by,
        facts=facts,
    )
