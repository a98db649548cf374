"""The marking page's contents, read in a fixed number of queries however much there is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F

from accounts.models import Centre, User
from assessments.forms import JudgementForm
from assessments.forms_feedback import PlaceForm
from assessments.history import Past, histories, with_imports
from assessments.models import Comment, FeedbackPhrase, Judgement, Submission
from portfolio.models import Claim, Enrolment
from portfolio.viewing import places_of_claims
from standards.models import MarkingGuide, MarkingPoint


@dataclass
class ClaimOnDesk:
    """One claim, what this person made of it so far, and what was decided before."""

    claim: Claim
    judgement: Judgement | None
    form: JudgementForm | None = None
    ticked: set[int] = field(default_factory=set)  # marking points, while it is a draft
    history: list[Past] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How often the criterion was found met, not yet and so on, as far as it still counts."""
        return list(Counter(each.state for each in self.history if each.counts).items())

    @property
    def was_refused_here(self) -> bool:
        """Not yet met in an earlier version of this very evidence: the reason is wanted at once."""
        return any(each.state == "not_yet" and each.same_evidence for each in self.history)

    @property
    def state(self) -> str:
        """Met or not yet as soon as it is chosen; until then it waits."""
        return self.judgement.outcome if self.judgement and self.judgement.outcome else "waiting"


@dataclass(frozen=True)
class Tally:
    """How far the judging is, for the line above the decision."""

    claims: int
    met: int
    not_yet: int

    @property
    def open(self) -> int:
        return self.claims - self.met - self.not_yet


def tally(claims: int, judgements: Sequence[Judgement]) -> Tally:
    outcomes = [each.outcome for each in judgements]
    return Tally(
        claims,
        outcomes.count(Judgement.Outcome.MET),
        outcomes.count(Judgement.Outcome.NOT_YET),
    )


def claims_on_desk(submission: Submission, user: User, *, editable: bool) -> list[ClaimOnDesk]:
    """Every claim with this person's own draft, or with the decision once there is one."""
    rows = with_imports(submission.claims()).select_related("criterion")
    claims = list(rows.prefetch_related(places_of_claims(user)))
    drafts, ticked = _drafts(submission, user) if editable else (_decided(submission), {})
    past = histories(submission, claims)
    return [
        ClaimOnDesk(
            claim=claim,
            judgement=drafts.get(claim.pk),
            form=JudgementForm(instance=drafts.get(claim.pk), claim=claim) if editable else None,
            ticked=ticked.get(claim.pk, set()),
            history=past[claim.criterion_id],
        )
        for claim in claims
    ]


def _drafts(submission: Submission, user: User) -> tuple[dict[int, Judgement], dict[int, set[int]]]:
    """This person's own, by claim, and the marking points ticked in each: one query for both."""
    drafts: dict[int, Judgement] = {}
    ticked: dict[int, set[int]] = defaultdict(set)
    rows = submission.judgements.filter(assessor=user).annotate(tick=F("ticks__marking_point"))
    for each in rows:
        drafts[each.claim_id] = each
        if each.tick:
            ticked[each.claim_id].add(each.tick)
    return drafts, ticked


def _decided(submission: Submission) -> dict[int, Judgement]:
    rows = submission.judgements.exclude(decided_at=None)
    rows = rows.select_related("assessor").prefetch_related("ticks")
    return {each.claim_id: each for each in rows}


def parts_of(submission: Submission, user: User, *, editable: bool) -> dict[str, Any]:
    """What the page's smaller parts show, each in a fixed number of queries.

    The page may take 20 altogether. A part that shows something in each claim gets its rows by a
    prefetch or a join in `claims_on_desk`, never by a query a claim.
    """
    return {
        "comments": _comments(submission, user, editable),
        "phrases": _phrases(submission) if editable else [],
        "place_parts": PlaceForm.parts(),
    }


def _comments(submission: Submission, user: User, editable: bool) -> list[Comment]:
    """One's own while judging; afterwards what the learner read."""
    rows = submission.comments.select_related("file")
    return list(rows.filter(made_by=user) if editable else rows.sent())


def _phrases(submission: Submission) -> list[FeedbackPhrase]:
    centre = submission.enrolment.portfolio.centre_id
    return list(FeedbackPhrase.objects.filter(centre=centre).in_use())


def own_words_left(submission: Submission, user: User) -> list[Judgement]:
    """Drafts of somebody who was not first: kept, so that no word of theirs is lost."""
    drafts = submission.judgements.filter(assessor=user, decided_at=None)
    return list(
        drafts.exclude(outcome="", reason="", feedback="").select_related("claim__criterion")
    )


@dataclass
class GuideOnDesk:
    title: str
    misconceptions: list[str]
    concepts: list[str]
    points: list[MarkingPoint] = field(default_factory=list)


def guides_of(enrolment: Enrolment, centre: Centre) -> list[GuideOnDesk]:
    """The examiner's guides that serve the unit with their points, by one query."""
    guides = MarkingGuide.objects.published().in_centre(centre)
    rows = guides.filter(editions=enrolment.edition_id).values(
        *("pk", "title", "misconceptions", "concepts"),
        *("marking_points__pk", "marking_points__number", "marking_points__text"),
    )
    found: dict[int, GuideOnDesk] = {}
    for row in rows.order_by("title", "pk", "marking_points__number"):
        guide = GuideOnDesk(row["title"], row["misconceptions"], row["concepts"])
        guide = found.setdefault(row["pk"], guide)
        if row["marking_points__pk"]:
            guide.points.append(_point(row))
    return list(found.values())


def _point(row: Mapping[str, Any]) -> MarkingPoint:
    """As it stands in the guide; to be shown, never to be saved."""
    return MarkingPoint(
        pk=row["marking_points__pk"],
        number=row["marking_points__number"],
        text=row["marking_points__text"],
    )
