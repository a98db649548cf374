"""Telling: once, after the minute, only those it concerns; the bell, the list and the choice."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import notices
from accounts.models import Membership, Notice, NoticeChoice
from accounts.notices import KINDS, choose_mail, mark_read, take_back, tell
from tests.factories import make_member


def told(cast, **changes) -> Notice:
    said = {
        "recipient": cast.learner,
        "centre": cast.centre,
        "kind": "decided",
        "about": "submission:1",
        "text": "Evidence 1 was looked at.",
        "path": f"/c/{cast.centre.slug}/#P1",
    } | changes
    tell(**said)
    return Notice.objects.get(recipient=said["recipient"], about=said["about"], kind=said["kind"])


def address(cast, name, **kwargs):
    return reverse(f"notices:{name}", kwargs={"centre": cast.centre.slug, **kwargs})


def bell(client, cast) -> int:
    return client.get(address(cast, "list")).wsgi_request.centre.unread_notices


def test_a_thing_is_told_once_however_often(cast):
    told(cast)
    told(cast, text="The same again.")
    assert Notice.objects.get().text == "Evidence 1 was looked at."


def test_several_people_are_told_of_one_thing(cast):
    told(cast)
    told(cast, recipient=cast.assessor)
    assert Notice.objects.count() == 2


def test_a_kind_that_is_not_in_the_table_is_a_mistake_of_ours(cast):
    with pytest.raises(LookupError, match=r"accounts/notices\.py"):
        told(cast, kind="gossip")


def test_the_notice_goes_with_its_action(cast):
    with transaction.atomic():
        told(cast)
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_a_long_text_is_cut_and_says_so(cast):
    text = told(cast, text="word " * 100).text
    assert len(text) <= 300
    assert text.endswith("word…")


def test_nobody_sees_it_before_its_time(cast, client):
    told(cast, after=60)
    client.force_login(cast.learner)
    assert bell(client, cast) == 0
    assert "looked at" not in client.get(address(cast, "list")).text


def test_taken_back_it_is_gone(cast, client):
    notice = told(cast)
    take_back("decided", "submission:1")
    client.force_login(cast.learner)
    assert bell(client, cast) == 0
    assert "looked at" not in client.get(address(cast, "list")).text
    answer = client.get(address(cast, "follow", pk=notice.pk), follow=True)
    assert "was taken back meanwhile" in answer.text


def test_taking_back_leaves_other_things_alone(cast):
    told(cast)
    told(cast, about="submission:2")
    told(cast, kind="submitted")
    take_back("decided", "submission:1")
    assert Notice.objects.filter(taken_back_at=None).count() == 2


def test_the_bell_counts_what_is_new_here(cast, outsiders, client):
    told(cast)
    told(cast, about="submission:2")
    told(cast, recipient=cast.second_learner)
    Membership.objects.create(centre=outsiders.centre, user=cast.learner, role="learner")
    told(cast, about="submission:3", centre=outsiders.centre)
    client.force_login(cast.learner)
    page = client.get(address(cast, "list"))
    assert page.wsgi_request.centre.unread_notices == 2
    assert '<span class="bell-count">' in page.text


def test_several_roles_do_not_count_a_notice_twice(cast, client):
    Membership.objects.create(centre=cast.centre, user=cast.learner, role="assessor")
    told(cast)
    client.force_login(cast.learner)
    assert bell(client, cast) == 1


def test_the_bell_asks_the_database_no_more_than_a_page_without(
    cast, client, django_assert_num_queries
):
    client.force_login(cast.learner)
    page = address(cast, "choice")
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    assert sum('accounts_notice"' in each["sql"] for each in asked) == 1  # with the centre
    for number in range(30):
        told(cast, about=f"submission:{number}")
    with django_assert_num_queries(len(asked)):
        assert "30" in client.get(page).text


def test_the_list_is_read_in_a_fixed_number_of_queries(cast, client, django_assert_num_queries):
    client.force_login(cast.learner)
    for number in range(30):
        told(cast, about=f"submission:{number}")
    client.get(address(cast, "list"))
    with django_assert_num_queries(5):
        client.get(address(cast, "list"))


def test_opening_marks_as_read_and_leads_to_the_place(cast, client):
    notice = told(cast)
    client.force_login(cast.learner)
    answer = client.post(address(cast, "open", pk=notice.pk))
    assert (answer.status_code, answer.url) == (302, notice.path)
    assert bell(client, cast) == 0


def test_following_an_e_mails_link_changes_nothing_by_itself(cast, client):
    """A GET writes nothing: the page it leads to marks it, by the id in the address."""
    notice = told(cast, path=f"/c/{cast.centre.slug}/?state=met#P1")
    client.force_login(cast.learner)
    answer = client.get(address(cast, "follow", pk=notice.pk))
    assert answer.url == f"/c/{cast.centre.slug}/?state=met&notice={notice.pk}#P1"
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_link_survives_signing_in(cast, client):
    follow = address(cast, "follow", pk=told(cast).pk)
    answer = client.get(follow)
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={follow}"


@pytest.mark.parametrize("name", ["follow", "open"])
def test_somebody_elses_notice_is_not_there(cast, client, name):
    notice = told(cast)
    for somebody in (cast.second_learner, cast.assessor, cast.admin):
        client.force_login(somebody)
        method = client.get if name == "follow" else client.post
        assert method(address(cast, name, pk=notice.pk)).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_mark_read_touches_nobody_elses(cast):
    told(cast)
    told(cast, recipient=cast.assessor)
    assert mark_read(notices=Notice.objects.all(), by=cast.learner) == 1
    assert Notice.objects.get(recipient=cast.assessor).read_at is None


def test_all_are_marked_as_read_but_what_is_not_due_yet(cast, client):
    told(cast)
    told(cast, about="submission:2", after=60)
    client.force_login(cast.learner)
    client.post(address(cast, "read_all"))
    later = Notice.objects.get(about="submission:2")
    assert later.read_at is None
    assert bell(client, cast) == 0


def test_only_new_ones_and_their_empty_states(cast, client):
    client.force_login(cast.learner)
    assert "No notices yet" in client.get(address(cast, "list")).text
    notice = told(cast)
    assert notice.text in client.get(address(cast, "list") + "?show=new").text
    client.post(address(cast, "open", pk=notice.pk))
    assert "Nothing new" in client.get(address(cast, "list") + "?show=new").text
    assert notice.text in client.get(address(cast, "list")).text


def test_choosing(cast, client):
    client.force_login(cast.learner)
    page = address(cast, "choice")
    assert (
        'value="at_once" checked'
        in " ".join(client.get(page).text.split()).replace(' class="form-check-input"', "")
        or 'value="at_once"' in client.get(page).text
    )
    assert client.post(page, {"mail": "daily"}).status_code == 302
    assert NoticeChoice.objects.get(user=cast.learner).mail == "daily"
    assert client.post(page, {"mail": "hourly"}).status_code == 422
    assert client.post(page, {}).status_code == 422
    assert NoticeChoice.objects.get().mail == "daily"


def test_a_choice_that_is_none_is_refused(cast):
    with pytest.raises(ValidationError):
        choose_mail(mail="hourly", by=cast.learner)
    assert not NoticeChoice.objects.exists()


def test_who_wanted_none_starts_afresh(cast):
    before = timezone.now()
    choose_mail(mail="never", by=cast.learner)
    assert choose_mail(mail="daily", by=cast.learner).mails_from >= before
    started = NoticeChoice.objects.get().mails_from
    assert choose_mail(mail="at_once", by=cast.learner).mails_from == started


def test_every_kind_says_something_short_enough_for_a_subject():
    for kind in KINDS.values():
        assert str(kind.label)
        assert 10 < len(str(kind.mail)) <= 80


@pytest.mark.parametrize("kind", KINDS)
def test_an_e_mails_sentence_has_no_place_for_anybodys_words(kind):
    assert "%" not in str(KINDS[kind].mail)
    assert "{" not in str(KINDS[kind].mail)


def test_what_it_is_about_is_named_by_its_row(cast):
    assert notices.named(cast.centre) == f"centre:{cast.centre.pk}"


def test_a_notice_of_the_centre_one_left_is_not_there(cast, outsiders, client):
    """The centre itself is gone for who left it."""
    former = make_member(cast.centre, "learner", "Lee Ford")
    notice = told(cast, recipient=former)
    Membership.objects.filter(user=former).delete()
    client.force_login(former)
    assert client.get(address(cast, "follow", pk=notice.pk)).status_code == 404


def test_due_within_the_minute_is_the_callers_word(cast):
    before = timezone.now()
    notice = told(cast, after=60)
    assert timedelta(seconds=60) <= notice.due_at - before < timedelta(seconds=70)
