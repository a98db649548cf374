"""Where files lie while they are made: beside the store, for a film may be larger than memory,
of which many a machine's temporary folder is a part."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

PLACE = "making"
DAY = 24 * 60 * 60


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of one's own, gone when the block ends."""
    place = settings.BLOB_DIR / PLACE
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as own:
        yield Path(own)


def sweep(*, older_than: float = DAY) -> None:
    """Remove what killed workers left."""
    limit = time.time() - older_than
    for left in (settings.BLOB_DIR / PLACE).glob("*"):
        if left.stat().st_mtime < limit:
            shutil.rmtree(left, ignore_errors=True)
