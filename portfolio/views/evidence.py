from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_safe

from accounts.lists import answer
from accounts.models import User
from files.serving import respond
from portfolio import lists
from portfolio.claiming import lost_places
from portfolio.declarations import current as declared_now
from portfolio.declarations import wording
from portfolio.hiding.guards import hidden_words
from portfolio.hiding.written import mask_decision, mask_written
from portfolio.models import Claim, Evidence, EvidenceFile, EvidenceVersion
from portfolio.permissions import can_add_evidence, can_claim
from portfolio.personal_data import unsettled
from portfolio.steps import next_step
from portfolio.viewing import anchors_on, places_of_claims, to_view
from portfolio.views.loading import (
    evidence_or_404,
    judgements_in_force,
    newest,
    own_portfolio,
    own_units,
    versions_seen,
)


@require_GET
def evidence_list(request: HttpRequest) -> HttpResponseBase:
    portfolio = own_portfolio(request)
    if portfolio is None:
        return render(request, "portfolio/evidence_list.html", {"page_obj": None})
    hers = EvidenceVersion.objects.filter(evidence__portfolio=portfolio)
    listing = lists.evidence(
        request, _with_claims(hers.readable_by(request.user)), own_units(request, portfolio)
    )
    return answer(listing, "portfolio/evidence_list.html", {"portfolio": portfolio})


@require_GET
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """An item as it stands now: for its learner with the draft, for others as handed in."""
    item = evidence_or_404(request, pk)
    versions = versions_seen(request, item)
    current = newest(versions)
    if current.is_draft and item.recorded_by_id:
        return redirect("assessments:record", centre=request.centre.slug, pk=item.record.pk)
    return _page(request, item, current, versions)


@require_GET
def evidence_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    item = evidence_or_404(request, pk)
    versions = versions_seen(request, item)
    for version in versions:
        if version.number == number:
            return _page(request, item, version, versions)
    raise Http404


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The learner gets back what she sent; others a copy that does not say where it was taken."""
    seen = EvidenceFile.objects.visible_to(request.user).in_centre(request.centre)
    found = get_object_or_404(
        seen.select_related("blob__shown_as", "version__evidence__portfolio"), pk=pk
    )
    own = found.version.evidence.portfolio.learner_id == request.user.pk
    as_sent = own and "preview" not in request.GET
    return respond(
        request=request,
        blob=found.blob if as_sent else found.blob.shown,
        name=found.name,
        inline="download" not in request.GET,
    )


def _with_claims(versions: QuerySet[EvidenceVersion]) -> QuerySet[EvidenceVersion]:
    claims = Claim.objects.select_related("enrolment__edition__standard").order_by(
        "enrolment__edition__standard__urn"
    )
    return (
        versions.select_related("evidence")
        .defer("account", "account_html", "declaration_text")
        .prefetch_related(Prefetch("claims", claims))
    )


def _page(
    request: HttpRequest,
    item: Evidence,
    version: EvidenceVersion,
    versions: list[EvidenceVersion],
) -> HttpResponse:
    current = newest(versions)
    is_own = can_add_evidence(request.user, item.portfolio)
    editable = can_claim(request.user, version) and version.is_draft
    claims, submissions = _claims(version, request.user), _submissions(version)
    hidden = hidden_words(item)
    for each in submissions:
        mask_decision(each, hidden)
    for claim in claims:
        mask_written(claim.judgements.all(), hidden)
    context: dict[str, Any] = {
        "evidence": item,
        "version": version,
        "versions": versions,
        "newest": current,
        "is_own": is_own,
        "editable": editable,
        "can_try_again": is_own
        and item.recorded_by_id is None
        and version == current
        and version.status == EvidenceVersion.Status.RETURNED,
        "files": to_view(version.files.all()),
        "anchors": anchors_on(version, request.user),
        "claims": claims,
        "units": list({claim.enrolment_id: claim.enrolment for claim in claims}.values()),
        "submissions": submissions,
    }
    if editable:
        context |= {
            "lost": lost_places(claims),
            "step": next_step(version),
            "unsettled": unsettled(version),
            "declaration": wording(declared_now(by_witness=item.by_witness)),
        }
    return render(request, "portfolio/evidence_page.html", context)


def _submissions(version: EvidenceVersion) -> list[Any]:
    rows = version.submissions.select_related(
        "decided_by", "withdrawal__by", "enrolment__edition__standard"
    )
    return list(rows.prefetch_related("action_points", "comments__file"))


def _claims(version: EvidenceVersion, seen_by: User) -> QuerySet[Claim]:
    return (
        version.claims.select_related("criterion", "enrolment__edition__standard")
        .prefetch_related(judgements_in_force(), places_of_claims(seen_by))
        .order_by("enrolment__edition__standard__urn", "criterion__order")
    )
