"""What people wrote may begin like a formula, and a spreadsheet would run it on the computer of
whoever opens the file."""

import re
import unicodedata

FORMULA_SIGNS = frozenset("=+-@")
A_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)*", re.ASCII)


def starts_a_formula(text: str) -> bool:
    """A sign after blanks counts too, as spreadsheets may cut those off, and so does one that is
    as wide as a Chinese letter, or small. A number below nought is a number."""
    begins = text.lstrip()
    sign = unicodedata.normalize("NFKC", begins[:1])
    return sign in FORMULA_SIGNS and not A_NUMBER.fullmatch(text)


def harmless(text: str) -> str:
    """The text as one that no spreadsheet takes for a formula."""
    begins = starts_a_formula(text) or text[:1] in {"\t", "\r", "\n"}
    return f"'{text}" if begins else text
