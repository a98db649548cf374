"""The page on which criteria are claimed: each with its places, and with those that were lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from portfolio.anchors.ground import Ground
from portfolio.anchors.labels import named_label
from portfolio.anchors.selectors import Place, read
from portfolio.forms_claims import ClaimsForm
from portfolio.models import Anchor, Claim, Enrolment, EvidenceVersion
from portfolio.progress import CriterionProgress, progress_of


@dataclass(frozen=True)
class Marked:
    """A place in the list under its criterion; one that was not saved yet has no `pk`."""

    plain: dict[str, Any]
    label: str
    pk: int | None = None


@dataclass
class Choice:
    """One criterion on the page, as it stands or as it was sent."""

    progress: CriterionProgress
    ticked: bool = False
    place: str = ""
    marked: list[Marked] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Sequence[str] = ()

    @property
    def criterion(self) -> Any:
        return self.progress.criterion


@dataclass(frozen=True)
class Unit:
    enrolment: Enrolment
    choices: list[Choice]


class ClaimsPage:
    def __init__(
        self,
        version: EvidenceVersion,
        user: User,
        form: ClaimsForm | None = None,
        offered: Sequence[str] = (),
    ) -> None:
        """`offered` are ids of criteria to be ticked already, though nobody claimed them yet."""
        self.version = version
        self.user = user
        self.form = form
        self.offered = offered
        self.ground = Ground(version)
        self.claims = {each.criterion_id: each for each in _claims(version)}

    @property
    def sources(self) -> list[tuple[str, str]]:
        """What a place can be in: value and name for a choice."""
        found = [("account", self.ground.name_of(None))] if self.ground.account.strip() else []
        return found + [(str(pk), file.name) for pk, file in self.ground.files.items()]

    @property
    def seen_criteria(self) -> str:
        if self.form:
            return self.form.data.get("seen-criteria", "")
        return " ".join(str(pk) for pk in self.claims)

    @property
    def seen_anchors(self) -> str:
        if self.form:
            return self.form.data.get("seen-anchors", "")
        return " ".join(str(each.pk) for each in self.anchors)

    @property
    def anchors(self) -> list[Anchor]:
        return [each for claim in self.claims.values() for each in claim.anchors.all()]

    @property
    def lost(self) -> list[tuple[str, list[str]]]:
        return lost_places(self.claims.values())

    def units(self) -> list[Unit]:
        open_units = self.version.evidence.open_units()
        progress = progress_of(open_units.select_related("edition__standard"), seen_by=self.user)
        return [
            Unit(unit.enrolment, [self._choice(each) for each in unit.criteria])
            for unit in progress
        ]

    def marked_by_criterion(self) -> dict[int, list[dict[str, Any]]]:
        """For scripts: what stands now."""
        return {
            pk: [{**each.plain, "id": each.pk, "label": each.label} for each in self._of(claim)]
            for pk, claim in self.claims.items()
        }

    def _choice(self, progress: CriterionProgress) -> Choice:
        pk = progress.criterion.pk
        claim = self.claims.get(pk)
        lost = _lost(claim) if claim else []
        if self.form is None:
            if claim is None:
                return Choice(progress, ticked=str(pk) in self.offered)
            return Choice(progress, True, claim.place, self._of(claim), lost)
        return Choice(
            progress,
            ticked=pk in self.form.ticked(),
            place=self.form.place(pk),
            marked=self._as_sent(pk),
            lost=lost,
            typed=self.form.typed(pk),
            errors=self.form.errors_by_criterion().get(str(pk), ()),
        )

    def _of(self, claim: Claim) -> list[Marked]:
        rows = claim.anchors.all()
        return [Marked(each.plain, self._label(each.plain), each.pk) for each in rows]

    def _as_sent(self, pk: int) -> list[Marked]:
        places = (_readable(each) for each in self.form.marked(pk)) if self.form else ()
        return [Marked(each.plain, self._label(each.plain)) for each in places if each]

    def _label(self, plain: Mapping[str, Any]) -> str:
        file = self.ground.files.get(plain["file"])
        return named_label(plain, file.name if file else "")


def lost_places(claims: Iterable[Claim]) -> list[tuple[str, list[str]]]:
    """Criteria's codes with the places that hold no longer."""
    lost = ((each.criterion.code, _lost(each)) for each in claims)
    return [(code, places) for code, places in lost if places]


def _claims(version: EvidenceVersion) -> list[Claim]:
    rows = version.claims.select_related("criterion").prefetch_related("anchors")
    return list(rows)


def _readable(plain: Any) -> Place | None:
    try:
        return read(plain)
    except ValidationError:
        return None


def _lost(claim: Claim) -> list[str]:
    return [named_label(each, each["name"]) for each in claim.lost_places]
