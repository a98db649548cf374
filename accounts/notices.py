"""What people are told: each kind in one table, `tell` within the action that it tells of, and
`take_back` where that action is undone.

The notice is a row of the same transaction, so it is there exactly when the thing happened. Its
text may name a learner to those who work with her: it is shown on pages only. The e-mail says
no more than the sentence of this table and a link that asks to sign in (see `mailing`).
"""

import logging
from datetime import timedelta
from typing import NamedTuple

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from accounts.models import Centre, Notice, NoticeChoice, NoticeQuerySet, User

logger = logging.getLogger(__name__)

MAIL = "accounts.tasks.mail_notices"
LONGEST = 300


class Kind(NamedTuple):
    label: Promise
    mail: Promise  # all that an e-mail says of it: no names, no evidence, no outcome


# A kind that was ever used stays: people's old notices name it.
KINDS = {
    # To the learner.
    "decided": Kind(_("Decision"), _("Your assessor has looked at your evidence.")),
    "withdrawn": Kind(
        _("Decision taken back"), _("A decision on your work was taken back. Read why.")
    ),
    "signed_off": Kind(_("Unit signed off"), _("One of your units was signed off.")),
    "record_shared": Kind(
        _("Record to confirm"), _("Your assessor made a record for you to read and confirm.")
    ),
    "questions_asked": Kind(_("Questions"), _("Your assessor asks you some questions.")),
    "appeal_answered": Kind(_("Answer to your appeal"), _("Your appeal was answered.")),
    # To the assessor.
    "submitted": Kind(_("Work to judge"), _("Work is waiting for you to judge it.")),
    "allocated": Kind(_("New learner"), _("A learner's unit was given to you to assess.")),
    "record_confirmed": Kind(_("Record confirmed"), _("A record you made was confirmed.")),
    "record_questioned": Kind(
        _("Record questioned"), _("A learner has a question about a record you made.")
    ),
    "questions_answered": Kind(
        _("Questions answered"), _("A learner has answered the questions you asked.")
    ),
    "to_countersign": Kind(
        _("To countersign"), _("A unit that was signed off waits for a countersignature.")
    ),
    "countersigned": Kind(_("Countersigned"), _("A unit you signed off was countersigned.")),
    "countersignature_refused": Kind(
        _("Not countersigned"), _("A unit you signed off was not countersigned. Read why.")
    ),
    "decision_withdrawn": Kind(
        _("Your decision taken back"), _("A decision of yours was taken back. Read why.")
    ),
    # To whoever it concerns.
    "appeal_made": Kind(_("Appeal"), _("A learner appeals against a decision.")),
    "interest_declared": Kind(
        _("Interest declared"), _("Somebody declared an interest in a learner.")
    ),
    "plan_to_agree": Kind(_("Plan to agree"), _("A plan waits for you to agree to it.")),
    "action_overdue": Kind(_("Action overdue"), _("Something that was agreed is overdue.")),
    # To whoever asked for an export.
    "export_ready": Kind(_("Export ready"), _("An export that you asked for is ready.")),
    "export_failed": Kind(_("Export failed"), _("An export that you asked for failed.")),
}


def tell(
    *,
    recipient: User,
    centre: Centre,
    kind: str,
    about: str,
    text: str,
    path: str,
    after: int = 0,
) -> None:
    """Tell one person, `after` seconds from now; of one thing (`about`) once, however often.

    Call it inside the action's transaction. `path` is the address of the exact place, with its
    anchor, and need not be allowed to anybody but the recipient.
    """
    if kind not in KINDS:
        raise LookupError(f"{kind!r} is no kind of notice; accounts/notices.py lists them all")
    notice = Notice(
        recipient=recipient,
        centre=centre,
        kind=kind,
        about=about,
        text=_shortened(text),
        path=path,
        due_at=timezone.now() + timedelta(seconds=after),
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    if not after:
        _mail_after_commit()


def take_back(kind: str, about: str) -> None:
    """What it told of was undone: nobody sees it any more, and no e-mail goes out."""
    standing = Notice.objects.filter(kind=kind, about=about, taken_back_at=None)
    standing.update(taken_back_at=timezone.now())


def mark_read(*, notices: NoticeQuerySet, by: User) -> int:
    """How many of these were theirs and new to them."""
    return notices.visible_to(by).unread().update(read_at=timezone.now())


@transaction.atomic
def choose_mail(*, mail: str, by: User) -> NoticeChoice:
    """When somebody wants e-mail. Who had none is not sent all that lay here meanwhile."""
    if mail not in NoticeChoice.Mail.values:
        raise ValidationError(_("Choose one of the answers."))
    choice, _made = NoticeChoice.objects.select_for_update().get_or_create(user=by)
    if choice.mail == NoticeChoice.Mail.NEVER != mail:
        choice.mails_from = timezone.now()
    choice.mail = mail
    choice.save()
    return choice


def named(row: models.Model) -> str:
    """What a notice is about, where one row says it: "submission:12"."""
    return f"{row._meta.model_name}:{row.pk}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _mail_after_commit() -> None:
    """One message a transaction, however many are told in it. Robust: the rows are the queue's
    truth, and a scheduled task mails whatever no message went out for."""
    waiting = (entry[1] for entry in connection.run_on_commit)
    if _send not in waiting:
        transaction.on_commit(_send, robust=True)


def _send() -> None:
    try:
        current_app.send_task(MAIL, retry=False)
    except OperationalError as error:
        logger.warning("The broker does not answer; notices are mailed later: %s", error)
