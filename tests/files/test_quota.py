"""How much room there is, told before anything is sent."""

import pytest
from django.urls import reverse

from files.actions import receive
from files.models import Brought, Quota, Transfer, Upload
from files.quota import OverQuota, room_for
from files.transfers import actions
from tests.factories import jpeg, uploaded
from tests.files.transfers.tus import BYTES, DATA, SIZE
from tests.races import at_once

MB = 1024 * 1024


@pytest.fixture
def small(cast):
    """Room for two files in the centre, and for one and a half a person."""
    return Quota.objects.create(
        centre=cast.centre, centre_bytes=2 * SIZE, person_bytes=SIZE + SIZE // 2
    )


def begin(cast, by, length=SIZE):
    return actions.begin(name="a.pdf", length=length, metadata="", centre=cast.centre, by=by)


def used(cast, by):
    room = room_for(by, cast.centre)
    return room.person_used, room.centre_used


def test_without_a_row_the_settings_decide(cast, settings):
    settings.PERSON_QUOTA_MB, settings.CENTRE_QUOTA_MB = 3, 2
    room = room_for(cast.learner, cast.centre)
    assert (room.person_left, room.centre_left, room.left) == (3 * MB, 2 * MB, 2 * MB)
    assert room.largest == 2 * MB
    assert room.is_short
    settings.MAX_UPLOAD_BYTES = 100
    assert room.largest == 100
    assert not room.is_short


def test_a_transfer_takes_its_room_when_it_begins(cast, small, tus):
    url = tus.begin()
    assert used(cast, cast.learner) == (SIZE, SIZE)
    assert used(cast, cast.second_learner) == (0, SIZE)
    answer = tus.post()
    assert answer.status_code == 413
    assert "you have" in answer.content.decode()
    assert Transfer.objects.count() == 1
    tus.patch(url, DATA, 0)
    assert used(cast, cast.learner) == (SIZE, SIZE)


def test_what_is_given_up_gives_its_room_back(cast, small, tus):
    url = tus.begin()
    tus.ask("DELETE", url)
    assert used(cast, cast.learner) == (0, 0)


def test_what_is_refused_too(cast, small, tus):
    assert tus.post(b"MZ" + DATA[2:], Content_Type=BYTES).status_code == 422
    assert used(cast, cast.learner) == (0, 0)


def test_a_centre_that_is_full_refuses_everybody(cast, small, tus):
    for person in (cast.learner, cast.second_learner):
        begin(cast, person)
    tus.client.force_login(cast.assessor)
    answer = tus.post(Upload_Length=1)
    assert answer.status_code == 413
    assert "your centre has 0" in answer.content.decode()


def test_another_centres_files_take_no_room_here(cast, outsiders, small):
    begin(outsiders, outsiders.learner)
    assert used(cast, cast.learner) == (0, 0)


def test_the_plain_form_obeys_too(cast, stored):
    Quota.objects.create(centre=cast.centre, centre_bytes=10**9, person_bytes=len(jpeg()) - 1)
    with pytest.raises(OverQuota):
        receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    assert stored() == []
    assert not Upload.objects.exists()


def test_the_same_bytes_count_once_a_person(cast):
    Quota.objects.create(centre=cast.centre, centre_bytes=10**9, person_bytes=len(jpeg()))
    for _ in range(2):
        receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    receive(file=uploaded(), centre=cast.centre, by=cast.second_learner)
    assert used(cast, cast.learner) == (len(jpeg()), 2 * len(jpeg()))
    assert Brought.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_only_what_fits_begins(cast, small):
    outcomes = at_once(*[lambda: begin(cast, cast.learner)] * 3)
    assert sum(isinstance(each, Transfer) for each in outcomes) == 1
    assert Transfer.objects.count() == 1


def test_support_staff_may_give_a_centre_more(client, cast):
    cast.admin.is_staff = cast.admin.is_superuser = True
    cast.admin.save()
    client.force_login(cast.admin)
    form = {"centre": cast.centre.pk, "centre_bytes": 5 * MB, "person_bytes": MB}
    assert client.post(reverse("admin:files_quota_add"), form).status_code == 302
    assert room_for(cast.learner, cast.centre).left == MB
