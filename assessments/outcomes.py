"""What was decided about a learner's work, as she reads it: what, why, and what to do next. Read
in a fixed number of queries, however much there is."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from assessments.models import (
    Appeal,
    Comment,
    Judgement,
    PersonalDataCheck,
    SignOff,
    Submission,
)
from assessments.workflow import AppealStatus, SignOffStatus, SubmissionStatus
from portfolio.hiding.guards import hidden_in, hidden_words
from portfolio.hiding.written import mask_decision, mask_written
from portfolio.models import Claim, EvidenceVersion, Portfolio
from portfolio.viewing import places_of_claims
from portfolio.workflow import EnrolmentStatus, VersionStatus

LONG_TEXTS = ("account", "account_html", "declaration_text")
Key = tuple[datetime.datetime, str, int]  # when, of which kind, which row


@dataclass(frozen=True)
class Decided:
    """One decision on one item, for one unit."""

    submission: Submission

    @property
    def at(self) -> datetime.datetime | None:
        return self.submission.decided_at

    @property
    def enrolment(self) -> object:
        return self.submission.enrolment

    @property
    def withdrawal(self) -> object:
        return getattr(self.submission, "withdrawal", None)

    @property
    def appeal(self) -> Appeal | None:
        return _last(self.submission.appeals.all())

    @cached_property
    def not_yet(self) -> list[Judgement]:
        return self._judged(Judgement.Outcome.NOT_YET)

    @cached_property
    def met(self) -> list[Judgement]:
        return self._judged(Judgement.Outcome.MET)

    def _judged(self, outcome: str) -> list[Judgement]:
        return [each for each in self.submission.judgements.all() if each.outcome == outcome]

    @property
    def is_returned(self) -> bool:
        return self.submission.status == SubmissionStatus.RETURNED

    @property
    def somebody_to_hide(self) -> bool:
        return self.submission.personal_data == PersonalDataCheck.HIDE

    @property
    def was_tried_again(self) -> bool:
        return bool(getattr(self.submission, "has_later", False))

    @property
    def is_open(self) -> bool:
        """Whether it is her turn."""
        active = self.submission.enrolment.status == EnrolmentStatus.ACTIVE
        return self.is_returned and active and not (self.withdrawal or self.was_tried_again)


@dataclass(frozen=True)
class Signed:
    """The decision on a whole unit."""

    sign_off: SignOff

    @property
    def at(self) -> datetime.datetime:
        return self.sign_off.countersigned_at or self.sign_off.signed_at

    @property
    def enrolment(self) -> object:
        return self.sign_off.enrolment

    @property
    def withdrawal(self) -> object:
        return getattr(self.sign_off, "withdrawal", None)

    @property
    def appeal(self) -> Appeal | None:
        return _last(self.sign_off.appeals.all())


Outcome = Decided | Signed


def _last(appeals: Iterable[Appeal]) -> Appeal | None:
    """The newest, which comes first; one that was given up is as good as none."""
    return next((each for each in appeals if each.status != AppealStatus.GIVEN_UP), None)


def keys(portfolio: Portfolio) -> list[Key]:
    """All that was decided, newest first; also what was taken back since."""
    submissions = _submissions(portfolio).values_list("decided_at", "pk")
    signed = _sign_offs(portfolio).annotate(at=Coalesce("countersigned_at", "signed_at"))
    found = [(at, "submission", pk) for at, pk in submissions if at]
    found += [(at, "sign_off", pk) for at, pk in signed.values_list("at", "pk")]
    return sorted(found, reverse=True)


def outcomes(portfolio: Portfolio, wanted: Sequence[Key], seen_by: User) -> list[Outcome]:
    """Those rows with all that their pages show, in that order."""
    pks = {kind: [pk for _at, each, pk in wanted if each == kind] for _at, kind, _pk in wanted}
    submissions = _loaded(_submissions(portfolio), seen_by).in_bulk(pks.get("submission", []))
    signed = _signed(portfolio).in_bulk(pks.get("sign_off", []))
    hidden = hidden_in(portfolio)
    for each in submissions.values():
        _mask(each, hidden.get(each.version.evidence.number, ()))
    return [
        Decided(submissions[pk]) if kind == "submission" else Signed(signed[pk])
        for _at, kind, pk in wanted
    ]


def outcome_of(portfolio: Portfolio, pk: int, seen_by: User) -> Decided | None:
    found = _loaded(_submissions(portfolio), seen_by).filter(pk=pk).first()
    if found is None:
        return None
    _mask(found, hidden_words(found.version.evidence))
    return Decided(found)


def _mask(submission: Submission, hidden: Collection[str]) -> None:
    mask_decision(submission, hidden)
    mask_written(submission.judgements.all(), hidden)


def _submissions(portfolio: Portfolio) -> QuerySet[Submission]:
    decided = Submission.objects.exclude(status=SubmissionStatus.WAITING)
    return decided.filter(enrolment__portfolio=portfolio)


def _sign_offs(portfolio: Portfolio) -> QuerySet[SignOff]:
    complete = SignOff.objects.filter(status=SignOffStatus.SIGNED_OFF)
    return complete.filter(enrolment__portfolio=portfolio)


def _signed(portfolio: Portfolio) -> QuerySet[SignOff]:
    signed = _sign_offs(portfolio).prefetch_related("appeals")
    return signed.select_related(
        "assessor", "countersigner", "withdrawal__by", "enrolment__edition__standard"
    )


def _loaded(submissions: QuerySet[Submission], seen_by: User) -> QuerySet[Submission]:
    later = EvidenceVersion.objects.filter(
        evidence=OuterRef("version__evidence"), number__gt=OuterRef("version__number")
    ).exclude(status=VersionStatus.WITHDRAWN)
    return (
        submissions.annotate(has_later=Exists(later))
        .select_related(
            "version__evidence",
            "enrolment__edition__standard",
            "enrolment__portfolio",
            "decided_by",
            "withdrawal__by",
        )
        .defer("frozen", "marked_against", *(f"version__{name}" for name in LONG_TEXTS))
        .prefetch_related(
            Prefetch("judgements", _judgements(seen_by)),
            Prefetch("comments", Comment.objects.select_related("file", "made_by")),
            "action_points",
            "appeals",
        )
    )


def _judgements(seen_by: User) -> QuerySet[Judgement]:
    claims = Claim.objects.select_related("criterion", "enrolment__portfolio")
    claims = claims.prefetch_related(places_of_claims(seen_by))
    decided = Judgement.objects.exclude(decided_at=None).select_related("assessor")
    return decided.prefetch_related(Prefetch("claim", claims)).order_by("claim__criterion__order")
