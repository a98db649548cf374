"""The whole of it: who, what, and the ledger's entries."""

from dataclasses import dataclass
from datetime import datetime

from reports.facts.decisions import Appeal, Review, Wording
from reports.facts.evidence import Attachment, Evidence, File, Testimony
from reports.facts.places import Cut
from reports.facts.units import SignOff, Unit
from reports.options import Options, Scope

# The forms in the order in which they come. A summary leaves out what the evidence says.
PARTS = (
    *("index", "progress", "matrix", "criteria", "evidence", "witnesses"),
    *("plans", "reviews", "sign_offs", "record"),
)
WHOLE = Options()
NOT_IN_A_SUMMARY = frozenset({"criteria", "evidence", "witnesses", "plans", "reviews"})


@dataclass(frozen=True)
class Proof:
    """What the cover says of being genuine."""

    code: str
    url: str  # where whoever holds it may ask
    signer: str  # whom the certificate names; "" where nobody signs

    @property
    def spaced(self) -> str:
        """In two groups, as people read it out."""
        half = len(self.code) // 2
        return f"{self.code[:half]} {self.code[half:]}"


@dataclass(frozen=True)
class Declared:
    """What the learner declared of the work that a unit's sign-off rests on."""

    wording: str
    items: int  # how many submitted versions
    last: datetime


@dataclass(frozen=True)
class Entry:
    sequence: int
    at: datetime
    who: str
    verb: str
    hash: str


@dataclass(frozen=True)
class Record:
    """The portfolio's stream of the ledger, up to the moment of the export."""

    stream: str
    head: str
    length: int
    fault: str  # why the chain does not hold, or ""
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Portfolio:
    centre: str
    centre_number: str
    learner: str
    registration_number: str
    cohort: str
    exported_at: datetime
    units: tuple[Unit, ...]
    evidence: tuple[Evidence, ...]
    reviews: tuple[Review, ...]
    record: Record
    appeals: tuple[Appeal, ...] = ()
    options: Options = WHOLE
    proof: Proof | None = None
    pk: int = 0
    hidden_before: int = 0  # how often something had been hidden when it was read

    @property
    def parts(self) -> tuple[str, ...]:
        """Which forms are printed."""
        left_out = set(NOT_IN_A_SUMMARY if self.is_summary else ())
        if not self.testimonies:
            left_out.add("witnesses")
        return tuple(part for part in PARTS if part not in left_out)

    @property
    def testimonies(self) -> tuple[tuple[int, Testimony], ...]:
        """Each with the number of the evidence that it is."""
        return tuple((item.number, item.testimony) for item in self.evidence if item.testimony)

    def declared(self, unit: Unit, sign_off: SignOff) -> tuple[Declared, ...]:
        """Each wording, with how much of what was submitted for the unit by then bears it."""
        found: dict[str, list[datetime]] = {}
        for item in self.evidence:
            for version in item.versions:
                serves = any(claim.unit == unit.pk for claim in version.claims)
                if serves and version.declaration and version.submitted_at <= sign_off.signed_at:
                    found.setdefault(version.declaration, []).append(version.submitted_at)
        return tuple(Declared(each, len(at), max(at)) for each, at in found.items())

    @property
    def is_summary(self) -> bool:
        return self.options.scope == Scope.SUMMARY

    @property
    def files(self) -> tuple[File, ...]:
        """Of every version, in the order of the evidence."""
        return tuple(
            file for item in self.evidence for version in item.versions for file in version.files
        )

    @property
    def elsewhere(self) -> tuple[tuple[int, int, File], ...]:
        """Files that are too large to go inside, or films, each once with its evidence and
        version."""
        found: dict[str, tuple[int, int, File]] = {}
        for item in self.evidence:
            for version in item.versions:
                for file in version.files:
                    if file.left_out in ("film", "size"):
                        found.setdefault(file.sha256, (item.number, version.number, file))
        return tuple(found.values())

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What goes into the PDF, each once, by name."""
        found = {file.attachment.name: file.attachment for file in self.files if file.attachment}
        return tuple(found[name] for name in sorted(found))

    def unit(self, pk: int) -> Unit:
        return next(unit for unit in self.units if unit.pk == pk)

    @property
    def pictures(self) -> frozenset[str]:
        """The SHA-256 of every picture that is printed."""
        return frozenset(
            file.picture
            for evidence in self.evidence
            for version in evidence.versions
            for file in version.pictures
        )

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """Every cut that is printed, each once."""
        return tuple(
            dict.fromkeys(
                place.cut
                for unit in self.units
                for criterion in unit.criteria
                for claim in criterion.claims
                for place in claim.places
                if place.cut
            )
            | dict.fromkeys(
                comment.place.cut
                for review in self.reviews
                for comment in review.comments
                if comment.place.cut
            )
        )

    @property
    def wordings(self) -> tuple[Wording, ...]:
        """What decisions were judged against, each wording once."""
        found = {each.against.sha256: each.against for each in self.reviews if each.against}
        return tuple(found.values())

    @property
    def kept(self) -> frozenset[str]:
        """The SHA-256 of every file and picture that the store has to hold."""
        return self.pictures | {
            sha256 for file in self.files for sha256 in (file.sha256, file.given.sha256)
        }
