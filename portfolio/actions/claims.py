"""The learner says which criteria her draft meets, and where in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from portfolio.actions.anchors import put_anchors
from portfolio.actions.drafts import hold_draft
from portfolio.anchors.ground import Ground
from portfolio.hiding.guards import hidden_words, hold_item, without
from portfolio.models import MAX_PLACE, Anchor, Claim, EvidenceVersion
from portfolio.permissions import can_claim
from standards.models import Criterion

Anchors = Mapping[int, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Seen:
    """What a page showed when it was loaded. What came since from another tab is not undone by
    a page that did not know of it."""

    criteria: frozenset[int]
    anchors: frozenset[int]


@transaction.atomic
def claim(
    *,
    version: EvidenceVersion,
    places: Mapping[int, str],
    by: User,
    anchors: Anchors | None = None,
    seen: Seen | None = None,
) -> list[Claim]:
    """Make the draft's claims exactly these: the criteria's ids, and where in it each is shown,
    in words and by exact places; these stay as they are when none are given."""
    refuse_unless(can_claim(by, version))
    hold_item(version.evidence)
    hidden = hidden_words(version.evidence)
    wanted = {pk: without(place.strip(), hidden) for pk, place in places.items()}
    _check_places(wanted)
    hold_draft(version)
    units = _units_of(version, wanted)
    unseen = _unseen(version, seen)
    _drop(version, wanted, seen, unseen)
    Claim.objects.bulk_create(
        (
            Claim(version=version, criterion_id=pk, enrolment_id=units[pk], place=place)
            for pk, place in wanted.items()
        ),
        update_conflicts=True,
        unique_fields=["version", "criterion"],
        update_fields=["place"],
    )
    claims = version.claims.select_related("criterion").prefetch_related("anchors")
    if anchors is not None:
        _put_all(version, list(claims.filter(criterion__in=wanted)), anchors, unseen, by)
    return list(claims)


def _put_all(
    version: EvidenceVersion,
    claims: Sequence[Claim],
    anchors: Anchors,
    unseen: Sequence[Anchor],
    by: User,
) -> None:
    """All of them or, where one is refused, none; every refusal is told, not only the first."""
    ground, refusals = Ground(version), []
    for each in claims:
        others = [anchor for anchor in unseen if anchor.claim_id == each.pk]
        try:
            put_anchors(each, anchors.get(each.criterion_id, ()), ground, by, unseen=others)
        except ValidationError as error:
            refusals += error.error_list
    if refusals:
        raise ValidationError(refusals)


def _unseen(version: EvidenceVersion, seen: Seen | None) -> list[Anchor]:
    if seen is None:
        return []
    rows = Anchor.objects.filter(claim__version=version).exclude(pk__in=seen.anchors)
    return list(rows.select_related("claim"))


def _drop(
    version: EvidenceVersion,
    wanted: Mapping[int, str],
    seen: Seen | None,
    unseen: Sequence[Anchor],
) -> None:
    """Take back what is not ticked, but not what another tab claimed meanwhile."""
    unwanted = version.claims.exclude(criterion__in=wanted)
    if seen is not None:
        unwanted = unwanted.filter(criterion__in=seen.criteria)
    unwanted.exclude(pk__in={each.claim_id for each in unseen}).delete()


def _check_places(places: Mapping[int, str]) -> None:
    if any(len(place) > MAX_PLACE for place in places.values()):
        raise ValidationError(
            _("Keep each “where in it” to %(longest)d letters.") % {"longest": MAX_PLACE}
        )


def _units_of(version: EvidenceVersion, criteria: Mapping[int, str]) -> dict[int, int]:
    """Criterion id to the learner's enrolment on its unit; a unit that is closed has none."""
    open_units = dict(version.evidence.open_units().values_list("edition", "pk"))
    rows = Criterion.objects.filter(pk__in=criteria, edition__in=open_units)
    units = {pk: open_units[edition] for pk, edition in rows.values_list("pk", "edition")}
    if len(units) != len(criteria):
        raise ValidationError(_("You can only claim criteria of units you are working on."))
    return units
