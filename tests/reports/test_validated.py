"""Exports as somebody gets them, signed and with their files inside, before a validator."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from files import store
from reports import actions, making
from reports.options import Options, Paper, Scope
from reports.signing import self_signed
from tests.reports.builders import Story
from tests.reports.validating import ends_amiss, faults


@pytest.fixture(autouse=True)
def _the_centre_signs(story: Story, settings: Any, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    self_signed.make(story.cast.centre, years=1)


def exported(story: Story, options: Options) -> Path:
    report = actions.request_report(portfolio=story.portfolio, by=story.cast.admin, options=options)
    making.make(report.pk)
    report.refresh_from_db()
    assert (report.status, report.error) == ("done", "")
    assert report.certificate
    return store.place_of(report.blob.sha256)


def of_one_unit(story: Story) -> Options:
    unit = story.portfolio.enrolments.get()
    return Options(scope=Scope.UNITS, units=(unit.pk,), paper=Paper.LETTER)


ASKED: dict[str, Callable[[Story], Options]] = {
    "whole": lambda _story: Options(),
    "one unit, on letter paper": of_one_unit,
    "summary, in Welsh": lambda _story: Options(scope=Scope.SUMMARY, language="cy"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_an_export_breaks_no_rule(asked: str, story: Story):
    path = exported(story, ASKED[asked](story))
    assert faults(path) == []
    assert ends_amiss(path) == []


# And it would be seen ----------------------------------------------------------------------------


def elements(pdf: Pdf, kind: str) -> list[pikepdf.Object]:
    held = (each for each in pdf.objects if isinstance(each, Dictionary))
    return [each for each in held if each.get("/S") == Name(kind) and "/P" in each]


def no_words_for_a_figure(pdf: Pdf) -> None:
    del elements(pdf, "/Figure")[0].Alt


def not_tagged(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def no_language(pdf: Pdf) -> None:
    del pdf.Root.Lang


def an_item_without_a_list(pdf: Pdf) -> None:
    elements(pdf, "/L")[0].S = Name.Div


def a_link_that_is_a_paragraph(pdf: Pdf) -> None:
    elements(pdf, "/Link")[0].S = Name.P


def no_identifier_of_pdf_ua(pdf: Pdf) -> None:
    said = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(said.replace(b'pdfuaid:part="1"', b""))


def a_smoothed_picture(pdf: Pdf) -> None:
    pictures = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    next(each for each in pictures if "/Interpolate" in each).Interpolate = True


def a_font_left_out(pdf: Pdf) -> None:
    described = [each for each in pdf.objects if isinstance(each, Dictionary)]
    del next(each for each in described if "/FontFile2" in each).FontFile2


def no_colour_profile(pdf: Pdf) -> None:
    pdf.Root.OutputIntents = Array()


def a_file_that_says_nothing_of_itself(pdf: Pdf) -> None:
    del pdf.Root.AF[0].AFRelationship


BROKEN = {
    no_words_for_a_figure: "PDFUA1-FIGURE-ALTERNATIVE-TEXT",
    not_tagged: "PDFA3A-TAGGED-DOCUMENT",
    no_language: "PDFUA1-TEXT-LANGUAGE",
    an_item_without_a_list: "PDFUA1-LI-PARENT",
    a_link_that_is_a_paragraph: "PDFUA1-LINK-LINK-TAG",
    no_identifier_of_pdf_ua: "PDFUA1-ID-PART",
    a_smoothed_picture: "PDFA3A-IMAGE-INTERPOLATE",
    a_font_left_out: "PDFA3A-FONT-EMBEDDING",
    no_colour_profile: "PDFA3A-DEVICE-RGB",
    a_file_that_says_nothing_of_itself: "PDFA3A-FILE-SPEC-AF-RELATIONSHIP",
}


def test_what_is_broken_is_found(story: Story, tmp_path: Path):
    made, path = exported(story, Options()), tmp_path / "broken.pdf"
    unseen = []
    for damage, rule in BROKEN.items():
        with pikepdf.open(made) as opened:
            damage(opened)
            opened.save(path)
        if not any(each.startswith(rule) for each in faults(path)):
            unseen.append(damage.__name__)
    assert unseen == []


def test_a_stream_that_says_it_is_longer_is_found(story: Story, tmp_path: Path):
    data = exported(story, Options(scope=Scope.SUMMARY)).read_bytes()
    (tmp_path / "broken.pdf").write_bytes(data.replace(b"\nendstream", b"endstream", 1))
    assert len(ends_amiss(tmp_path / "broken.pdf")) == 1
