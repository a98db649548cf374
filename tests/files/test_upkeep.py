"""What was brought and never used goes; what anything refers to stays."""

import fcntl
from datetime import timedelta

import pytest
from django.utils import timezone

from files import store, tasks, upkeep
from files.actions import keep_bytes, receive
from files.models import Blob, Brought, Upload
from files.quota import room_for
from tests.factories import make_portfolio, make_version, uploaded
from tests.files import samples


@pytest.fixture
def old(cast):
    """A photo that the learner brought long ago and put nowhere."""
    return bring(cast, cast.learner)


def bring(cast, by, days=31):
    file = uploaded("photo.jpg", samples.phone_jpeg())
    upload = receive(file=file, centre=cast.centre, by=by)
    age(upload, days)
    return upload


def age(upload, days):
    Upload.objects.filter(pk=upload.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_what_nobody_used_goes_with_its_copy_for_others(cast, old, stored):
    assert len(stored()) == 2
    tasks.sweep()
    assert stored() == []
    assert [rows.objects.count() for rows in (Upload, Blob, Brought)] == [0, 0, 0]
    assert room_for(cast.learner, cast.centre).person_used == 0


def test_what_is_younger_stays(cast, stored):
    bring(cast, cast.learner, days=29)
    assert upkeep.remove_unused() == 0
    assert len(stored()) == 2


def test_what_somebody_else_brought_too_stays(cast, old, stored):
    other = bring(cast, cast.second_learner, days=1)
    assert upkeep.remove_unused() == 1
    assert Upload.objects.get() == other
    assert len(stored()) == 2


def test_what_is_evidence_stays(cast, old, stored):
    version = make_version(make_portfolio(cast.centre, cast.second_learner))
    version.files.create(blob=old.blob, name="photo.jpg", order=1)
    assert upkeep.remove_unused() == 1
    assert Blob.objects.count() == 2
    assert store.open_blob(old.blob.shown).read()


def test_every_relation_to_a_file_is_asked(cast, old):
    """A room that refers to files one day need not be thought of here."""
    names = {relation.related_model.__name__ for relation in Blob._meta.related_objects}
    assert {"Upload", "EvidenceFile", "Brought", "Blob"} <= names
    plain = keep_bytes(chunks=[b"our own"], media_type="text/plain")
    assert not upkeep._is_needed(plain)
    Blob.objects.filter(pk=old.blob.pk).update(shown_as=plain)
    assert upkeep._is_needed(plain)


def test_put_to_use_at_the_last_moment(cast, old, stored, monkeypatch):
    """The database itself refuses what the question before it has missed."""
    version = make_version(make_portfolio(cast.centre, cast.second_learner))
    version.files.create(blob=old.blob, name="photo.jpg", order=1)
    monkeypatch.setattr(upkeep, "_is_needed", lambda _blob: False)
    assert upkeep.remove_unused() == 0
    assert len(stored()) == 2
    assert Upload.objects.count() == 1


def test_not_while_somebody_is_bringing_a_file(cast, old, stored, monkeypatch):
    monkeypatch.setattr(upkeep, "TRIES", 1)
    monkeypatch.setattr(upkeep.time, "sleep", lambda _seconds: None)
    with upkeep.bringing():
        assert upkeep.remove_unused() == 0
    assert len(stored()) == 2
    assert upkeep.remove_unused() == 1


def test_nobody_brings_a_file_while_others_go(cast, monkeypatch):
    asked = []
    monkeypatch.setattr(fcntl, "flock", lambda _fd, how: asked.append(how))
    keep_bytes(chunks=[b"our own"], media_type="text/plain")
    assert asked == [fcntl.LOCK_SH]
    assert upkeep.lock_path().exists()


def test_files_in_a_bucket_stay(old, monkeypatch):
    monkeypatch.setattr(store, "bucket", lambda: object())
    assert upkeep.remove_unused() == 0
