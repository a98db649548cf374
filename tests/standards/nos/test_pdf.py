"""PDF files: their text layer, or a clear refusal."""

import io

import pikepdf
import pytest
from weasyprint import HTML

from standards.nos import NotAStandard, read_bytes

PAGE = """\
<style>
  @page { size: A5; margin: 3cm 1.5cm;
          @bottom-left { content: "LOGXX1 Load and secure vans " counter(page) } }
  h2 { break-before: page }
</style>
<h1>LOGXX1 Load and secure vans</h1>
<h3>Overview</h3><p>This standard is about loading vans and securing what is in them, so that
nothing moves on the way.</p>
<h2>Performance criteria</h2><p>You must be able to:</p>
<p>P1 check that the load is no heavier than the plate of the van allows, and that its
weight lies over the axle</p>
<p>P2 secure the load with straps that are fit for use</p>
<h2>Knowledge and understanding</h2><p>You need to know and understand:</p>
<p>K1 why loads move when a van brakes, and what the law in Great Britain says of it</p>
"""


@pytest.fixture(scope="module")
def pdf() -> bytes:
    data = HTML(string=PAGE).write_pdf()
    assert data is not None
    return data


def test_text_layer(pdf):
    (standard,) = read_bytes(pdf, filename="LOGXX1.pdf")
    assert (standard.urn, standard.title) == ("LOGXX1", "Load and secure vans")
    assert [c.text for c in standard.performance] == [
        "check that the load is no heavier than the plate of the van allows, and that its weight "
        "lies over the axle",
        "secure the load with straps that are fit for use",
    ]
    assert [c.text for c in standard.knowledge] == [
        "why loads move when a van brakes, and what the law in Great Britain says of it"
    ]
    assert standard.warnings == ()


def saved(document: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def test_locked(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        data = saved(document, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(NotAStandard, match="locked with a password"):
        read_bytes(data)


def test_pictures_of_pages():
    with pikepdf.new() as document:
        document.add_blank_page()
        data = saved(document)
    with pytest.raises(NotAStandard, match="no text layer"):
        read_bytes(data)


def test_too_many_pages():
    with pikepdf.new() as document:
        for _ in range(301):
            document.add_blank_page()
        data = saved(document)
    with pytest.raises(NotAStandard, match="more than 300 pages"):
        read_bytes(data)


def test_damaged(pdf):
    with pytest.raises(NotAStandard, match="damaged"):
        read_bytes(pdf[:200])
