"""What a centre keeps to be used again: its questions (see records.py) and its phrases."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import ASSESSING, SEES_WHOLE_CENTRE, Centre, User


class Banked(models.Model):
    """Somebody wrote it, others change it, and in the end it is retired, never deleted."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    # Grows with every change, so that nobody changes what they have not read.
    revision = models.PositiveIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class FeedbackPhraseQuerySet(models.QuerySet["FeedbackPhrase"]):
    def visible_to(self, user: User) -> "FeedbackPhraseQuerySet":
        return self.filter(centre_id__in=user.centres_as(*ASSESSING, *SEES_WHOLE_CENTRE))

    def in_centre(self, centre: Centre) -> "FeedbackPhraseQuerySet":
        return self.filter(centre=centre)

    def in_use(self) -> "FeedbackPhraseQuerySet":
        return self.filter(retired_at=None)


class FeedbackPhrase(Banked):
    """One piece of a centre's feedback bank. Inserting copies the words: a decision never
    depends on this row."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="feedback_phrases")
    title = models.CharField(_("name"), max_length=80)
    # May hold {learner}, {code}, {criterion}, {place}, {evidence}; see assessments/phrases.py.
    text = models.TextField(_("words"))

    objects = FeedbackPhraseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "title"],
                condition=models.Q(retired_at=None),
                name="a_phrase_has_its_own_name",
            ),
        ]

    def __str__(self) -> str:
        return self.title
