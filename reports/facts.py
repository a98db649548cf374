"""What a portfolio's report says, as plain data: no model, no query, nothing lazy.

`reports.gather` fills it, `reports.document` prints it.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from reports.options import Options, Scope

# The forms in the order in which they come. A summary leaves out what the evidence says.
PARTS = (
    *("index", "progress", "matrix", "criteria", "evidence"),
    *("plans", "reviews", "sign_offs", "record"),
)
WHOLE = Options()
NOT_IN_A_SUMMARY = frozenset({"criteria", "evidence", "plans", "reviews"})


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
class Judgement:
    """What an assessor decided on one claim."""

    outcome: str
    five: tuple[tuple[str, bool], ...]  # valid, authentic, reliable, current, sufficient
    reason: str
    feedback: str
    assessor: str
    decided_at: datetime
    points: tuple[tuple[int, str], ...] = ()  # the marking points that it earns, in words
    taken_back: "TakenBack | None" = None


@dataclass(frozen=True)
class TakenBack:
    """Who took a decision back, which stays in sight: when, and why unless it was at once."""

    by: str
    at: datetime
    reason: str
    at_once: bool
    appealed: bool  # because the learner's appeal was upheld


@dataclass(frozen=True)
class Cut:
    """A picture taken out of a file: part of a page or picture, or one frame of a film."""

    sha256: str  # the file's
    page: int
    box: tuple[float, float, float, float] | None  # left, top, width, height as fractions
    at: float | None  # seconds; None for what is no film

    @property
    def name(self) -> str:
        """What it is called on the shelf; the same cut has the same name."""
        spelt = f"{self.sha256} {self.page} {self.box} {self.at}"
        return hashlib.sha256(spelt.encode()).hexdigest()


@dataclass(frozen=True)
class Place:
    """Exactly where in the evidence a claim is met."""

    words: str  # "page 2", "1:10 to 1:45"
    file: str  # the file's name; "" for the account
    kind: str
    prefix: str
    quote: str
    suffix: str
    cut: Cut | None
    whose: str = ""  # the assessor who marked it; "" for the learner
    replaced: bool = False  # by another, which an assessor marked


@dataclass(frozen=True)
class Comment:
    """What an assessor said about one place."""

    place: Place
    text: str


@dataclass(frozen=True)
class GuideThen:
    title: str
    points: tuple[tuple[int, str], ...]
    misconceptions: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """The examiner's words that decisions were judged against."""

    sha256: str
    guides: tuple[GuideThen, ...]


@dataclass(frozen=True)
class Claim:
    """This version of this evidence, at this place, meets this criterion of this unit."""

    pk: int
    unit: int
    criterion: int
    code: str
    number: int  # the evidence's
    version: int
    title: str
    place: str
    places: tuple[Place, ...]
    state: str
    judgement: Judgement | None
    overturned: tuple[Judgement, ...] = ()  # taken back since, oldest first


@dataclass(frozen=True)
class Imported:
    """A criterion that was found met elsewhere, and is not judged again."""

    code: str
    centre: str
    who: str
    decided_on: date
    seen: str
    imported_by: str
    imported_at: datetime
    taken_back_by: str
    taken_back_at: datetime | None
    reason: str

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None

    def stood_at(self, moment: datetime) -> bool:
        gone = self.taken_back_at is not None and self.taken_back_at <= moment
        return self.imported_at <= moment and not gone


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


@dataclass(frozen=True)
class Attachment:
    """Bytes that go into the PDF beside its pages."""

    name: str  # what it is called there, once in all of them
    sha256: str
    size: int
    media_type: str
    relation: str  # as PDF calls it: Source, or Supplement for a copy made to be shown
    description: str
    at: datetime  # when it was handed in


@dataclass(frozen=True)
class Given:
    """The bytes that others get of a file: itself, or a copy without what is nobody's business."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class File:
    name: str
    media_type: str
    size: int
    sha256: str
    picture: str  # the SHA-256 of the picture to print, or "" where there is none
    shown_before: bool  # a newer version of the same evidence has printed it already
    given: Given
    attachment: Attachment | None = None
    left_out: str = ""  # why it is not in the PDF: film, size, choice, hiding
    is_copy: bool = False  # in which something is hidden

    @property
    def embedded(self) -> bool:
        return self.attachment is not None

    @property
    def is_as_handed_in(self) -> bool:
        return not self.is_copy and self.given.sha256 == self.sha256


@dataclass(frozen=True)
class Testimony:
    """Who stated it, where a witness did and not the learner."""

    name: str
    relationship: str
    job: str
    expert: bool
    declaration: str
    confirmed_at: datetime
    seen_on: date


@dataclass(frozen=True)
class AssessorRecord:
    """What an assessor recorded themselves: seen, talked about, asked, or checked."""

    kind: str
    form: str  # the name of the form that people know
    assessor: str
    planned_for: datetime | None
    place: str
    location: str
    seen_in_situ_on: date | None
    learned_on: date | None
    currency: str
    questions: int
    declaration: str
    confirmed_at: datetime | None
    learner_words: str = ""  # said when confirming it


@dataclass(frozen=True)
class Version:
    """One submitted version of one piece of evidence, as it was handed in."""

    pk: int
    number: int
    title: str
    method: str
    direct: bool
    gathered_on: date
    account: str
    account_html: str
    state: str
    submitted_at: datetime
    declaration: str
    files: tuple[File, ...]
    claims: tuple[Claim, ...]

    @property
    def judged(self) -> bool:
        return any(claim.judgement for claim in self.claims)

    @property
    def pictures(self) -> tuple[File, ...]:
        return tuple(file for file in self.files if file.picture and not file.shown_before)


@dataclass(frozen=True)
class Evidence:
    number: int
    versions: tuple[Version, ...]  # the newest first
    testimony: Testimony | None
    record: AssessorRecord | None

    @property
    def latest(self) -> Version:
        return self.versions[0]

    @property
    def judged_versions(self) -> tuple[int, ...]:
        return tuple(version.number for version in reversed(self.versions) if version.judged)

    @property
    def judged_elsewhere(self) -> bool:
        """Whether other versions than the latest were judged, or it was not."""
        return self.judged_versions not in ((), (self.latest.number,))


@dataclass(frozen=True)
class Action:
    """Something the learner was asked to do."""

    text: str
    due_on: date
    by: str


@dataclass(frozen=True)
class Review:
    """One submission and what came of it."""

    number: int
    version: int
    title: str
    unit: str
    state: str
    submitted_at: datetime
    frozen_sha256: str
    decided_at: datetime | None
    decided_by: str
    feedback: str
    actions: tuple[Action, ...]
    comments: tuple[Comment, ...] = ()
    against: Wording | None = None
    taken_back: TakenBack | None = None
    enrolment: int = 0


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
    options: Options = WHOLE
    proof: Proof | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Which forms are printed."""
        left_out = NOT_IN_A_SUMMARY if self.is_summary else frozenset()
        return tuple(part for part in PARTS if part not in left_out)

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
