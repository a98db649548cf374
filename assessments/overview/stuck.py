"""When a unit counts as stuck, in this one place.

In words: the learner is still working towards the unit, something in it is not met yet, nothing
of it waits for an assessor, and for STUCK_AFTER_DAYS nothing was handed in or decided. The next
move is the learner's, and it does not come: somebody should ask how they are.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from assessments.models import Submission
from assessments.workflow import SubmissionStatus
from portfolio.progress import counts_as_met
from portfolio.workflow import EnrolmentStatus
from standards.models import Criterion


def is_stuck() -> Q:
    """The condition on enrolments."""
    since = timezone.now() - timedelta(days=settings.STUCK_AFTER_DAYS)
    of_it = Submission.objects.filter(enrolment=OuterRef("pk")).order_by()
    waits = Q(status=SubmissionStatus.WAITING)
    waits_or_moved = of_it.filter(waits | Q(submitted_at__gte=since) | Q(decided_at__gte=since))
    criteria = Criterion.objects.filter(edition=OuterRef("edition")).order_by()
    unmet = criteria.exclude(counts_as_met(OuterRef("pk"), OuterRef(OuterRef("pk"))))
    # In this order: what the row itself says spares the database looking further.
    of_the_row = Q(status=EnrolmentStatus.ACTIVE, started_on__lt=timezone.localdate(since))
    return of_the_row & Q(~Exists(waits_or_moved), Exists(unmet))
