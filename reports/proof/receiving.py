"""Takes a stranger's file into a temporary place of its own, and nowhere near the store."""

import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

FIELD = "file"
LEFT_AFTER = 60 * 60  # seconds; nothing is read for so long


class OnDisk(TemporaryUploadedFile):
    """Not in the system's folder, which may lie in memory, and under no name from outside."""

    def __init__(self, name: str) -> None:
        file = tempfile.NamedTemporaryFile(dir=folder(), prefix="file-")  # noqa: SIM115
        UploadedFile.__init__(self, file, name)


class OneFile(TemporaryFileUploadHandler):
    """One file of the form; the rest of it goes nowhere. One that is too large is still read,
    within reason, because a browser shows an answer only once it has sent everything."""

    taking = taken = is_too_large = False
    received = 0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        self.taking = field_name == FIELD and not self.taken
        if self.taking:
            self.taken = True
            self.file = OnDisk("portfolio.pdf")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > 2 * settings.MAX_UPLOAD_BYTES:
            self.is_too_large = True
            raise StopUpload(connection_reset=True)
        if self.taking and start + len(raw_data) > settings.MAX_UPLOAD_BYTES:
            self.taking, self.is_too_large = False, True
            self.upload_interrupted()  # what was written so far is removed
        if self.taking:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return super().file_complete(file_size) if self.taking else None


def folder() -> Path:
    """Empty, but for what is being read, and what a process left that was killed meanwhile."""
    place: Path = settings.DATA_DIR / "checks"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in place.glob("file-*"):
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - LEFT_AFTER:
                left.unlink()
    return place
