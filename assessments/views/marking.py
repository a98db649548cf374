from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assessments import actions, undoing, worklist
from assessments.desk import ClaimOnDesk, claims_on_desk, guides_of, own_words_left, parts_of, tally
from assessments.forms import ActionPointForm, DecisionForm, FeedbackForm, JudgementForm
from assessments.freezing import digest
from assessments.masking import mask_histories, mask_words
from assessments.models import Judgement, Submission
from assessments.permissions import can_judge, can_view_marking
from assessments.told import Words, words_around
from assessments.views.loading import submission_or_404
from assessments.workflow import SubmissionStatus
from ledger.transitions import TransitionRefused
from portfolio.hiding.guards import hidden_in
from portfolio.hiding.written import mask_written
from portfolio.models import Claim, Enrolment
from portfolio.viewing import to_view


@require_GET
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """The evidence beside what it claims; to be judged, or as it was judged."""
    found = submission_or_404(request, pk)
    if not can_view_marking(request.user, found):
        raise PermissionDenied
    return marking_page(request, found)


@require_POST
def judge(request: HttpRequest, pk: int, claim_pk: int) -> HttpResponse:
    """Save one claim's judgement as far as it has come."""
    found = _to_judge(request, pk)
    claim = get_object_or_404(found.claims().select_related("criterion"), pk=claim_pk)
    form = JudgementForm(request.POST, claim=claim)
    try:
        saved = form.is_valid() and _try(form, _save_judgement, request, found, claim, form)
    except TransitionRefused as refusal:
        return too_late(request, found, refusal, [form["reason"], form["feedback"]])
    if not request.htmx:
        return _after_saving(request, found, form, f"claim-{claim.pk}")
    context = {
        "each": ClaimOnDesk(claim, saved or None, form),
        "saved": saved,
        "form": form,
        "tally": _tally(request, found),
    }
    return render(request, "assessments/_saved.html", context, status=200 if saved else 422)


@require_POST
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the feedback on the whole as far as it is written."""
    found = _to_judge(request, pk)
    form = FeedbackForm(request.POST)
    try:
        saved = form.is_valid() and _try(form, _save_feedback, request, found, form)
    except TransitionRefused as refusal:
        return too_late(request, found, refusal, [form["feedback"]])
    if not request.htmx:
        return _after_saving(request, found, form, "decision")
    context = {"saved": saved, "form": form}
    status = 200 if saved else 422
    return render(request, "assessments/_feedback_saved.html", context, status=status)


@require_POST
def add_action(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_judge(request, pk)
    form = ActionPointForm(request.POST)
    if not (form.is_valid() and _try(form, _add_action, request, found, form)):
        return marking_page(request, found, action_form=form)
    messages.success(request, _("The action is added."))
    return _to(request, found, "actions")


@require_POST
def remove_action(request: HttpRequest, pk: int, action_pk: int) -> HttpResponse:
    found = _to_judge(request, pk)
    point = get_object_or_404(found.action_points.all(), pk=action_pk)
    point.submission = found
    actions.remove_action_point(action_point=point, by=request.user)
    messages.success(request, _("The action is taken out."))
    return _to(request, found, "actions")


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.accept, _("Evidence %(number)d is accepted."))


@require_POST
def return_(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, actions.return_, _("Evidence %(number)d is returned."))


def _decide(
    request: HttpRequest, pk: int, verb: Callable[..., Submission], sentence: str
) -> HttpResponse:
    found = _to_judge(request, pk)
    form = DecisionForm(request.POST)
    form.is_valid()
    given = {name: form.cleaned_data.get(name, "") for name in ("feedback", "personal_data")}
    given["revision"] = form.cleaned_data.get("revision")
    try:
        decided = _try(form, verb, submission=found, by=request.user, **given)
    except TransitionRefused as refusal:
        return too_late(request, found, refusal, [form["feedback"]])
    if not decided:
        # What was decided is undone; the row as it stands, not as the refused action left it.
        return marking_page(request, submission_or_404(request, pk), decision_form=form)
    undoing.remember_sending(request.session)
    messages.success(request, sentence % {"number": found.version.evidence.number})
    return _to_next(request, found)


def _to_judge(request: HttpRequest, pk: int) -> Submission:
    found = submission_or_404(request, pk)
    if not can_judge(request.user, found):
        raise PermissionDenied
    return found


def _to_next(request: HttpRequest, decided: Submission) -> HttpResponse:
    """Straight on to what waits next, within what the queue was narrowed to."""
    centre, narrowing = request.centre.slug, worklist.Narrowing.read(request.GET)
    queue = narrowing.apply(worklist.waiting(request.user, request.centre))
    around = worklist.neighbours(decided, queue)
    following = around.next or around.previous
    if not following:
        answer = redirect("assessments:queue", centre=centre)
        answer["Location"] += narrowing.query
        return answer
    answer = redirect("assessments:submission", centre=centre, pk=following)
    # Another address than the one that was loaded ahead, which knows nothing of this decision.
    answer["Location"] += narrowing.query_with(after=decided.pk)
    return answer


def _to(request: HttpRequest, found: Submission, anchor: str) -> HttpResponse:
    answer = redirect("assessments:submission", centre=request.centre.slug, pk=found.pk)
    answer["Location"] += worklist.Narrowing.read(request.GET).query + f"#{anchor}"
    return answer


def _save_judgement(
    request: HttpRequest, found: Submission, claim: Claim, form: JudgementForm
) -> Judgement:
    return actions.save_judgement(
        claim=claim, submission=found, by=request.user, **form.cleaned_data
    )


def _save_feedback(request: HttpRequest, found: Submission, form: FeedbackForm):
    text, revision = form.cleaned_data["feedback"], form.cleaned_data["revision"]
    return actions.save_feedback(submission=found, text=text, revision=revision, by=request.user)


def _add_action(request: HttpRequest, found: Submission, form: ActionPointForm):
    return actions.add_action_point(submission=found, by=request.user, **form.cleaned_data)


def _try(form, act: Callable, *args, **kwargs):
    """What the act gives; nothing, and the reason in the form, when it was refused."""
    try:
        return act(*args, **kwargs)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _after_saving(request: HttpRequest, found: Submission, form, anchor: str) -> HttpResponse:
    """Without JavaScript: back to where one was, or the whole page with what is wrong."""
    if form.errors:
        return marking_page(request, found, refused_form=form)
    messages.success(request, _("Saved."))
    return _to(request, found, anchor)


def too_late(
    request: HttpRequest, found: Submission, refusal: TransitionRefused, fields: list
) -> HttpResponse:
    """Somebody was first: who and when, and one's own words to copy."""
    words = [(field.label, field.value()) for field in fields if field.value()]
    context = {"refusal": str(refusal), "words": words, "submission": found}
    context["saved"] = getattr(refusal, "saved", None)
    page = "assessments/_too_late.html" if request.htmx else "assessments/too_late.html"
    return render(request, page, context, status=409)


def _tally(request: HttpRequest, found: Submission):
    own = found.judgements.filter(assessor=request.user)
    return tally(found.claims().count(), own)


def marking_page(request: HttpRequest, found: Submission, **forms) -> HttpResponse:
    """`forms` are those that came back with errors; the rest is as it stands."""
    editable = (
        found.status == SubmissionStatus.WAITING
        and found.enrolment.status == Enrolment.Status.ACTIVE
        and can_judge(request.user, found)
    )
    narrowing = worklist.Narrowing.read(request.GET)
    queue = narrowing.apply(worklist.waiting(request.user, request.centre))
    desk = claims_on_desk(found, request.user, editable=editable)
    words = words_around(found, request.user)
    parts = parts_of(found, request.user, editable=editable)
    words_left = [] if editable else own_words_left(found, request.user)
    hidden, number = hidden_in(found.enrolment.portfolio), found.version.evidence.number
    mask_histories(desk, hidden)
    words = mask_words(words, number, hidden)
    if not editable:
        judgements = [each.judgement for each in desk if each.judgement]
        written = [*judgements, *words_left, *parts["comments"]]
        mask_written([found, getattr(found, "withdrawal", None), *written], hidden.get(number, ()))
    _put_back(desk, forms.get("refused_form"))
    context = {
        "submission": found,
        "version": found.version,
        "files": to_view(found.version.files.all()),
        "anchors": [anchor for each in desk for anchor in each.claim.anchors.all()],
        "desk": desk,
        "tally": tally(len(desk), [each.judgement for each in desk if each.judgement]),
        "editable": editable,
        "action_points": words.actions,
        "action_form": ActionPointForm(),
        "decision_form": _decision_form(words) if editable else None,
        "guides": guides_of(found.enrolment, request.centre),
        "told": words.earlier,
        "around": worklist.neighbours(found, queue),
        "narrowing": narrowing,
        "words_left": words_left,
        "is_intact": digest(found.frozen) == found.frozen_sha256,
        **parts,
        **_unread(request),
        **forms,
    }
    return render(request, "assessments/submission.html", context, status=422 if forms else 200)


def _unread(request: HttpRequest) -> dict[str, list]:
    """A page that is loaded ahead may never be seen: what there is to tell waits for one that is
    looked at."""
    is_ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
    return {"messages": []} if is_ahead else {}


def _put_back(desk: list[ClaimOnDesk], refused) -> None:
    """The form that came back with errors takes the place of the one as it was saved."""
    for each in desk:
        if refused and each.form and refused.auto_id == each.form.auto_id:
            each.form = refused


def _decision_form(words: Words) -> DecisionForm:
    return DecisionForm(initial={"feedback": words.draft, "revision": words.revision})
