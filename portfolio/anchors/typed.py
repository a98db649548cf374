"""A place typed into plain fields, for those who can't or won't mark it in the evidence.

Nobody has to say of which kind it is: words are a passage, times are a moment.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.anchors.ground import Ground

FIELDS = ("in", "words", "page", "part", "from", "to")
ACCOUNT = "account"

# A rough part of a page or picture, for those who don't draw: where it is, in fractions.
PARTS = {
    "top": (gettext_lazy("The top half"), (0, 0, 1, 0.5)),
    "bottom": (gettext_lazy("The bottom half"), (0, 0.5, 1, 0.5)),
    "left": (gettext_lazy("The left half"), (0, 0, 0.5, 1)),
    "right": (gettext_lazy("The right half"), (0.5, 0, 0.5, 1)),
    "top-left": (gettext_lazy("Top left"), (0, 0, 0.5, 0.5)),
    "top-right": (gettext_lazy("Top right"), (0.5, 0, 0.5, 0.5)),
    "bottom-left": (gettext_lazy("Bottom left"), (0, 0.5, 0.5, 0.5)),
    "bottom-right": (gettext_lazy("Bottom right"), (0.5, 0.5, 0.5, 0.5)),
    "middle": (gettext_lazy("The middle"), (0.25, 0.25, 0.5, 0.5)),
}
CLOCK = re.compile(
    r"(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2}(?:[.,]\d{1,3})?)|(\d{1,6}(?:[.,]\d{1,3})?)", re.ASCII
)
PAGES = re.compile(r"(\d{1,6})(?:\s*(?:-|–|to)\s*(\d{1,6}))?", re.ASCII | re.IGNORECASE)


def place_from(typed: Mapping[str, str], ground: Ground) -> dict[str, Any] | None:
    """The plain form of what was typed; nothing when nothing was."""
    filled = {name: value.strip() for name, value in typed.items() if value.strip()}
    if not filled:
        return None
    ways = [names for names in (("words",), ("part",), ("from", "to")) if _any(filled, names)]
    if len(ways) > 1 or (_any(filled, ("from", "to")) and "page" in filled):
        raise ValidationError(_("Say one place at a time: words, a page or part, or a time."))
    return {**_source(filled.get("in", ""), ground), **_selector(filled)}


def seconds_of(clock: str) -> float:
    """1:10 is 70; 70 is 70; 1:02:03.5 is 3723.5"""
    match = CLOCK.fullmatch(clock.strip())
    if match is None:
        raise ValidationError(
            _("Write a time as minutes and seconds, such as 1:10, not “%(time)s”.")
            % {"time": clock[:20]}
        )
    hours, minutes, seconds, alone = match.groups()
    if alone:
        return float(alone.replace(",", "."))
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds.replace(",", "."))


def _any(filled: Mapping[str, str], names: tuple[str, ...]) -> bool:
    return any(name in filled for name in names)


def _source(chosen: str, ground: Ground) -> dict[str, Any]:
    sources = _sources(ground)
    if not chosen and len(sources) == 1:
        (chosen,) = sources
    if not chosen:
        raise ValidationError(_("Say which file it is in, or that it is in what you wrote."))
    if chosen not in sources:
        raise ValidationError(_("The file that you chose is not in this evidence any more."))
    return sources[chosen]


def _sources(ground: Ground) -> dict[str, dict[str, Any]]:
    found = {str(pk): {"file": pk, "sha256": file.blob.sha256} for pk, file in ground.files.items()}
    if ground.account.strip():
        found[ACCOUNT] = {"file": None, "sha256": ground.account_sha256}
    return found


def _selector(filled: Mapping[str, str]) -> dict[str, Any]:
    first, last = _pages(filled.get("page", ""))
    if "words" in filled:
        return {"kind": "passage", "quote": filled["words"], "page": first}
    if "part" in filled:
        return {"kind": "region", "page": first, **_part(filled["part"])}
    if "from" in filled or "to" in filled:
        return _moment(filled)
    if first:
        return {"kind": "pages", "page": first, "last_page": last}
    return {"kind": "whole"}


def _pages(typed: str) -> tuple[int | None, int | None]:
    if not typed:
        return None, None
    match = PAGES.fullmatch(typed)
    if match is None:
        raise ValidationError(
            _("Write a page as a number, such as 2, or 2–4, not “%(page)s”.") % {"page": typed[:20]}
        )
    first, last = match.groups()
    return int(first), int(last or first)


def _part(name: str) -> dict[str, float]:
    if name not in PARTS:
        raise ValidationError(_("Choose one of the parts of the page."))
    _words, (x, y, width, height) = PARTS[name]
    return {"x": x, "y": y, "width": width, "height": height}


def _moment(filled: Mapping[str, str]) -> dict[str, Any]:
    if "to" not in filled:
        raise ValidationError(_("Say also when it ends."))
    begins = seconds_of(filled["from"]) if "from" in filled else 0.0
    return {"kind": "moment", "begins": begins, "ends": seconds_of(filled["to"])}
