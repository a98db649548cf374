"""The exact places of claims: made by the learner, kept true when the evidence changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import refuse_unless
from portfolio.actions.drafts import hold_draft
from portfolio.anchors.carry import held, held_in_namesake
from portfolio.anchors.ground import Ground, check
from portfolio.anchors.lost import hidden_in, place_of, remembered
from portfolio.anchors.selectors import MOST_ANCHORS, Place, read
from portfolio.models import Anchor, Claim, EvidenceFile, EvidenceVersion
from portfolio.permissions import can_claim

Lost = list[tuple[str, Place]]  # criteria's codes with the places that hold no longer


@transaction.atomic
def set_anchors(*, claim: Claim, anchors: Sequence[Mapping[str, Any]], by: User) -> list[Anchor]:
    """Make the places of a draft's claim exactly these; each is checked before it is kept."""
    refuse_unless(can_claim(by, claim.version))
    hold_draft(claim.version)
    put_anchors(claim, anchors, Ground(claim.version), by)
    return list(claim.anchors.select_related("file"))


def put_anchors(
    claim: Claim,
    wanted: Sequence[Mapping[str, Any]],
    ground: Ground,
    by: User,
    *,
    unseen: Iterable[Anchor] = (),
) -> None:
    """Within a transaction that holds the draft. `unseen` were made meanwhile in another tab, by
    somebody who did not know these here: they stay."""
    _refuse_too_many(claim, len(wanted))
    standing = {_key(Place(**each.plain)): each.pk for each in claim.anchors.all()}
    places = _checked_places(claim, wanted, ground, standing)
    kept = {standing[key] for key in places if key in standing} | {each.pk for each in unseen}
    new = [place for key, place in places.items() if key not in standing]
    _refuse_too_many(claim, len(kept) + len(new))
    claim.anchors.exclude(pk__in=kept).delete()
    Anchor.objects.bulk_create(Anchor(claim=claim, made_by=by, **each.row) for each in new)
    # A file that came anew may have become readable since the evidence was edited.
    _remember(claim, _still_lost(claim, ground, by))


def forget_lost_places(version: EvidenceVersion) -> None:
    """The learner has seen which places were lost, and saved her claims."""
    version.claims.exclude(lost_places=[]).update(lost_places=[])


def carry_over(*, source: EvidenceVersion, version: EvidenceVersion) -> None:
    """Copy the places of the claims that the new version goes on with, onto its own files. Of
    one that an assessor replaced, the other goes on."""
    claims = {each.criterion_id: each for each in version.claims.all()}
    files = _same_files(source, version)
    rows = Anchor.objects.filter(
        claim__version=source, claim__criterion__in=claims, replaced_by=None
    )
    Anchor.objects.bulk_create(
        Anchor(
            claim=claims[each.claim.criterion_id],
            made_by_id=each.made_by_id,
            **Place(**each.plain | {"file": files.get(each.file_id)}).row,
        )
        for each in rows.select_related("claim")
    )


def recheck_places(version: EvidenceVersion, *, by: User, naming: bool = True) -> Lost:
    """Move every place of the version to where it stands now. Those that hold no longer go, and
    each claim remembers them, so that the learner can be told; one that holds again comes back.

    `naming=False` after something was hidden: nothing of a place that is lost by it is remembered,
    and of those that were lost before only what has nothing to do with what is hidden.
    """
    ground = Ground(version)
    hidden = None if naming else hidden_in(version.evidence)
    lost: Lost = []
    for claim in version.claims.select_related("criterion").prefetch_related("anchors"):
        gone = _settle(claim, ground)
        still = _still_lost(claim, ground, by)
        if hidden is None:
            still += [_remembered(each, ground) for each in gone]
        else:
            still = [each for each in still if not hidden.touches(each)]
        _remember(claim, still)
        lost += [(claim.criterion.code, each) for each in gone]
    _settle_comments(version, ground)
    return lost


def _settle_comments(version: EvidenceVersion, ground: Ground) -> None:
    """What assessors said stays said; where the place holds no longer, it is about all of that
    file or account, and quotes nothing of what was there."""
    for submission in version.submissions.prefetch_related("comments"):
        for comment in submission.comments.all():
            before = Place(**comment.plain)
            after = held(before, ground) or _all_of(before, ground)
            if after != before:
                submission.comments.filter(pk=comment.pk).update(**after.row)


def _all_of(place: Place, ground: Ground) -> Place:
    file = ground.file_of(place)
    return Place("whole", file=file.pk if file else None, sha256=ground.sha256_of(file))


def release_file(file: EvidenceFile) -> None:
    """Before a file is taken out: its claims remember the places that were marked in it."""
    by_claim: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Anchor.objects.filter(file=file)
    for each in rows:
        by_claim[each.claim_id].append(remembered(Place(**each.plain), file.name))
    for claim in Claim.objects.filter(pk__in=by_claim):
        Claim.objects.filter(pk=claim.pk).update(lost_places=claim.lost_places + by_claim[claim.pk])
    rows.delete()


def _key(place: Place) -> tuple[Any, ...]:
    return tuple(place.row.values())


def _checked_places(
    claim: Claim,
    wanted: Sequence[Mapping[str, Any]],
    ground: Ground,
    standing: Mapping[tuple[Any, ...], int],
) -> dict[tuple[Any, ...], Place]:
    """Each once. One that stands already was checked when it was made."""
    found: dict[tuple[Any, ...], Place] = {}
    for each in wanted:
        try:
            place = read(each)
            place = place if _key(place) in standing else check(place, ground)
        except ValidationError as error:
            raise _refusal(claim, *error.messages) from error
        found[_key(place)] = place
    return found


def _refuse_too_many(claim: Claim, count: int) -> None:
    if count > MOST_ANCHORS:
        raise _refusal(
            claim, _("Mark at most %(most)d places for one criterion.") % {"most": MOST_ANCHORS}
        )


def _refusal(claim: Claim, *sentences: str) -> ValidationError:
    """A sentence that says of which criterion it speaks; `code` names it for scripts."""
    criterion = claim.criterion
    return ValidationError(
        [
            ValidationError(
                _("%(code)s: %(sentence)s") % {"code": criterion.code, "sentence": sentence},
                code=str(criterion.pk),
            )
            for sentence in sentences
        ]
    )


def _same_files(source: EvidenceVersion, version: EvidenceVersion) -> dict[int | None, int]:
    """The files of one version to their copies in the next, which have the same order."""
    copies = dict(version.files.values_list("order", "pk"))
    return {pk: copies[order] for pk, order in source.files.values_list("pk", "order")}


def _settle(claim: Claim, ground: Ground) -> list[Place]:
    """Move what still holds and delete what does not, which is what is given."""
    gone: list[Place] = []
    for anchor in claim.anchors.all():
        before = Place(**anchor.plain)
        after = held(before, ground)
        if after is None:
            gone.append(before)
            anchor.delete()
        elif after != before:
            Anchor.objects.filter(pk=anchor.pk).update(**after.row)
    return gone


def _still_lost(claim: Claim, ground: Ground, by: User) -> list[dict[str, Any]]:
    """The claim's lost places, less those that the evidence has again: these come back."""
    if not claim.lost_places:
        return []
    standing = {_key(Place(**each.plain)) for each in Anchor.objects.filter(claim=claim)}
    still = []
    for each in claim.lost_places:
        place = place_of(each)
        found = held(place, ground) or held_in_namesake(place, each["name"], ground)
        if found is None or len(standing) >= MOST_ANCHORS:
            still.append(each)
        elif _key(found) not in standing:
            Anchor.objects.create(claim=claim, made_by=by, **found.row)
            standing.add(_key(found))
    return still


def _remember(claim: Claim, lost: list[dict[str, Any]]) -> None:
    if lost != claim.lost_places:
        Claim.objects.filter(pk=claim.pk).update(lost_places=lost)


def _remembered(place: Place, ground: Ground) -> dict[str, Any]:
    file = ground.file_of(place)
    return remembered(place, file.name if file else "")
