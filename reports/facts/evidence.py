"""Pieces of evidence with their versions, files and records."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.facts.decisions import Claim


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
    beginning: str = ""  # the first words of what is a text

    @property
    def embedded(self) -> bool:
        return self.attachment is not None

    @property
    def is_as_submitted(self) -> bool:
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
    approved_by: str = ""  # as an expert for a unit, where the centre did
    approved_at: datetime | None = None
    competence: str = ""


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
