"""Where each marking point was earned, as the ticks of the judgements say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.models import Judgement, PointTick
from portfolio.models import Enrolment
from portfolio.workflow import ClaimStatus


@dataclass(frozen=True)
class Earned:
    """One met claim that earns a point."""

    version: int
    number: int
    code: str

    @property
    def words(self) -> str:
        return _("evidence %(number)d, %(code)s") % {"number": self.number, "code": self.code}


def earned_points(enrolment: Enrolment) -> Mapping[int, Sequence[Earned]]:
    """By marking point's id, in the order of the evidence; decisions that were taken back and
    claims that were not met earn nothing."""
    ticks = PointTick.objects.filter(
        judgement__claim__enrolment=enrolment,
        judgement__claim__status=ClaimStatus.MET,
        judgement__outcome=Judgement.Outcome.MET,
        judgement__decided_at__isnull=False,
        judgement__submission__withdrawal=None,
    ).order_by("judgement__claim__version__evidence__number", "judgement__claim__criterion__order")
    rows = ticks.values_list(
        "marking_point",
        "judgement__claim__version",
        "judgement__claim__version__evidence__number",
        "judgement__claim__criterion__code",
    )
    found: defaultdict[int, list[Earned]] = defaultdict(list)
    for point, version, number, code in rows:
        found[point].append(Earned(version, number, code))
    return found
