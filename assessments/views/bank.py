from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.lists import answer as listed
from assessments import lists_decisions
from assessments.actions import phrases as actions
from assessments.forms_feedback import InsertForm, PhraseForm
from assessments.models import FeedbackPhrase
from assessments.permissions import can_judge, can_keep_bank
from assessments.views.loading import submission_or_404, words_back
from ledger.transitions import TransitionRefused
from portfolio.viewing import places_of_claims


@require_GET
def bank(request: HttpRequest) -> HttpResponseBase:
    """The centre's phrases; the retired ones apart, for whoever looks for one."""
    _only_keepers(request)
    rows = FeedbackPhrase.objects.in_centre(request.centre).select_related("made_by")
    listing = lists_decisions.phrases(request, rows)
    return listed(listing, "assessments/bank.html", {"are_retired": "retired" in request.GET})


@require_http_methods(["GET", "HEAD", "POST"])
def phrase_add(request: HttpRequest) -> HttpResponse:
    _only_keepers(request)
    if request.method != "POST":
        return _form_page(request, PhraseForm())
    form = PhraseForm(request.POST)
    words = ("title", "text")
    kept = form.is_valid() and _try(
        form,
        actions.add_phrase,
        centre=request.centre,
        by=request.user,
        **{name: form.cleaned_data[name] for name in words},
    )
    return _kept(request, form) if kept else _form_page(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
def phrase(request: HttpRequest, pk: int) -> HttpResponse:
    found = _phrase_or_404(request, pk)
    _only_keepers(request)
    if request.method != "POST":
        return _form_page(request, PhraseForm(instance=found), found)
    form = PhraseForm(request.POST)
    try:
        kept = form.is_valid() and _try(
            form, actions.change_phrase, phrase=found, by=request.user, **form.cleaned_data
        )
    except TransitionRefused as refusal:
        return words_back(request, refusal, form, ["title", "text"], here=request.path)
    return _kept(request, form) if kept else _form_page(request, form, found)


@require_POST
def phrase_retire(request: HttpRequest, pk: int) -> HttpResponse:
    found = actions.retire_phrase(phrase=_phrase_or_404(request, pk), by=request.user)
    messages.success(request, _("“%(title)s” is retired.") % {"title": found.title})
    return redirect("assessments:bank", centre=request.centre.slug)


@require_POST
def insert(request: HttpRequest, pk: int) -> HttpResponse:
    """Without JavaScript: a phrase's words at the end of one's own, then back to them."""
    found = submission_or_404(request, pk)
    if not can_judge(request.user, found):
        raise PermissionDenied
    rows = found.claims().select_related("criterion")
    claims = {each.pk: each for each in rows.prefetch_related(places_of_claims(request.user))}
    phrases = FeedbackPhrase.objects.in_centre(request.centre).in_use()
    form = InsertForm(request.POST, phrases=phrases, claims=list(claims))
    if not form.is_valid():
        context = {"submission": found, "form": form}
        return render(request, "assessments/insert_refused.html", context, status=422)
    claim = claims.get(form.cleaned_data["into"])
    actions.insert_phrase(
        phrase=form.cleaned_data["phrase"], submission=found, claim=claim, by=request.user
    )
    messages.success(request, _("Inserted and saved."))
    answer = redirect("assessments:submission", centre=request.centre.slug, pk=pk)
    answer["Location"] += f"#claim-{claim.pk}" if claim else "#decision"
    return answer


def _only_keepers(request: HttpRequest) -> None:
    if not can_keep_bank(request.user, request.centre):
        raise PermissionDenied


def _phrase_or_404(request: HttpRequest, pk: int) -> FeedbackPhrase:
    seen = FeedbackPhrase.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(seen.select_related("centre"), pk=pk)


def _try(form: PhraseForm, act, **given) -> FeedbackPhrase | None:
    """What the act gives; nothing, and the reason in the form, when it was refused."""
    try:
        return act(**given)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _kept(request: HttpRequest, form: PhraseForm) -> HttpResponse:
    title = form.cleaned_data["title"]
    messages.success(request, _("“%(title)s” is in the bank.") % {"title": title})
    return redirect("assessments:bank", centre=request.centre.slug)


def _form_page(
    request: HttpRequest, form: PhraseForm, found: FeedbackPhrase | None = None
) -> HttpResponse:
    context = {"form": form, "phrase": found}
    status = 422 if form.is_bound else 200
    return render(request, "assessments/bank_phrase.html", context, status=status)
