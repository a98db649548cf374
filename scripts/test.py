"""Runs every test there is, part by part, and says at the end what each part came to.

python -m scripts.test [pytest's options]

A part that could not run is shouted about; under CI=true it fails the whole.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from scripts.services import postgres, redis
from scripts.system import ROOT, Problem, plain_failures, require_browser, require_nginx, say

WORKERS = str(min(4, max(2, os.cpu_count() or 1)))
SPREAD = ["-n", WORKERS, "--dist", "loadfile"]
ORDINARY = ["tests", "--ignore=tests/browser", "--ignore=tests/deploy", *SPREAD]
# What goes through the database and the queue; how pages look and feel is the same on both.
JOURNEYS = [
    f"tests/browser/test_{name}.py"
    for name in ("claims", "hiding", "likeness", "main_job", "marking", "uploads", "witness")
]
NO_TEST_FOUND = 5


@dataclass
class Part:
    name: str
    selection: list[str]
    servers: bool = False
    needs: Callable[[], None] = lambda: None


PARTS = [
    Part("SQLite", ORDINARY),
    Part("PostgreSQL and Redis", ORDINARY, servers=True),
    Part("Browser on SQLite", ["tests/browser"], needs=require_browser),
    Part("Browser on PostgreSQL and Redis", JOURNEYS, True, require_browser),
    Part("Deployment", ["tests/deploy", "--ignore=tests/deploy/test_nginx.py"], servers=True),
    Part("Deployment behind nginx", ["tests/deploy/test_nginx.py"], True, require_nginx),
]


@dataclass
class Outcome:
    part: Part
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    could_not: str = ""

    def line(self) -> str:
        if self.could_not:
            return f"{self.part.name}: COULD NOT RUN: {self.could_not}"
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.part.name}: {counts} in {self.seconds:.0f} s"


@dataclass
class Servers:
    """Started when the first part asks, and shared by the rest."""

    stack: ExitStack
    urls: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        if not self.urls:
            urls = {"DATABASE_URL": self.stack.enter_context(postgres())}
            urls["REDIS_URL"] = self.stack.enter_context(redis())
            self.urls = urls
        return self.urls


def main(options: list[str]) -> int:
    outcomes = []
    with ExitStack() as stack:
        servers = Servers(stack)
        for part in PARTS:
            say(f"\n=== {part.name} ===")
            outcomes.append(outcome_of(part, servers, options))
    return summary(outcomes)


def outcome_of(part: Part, servers: Servers, options: list[str]) -> Outcome:
    try:
        part.needs()
        environment = environment_for(part, servers)
    except Problem as problem:
        return Outcome(part, could_not=str(problem))
    with report_file() as report:
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", *part.selection, f"--junitxml={report}"]
        code = subprocess.run(
            [*command, *options], cwd=ROOT, env=environment, check=False
        ).returncode
        outcome = Outcome(part, time.monotonic() - started, *counts(report))
    if code == NO_TEST_FOUND and not options:
        outcome.could_not = "it has no tests"
    elif code not in (0, NO_TEST_FOUND):
        outcome.failed = max(1, outcome.failed)
    return outcome


def environment_for(part: Part, servers: Servers) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if not ours(name)}
    if part.servers:
        environment.update(servers.environment())
    return environment


def ours(name: str) -> bool:
    """What somebody set for their own running Signpost must not reach the tests."""
    if name == "SIGNPOST_CHROMIUM":
        return False
    return name.startswith("SIGNPOST_") or name in ("DATABASE_URL", "REDIS_URL")


@contextmanager
def report_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="signpost-report-") as folder:
        yield Path(folder) / "report.xml"


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed, skipped; a run that broke off before its report counts as nothing."""
    if not report.exists():
        return 0, 0, 0
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
    if suite is None:
        return 0, 0, 0
    every, failures, errors, skipped = (
        int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return max(0, every - failed - skipped), failed, skipped


def summary(outcomes: list[Outcome]) -> int:
    say("\n=== Summary ===")
    for outcome in outcomes:
        say(outcome.line())
    absent = [outcome for outcome in outcomes if outcome.could_not]
    if absent:
        say("\n!!! NOT EVERYTHING WAS TESTED: " + ", ".join(each.part.name for each in absent))
    passed, failed, skipped = (
        sum(getattr(each, name) for each in outcomes) for name in ("passed", "failed", "skipped")
    )
    if os.environ.get("CI") == "true":
        failed += len(absent)
    say(f"\n{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    # As after Ctrl-C, the servers are ended and their folders removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Signpost: stopped."))
    with plain_failures():
        sys.exit(main(sys.argv[1:]))
