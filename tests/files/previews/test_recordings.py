"""Film and sound: posters, loudness, and copies that browsers play."""

import io
import json
import random

import av
import pytest
from PIL import Image

from files.models import PreviewPart
from files.previews import extracts
from tests.files.previews import makers
from tests.files.previews.conftest import data_of, part, roles

POSTERS = [("poster", 1), ("thumbnail", 1)]
COPY = [("playable", 1)]
WAVES = [("waveform", 1)]


def copy_of(preview):
    return av.open(io.BytesIO(data_of(preview, "playable")))


def is_fast_start(data):
    return 0 < data.index(b"moov") < data.index(b"mdat")


def colour_of(image):
    red, green, blue = image.convert("RGB").getpixel((image.width * 3 // 4, image.height // 2))
    return max((red, "red"), (green, "green"), (blue, "blue"))[1]


def test_a_film_that_browsers_play_is_not_copied(preview_of):
    preview = preview_of(makers.film(), "video/mp4")
    assert (preview.kind, preview.status) == ("film", "ready")
    assert preview.facts == {
        "duration": pytest.approx(2, abs=0.1),
        "width": 96,
        "height": 64,
        "fps": 10,
        "plays": "original",
    }
    assert roles(preview) == POSTERS + WAVES
    with Image.open(io.BytesIO(data_of(preview, "poster"))) as poster:
        assert poster.size == (96, 64)
        assert colour_of(poster) == "red"


@pytest.mark.parametrize(
    ("form", "media_type", "codec", "sound"),
    [
        ("mov", "video/quicktime", "libx265", "aac"),
        ("avi", "video/x-msvideo", "mpeg4", "mp3"),
        ("matroska", "video/x-matroska", "libx264", "libopus"),
        ("mov", "video/quicktime", "libx264", "pcm_s16le"),
        ("avi", "video/x-msvideo", "libx264", "mp3"),
        ("mp4", "video/mp4", "mpeg4", None),
    ],
)
@pytest.mark.django_db
def test_other_films_get_a_copy_that_browsers_play(preview_of, form, media_type, codec, sound):
    preview = preview_of(makers.film(form, codec=codec, sound=sound), media_type)
    assert (preview.status, preview.facts["plays"]) == ("ready", "copy")
    assert part(preview, "playable").blob.media_type == "video/mp4"
    assert is_fast_start(data_of(preview, "playable"))
    with copy_of(preview) as film:
        assert film.duration / av.time_base == pytest.approx(2, abs=0.15)
        names = [stream.codec_context.name for stream in film.streams]
        assert names == (["h264", "aac"] if sound else ["h264"])
        frames = list(film.decode(video=0))
    assert len(frames) == pytest.approx(20, abs=2)
    assert (frames[0].width, frames[0].height) == (96, 64)
    assert frames[0].format.name in ("yuv420p", "yuvj420p")
    assert colour_of(frames[2].to_image()) == "red"
    assert colour_of(frames[-2].to_image()) == "green"


def test_an_old_phones_film_gets_a_copy(preview_of):
    data = makers.film("3gp", codec="h263", sound="libopencore_amrnb", size=(176, 144))
    preview = preview_of(data, "video/3gpp")
    assert (preview.status, preview.facts["plays"]) == ("ready", "copy")


@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_a_film_that_was_held_upright_is_shown_upright(preview_of, codec):
    """Coded anew, or only packed anew."""
    preview = preview_of(makers.film("mov", codec=codec, rotation=90), "video/quicktime")
    assert (preview.facts["width"], preview.facts["height"]) == (64, 96)
    with Image.open(io.BytesIO(data_of(preview, "poster"))) as poster:
        assert poster.size == (64, 96)
        seen = [poster.convert("L").getpixel((32, at)) for at in (10, 86)]
    with copy_of(preview) as film:
        frame = next(film.decode(video=0))
        image = frame.to_image().rotate(frame.rotation, expand=True)
    assert image.size == (64, 96)
    assert [image.convert("L").getpixel((32, at)) for at in (10, 86)] == pytest.approx(seen, abs=12)


def test_where_a_film_was_taken_is_not_in_what_is_shown(preview_of):
    told = {"location": "+51.5074-000.1278/", "title": "Shop"}
    data = makers.film("mov", metadata=told)
    assert b"+51.5074" in data
    for media_type in ("video/mp4", "video/quicktime"):
        preview = preview_of(data + media_type.encode(), media_type)
        assert preview.facts["plays"] == "copy"
        for each in PreviewPart.objects.filter(preview=preview):
            assert b"+51.5074" not in data_of(preview, each.role)


@pytest.mark.parametrize(
    ("form", "media_type", "codec", "plays"),
    [
        ("mp3", "audio/mpeg", "mp3", "original"),
        ("wav", "audio/wav", "pcm_s16le", "original"),
        ("amr", "audio/amr", "libopencore_amrnb", "copy"),
        ("adts", "audio/aac", "aac", "copy"),
        ("mp4", "video/mp4", "aac", "original"),
    ],
)
@pytest.mark.django_db
def test_sound_is_drawn_and_plays_everywhere(preview_of, form, media_type, codec, plays):
    data = makers.film(form, codec=None, sound=codec)
    preview = preview_of(data, media_type)
    assert (preview.kind, preview.status) == ("sound", "ready")
    assert preview.facts == {"duration": pytest.approx(2, abs=0.25), "plays": plays}
    assert roles(preview) == (COPY if plays == "copy" else []) + WAVES
    peaks = json.loads(data_of(preview, "waveform"))
    assert 35 <= len(peaks) <= 46
    assert max(peaks[5:15]) > 0.3  # the first second is loud, the next silent
    assert max(peaks[-10:-2]) < 0.1
    if plays == "copy":
        with copy_of(preview) as sound:
            assert [stream.codec_context.name for stream in sound.streams] == ["aac"]


def test_a_film_too_long_to_copy_has_a_poster_and_says_so(preview_of, limits):
    limits(copy_minutes=0)
    preview = preview_of(makers.film("avi", codec="mpeg4", sound="mp3"), "video/x-msvideo")
    assert (preview.status, preview.facts["plays"]) == ("ready", "no")
    assert preview.facts["note"].startswith("This recording is too long to prepare a copy")
    assert roles(preview) == POSTERS + WAVES


HOUR = 3600
NO_COPY = "No copy that browsers play could be made"


@pytest.mark.parametrize(("hours", "status"), [(10, "none"), (5, "ready")])
def test_by_the_default_limit_ten_hours_of_film_have_no_preview(
    preview_of, settings, hours, status
):
    """By what the film's own header says."""
    assert settings.PREVIEW_LIMITS == {}
    preview = preview_of(makers.pictures_at([0, hours * HOUR]), "video/mp4")
    assert preview.status == status
    assert ("longer than 6 hours, too long to show" in preview.reason) is (status == "none")
    assert roles(preview) == (POSTERS if status == "ready" else [])


# A film that does not say how long it is: written as it was sent, with nobody to go back to the
# start of it.
UNSAID = {"live": "1"}


def test_of_a_film_without_a_length_the_copy_ends_where_films_have_to(preview_of):
    data = makers.pictures_at([0, 10 * HOUR], "matroska", codec="mpeg4", options=UNSAID)
    preview = preview_of(data, "video/x-matroska")
    assert (preview.status, preview.facts["duration"], roles(preview)) == ("ready", 0, POSTERS)
    assert preview.facts["note"].startswith(NO_COPY)


def test_a_film_without_a_length_is_listened_to_until_it_is_too_long(preview_of, limits):
    data = makers.film("matroska", codec="mpeg4", options=UNSAID)
    preview = preview_of(data, "video/x-matroska")
    assert (preview.facts["duration"], roles(preview)) == (0, COPY + POSTERS + WAVES)
    limits(longest_hours=0)
    preview = preview_of(data + b"again", "video/x-matroska")
    assert (preview.status, preview.facts["duration"], roles(preview)) == ("ready", 0, POSTERS)
    assert preview.facts["note"].startswith(NO_COPY)


@pytest.mark.parametrize("sound", ["aac", None])
def test_a_film_without_a_length_has_as_much_time_as_any(preview_of, limits, sound):
    limits(film_seconds=0)
    data = makers.film("matroska", codec="mpeg4", sound=sound, seconds=1, options=UNSAID)
    preview = preview_of(data, "video/x-matroska")
    assert (preview.status, "takes far too long" in preview.reason) == ("none", True)


def test_of_a_film_without_a_length_the_copy_has_as_much_room_as_any(preview_of, limits):
    drawn = random.Random(1)
    noise = [Image.frombytes("RGB", (640, 480), drawn.randbytes(640 * 480 * 3)) for _ in range(8)]
    moments = [number / makers.RATE for number in range(8)]
    data = makers.pictures_at(moments, "matroska", images=noise, options=UNSAID)
    assert len(data) > 1024 * 1024
    assert roles(preview_of(data, "video/x-matroska")) == COPY + POSTERS
    limits(file_mb=1)
    preview = preview_of(data + b"again", "video/x-matroska")
    assert (preview.status, roles(preview)) == ("ready", POSTERS)
    assert preview.facts["note"].startswith(NO_COPY)


# For print -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "colour"), [(0, "red"), (0.95, "red"), (1.05, "green")])
def test_the_picture_at_a_moment(stored, seconds, colour):
    data = extracts.frame_at(stored(makers.film(), "video/mp4"), seconds)
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, colour_of(image)) == ("JPEG", colour)


def test_a_part_of_a_page_and_of_a_picture(stored):
    page = stored(makers.pdf(["Somewhere"]), "application/pdf")
    with Image.open(io.BytesIO(extracts.crop(page, 1, 0.1, 0.05, 0.25, 0.1))) as image:
        assert image.width >= 1000
        assert image.width / image.height == pytest.approx(0.25 * 612 / (0.1 * 792), abs=0.02)
        assert image.convert("L").getextrema()[0] < 60
    out = io.BytesIO()
    picture = Image.new("RGB", (100, 100), "blue")
    picture.paste("red", (50, 0, 100, 50))
    picture.save(out, "PNG")
    blob = stored(out.getvalue(), "image/png")
    with Image.open(io.BytesIO(extracts.crop(blob, 1, 0.55, 0.05, 0.4, 0.4))) as image:
        assert image.size == (40, 40)
        assert image.getpixel((20, 20))[0] > 200


def test_what_cannot_be_printed_says_why(stored):
    with pytest.raises(extracts.NotShown, match="no such page"):
        extracts.page(stored(makers.pdf(["One"]), "application/pdf"), 2)
    with pytest.raises(extracts.NotShown, match="no preview of this kind"):
        extracts.frame_at(stored(b"words", "text/plain"), 1)
    with pytest.raises(extracts.NotShown, match="damaged"):
        extracts.frame_at(stored(b"no film", "video/mp4"), 1)
