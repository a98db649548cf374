"""Comparing what was submitted, and saying that what two share is a form of the centre's."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import refuse_unless
from ledger.record import record
from portfolio.likeness import sources
from portfolio.likeness.finding import Found, find
from portfolio.likeness.known import known_at
from portfolio.likeness.pairs import still_alike, what_is_shared
from portfolio.likeness.queue import send_on_commit, send_template_on_commit
from portfolio.likeness.sketching import keep, sketched
from portfolio.models import (
    Comparison,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Likeness,
    Sketch,
    TemplateText,
)
from portfolio.permissions import can_add_template, can_end_template


def compare(version: EvidenceVersion) -> None:
    """Sketch a submitted version and flag what is like it. Safe to run again at any time."""
    ready = sources.are_ready(version)
    known = known_at(version.evidence.portfolio.centre, version)
    sketches = sketched(sources.sources_of(version), known)
    # Sketched before looking: of two handed in at once, one sees the other's.
    with transaction.atomic():
        keep(version, sketches)
    found = find(version, sketches, known)
    with transaction.atomic():
        Likeness.objects.bulk_create(
            [_flag(version, each) for each in found], ignore_conflicts=True
        )
        done_at = timezone.now() if ready else None
        Comparison.objects.update_or_create(version=version, defaults={"done_at": done_at})


def _flag(version: EvidenceVersion, found: Found) -> Likeness:
    """One row for a pair, whichever side of it is looked at; the later is named first."""
    sides = [(version, found.file), (found.other_version, found.other_file)]
    (later, file), (earlier, other_file) = sorted(sides, key=_moment, reverse=True)
    return Likeness(
        sides=_sides(found.kind, sides),
        kind=found.kind,
        version=later,
        file=file,
        other_version=earlier,
        other_file=other_file,
        share=found.share,
    )


def _moment(side: tuple[EvidenceVersion, EvidenceFile | None]) -> tuple[object, int]:
    version, _file = side
    return version.submitted_at, version.pk


def _sides(kind: str, sides: Iterable[tuple[EvidenceVersion, EvidenceFile | None]]) -> str:
    names = sorted(f"{version.pk}:{file.pk if file else ''}" for version, file in sides)
    return "|".join([kind, *names])


@transaction.atomic
def forget_likenesses(evidence: Evidence) -> None:
    """Nothing stays that was made from words or pictures that are now hidden; what is left of
    the item is compared afresh."""
    Sketch.objects.filter(version__evidence=evidence).delete()
    Likeness.objects.filter(
        Q(version__evidence=evidence) | Q(other_version__evidence=evidence)
    ).delete()
    Comparison.objects.filter(version__evidence=evidence).update(done_at=None)
    for version in evidence.versions.filter(submitted_at__isnull=False):
        send_on_commit(version)


@transaction.atomic
def add_template(*, likeness: Likeness, name: str, by: User) -> TemplateText:
    """What the two sides share is a form or text that others may share too."""
    refuse_unless(can_add_template(by, likeness))
    centre = likeness.version.evidence.portfolio.centre
    sha256, values = what_is_shared(likeness)
    template = TemplateText.objects.create(
        centre=centre, name=name, kind=likeness.kind, sha256=sha256, values=values, added_by=by
    )
    # This one at once; the others, which may be many, by a worker.
    Likeness.objects.filter(pk=likeness.pk).update(template=template)
    send_template_on_commit(template)
    _note("template_added", template, by)
    return template


@transaction.atomic
def end_template(*, template: TemplateText, by: User) -> None:
    """Sharing it raises flags again; those that it accounted for come back."""
    refuse_unless(can_end_template(by, template))
    ended = TemplateText.objects.filter(pk=template.pk, ended_at=None).update(
        ended_at=timezone.now()
    )
    if ended:
        Likeness.objects.filter(template=template).update(template=None)
        _note("template_ended", template, by)


def account_for(template: TemplateText) -> None:
    """Put away the flags of its kind that it explains. Safe to run again."""
    known = known_at(template.centre)
    flagged = Likeness.objects.in_centre(template.centre).open().filter(kind=template.kind)
    rows = flagged.select_related("version", "other_version", "file__blob", "other_file__blob")
    gone = [each.pk for each in rows.iterator() if not still_alike(each, known)]
    with transaction.atomic():
        standing = TemplateText.objects.filter(pk=template.pk, ended_at=None)
        if standing.update(accounted_at=timezone.now()):
            Likeness.objects.filter(pk__in=gone, template=None).update(template=template)


def _note(verb: str, template: TemplateText, by: User) -> None:
    facts = {"template": template.pk, "kind": template.kind, "sha256": template.sha256}
    stream = f"centre:{template.centre_id}"
    record(stream=stream, verb=verb, subject=template, by=by, facts=facts)
