"""Pictures, and that nothing but their pixels is shown."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from files import actions, previews
from files.models import Preview
from files.previews import making
from files.store import open_blob
from tests.files import samples
from tests.files.previews.conftest import data_of, part, roles

SECRET = samples.SECRET.encode()


def opened(preview, role):
    return Image.open(io.BytesIO(data_of(preview, role)))


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (samples.phone_jpeg((640, 480)), "image/jpeg"),
        (samples.phone_heic((640, 480)), "image/heic"),
    ],
)
@pytest.mark.django_db
def test_a_picture_without_a_copy_gets_one_upright_and_bare(preview_of, data, media_type):
    preview = preview_of(data, media_type)
    assert (preview.kind, preview.status) == ("picture", "ready")
    assert preview.facts == {"width": 480, "height": 640, "moves": False}
    assert roles(preview) == [("picture", 1), ("thumbnail", 1)]
    for role, size in (("picture", (480, 640)), ("thumbnail", (360, 480))):
        assert (part(preview, role).width, part(preview, role).height) == size
        with opened(preview, role) as image:
            assert image.size == size
            assert not image.getexif()
        assert SECRET not in data_of(preview, role)


def test_the_copy_that_others_are_shown_is_the_picture(cast):
    file = SimpleUploadedFile("shop.jpg", samples.phone_jpeg((640, 480)))
    blob = actions.receive(file=file, centre=cast.centre, by=cast.learner).blob
    preview = previews.ask(blob)
    making.make(preview.pk)
    preview.refresh_from_db()
    assert preview.status == "ready"
    assert part(preview, "picture").blob == blob.shown_as
    assert (part(preview, "picture").width, part(preview, "picture").height) == (480, 640)
    with open_blob(part(preview, "thumbnail").blob) as file:
        assert SECRET not in file.read()


def test_avif_is_shown_in_a_form_that_all_browsers_know(preview_of):
    preview = preview_of(samples.picture("AVIF", exif=samples.located()), "image/avif")
    assert preview.status == "ready"
    assert part(preview, "picture").blob.media_type == "image/jpeg"


def test_what_moves_goes_on_moving_and_its_thumbnail_stands_still(preview_of):
    preview = preview_of(samples.animation(), "image/gif")
    assert preview.facts["moves"]
    with opened(preview, "picture") as image:
        assert image.n_frames == 3
    assert SECRET not in data_of(preview, "picture")
    assert part(preview, "thumbnail").blob.media_type == "image/jpeg"


def test_a_bomb_of_pixels_is_not_shown(preview_of):
    preview = preview_of(samples.png_bomb(), "image/png")
    assert (preview.status, preview.reason) == (
        Preview.Status.NONE,
        "This picture is damaged or far too large to show.",
    )
    assert roles(preview) == []
