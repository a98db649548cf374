"""Prints the measurements. Started by scripts/bench.py, which prepares an empty data folder."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
import yaml

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench import likeness, pages, previews, reports, transfers, uploads, whole  # noqa: E402
from bench.world import World, make_world  # noqa: E402
from demo.ready import answers  # noqa: E402
from files import store  # noqa: E402
from files.models import Upload  # noqa: E402
from reports import tasks  # noqa: E402
from reports.models import Report  # noqa: E402
from scripts.system import ROOT  # noqa: E402
from standards.actions import publish_shared, serve_shared  # noqa: E402
from standards.models import Edition  # noqa: E402
from standards.nos import read_text  # noqa: E402

PASSWORD = secrets.token_urlsafe()
AT_MOST = {
    "learner's unit page": 15,
    "assessor's queue of 50": 12,
    "marking page": 20,
    "saving one judgement": 20,
}
PAGE_KB = 40
UPLOAD_RATIO = 2.0
LIKENESS_MS = 200
TRANSFER_RATIOS = {5: 4.0, 200: 1.3}


def main() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    print(f"Database: {connection.vendor}")
    if sys.argv[1:] == ["whole"]:
        _whole()
        return
    edition = _standard()
    if sys.argv[1:] == ["reports"]:
        _reports(edition)
        return
    small = _pages(200, edition)
    large = _pages(2000, edition)
    _say_growth(small[1], large[1])
    with _web() as port:
        _uploads(small[0], port)
        _transfers(small[0], port)
        _previews(small[0], port)
    _pdf(small[0])
    _reports(edition)
    _likenesses()
    _whole()


def _standard() -> Edition:
    texts = settings.BASE_DIR / "fixtures" / "texts"
    made = {}
    for name in ("CFACSB15-2021", "customer-relationships-topic"):
        text = (texts / f"{name}.txt").read_text()
        made[name] = publish_shared(parsed=read_text(text)[0].as_dict(), source_text=text)
    serve_shared(guide=made["customer-relationships-topic"], editions=[made["CFACSB15-2021"]])
    return made["CFACSB15-2021"]


def _pages(learners: int, edition: Edition) -> tuple[World, list[pages.Cost]]:
    world = make_world(learners=learners, edition=edition)
    found = pages.costs(world)
    print(f"\n{learners} learners × 20 files")
    print(f"  {'':28}{'SQL':>5}{'CPU ms':>9}{'gzip bytes':>12}")
    for cost in found:
        print(
            f"  {cost.name:28}{cost.sql:>5}{cost.cpu_ms:>9.1f}{cost.gzip_bytes:>12}"
            f"   {_verdict(cost)}"
        )
    return world, found


def _verdict(cost: pages.Cost) -> str:
    within = cost.sql <= AT_MOST[cost.name] and cost.gzip_bytes <= PAGE_KB * 1024
    return f"{'reached' if within else 'NOT REACHED'} (≤ {AT_MOST[cost.name]} SQL, ≤ {PAGE_KB} kB)"


def _say_growth(small: list[pages.Cost], large: list[pages.Cost]) -> None:
    print("\n2,000 learners over 200")
    for one, other in zip(small, large, strict=True):
        grown = "the same SQL" if one.sql == other.sql else "MORE SQL"
        print(f"  {one.name:28}{other.cpu_ms / one.cpu_ms:>6.2f}× CPU, {grown}")


@contextmanager
def _web() -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--no-control-socket", "--log-level", "warning"]
    environment = {**os.environ, **_memory_as_deployed(), "SIGNPOST_ORIGIN": ""}
    process = subprocess.Popen(command, env=environment)
    try:
        while not answers(port):
            if process.poll() is not None:
                raise RuntimeError("the web server did not start")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _memory_as_deployed() -> dict[str, str]:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    told = services["uploads"]["environment"]
    return {name: str(value) for name, value in told.items() if name.startswith("MALLOC_")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _uploads(world: World, port: int) -> None:
    world.learner.set_password(PASSWORD)
    world.learner.save()
    path = reverse("files:upload", args=[world.centre.slug])
    print("\nUpload over a copy of the same bytes with its SHA-256 and fsync")
    with (
        TemporaryDirectory(dir=settings.DATA_DIR) as folder,
        uploads.signed_in(port, world.learner.email, PASSWORD) as (cookie, token),
    ):
        for size in (5, 200):
            found = uploads.ratio(
                size_mb=size, port=port, path=path, cookie=cookie, token=token, place=Path(folder)
            )
            asked = "" if size == 5 else _upload_verdict(found)
            print(f"  {size:>4} MB {found:>6.2f}× {asked}")


def _transfers(world: World, port: int) -> None:
    """What is sent is removed again: a disk that fills up is measured otherwise."""
    path = reverse("files:transfers", args=[world.centre.slug])
    print(
        "\nBy tus through nginx, with SHA-256 and fsync, over nginx's plain PUT of the same bytes"
    )
    ports = (_free_port(), _free_port(), _free_port())
    with (
        TemporaryDirectory(dir=settings.DATA_DIR) as folder,
        transfers.proxy(Path(folder), port, ports) as proxy,
        uploads.signed_in(port, world.learner.email, PASSWORD) as (cookie, token),
    ):
        sender = transfers.Sender(proxy, path, cookie, token, _forget)
        for size, at_most in TRANSFER_RATIOS.items():
            found = sender.ratios(size_mb=size, place=Path(folder))
            print(f"  {size:>4} MB, plain PUT {found.pop('put') * 1000:.0f} ms")
            for way, ratio in found.items():
                verdict = "reached" if ratio <= at_most else "NOT REACHED"
                print(f"    {way:20}{ratio:>6.2f}× {verdict} (≤ {at_most}×)")


def _forget(upload: str) -> None:
    blob = Upload.objects.select_related("blob").get(pk=upload).blob
    store.place_of(blob.sha256).unlink()


def _upload_verdict(found: float) -> str:
    return f"{'reached' if found <= UPLOAD_RATIO else 'NOT REACHED'} (≤ {UPLOAD_RATIO:.0f}×)"


def _previews(world: World, port: int) -> None:
    print("\nSeconds until a worker has something of a file to show, and all of it")
    with (
        TemporaryDirectory(dir=settings.DATA_DIR) as folder,
        uploads.signed_in(port, world.learner.email, PASSWORD) as (cookie, _token),
    ):
        for seen in previews.seconds(world, Path(folder)):
            print(f"  {seen.name:28}{seen.first:>6.1f} s{seen.all:>8.1f} s")
        jump = previews.jump(world, port, cookie, Path(folder))
    if jump is None:
        print("  A jump into a long film was NOT MEASURED: there is no Chromium here.")
        return
    print(
        f"  Playing a film of {jump.size / 1e6:.0f} MB from {previews.MOMENT} s:"
        f" {jump.transferred / 1e6:.1f} MB in {jump.seconds:.1f} s at {previews.MEGABITS} Mbit/s"
    )


def _pdf(world: World) -> None:
    report = Report.objects.create(portfolio=world.enrolment.portfolio, requested_by=world.admin)
    started = time.perf_counter()
    tasks.make_report(report.pk)
    spent = time.perf_counter() - started
    report.refresh_from_db()
    if not report.pages:
        raise RuntimeError(f"the PDF was not made: {report.error}")
    print(
        f"\nPortfolio PDF: {report.pages} pages in {spent:.1f} s,"
        f" {spent / report.pages:.3f} s a page"
    )


def _reports(edition: Edition) -> None:
    print("\nExports of whole portfolios, from the row to the signed and saved PDF")
    reports.measure(edition)


def _likenesses() -> None:
    print("\nOne new item compared with those of its centre")
    if connection.vendor != "postgresql":
        print("  measured on PostgreSQL")
        return
    found = likeness.measure()
    reached = "reached" if found.median_ms <= LIKENESS_MS else "NOT REACHED"
    print(
        f"  {found.items:,} items, {found.values:,} values: {found.median_ms:.0f} ms"
        f" (slowest {found.slowest_ms:.0f}, of it the search {found.search_ms:.0f}),"
        f" {found.flags} flags   {reached} (≤ {LIKENESS_MS} ms)"
    )


def _whole() -> None:
    print("\nAn assessor's day and the centre's overview")
    if connection.vendor != "postgresql":
        print("  measured on PostgreSQL")
        return
    whole.measure()


if __name__ == "__main__":
    main()
