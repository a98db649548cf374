"""What was submitted and what was judged."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import formats, timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, Centre, User
from assessments.workflow import JudgementStatus, SubmissionStatus
from portfolio.models import Claim, Enrolment, EvidenceVersion, Place, apart_from
from portfolio.workflow import EnrolmentStatus
from standards.models import MarkingPoint


def when(moment: object) -> str:
    return formats.date_format(timezone.localtime(moment), "j F Y, H:i")  # type: ignore[arg-type]


class PersonalDataCheck(models.TextChoices):
    """What the assessor found, looking for other people in the evidence."""

    CLEAR = "clear", _("Nobody can be recognised who did not agree to it")
    HIDE = "hide", _("Somebody has to be hidden first")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: User) -> "SubmissionQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "SubmissionQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)

    def in_force(self) -> "SubmissionQuerySet":
        """Without those whose decision was taken back; another round stands for them."""
        return self.filter(withdrawal=None)

    def awaiting(self, assessor: User) -> "SubmissionQuerySet":
        """What waits for this assessor's judgement, oldest first: where they may decide, and no
        appeal against their own decision on the item was upheld."""
        overturned = Submission.objects.filter(
            decided_by=assessor,
            withdrawal__appeal__isnull=False,
            enrolment=OuterRef("enrolment"),
            version__evidence=OuterRef("version__evidence"),
        )
        return (
            self.filter(
                status=SubmissionStatus.WAITING,
                enrolment__status=EnrolmentStatus.ACTIVE,
                enrolment__allocations__assessor=assessor,
                enrolment__allocations__ended_at=None,
                enrolment__portfolio__centre__in=assessor.centres_as(*ASSESSING),
            )
            .filter(apart_from(assessor, "enrolment"))
            .filter(~Exists(overturned))
            .order_by("submitted_at", "pk")
        )


class Submission(models.Model):
    """One version of evidence, handed in for one unit; `frozen` is exactly what was seen.

    Evidence that claims criteria of several units makes one submission for each, because each
    unit has its own assessors. A decision that is taken back stays as it was, with its
    Withdrawal, and the same work waits again as the next round.
    """

    Status = SubmissionStatus

    version = models.ForeignKey(EvidenceVersion, models.PROTECT, related_name="submissions")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    round = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(
        max_length=12, choices=SubmissionStatus, default=SubmissionStatus.WAITING
    )
    submitted_at = models.DateTimeField()
    frozen = models.JSONField()
    frozen_sha256 = models.CharField(max_length=64)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    feedback = models.TextField(_("feedback to the learner"), blank=True)
    # The assessor's answer on other people in the evidence, given with the decision.
    personal_data = models.CharField(
        _("other people in it"), max_length=12, choices=PersonalDataCheck, blank=True
    )
    # The examiner's wording that it was decided by (see freezing.marked_against), and its digest.
    marked_against = models.JSONField(default=list, blank=True)
    marked_against_sha256 = models.CharField(max_length=64, blank=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["status", "submitted_at"], name="waiting_oldest_first"),
            models.Index(fields=["decided_by", "decided_at"], name="decisions_of_a_person"),
            # A centre's figures read the decisions of some weeks, out of those of all years.
            models.Index(
                fields=["decided_at"], condition=~Q(decided_at=None), name="decided_lately"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "enrolment", "round"],
                name="a_version_is_submitted_once_for_a_unit",
            ),
            models.UniqueConstraint(
                fields=["version", "enrolment"],
                condition=Q(status=SubmissionStatus.WAITING),
                name="a_version_waits_once_for_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} – {self.enrolment}"

    @property
    def sent_comments(self) -> "list[Comment]":
        """What went out with the decision; load the comments with their files."""
        if self.decided_at is None:
            return []
        return [each for each in self.comments.all() if each.made_by_id == self.decided_by_id]

    def claims(self) -> models.QuerySet[Claim]:
        """What is claimed in this unit; the version's other claims are other submissions'."""
        return Claim.objects.filter(version=self.version_id, enrolment=self.enrolment_id)

    @property
    def is_in_force(self) -> bool:
        """Whether nobody took its decision back (fetch `withdrawal` along with many)."""
        return not hasattr(self, "withdrawal")

    def standing(self) -> str:
        if not (self.decided_by and self.decided_at):
            return _t("This submission is waiting to be judged.")
        if not self.is_in_force:
            return self.withdrawal.standing()
        sentence = (
            _t("%(name)s already accepted this on %(when)s.")
            if self.status == SubmissionStatus.ACCEPTED
            else _t("%(name)s already returned this on %(when)s.")
        )
        return sentence % {"name": self.decided_by.name, "when": when(self.decided_at)}


class Judgement(models.Model):
    """An assessor's decision on one claim; a draft, saved as they go, until `decided_at`."""

    class Outcome(models.TextChoices):
        MET = "met", _("Met")
        NOT_YET = "not_yet", _("Not yet")

    VARCS = ("valid", "authentic", "reliable", "current", "sufficient")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="judgements")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="judgements")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="judgements"
    )
    outcome = models.CharField(_("decision"), max_length=8, choices=Outcome, blank=True)
    reason = models.TextField(_("why"), blank=True)
    valid = models.BooleanField(_("valid"), default=False)
    authentic = models.BooleanField(_("authentic"), default=False)
    reliable = models.BooleanField(_("reliable"), default=False)
    current = models.BooleanField(_("current"), default=False)
    sufficient = models.BooleanField(_("sufficient"), default=False)
    feedback = models.TextField(_("feedback to the learner"), blank=True)
    saved_at = models.DateTimeField(auto_now=True)
    # Grows with every save, so that a tab from yesterday can't write over today's words.
    revision = models.PositiveIntegerField(default=0)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["claim__criterion__order"]
        constraints = [
            # Two assessors may draft at once and neither loses a word; one decision counts.
            models.UniqueConstraint(
                fields=["submission", "claim", "assessor"], name="one_draft_an_assessor"
            ),
            models.UniqueConstraint(
                fields=["submission", "claim"],
                condition=~Q(decided_at=None),
                name="a_claim_is_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.outcome}"

    @property
    def status(self) -> str:
        if self.decided_at is None:
            return JudgementStatus.DRAFT
        standing = self.submission.is_in_force
        return JudgementStatus.DECIDED if standing else JudgementStatus.TAKEN_BACK

    @property
    def held(self) -> list[str]:
        """Which of the five it holds."""
        return [name for name in self.VARCS if getattr(self, name)]

    @property
    def given(self) -> tuple[str, list[str]] | None:
        """What was judged, without the words; None while there is no outcome."""
        return (self.outcome, self.held) if self.outcome else None

    @property
    def all_five(self) -> bool:
        return not self.not_shown

    @property
    def shown(self) -> list[str]:
        """Which of the five hold, in words."""
        return [self._word(name) for name in self.VARCS if getattr(self, name)]

    @property
    def not_shown(self) -> list[str]:
        return [self._word(name) for name in self.VARCS if not getattr(self, name)]

    def _word(self, name: str) -> str:
        return str(self._meta.get_field(name).verbose_name)


class FeedbackDraft(models.Model):
    """An assessor's feedback on a whole submission, saved as they write; gone once decided."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="feedback_drafts")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback_drafts"
    )
    text = models.TextField(_("feedback to the learner"), blank=True)
    saved_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "assessor"], name="one_feedback_draft_an_assessor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessor_id} on {self.submission_id}"


class ActionPointQuerySet(models.QuerySet["ActionPoint"]):
    def visible_to(self, user: User) -> "ActionPointQuerySet":
        """Those that went out with a decision; a draft's are between the assessors."""
        seen = Submission.objects.visible_to(user).exclude(decided_at=None)
        return self.filter(submission__in=seen)

    def in_centre(self, centre: Centre) -> "ActionPointQuerySet":
        return self.filter(submission__enrolment__portfolio__centre=centre)

    def asked(self) -> "ActionPointQuerySet":
        """Of decisions that stand, and not done yet."""
        decided = Submission.objects.in_force().exclude(decided_at=None)
        return self.filter(submission__in=decided, done_at=None)


class ActionPoint(models.Model):
    """Something the learner is asked to do next, by a date."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="action_points")
    text = models.CharField(_("what to do"), max_length=500)
    due_on = models.DateField(_("by when"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)  # the learner says so

    objects = ActionPointQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_overdue(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()


class PointTick(models.Model):
    """A marking point that a claim earns, as the assessor ticked it, in the words of that time."""

    judgement = models.ForeignKey(Judgement, models.CASCADE, related_name="ticks")
    marking_point = models.ForeignKey(MarkingPoint, models.PROTECT, related_name="ticks")
    wording = models.TextField()

    class Meta:
        ordering = ["marking_point__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["judgement", "marking_point"], name="a_point_is_ticked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.marking_point_id} by {self.judgement_id}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def sent(self) -> "CommentQuerySet":
        """Those that went out with a decision; a colleague's drafts beside it stay unread."""
        return self.filter(
            submission__decided_at__isnull=False, made_by=models.F("submission__decided_by")
        )


class Comment(Place):
    """An assessor's words on an exact place in the evidence; the learner sees them with the
    decision."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="comments")
    text = models.TextField(_("comment"))

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.made_by_id} on {self.submission_id}"
