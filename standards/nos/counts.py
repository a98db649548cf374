"""Counts that the source itself states: "There are 17 performance criteria"."""

from __future__ import annotations

import re

WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
NUMBER = r"(\d{1,3}|" + "|".join(WORDS) + r")"
STATED = re.compile(
    rf"\b{NUMBER}\s+(?:[\w-]+\s)?"
    r"(performance (?:criteria|criterion|statements|standards)|"
    r"knowledge(?: and understanding)? (?:criteria|items?|statements?|points?|requirements)|"
    r"items? of knowledge|knowledge and understanding)\b",
    re.IGNORECASE,
)
IN_HEADING = re.compile(
    r"^(performance|knowledge)\b[^\d]{0,40}[(:–-]\s*(\d{1,3})(?:\s*(?:items?|criteria|statements))?\)?$",
    re.IGNORECASE,
)


def stated_counts(text: str) -> dict[str, int]:
    """What the text says of its own length, for performance and knowledge."""
    found: dict[str, int] = {}
    for match in STATED.finditer(text):
        kind = "performance" if match[2].casefold().startswith("perf") else "knowledge"
        word = match[1].casefold()
        found.setdefault(kind, int(word) if word.isdigit() else WORDS.index(word) + 1)
    return found


def count_warnings(stated: dict[str, int], performance: int, knowledge: int) -> list[str]:
    names = {"performance": "performance criteria", "knowledge": "knowledge items"}
    actual = {"performance": performance, "knowledge": knowledge}
    return [
        f"The text states {number} {names[kind]}, found {actual[kind]}."
        for kind, number in stated.items()
        if number != actual[kind]
    ]
