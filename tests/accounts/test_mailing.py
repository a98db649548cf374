"""E-mails of notices: what they hold, when they go, and that none goes twice."""

import re
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts import mailing, notices
from accounts.mailing import mail_at_once, mail_daily
from accounts.models import Membership, Notice, NoticeChoice, User
from accounts.notices import choose_mail, mark_read, take_back, tell
from accounts.tasks import mail_daily_notices, mail_notices
from tests.factories import make_cast, make_member
from tests.races import at_once


@pytest.fixture
def _able(cast):
    """People who have joined: they can sign in."""
    User.objects.update(password="set")


@pytest.fixture
def people(cast, _able):
    return cast


def told(cast, **changes) -> Notice:
    said = {
        "recipient": cast.learner,
        "centre": cast.centre,
        "kind": "decided",
        "about": "submission:1",
        "text": "Secret: Amira's call to Mrs Poe is not yet good enough.",
        "path": f"/c/{cast.centre.slug}/evidence/77/#P1",
    } | changes
    tell(**said)
    return Notice.objects.get(recipient=said["recipient"], about=said["about"], kind=said["kind"])


def at_hour(monkeypatch, hour: int) -> None:
    now = timezone.localtime().replace(hour=hour)
    monkeypatch.setattr(mailing.timezone, "localtime", lambda *_args: now)


@pytest.fixture
def morning(monkeypatch):
    at_hour(monkeypatch, 9)


def sent() -> list[str]:
    return [message.to[0] for message in mail.outbox]


def make_older(**age) -> None:
    Notice.objects.update(due_at=timezone.now() - timedelta(**age))


# What it holds ---------------------------------------------------------------------------------


def test_one_notice_makes_one_e_mail_with_a_link(people, settings):
    notice = told(people)
    mail_notices()
    (message,) = mail.outbox
    assert message.to == [people.learner.email]
    assert message.subject == f"{people.centre.name}: Your assessor has looked at your evidence."
    link = f"{settings.ORIGIN}/c/{people.centre.slug}/notices/{notice.pk}/\n"
    assert link in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_it_holds_nothing_of_the_notices_own_words_or_place(people):
    told(people)
    told(people, about="submission:2", kind="signed_off")
    mail_notices()
    (message,) = mail.outbox
    everything = message.message().as_string()
    for word in ("Secret", "Poe", "not yet", "good enough", "/evidence/77", "#P1"):
        assert word not in everything


def test_it_names_nobody_but_the_one_it_goes_to(people):
    told(people, recipient=people.assessor, kind="submitted", text="Amira Khan sent evidence 4.")
    mail_notices()
    (message,) = mail.outbox
    assert f"Hello {people.assessor.name}," in message.body
    for person in set(people.people().values()) - {people.assessor}:
        assert person.name not in message.message().as_string()


def test_what_is_due_together_goes_in_one_e_mail(people):
    for number in range(3):
        told(people, about=f"submission:{number}")
    told(people, kind="signed_off")
    mail_notices()
    (message,) = mail.outbox
    assert message.subject == f"{people.centre.name}: 4 notices"
    assert len(re.findall(r"/notices/\d+/", message.body)) == 4
    assert message.body.count("Your assessor has looked at your evidence.") == 1


def test_a_persons_two_centres_are_told_apart(people):
    other = make_cast("Southbank Training")
    Membership.objects.create(centre=other.centre, user=people.learner, role="learner")
    told(people)
    told(people, centre=other.centre, about="submission:2")
    mail_notices()
    (message,) = mail.outbox
    assert people.centre.name in message.body
    assert other.centre.name in message.body
    assert f"/c/{other.centre.slug}/notices/" in message.body


def test_a_centres_name_breaks_no_header(people):
    people.centre.name = "North\ngate"
    people.centre.save()
    told(people)
    mail_notices()
    assert mail.outbox[0].subject.startswith("North gate: ")


def test_every_link_asks_to_sign_in_and_then_leads_to_the_place(people, client, settings):
    notice = told(people, path=f"/c/{people.centre.slug}/#P1")
    mail_notices()
    links = re.findall(rf"{re.escape(settings.ORIGIN)}(\S+)", mail.outbox[0].body)
    for link in links:
        assert client.get(link).url.startswith("/accounts/login/?next=")
    client.force_login(User.objects.get(pk=people.learner.pk))
    assert client.get(links[0]).url == notice.url
    assert client.get(links[1]).status_code == 200  # the choice


# When ------------------------------------------------------------------------------------------


def test_nothing_goes_before_its_minute_is_over(people):
    told(people, after=60)
    mail_notices()
    assert mail.outbox == []
    make_older(seconds=1)
    mail_notices()
    assert len(mail.outbox) == 1


def test_what_was_undone_is_not_mailed(people):
    told(people, after=60)
    take_back("decided", "submission:1")
    make_older(seconds=1)
    mail_notices()
    assert mail.outbox == []


def test_what_was_read_on_the_page_is_not_mailed(people):
    told(people)
    mark_read(notices=Notice.objects.all(), by=people.learner)
    mail_notices()
    assert mail.outbox == []


def test_news_of_days_ago_is_no_news(people):
    told(people)
    make_older(days=4)
    mail_notices()
    assert mail.outbox == []


@pytest.mark.parametrize("choice", ["at_once", "daily", "never"])
@pytest.mark.parametrize("task", ["at_once", "daily"])
@pytest.mark.usefixtures("morning")
def test_each_choice_is_kept_to(people, choice, task):
    choose_mail(mail=choice, by=people.learner)
    told(people)
    {"at_once": mail_notices, "daily": mail_daily_notices}[task]()
    assert len(mail.outbox) == (choice == task)


def test_without_a_choice_it_is_at_once(people):
    told(people)
    mail_daily()
    assert mail.outbox == []
    mail_at_once()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("morning")
def test_once_a_day_is_once_a_day(people, monkeypatch):
    choose_mail(mail="daily", by=people.learner)
    told(people)
    told(people, about="submission:2")
    mail_daily()
    told(people, about="submission:3")
    mail_daily()
    assert len(mail.outbox) == 1
    NoticeChoice.objects.update(digested_on=timezone.localdate() - timedelta(days=1))
    mail_daily()
    assert [len(re.findall(r"/notices/\d+/", each.body)) for each in mail.outbox] == [2, 1]


def test_the_daily_e_mail_waits_for_the_morning_and_is_made_up_for(people, monkeypatch):
    choose_mail(mail="daily", by=people.learner)
    told(people)
    at_hour(monkeypatch, 6)
    mail_daily()
    assert mail.outbox == []
    at_hour(monkeypatch, 15)  # nobody was up at seven
    mail_daily()
    assert len(mail.outbox) == 1


def test_a_day_without_news_sends_nothing_and_does_not_use_up_the_day(people, morning):
    choose_mail(mail="daily", by=people.learner)
    mail_daily()
    assert mail.outbox == []
    told(people)
    mail_daily()
    assert len(mail.outbox) == 1


def test_who_wanted_none_is_not_sent_what_lay_there(people):
    choose_mail(mail="never", by=people.learner)
    told(people)
    choose_mail(mail="at_once", by=people.learner)
    told(people, about="submission:2")
    mail_notices()
    (message,) = mail.outbox
    assert len(re.findall(r"/notices/\d+/", message.body)) == 1


def test_nobody_is_written_to_whom_the_link_would_not_let_in(people):
    closed, left = people.second_learner, people.trainee
    invited = make_member(people.centre, "assessor", "Ida New")  # has no password yet
    closed.is_active = False
    closed.save()
    Membership.objects.filter(user=left).delete()
    for somebody in (closed, left, invited):
        told(people, recipient=somebody)
    mail_notices()
    assert mail.outbox == []
    assert Notice.objects.filter(mailed_at=None).count() == 3


def test_several_roles_make_one_e_mail(people):
    Membership.objects.create(centre=people.centre, user=people.learner, role="assessor")
    told(people)
    mail_notices()
    assert len(mail.outbox) == 1


def test_a_round_asks_as_often_for_many_as_for_one(people, django_assert_num_queries):
    for number in range(20):
        told(people, about=f"submission:{number}")
    with django_assert_num_queries(1 + 20):  # what waits; each notice is marked by itself
        mail_at_once()


# Never twice -----------------------------------------------------------------------------------


def test_the_same_task_twice_mails_once(people):
    told(people)
    mail_notices()
    mail_notices()
    assert len(mail.outbox) == 1
    assert Notice.objects.get().mailed_at


class Killed(BaseException):
    """The worker is gone: nothing after this line ran."""


class DiesWhileSending(EmailBackend):
    when = "after"

    def send_messages(self, messages):
        if self.when == "after":
            super().send_messages(messages)
        raise Killed


@pytest.mark.parametrize(("when", "mails"), [("before", 0), ("after", 1)])
def test_a_worker_killed_around_the_sending_never_leads_to_a_second_e_mail(
    people, settings, monkeypatch, when, mails
):
    """Killed before, the e-mail is lost, as the module says; the notice is still new."""
    told(people)
    usual = settings.EMAIL_BACKEND
    monkeypatch.setattr(DiesWhileSending, "when", when)
    settings.EMAIL_BACKEND = f"{__name__}.DiesWhileSending"
    with pytest.raises(Killed):
        mail_at_once()
    settings.EMAIL_BACKEND = usual
    mail_at_once()
    assert len(mail.outbox) == mails
    assert Notice.objects.unread().count() == 1


class DiesWhileConnecting(EmailBackend):
    def open(self):
        raise Killed


def test_a_worker_killed_before_it_took_one_loses_nothing(people, settings):
    told(people)
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.DiesWhileConnecting"
    with pytest.raises(Killed):
        mail_at_once()
    settings.EMAIL_BACKEND = usual
    mail_at_once()
    assert len(mail.outbox) == 1


def test_two_workers_that_read_the_same_row_send_one_e_mail(people, monkeypatch):
    """The other one takes it between this one's reading and its marking."""
    told(people)
    claim = mailing._claim
    others = []

    def later(notice, now):
        if not others:
            others.append("running")
            mail_at_once()
        return claim(notice, now)

    monkeypatch.setattr(mailing, "_claim", later)
    mail_at_once()
    assert len(mail.outbox) == 1


def test_two_workers_at_the_same_days_e_mail_send_one(people, monkeypatch, morning):
    choose_mail(mail="daily", by=people.learner)
    told(people)
    told(people, about="submission:2")
    claim = mailing._claim
    others = []

    def later(notice, now):
        if not others:
            others.append("running")
            mail_daily()
        return claim(notice, now)

    monkeypatch.setattr(mailing, "_claim", later)
    mail_daily()
    (message,) = mail.outbox
    assert len(re.findall(r"/notices/\d+/", message.body)) == 2


def test_an_undo_in_the_last_moment_wins_or_loses_whole(people, monkeypatch):
    told(people)
    claim = mailing._claim

    def later(notice, now):
        take_back(notice.kind, notice.about)
        return claim(notice, now)

    monkeypatch.setattr(mailing, "_claim", later)
    mail_at_once()
    assert mail.outbox == []
    assert Notice.objects.get().mailed_at is None


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_mail_each_notice_once():
    cast = make_cast()
    User.objects.update(password="set")
    for person in cast.people().values():
        for number in range(10):
            told(cast, recipient=person, about=f"submission:{number}")
    at_once(*[mail_at_once] * 4)
    links = [link for each in mail.outbox for link in re.findall(r"/notices/\d+/", each.body)]
    assert len(links) == len(set(links)) == 80


# A broker or a mail server that is down --------------------------------------------------------


def test_with_the_broker_down_nothing_fails_and_the_next_round_mails(
    people, monkeypatch, django_capture_on_commit_callbacks
):
    def down(*_args, **_kwargs):
        raise OperationalError("no broker")

    monkeypatch.setattr(notices.current_app, "send_task", down)
    with django_capture_on_commit_callbacks(execute=True):
        told(people)
    mail_at_once()  # as the scheduled task does once the broker is back
    assert len(mail.outbox) == 1


def test_one_message_goes_to_the_broker_after_the_commit(
    people, monkeypatch, django_capture_on_commit_callbacks
):
    asked = []
    monkeypatch.setattr(notices.current_app, "send_task", lambda name, **_how: asked.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        told(people)
        told(people, about="submission:2")
        told(people, about="submission:3", after=60)
        assert asked == []
    assert asked == ["accounts.tasks.mail_notices"]


def test_what_is_due_later_asks_no_broker(people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        told(people, after=60)
    assert callbacks == []


class Down(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


class Answers(EmailBackend):
    answer: Exception = ConnectionResetError()

    def send_messages(self, messages):
        raise self.answer


NOBODY = SMTPRecipientsRefused({"a@example.org": (550, b"no such mailbox")})
FULL = SMTPRecipientsRefused({"a@example.org": (452, b"mailbox full")})


def test_with_the_mail_server_down_the_next_round_mails(people, settings):
    told(people)
    usual = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    mail_at_once()
    assert Notice.objects.get().mailed_at is None
    settings.EMAIL_BACKEND = usual
    mail_at_once()
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("answer", "again"),
    [
        (SMTPDataError(451, b"not now"), 1),
        (FULL, 1),
        (SMTPDataError(554, b"never"), 0),
        (NOBODY, 0),
        # Whether it was taken can't be known: not again.
        (SMTPServerDisconnected("gone"), 0),
        (TimeoutError(), 0),
    ],
    ids=["not now", "full", "never", "nobody", "gone", "silent"],
)
@pytest.mark.parametrize("choice", ["at_once", "daily"])
def test_only_what_certainly_did_not_go_is_sent_again(
    people, settings, monkeypatch, morning, answer, again, choice
):
    choose_mail(mail=choice, by=people.learner)
    told(people)
    usual = settings.EMAIL_BACKEND
    monkeypatch.setattr(Answers, "answer", answer)
    settings.EMAIL_BACKEND = f"{__name__}.Answers"
    run = {"at_once": mail_at_once, "daily": mail_daily}[choice]
    run()
    settings.EMAIL_BACKEND = usual
    run()
    assert len(mail.outbox) == again


def test_one_bad_address_does_not_stop_the_others(people, settings, monkeypatch):
    class OneRefused(EmailBackend):
        def send_messages(self, messages):
            if messages[0].to == [people.learner.email]:
                raise NOBODY
            return super().send_messages(messages)

    monkeypatch.setattr(mailing, "get_connection", OneRefused)
    told(people)
    told(people, recipient=people.second_learner)
    mail_at_once()
    assert sent() == [people.second_learner.email]
