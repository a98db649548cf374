"""tus 1.0, as far as it is headers: what a request says, and what is wrong with it.

https://tus.io/protocols/resumable-upload, with creation, creation-with-upload, checksum,
expiration and termination.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"
CHECKSUMS = ("sha1", "sha256")
BYTES = "application/offset+octet-stream"
MISMATCH = 460
MAX_METADATA = 4000
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
OVERRIDABLE = ("PATCH", "DELETE", "HEAD")


class Unfit(Exception):
    """A request that the protocol does not allow. The sentence is for whoever wrote the client."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Checksum:
    algorithm: str
    digest: bytes

    def start(self) -> "hashlib._Hash":
        # Named by the protocol, and asked whether bytes came over well, not who sent them.
        return hashlib.new(self.algorithm, usedforsecurity=False)


def check_version(headers: Mapping[str, str]) -> None:
    if headers.get("Tus-Resumable") != VERSION:
        raise Unfit(412, _("This server speaks tus 1.0.0."))


def method_meant(method: str, headers: Mapping[str, str]) -> str:
    """The method, for clients that can only post."""
    asked = headers.get("X-HTTP-Method-Override", "").upper()
    return asked if method == "POST" and asked in OVERRIDABLE else method


def number_in(headers: Mapping[str, str], name: str) -> int:
    value = headers.get(name, "")
    if not NUMBER.fullmatch(value):
        raise Unfit(400, _("%s has to be a number.") % name)
    return int(value)


def carries_bytes(headers: Mapping[str, str]) -> bool:
    return headers.get("Content-Type", "") == BYTES


def length_in(headers: Mapping[str, str]) -> int:
    if "Upload-Defer-Length" in headers:
        raise Unfit(400, _("Upload-Length has to be known at the start."))
    return number_in(headers, "Upload-Length")


def checksum_in(headers: Mapping[str, str]) -> Checksum | None:
    if "Upload-Checksum" not in headers:
        return None
    algorithm, _space, value = headers["Upload-Checksum"].partition(" ")
    if algorithm not in CHECKSUMS:
        raise Unfit(400, _("Checksums may be sha1 or sha256."))
    checksum = Checksum(algorithm, _decoded(value))
    if len(checksum.digest) != checksum.start().digest_size:
        raise Unfit(400, _("The checksum is not of its algorithm's length."))
    return checksum


def metadata_in(headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The header as sent, which is given back, and what it says."""
    sent = headers.get("Upload-Metadata", "")
    if len(sent) > MAX_METADATA:
        raise Unfit(400, _("Upload-Metadata is too long."))
    said: dict[str, str] = {}
    for pair in filter(None, map(str.strip, sent.split(","))):
        key, _space, value = pair.partition(" ")
        if key in said:
            raise Unfit(400, _("Upload-Metadata says something twice."))
        said[key] = _text(value)
    return sent, said


def _text(value: str) -> str:
    try:
        return _decoded(value).decode()
    except UnicodeDecodeError as error:
        raise Unfit(400, _("Upload-Metadata has to be UTF-8.")) from error


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unfit(400, _("A header is not proper Base64.")) from error


def about(**headers: Any) -> dict[str, str]:
    """Headers by name, `upload_offset=1` as Upload-Offset: 1; those without a value stay out."""
    return {
        name.replace("_", "-").title(): str(value)
        for name, value in headers.items()
        if value not in (None, "")
    }
