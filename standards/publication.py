"""From a parse to the rows of a published edition or marking guide.

Triggers close a published row to every change, so `published_at` is set last of all.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Centre, User
from standards.models import Criterion, Edition, MarkingGuide, MarkingPoint, Section, Standard
from standards.nos import ParsedStandard

URN = re.compile(r"[A-Z0-9][A-Z0-9 ./_-]{1,39}")
LIMITS = {"title": 300, "code": 20, "group": 300, "sqa_code": 40, "version": 40}


Row = TypeVar("Row", Edition, MarkingGuide)


class AlreadyThere(Exception):
    """Somebody published the same edition a moment ago."""


def urn_of(parsed: ParsedStandard) -> str:
    return " ".join((parsed.urn or "").upper().split())


def has_criteria(parsed: ParsedStandard) -> bool:
    return bool(parsed.performance or parsed.knowledge or parsed.assessment_criteria)


def has_guide(parsed: ParsedStandard) -> bool:
    return bool(parsed.marking_points)


def criteria_of(parsed: ParsedStandard) -> Iterator[Criterion]:
    """Unsaved rows of all criteria, in the order in which they are printed."""
    kinds = (
        (Criterion.Kind.PERFORMANCE, parsed.performance),
        (Criterion.Kind.KNOWLEDGE, parsed.knowledge),
    )
    place = itertools.count(1)
    for kind, items in kinds:
        for item in items:
            yield Criterion(
                kind=kind,
                code=item.code,
                text=item.text,
                group=item.group or "",
                subitems=list(item.subitems),
                order=next(place),
            )
    for line in parsed.assessment_criteria:
        yield Criterion(
            kind=Criterion.Kind.ASSESSMENT,
            code=line.code,
            text=line.text,
            group=line.outcome or "",
            order=next(place),
        )


def obstacles(parsed: ParsedStandard, *, centre: Centre | None) -> list[str]:
    """What stands in the way of publishing, a sentence each; none when it may go ahead."""
    if not has_criteria(parsed):
        return [] if has_guide(parsed) else [_("There is nothing in it: it needs criteria.")]
    return [
        *_naming(parsed),
        *_criteria(parsed),
        *([_already()] if _published_already(parsed, centre) else []),
    ]


def _naming(parsed: ParsedStandard) -> Iterator[str]:
    urn = urn_of(parsed)
    if not urn:
        yield _("It needs a URN, the standard's own code, such as CFACSB15.")
    elif not URN.fullmatch(urn):
        yield _("The URN may have letters, digits, spaces and . / - in it, and 40 at most.")
    if not (parsed.title or "").strip():
        yield _("It needs a title.")
    if len(parsed.title or "") > LIMITS["title"]:
        yield _("The title is longer than 300 characters.")
    if max(len(parsed.sqa_code or ""), len(parsed.metadata.version or "")) > LIMITS["version"]:
        yield _("The SQA code and the version may have 40 characters each.")


def _criteria(parsed: ParsedStandard) -> Iterator[str]:
    rows = list(criteria_of(parsed))
    for code, times in Counter(row.code for row in rows).items():
        if times > 1:
            yield _("The code %(code)s is used %(times)d times.") % {"code": code, "times": times}
    for row in rows:
        if not row.code or not row.text.strip():
            yield _("A criterion has no code or no text: %s") % (row.code or row.text[:60])
        if len(row.code) > LIMITS["code"] or len(row.group) > LIMITS["group"]:
            yield _("The code or the group heading of %s is too long.") % row.code[:20]


def _already() -> str:
    return _("An edition of this URN with this approval date and version is published already.")


def _published_already(parsed: ParsedStandard, centre: Centre | None) -> bool:
    return Edition.objects.filter(
        models.Q(centre=None) | models.Q(centre=centre),
        standard__urn=urn_of(parsed),
        approved_on=parsed.metadata.approved_on or "",
        version=parsed.metadata.version or "",
    ).exists()


def write(
    parsed: ParsedStandard, *, centre: Centre | None, by: User | None, source_text: str
) -> Edition | MarkingGuide:
    """The rows; `obstacles` has found none. A text with criteria and marking points is both."""
    guide = None
    if has_guide(parsed):
        guide = _write_guide(parsed, centre=centre, source_text=source_text)
    if guide and not has_criteria(parsed):
        return _close(guide, by)
    edition = _write_edition(parsed, centre=centre, source_text=source_text)
    if guide:
        guide.editions.add(edition)
        _close(guide, by)
    return _close(edition, by)


def _close(row: Row, by: User | None) -> Row:
    row.published_at, row.published_by = timezone.now(), by
    row.save(update_fields=["published_at", "published_by"])
    return row


def _write_edition(parsed: ParsedStandard, *, centre: Centre | None, source_text: str) -> Edition:
    standard, _made = Standard.objects.get_or_create(urn=urn_of(parsed))
    edition = Edition(
        standard=standard,
        centre=centre,
        title=(parsed.title or "").strip(),
        sqa_code=parsed.sqa_code or "",
        version=parsed.metadata.version or "",
        approved_on=parsed.metadata.approved_on or "",
        review_on=parsed.metadata.review_on or "",
        metadata=parsed.metadata.as_dict(),
        source_text=source_text,
    )
    try:
        with transaction.atomic():
            edition.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyThere(_already()) from error
    rows = list(criteria_of(parsed))
    for row in rows:
        row.edition = edition
    Criterion.objects.bulk_create(rows)
    Section.objects.bulk_create(
        Section(edition=edition, key=key, text=text, order=order)
        for order, (key, text) in enumerate(parsed.sections.items(), start=1)
    )
    return edition


def _write_guide(
    parsed: ParsedStandard, *, centre: Centre | None, source_text: str
) -> MarkingGuide:
    guide = MarkingGuide.objects.create(
        centre=centre,
        # A topic page often prints none, and a guide is found by the editions it serves.
        title=(parsed.title or "").strip()[: LIMITS["title"]] or _("Marking guide"),
        synopsis=parsed.synopsis or "",
        concepts=list(parsed.concepts),
        tips=list(parsed.tips),
        misconceptions=list(parsed.misconceptions),
        source_text=source_text,
    )
    MarkingPoint.objects.bulk_create(
        MarkingPoint(guide=guide, number=number, text=text)
        for number, text in enumerate(parsed.marking_points, start=1)
    )
    return guide
