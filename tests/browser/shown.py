"""A submitted item with a file of every kind, each with its preview made, for the viewers."""

import io
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from PIL import Image, ImageDraw

from files import previews
from files.actions import keep_bytes
from files.models import Preview
from files.previews import making
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.models import Anchor, Claim, EvidenceFile, EvidenceVersion
from tests.factories import (
    Cast,
    make_cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
)
from tests.files.previews import makers

SRT = b"1\n00:00:00,000 --> 00:00:02,000\nGood morning, Mr Hale.\n"
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "mp4": "video/mp4",
    "wav": "audio/wav",
    "txt": "text/plain",
    "srt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "eml": "message/rfc822",
    "zip": "application/zip",
    "csv": "text/csv",
}


@dataclass
class Item:
    cast: Cast
    version: EvidenceVersion
    files: dict[str, EvidenceFile] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"/c/{self.cast.centre.slug}/evidence/{self.version.evidence_id}/"

    def large(self, name: str, query: str = "") -> str:
        return f"/c/{self.cast.centre.slug}/evidence/files/{self.files[name].pk}/{query}"

    def add(self, name: str, data: bytes) -> EvidenceFile:
        blob = keep_bytes(chunks=[data], media_type=TYPES[name.rpartition(".")[2]])
        made = EvidenceFile.objects.create(
            version=self.version, blob=blob, name=name, order=len(self.files)
        )
        self.files[name] = made
        preview = previews.ask(blob)
        if preview.status == Preview.Status.QUEUED:
            making.make(preview.pk)
        return made

    def claim(self, code: str) -> Claim:
        return self.version.claims.get(criterion__code=code)

    def anchor(self, name: str | None, code: str, kind: str, **fields: Any) -> Anchor:
        file = self.files[name] if name else None
        sha256 = file.blob.sha256 if file else sha256_of(account_text(self.version))
        return Anchor.objects.create(
            claim=self.claim(code),
            file=file,
            sha256=sha256,
            kind=kind,
            made_by=self.cast.learner,
            **fields,
        )


def make_item() -> Item:
    cast = make_cast()
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, make_edition(performance=6), cast.assessor)
    version = make_version(
        portfolio,
        title="A call with Mr Hale",
        account_html="<p>I rang <em>Mr Hale</em> back &amp; asked what he needed.</p>\n"
        "<p>He said that the delivery had come late twice.</p>",
    )
    make_claims(version, enrolment)
    return Item(cast, version)


def photo(size: tuple[int, int] = (900, 1200)) -> bytes:
    image = Image.new("RGB", size, "#d8e4ea")
    draw = ImageDraw.Draw(image)
    wide, high = size
    draw.rectangle((wide * 0.15, high * 0.55, wide * 0.85, high * 0.95), fill="#7a5230")
    draw.rectangle((wide * 0.3, high * 0.15, wide * 0.7, high * 0.4), fill="#b5302a")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"] = "Mr Hale <hale@example.org>"
    message["To"] = "Amira Khan <amira@example.org>"
    message["Subject"] = "Thank you for ringing back"
    message["Date"] = "Mon, 05 Oct 2026 09:30:00 +0100"
    message.set_content(
        "Dear Amira,\n\nthank you for ringing back. It came on time today.\n\nJ Hale"
    )
    message.add_attachment(photo((80, 60)), maintype="image", subtype="jpeg", filename="van.jpg")
    message.add_attachment(b"a note", maintype="text", subtype="plain", filename="note.txt")
    return message.as_bytes()


def book() -> bytes:
    calls = [["Day", "Calls", "Rang back"]] + [[f"{n} October", n * 3, n] for n in range(1, 130)]
    return makers.workbook({"Calls": calls, "Complaints": [["Name", "What"], ["Hale", "late"]]})


def letter() -> bytes:
    return makers.pdf(
        ["I rang her\nback today", "He was glad of it\nand said so twice", "The third page"]
    )
