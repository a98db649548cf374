"""Running text: wrapped lines joined to paragraphs, lists kept line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from standards.nos.lines import Line
from standards.nos.outline import LIST_MARK
from standards.nos.words import unfinished
from standards.nos.wrapping import is_full, join, page_width

NUMBERED = re.compile(r"\d{1,3}\s+[A-Z]")
CLOSED = (".", "!", "?", ":", '."', ".'", ".”", ".’", ".)")


def paragraphs(lines: Sequence[Line], vocabulary: frozenset[str] = frozenset()) -> str:
    """Paragraphs apart by an empty line, the items of a list by a line end."""
    width = page_width(lines)
    out = ""
    part: list[Line] = []
    for line in lines:
        gap = _gap(part[-1], line, width) if part else ""
        if part and gap:
            out += join(part, vocabulary) + gap
            part = []
        part.append(line)
    return out + join(part, vocabulary)


def _gap(above: Line, line: Line, width: int) -> str:
    if above.divided:
        return ""
    if line.airy:
        return "\n\n"
    closed = above.text.endswith(CLOSED)
    if LIST_MARK.match(line.text) or (closed and NUMBERED.match(line.text)):
        return "\n"
    if is_full(above, line, width):
        return ""
    if closed:
        return "\n\n"
    goes_on = line.text[:1].islower() or unfinished(above.text)
    return "" if goes_on else "\n"
