"""Whatever is done to an export, what comes of it is not called genuine: neither by the database
nor by a bundle."""

import io
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from files.previews.runner import Asked, Killed, NotMade
from reports import signing
from reports.proof import Answer, Outcome, check
from reports.proof.answers import Register
from reports.proof.judging import judge
from reports.proof.offline import opened
from reports.proof.reading import LIMITS, Apart
from reports.proof.recorded import Database
from tests.reports.proof.conftest import CODE, Here, Sealed, bundle_of, centre_called, resaved

pytestmark = pytest.mark.django_db

FLIPS = 200
SEED = 20261122


@pytest.fixture
def registers(report: Any, tmp_path: Path) -> list[Register]:
    return [Database(), opened(bundle_of(report, tmp_path / "bundle.zip"))]


def both(place: Path, registers: list[Register], reader: Any = None) -> set[Outcome]:
    return {judge(place, register=each, reader=reader or Here()).outcome for each in registers}


def test_the_file_itself_is_genuine_by_both(sealed: Sealed, registers):
    assert both(sealed.path, registers) == {Outcome.LATEST}
    assert both(sealed.path, registers[1:], Apart()) == {Outcome.LATEST}


def flips(content: bytes) -> Iterator[tuple[int, bytes]]:
    dice = random.Random(SEED)
    for offset in dice.sample(range(len(content)), FLIPS):
        spoilt = bytearray(content)
        spoilt[offset] ^= 1 << dice.randrange(8)
        yield offset, bytes(spoilt)


def test_one_bit_anywhere(sealed: Sealed, registers, tmp_path):
    place = tmp_path / "flipped.pdf"
    missed = []
    for offset, spoilt in flips(sealed.path.read_bytes()):
        place.write_bytes(spoilt)
        # Its signature and its code are still there, so it is always known for what it was.
        if both(place, registers) != {Outcome.ALTERED}:
            missed.append(offset)
    assert missed == []


def page_removed(sealed: Sealed, _settings: Any) -> bytes:
    held = io.BytesIO()
    with pikepdf.open(sealed.path) as pdf:
        del pdf.pages[1]
        pdf.save(held)
    return held.getvalue()


def only_a_page_that_says_nothing_of_us(sealed: Sealed, _settings: Any) -> bytes:
    """The cover, the manifest and the signature are gone: nobody can tell any more."""
    held = io.BytesIO()
    with pikepdf.open(sealed.path) as pdf, pikepdf.new() as other:
        other.pages.append(pdf.pages[2])
        other.save(held)
    return held.getvalue()


def incremental_update(sealed: Sealed, _settings: Any) -> bytes:
    from_before = sealed.path.read_bytes()
    with pikepdf.open(sealed.path) as pdf:
        start = from_before.rindex(b"startxref")
        previous = int(from_before[start:].split()[1])
        number, size = pdf.Root.objgen[0], int(pdf.trailer.Size)
        root = pdf.Root.unparse(resolved=True).replace(b"/Lang", b"/Gnal")
    entry = f"{number} 0 obj\n".encode() + root + b"\nendobj\n"
    at = len(from_before) + 1
    table = (
        f"xref\n{number} 1\n{at:010d} 00000 n \ntrailer\n<< /Size {size} /Root {number} 0 R"
        f" /Prev {previous} >>\nstartxref\n{at + len(entry)}\n%%EOF\n"
    )
    return from_before + b"\n" + entry + table.encode()


def saved_again(sealed: Sealed, _settings: Any) -> bytes:
    return resaved(sealed.path)


def saved_again_packed(sealed: Sealed, _settings: Any) -> bytes:
    return resaved(
        sealed.path,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        recompress_flate=True,
        linearize=True,
    )


def without_signature(sealed: Sealed, _settings: Any) -> bytes:
    held = io.BytesIO()
    with pikepdf.open(sealed.path) as pdf:
        del pdf.Root.AcroForm
        del pdf.pages[0].Annots[-1]
        pdf.save(held)
    return held.getvalue()


def last_revision_cut_off(sealed: Sealed, _settings: Any) -> bytes:
    """What lay there before it was signed."""
    content = sealed.path.read_bytes()
    return content[: content.index(b"%%EOF") + 6]


def attachment_swapped(sealed: Sealed, _settings: Any) -> bytes:
    held = io.BytesIO()
    with pikepdf.open(sealed.path) as pdf:
        del pdf.attachments["letter.txt"]
        pdf.attachments["letter.txt"] = pikepdf.AttachedFileSpec(pdf, b"Dear nobody")
        pdf.save(held)
    return held.getvalue()


def signed_by_another_centre(sealed: Sealed, settings: Any) -> bytes:
    settings.KEYS_DIR = sealed.keys
    plain, target = settings.DATA_DIR / "plain.pdf", settings.DATA_DIR / "signed.pdf"
    plain.write_bytes(without_signature(sealed, settings))
    signing.sign(pdf=plain, centre=centre_called("southbank-training"), target=target)
    return target.read_bytes()


def signed_once_more_by_the_centre(sealed: Sealed, settings: Any) -> bytes:
    settings.KEYS_DIR = sealed.keys
    plain, target = settings.DATA_DIR / "plain.pdf", settings.DATA_DIR / "signed.pdf"
    plain.write_bytes(without_signature(sealed, settings))
    signing.sign(pdf=plain, centre=centre_called("northgate-college"), target=target)
    return target.read_bytes()


def second_half_missing(sealed: Sealed, _settings: Any) -> bytes:
    content = sealed.path.read_bytes()
    return content[: len(content) // 2]


def end_missing(sealed: Sealed, _settings: Any) -> bytes:
    return sealed.path.read_bytes()[:-40]


def a_byte_more(sealed: Sealed, _settings: Any) -> bytes:
    return sealed.path.read_bytes() + b"\n"


ALTERED = [
    page_removed,
    incremental_update,
    saved_again,
    saved_again_packed,
    without_signature,
    last_revision_cut_off,
    attachment_swapped,
    signed_by_another_centre,
    signed_once_more_by_the_centre,
    end_missing,
    a_byte_more,
]


@pytest.mark.parametrize("tamper", ALTERED, ids=lambda each: each.__name__)
def test_altered(
    tamper: Callable[[Sealed, Any], bytes], sealed: Sealed, registers, tmp_path, settings
):
    place = tmp_path / "altered.pdf"
    place.write_bytes(tamper(sealed, settings))
    assert place.read_bytes() != sealed.path.read_bytes()
    assert both(place, registers) == {Outcome.ALTERED}


def test_altered_is_told_by_the_process_of_its_own_too(sealed: Sealed, registers, tmp_path):
    place = tmp_path / "altered.pdf"
    place.write_bytes(saved_again_packed(sealed, None))
    assert check(place).outcome == Outcome.ALTERED


LOST = [second_half_missing, only_a_page_that_says_nothing_of_us]


@pytest.mark.parametrize("tamper", LOST, ids=lambda each: each.__name__)
def test_too_little_left_to_tell(tamper, sealed: Sealed, registers, tmp_path):
    place = tmp_path / "altered.pdf"
    place.write_bytes(tamper(sealed, None))
    assert both(place, registers) <= {Outcome.ALTERED, Outcome.NOT_OURS}


def bomb() -> bytes:
    """Sixty-four megabytes of spaces in a few kilobytes, where our code might be."""
    packed = zlib.compress(b" " * (64 << 20), 9)
    held = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        stream = pikepdf.Stream(pdf, b"")
        stream.write(packed, filter=pikepdf.Name.FlateDecode)
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        pdf.Root.Metadata = stream
        pdf.save(held, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return held.getvalue()


def test_a_bomb_is_not_unpacked(report, tmp_path):
    place = tmp_path / "bomb.pdf"
    place.write_bytes(bomb())
    assert check(place).outcome == Outcome.NOT_OURS
    tracemalloc.start()
    Here().marks(place)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 16 << 20


@pytest.mark.parametrize("end", [NotMade("too_slow"), NotMade("too_much_memory"), Killed("9")])
def test_what_was_found_before_a_limit_was_met_counts(end, report, tmp_path, monkeypatch):
    def stopped(_job: Asked) -> Iterator[dict[str, Any]]:
        yield {"facts": {"code": CODE}}
        raise end

    monkeypatch.setattr("reports.proof.reading.told", stopped)
    place = tmp_path / "long.pdf"
    place.write_bytes(b"%PDF-1.7")
    assert check(place).outcome == Outcome.ALTERED


@pytest.mark.parametrize("end", [NotMade("too_slow"), NotMade("damaged"), Killed("9")])
def test_a_signature_that_could_not_be_read_is_not_taken_for_good(end, report, sealed, monkeypatch):
    def stopped(_job: Asked) -> Iterator[dict[str, Any]]:
        raise end
        yield

    monkeypatch.setattr("reports.proof.reading.told", stopped)
    assert check(sealed.path) == Answer(Outcome.UNSURE, is_read=False)


@pytest.mark.parametrize("end", [NotMade("too_slow"), NotMade("damaged"), Killed("9")])
def test_of_what_could_not_be_read_nothing_is_said(end, report, tmp_path, monkeypatch):
    def stopped(_job: Asked) -> Iterator[dict[str, Any]]:
        raise end
        yield

    monkeypatch.setattr("reports.proof.reading.told", stopped)
    place = tmp_path / "long.pdf"
    place.write_bytes(b"%PDF-1.7")
    assert check(place) == Answer(Outcome.UNSURE, is_read=False)


@pytest.mark.parametrize("content", [b"", b"%PDF-", b"%PDF-1.7\n" + b"[" * 100_000])
def test_hardly_a_pdf(content, report, registers, tmp_path):
    place = tmp_path / "odd.pdf"
    place.write_bytes(content)
    assert both(place, registers) == {Outcome.NOT_OURS}


def test_a_hundred_megabytes_of_nothing(report, tmp_path):
    place = tmp_path / "zeros.pdf"
    with place.open("wb") as file:
        file.truncate(100 << 20)
    assert check(place).outcome == Outcome.NOT_OURS


def test_the_limits_are_tight():
    assert LIMITS.memory_mb <= 1024
    assert LIMITS.seconds <= 60
