"""Captions that were written for a recording: WebVTT, or SubRip made into it."""

import re

from files.models import Blob
from files.store import open_blob

MOST_BYTES = 2 * 1024 * 1024
SUBRIP_TIME = re.compile(r"(\d+:\d{2}:\d{2}),(\d{3})")


def as_webvtt(blob: Blob) -> str:
    with open_blob(blob) as file:
        written = file.read(MOST_BYTES)
    text = _decoded(written).replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("WEBVTT"):
        return text
    return "WEBVTT\n\n" + "\n".join(map(_line, text.strip("\n").split("\n"))) + "\n"


def _line(line: str) -> str:
    """Only the lines of times differ: a comma before the thousandths."""
    return SUBRIP_TIME.sub(r"\1.\2", line) if "-->" in line else line


def _decoded(written: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return written.decode("latin-1")
