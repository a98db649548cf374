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


COLUMNS = """\
<style>
  @page { size: A5; margin: 2cm; @top-left { content: "ENGXX9" }
          @bottom-left { content: "ENGXX9 Work safely in a workshop" }
          @bottom-right { content: counter(page) } }
  .page { break-before: page; width: 100% }
  .head { width: 3.2cm; vertical-align: top; font-weight: bold }
  .label { width: 1cm; vertical-align: top }
</style>
<h1>Work safely in a workshop</h1>
<table class="page"><tr><td class="head">Performance criteria</td><td>
  <p>Prepare to work safely</p><p>You must be able to:</p><table>
  <tr><td class="label">P1</td><td>identify the hazards in the workshop that affect you, and those
  that affect other people who work there</td></tr>
  <tr><td class="label">P2</td><td>tell your supervisor</td></tr>
  <tr><td class="label">P3</td><td>use the right Personal Protective Equipment for the job in hand
  and store it afterwards in the place provided</td></tr></table></td></tr></table>
<table class="page"><tr><td class="head">Knowledge and understanding</td><td>
  <p>You need to know and understand:</p><table>
  <tr><td class="label">K1</td><td>what the law says about hazards in workshops of the size and kind
  that you work in</td></tr>
  <tr><td class="label">K2</td><td>who to tell</td></tr></table></td></tr></table>
<table class="page">
  <tr><td class="head">Developed by</td><td>Skills Body</td></tr>
  <tr><td class="head">Version number</td><td>2</td></tr>
  <tr><td class="head">Indicative review date</td><td>March 2020</td></tr>
  <tr><td class="head">Originating organisation</td><td>Skills Body</td></tr>
  <tr><td class="head">Original URN</td><td>ENGXX8</td></tr>
  <tr><td class="head">Key words</td><td>safe; workshop; hazards; risk; machine tools</td></tr>
</table>
"""


def test_headings_in_a_narrow_column_beside_their_text():
    data = HTML(string=COLUMNS).write_pdf()
    assert data is not None
    (standard,) = read_bytes(data)
    assert (standard.urn, standard.title) == ("ENGXX9", "Work safely in a workshop")
    assert [(c.code, c.text, c.group) for c in standard.performance] == [
        (
            "P1",
            "identify the hazards in the workshop that affect you, and those that affect other "
            "people who work there",
            "Prepare to work safely",
        ),
        ("P2", "tell your supervisor", "Prepare to work safely"),
        (
            "P3",
            "use the right Personal Protective Equipment for the job in hand and store it "
            "afterwards in the place provided",
            "Prepare to work safely",
        ),
    ]
    assert [c.text for c in standard.knowledge] == [
        "what the law says about hazards in workshops of the size and kind that you work in",
        "who to tell",
    ]
    metadata = standard.metadata
    assert (metadata.version, metadata.review_on) == ("2", "2020-03")
    assert (metadata.originating_organisation, metadata.original_urn) == ("Skills Body", "ENGXX8")
    assert metadata.keywords == ("safe", "workshop", "hazards", "risk", "machine tools")
    assert standard.warnings == ()
