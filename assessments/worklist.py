"""What waits for an assessor: the queue, narrowed, and one's place in it."""

from bisect import bisect_left
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from accounts.models import Centre, User
from assessments.models import SignOff, Submission
from assessments.workflow import SignOffStatus, SubmissionStatus
from portfolio.models import Claim, Enrolment
from portfolio.progress import counts_as_met
from portfolio.workflow import ClaimStatus, EnrolmentStatus
from standards.models import Criterion


@dataclass(frozen=True)
class Narrowing:
    """The queue's filters as they stand in the address; what is no number filters nothing."""

    learner: int | None = None
    unit: int | None = None

    @classmethod
    def read(cls, given: QueryDict) -> "Narrowing":
        def number(name: str) -> int | None:
            text = given.get(name, "")
            return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None

        return cls(number("learner"), number("unit"))

    @property
    def query(self) -> str:
        """For links that stay within what was chosen; empty, or with its question mark."""
        return self.query_with()

    def query_with(self, **more: int) -> str:
        chosen = {"learner": self.learner, "unit": self.unit, **more}
        kept = {name: value for name, value in chosen.items() if value is not None}
        return f"?{urlencode(kept)}" if kept else ""

    def apply(self, submissions: QuerySet[Submission]) -> QuerySet[Submission]:
        if self.learner is not None:
            submissions = submissions.filter(enrolment__portfolio__learner=self.learner)
        if self.unit is not None:
            submissions = submissions.filter(enrolment__edition=self.unit)
        return submissions


def waiting(assessor: User, centre: Centre) -> QuerySet[Submission]:
    return Submission.objects.in_centre(centre).awaiting(assessor)


def with_rows(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """All that a row of the queue shows, without the long texts."""
    claims = (
        Claim.objects.filter(version=OuterRef("version"), enrolment=OuterRef("enrolment"))
        .order_by()
        .values("version")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        submissions.select_related(
            "version__evidence",
            "enrolment__edition__standard",
            "enrolment__portfolio__learner",
        )
        .only(
            "submitted_at",
            "version__number",
            "version__title",
            "version__evidence__number",
            "enrolment__edition__title",
            "enrolment__edition__standard__urn",
            "enrolment__portfolio__learner__name",
        )
        .annotate(claim_count=Coalesce(Subquery(claims), 0))
    )


@dataclass
class Choices:
    """The learners and units that something waits from."""

    learners: dict[int, str] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)


def choices_in(submissions: QuerySet[Submission]) -> Choices:
    rows = submissions.order_by().values_list(
        "enrolment__portfolio__learner",
        "enrolment__portfolio__learner__name",
        "enrolment__edition",
        "enrolment__edition__standard__urn",
        "enrolment__edition__title",
    )
    choices = Choices()
    for learner, name, edition, urn, title in rows.distinct():
        choices.learners[learner] = name
        choices.units[edition] = f"{urn} {title}"
    choices.learners = dict(sorted(choices.learners.items(), key=lambda item: item[1].casefold()))
    choices.units = dict(sorted(choices.units.items(), key=lambda item: item[1]))
    return choices


@dataclass(frozen=True)
class Neighbours:
    """One's place in the queue, counted from 1; 0 where this itself no longer waits in it."""

    previous: int | None
    next: int | None
    place: int = 0
    length: int = 0


def neighbours(submission: Submission, queue: QuerySet[Submission]) -> Neighbours:
    """What lies before and after it in the queue, whether or not it still waits itself."""
    waiting = list(queue.values_list("submitted_at", "pk"))
    here = (submission.submitted_at, submission.pk)
    at = bisect_left(waiting, here)
    waits = at < len(waiting) and waiting[at] == here
    after = at + waits
    return Neighbours(
        previous=waiting[at - 1][1] if at else None,
        next=waiting[after][1] if after < len(waiting) else None,
        place=at + 1 if waits else 0,
        length=len(waiting),
    )


def to_countersign(user: User, centre: Centre) -> QuerySet[SignOff]:
    """Colleagues' sign-offs that wait for somebody such as this person, oldest first."""
    return (
        SignOff.objects.in_centre(centre)
        .in_force()
        .filter(status=SignOffStatus.AWAITING_COUNTERSIGNATURE)
        .countersigned_by(user)
        .select_related("assessor", "enrolment__edition__standard", "enrolment__portfolio__learner")
        .order_by("signed_at", "pk")
    )


def caseload(assessor: User, centre: Centre) -> QuerySet[Enrolment]:
    """The units this person assesses, with how far each learner is."""
    allocated = Enrolment.objects.in_centre(centre).filter(
        allocations__assessor=assessor, allocations__ended_at=None
    )
    return with_counts(allocated.exclude(status=EnrolmentStatus.WITHDRAWN))


def with_counts(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    met = counts_as_met(OuterRef("pk"), OuterRef(OuterRef("pk")))
    submitted = Claim.objects.filter(
        criterion=OuterRef("pk"),
        enrolment=OuterRef(OuterRef("pk")),
        status=ClaimStatus.SUBMITTED,
    )
    criteria = Criterion.objects.filter(edition=OuterRef("edition"))
    submissions = Submission.objects.filter(
        enrolment=OuterRef("pk"), status=SubmissionStatus.WAITING
    )
    return (
        enrolments.select_related("edition__standard", "portfolio__learner")
        .annotate(
            criteria_count=_count(criteria, "edition"),
            met_count=_count(criteria.filter(met), "edition"),
            judging_count=_count(criteria.filter(Exists(submitted)).exclude(met), "edition"),
            waiting_count=_count(submissions, "enrolment"),
        )
        .order_by("portfolio__learner__name", "edition__standard__urn", "pk")
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)
