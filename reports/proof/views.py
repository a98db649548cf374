"""The public page: anybody asks, nobody signs in, nothing is kept."""

import re
from contextlib import closing
from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.often import too_often
from reports import proof
from reports.models import CODE_LENGTH, CODE_LETTERS
from reports.proof.answers import Answer, Outcome, RecordBroken
from reports.proof.receiving import FIELD, OneFile
from reports.proof.recorded import Database
from reports.proof.throttle import PERIOD, turn, was_too_often

BUSY_SECONDS = 10
A_CODE = re.compile(f"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")


# Nothing is changed and nobody is signed in, so there is nothing that a forged request could do;
# and whoever refuses cookies gets an answer too.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    typed = code or request.GET.get("code", "")
    if (request.method == "POST" or typed) and was_too_often(request):
        return too_often(request, seconds=PERIOD)
    if request.method == "POST":
        return _by_file(request, typed)
    return _page(request, typed, answer=_by_code(typed) if typed else None)


def _by_code(typed: str) -> Answer:
    """A code that nobody was given, and what is no code at all, are answered alike. Of a code
    that was, the page says when and how long; whose, only the file itself says."""
    code = re.sub(r"[\s-]", "", typed).upper()
    try:
        export = Database().export_with(code) if A_CODE.fullmatch(code) else None
    except RecordBroken:
        return Answer(Outcome.UNSURE)
    if export is None:
        return Answer(Outcome.NOT_OURS)
    return Answer(
        export.outcome,
        made_at=export.made_at,
        pages=export.pages,
        withdrawn_at=export.withdrawn_at,
    )


def _by_file(request: HttpRequest, typed: str) -> HttpResponse:
    receiver = OneFile(request)
    request.upload_handlers = [receiver]
    upload: Any = request.FILES.get(FIELD)
    if receiver.is_too_large:
        return _page(request, typed, error=_("This file is larger than any export."), status=413)
    if upload is None:
        return _page(request, typed, error=_("Choose the PDF that you want to check."), status=422)
    if not upload.size:
        return _page(request, typed, error=_("This file is empty. Choose another."), status=422)
    with closing(upload), turn() as may_read:
        if not may_read:
            return _busy(request, typed)
        answer = proof.check(Path(upload.temporary_file_path()))
    return _page(request, typed, answer=answer, is_file=True)


def _busy(request: HttpRequest, typed: str) -> HttpResponse:
    error = _("Other files are being checked just now. Send yours again in a few seconds.")
    page = _page(request, typed, error=error, status=503)
    page.headers["Retry-After"] = str(BUSY_SECONDS)
    return page


def _page(
    request: HttpRequest,
    typed: str,
    *,
    answer: Answer | None = None,
    is_file: bool = False,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"typed": typed, "answer": answer, "is_file": is_file, "error": error}
    page = render(request, "reports/proof/verify.html", context, status=status)
    page.headers["X-Robots-Tag"] = "noindex, nofollow"
    return page
