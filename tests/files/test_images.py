"""The copy that others see: no place, no camera, no words; and pictures made to hurt."""

import io
from contextlib import suppress

import pytest
from PIL import Image

from files import images, kinds
from files.refusals import Refused
from tests.files import samples

KINDS = {
    "jpeg": (kinds.JPEG, samples.phone_jpeg()),
    "png": (kinds.PNG, samples.talkative_png()),
    "heic": (kinds.HEIF, samples.phone_heic()),
    "webp": (kinds.WEBP, samples.picture("WEBP", exif=samples.located(), xmp=b"51.5074 north")),
    "avif": (kinds.AVIF, samples.picture("AVIF", exif=samples.located())),
    "gif": (kinds.GIF, samples.animation()),
    "moving webp": (kinds.WEBP, samples.animation("WEBP")),
    "moving png": (kinds.PNG, samples.animation("PNG")),
}


def _gif_that_says_it_is_huge():
    data = samples.picture("GIF", (10, 10))
    return data[:6] + b"\xff\xff\xff\xff" + data[10:]


@pytest.fixture
def copy(tmp_path):
    def copy(kind, data):
        path = tmp_path / "picture"
        path.write_bytes(data)
        return images.shown_copy(path, kind)

    return copy


@pytest.mark.parametrize("name", KINDS)
def test_nothing_but_the_picture_is_left(copy, name):
    kind, original = KINDS[name]
    assert samples.SECRET.encode() in original, "the sample must carry what is to be removed"
    shown, _media_type = copy(kind, original)
    assert samples.SECRET.encode() not in shown
    with Image.open(io.BytesIO(shown)) as image:
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "comment", "Location", "photoshop"} & set(image.info)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("jpeg", "image/jpeg"),
        ("png", "image/png"),
        ("heic", "image/jpeg"),
        ("webp", "image/jpeg"),
        ("avif", "image/jpeg"),
        ("gif", "image/gif"),
        ("moving webp", "image/webp"),
    ],
)
def test_the_copy_is_of_a_kind_that_every_browser_shows(copy, name, media_type):
    assert copy(*KINDS[name])[1] == media_type


def test_the_copy_stands_upright(copy):
    shown, _ = copy(kinds.JPEG, samples.phone_jpeg((64, 48)))
    with Image.open(io.BytesIO(shown)) as image:
        assert image.size == (48, 64)


@pytest.mark.parametrize("name", ["gif", "moving webp", "moving png"])
def test_an_animation_still_moves(copy, name):
    shown, _ = copy(*KINDS[name])
    with Image.open(io.BytesIO(shown)) as image:
        assert image.n_frames == 3
        image.seek(1)
        assert image.convert("RGB").getpixel((5, 5))[1] > 100  # loads it, which tells how long
        assert image.info["duration"] == 80


def test_see_through_stays_see_through(copy):
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (200, 0, 0, 0)).save(out, "WEBP")
    shown, media_type = copy(kinds.WEBP, out.getvalue())
    assert media_type == "image/png"
    with Image.open(io.BytesIO(shown)) as image:
        assert image.getpixel((3, 3))[3] == 0


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "I;16", "LA"])
def test_every_way_to_write_colours(copy, mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, form)
    assert copy(kinds.JPEG if form == "JPEG" else kinds.PNG, out.getvalue())


def test_a_very_large_picture_is_shown_smaller(copy):
    shown, _ = copy(kinds.JPEG, samples.picture("JPEG", (9000, 3000)))
    with Image.open(io.BytesIO(shown)) as image:
        assert image.size == (4096, 1365)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (kinds.PNG, samples.png_bomb()),
        (kinds.PNG, samples.png_bomb(2_000_000_000, 2_000_000_000)),
        (kinds.JPEG, samples.picture("JPEG", (15000, 5000), progressive=True)),
        (kinds.GIF, _gif_that_says_it_is_huge()),
    ],
)
def test_more_pixels_than_memory(copy, kind, data, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(Refused, match="too many pixels"):
        copy(kind, data)


def test_too_long_an_animation(copy, monkeypatch):
    monkeypatch.setattr(images, "MAX_FRAMES", 2)
    with pytest.raises(Refused, match="too many pixels"):
        copy(kinds.GIF, samples.animation())


@pytest.mark.parametrize("name", ["jpeg", "png", "heic", "webp", "avif"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_picture_that_broke_off(copy, name, part):
    kind, data = KINDS[name]
    data = samples.phone_jpeg((400, 300)) if name == "jpeg" else data
    with pytest.raises(Refused):
        copy(kind, data[: int(len(data) * part)])


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_bytes_changed_at_random_are_shown_or_refused(copy, name):
    """Never a traceback, whatever Pillow makes of it."""
    kind, data = KINDS[name]
    for at in range(8, len(data), max(1, len(data) // 40)):
        broken = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        with suppress(Refused):
            copy(kind, broken)


def test_only_the_reader_of_its_own_kind_is_tried(copy):
    """An EPS or a TIFF named as something else never reaches the readers of those."""
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "TIFF")
    with pytest.raises(Refused, match="damaged"):
        copy(kinds.PNG, out.getvalue())
