"""The golden portfolio printed once, with its files inside, and what the database said of it."""

import dataclasses
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
from pypdf import PdfReader

from files import store
from portfolio.models import Claim
from reports import embedding, facts, making
from reports.gather import gather
from tests.reports.builders import Story
from tests.reports.golden.building import EXPORTED

NOBODY_WAITS = SimpleNamespace(tell=lambda *_, **_more: None)
PROOF = facts.Proof(
    "ABCDE23456", "https://signpost.example/verify/ABCDE23456/", "Northgate College"
)
LIMITS = embedding.Limits(file_bytes=25 * 1024 * 1024, all_bytes=200 * 1024 * 1024)


@dataclass(frozen=True)
class Printed:
    path: Path
    facts: facts.Portfolio
    claims: Mapping[tuple[int, str], frozenset[str]]  # states by evidence and code
    stored: Mapping[str, bytes]  # every attachment's bytes, by name

    @cached_property
    def pages(self) -> list[str]:
        with pypdfium2.PdfDocument(self.path) as opened:
            return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in opened]

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(self.path)

    @cached_property
    def page_of(self) -> dict[str, int]:
        """The page, from 1, that each anchor of the document stands on."""
        return {
            name: self.reader.get_destination_page_number(each) + 1
            for name, each in self.reader.named_destinations.items()
        }

    def part(self, name: str, until: str) -> str:
        """The text of one form."""
        first, last = self.page_of[name] - 1, self.page_of[until] - 1
        return "\n".join(self.pages[first:last])


def fixed(told: facts.Portfolio) -> facts.Portfolio:
    """With the same moments on every run; hashes differ, and are as long."""
    entries = tuple(dataclasses.replace(each, at=EXPORTED) for each in told.record.entries)
    record = dataclasses.replace(told.record, entries=entries)
    return dataclasses.replace(told, exported_at=EXPORTED, record=record)


def printed(story: Story, folder: Path) -> Printed:
    told = fixed(gather(story.portfolio.pk, proof=PROOF))
    plain = making.print_out(told, folder, NOBODY_WAITS, hands=2).path
    target = folder / "golden.pdf"
    embedding.embed(pdf=plain, portfolio=told, rules=LIMITS, target=target)
    if look := os.environ.get("SIGNPOST_LOOK"):
        shutil.copy(target, look)
    claims: dict[tuple[int, str], set[str]] = {}
    rows = Claim.objects.filter(version__submitted_at__isnull=False)
    for number, code, state in rows.values_list(
        "version__evidence__number", "criterion__code", "status"
    ):
        claims.setdefault((number, code), set()).add(state)
    return Printed(
        path=target,
        facts=told,
        claims={key: frozenset(states) for key, states in claims.items()},
        stored={each.name: store.place_of(each.sha256).read_bytes() for each in told.attachments},
    )
