"""Which part of a centre is looked at: a cohort, an assessor's learners, a unit, a learner."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.lists import number_in
from accounts.lists.filters import LONGEST
from accounts.models import Centre, User
from assessments.models import Judgement, Submission
from portfolio.models import Allocation, Enrolment, Portfolio
from portfolio.workflow import EnrolmentStatus
from standards.models import Edition

LEARNER = ("learner__name", "learner__email", "registration_number")


@dataclass(frozen=True)
class Scope:
    centre: Centre
    cohort: str = ""
    assessor: int | None = None
    unit: int | None = None
    learner: str = ""

    @classmethod
    def read(cls, centre: Centre, given: Mapping[str, str]) -> "Scope":
        return cls(
            centre,
            given.get("cohort", "").strip()[:80],
            number_in(given.get("assessor", "")),
            number_in(given.get("unit", "")),
            given.get("learner", "").strip()[:LONGEST],
        )

    @property
    def is_narrowed(self) -> bool:
        chosen = self.assessor is not None or self.unit is not None
        return bool(self.cohort or self.learner or chosen)

    def enrolments(self) -> QuerySet[Enrolment]:
        """Those on units now; whoever was withdrawn is no part of the figures."""
        rows = Enrolment.objects.in_centre(self.centre).exclude(status=EnrolmentStatus.WITHDRAWN)
        if self.assessor is not None:
            theirs = Allocation.objects.filter(assessor=self.assessor, ended_at=None)
            rows = rows.filter(pk__in=theirs.values("enrolment"))
        return rows.filter(self._where("")).order_by()

    def waiting(self) -> QuerySet[Submission]:
        rows = Submission.objects.in_centre(self.centre).filter(
            status=Submission.Status.WAITING, enrolment__status=EnrolmentStatus.ACTIVE
        )
        if self.assessor is not None:
            theirs = Allocation.objects.filter(assessor=self.assessor, ended_at=None)
            rows = rows.filter(enrolment__in=theirs.values("enrolment"))
        return rows.filter(self._where("enrolment__")).order_by()

    def decisions(self) -> QuerySet[Submission]:
        """Those that stand: one that was undone or withdrawn counts for nothing."""
        rows = Submission.objects.in_centre(self.centre).exclude(status=Submission.Status.WAITING)
        if self.assessor is not None:
            rows = rows.filter(decided_by=self.assessor)
        return rows.in_force().filter(self._where("enrolment__")).order_by()

    def judgements(self) -> QuerySet[Judgement]:
        """All that were sent, those taken back too, of whoever left the unit as well."""
        rows = Judgement.objects.filter(submission__enrolment__portfolio__centre=self.centre)
        if self.assessor is not None:
            rows = rows.filter(assessor=self.assessor)
        return rows.exclude(decided_at=None).filter(self._where("submission__enrolment__"))

    def portfolios(self) -> QuerySet[Portfolio]:
        rows = Enrolment.objects.in_centre(self.centre).filter(self._where(""))
        if self.assessor is not None:
            rows = rows.filter(allocations__assessor=self.assessor, allocations__ended_at=None)
        return Portfolio.objects.filter(pk__in=rows.order_by().values("portfolio"))

    def _where(self, at: str) -> Q:
        where = Q()
        if self.learner:
            named = (f"{at}portfolio__{each}__icontains" for each in LEARNER)
            where &= reduce(or_, (Q(**{name: self.learner}) for name in named))
        if self.cohort:
            where &= Q(**{f"{at}portfolio__cohort": self.cohort})
        if self.unit is not None:
            where &= Q(**{f"{at}edition": self.unit})
        return where


def choices_in(centre: Centre) -> dict[str, list[tuple[object, str]]]:
    """What can be chosen; three statements."""
    here = Enrolment.objects.in_centre(centre).order_by()
    cohorts = here.exclude(portfolio__cohort="").values_list("portfolio__cohort", flat=True)
    running = Allocation.objects.filter(enrolment__portfolio__centre=centre, ended_at=None)
    assessors = User.objects.filter(pk__in=running.values("assessor")).order_by("name", "pk")
    editions = Edition.objects.filter(pk__in=here.values("edition"))
    units = editions.order_by("standard__urn", "title")
    return {
        "cohort": [(each, each) for each in sorted(set(cohorts.distinct()), key=str.casefold)],
        "assessor": list(assessors.values_list("pk", "name")),
        "unit": [
            (pk, f"{urn} {title}")
            for pk, urn, title in units.values_list("pk", "standard__urn", "title")
        ],
    }
