"""The store in a bucket of S3, or of what speaks as S3 does. Read and written by `files.store`
and `files.serving` alone; loaded only where the settings name a bucket."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage

from files.refusals import NotReachable, NotStored, Refused

logger = logging.getLogger(__name__)

MISSING = ("404", "NoSuchKey")
# A person waits: a server that is away has to be noticed before they give up.
PATIENCE = {"connect_timeout": 3, "read_timeout": 20, "retries": {"total_max_attempts": 2}}


# Each piece lies in memory while it leaves; S3 takes ten thousand of them.
IN_PIECES = TransferConfig(multipart_chunksize=16 * 1024 * 1024, use_threads=False)


class Chunks:
    """What comes in chunks of any size, read like a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._left = iter(chunks), b""

    def read(self, size: int = -1) -> bytes:
        found = [self._left]
        have = len(self._left)
        while size < 0 or have < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            found.append(chunk)
            have += len(chunk)
        data = b"".join(found)
        cut = len(data) if size < 0 else size
        self._left = data[cut:]
        return data[:cut]


class Bucket(S3Storage):
    """Names are digests: what lies under one never changes and is never written twice."""

    def __init__(self, **options: Any) -> None:
        style = {"addressing_style": "path" if options.get("endpoint_url") else "virtual"}
        config = Config(signature_version="s3v4", s3=style, **PATIENCE)
        super().__init__(**options, client_config=config, default_acl=None)

    @property
    def client(self) -> Any:
        """Of this thread."""
        return self.connection.meta.client

    def put(self, key: str, path: Path) -> None:
        """An upload that breaks off leaves no object; S3 shows a whole one or none."""
        with _translated(_not_stored):
            if not self.exists(key):
                with path.open("rb") as file:
                    self.save(key, File(file))

    def put_chunks(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> None:
        """What is made as it leaves; if it breaks off, there is no object, or the one before."""
        with _translated(_not_stored):
            self.client.upload_fileobj(
                Chunks(chunks),
                self.bucket_name,
                key,
                ExtraArgs={"ContentType": content_type},
                Config=IN_PIECES,
            )

    def has(self, key: str) -> bool:
        with _translated(_not_reachable):
            return bool(self.exists(key))

    def fetch(self, key: str, path: Path) -> None:
        with _translated(_not_reachable):
            self.client.download_file(self.bucket_name, key, str(path))

    def read(self, key: str, span: range | None) -> BinaryIO:
        """The bytes, or a stretch of them, as they come over the network."""
        wanted = {"Range": f"bytes={span.start}-{span.stop - 1}"} if span else {}
        with _translated(_not_reachable):
            answer = self.client.get_object(Bucket=self.bucket_name, Key=key, **wanted)
        return answer["Body"]

    def address(self, key: str, *, content_type: str, disposition: str, seconds: int) -> str:
        """Where a browser may read it for a while, and as what it is told to take it."""
        headers = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
        return self.url(key, parameters=headers, expire=seconds)


@contextmanager
def _translated(refusal: Any) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in MISSING:
            raise FileNotFoundError(str(error)) from error
        raise refusal(error) from error
    except (BotoCoreError, Boto3Error) as error:
        raise refusal(error) from error


def _not_stored(error: Exception) -> Refused:
    logger.error("A file could not be stored: %s", error)
    return NotStored(
        _("Files cannot be stored just now, so nothing was saved. Tell your centre's admin.")
    )


def _not_reachable(error: Exception) -> Refused:
    logger.error("The store could not be read: %s", error)
    return NotReachable(_("Files cannot be opened just now. Try again in a few minutes."))
