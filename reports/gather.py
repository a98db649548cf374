"""Reads one portfolio into `reports.facts`, in a number of queries that evidence does not grow."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from assessments import models as assessed
from ledger.models import Stream
from portfolio.models import (
    Allocation,
    Anchor,
    Claim,
    EvidenceFile,
    EvidenceVersion,
    Method,
    Portfolio,
)
from reports import facts
from reports.appeals import appeals_of
from reports.attaching import attach
from reports.beginnings import with_beginnings
from reports.entries import record_of
from reports.hidden import Hidden, mask
from reports.limits import Limits
from reports.narrowing import narrow
from reports.options import Options
from reports.places import file_of, places_of
from reports.plans import imports_of, plans_of, standing_at
from reports.recorded import records_of
from reports.reviews import reviews_of, taken_back
from reports.witnesses import testimonies_of
from standards.models import Criterion, MarkingGuide

Grouped = Mapping[Any, list[Any]]

FIVE = {
    "valid": _("Valid"),
    "authentic": _("Authentic"),
    "reliable": _("Reliable"),
    "current": _("Current"),
    "sufficient": _("Sufficient"),
}


def gather(
    portfolio_id: int, *, options: Options = facts.WHOLE, proof: facts.Proof | None = None
) -> facts.Portfolio:
    """Everything that the report prints. Files are read when the rows are let go."""
    told, hidden = _gather(portfolio_id, options, proof)
    return with_beginnings(told, hidden)


@transaction.atomic
def _gather(
    portfolio_id: int, options: Options, proof: facts.Proof | None
) -> tuple[facts.Portfolio, Hidden]:
    """Everything in the database, as it stands at one moment.

    Whatever is decided about a portfolio is written to its stream of the ledger in the same
    transaction, so holding the stream's row keeps decisions out while we read: the report and
    the ledger head that it prints belong together.
    """
    rows = Portfolio.objects.select_related("centre__export_rules", "learner")
    portfolio = rows.get(pk=portfolio_id)
    Stream.objects.filter(name=portfolio.stream).update(length=F("length"))
    with translation.override(options.language):
        hidden = Hidden(portfolio, shown=bool(options.unredacted))
        told = narrow(mask(_Reading(portfolio, hidden).read(), hidden), options)
        rules = getattr(portfolio.centre, "export_rules", None)
        told = replace(told, proof=proof, pk=portfolio.pk, hidden_before=hidden.times)
        return attach(told, Limits.of(rules)), hidden


def _by(rows: Iterable[Any], key: str) -> Grouped:
    grouped: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        grouped[getattr(row, key)].append(row)
    return grouped


class _Reading:
    """The rows of one portfolio, each table read once."""

    def __init__(self, portfolio: Portfolio, hidden: Hidden) -> None:
        self.portfolio = portfolio
        self.hidden = hidden
        units = portfolio.enrolments.select_related("edition__standard")
        self.enrolments = list(units.order_by("started_on", "edition__standard__urn", "pk"))
        editions = [enrolment.edition_id for enrolment in self.enrolments]
        self.criteria = _by(Criterion.objects.filter(edition__in=editions), "edition_id")
        self.guides = self._guides(editions)
        submitted = self._submitted().select_related("evidence")
        self.versions = [hidden.version(row) for row in submitted]
        self.version = {version.pk: version for version in self.versions}
        self.files = _by(self._of_versions(EvidenceFile, "blob__shown_as"), "version_id")
        self.judgements = _by(self._decided(), "claim_id")
        self.places = _by(self._anchors(), "claim_id")
        self.claims = [self._claim(row) for row in self._of_versions(Claim, "criterion")]

    def _submitted(self) -> models.QuerySet[EvidenceVersion]:
        """Drafts are the learner's own until she hands them in."""
        return EvidenceVersion.objects.filter(evidence__portfolio=self.portfolio).exclude(
            submitted_at=None
        )

    def _decided(self) -> models.QuerySet[assessed.Judgement]:
        """Also those that were taken back, which are printed as such."""
        return (
            assessed.Judgement.objects.filter(claim__version__evidence__portfolio=self.portfolio)
            .exclude(decided_at=None)
            .select_related("assessor", "submission__withdrawal__by")
            .defer("submission__frozen", "submission__marked_against")
            .prefetch_related("ticks__marking_point")
            .order_by("decided_at", "pk")
        )

    def _of_versions(self, model: type[models.Model], *related: str) -> list[Any]:
        rows = model._default_manager.filter(
            version__evidence__portfolio=self.portfolio, version__submitted_at__isnull=False
        )
        return list(rows.select_related(*related))

    def _anchors(self) -> list[Anchor]:
        rows = Anchor.objects.filter(
            claim__version__evidence__portfolio=self.portfolio,
            claim__version__submitted_at__isnull=False,
        )
        # What an assessor marks before the decision is a draft, here as on the learner's page.
        return list(
            rows.listed().read_by(self.portfolio.learner).select_related("file__blob", "made_by")
        )

    def _guides(self, editions: Sequence[int]) -> Grouped:
        found = MarkingGuide.objects.in_centre(self.portfolio.centre).published()
        serving: dict[int, list[MarkingGuide]] = defaultdict(list)
        guides = found.filter(editions__in=editions).distinct()
        for guide in guides.prefetch_related("marking_points", "editions"):
            for edition in guide.editions.all():
                serving[edition.pk].append(guide)
        return serving

    def read(self) -> facts.Portfolio:
        portfolio = self.portfolio
        return facts.Portfolio(
            centre=portfolio.centre.name,
            centre_number=portfolio.centre.number,
            learner=portfolio.learner.name,
            registration_number=portfolio.registration_number,
            cohort=portfolio.cohort,
            exported_at=timezone.localtime(),
            units=self._units(),
            evidence=self._evidence(),
            reviews=reviews_of(self.portfolio, self.version, self.enrolments, self.hidden),
            record=record_of(portfolio.stream),
            appeals=appeals_of(portfolio),
        )

    # Claims and judgements -----------------------------------------------------------------

    def _claim(self, row: Claim) -> facts.Claim:
        version = self.version[row.version_id]
        made = [_judgement(each) for each in self.judgements[row.pk]]
        standing = [each for each in made if each.taken_back is None]
        return facts.Claim(
            pk=row.pk,
            unit=row.enrolment_id,
            criterion=row.criterion_id,
            code=row.criterion.code,
            number=version.evidence.number,
            version=version.number,
            title=version.title,
            place=self.hidden.place(
                version.evidence.number, version.number, row.criterion.code, row.place
            ),
            places=places_of(self.places[row.pk], version.evidence_id, self.hidden),
            state=_waiting_if_submitted(row.status),
            judgement=standing[-1] if standing else None,
            overturned=tuple(each for each in made if each.taken_back),
        )

    # Units ---------------------------------------------------------------------------------

    def _units(self) -> tuple[facts.Unit, ...]:
        claims = defaultdict(list)
        for claim in self.claims:
            claims[claim.unit, claim.criterion].append(claim)
        allocations = _by(
            Allocation.objects.filter(enrolment__portfolio=self.portfolio)
            .select_related("assessor")
            .order_by("created_at"),
            "enrolment_id",
        )
        imports, plans = imports_of(self.portfolio), plans_of(self.portfolio)
        criteria = {
            row.pk: tuple(
                _criterion(each, claims[row.pk, each.pk], imports.get((row.pk, each.pk), ()))
                for each in self.criteria[row.edition_id]
            )
            for row in self.enrolments
        }
        sign_offs = self._sign_offs(criteria)
        return tuple(
            facts.Unit(
                pk=row.pk,
                urn=row.edition.standard.urn,
                title=row.edition.title,
                edition=_edition(row.edition),
                sqa_code=row.edition.sqa_code,
                state=row.status,
                started_on=row.started_on,
                assessors=_each_once(each.assessor.name for each in allocations[row.pk]),
                criteria=criteria[row.pk],
                guides=tuple(_uncredited(guide) for guide in self.guides[row.edition_id]),
                sign_offs=tuple(sign_offs[row.pk]),
                plans=tuple(plans.get(row.pk, ())),
            )
            for row in self.enrolments
        )

    def _sign_offs(self, criteria: Mapping[int, Sequence[facts.Criterion]]) -> Grouped:
        rows = assessed.SignOff.objects.filter(enrolment__portfolio=self.portfolio)
        credits_of = _by(self._credits(), "sign_off_id")
        made: dict[int, list[facts.SignOff]] = defaultdict(list)
        for row in rows.select_related("assessor", "countersigner", "withdrawal__by"):
            made[row.enrolment_id].append(
                facts.SignOff(
                    state=row.status,
                    assessor=row.assessor.name,
                    signed_at=row.signed_at,
                    declaration=row.declaration_text,
                    countersigner=row.countersigner.name if row.countersigner else "",
                    countersigned_at=row.countersigned_at,
                    reason=row.countersigner_reason,
                    guides=_credited(credits_of[row.pk]),
                    countersigner_declaration=row.countersigner_declaration_text,
                    taken_back=taken_back(row),
                    imported=standing_at(criteria[row.enrolment_id], row.signed_at),
                )
            )
        return made

    def _credits(self) -> list[assessed.MarkingPointCredit]:
        rows = assessed.MarkingPointCredit.objects.filter(
            sign_off__enrolment__portfolio=self.portfolio
        )
        return list(rows.select_related("marking_point__guide", "version__evidence"))

    # Evidence ------------------------------------------------------------------------------

    def _evidence(self) -> tuple[facts.Evidence, ...]:
        claims = defaultdict(list)
        for claim in self.claims:
            claims[claim.number, claim.version].append(claim)
        testimonies = testimonies_of(self.portfolio)
        records = records_of(self.portfolio, self.hidden)
        by_number: dict[int, list[EvidenceVersion]] = defaultdict(list)
        for version in sorted(self.versions, key=lambda each: each.number, reverse=True):
            by_number[version.evidence.number].append(version)
        return tuple(
            facts.Evidence(
                number,
                tuple(self._item(by_number[number], claims)),
                testimonies.get(number),
                records.get(number),
            )
            for number in sorted(by_number)
        )

    def _item(
        self, versions: Sequence[EvidenceVersion], claims: Grouped
    ) -> Iterable[facts.Version]:
        printed: set[str] = set()
        for row in versions:
            newest = row is versions[0]
            files = tuple(
                file_of(file, row.evidence_id, printed, self.hidden) for file in self.files[row.pk]
            )
            printed |= {file.picture for file in files}
            yield facts.Version(
                pk=row.pk,
                number=row.number,
                title=row.title,
                method=str(Method(row.method).label),
                direct=Method(row.method).is_direct,
                gathered_on=row.gathered_on,
                account=row.account,
                account_html=row.account_html,
                state=_waiting_if_submitted(row.status) if newest else "superseded",
                submitted_at=cast(datetime, row.submitted_at),  # drafts are left out
                declaration=row.declaration_text,
                files=files,
                claims=tuple(claims[row.evidence.number, row.number]),
            )


def _waiting_if_submitted(status: str) -> str:
    """What the learner has handed in waits for the assessor."""
    return "waiting" if status == "submitted" else str(status)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _edition(edition: Any) -> str:
    return " · ".join(part for part in (edition.approved_on, edition.version) if part)


def _judgement(row: assessed.Judgement) -> facts.Judgement:
    return facts.Judgement(
        outcome=row.outcome,
        five=tuple((str(FIVE[name]), getattr(row, name)) for name in row.VARCS),
        reason=row.reason,
        feedback=row.feedback,
        assessor=row.assessor.name,
        decided_at=cast(datetime, row.decided_at),  # drafts are left out
        points=tuple((tick.marking_point.number, tick.wording) for tick in row.ticks.all()),
        taken_back=taken_back(row.submission),
    )


def _criterion(
    row: Criterion, claims: Sequence[facts.Claim], imported: Sequence[facts.Imported]
) -> facts.Criterion:
    return facts.Criterion(
        pk=row.pk,
        code=row.code,
        kind=row.kind,
        text=row.text,
        group=row.group,
        subitems=tuple(str(item) for item in row.subitems),
        state=best_state(claims, any(each.stands for each in imported)),
        claims=tuple(sorted(claims, key=lambda claim: (claim.number, -claim.version))),
        imported=tuple(imported),
    )


def best_state(claims: Iterable[facts.Claim], imported: bool = False) -> str:
    """Met once is met: a later version claims only what was not met before."""
    states = {claim.state for claim in claims} | ({"imported"} if imported else set())
    order = ("met", "imported", "waiting", "claimed", "not_yet")
    return next((state for state in order if state in states), "to_do")


def _uncredited(guide: MarkingGuide) -> facts.Guide:
    points = guide.marking_points.all()
    return facts.Guide(
        guide.title, tuple(facts.Point(point.number, point.text, ()) for point in points)
    )


def _credited(credits: Sequence[assessed.MarkingPointCredit]) -> tuple[facts.Guide, ...]:
    """What was signed, in the wording of that day, even if the guide serves the unit no more."""
    guides = _by((credit.marking_point for credit in credits), "guide")
    of_point = _by(credits, "marking_point_id")
    return tuple(
        facts.Guide(
            guide.title,
            tuple(
                facts.Point(
                    number=point.number,
                    wording=of_point[point.pk][0].wording,
                    credits=tuple(_credit(each) for each in of_point[point.pk]),
                )
                for point in dict.fromkeys(points)
            ),
        )
        for guide, points in guides.items()
    )


def _credit(row: assessed.MarkingPointCredit) -> facts.Credit:
    version = row.version
    if version is None:
        return facts.Credit(0, 0, "", row.imported_from)
    return facts.Credit(version.evidence.number, version.number, version.title)
