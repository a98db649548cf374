"""Where else the bytes of a file lie: what a copy reaches too, and what it does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from files.models import Blob
from portfolio.models import Evidence, EvidenceVersion, Portfolio, Redaction
from portfolio.permissions import can_hide_too, can_see_originals


@dataclass
class Elsewhere:
    """Other evidence with the same bytes, of what this person sees; each item by its newest
    version that has them, or had them before the `copy` took their place."""

    evidence: Evidence
    original: Blob
    seen_by: User
    copy: Blob | None = None

    @property
    def portfolio(self) -> Portfolio:
        return self.evidence.portfolio

    @cached_property
    def reached(self) -> list[EvidenceVersion]:
        """In the same portfolio: the copy takes, or has taken, its place there too."""
        if self.copy is None:
            return [each for each in self._holding if can_hide_too(self.seen_by, each.evidence)]
        made = Redaction.objects.filter(original=self.original, copy=self.copy)
        versions = self._seen.filter(evidence__redactions__in=made, files__blob=self.copy)
        return _newest(versions.filter(evidence__portfolio=self.portfolio))

    @cached_property
    def left(self) -> list[EvidenceVersion]:
        """In the same portfolio: it stays there as it is."""
        taken = {each.evidence_id for each in self.reached}
        return [each for each in self._holding if each.evidence_id not in taken]

    @cached_property
    def of_others(self) -> list[EvidenceVersion]:
        """Other learners' evidence, for the data lead alone."""
        if not can_see_originals(self.seen_by, self.portfolio.centre):
            return []
        versions = self._seen.filter(files__blob=self.original)
        here = versions.filter(evidence__portfolio__centre=self.portfolio.centre_id)
        return _newest(here.exclude(evidence__portfolio=self.portfolio))

    @cached_property
    def _holding(self) -> list[EvidenceVersion]:
        versions = self._seen.filter(files__blob=self.original)
        return _newest(versions.filter(evidence__portfolio=self.portfolio))

    @property
    def _seen(self) -> QuerySet[EvidenceVersion]:
        seen = EvidenceVersion.objects.visible_to(self.seen_by).exclude(evidence=self.evidence)
        return seen.select_related("evidence__portfolio__learner").order_by("evidence", "number")


def _newest(versions: Iterable[EvidenceVersion]) -> list[EvidenceVersion]:
    return list({each.evidence_id: each for each in versions}.values())
