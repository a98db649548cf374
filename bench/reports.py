"""Exports of whole portfolios, against one plain call of the PDF maker and a browser's print.

Everything is compared by turns on the same machine: the export, from its row to the signed and
saved file, with the plain call on the same HTML, whose pictures are prepared already. Each runs in
a process of its own, which has loaded all it needs before its time begins.
"""

import gc
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection, connections

from bench import portfolios
from bench.portfolios import People, Shape
from portfolio.models import Portfolio
from reports import cuts, document, embedding, making, pdf, pictures, shelf, signing
from reports.gather import gather
from reports.models import Bulk, Report
from reports.parts.hands import share_out
from reports.signing import self_signed
from standards.models import Edition
from tests.factories import make_cast
from tests.reports.golden.building import golden_of

SHAPES = {
    "150 pages": (Shape(items=52, words=900, photos=26), 0.85),
    "500 pages, 200 MB": (Shape(items=190, words=900, photos=95, files_mb=195), 0.6),
}
SMALL = Shape(items=2, words=50, photos=1)
AGAIN = 0.25
BULK, BULK_RATIO = 200, 0.6
OF_A_COHORT = Shape(items=4, words=150, photos=2)
ENDING = 0.1
MEMORY_MB = 400


@dataclass(frozen=True)
class Spent:
    wall: float
    cpu: float  # of the process and all that it started
    memory_mb: int  # of the largest process among them
    pages: int = 0
    ending: float = 0.0  # seconds for originals and signature


def measure(edition: Edition) -> None:
    people = portfolios.make_people("exports")
    signing_is_on = bool(signing.signer_of(people.centre))
    print(f"  signed: {'yes' if signing_is_on else 'no, this centre has no certificate'}")
    # Like a worker's, this process has loaded all there is after one export.
    _export(portfolios.make_portfolio(people, edition, SMALL, number=0), people)
    cast = make_cast("the golden portfolio")
    self_signed.make(cast.centre, years=1)
    golden = golden_of(cast, edition).portfolio
    _one(People(cast.centre, cast.admin, cast.assessor), "golden", golden)
    for number, (name, (shape, at_most)) in enumerate(SHAPES.items(), start=1):
        portfolio = portfolios.make_portfolio(people, edition, shape, number=number)
        _one(people, name, portfolio, at_most, weighed=bool(shape.files_mb))
    _many(people, edition)


def _one(
    people: People,
    name: str,
    portfolio: Portfolio,
    at_most: float | None = None,
    *,
    weighed: bool = False,
) -> None:
    shutil.rmtree(settings.REPORT_PARTS_DIR, ignore_errors=True)
    with TemporaryDirectory(dir=settings.DATA_DIR) as folder:
        html, ours = _html(portfolio, Path(folder))
        plain = _apart(lambda: _plain(html, ours, Path(folder)))
        first = _apart(lambda: _export(portfolio, people))
        portfolios.change_one(portfolio)
        second = _apart(lambda: _export(portfolio, people))
        browser = _browser(html, ours, Path(folder))
    print(f"\n  {name}: {first.pages} pages; load of the machine {os.getloadavg()[0]:.1f}")
    _line("plain WeasyPrint, same HTML", plain)
    print(
        f"    {'Chromium, same HTML':30}" + (f"{browser:>7.1f} s" if browser else " NOT MEASURED")
    )
    _line("first export", first, first.wall / plain.wall, at_most)
    _line("second, one item changed", second, second.wall / plain.wall, AGAIN)
    share = first.ending / first.wall
    print(f"    originals and signature: {share:.0%} of the first   {_verdict(share, ENDING)}")
    if weighed:
        print(f"    largest process: {first.memory_mb} MB   {_verdict(first.memory_mb, MEMORY_MB)}")


def _many(people: People, edition: Edition) -> None:
    """A cohort's exports by two workers, against as many asked for one by one: each by one
    process, and as they are made, with two. All are new to both."""
    made = [
        portfolios.make_portfolio(people, edition, OF_A_COHORT, number=1000 + n)
        for n in range(3 * BULK)
    ]
    bulk = Bulk.objects.create(centre=people.centre, requested_by=people.admin)
    many = _apart(lambda: _at_once(made[:BULK], people, bulk))
    print(
        f"\n  {BULK} portfolios of {many.pages / BULK:.0f} pages by two workers: {many.wall:.1f} s"
    )
    as_shipped = settings.REPORT_HANDS
    for hands, rows in ((1, made[BULK : 2 * BULK]), (as_shipped, made[2 * BULK :])):
        settings.REPORT_HANDS = hands
        single = _apart(lambda rows=rows: _in_turn(rows, people))
        ratio = many.wall / single.wall
        print(
            f"    over single ones, {hands} process(es) each, {single.wall:.1f} s:"
            f" {ratio:.2f}×   {_verdict(ratio, BULK_RATIO)}"
        )


def _in_turn(rows: list[Portfolio], people: People) -> tuple[int, float]:
    return sum(_export(each, people)[0] for each in rows), 0.0


def _at_once(rows: list[Portfolio], people: People, bulk: Bulk) -> tuple[int, float]:
    connections.close_all()  # each worker opens its own

    def work(portfolio: Portfolio) -> int:
        return _export(portfolio, people, bulk=bulk)[0]

    return sum(pages for _place, pages in share_out(rows, work, hands=2)), 0.0


# What is measured ---------------------------------------------------------------------------


def _html(portfolio: Portfolio, folder: Path) -> tuple[str, pdf.Shelf]:
    """With the pictures that it shows."""
    told = gather(portfolio.pk)
    prepared = [
        *pictures.prepare(sorted(told.pictures), folder),
        *cuts.prepare(told.cuts, folder),
    ]
    unreadable = frozenset(each.name for each in prepared if each.path is None)
    return document.render(told, unreadable=unreadable), shelf.shelf(prepared)


def _plain(html: str, ours: pdf.Shelf, folder: Path) -> tuple[int, float]:
    return pdf.write_plainly(html, shelf=ours, target=folder / "plain.pdf"), 0.0


def _export(portfolio: Portfolio, people: People, *, bulk: Bulk | None = None) -> tuple[int, float]:
    """The pages, and the seconds that originals and signature took."""
    report = Report.objects.create(portfolio=portfolio, requested_by=people.admin, bulk=bulk)
    spent = [0.0]
    embed, sign = embedding.embed, signing.sign
    embedding.embed, signing.sign = _timed(embed, spent), _timed(sign, spent)
    try:
        making.make(report.pk)
    finally:
        embedding.embed, signing.sign = embed, sign
    report.refresh_from_db()
    if not report.pages:
        raise RuntimeError(f"the export was not made: {report.error}")
    return report.pages, spent[0]


def _timed(verb: Callable[..., Any], spent: list[float]) -> Callable[..., Any]:
    def timed(**given: Any) -> Any:
        at = time.perf_counter()
        try:
            return verb(**given)
        finally:
            spent[0] += time.perf_counter() - at

    return timed


def _apart(work: Callable[[], tuple[int, float]]) -> Spent:
    """In a child with everything loaded, so that one measurement's memory is not another's."""
    connections.close_all()
    gc.collect()
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _measured(work, theirs)
    os.close(theirs)
    with os.fdopen(ours) as told:
        said = told.read().split()
    os.waitpid(child, 0)
    if not said:
        raise RuntimeError("what was to be measured failed")
    wall, cpu, memory, pages, ending = map(float, said)
    return Spent(wall, cpu, int(memory), int(pages), ending)


def _measured(work: Callable[[], tuple[int, float]], told: int) -> None:
    try:
        at = time.perf_counter()
        pages, ending = work()
        wall = time.perf_counter() - at
        own = resource.getrusage(resource.RUSAGE_SELF)
        others = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
        memory = max(own.ru_maxrss, others.ru_maxrss) // 1024
        os.write(told, f"{wall} {cpu} {memory} {pages} {ending}".encode())
        connection.close()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _browser(html: str, ours: pdf.Shelf, folder: Path) -> float | None:
    """With the pictures, fonts and style sheet as files beside the page."""
    found = os.environ.get("SIGNPOST_CHROMIUM") or shutil.which("chromium")
    if not found:
        return None
    page = folder / "page.html"
    for name, (_media_type, content) in ours.files.items():
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        data = content.read_bytes() if isinstance(content, Path) else content
        place.write_bytes(data.replace(b"signpost:", b""))
    page.write_text(html.replace("signpost:", ""))
    command = [found, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--print-to-pdf={folder / 'browser.pdf'}", page.as_uri()]
    at = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return time.perf_counter() - at


# What is said -------------------------------------------------------------------------------


def _line(
    name: str, spent: Spent, ratio: float | None = None, at_most: float | None = None
) -> None:
    compared = "" if ratio is None else f"{ratio:>6.2f}×"
    verdict = "" if at_most is None or ratio is None else f"   {_verdict(ratio, at_most)}"
    print(
        f"    {name:30}{spent.wall:>7.1f} s{spent.cpu:>7.1f} s CPU{spent.memory_mb:>6} MB"
        f"{compared}{verdict}",
        flush=True,
    )


def _verdict(found: float, at_most: float) -> str:
    return f"{'reached' if found <= at_most else 'NOT REACHED'} (≤ {at_most:g})"
