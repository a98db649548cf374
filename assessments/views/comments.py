from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.actions import comments as actions
from assessments.forms_feedback import CommentForm, CommentTextForm
from assessments.models import Comment, Submission
from assessments.permissions import can_judge
from assessments.views.loading import submission_or_404
from assessments.worklist import Narrowing


@require_POST
def add_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """On a place that was marked in the page, or typed."""
    found = submission_to_judge(request, pk)
    form = CommentForm(request.POST, version=found.version)
    if not form.is_valid():
        return refused(request, found, form)
    words = {"place": form.cleaned_data["place"], "text": form.cleaned_data["text"]}
    if not tried(form, actions.add_comment, submission=found, by=request.user, **words):
        return refused(request, found, form)
    messages.success(request, _("Your comment is saved. It goes out with your decision."))
    return back(request, found, "comments")


@require_POST
def change_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    found, comment = _comment_or_404(request, pk, comment_pk)
    form = CommentTextForm(request.POST)
    if not form.is_valid():
        return refused(request, found, form)
    actions.change_comment(comment=comment, text=form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Your comment is changed."))
    return back(request, found, "comments")


@require_POST
def remove_comment(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    found, comment = _comment_or_404(request, pk, comment_pk)
    actions.remove_comment(comment=comment, by=request.user)
    messages.success(request, _("Your comment is taken out."))
    return back(request, found, "comments")


def _comment_or_404(request: HttpRequest, pk: int, comment_pk: int) -> tuple[Submission, Comment]:
    found = submission_to_judge(request, pk)
    comment = get_object_or_404(found.comments.filter(made_by=request.user), pk=comment_pk)
    comment.submission = found
    return found, comment


def submission_to_judge(request: HttpRequest, pk: int) -> Submission:
    found = submission_or_404(request, pk)
    if not can_judge(request.user, found):
        raise PermissionDenied
    return found


def tried(form, act: Callable, **given):
    """What the act gives; nothing, and the reason in the form, when it was refused."""
    try:
        return act(**given)
    except ValidationError as error:
        form.add_error(None, error)
        return None


def refused(request: HttpRequest, found: Submission, form, **more) -> HttpResponse:
    """What was wrong, with all that was filled in: a page of its own, or for a page that goes on
    the sentences alone."""
    if request.headers.get("X-Signpost-Part"):
        sentences = " ".join(each for errors in form.errors.values() for each in errors)
        return HttpResponse(sentences, content_type="text/plain; charset=utf-8", status=422)
    context = {"submission": found, "version": found.version, "form": form, **more}
    return render(request, "assessments/comment_refused.html", context, status=422)


def back(request: HttpRequest, found: Submission, anchor: str) -> HttpResponse:
    answer = redirect("assessments:submission", centre=request.centre.slug, pk=found.pk)
    answer["Location"] += Narrowing.read(request.GET).query + f"#{anchor}"
    return answer
