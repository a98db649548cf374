"""Takes a stranger's file into a temporary place of its own, and nowhere near the store."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

FIELD = "file"


class OneFile(TemporaryFileUploadHandler):
    """One file of the form; the rest of it goes nowhere. One that is too large is still read,
    within reason, because a browser shows an answer only once it has sent everything."""

    taking = taken = is_too_large = False

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        self.taking = field_name == FIELD and not self.taken
        if self.taking:
            self.taken = True
            super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        size = start + len(raw_data)
        if size > 2 * settings.MAX_UPLOAD_BYTES:
            raise StopUpload(connection_reset=True)
        if self.taking and size > settings.MAX_UPLOAD_BYTES:
            self.taking, self.is_too_large = False, True
            self.upload_interrupted()  # what was written so far is removed
        if self.taking:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        return super().file_complete(file_size) if self.taking else None
