"""Conflicts of interest, declared for each learner."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import SEES_WHOLE_CENTRE, Centre, User
from portfolio.models.learners import RELATIVE, Portfolio


class InterestQuerySet(models.QuerySet["Interest"]):
    def visible_to(self, user: User) -> "InterestQuerySet":
        """Whoever declared it, and those who see to it that it is heeded; never the learner."""
        return self.filter(
            models.Q(person=user, portfolio__centre_id__in=list(user.roles_by_centre))
            | models.Q(portfolio__centre_id__in=user.centres_as(*SEES_WHOLE_CENTRE))
        ).exclude(portfolio__learner=user)

    def in_centre(self, centre: Centre) -> "InterestQuerySet":
        return self.filter(portfolio__centre=centre)

    def running(self) -> "InterestQuerySet":
        return self.filter(ended_at=None)

    def blocking(self) -> "InterestQuerySet":
        return self.running().filter(kind=Interest.Kind.RELATIVE)


class Interest(models.Model):
    """What ties a person to a learner beside the work. A relative may not assess or quality
    assure (DOMAIN); any other tie is said wherever they decide, and asks for a sample."""

    class Kind(models.TextChoices):
        RELATIVE = RELATIVE, _("A relative, or lives with them")
        PERSONAL = "personal", _("A friend, or another personal tie")
        WORK = "work", _("Manages them, or works for the same employer")

    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="interests")
    kind = models.CharField(_("tie"), max_length=12, choices=Kind)
    note = models.TextField(_("what it is, and why it can't be avoided"), blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["portfolio", "person", "kind"],
                condition=models.Q(ended_at=None),
                name="a_tie_is_declared_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.portfolio_id}"
