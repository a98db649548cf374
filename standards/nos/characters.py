"""Repair of single characters: encodings gone wrong, ligatures, invisible marks.

Only the mending that had to guess is reported; a ligature or a non-breaking space
has one reading, so it is put right without a word.
"""

from __future__ import annotations

import re
import unicodedata

# GB2312 punctuation read as Latin-1: each pair is one typographic character.
# The apostrophe becomes a straight one, as the published pages print it.
CHINESE_AS_LATIN = {
    "¡¯": "'",
    "¡®": "'",
    "¡°": '"',
    "¡±": '"',
    "¡ª": "—",
    "¡­": "…",
    "¡¤": "·",
    "¡ñ": "•",
    "¡ö": "•",
    "¡ô": "•",
    "¨C": "–",
}
# The last byte of these was a control character and is often lost in copying.
CUT_SHORT = {"â€": "”", "ï¬": "fi"}
# Symbol-font bullets end up in the private use area.
PRIVATE_BULLETS = dict.fromkeys("\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf02d\uf0be\uf0a8\uf06e", "•")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
SPACES = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    " ",
)
INVISIBLE = dict.fromkeys(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\ufeff",
    "",
)
LINE_ENDS = {"\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n"}
HYPHENS = {"\u2010": "-", "\u2011": "-"}
# PDF readers mark a word divided at a line end in these ways; one mark stands for all.
SOFT_HYPHEN = "\u00ad"
DIVISIONS = dict.fromkeys("\x02\ufffe", SOFT_HYPHEN)

SAFE = str.maketrans(
    {**LIGATURES, **SPACES, **INVISIBLE, **LINE_ENDS, **HYPHENS, **PRIVATE_BULLETS, **DIVISIONS}
)
# Windows-1252 read as Latin-1: the quotes and dashes turn into control characters.
LATIN_CONTROLS = {
    byte: bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xA0)
}
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
SURROGATES = re.compile(r"[\ud800-\udfff]")
GUESSED = {**CHINESE_AS_LATIN, **CUT_SHORT}
CHINESE = re.compile("|".join(map(re.escape, GUESSED)))
COMBINING = re.compile("[A-Za-z][\u0300-\u036f]{1,3}")
STRAY_A_CIRCUMFLEX = re.compile("Â(?=[ \u00a0]|$)", re.MULTILINE)


def _byte_of(char: str) -> int | None:
    try:
        return char.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(char) if 0x80 <= ord(char) <= 0x9F else None


def _chars_for(low: int, high: int) -> str:
    """The characters that bytes low..high turn into when read as Windows-1252."""
    table = []
    for byte in range(low, high + 1):
        table.append(bytes([byte]).decode("cp1252", errors="ignore") or chr(byte))
    return re.escape("".join(table))


_CONT = f"[{_chars_for(0x80, 0xBF)}]"
UTF8_AS_1252 = re.compile(
    f"[{_chars_for(0xC2, 0xDF)}]{_CONT}"
    f"|[{_chars_for(0xE0, 0xEF)}]{_CONT}{_CONT}"
    f"|[{_chars_for(0xF0, 0xF4)}]{_CONT}{_CONT}{_CONT}"
)


def _decode_again(match: re.Match[str]) -> str:
    data = bytes(b for b in map(_byte_of, match[0]) if b is not None)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def tidy(text: str) -> str:
    """The repairs that have one reading only."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return SURROGATES.sub("\ufffd", text).translate(SAFE)


def mend(text: str) -> tuple[str, list[str]]:
    """Undo wrong decodings; say what was guessed."""
    notes: list[str] = []
    if not text.isascii():
        text, count = _undo_double_encoding(text)
        if count:
            notes.append(_note(count, "a character was", "characters were", "a wrong encoding"))
        text, count = CHINESE.subn(lambda m: GUESSED[m[0]], text)
        if count:
            notes.append(_note(count, "a character was", "characters were", "another alphabet"))
        text = COMBINING.sub(lambda m: unicodedata.normalize("NFC", m[0]), text)
        text = text.translate(LATIN_CONTROLS)
    return CONTROLS.sub("", text.translate(SAFE)), notes


def _undo_double_encoding(text: str) -> tuple[str, int]:
    total = 0
    for _ in range(2):  # some pages were converted wrongly twice
        text, count = UTF8_AS_1252.subn(_decode_again, text)
        total += count
        if not count:
            break
    text, strays = STRAY_A_CIRCUMFLEX.subn("", text)
    return text, total + strays


def _note(count: int, one: str, many: str, cause: str) -> str:
    subject = one.capitalize() if count == 1 else f"{count} {many}"
    return f"{subject} damaged by {cause} and put right: compare with the source."
