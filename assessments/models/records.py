"""What assessors record themselves: what they saw, talked about and asked."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, User
from assessments.models.bank import Banked
from assessments.workflow import RecordStatus
from portfolio.models import Enrolment, Evidence
from standards.models import Criterion, Edition


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, user: User) -> "RecordQuerySet":
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def in_centre(self, centre: Centre) -> "RecordQuerySet":
        return self.filter(enrolment__portfolio__centre=centre)


class Record(models.Model):
    """An assessor's own record of a learner: planned, made, confirmed by her, then submitted.

    What was written, filmed and claimed is in the evidence, a numbered item of the portfolio
    like any other; this row holds what only a record has.
    """

    Status = RecordStatus

    class Kind(models.TextChoices):
        OBSERVATION = "observation", _("Observation")
        DISCUSSION = "discussion", _("Professional discussion")
        ORAL = "oral", _("Oral questions")
        WRITTEN = "written", _("Written questions")
        IN_SITU = "in_situ", _("Product seen where it is")
        PRIOR_LEARNING = "prior_learning", _("Recognition of prior learning")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="records")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="records")
    status = models.CharField(max_length=12, choices=RecordStatus, default=RecordStatus.PLANNED)
    # The plan.
    planned_for = models.DateTimeField(_("planned for"), null=True, blank=True)
    place = models.CharField(_("where"), max_length=200, blank=True)
    plan_note = models.TextField(_("what is planned"), blank=True)
    criteria = models.ManyToManyField(Criterion, related_name="records", blank=True)
    # What came of it.
    evidence = models.OneToOneField(
        Evidence, models.PROTECT, null=True, blank=True, related_name="record"
    )
    # Where the thing itself stays, and that the assessor has seen it there.
    location = models.CharField(_("where it is kept"), max_length=200, blank=True)
    seen_in_situ_on = models.DateField(_("seen there on"), null=True, blank=True)
    # Prior learning: when it was learned, and why it still holds today.
    learned_on = models.DateField(_("date of the learning"), null=True, blank=True)
    currency = models.TextField(_("why it is still current"), blank=True)
    shared_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    learner_words = models.TextField(_("the learner's words"), blank=True)
    declaration_version = models.CharField(max_length=20, blank=True)
    declaration_text = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Grows each time the assessor saves the record, or the learner her answers.
    revision = models.PositiveIntegerField(default=0)

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["planned_for", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} of {self.enrolment_id}"

    def standing(self) -> str:
        return _t("This record is now “%(state)s”.") % {"state": self.get_status_display()}


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, user: User) -> "QuestionQuerySet":
        """Staff, but nobody the expected answers of a unit that they work towards themselves."""
        own = Enrolment.objects.filter(portfolio__learner=user).values("edition")
        staff = user.centres_as(*ASSESSING, *SEES_WHOLE_CENTRE)
        return self.filter(centre_id__in=staff).exclude(edition__in=own)

    def in_centre(self, centre: Centre) -> "QuestionQuerySet":
        return self.filter(centre=centre)

    def in_use(self) -> "QuestionQuerySet":
        return self.filter(retired_at=None)


class Question(Banked):
    """One question of a centre's bank, with the answer that is expected."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="questions")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="questions")
    text = models.TextField(_("question"))
    expected = models.TextField(_("expected answer"))
    criteria = models.ManyToManyField(Criterion, related_name="questions")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Answer(models.Model):
    """A question as it was asked in one record, the expected answer of that time, and what was
    answered. Later changes of the bank change nothing here."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="answers")
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="answers"
    )
    order = models.PositiveSmallIntegerField()
    asked = models.TextField(_("question"))
    expected = models.TextField(_("expected answer"), blank=True)
    answered = models.TextField(_("answer"), blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["record", "order"], name="a_question_has_its_place"),
        ]

    def __str__(self) -> str:
        return self.asked
