"""Exact places in the evidence, and what people said of them."""

import hashlib
from dataclasses import dataclass


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
    page: int | None = None  # of a passage, where its file has pages


@dataclass(frozen=True)
class Comment:
    """What an assessor said about one place."""

    place: Place
    text: str
