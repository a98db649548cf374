"""The shapes of a URN and of an SQA code."""

from __future__ import annotations

import re

# CFACSB15, SFHHSC31, SCDHSC0031, LANEq312, SEMETS3-01, PPL1GEN4, COSVR132v2
URN_IN_TEXT = re.compile(
    r"(?<![\w/.&-])[A-Z]{2}[A-Za-z&]{0,9}\.?[A-Z0-9]{0,8}\d(?:[A-Za-z]|v\d{1,2})?"
    r"(?:[-.]\d{1,3}[a-z]?)*(?![\w/])"
)
SPACED_URN = re.compile(r"(?<![\w/.-])[A-Z]{3,8} [A-Z]{0,2}\d{1,4}(?![\w/])")
NOT_URNS = re.compile(
    r"^(?:P|K|PC|KU|KS|PI|LO|AC|EO|LEVEL|UNIT|NVQ|SVQ|QCF|RQF|SCQF|BTEC|HND|HNC|ISO|BS|EN|BSEN|IEC|"
    r"COVID|GDPR|SOC|IP|CO|HTTP|MP|WIN|PAS|PPE|PDF|HTML|UTF|TODO|RFC|SHA|CVE|AES|PM|AM|MSN|UN|EU|"
    r"CLP|LOLER|PUWER|COSHH|RIDDOR|WRAS|BPEC|CAT)[\s-]?\d[\d.v-]*$",
    re.IGNORECASE,
)
SQA_SHAPE = re.compile(r"\b[A-Z][A-Z0-9]{2}[A-Z0-9]\s?\d{2}\b")
SQA_LABELLED = re.compile(
    r"(?:SQA\s+(?:unit\s+)?(?:code|reference|ref)|^unit)\s*[:.–-]?\s*([A-Z][A-Z0-9]{3}\s?\d{2})\b",
    re.IGNORECASE,
)
VERSION_SUFFIX = re.compile(r"[\s_]+v(?:ersion\s*)?(\d{1,2}(?:\.\d{1,2})?)\b", re.IGNORECASE)
UNIT_REFERENCE = re.compile(r"\b[A-Z]/\d{3}/\d{4}\b")


def looks_like_urn(token: str) -> bool:
    letters = sum(c.isalpha() for c in token)
    return 4 <= len(token) <= 20 and letters >= 2 and not NOT_URNS.match(token)


def find_urn(text: str) -> re.Match[str] | None:
    """The first URN-shaped word of a short line."""
    for match in URN_IN_TEXT.finditer(text[:300]):
        if looks_like_urn(match[0]):
            return match
    return None


def labelled_urn(value: str) -> str | None:
    """The URN in the value of a "URN:" label, where any short code is believed."""
    value = VERSION_SUFFIX.sub("", value.strip()).strip(" .;,")
    if reference := UNIT_REFERENCE.search(value):
        return reference[0]
    if match := find_urn(value):
        return match[0]
    compact = value.replace(" ", "")
    if 2 <= len(compact) <= 24 and any(c.isdigit() for c in compact) and len(value.split()) <= 3:
        return compact
    return None


def tidy_sqa(code: str) -> str:
    compact = code.replace(" ", "").upper()
    return f"{compact[:-2]} {compact[-2:]}"
