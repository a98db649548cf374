"""What earns each marking point at a sign-off: evidence, or decisions that were imported."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import MarkingPointCredit, SignOff
from assessments.requirements import earning_versions, imports_to_credit, marking_points
from assessments.unit_rules import needs_piece_for_each_point, rules_of
from portfolio.models import Enrolment
from standards.models import MarkingPoint

Credits = Mapping[int, Sequence[int]]


@dataclass(frozen=True)
class Crediting:
    """By marking point's id: the versions, and the imports by the id of their first."""

    points: Sequence[MarkingPoint]
    versions: Credits
    imports: Credits
    earning: frozenset[int]  # the versions that may earn
    sources: Mapping[int, str]  # the imports that may, in words
    is_needed: bool  # whether every point has to be earned, as is the rule

    @classmethod
    def of(cls, enrolment: Enrolment, versions: Credits, imports: Credits) -> "Crediting":
        return cls(
            points=list(marking_points(enrolment)),
            versions=versions,
            imports=imports,
            earning=frozenset(earning_versions(enrolment).values_list("pk", flat=True)),
            sources={each.pk: each.words for each in imports_to_credit(enrolment)},
            is_needed=needs_piece_for_each_point(rules_of(enrolment)),
        )

    def missing(self) -> list[str]:
        """Sentences on the points that are not earned, or not by this."""
        return [sentence for point in self.points for sentence in self._missing(point)]

    def _missing(self, point: MarkingPoint) -> Iterator[str]:
        versions, imports = self._of(point)
        number = {"number": point.number}
        if self.is_needed and not (versions or imports):
            yield _("Name the evidence that earns marking point %(number)d.") % number
        if not self.earning.issuperset(versions):
            yield (
                _("Marking point %(number)d names evidence that has no met claim in this unit.")
                % number
            )
        if not self.sources.keys() >= set(imports):
            yield (
                _("Marking point %(number)d names an imported decision that does not stand.")
                % number
            )

    def _of(self, point: MarkingPoint) -> tuple[list[int], list[int]]:
        """Each once, as they were named."""
        versions = dict.fromkeys(self.versions.get(point.pk, ()))
        return list(versions), list(dict.fromkeys(self.imports.get(point.pk, ())))

    def rows(self, signed: SignOff) -> Iterable[MarkingPointCredit]:
        for point in self.points:
            versions, imports = self._of(point)
            kept = {"sign_off": signed, "marking_point": point, "wording": point.text}
            for pk in versions:
                yield MarkingPointCredit(version_id=pk, **kept)
            for pk in imports:
                yield MarkingPointCredit(imported_from=self.sources[pk], **kept)

    def facts(self) -> list[dict[str, Any]]:
        """For the ledger, which names no people from elsewhere."""
        told = []
        for point in self.points:
            versions, imports = self._of(point)
            fact = {"point": point.pk, "number": point.number, "versions": versions}
            told.append({**fact, "imported": imports} if imports else fact)
        return told
