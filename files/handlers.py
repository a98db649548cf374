"""Receives uploads straight into the store's temporary file, hashed as they come.

Nothing is copied a second time. What is refused on the way (too large, disk full) is still
read to its end, because a browser shows our answer only once it has sent everything.
"""

import io
from typing import Any, NoReturn

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser

from files.checks import too_large
from files.refusals import Refused
from files.store import Incoming

CHUNK = 1024 * 1024


class StoredUpload(UploadedFile):
    """An uploaded file whose bytes lie in the store's temporary file."""

    def __init__(
        self, *, incoming: Incoming | None, refusal: Refused | None, sent_name: str, **known: Any
    ) -> None:
        file = incoming.path.open("rb") if incoming else io.BytesIO()
        super().__init__(file=file, name="upload", **known)
        self.incoming = incoming
        self.refusal = refusal
        self.sent_name = sent_name
        self.name = _plain(sent_name) or "upload"

    def taken(self) -> Incoming:
        """The file on its way into the store, or the reason why it was refused."""
        if self.refusal or not self.incoming:
            raise self.refusal or too_large()
        return self.incoming

    def close(self) -> None:
        super().close()
        if self.incoming:
            self.incoming.discard()


def _plain(sent_name: str) -> str:
    """A name to show and to note: no folder in it, and nothing that can't be seen or stored."""
    last = sent_name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(filter(str.isprintable, last)).strip(". ")


class BlobUploadHandler(FileUploadHandler):
    """Parses the request itself: Django's parser hides the name that was really sent."""

    chunk_size = CHUNK

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 (Django's name)
        content_length: int,
        boundary: bytes,
        encoding: str | None = None,
    ) -> tuple[Any, Any]:
        receiver = Receiver(self.request)
        try:
            return NamesAsSent(META, input_data, [receiver], encoding).parse()
        except BaseException:
            receiver.upload_interrupted()
            raise

    def receive_data_chunk(self, raw_data: bytes, start: int) -> NoReturn:
        raise NotImplementedError("handle_raw_input has received everything")

    file_complete = receive_data_chunk


class NamesAsSent(MultiPartParser):
    def sanitize_file_name(self, file_name: str) -> str:
        """Left as sent: `files.checks` refuses what is wrong with a name, and says so."""
        return file_name


class Receiver(FileUploadHandler):
    chunk_size = CHUNK

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.incoming: Incoming | None = None
        self.refusal: Refused | None = None
        user = getattr(request, "user", None)
        # Django reads the body before it asks who is there: a stranger's file goes nowhere.
        self.known = bool(user and user.is_authenticated)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.incoming = self.refusal = None
        if self.known:
            self._trying(self._begin)

    def _begin(self) -> None:
        self.incoming = Incoming()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        size = start + len(raw_data)
        if self.incoming and size > settings.MAX_UPLOAD_BYTES:
            self._refuse(too_large())
        if self.incoming:
            self._trying(self.incoming.write, raw_data)
        elif size > 2 * settings.MAX_UPLOAD_BYTES:
            raise StopUpload(connection_reset=True)

    def _trying(self, step: Any, *args: Any) -> None:
        try:
            step(*args)
        except Refused as refusal:
            self._refuse(refusal)

    def _refuse(self, refusal: Refused) -> None:
        self.refusal = refusal
        self.upload_interrupted()

    def file_complete(self, file_size: int) -> StoredUpload | None:
        if not self.known:
            return None
        if self.incoming:
            self._trying(self.incoming.finish)
        incoming, self.incoming = self.incoming, None
        return StoredUpload(
            incoming=incoming,
            refusal=self.refusal,
            sent_name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def upload_interrupted(self) -> None:
        if self.incoming:
            self.incoming.discard()
            self.incoming = None
