"""The marks that items carry: P1, 1., 1.1, a), iv), bullets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    CODE = "code"  # P1, PC 2, KU8
    NUMBER = "number"  # 1.
    BARE = "bare"  # 1 with no mark after it
    DECIMAL = "decimal"  # 1.1
    LETTER = "letter"  # a) or iv)
    UPPER = "upper"  # A.
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Marker:
    style: Style
    rest: str  # the text after the mark
    number: int = 0
    part: int = 0  # the second number of a decimal
    sign: str = ""  # the letter of a code, the bullet's own character


# M and G: Welsh meini and gwybodaeth.
PERFORMANCE_LETTERS = frozenset(("P", "PC", "PI", "PS", "M", "MP"))
KNOWLEDGE_LETTERS = frozenset(("K", "KU", "KS", "KP", "KN", "G", "GD"))

_CODE = (
    r"(?P<open>[(\[])?(?P<letter>[Pp]\.?[CcIiSs]|[Pp]|[Kk]\s?&\s?[Uu]|[Kk]\.?[UuSsPpNn]|[Kk]|MP?|GD?)"
    r"[\s.]?0{0,2}(?P<num>\d{1,3})(?:\.(?P<part>\d{1,2}))?"
    r"(?P<close>[)\]]|[.:](?!\d)|\s?[–—-](?=\s))?"
)
CODE = re.compile(_CODE + r"(?=\s|$|[A-Za-z('‘“\"])")
NUMBER = re.compile(r"[(\[]?(\d{1,3})[.)\]:](?:\s+|$|(?=[A-Za-z('‘“\"]))")
DASHED_NUMBER = re.compile(r"(\d{1,3})\s?[–—-]\s+(?=[A-Za-z])")
DECIMAL = re.compile(r"\(?(\d{1,2})\.(\d{1,2})(?:\.\d{1,2})?[.):]?(?:\s+|$|(?=[A-Za-z]))")
# "4. 2FA", "5. 24-hour cover", "6. 3 copies": the item itself begins with a number
COUNTED = re.compile(r"\d{1,4}(?:[A-Za-z]|[ -][A-Za-z])")
BARE = re.compile(r"(\d{1,3})(?:\s+(?=[A-Za-z('‘“\"])|$)")
LETTER = re.compile(r"(?:\(([a-z]|[ivx]{2,5})\)\s*|([a-z]|[ivx]{2,5})(?:\)\s*|\.\s+))(?=\S|$)")
UPPER = re.compile(r"\(?([A-Z]|[IVX]{2,5})[.)]\s+(?=[A-Za-z])")
BULLET = re.compile(
    r"(?:([•·▪◦‣●○■□►▶➢➤✓✔❖◆☐☑★])\s*|([*+§ü])\s+|([-–—−])\s*(?=\D)|(o)\s+(?=[a-zA-Z(]))"
)
CROSS_REFERENCE = re.compile(
    r"(?:and|or|to|&|,|–|-)\s*(?:(?:PC|KU|[PK])\s?)?\d{1,3}\b", re.IGNORECASE
)


def read_marker(text: str) -> Marker | None:
    """The mark at the start of a line, if there is one."""
    if not text:
        return None
    bullet = BULLET.match(text)
    if bullet:
        return _bullet(bullet, text)
    return _code(text) or _digits(text) or _letter(text)


def _bullet(match: re.Match[str], text: str) -> Marker | None:
    rest = text[match.end() :].strip()
    inner = (_code(rest) or _digits(rest)) if rest else None
    if inner and inner.style in (Style.CODE, Style.NUMBER):
        return inner
    sign = next(group for group in match.groups() if group)
    sign = "-" if sign in "-–—−" else sign
    # a proper bullet may stand on a line of its own, a dash may not
    return Marker(Style.BULLET, rest, sign=sign) if rest or match[1] else None


def _code(text: str) -> Marker | None:
    match = CODE.match(text)
    if not match or CROSS_REFERENCE.match(text[match.end() :].lstrip()):
        return None
    letter = re.sub(r"[\s.&]", "", match["letter"]).upper()
    return Marker(
        Style.CODE,
        text[match.end() :].lstrip(" \t:–—").rstrip(),
        int(match["num"]),
        int(match["part"] or 0),
        letter,
    )


def _digits(text: str) -> Marker | None:
    if not text[0].isdigit() and text[0] not in "([":
        return None
    if match := DECIMAL.match(text):
        return Marker(Style.DECIMAL, text[match.end() :].strip(), int(match[1]), int(match[2]))
    for pattern, style in (
        (NUMBER, Style.NUMBER),
        (DASHED_NUMBER, Style.NUMBER),
        (BARE, Style.BARE),
    ):
        if match := pattern.match(text):
            rest = text[match.end() :].strip()
            counted = style is Style.NUMBER and COUNTED.match(rest)
            return (
                None if rest[:1].isdigit() and not counted else Marker(style, rest, int(match[1]))
            )
    return None


def _letter(text: str) -> Marker | None:
    if match := LETTER.match(text):
        return Marker(Style.LETTER, text[match.end() :].strip(), sign=match[1] or match[2])
    if match := UPPER.match(text):
        return Marker(Style.UPPER, text[match.end() :].strip(), sign=match[1])
    return None


LABELS_ONLY = re.compile(
    r"^(?:[(\[]?(?:PC|KU|[PK])[\s.]?\d{1,3}[)\].:]?(?:[\s,;]+|$))+$", re.IGNORECASE
)
LEADING_LABELS = re.compile(r"^(?:(?:PC|KU|[PK])\d{1,3}[.:]?\s+){2,}", re.IGNORECASE)
ONE_LABEL = re.compile(r"(PC|KU|[PK])[\s.]?0{0,2}(\d{1,3})", re.IGNORECASE)


def leading_labels(text: str) -> tuple[list[Marker], str]:
    """Two or more labels in a row ("P1 P2 P3 identify …"), and the text after them."""
    match = LABELS_ONLY.match(text) or LEADING_LABELS.match(text)
    if not match:
        return [], text
    labels = [
        Marker(Style.CODE, "", int(found[2]), sign=found[1].upper())
        for found in ONE_LABEL.finditer(match[0])
    ]
    return (labels, text[match.end() :].strip()) if len(labels) > 1 else ([], text)


INLINE_CODE = re.compile(
    r"(?<![\w(/–-])(?P<letter>PC|KU|[PK])\s?0{0,2}(?P<num>\d{1,3})(?=[\s.:)]|[A-Za-z]|$)[.:)]?"
)
INLINE_NUMBER = re.compile(r"(?<=\s)\(?(\d{1,3})[.)]\s*(?=[A-Za-z‘“'\"(])")
INLINE_BULLET = re.compile(r"(?:^|\s+)([•▪●■►◦‣])\s*(?=\S)")
INLINE_LETTER = re.compile(r"(?<=[\s:;,])\(?([a-z]|[ivx]{2,5})\)\s*(?=\S)")


def inline_codes(text: str, *, letters: frozenset[str]) -> Iterator[tuple[int, int, int]]:
    """Where a code stands in the middle of a line: its number, start and end."""
    for match in INLINE_CODE.finditer(text):
        if match["letter"] in letters:
            yield int(match["num"]), match.start(), match.end()


def inline_numbers(text: str) -> Iterator[tuple[int, int, int]]:
    for match in INLINE_NUMBER.finditer(text):
        yield int(match[1]), match.start(), match.end()
