import io

import pillow_heif
import pytest
from PIL import Image, ImageCms

from files.redaction import pictures
from tests.files.redaction.conftest import SECRET, secret_jpeg

HER = {"x": 0.25, "y": 0.25, "width": 0.25, "height": 0.25}


def hidden(data, tmp_path, marks=(HER,)):
    source = tmp_path / "source"
    source.write_bytes(data)
    copy, media_type = pictures.hide(source, marks)
    return copy, media_type, Image.open(io.BytesIO(copy))


def is_red_left(image):
    red, green, _blue = image.convert("RGB").split()
    pairs = zip(red.tobytes(), green.tobytes(), strict=True)
    return any(r > 150 and g < 60 for r, g in pairs)


def test_not_a_pixel_under_the_box_is_left(tmp_path):
    _, media_type, image = hidden(secret_jpeg(), tmp_path)
    assert (media_type, image.size) == ("image/jpeg", (400, 300))
    # At the edge a JPEG mixes the colours of what is beside it, never of what was below.
    under = image.crop((108, 84, 192, 142)).convert("RGB").tobytes()
    assert max(under) < 12
    # Nor anywhere else: the red is gone, the rest is there.
    assert not is_red_left(image)
    assert image.getpixel((20, 20))[1] > 100


@pytest.mark.parametrize("x", [0.0, 0.2512, 0.9999])
def test_every_pixel_that_the_box_touches_is_covered(tmp_path, x):
    out = io.BytesIO()
    Image.new("RGB", (101, 77), "white").save(out, "PNG")
    mark = {"x": x, "y": 0.333, "width": 1 - x, "height": 0.111}
    _, media_type, image = hidden(out.getvalue(), tmp_path, [mark])
    assert media_type == "image/png"
    left, top, bottom = int(x * 101), int(0.333 * 77), int(0.444 * 77)
    assert image.crop((left, top, 101, bottom + 1)).getextrema() == ((0, 0),) * 3
    assert image.getpixel((50, top - 1)) == (255, 255, 255)


def test_nothing_but_pixels_comes_along(tmp_path):
    source = secret_jpeg()
    assert SECRET.encode() in source
    copy, _, image = hidden(source, tmp_path)
    assert SECRET.encode() not in copy
    assert not image.getexif()
    assert not image.getxmp()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert copy.count(b"\xff\xd8\xff") == 1  # no smaller picture of it inside


def test_the_box_lies_where_it_was_drawn_on_a_picture_that_is_turned(tmp_path):
    image = Image.new("RGB", (200, 100), "white")
    image.paste((255, 0, 0), (0, 0, 50, 50))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter, the corner top right
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    mark = {"x": 0.5, "y": 0, "width": 0.5, "height": 0.25}
    _, _, copy = hidden(out.getvalue(), tmp_path, [mark])
    assert copy.size == (100, 200)
    assert not is_red_left(copy)


def test_what_is_see_through_hides_nothing_under_the_box(tmp_path):
    image = Image.new("RGBA", (40, 40), (200, 10, 10, 0))
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=None)
    _, media_type, copy = hidden(out.getvalue(), tmp_path)
    assert (media_type, copy.mode) == ("image/png", "RGBA")
    assert copy.crop((10, 10, 20, 20)).getextrema() == ((0, 0), (0, 0), (0, 0), (255, 255))


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_every_frame_of_an_animation_is_covered(tmp_path, form):
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("white", "red", "yellow")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=100)
    _, media_type, copy = hidden(out.getvalue(), tmp_path)
    assert media_type == f"image/{form.lower()}"
    assert copy.n_frames == 3
    for number in range(3):
        copy.seek(number)
        assert max(copy.convert("RGB").crop((12, 12, 18, 18)).tobytes()) < 30


def test_a_profile_that_names_a_camera_is_left_out(tmp_path):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, "JPEG", icc_profile=profile)
    _, _, copy = hidden(out.getvalue(), tmp_path)
    assert "icc_profile" not in copy.info


def test_a_phone_s_picture_becomes_a_plain_one(tmp_path):
    picture = pillow_heif.from_pillow(Image.new("RGB", (64, 64), "red"))
    out = io.BytesIO()
    picture.save(out, quality=90)
    _, media_type, image = hidden(out.getvalue(), tmp_path)
    assert media_type == "image/jpeg"
    assert max(image.crop((18, 18, 30, 30)).tobytes()) < 12


def test_no_marks_still_flatten(tmp_path):
    copy, _, _ = hidden(secret_jpeg(), tmp_path, [])
    assert SECRET.encode() not in copy
