"""What a unit needs before it can be signed off, asked of the database in whole sets."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assessments.models import PersonalDataCheck, SignOff, Submission, UnitRules
from assessments.unit_rules import unmet_rules
from assessments.workflow import SubmissionStatus
from portfolio.models import Claim, Enrolment, EvidenceVersion, ImportedDecision
from portfolio.personal_data import hidden_since
from portfolio.progress import counts_as_met
from portfolio.workflow import ClaimStatus
from standards.models import Criterion, MarkingPoint


def marking_points(enrolment: Enrolment) -> QuerySet[MarkingPoint]:
    """The points of every published guide that serves the unit's edition at this centre."""
    return (
        MarkingPoint.objects.filter(guide__editions=enrolment.edition_id)
        .filter(Q(guide__centre=None) | Q(guide__centre=enrolment.portfolio.centre_id))
        .exclude(guide__published_at=None)
        .select_related("guide")
        .order_by("guide__title", "guide_id", "number")
    )


def earning_versions(enrolment: Enrolment) -> QuerySet[EvidenceVersion]:
    """The versions of evidence that hold a met claim in this unit, by number."""
    met = Claim.objects.filter(version=OuterRef("pk"), enrolment=enrolment, status=ClaimStatus.MET)
    return EvidenceVersion.objects.filter(Exists(met)).order_by("evidence__number", "number")


def missing_for_sign_off(enrolment: Enrolment) -> list[str]:
    """Sentences on what the unit still lacks, the marking points aside; none when it is ready."""
    return [
        *_unmet(enrolment),
        *unmet_rules([enrolment])[enrolment.pk],
        *_undecided(enrolment),
        *_unhidden(enrolment),
    ]


def _unmet(enrolment: Enrolment) -> list[str]:
    criteria = Criterion.objects.filter(edition=enrolment.edition_id)
    unmet = criteria.exclude(counts_as_met(OuterRef("pk"), enrolment.pk))
    codes = list(unmet.values_list("code", flat=True))
    if not codes:
        return []
    sentence = ngettext("%(codes)s is not met yet.", "%(codes)s are not met yet.", len(codes))
    return [sentence % {"codes": ", ".join(codes)}]


def _undecided(enrolment: Enrolment) -> list[str]:
    """Work that was handed in gets its answer before the unit closes over it."""
    count = enrolment.submissions.filter(status=SubmissionStatus.WAITING).count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)d item of evidence in this unit still waits for your decision.",
        "%(count)d items of evidence in this unit still wait for your decision.",
        count,
    )
    return [sentence % {"count": count}]


def _to_hide() -> QuerySet[Submission]:
    """Those whose claims count, and in which somebody was to be hidden and nothing was since."""
    counts = Claim.objects.filter(
        version=OuterRef("version"), enrolment=OuterRef("enrolment"), status=ClaimStatus.MET
    )
    return Submission.objects.in_force().filter(
        Exists(counts),
        ~hidden_since("version__evidence", "decided_at"),
        personal_data=PersonalDataCheck.HIDE,
    )


def _unhidden(enrolment: Enrolment) -> list[str]:
    found = _to_hide().filter(enrolment=enrolment).order_by("version__evidence__number")
    sentence = _("In evidence %(number)d somebody has to be hidden first.")
    numbers = found.values_list("version__evidence__number", flat=True).distinct()
    return [sentence % {"number": number} for number in numbers]


def ready_for_sign_off(assessor: User) -> QuerySet[Enrolment]:
    """The open units that this person may sign off, with nothing missing but the credits of the
    marking points."""
    whole = _whole(assessor)
    here = {"centre": OuterRef("portfolio__centre"), "edition": OuterRef("edition")}
    ruled = Exists(UnitRules.objects.filter(**here))
    unmet = unmet_rules(list(whole.filter(ruled).select_related("portfolio")))
    return whole.exclude(pk__in=[pk for pk, sentences in unmet.items() if sentences])


def _whole(assessor: User) -> QuerySet[Enrolment]:
    """Every criterion met, nothing undecided, nobody still to be hidden."""
    met = counts_as_met(OuterRef("pk"), OuterRef(OuterRef("pk")))
    criteria = Criterion.objects.filter(edition=OuterRef("edition"))
    waiting = Submission.objects.filter(enrolment=OuterRef("pk"), status=SubmissionStatus.WAITING)
    overturned = SignOff.objects.overturned(assessor).values("enrolment")
    return (
        Enrolment.objects.active()
        .assessed_by(assessor)
        .exclude(pk__in=overturned)
        .filter(Exists(criteria), ~Exists(criteria.exclude(met)))
        .filter(~Exists(waiting), ~Exists(_to_hide().filter(enrolment=OuterRef("pk"))))
    )


def standing_of(enrolment: Enrolment) -> str:
    """Why a unit can't be signed off any more: who signed it, and when, if somebody did."""
    signed = enrolment.sign_offs.in_force().first()
    return signed.standing() if signed else enrolment.standing()


def choices_to_credit(enrolment: Enrolment) -> list[tuple[EvidenceVersion, str]]:
    """The versions that may earn a marking point, each with what it has met in this unit."""
    met = (
        Claim.objects.filter(enrolment=enrolment, status=ClaimStatus.MET)
        .select_related("criterion", "version__evidence")
        .defer("version__account", "version__account_html", "version__declaration_text")
        .order_by("version__evidence__number", "version__number", "criterion__order")
    )
    return [
        (version, _label(version, [claim.criterion.code for claim in claims]))
        for version, claims in groupby(met, lambda claim: claim.version)
    ]


def _label(version: EvidenceVersion, codes: Sequence[str]) -> str:
    number = str(version.evidence.number)
    if version.number > 1:
        number = _("%(number)s (version %(version)d)") % {
            "number": number,
            "version": version.number,
        }
    return f"{number}. {version.title} ({', '.join(codes)})"


@dataclass(frozen=True)
class Imports:
    """Decisions that came in from one place, which may earn a marking point together."""

    pk: int  # the first of them
    words: str  # where, who, when and which criteria: what a credit keeps


def imports_to_credit(enrolment: Enrolment) -> list[Imports]:
    rows = enrolment.imported.in_force().select_related("criterion").order_by("criterion__order")
    together: dict[tuple[str, str, datetime.date], list[ImportedDecision]] = {}
    for row in rows:
        place = (row.decided_at_centre, row.decided_by_name, row.decided_on)
        together.setdefault(place, []).append(row)
    return [Imports(found[0].pk, _words(found)) for found in together.values()]


def _words(rows: Sequence[ImportedDecision]) -> str:
    first = rows[0]
    return _("%(codes)s, decided at %(centre)s by %(name)s, %(day)s") % {
        "codes": ", ".join(row.criterion.code for row in rows),
        "centre": first.decided_at_centre,
        "name": first.decided_by_name,
        "day": formats.date_format(first.decided_on, "j F Y"),
    }


def imported_by(enrolment: Enrolment, moment: datetime.datetime) -> QuerySet[ImportedDecision]:
    """The imported decisions that stood at that moment, such as that of a sign-off."""
    standing = Q(taken_back_at=None) | Q(taken_back_at__gt=moment)
    rows = enrolment.imported.filter(standing, imported_at__lte=moment)
    return rows.select_related("criterion", "imported_by").order_by("criterion__order")
