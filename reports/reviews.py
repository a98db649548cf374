"""What came of each submission: feedback, comments on places, actions, and the words that it was
judged against."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from assessments import models as assessed
from portfolio.models import Enrolment, EvidenceVersion, Portfolio
from reports import facts
from reports.hidden import Hidden
from reports.places import place_of


def reviews_of(
    portfolio: Portfolio,
    versions: Mapping[int, EvidenceVersion],
    enrolments: Iterable[Enrolment],
    hidden: Hidden,
) -> tuple[facts.Review, ...]:
    rows = assessed.Submission.objects.filter(enrolment__portfolio=portfolio)
    actions, comments = _actions(portfolio), _comments(portfolio)
    urn = {row.pk: row.edition.standard.urn for row in enrolments}
    return tuple(
        _review(
            row,
            versions[row.version_id],
            urn[row.enrolment_id],
            actions[row.pk],
            _places(comments[row.pk], versions[row.version_id].evidence_id, hidden),
        )
        for row in rows.select_related("decided_by", "withdrawal__by").defer("frozen")
    )


def _actions(portfolio: Portfolio) -> Mapping[int, list[assessed.ActionPoint]]:
    """Those that went out: of work that waits they are the assessors' drafts."""
    rows = assessed.ActionPoint.objects.filter(
        submission__enrolment__portfolio=portfolio, submission__decided_at__isnull=False
    )
    found: defaultdict[int, list[assessed.ActionPoint]] = defaultdict(list)
    for row in rows.select_related("created_by"):
        found[row.submission_id].append(row)
    return found


def _comments(portfolio: Portfolio) -> Mapping[int, list[assessed.Comment]]:
    rows = assessed.Comment.objects.sent().filter(submission__enrolment__portfolio=portfolio)
    found: defaultdict[int, list[assessed.Comment]] = defaultdict(list)
    for row in rows.select_related("file__blob"):
        found[row.submission_id].append(row)
    return found


def _review(
    row: assessed.Submission,
    version: EvidenceVersion,
    unit: str,
    actions: Sequence[assessed.ActionPoint],
    comments: tuple[facts.Comment, ...],
) -> facts.Review:
    return facts.Review(
        number=version.evidence.number,
        version=version.number,
        title=version.title,
        unit=unit,
        state=row.status,
        submitted_at=row.submitted_at,
        frozen_sha256=row.frozen_sha256,
        decided_at=row.decided_at,
        decided_by=row.decided_by.name if row.decided_by else "",
        feedback=row.feedback,
        actions=tuple(
            facts.Action(each.text, each.due_on, each.created_by.name) for each in actions
        ),
        comments=comments,
        against=_wording(row) if row.marked_against_sha256 else None,
        taken_back=taken_back(row),
        enrolment=row.enrolment_id,
    )


def _places(
    rows: Iterable[assessed.Comment], evidence: int, hidden: Hidden
) -> tuple[facts.Comment, ...]:
    return tuple(facts.Comment(place_of(row, evidence, hidden), row.text) for row in rows)


def taken_back(row: assessed.Submission | assessed.SignOff) -> facts.TakenBack | None:
    """Who took the decision back, where somebody did (`withdrawal__by` is loaded with it)."""
    withdrawal: assessed.Withdrawal | None = getattr(row, "withdrawal", None)
    if withdrawal is None:
        return None
    return facts.TakenBack(
        by=withdrawal.by.name,
        at=withdrawal.at,
        reason=withdrawal.reason,
        at_once=withdrawal.kind == assessed.Withdrawal.Kind.UNDONE,
        appealed=withdrawal.appeal_id is not None,
    )


def _wording(row: assessed.Submission) -> facts.Wording:
    guides = tuple(
        facts.GuideThen(
            title=guide["title"],
            points=tuple((point["number"], point["text"]) for point in guide["points"]),
            misconceptions=tuple(guide["misconceptions"]),
        )
        for guide in row.marked_against
    )
    return facts.Wording(row.marked_against_sha256, guides)
