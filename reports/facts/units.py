"""Units with their criteria, marking points, plans and sign-offs."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.facts.decisions import Claim, Imported, Judgement, TakenBack


@dataclass(frozen=True)
class Criterion:
    pk: int
    code: str
    kind: str
    text: str
    group: str
    subitems: tuple[str, ...]
    state: str
    claims: tuple[Claim, ...]
    imported: tuple[Imported, ...] = ()  # also what was taken back, oldest first

    @property
    def standing_import(self) -> Imported | None:
        return next((each for each in self.imported if each.stands), None)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The evidence that claims it, each once."""
        return tuple(sorted({claim.number for claim in self.claims}))

    @property
    def deciding(self) -> Judgement | None:
        """The judgement by which it is met, or else the latest."""
        made = [claim.judgement for claim in self.claims if claim.judgement]
        met = [judgement for judgement in made if judgement.outcome == "met"]
        return max(met or made, key=lambda judgement: judgement.decided_at, default=None)


@dataclass(frozen=True)
class Credit:
    """The evidence that earns a marking point, or the imported decision that does."""

    number: int
    version: int
    title: str
    imported: str = ""


@dataclass(frozen=True)
class Point:
    number: int
    wording: str
    credits: tuple[Credit, ...]


@dataclass(frozen=True)
class Guide:
    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class SignOff:
    state: str
    assessor: str
    signed_at: datetime
    declaration: str
    countersigner: str
    countersigned_at: datetime | None
    reason: str
    guides: tuple[Guide, ...]
    countersigner_declaration: str = ""
    taken_back: TakenBack | None = None
    imported: tuple[Imported, ...] = ()  # what it relied on besides evidence

    @property
    def refused(self) -> bool:
        return self.state == "refused"


@dataclass(frozen=True)
class PlanAction:
    who: str
    text: str
    method: str
    codes: tuple[str, ...]
    due_on: date
    done_by: str
    done_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """What assessor and learner agreed to do, and the review that closed it."""

    made_by: str
    made_at: datetime
    revision: int
    note: str
    review_on: date
    assessor: str
    assessor_agreed_at: datetime | None
    learner_agreed_at: datetime | None
    actions: tuple[PlanAction, ...]
    reviewed_by: str
    reviewed_at: datetime | None
    review: str


@dataclass(frozen=True)
class Unit:
    """One enrolment: an edition of a standard, and how far the learner is with it."""

    pk: int
    urn: str
    title: str
    edition: str
    sqa_code: str
    state: str
    started_on: date
    assessors: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    guides: tuple[Guide, ...]
    sign_offs: tuple[SignOff, ...]
    plans: tuple[Plan, ...] = ()

    @property
    def met(self) -> int:
        """Those that were imported among them."""
        return sum(criterion.state in ("met", "imported") for criterion in self.criteria)

    @property
    def imported(self) -> int:
        return sum(criterion.state == "imported" for criterion in self.criteria)

    def earning(self, point: Point, credit: Credit) -> tuple[Claim, ...]:
        """The claims of that evidence of which its assessor said that they earn the point."""
        told = (point.number, point.wording)
        return tuple(
            claim
            for criterion in self.criteria
            for claim in criterion.claims
            if (claim.number, claim.version) == (credit.number, credit.version)
            and claim.judgement
            and told in claim.judgement.points
        )
