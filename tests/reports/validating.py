"""What an independent validator says of a PDF: of PDF/A-3a, and of PDF/UA-1."""

import re
from pathlib import Path

import page

PROFILES = ("3a", "ua1")
# It takes a stream whose last byte happens to be a carriage return, before the line feed that ends
# it, for one byte shorter: one packed stream in 256. `ends_amiss` looks at that by itself.
MISTAKEN = "PDFA3A-STREAM-LENGTH-001"
STREAM = re.compile(rb"\n(\d+) 0 obj\n<<(.*?)>>\nstream\r?\n", re.DOTALL)
LENGTH = re.compile(rb"/Length (\d+)(?! \d+ R)")


def faults(path: Path) -> list[str]:
    """Every rule that is broken, in the validator's own words."""
    reports = [page.validate_pdf(path, profile=profile) for profile in PROFILES]
    assert all(report.rules.total > 100 for report in reports)
    return [
        f"{each.rule_id}: {each.message}"
        for report in reports
        for each in report.failures
        if each.rule_id != MISTAKEN
    ]


def ends_amiss(path: Path) -> list[int]:
    """The streams that do not end where their dictionary says."""
    data = path.read_bytes()
    found = list(STREAM.finditer(data))
    assert len(found) == data.count(b"endstream") > 10
    return [
        int(each[1])
        for each in found
        if not re.match(rb"\r?\nendstream\b", data[each.end() + int(LENGTH.findall(each[2])[-1]) :])
    ]
