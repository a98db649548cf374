"""Making one report: facts, pictures, pages, and the finished row with its ledger entry."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import exp
from pathlib import Path

from django.db import transaction

from files.actions import keep_bytes
from ledger.record import record
from reports import cuts, document, facts, pdf, pictures, shelf
from reports.attempt import Attempt
from reports.gather import gather
from reports.workflow import Stage

CHUNK = 1024 * 1024

# Where the bar stands when a stage begins.
STARTS = {Stage.READING: 2, Stage.PICTURES: 6, Stage.PAGES: 25, Stage.SAVING: 94}


@dataclass(frozen=True)
class Made:
    """A PDF on disk."""

    path: Path
    pages: int


def make(report_id: int) -> None:
    """Make a report that waits; does nothing for one that is made, failed or in other hands."""
    attempt = Attempt.at(report_id)
    if attempt is None:
        return
    with attempt, tempfile.TemporaryDirectory(prefix="signpost-report-") as folder:
        attempt.tell(Stage.READING, STARTS[Stage.READING])
        portfolio = gather(attempt.report.portfolio_id)
        made = print_out(portfolio, Path(folder), attempt)
        attempt.tell(Stage.SAVING, STARTS[Stage.SAVING])
        _save(attempt, portfolio.record, made)


def print_out(portfolio: facts.Portfolio, folder: Path, attempt: Attempt) -> Made:
    prepared = list(_pictures(portfolio, folder, attempt))
    attempt.tell(Stage.PAGES, STARTS[Stage.PAGES])
    html = document.render(
        portfolio,
        unreadable={each.name for each in prepared if each.path is None},
        lost=pictures.lost(portfolio.kept),
    )
    target = folder / "portfolio.pdf"
    pages = pdf.write(
        html, shelf=shelf.shelf(prepared), target=target, on_page=_PageBar(portfolio, attempt)
    )
    return Made(target, pages)


def _pictures(
    portfolio: facts.Portfolio, folder: Path, attempt: Attempt
) -> Iterator[pictures.Prepared]:
    wanted = sorted(portfolio.pictures)
    many = len(wanted) + len(portfolio.cuts)
    start, end = STARTS[Stage.PICTURES], STARTS[Stage.PAGES]
    made = chain(pictures.prepare(wanted, folder), cuts.prepare(portfolio.cuts, folder))
    for done, picture in enumerate(made):
        attempt.tell(Stage.PICTURES, start + (end - start) * done // many)
        yield picture


class _PageBar:
    """Nobody knows beforehand how many pages there will be, so the bar slows down as it nears
    its end and never goes back."""

    def __init__(self, portfolio: facts.Portfolio, attempt: Attempt) -> None:
        criteria = sum(len(unit.criteria) for unit in portfolio.units)
        versions = sum(len(item.versions) for item in portfolio.evidence)
        self.attempt = attempt
        # The pages are laid out twice: the second time their numbers are known.
        self.expected = 2 * (
            10 + criteria / 2 + versions + len(portfolio.pictures) / 2 + len(portfolio.cuts) / 4
        )
        self.seen = 0

    def __call__(self) -> None:
        self.seen += 1
        start, end = STARTS[Stage.PAGES], STARTS[Stage.SAVING]
        share = 1 - exp(-1.5 * self.seen / self.expected)
        self.attempt.tell(Stage.PAGES, start + int((end - start) * share))


def _save(attempt: Attempt, covers: facts.Record, made: Made) -> None:
    """The bytes first, then the row and its ledger entry together."""
    with made.path.open("rb") as file:
        blob = keep_bytes(chunks=iter(lambda: file.read(CHUNK), b""), media_type="application/pdf")
    with transaction.atomic():
        attempt.finish(blob=blob, pages=made.pages, ledger_head=covers.head)
        record(
            stream=covers.stream,
            verb="report_made",
            subject=attempt.report,
            by=None,
            facts={
                "report": attempt.report.pk,
                "sha256": blob.sha256,
                "pages": made.pages,
                "covers_head": covers.head,
                "covers_length": covers.length,
            },
        )
