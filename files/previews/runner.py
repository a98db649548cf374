"""Runs a maker in a process of its own and gives what it tells, or says how it ended.

A worker of Celery may not have children of multiprocessing; and a fresh process has no
database, no settings and no secrets in it.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from files.makers.limits import Limits

logger = logging.getLogger(__name__)

OUT_OF_MEMORY = 77  # what files.makers exits with
TOLD_OF_A_CRASH = 2000  # characters
# Nothing of ours: no addresses, no keys.
ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "PATH": os.defpath,
    "PYTHONDONTWRITEBYTECODE": "1",
    "MALLOC_ARENA_MAX": "2",  # each thread's own heap would count as used memory
    "OPENPYXL_LXML": "False",  # then it reads by defusedxml
}


class NotMade(Exception):
    """The file cannot be shown; `why` is a key of the table of reasons."""

    def __init__(self, why: str, words: dict[str, object] | None = None) -> None:
        super().__init__(why)
        self.why, self.words = why, words or {}


class Killed(Exception):
    """Somebody killed the maker: it says nothing about the file."""


@dataclass(frozen=True)
class Asked:
    maker: str
    source: Path
    folder: Path
    media_type: str
    verb: str = "make"
    long: bool = False
    asked: dict[str, Any] = field(default_factory=dict)
    bound: Limits | None = None  # where the limits for previews are not the right ones


def limits() -> Limits:
    return Limits(**settings.PREVIEW_LIMITS)


def told(job: Asked) -> Iterator[dict[str, Any]]:
    """Each thing as it is told; raises NotMade or Killed when it does not come to its end."""
    bound = job.bound or limits()
    seconds = bound.film_seconds if job.long else bound.seconds
    with tempfile.TemporaryFile() as errors, _process(errors) as process:
        late = threading.Event()
        timer = threading.Timer(seconds, _stop, [process, late])
        timer.daemon = True
        timer.start()
        try:
            _give(process, job, bound)
            ended = yield from _lines(process)
            code = process.wait()
        finally:
            timer.cancel()
        if not ended:
            raise _why(code, _tail(errors), late=late.is_set())


@contextmanager
def _process(errors: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "files.makers"],
        cwd=settings.BASE_DIR,
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _give(process: subprocess.Popen[bytes], job: Asked, bound: Limits) -> None:
    line = {
        **asdict(job),
        "source": str(job.source.resolve()),
        "folder": str(job.folder),
        "limits": asdict(bound),
        "parent": os.getpid(),
    }
    try:
        process.stdin.write(json.dumps(line).encode())  # type: ignore[union-attr]
        process.stdin.close()  # type: ignore[union-attr]
    except BrokenPipeError:
        pass  # it is dead already; how, its exit code tells


def _lines(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    for raw in process.stdout:  # type: ignore[union-attr]
        try:
            line = json.loads(raw)
        except ValueError:
            continue  # killed in the middle of a line, or a library's chatter
        if "none" in line:
            raise NotMade(line["none"]["why"], line["none"]["words"])
        if "end" in line:
            return True
        yield line
    return False


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _tail(errors: BinaryIO) -> str:
    size = errors.seek(0, os.SEEK_END)
    errors.seek(max(0, size - TOLD_OF_A_CRASH))
    return errors.read().decode("utf-8", "replace").strip()


def _why(code: int, said: str, *, late: bool) -> Exception:
    """What its end says about the file."""
    if late or code in (-signal.SIGXCPU,):
        return NotMade("too_slow")
    if code == OUT_OF_MEMORY:
        return NotMade("too_much_memory")
    if code == -signal.SIGXFSZ:
        return NotMade("too_large")
    if code in (-signal.SIGKILL, -signal.SIGTERM):
        return Killed(f"signal {-code}")
    logger.warning("A maker of previews ended with %s: %s", code, said)
    return NotMade("damaged")
