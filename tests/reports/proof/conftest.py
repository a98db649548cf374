"""One small export, signed once; each test may spoil a copy of it."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from accounts.models import Centre
from files import store
from files.makers import signed
from files.models import Blob
from ledger.models import Stream
from ledger.record import record
from portfolio.models import Portfolio
from reports import pdf, signing
from reports.models import Report
from reports.proof import bundle
from reports.shelf import shelf
from reports.signing import self_signed
from tests.factories import Cast, make_portfolio

CODE = "PRFTST2345"
PAGES = 3


@dataclass(frozen=True)
class Sealed:
    """A signed PDF and what signed it."""

    path: Path
    certificate: str
    keys: Path


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return seal(tmp_path_factory.mktemp("sealed"))


def seal(folder: Path) -> Sealed:
    plain, place = folder / "plain.pdf", folder / "sealed.pdf"
    write_export(plain, CODE)
    with override_settings(KEYS_DIR=folder / "keys", TSA_URL=""):
        for slug in ("northgate-college", "southbank-training"):
            self_signed.make(Centre(name=slug.title(), slug=slug), years=1)
        certificate = signing.sign(
            pdf=plain, centre=centre_called("northgate-college"), target=place
        )
    return Sealed(place, certificate, folder / "keys")


def centre_called(slug: str) -> Centre:
    return Centre(name=slug.title(), slug=slug)


def write_export(place: Path, code: str) -> None:
    """Pages, a link to the page that checks them, two files inside and the manifest."""
    html = "".join(f"<h1>Page {n}</h1><p>Words.</p><p class=turn>" for n in range(1, PAGES + 1))
    style = "<style>.turn:not(:last-child) { break-after: page }</style>"
    link = f'<a href="https://signpost.example/verify/{code}/">Is it genuine?</a>'
    html = f"<html lang=en><title>Portfolio</title>{style}<body>{link}{html}"
    pdf.write(html, shelf=shelf([]), target=place)
    with pikepdf.open(place, allow_overwriting_input=True) as opened:
        check_at = f"https://signpost.example/verify/{code}/"
        manifest = json.dumps({"export": {"code": code, "check_at": check_at}}).encode()
        for name, held in {"letter.txt": b"Dear all", "manifest.json": manifest}.items():
            opened.attachments[name] = pikepdf.AttachedFileSpec(
                opened, held, mime_type="application/json" if "json" in name else "text/plain"
            )
        opened.save(place)


@pytest.fixture(autouse=True)
def _no_questions_counted_yet(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.DATA_DIR = tmp_path


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    return make_portfolio(cast.centre, cast.learner)


@pytest.fixture
def report(portfolio: Portfolio, sealed: Sealed, cast: Cast) -> Report:
    return finished(
        portfolio, sealed.path, certificate=sealed.certificate, code=CODE, by=cast.admin
    )


def finished(
    portfolio: Portfolio,
    place: Path,
    *,
    by: Any,
    certificate: str = "",
    code: str = "",
    choices: dict[str, Any] | None = None,
    at: datetime | None = None,
    names_centre: bool = True,
) -> Report:
    """As the worker leaves it: the bytes, the row, and the ledger's entry."""
    sha256, size = store.keep([place.read_bytes()])
    blob, _ = Blob.objects.get_or_create(
        sha256=sha256, defaults={"size": size, "media_type": "application/pdf"}
    )
    report = Report(
        portfolio=portfolio,
        requested_by=by,
        status="done",
        finished_at=at or timezone.now(),
        blob=blob,
        pages=PAGES,
        certificate=certificate,
        choices=choices or {},
    )
    report.code = code or report.code
    report.save()
    with transaction.atomic():
        note(portfolio, "report_requested", report)
        stream = Stream.objects.get(name=portfolio.stream)
        note(
            portfolio,
            "report_made",
            report,
            code=report.code,
            sha256=sha256,
            pages=PAGES,
            covers_head=stream.head,
            covers_length=stream.length,
            certificate=certificate,
            **({"centre": portfolio.centre.name} if names_centre else {}),
            **report.series,
        )
    return report


def note(portfolio: Portfolio, verb: str, report: Report, **facts: Any) -> None:
    with transaction.atomic():
        record(
            stream=portfolio.stream,
            verb=verb,
            subject=report,
            by=None,
            facts={"report": report.pk, **facts},
        )


def bundle_of(report: Report, place: Path) -> Path:
    place.write_bytes(b"".join(bundle.of_report(report)))
    return place


class Here:
    """Reads in this very process: for thousands of small files that we made ourselves."""

    def marks(self, place: Path) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {"code": set(), "certificate": set()}
        for facts in signed.marks_of(place):
            for kind, mark in facts.items():
                found[kind].add(mark)
        return found

    def signature(self, place: Path, *, moment: datetime) -> dict[str, Any] | None:
        return signed.signature_of(place, moment=moment)


def resaved(place: Path, **how: Any) -> bytes:
    held = io.BytesIO()
    with pikepdf.open(place) as opened:
        opened.save(held, **how)
    return held.getvalue()


@pytest.fixture
def unpacked(report: Report, tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    with zipfile.ZipFile(bundle_of(report, tmp_path / "bundle.zip")) as packed:
        packed.extractall(folder)
    return folder
