"""The whole of the feedback, just as the learner will read it, before it goes out."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from assessments import actions
from assessments.actions.decisions import CLAIM_VERBS, refuse_decision
from assessments.forms import DecisionForm
from assessments.forms_feedback import ReviewForm
from assessments.models import Judgement, Submission
from assessments.views.comments import submission_to_judge
from assessments.views.loading import submission_or_404
from assessments.views.marking import marking_page, too_late
from assessments.workflow import SUBMISSION, SubmissionStatus
from assessments.worklist import Narrowing
from ledger.transitions import TransitionRefused
from portfolio.models import Claim
from portfolio.viewing import places_of_claims
from portfolio.workflow import CLAIM


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Posted from the marking page: the feedback is kept, then shown as it will be read."""
    found = submission_to_judge(request, pk)
    if request.method == "POST":
        return _keep(request, found)
    chosen = ReviewForm(request.GET)
    if not chosen.is_valid() or found.status != SubmissionStatus.WAITING:
        return redirect("assessments:submission", centre=request.centre.slug, pk=pk)
    return _page(request, found, **chosen.cleaned_data)


def _keep(request: HttpRequest, found: Submission) -> HttpResponse:
    form, chosen = DecisionForm(request.POST), ReviewForm(request.POST)
    if not (form.is_valid() and chosen.is_valid()):
        return marking_page(request, found, decision_form=form)
    text = form.cleaned_data["feedback"]
    given = {"submission": found, "by": request.user}
    try:
        actions.save_feedback(text=text, revision=form.cleaned_data["revision"], **given)
        refuse_decision(feedback=text, **chosen.cleaned_data, **given)
    except TransitionRefused as refusal:
        return too_late(request, found, refusal, [form["feedback"]])
    except ValidationError as error:
        form.add_error(None, error)
        return marking_page(request, submission_or_404(request, found.pk), decision_form=form)
    answer = redirect("assessments:review", centre=request.centre.slug, pk=found.pk)
    narrowed = Narrowing.read(request.GET).query.replace("?", "&")
    answer["Location"] += f"?{urlencode(chosen.cleaned_data)}{narrowed}"
    return answer


def _page(request: HttpRequest, found: Submission, verb: str, personal_data: str) -> HttpResponse:
    draft = found.feedback_drafts.filter(assessor=request.user).first()
    text = draft.text if draft else ""
    problems: list[ValidationError] = []
    try:
        refuse_decision(
            submission=found,
            verb=verb,
            feedback=text,
            personal_data=personal_data,
            by=request.user,
        )
    except ValidationError as error:
        problems = error.error_list
    now = timezone.now()
    narrowing = Narrowing.read(request.GET)
    desk = reverse("assessments:submission", args=[request.centre.slug, found.pk])
    context = {
        "submission": _as_decided(found, verb, request.user, now),
        "reviewed": [found],
        "claims": _claims_as_decided(request, found, now),
        "evidence": found.version.evidence,
        "version": found.version,
        "verb": verb,
        "draft": draft,
        "personal_data": personal_data,
        "problems": problems,
        "narrowing": narrowing,
        "shown_at": desk + narrowing.query,
        "is_own": False,  # what the learner can do about it is not the assessor's to do
    }
    status = 422 if problems else 200
    return render(request, "assessments/review.html", context, status=status)


def _as_decided(found: Submission, verb: str, user: Any, now: datetime) -> Submission:
    """In hand only: nothing of this is saved."""
    found.status, found.decided_by, found.decided_at = SUBMISSION[verb].new, user, now
    return found


def _claims_as_decided(request: HttpRequest, found: Submission, now: datetime) -> list[Claim]:
    drafts = Judgement.objects.filter(submission=found, assessor=request.user)
    shown = drafts.select_related("assessor").prefetch_related("ticks")
    rows = found.claims().select_related("criterion", "enrolment__edition__standard")
    claims = list(
        rows.order_by("criterion__order").prefetch_related(
            Prefetch("judgements", shown), places_of_claims(request.user)
        )
    )
    for claim in claims:
        for judgement in claim.judgements.all():
            judgement.decided_at = now
            if judgement.outcome:
                outcome = Judgement.Outcome(judgement.outcome)
                claim.status = CLAIM[CLAIM_VERBS[outcome]].new
    return claims
