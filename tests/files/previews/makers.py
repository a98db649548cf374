"""Films, documents and letters made for one test, and those made to hurt."""

import io
import math
import zipfile
from array import array
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import docx
import openpyxl
import pikepdf
from PIL import Image, ImageDraw

SECONDS = 2
RATE = 10
SOUND_RATE = {"libopencore_amrnb": 8000, "pcm_s16le": 16000, "libopus": 48000}
COLOURS = ("red", "green", "blue")


def film(
    form: str = "mp4",
    *,
    codec: str | None = "libx264",
    sound: str | None = "aac",
    size: tuple[int, int] = (96, 64),
    seconds: float = SECONDS,
    metadata: dict[str, str] | None = None,
    rotation: int = 0,
    options: dict[str, str] | None = None,
) -> bytes:
    """The left half white, the right half a colour for each second; a tone in every other one."""
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=options or {}) as target:
        target.metadata.update(metadata or {})
        pictures = _film_stream(target, codec, size) if codec else None
        voice = _sound_stream(target, sound) if sound else None
        if pictures:
            _draw(target, pictures, size, seconds)
        if voice:
            _speak(target, voice, seconds)
    return turned(out.getvalue(), rotation) if rotation else out.getvalue()


def pictures_at(
    moments: Sequence[float],
    form: str = "mp4",
    *,
    codec: str = "libx264",
    images: Sequence[Image.Image] = (),
    options: dict[str, str] | None = None,
) -> bytes:
    """A film whose pictures, or a red one again and again, come at these seconds."""
    images = images or [Image.new("RGB", (96, 64), "red")] * len(moments)
    out = io.BytesIO()
    with av.open(out, "w", format=form, options=options or {}) as target:
        stream = _film_stream(target, codec, images[0].size)
        for moment, image in zip(moments, images, strict=True):
            frame = av.VideoFrame.from_image(image)
            frame.pts, frame.time_base = round(moment * RATE), Fraction(1, RATE)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return out.getvalue()


def _film_stream(target: Any, codec: str, size: tuple[int, int]) -> Any:
    stream = target.add_stream(codec, rate=RATE)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    if codec == "libx265":
        stream.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
    return stream


def _sound_stream(target: Any, codec: str) -> Any:
    return target.add_stream(codec, rate=SOUND_RATE.get(codec, 44100), layout="mono")


def _draw(target: Any, stream: Any, size: tuple[int, int], seconds: float) -> None:
    for number in range(round(seconds * RATE)):
        image = Image.new("RGB", size, "white")
        colour = COLOURS[number // RATE % len(COLOURS)]
        ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill=colour)
        frame = av.VideoFrame.from_image(image)
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        target.mux(stream.encode(frame))
    target.mux(stream.encode(None))


def _speak(target: Any, stream: Any, seconds: float) -> None:
    rate, step, done = stream.codec_context.sample_rate, 800, 0
    while done < seconds * rate:
        loud = 16000 if done // rate % 2 == 0 else 0
        tone = array("h", (int(loud * math.sin((done + at) / 4)) for at in range(step)))
        frame = av.AudioFrame(format="s16", layout="mono", samples=step)
        frame.planes[0].update(tone.tobytes())
        frame.sample_rate, frame.pts, frame.time_base = rate, done, Fraction(1, rate)
        target.mux(stream.encode(frame))
        done += step
    target.mux(stream.encode(None))


def turned(mp4: bytes, degrees: int) -> bytes:
    """As a phone held upright writes it: filmed on its side, with a matrix that says so."""
    at = mp4.index(b"tkhd") + 4 + 40
    cos, sin = round(math.cos(math.radians(degrees))), round(math.sin(math.radians(degrees)))
    matrix = (cos, sin, 0, -sin, cos, 0, 0, 0, 0x4000)
    plain = b"".join((value * 0x10000 & 0xFFFFFFFF).to_bytes(4, "big") for value in matrix)
    return mp4[:at] + plain + mp4[at + 36 :]


def pdf(pages: list[str], **page: Any) -> bytes:
    """A page for each text, in Helvetica, an inch from the left and ten from the bottom."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for text in pages:
        made = document.add_blank_page(page_size=(612, 792))
        made.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        lines = "".join(f"({line}) Tj T* " for line in text.split("\n"))
        content = f"BT /F1 24 Tf 28 TL 72 720 Td {lines} ET".encode()
        made.Contents = document.make_stream(content)
        for name, value in page.items():
            made.obj[f"/{name}"] = value
    return saved(document)


def saved(document: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def many_pages(count: int) -> bytes:
    """One page, counted again and again."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(100, 100))
    page = document.pages[0].obj
    document.Root.Pages.Kids = pikepdf.Array([page] * count)
    document.Root.Pages.Count = count
    return saved(document)


def word(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, values in zip(made.rows, table, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_entry(office: bytes, name: str, data: bytes) -> bytes:
    """The same Office file with one of its inner files replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        assert name in old.namelist()
        for entry in old.namelist():
            new.writestr(entry, data if entry == name else old.read(entry))
    return out.getvalue()


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
