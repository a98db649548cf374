"""Finding what a page is about, or answering that there is no such thing."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import Role, User
from ledger.transitions import TransitionRefused
from portfolio.models import Claim, Enrolment, Evidence, EvidenceVersion, Portfolio


def own_portfolio(request: HttpRequest) -> Portfolio | None:
    """The learner's own; none before the centre has put her on a unit."""
    if Role.LEARNER not in request.roles:
        raise PermissionDenied
    mine = Portfolio.objects.in_centre(request.centre).filter(learner=request.user)
    return mine.select_related("centre").first()


def own_units(request: HttpRequest, portfolio: Portfolio) -> QuerySet[Enrolment]:
    units = Enrolment.objects.filter(portfolio=portfolio)
    return units.exclude(status=Enrolment.Status.WITHDRAWN).select_related("edition__standard")


def evidence_or_404(request: HttpRequest, pk: int) -> Evidence:
    seen = Evidence.objects.visible_to(request.user).in_centre(request.centre)
    return get_object_or_404(seen.select_related("portfolio__learner"), pk=pk)


def versions_seen(request: HttpRequest, evidence: Evidence) -> list[EvidenceVersion]:
    """What this person may read of the item, newest first."""
    versions = EvidenceVersion.objects.of(evidence, request.user)
    found = list(versions.order_by("-number"))
    if not found:
        raise Http404
    for each in found:
        each.evidence = evidence
    return found


def newest(versions: list[EvidenceVersion]) -> EvidenceVersion:
    """The newest that was not given up; when all were, the newest of those."""
    kept = [each for each in versions if each.status != EvidenceVersion.Status.WITHDRAWN]
    return (kept or versions)[0]


def version_meant(request: HttpRequest, evidence: Evidence) -> EvidenceVersion:
    """The version that a form was made for: it names it, lest an old tab change a newer one."""
    versions = versions_seen(request, evidence)
    named = request.POST.get("version")
    if named is None:
        return newest(versions)
    for each in versions:
        if str(each.pk) == named:
            return each
    raise Http404


def own_draft(
    request: HttpRequest, evidence: Evidence, may: Callable[[User, EvidenceVersion], bool]
) -> EvidenceVersion:
    """The draft that a form is about, if this person may do this with it and it still is one."""
    version = version_meant(request, evidence)
    if not may(request.user, version):
        raise PermissionDenied
    if not version.is_draft:
        raise TransitionRefused(version.standing())
    return version


def judgements_in_force() -> Prefetch:
    """A claim's, less those of decisions that were taken back. They are assessments' rows, which
    this room knows only from afar, by its own claims' reverse relation."""
    judgement = Claim._meta.get_field("judgements").related_model
    standing = judgement._base_manager.filter(submission__withdrawal=None)
    return Prefetch(
        "judgements", standing.select_related("assessor").prefetch_related("ticks").order_by("pk")
    )
