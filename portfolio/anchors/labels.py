"""A place in a few words, for links and lists. Knows only the plain form of an anchor."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

QUOTED = 60  # letters of a passage that are shown


def label_of(place: Mapping[str, Any]) -> str:
    return _WORDS[place["kind"]](place)


def named_label(place: Mapping[str, Any], name: str) -> str:
    """With the file's name before it; without one it is in what was written."""
    if not name:
        return label_of(place)
    return _("%(name)s, %(place)s") % {"name": name, "place": label_of(place)}


def clock(seconds: float) -> str:
    """1:10, 1:02:03, 0:07.5"""
    minutes, rest = divmod(round(seconds, 2), 60)
    hours, minutes = divmod(int(minutes), 60)
    spelt = f"{rest:05.2f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02}:{spelt}" if hours else f"{minutes}:{spelt}"


def shortened(quote: str) -> str:
    words = " ".join(quote.split())
    if len(words) <= QUOTED:
        return words
    return words[: QUOTED + 1].rsplit(" ", 1)[0][:QUOTED].rstrip(" ,.;:") + "…"


def _passage(place: Mapping[str, Any]) -> str:
    quoted = _("“%(words)s”") % {"words": shortened(place["quote"])}
    if not place.get("page"):
        return quoted
    return _("page %(page)d: %(quoted)s") % {"page": place["page"], "quoted": quoted}


def _region(place: Mapping[str, Any]) -> str:
    if not place.get("page"):  # a picture has no pages
        return _("marked part")
    return _("page %(page)d, marked part") % {"page": place["page"]}


def _moment(place: Mapping[str, Any]) -> str:
    return _("%(begins)s to %(ends)s") % {
        "begins": clock(place["begins"]),
        "ends": clock(place["ends"]),
    }


def _pages(place: Mapping[str, Any]) -> str:
    first, last = place["page"], place.get("last_page") or place["page"]
    if first == last:
        return _("page %(page)d") % {"page": first}
    return _("pages %(first)d to %(last)d") % {"first": first, "last": last}


def _whole(place: Mapping[str, Any]) -> str:
    return _("all of it")


_WORDS = {
    "passage": _passage,
    "region": _region,
    "moment": _moment,
    "pages": _pages,
    "whole": _whole,
}
