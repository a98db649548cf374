"""E-mailing notices, at once or once a day. The rows are the queue's truth: what has no
`mailed_at` is mailed by the next round, whoever starts it.

Never twice, whatever happens. A notice is marked as mailed before its e-mail is handed over, by
a conditional update, so of two workers one has it. Which way that errs: an e-mail may be lost,
where its worker is killed in that moment or the mail server falls silent before it answers; then
nobody can know whether it went out, and it is not sent again. The notice itself still waits
unread on the page. What certainly did not go out (no connection, or the server said "not now")
loses its mark again and goes with the next round.

An e-mail holds a sentence of the kinds' table and a link for each notice: neither the notice's
text nor its address, so no name but the recipient's and nothing of anybody's evidence.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, Notice, NoticeChoice, User
from accounts.notices import KINDS

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=3)  # older news is found on the page
A_ROUND = 500
DAILY_FROM_HOUR = 7
Mail = NoticeChoice.Mail


class MailServerSilent(Exception):
    """It takes nothing more in this round."""


def mail_at_once() -> None:
    """One e-mail to each person about all that is due."""
    now = timezone.now()
    waiting = _waiting(now).exclude(
        recipient__notice_choice__mail__in=(Mail.DAILY, Mail.NEVER),
    )
    _mail_all(waiting, now)


def mail_daily() -> None:
    """Once a day, from the morning on: a beat that was missed is made up for later that day."""
    now = timezone.now()
    if timezone.localtime(now).hour < DAILY_FROM_HOUR:
        return
    waiting = _waiting(now).filter(
        Q(recipient__notice_choice__digested_on=None)
        | Q(recipient__notice_choice__digested_on__lt=timezone.localdate(now)),
        recipient__notice_choice__mail=Mail.DAILY,
    )
    _mail_all(waiting, now)


def _waiting(now: datetime) -> QuerySet[Notice]:
    """Due, not read or mailed meanwhile, to somebody whom its link would let in."""
    is_member = Membership.objects.filter(user=OuterRef("recipient"), centre=OuterRef("centre"))
    since = "recipient__notice_choice__mails_from"
    return (
        Notice.objects.unread()
        .filter(
            Exists(is_member),
            Q(**{since: None}) | Q(due_at__gte=F(since)),
            mailed_at=None,
            due_at__gt=now - GIVE_UP_AFTER,
            recipient__is_active=True,
        )
        .exclude(recipient__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .select_related("recipient__notice_choice", "centre")
        .order_by("recipient", "centre", "due_at", "pk")
    )


def _mail_all(waiting: QuerySet[Notice], now: datetime) -> None:
    notices = list(waiting[:A_ROUND])
    if not notices:
        return
    server = get_connection()
    try:
        server.open()  # before anything is marked: without a connection nothing goes out
    except (SMTPException, OSError) as error:
        logger.warning("The mail server does not answer; notices wait: %s", error)
        return
    try:
        for recipient, theirs in groupby(notices, attrgetter("recipient")):
            _mail_one(recipient, list(theirs), server, now)
    except MailServerSilent:
        return
    finally:
        server.close()


def _mail_one(
    recipient: User, notices: Sequence[Notice], server: BaseEmailBackend, now: datetime
) -> None:
    if not _claim_day(recipient, now):
        return
    ours = [notice for notice in notices if _claim(notice, now)]
    if not ours:
        return
    try:
        server.send_messages([_message(recipient, ours, server)])
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        logger.warning("An e-mail to user %s was refused: %s", recipient.pk, refusal)
        if not _for_good(refusal):
            _unclaim(recipient, ours, now)
    except (SMTPException, OSError) as error:
        logger.exception("Whether an e-mail to user %s went out is not known", recipient.pk)
        raise MailServerSilent from error


def _claim(notice: Notice, now: datetime) -> bool:
    """Whether it is ours to mail: not another worker's, and neither undone nor read meanwhile."""
    free = Notice.objects.filter(pk=notice.pk, mailed_at=None, taken_back_at=None, read_at=None)
    return bool(free.update(mailed_at=now))


def _claim_day(recipient: User, now: datetime) -> bool:
    """The one e-mail of a day, where that is what was chosen."""
    if not _is_daily(recipient):
        return True
    today = timezone.localdate(now)
    free = NoticeChoice.objects.filter(user=recipient, mail=Mail.DAILY)
    free = free.filter(Q(digested_on=None) | Q(digested_on__lt=today))
    return bool(free.update(digested_on=today))


def _is_daily(recipient: User) -> bool:
    choice = getattr(recipient, "notice_choice", None)
    return choice is not None and choice.mail == Mail.DAILY


def _unclaim(recipient: User, notices: Iterable[Notice], now: datetime) -> None:
    pks = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=pks, mailed_at=now).update(mailed_at=None)
    if _is_daily(recipient):
        NoticeChoice.objects.filter(user=recipient).update(digested_on=None)


def _for_good(refusal: SMTPResponseException | SMTPRecipientsRefused) -> bool:
    """5xx: there is no such address, or it wants no such e-mail; asking again changes nothing."""
    if isinstance(refusal, SMTPRecipientsRefused):
        return all(code >= 500 for code, _words in refusal.recipients.values())
    return refusal.smtp_code >= 500


def _message(recipient: User, notices: Sequence[Notice], server: BaseEmailBackend) -> EmailMessage:
    by_centre = [
        (centre, [(KINDS[kind].mail, [_link(each) for each in group]) for kind, group in kinds])
        for centre, kinds in _grouped(notices)
    ]
    context = {
        "name": recipient.name,
        "by_centre": by_centre,
        "choice": _address("notices:choice", notices[-1]),
    }
    return EmailMessage(
        subject=_subject(notices),
        body=render_to_string("accounts/email/notices.txt", context),
        to=[recipient.email],
        headers={"Auto-Submitted": "auto-generated"},
        connection=server,
    )


def _grouped(notices: Sequence[Notice]) -> list[tuple[str, list[tuple[str, list[Notice]]]]]:
    """By centre, and there by kind."""
    found = []
    for centre, theirs in groupby(notices, attrgetter("centre.name")):
        in_order = sorted(theirs, key=attrgetter("kind"))
        kinds = [(kind, list(group)) for kind, group in groupby(in_order, attrgetter("kind"))]
        found.append((centre, kinds))
    return found


def _subject(notices: Sequence[Notice]) -> str:
    centres = {notice.centre.name for notice in notices}
    # A header holds no line break.
    sender = " ".join(centres.pop().split()) if len(centres) == 1 else _("Signpost")
    if len(notices) == 1:
        return f"{sender}: {KINDS[notices[0].kind].mail}"
    count = {"count": len(notices)}
    return f"{sender}: " + ngettext("%(count)d notice", "%(count)d notices", len(notices)) % count


def _link(notice: Notice) -> str:
    return _address("notices:follow", notice, pk=notice.pk)


def _address(name: str, notice: Notice, **kwargs: int) -> str:
    return settings.ORIGIN + reverse(name, kwargs={"centre": notice.centre.slug, **kwargs})
