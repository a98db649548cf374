from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import places as actions
from assessments.forms_feedback import ClaimPlaceForm
from assessments.models import Submission
from assessments.views.comments import back, refused, submission_to_judge, tried
from portfolio.models import Anchor, Claim
from portfolio.viewing import places_of_claims, to_view


@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest, pk: int, claim_pk: int) -> HttpResponse:
    """The places of one claim, to add one or move one without marking it in the page."""
    found = submission_to_judge(request, pk)
    claim = _claim_or_404(request, found, claim_pk)
    if request.method != "POST":
        form = ClaimPlaceForm(version=found.version, anchors=_standing(claim))
        return _page(request, found, claim, form)
    form = ClaimPlaceForm(request.POST, version=found.version, anchors=_standing(claim))
    if not (form.is_valid() and _put(request, found, claim, form)):
        if request.headers.get("X-Signpost-Part"):
            return refused(request, found, form)
        return _page(request, found, claim, form)
    messages.success(request, _("The place is marked for %(code)s.") % _code(claim))
    return back(request, found, f"claim-{claim.pk}")


@require_POST
def remove_place(request: HttpRequest, pk: int, claim_pk: int, anchor_pk: int) -> HttpResponse:
    found = submission_to_judge(request, pk)
    claim = _claim_or_404(request, found, claim_pk)
    anchor = get_object_or_404(claim.anchors.all(), pk=anchor_pk)
    actions.remove_place(submission=found, anchor=anchor, by=request.user)
    messages.success(request, _("Your place is taken out of %(code)s.") % _code(claim))
    return back(request, found, f"claim-{claim.pk}")


def _put(request: HttpRequest, found: Submission, claim: Claim, form: ClaimPlaceForm):
    place, instead = form.cleaned_data["place"], form.cleaned_data["instead"]
    given = {"submission": found, "place": place, "by": request.user}
    if instead is None:
        return tried(form, actions.add_place, claim=claim, **given)
    instead.claim = claim
    return tried(form, actions.move_place, anchor=instead, **given)


def _claim_or_404(request: HttpRequest, found: Submission, pk: int) -> Claim:
    rows = found.claims().select_related("criterion", "version")
    return get_object_or_404(rows.prefetch_related(places_of_claims(request.user)), pk=pk)


def _standing(claim: Claim) -> QuerySet[Anchor]:
    """Those that can be moved: one that was replaced is history."""
    return claim.anchors.filter(replaced_by=None).select_related("file")


def _code(claim: Claim) -> dict[str, str]:
    return {"code": claim.criterion.code}


def _page(
    request: HttpRequest, found: Submission, claim: Claim, form: ClaimPlaceForm
) -> HttpResponse:
    anchors = list(claim.anchors.all())
    context = {
        "submission": found,
        "version": found.version,
        "files": to_view(found.version.files.all()),
        "claim": claim,
        "anchors": anchors,
        "own": [each for each in anchors if each.made_by_id == request.user.pk and each.is_added],
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/places.html", context, status=status)
