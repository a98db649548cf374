import io
import re

import pikepdf
import pypdfium2 as pdfium
import pytest

from files.redaction import pages
from tests.files.redaction.conftest import SECRET, secret_jpeg

BOX = {"page": 1, "x": 0.1, "y": 0.05, "width": 0.8, "height": 0.2}


def secret_pdf(tmp_path, *, many=2):
    """Her name as text, in a note, in a form, in all the places where a PDF keeps things, and in
    an earlier state of the file."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for _ in range(many):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = pdf.make_stream(f"BT /F 40 Tf 100 740 Td ({SECRET}) Tj ET".encode())
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=[0, 0, 20, 20],
        Contents=pikepdf.String(SECRET),
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))
    pdf.attachments["face.jpg"] = pikepdf.AttachedFileSpec(pdf, secret_jpeg())
    pdf.docinfo["/Title"] = SECRET
    with pdf.open_metadata() as xmp:
        xmp["dc:title"] = SECRET
    pdf.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{SECRET}')")
    )
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(SECRET, 0))
    plain = io.BytesIO()
    pdf.save(plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    # An earlier state of the file stays in front of what was added to it.
    place = tmp_path / "source.pdf"
    place.write_bytes(plain.getvalue() + b"\n% " + SECRET.encode() + b"\n")
    return place


def hidden(source, tmp_path, marks=(BOX, {**BOX, "page": 2})):
    target = tmp_path / "copy.pdf"
    pages.hide(source, marks, target, lambda share: None)
    return target


def all_bytes(path):
    """The file as it is, and every stream and text in it unpacked."""
    with pikepdf.open(path) as pdf:
        inside = [
            obj.read_bytes()
            for obj in pdf.objects
            if isinstance(obj, pikepdf.Stream) and "/DCTDecode" not in str(obj.get("/Filter"))
        ]
        told = [
            obj.unparse(resolved=True) for obj in pdf.objects if not isinstance(obj, pikepdf.Stream)
        ]
    return b"\n".join([path.read_bytes(), *inside, *told])


def test_her_name_is_nowhere_in_the_copy(tmp_path):
    source = secret_pdf(tmp_path)
    assert SECRET.encode() in all_bytes(source)
    found = all_bytes(hidden(source, tmp_path))
    for spelt in (SECRET, SECRET.split()[0], SECRET.split()[1]):
        assert spelt.encode() not in found
        assert spelt.encode("utf-16-be") not in found


def test_there_is_no_text_to_select(tmp_path):
    source = secret_pdf(tmp_path)
    assert SECRET in pdfium.PdfDocument(source)[0].get_textpage().get_text_range()
    copy = pdfium.PdfDocument(hidden(source, tmp_path))
    assert [page.get_textpage().get_text_range() for page in copy] == ["", ""]


def test_the_copy_is_pictures_of_pages_and_nothing_else(tmp_path):
    copy = hidden(secret_pdf(tmp_path), tmp_path)
    with pikepdf.open(copy) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in pdf.trailer
        assert not pdf.attachments
        for page in pdf.pages:
            assert not {"/Annots", "/AA", "/Metadata", "/PieceInfo", "/Thumb"} & set(page.keys())
            assert [image.Subtype for image in page.images.values()] == [pikepdf.Name.Image]
        assert pdf.Root.get("/AcroForm") is None
    # One state of the file only.
    assert len(re.findall(rb"%%EOF", copy.read_bytes())) == 1


def test_under_the_box_all_is_black_and_elsewhere_the_page_is_seen(tmp_path):
    copy = pdfium.PdfDocument(hidden(secret_pdf(tmp_path), tmp_path, [BOX]))
    assert [copy[0].get_width(), copy[0].get_height()] == [595, 842]
    first, second = (page.render(scale=1).to_pil().convert("L") for page in copy)
    assert first.crop((65, 48, 530, 205)).getextrema()[1] < 12
    assert first.getpixel((300, 600)) > 240
    name = second.crop((65, 48, 530, 205)).getextrema()
    assert name[0] < 60  # on the other page it was not asked for
    assert name[1] > 240


def test_a_filled_form_is_seen_and_so_can_be_covered(tmp_path):
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    look = pdf.make_stream(b"1 0 0 rg 0 0 100 100 re f")
    look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    look.BBox = [0, 0, 100, 100]
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("n"),
            Rect=[0, 100, 100, 200],
            F=4,
            AP=pikepdf.Dictionary(N=look),
        )
    )
    page.Annots = pikepdf.Array([field])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
    source = tmp_path / "form.pdf"
    pdf.save(source)
    seen = pdfium.PdfDocument(hidden(source, tmp_path, []))[0].render(scale=1).to_pil()
    assert seen.getpixel((50, 50))[0] > 200
    assert seen.getpixel((50, 50))[1] < 60
    box = {"page": 1, "x": 0, "y": 0, "width": 0.5, "height": 0.5}
    gone = pdfium.PdfDocument(hidden(source, tmp_path, [box]))[0].render(scale=1).to_pil()
    assert max(gone.convert("L").crop((0, 0, 98, 98)).tobytes()) < 12


def test_a_page_that_lies_on_its_side_is_covered_as_it_is_seen(tmp_path):
    source = secret_pdf(tmp_path, many=1)
    with pikepdf.open(source, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(source)
    mark = {"page": 1, "x": 0.7, "y": 0, "width": 0.3, "height": 1}
    page = pdfium.PdfDocument(hidden(source, tmp_path, [mark]))[0]
    assert page.get_width() > page.get_height()
    assert page.render(scale=1).to_pil().convert("L").crop((40, 40, 580, 595)).getextrema()[0] > 240


def test_a_page_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(pages.NoSuchPage):
        hidden(secret_pdf(tmp_path), tmp_path, [{**BOX, "page": 3}])


def test_too_many_pages_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "MOST_PAGES", 1)
    with pytest.raises(pages.TooManyPages):
        hidden(secret_pdf(tmp_path), tmp_path)
