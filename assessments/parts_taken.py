"""Who had a part in a decision, and may therefore not look at it again."""

from django.db.models import Q, QuerySet

from accounts.models import User
from assessments.models import SignOff, Submission
from portfolio.models import Enrolment, apart_from


def stands_apart(user: User, enrolment: Enrolment) -> bool:
    """Neither the learner nor a relative, nor witness to anything that counts in the unit."""
    return Enrolment.objects.filter(apart_from(user), pk=enrolment.pk).exists()


def took_part(user: User, submission: Submission) -> bool:
    """Decided it or judged in it, in whichever round."""
    rounds = Submission.objects.filter(
        version=submission.version_id, enrolment=submission.enrolment_id
    )
    return rounds.filter(Q(decided_by=user) | Q(judgements__assessor=user)).exists()


def sign_off_part(user: User, enrolment: Enrolment) -> bool:
    signed = SignOff.objects.filter(enrolment=enrolment)
    return signed.filter(Q(assessor=user) | Q(countersigner=user)).exists()


def took_part_in_unit(user: User, enrolment: Enrolment) -> bool:
    """Signed it, or decided something that its sign-off rests on."""
    decided = Submission.objects.filter(enrolment=enrolment)
    judged = decided.filter(Q(decided_by=user) | Q(judgements__assessor=user))
    return sign_off_part(user, enrolment) or judged.exists()


def overturned_decisions(user: User, submission: Submission) -> QuerySet[Submission]:
    """This person's decisions on the item, in this unit, that an appeal overturned."""
    return Submission.objects.filter(
        decided_by=user,
        enrolment=submission.enrolment_id,
        version__evidence=submission.version.evidence_id,
        withdrawal__appeal__isnull=False,
    )
