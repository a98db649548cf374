"""The store in a bucket of S3, or of what speaks as S3 does. Read and written by `files.store`
and `files.serving` alone; loaded only where the settings name a bucket."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
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
# A worker has more: what it sends may be large, and it may be hours before it can begin again.
STEADFAST = {"connect_timeout": 5, "read_timeout": 60, "retries": {"total_max_attempts": 3}}
PIECE = 16 * 1024 * 1024  # lies in memory while it leaves
MOST_PIECES = 10_000  # that S3 makes one object of
CHECKED = {"ChecksumAlgorithm": "CRC32"}  # what is sent must say so from the beginning


class Bucket(S3Storage):
    """Names are digests: what lies under one never changes and is never written twice."""

    patience: dict[str, Any] = PATIENCE

    def __init__(self, **options: Any) -> None:
        style = {"addressing_style": "path" if options.get("endpoint_url") else "virtual"}
        config = Config(signature_version="s3v4", s3=style, **self.patience)
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


class Archives(Bucket):
    """Where archives are put for others to fetch: a bucket of its own, so that nobody who may read
    them may read what people handed in. An object is there only once all of it is."""

    patience = STEADFAST

    def begin(self, key: str, *, content_type: str) -> "Pieces":
        with _translated(_not_taken):
            answer = self.client.create_multipart_upload(
                Bucket=self.bucket_name, Key=key, ContentType=content_type, **CHECKED
            )
        return Pieces(self, key, answer["UploadId"])

    def in_pieces(self, chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
        """What comes in chunks of any size, `size` bytes in all, in pieces as they leave; only
        the last may be smaller than the others."""
        most, found = max(PIECE, -(-size // MOST_PIECES)), bytearray()
        for chunk in chunks:
            found += chunk
            while len(found) >= most:
                yield bytes(found[:most])
                del found[:most]
        if found:
            yield bytes(found)

    def clear(self, key: str) -> None:
        """Nothing lies under this name, nor is on its way there, whoever began it."""
        with _translated(_not_taken):
            for upload in self.unfinished(key):
                with suppress(self.client.exceptions.NoSuchUpload):  # it came to an end just now
                    self.client.abort_multipart_upload(
                        Bucket=self.bucket_name, Key=key, UploadId=upload
                    )
            self.client.delete_object(Bucket=self.bucket_name, Key=key)

    def unfinished(self, key: str) -> list[str]:
        pages = self.client.get_paginator("list_multipart_uploads")
        return [
            each["UploadId"]
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=key)
            for each in page.get("Uploads", [])
            if each["Key"] == key
        ]


@dataclass
class Pieces:
    """One object on its way. Until `finish` it can be read by nobody."""

    bucket: Archives
    key: str
    upload: str
    there: list[dict[str, Any]] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        number = len(self.there) + 1
        with _translated(_not_taken):
            answer = self.bucket.client.upload_part(
                **self._told, PartNumber=number, Body=data, **CHECKED
            )
        known = {name: answer[name] for name in ("ETag", "ChecksumCRC32") if name in answer}
        self.there.append({"PartNumber": number, **known})

    def finish(self) -> None:
        with _translated(_not_taken):
            self.bucket.client.complete_multipart_upload(
                **self._told, MultipartUpload={"Parts": self.there}
            )

    @property
    def _told(self) -> dict[str, str]:
        return {"Bucket": self.bucket.bucket_name, "Key": self.key, "UploadId": self.upload}


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


def _not_taken(error: Exception) -> Refused:
    logger.error("An archive could not be put into its bucket: %s", error)
    return NotStored(
        _(
            "The bucket does not take the archive just now. Try again later; if that does not"
            " help, tell whoever runs the server."
        )
    )
