"""The shapes of a place: five kinds, read from the plain form that scripts and forms send."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_QUOTE = 2_000
MOST_ANCHORS = 500  # on one claim: nobody marks so many; a script might (docs/adr/0017)
SMALLEST_SIDE = 0.002  # of the page; less than this is a slip of the hand
LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True)
class Place:
    """The plain form of an anchor, of which only its kind's own fields are filled in."""

    kind: str
    file: int | None = None  # an EvidenceFile; none for the written account
    sha256: str = ""
    quote: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    start: int | None = None
    page: int | None = None
    last_page: int | None = None
    x: float | None = None
    y: float | None = None
    width: float | None = None
    height: float | None = None
    begins: float | None = None
    ends: float | None = None

    @property
    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def row(self) -> dict[str, Any]:
        """The values of an Anchor's columns; an absent text is empty there."""
        row = asdict(self) | {"file_id": self.file}
        del row["file"]
        return row | {name: row[name] or "" for name in ("quote", "prefix", "suffix")}


def read(plain: Any) -> Place:
    """What was sent, as a place of one of the five kinds, if it has that kind's shape."""
    if not isinstance(plain, Mapping) or plain.get("kind") not in _READERS:
        raise unreadable()
    place = Place(plain["kind"], _whole_number(plain.get("file"), 1), _text(plain, "sha256", 64))
    return _READERS[place.kind](place, plain)


def unreadable() -> ValidationError:
    return ValidationError(_("One of the places could not be read. Mark it again."))


def _passage(place: Place, plain: Mapping[str, Any]) -> Place:
    quote = plain.get("quote")
    if not isinstance(quote, str) or not quote.strip():
        raise ValidationError(_("Choose the words that show it."))
    if len(quote) > LONGEST_QUOTE:
        raise ValidationError(
            _("Choose at most %(longest)d letters, or mark the whole page or file.")
            % {"longest": LONGEST_QUOTE}
        )
    return replace(
        place,
        quote=quote.replace("\r\n", "\n"),
        prefix=_text(plain, "prefix", 100),
        suffix=_text(plain, "suffix", 100),
        start=_whole_number(plain.get("start"), 0),
        page=_whole_number(plain.get("page"), 1),
    )


def _region(place: Place, plain: Mapping[str, Any]) -> Place:
    x, y, width, height = (_number(plain.get(name)) for name in ("x", "y", "width", "height"))
    if min(width, height) < SMALLEST_SIDE:
        raise ValidationError(_("Draw a bigger box around the part that shows it."))
    if min(x, y) < 0 or max(x + width, y + height) > 1.000_01:
        raise ValidationError(_("Keep the box inside the page or picture."))
    return replace(
        place,
        page=_whole_number(plain.get("page"), 1),
        x=round(x, 5),
        y=round(y, 5),
        width=round(min(width, 1 - x), 5),
        height=round(min(height, 1 - y), 5),
    )


def _moment(place: Place, plain: Mapping[str, Any]) -> Place:
    begins, ends = _number(plain.get("begins")), _number(plain.get("ends"))
    begins, ends = round(begins, 3), round(ends, 3)
    if begins < 0 or begins >= ends:
        raise ValidationError(_("The end of a moment must come after its beginning."))
    return replace(place, begins=begins, ends=ends)


def _pages(place: Place, plain: Mapping[str, Any]) -> Place:
    first = _whole_number(plain.get("page"), 1)
    last = _whole_number(plain.get("last_page"), 1) or first
    if first is None or last is None:
        raise ValidationError(_("Say which page shows it."))
    if last < first:
        raise ValidationError(_("The last page must not come before the first."))
    return replace(place, page=first, last_page=last)


def _whole(place: Place, plain: Mapping[str, Any]) -> Place:
    return place


_READERS = {
    "passage": _passage,
    "region": _region,
    "moment": _moment,
    "pages": _pages,
    "whole": _whole,
}


def _text(plain: Mapping[str, Any], name: str, longest: int) -> str:
    value = plain.get(name) or ""
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise unreadable()
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unreadable()
    if (isinstance(value, int) and abs(value) > LARGEST_NUMBER) or not math.isfinite(value):
        raise unreadable()
    return float(value) + 0.0  # and never minus nought, which a database need not keep


def _whole_number(value: Any, least: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise unreadable()
    if not least <= value <= LARGEST_NUMBER:
        raise unreadable()
    return value
