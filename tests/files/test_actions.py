import pytest
from django.core.exceptions import PermissionDenied

from files import actions
from files.models import Upload
from files.refusals import Refused, TooLarge
from tests.factories import uploaded
from tests.files import samples


def test_a_file_from_anywhere(cast):
    upload = actions.receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    assert upload.name == "photo.jpg"
    assert upload.blob.media_type == "image/jpeg"


def test_a_picture_without_an_ending_gets_one(cast):
    upload = actions.receive(file=uploaded("photo"), centre=cast.centre, by=cast.learner)
    assert upload.name == "photo.jpg"


@pytest.mark.parametrize("data", [b"", b"MZ", samples.png_bomb()])
def test_refused_and_nothing_kept(cast, stored, data):
    with pytest.raises(Refused):
        actions.receive(file=uploaded("photo.png", data), centre=cast.centre, by=cast.learner)
    assert stored() == []


def test_too_large(cast, settings, stored):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(TooLarge):
        actions.receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    assert stored() == []


def test_nobody_of_another_centre(cast, outsiders, stored):
    with pytest.raises(PermissionDenied):
        actions.receive(file=uploaded(), centre=cast.centre, by=outsiders.admin)
    assert stored() == []


def test_somebody_who_left(cast):
    cast.learner.is_active = False
    with pytest.raises(PermissionDenied):
        actions.receive(file=uploaded(), centre=cast.centre, by=cast.learner)


def test_only_the_owner_sees_what_was_sent(cast, outsiders):
    upload = actions.receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    everyone = [*cast.people().values(), *outsiders.people().values()]
    assert [who for who in everyone if upload in Upload.objects.visible_to(who)] == [cast.learner]


def test_bytes_we_made(cast, stored):
    first = actions.keep_bytes(chunks=[b"%PDF", b"-1.7"], media_type="application/pdf")
    again = actions.keep_bytes(chunks=[b"%PDF-1.7"], media_type="application/pdf")
    assert first == again
    assert first.size == 8
    assert len(stored()) == 1


def test_bytes_lost_from_the_disk_come_back_with_the_next_upload(cast, stored):
    actions.receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    before = stored()
    for path in before:
        path.unlink()
    actions.receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    assert stored() == before
