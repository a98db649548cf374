"""A draft with a written account and files whose previews are ready, and places in them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from files.models import Blob, Preview, PreviewPart
from files.store import keep
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.models import Claim, Enrolment, EvidenceFile, EvidenceVersion, Portfolio
from tests.factories import Cast, make_claims, make_edition, make_enrolment, make_version

ACCOUNT = (
    "<p>I rang Mrs Bell and heard her out.</p>\n<ul>\n<li>She was cross &amp; tired.</li>\n"
    "<li>I rang her back on <strong>Friday</strong> 🙂 as I had promised.</li>\n</ul>\n"
    "<p>She thanked me.</p>"
)
PAGES = ["Dear Mrs Bell,\nthank you for your call.", "Yours sincerely,\nAmira Khan", "Copy"]
LETTER = "I am sorry.\nI will ring you on Friday.\nI am sorry."


@pytest.fixture
def enrolment(cast: Cast, portfolio: Portfolio) -> Enrolment:
    return make_enrolment(portfolio, make_edition(performance=4, knowledge=2), cast.assessor)


@pytest.fixture
def draft(portfolio: Portfolio) -> EvidenceVersion:
    return make_version(portfolio, account="As told.", account_html=ACCOUNT)


@pytest.fixture
def claim(draft: EvidenceVersion, enrolment: Enrolment) -> Claim:
    return make_claims(draft, enrolment, "P4")[0]


def make_blob(data: bytes, media_type: str) -> Blob:
    sha256, size = keep([data])
    return Blob.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": media_type}
    )[0]


def make_file(
    version: EvidenceVersion,
    name: str,
    kind: str,
    *,
    data: bytes = b"",
    media_type: str = "application/pdf",
    status: str = "ready",
    parts: tuple[tuple[str, int, str], ...] = (),
    **facts: Any,
) -> EvidenceFile:
    blob = make_blob(data or name.encode(), media_type)
    preview = Preview.objects.create(blob=blob, kind=kind, status=status, facts=facts)
    for role, number, text in parts:
        PreviewPart.objects.create(
            preview=preview,
            role=role,
            number=number,
            blob=make_blob(text.encode(), "text/plain"),
        )
    order = version.files.count() + 1
    return EvidenceFile.objects.create(version=version, blob=blob, name=name, order=order)


def words(text: str) -> str:
    return json.dumps({"text": text, "words": []})


@pytest.fixture
def letter(draft: EvidenceVersion) -> EvidenceFile:
    parts = (("text", 1, LETTER),)
    return make_file(draft, "letter.txt", "text", media_type="text/plain", parts=parts)


@pytest.fixture
def pages(draft: EvidenceVersion) -> EvidenceFile:
    parts = tuple(("words", number, words(text)) for number, text in enumerate(PAGES, 1))
    return make_file(draft, "letter.pdf", "pages", parts=parts, pages=len(PAGES))


@pytest.fixture
def photo(draft: EvidenceVersion) -> EvidenceFile:
    return make_file(draft, "shop.jpg", "picture", media_type="image/jpeg", width=800, height=600)


@pytest.fixture
def film(draft: EvidenceVersion) -> EvidenceFile:
    return make_file(draft, "film.mp4", "film", media_type="video/mp4", duration=240.04)


Plain = Callable[..., dict[str, Any]]


@pytest.fixture
def on() -> Plain:
    """The plain form of a place in a file."""

    def plain(file: EvidenceFile, kind: str, **fields: Any) -> dict[str, Any]:
        return {"kind": kind, "file": file.pk, "sha256": file.blob.sha256, **fields}

    return plain


@pytest.fixture
def said(draft: EvidenceVersion) -> Plain:
    """The plain form of a passage of the account, where it first stands."""

    def plain(quote: str, **fields: Any) -> dict[str, Any]:
        text = account_text(draft)
        start = text.find(quote)
        return {
            "kind": "passage",
            "file": None,
            "sha256": sha256_of(text),
            "quote": quote,
            "prefix": text[max(0, start - 10) : start],
            "suffix": text[start + len(quote) :][:10],
            "start": start,
        } | fields

    return plain
