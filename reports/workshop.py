"""Where a PDF lies while it is made: beside the store, since a portfolio with its files may be
larger than memory, of which many a machine's temporary folder is a part."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from files.previews import workshop
from files.store import plain_failures
from reports.models import Report

# Nothing is made for so long; what is older was left by a worker that was killed.
LEFT_AFTER = 3 * 60 * 60


@contextmanager
def folder(report: Report) -> Iterator[Path]:
    """A folder of this attempt's own, gone when the block ends, however it ends."""
    workshop.sweep(older_than=LEFT_AFTER)
    own = _place() / f"report-{report.pk}-{report.attempts}"
    with plain_failures():
        own.mkdir(parents=True, exist_ok=True)
    try:
        yield own
    finally:
        shutil.rmtree(own, ignore_errors=True)


def clear(report: Report) -> None:
    """Remove what killed workers left of it."""
    for left in _place().glob(f"report-{report.pk}-*"):
        shutil.rmtree(left, ignore_errors=True)


def _place() -> Path:
    return Path(settings.BLOB_DIR, workshop.PLACE)
