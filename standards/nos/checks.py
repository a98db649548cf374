"""What a person should look at before publishing: doubtful criteria and characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from standards.nos.markers import INLINE_CODE
from standards.nos.model import Criterion, ParsedStandard
from standards.nos.words import last_word

DAMAGED = "\ufffd"
# Letters that only stand in English or Welsh text after a wrong conversion.
SUSPECT = frozenset("¡¿¨¯¤¦Ã\u00ad") | {DAMAGED}
LONGEST = 900
BREAKS_OFF = frozenset("a an and any from including or our the their whose your".split())


def criterion_warnings(criteria: Sequence[Criterion]) -> list[str]:
    warnings: list[str] = []
    seen: dict[str, str] = {}
    codes = {criterion.code for criterion in criteria}
    for criterion in criteria:
        text = criterion.text
        first = seen.setdefault(text.casefold(), criterion.code)
        if first != criterion.code:
            warnings.append(f"{first} and {criterion.code} read the same.")
        warnings += [f"{criterion.code} {problem}." for problem in _problems(criterion, codes)]
    return warnings


def _problems(criterion: Criterion, codes: set[str]) -> Iterable[str]:
    text = criterion.text
    if text.endswith(":") and not criterion.subitems:
        yield "ends with a colon, but no sub-items were found: the next items may belong to it"
    elif not criterion.subitems and last_word(text) in BREAKS_OFF and not text.endswith("."):
        yield f'seems to break off at "{last_word(text)}"'
    if len(text) > LONGEST:
        yield "is very long: it may hold several items"
    if sum(map(str.isalpha, text)) < 2:
        yield "is very short"
    for match in INLINE_CODE.finditer(text, 1):
        named = f"{match['letter'][0]}{int(match['num'])}"
        if named[0] == criterion.code[0] and named not in codes:
            yield f"names {named}, which stands nowhere else: two items may have run together"


def character_warnings(standard: ParsedStandard) -> list[str]:
    warnings = []
    for criterion in (*standard.performance, *standard.knowledge):
        warnings += _characters(criterion.code, " ".join([criterion.text, *criterion.subitems]))
    for assessed in standard.assessment_criteria:
        warnings += _characters(assessed.code, assessed.text)
    warnings += _characters("The title", standard.title or "")
    for key, text in standard.sections.items():
        warnings += _characters(f"The section {key}", text)
    return warnings


def _characters(where: str, text: str) -> list[str]:
    found = sorted(SUSPECT.intersection(text))
    return [f"{where} has a damaged character ({' '.join(found)})."] if found else []


def left_out_warnings(lines: Sequence[str]) -> list[str]:
    return [f'Left out, as it is no item: "{_short(line)}".' for line in lines]


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77].rstrip() + "…"
