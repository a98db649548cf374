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
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from scripts.services import postgres, redis
from scripts.system import (
    ROOT,
    Problem,
    plain_failures,
    require_browser,
    require_nginx,
    require_token,
    say,
)

WORKERS = str(min(4, max(2, os.cpu_count() or 1)))
SPREAD = ["-n", WORKERS, "--dist", "loadfile"]
SIGNING = "tests/reports/signing/test_real_token.py"
APART = ["tests/browser", "tests/deploy", SIGNING]
ORDINARY = ["tests", *(f"--ignore={each}" for each in APART), *SPREAD]
# What goes through the database and the queue; how pages look and feel is the same on both.
JOURNEYS = [
    f"tests/browser/test_{name}.py"
    for name in ("claims", "hiding", "likeness", "main_job", "marking", "uploads", "witness")
]
TESTS_FAILED, NO_TEST_FOUND = 1, 5
FEW = 10  # more failures than these are no chance, and are not tried again


@dataclass
class Part:
    name: str
    selection: list[str]
    servers: bool = False
    needs: Callable[[], None] = lambda: None
    twice: bool = False  # what fails is tried once more, and the summary names it


PARTS = [
    Part("SQLite", ORDINARY),
    Part("PostgreSQL and Redis", ORDINARY, servers=True),
    Part("Browser on SQLite", ["tests/browser"], needs=require_browser, twice=True),
    Part("Browser on PostgreSQL and Redis", JOURNEYS, True, require_browser, twice=True),
    Part("Deployment", ["tests/deploy", "--ignore=tests/deploy/test_nginx.py"], servers=True),
    Part("Deployment behind nginx", ["tests/deploy/test_nginx.py"], True, require_nginx),
    Part("Signing with a token", [SIGNING], needs=require_token),
]


@dataclass
class Outcome:
    part: Part
    seconds: float = 0
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    could_not: str = ""
    at_second_try: list[str] = field(default_factory=list)

    def line(self) -> str:
        if self.could_not:
            return f"{self.part.name}: COULD NOT RUN: {self.could_not}"
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        line = f"{self.part.name}: {counts} in {self.seconds:.0f} s"
        if self.at_second_try:
            names = ", ".join(self.at_second_try)
            line += f"; {len(self.at_second_try)} passed at the second try: {names}"
        return line


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
    with tempfile.TemporaryDirectory(prefix="signpost-report-") as folder:
        started = time.monotonic()
        run = Run(part, environment, Path(folder), options)
        code, found = run.once()
        at_second_try: list[str] = []
        if part.twice and code == TESTS_FAILED and len(found.failing) <= FEW:
            say("\n--- What failed is tried once more ---")
            code, found, at_second_try = run.again(found)
        outcome = Outcome(part, time.monotonic() - started, *found.counts)
        outcome.at_second_try = at_second_try
    if code == NO_TEST_FOUND and not options:
        outcome.could_not = "it has no tests"
    elif code not in (0, NO_TEST_FOUND):
        outcome.failed = max(1, outcome.failed)
    return outcome


@dataclass
class Found:
    """What a run's report says; a run that broke off before its report found nothing."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failing: set[str] = field(default_factory=set)
    passing: set[str] = field(default_factory=set)

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.passed, self.failed, self.skipped


@dataclass
class Run:
    part: Part
    environment: dict[str, str]
    folder: Path
    options: list[str]

    def once(self, *more: str) -> tuple[int, Found]:
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", *self.part.selection]
        kept = [f"--junitxml={report}", "-o", f"cache_dir={self.folder / 'cache'}"]
        code = subprocess.run(
            [*command, *kept, *more, *self.options],
            cwd=ROOT,
            env=self.environment,
            check=False,
        ).returncode
        return code, found_in(report)

    def again(self, first: Found) -> tuple[int, Found, list[str]]:
        """Only what failed, in a process of its own. Whatever does not pass then has failed."""
        code, second = self.once("--last-failed", "--last-failed-no-failures=none")
        better = first.failing & second.passing
        still = first.failing - better
        both = Found(first.passed + len(better), len(still), first.skipped, still)
        return code or (TESTS_FAILED if still else 0), both, sorted(better)


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


def found_in(report: Path) -> Found:
    found = Found()
    if not report.exists():
        return found
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - our own file
    if suite is None:
        return found
    every, failures, errors, found.skipped = (
        int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")
    )
    found.failed = failures + errors
    found.passed = max(0, every - found.failed - found.skipped)
    for case in suite.iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            found.failing.add(name)
        elif case.find("skipped") is None:
            found.passing.add(name)
    found.passing -= found.failing
    return found


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
