"""Evidence of the cast's learner with something in it to hide."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from assessments import actions as assessing
from files.actions import receive
from files.models import Blob
from files.previews import ask
from files.previews.making import make as make_preview
from portfolio import actions
from portfolio.hiding import making
from portfolio.models import Enrolment, EvidenceFile, EvidenceVersion, Redaction
from tests.factories import Cast, make_claims, make_edition, make_enrolment, make_portfolio
from tests.files.redaction.conftest import SECRET, secret_jpeg

HER = {"x": 0.25, "y": 0.25, "width": 0.25, "height": 0.25}


@dataclass
class Item:
    """One item of evidence and the short way to hide something in it."""

    cast: Cast
    enrolment: Enrolment
    version: EvidenceVersion

    @property
    def file(self) -> EvidenceFile:
        return self.version.files.get()

    def submit(self) -> Any:
        return assessing.submit(version=self.version, declared=True, by=self.cast.learner)[0]

    def ask(self, marks: list[dict] | None = None, by: User | None = None, **more) -> Redaction:
        return actions.hide_in_file(
            file=self.file,
            marks=[HER] if marks is None else marks,
            by=by or self.cast.learner,
            **more,
        )

    def hide(self, marks: list[dict] | None = None, by: User | None = None, **more) -> Redaction:
        redaction = self.ask(marks, by, **more)
        making.make(redaction.pk)
        redaction.refresh_from_db()
        return redaction


@pytest.fixture
def enrolment(cast: Cast) -> Enrolment:
    portfolio = make_portfolio(cast.centre, cast.learner)
    return make_enrolment(portfolio, make_edition(), cast.assessor)


@pytest.fixture
def item_of(cast: Cast, enrolment: Enrolment) -> Callable[..., Item]:
    def make(*files: tuple[str, bytes], account: str = "I did it.", **said: Any) -> Item:
        uploads = [
            receive(file=SimpleUploadedFile(name, data), centre=cast.centre, by=cast.learner)
            for name, data in files
        ]
        described = {
            "title": "At the desk",
            "method": "work_product",
            "gathered_on": "2026-10-01",
            "personal_data": "none",
            **said,
        }
        described["gathered_on"] = enrolment.started_on
        version = actions.create_evidence(
            portfolio=enrolment.portfolio,
            account=account,
            uploads=uploads,
            by=cast.learner,
            **described,
        )
        make_claims(version, enrolment, "P1", "P2")
        return Item(cast, enrolment, version)

    return make


@pytest.fixture
def photo(item_of) -> Item:
    return item_of((f"{SECRET}.jpg", secret_jpeg()))


def prepared(blob: Blob) -> None:
    make_preview(ask(blob).pk)


def pdf_saying(words: str, pages: int = 1) -> bytes:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font)))
    page.Contents = pdf.make_stream(f"BT /F 24 Tf 100 700 Td ({words}) Tj ET".encode())
    for _again in range(1, pages):
        pdf.pages.append(page)
    pdf.docinfo["/Author"] = words
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
