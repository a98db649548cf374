"""What was decided on claims and submissions, and what was taken back."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.facts.places import Comment, Place

LONG = 800  # characters: what fills a fifth of a page


@dataclass(frozen=True)
class TakenBack:
    """Who took a decision back, which stays in sight: when, and why unless it was at once."""

    by: str
    at: datetime
    reason: str
    at_once: bool
    appealed: bool  # because the learner's appeal was upheld


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
    taken_back: TakenBack | None = None

    @property
    def is_long(self) -> bool:
        return len(self.reason) + len(self.feedback) > LONG


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

    @property
    def is_long(self) -> bool:
        """Whether it would leave a gap on the page if it were kept in one piece."""
        made = [*self.overturned, *([self.judgement] if self.judgement else [])]
        return bool(self.places) or any(each.is_long for each in made)


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
class Action:
    """Something the learner was asked to do."""

    text: str
    due_on: date
    by: str


@dataclass(frozen=True)
class Appeal:
    """That the learner asked for a decision to be looked at again, and what came of it."""

    number: int  # the evidence's; 0 where it is of the unit's sign-off
    version: int
    unit: str
    enrolment: int
    state: str
    word: str
    made_at: datetime
    reason: str
    answered_by: str
    answered_at: datetime | None
    feedback: str  # the answer to the learner
    given_up: bool = False


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
