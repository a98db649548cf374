"""Every decision on a claim that was sent: who, when, what came of it, and whether it stands.

Without anybody's words: reasons and feedback may name other people, and are read on the pages,
where what was hidden since stays hidden.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.lists import Column
from assessments.models import Judgement, Withdrawal
from assessments.overview.scope import Scope
from assessments.workflow import SubmissionStatus

AT_ONCE = 2000
UNIT = "submission__enrolment__edition__"
PORTFOLIO = "submission__enrolment__portfolio__"
TAKEN_BACK = "submission__withdrawal__"
OUTCOMES = dict(Judgement.Outcome.choices)
STATUSES = dict(SubmissionStatus.choices)
KINDS = dict(Withdrawal.Kind.choices)
STANDS = _("Stands")
YES, NO = _("Yes"), _("No")


def _word(name: str, words: dict[Any, Any], otherwise: Any = "") -> Callable[[Any], Any]:
    return lambda row: words.get(row[name], otherwise)


def _holds(name: str) -> Column:
    label = Judgement._meta.get_field(name).verbose_name
    return Column(name, capfirst(label), lambda row: YES if row[name] else NO)


def _plain(key: str, label: Any, name: str) -> Column:
    return Column(key, label, itemgetter(name))


FIELDS = (
    _plain("decided", _("Decided"), "decided_at"),
    _plain("assessor", _("Decided by"), "assessor__name"),
    _plain("learner", _("Learner"), f"{PORTFOLIO}learner__name"),
    _plain("registration", _("Registration"), f"{PORTFOLIO}registration_number"),
    _plain("cohort", _("Cohort"), f"{PORTFOLIO}cohort"),
    _plain("unit", _("Unit"), f"{UNIT}standard__urn"),
    _plain("criterion", _("Criterion"), "claim__criterion__code"),
    _plain("evidence", _("Evidence"), "submission__version__evidence__number"),
    _plain("version", _("Version"), "submission__version__number"),
    _plain("round", _("Round"), "submission__round"),
    _plain("handed_in", _("Handed in"), "submission__submitted_at"),
    Column("outcome", _("Decision"), _word("outcome", OUTCOMES)),
)
COLUMNS = (
    *FIELDS,
    *(_holds(name) for name in Judgement.VARCS),
    Column("evidence_was", _("The evidence was"), _word("submission__status", STATUSES)),
    Column("stands", _("Stands?"), _word(f"{TAKEN_BACK}kind", KINDS, STANDS)),
    _plain("taken_back", _("Taken back"), f"{TAKEN_BACK}at"),
    _plain("taken_back_by", _("Taken back by"), f"{TAKEN_BACK}by__name"),
)
READ = (
    *(f"{PORTFOLIO}{each}" for each in ("learner__name", "registration_number", "cohort")),
    *(f"{TAKEN_BACK}{each}" for each in ("kind", "at", "by__name")),
    f"{UNIT}standard__urn",
    "decided_at",
    "assessor__name",
    "claim__criterion__code",
    "submission__version__evidence__number",
    "submission__version__number",
    "submission__round",
    "submission__submitted_at",
    "submission__status",
    "outcome",
    *Judgement.VARCS,
)


def rows(scope: Scope, since: datetime | None) -> Iterator[dict[str, Any]]:
    """The newest first."""
    found = scope.judgements()
    if since:
        found = found.filter(decided_at__gte=since)
    return found.order_by("-decided_at", "-pk").values(*READ).iterator(chunk_size=AT_ONCE)
