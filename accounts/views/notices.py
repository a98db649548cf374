from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.forms.notices import ChoiceForm
from accounts.lists import Choice, Column, Listing, Words, answer, field, where
from accounts.models import Notice, NoticeChoice, NoticeQuerySet
from accounts.notices import KINDS, choose_mail, mark_read

A_PAGE = 25
COLUMNS = (
    field("when", gettext_lazy("When"), "due_at"),
    Column("kind", gettext_lazy("About"), lambda row: KINDS[row.kind].label, ("kind",)),
    field("notice", gettext_lazy("Notice"), "text"),
    field("read", gettext_lazy("Read"), "read_at", sorts=False),
)


@require_GET
def notices(request: HttpRequest) -> HttpResponseBase:
    """What somebody was told at this centre, newest first."""
    only_new = request.GET.get("show") == "new"
    told = _told(request).unread() if only_new else _told(request)
    listing = Listing(
        request=request,
        name="notices",
        caption=_("Notices"),
        columns=COLUMNS,
        row="",
        every=told,
        filters=[
            Words("q", _("Search"), ("text",)),
            Choice(
                "kind",
                _("About"),
                sorted(((key, kind.label) for key, kind in KINDS.items()), key=_by_label),
                where("kind"),
                is_lenient=True,
            ),
        ],
        order=("-due_at", "-pk"),
        a_page=A_PAGE,
        keeps=["show"],
    )
    if not listing.is_file:
        for notice in listing.page_obj:
            notice.label = KINDS[notice.kind].label
    return answer(listing, "accounts/notices.html", {"only_new": only_new})


def _by_label(kind: tuple[str, Promise]) -> str:
    return str(kind[1])


@require_GET
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an e-mail's link leads: on to the place. The page there marks it as read."""
    notice = get_object_or_404(_own(request), pk=pk)
    if notice.taken_back_at:
        messages.info(request, _("What this notice told you of was taken back meanwhile."))
        return redirect("notices:list", centre=request.centre.slug)
    return redirect(notice.url)


@require_POST
def open_(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it as read, and go to the place."""
    notice = get_object_or_404(_own(request), pk=pk)
    mark_read(notices=_own(request).filter(pk=pk), by=request.user)
    return redirect(notice.path)


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(notices=_own(request), by=request.user)
    messages.success(request, _("All notices are marked as read."))
    return redirect("notices:list", centre=request.centre.slug)


def choice(request: HttpRequest) -> HttpResponse:
    """When to get e-mail."""
    chosen = NoticeChoice.objects.filter(user=request.user).first() or NoticeChoice()
    answered = request.POST if request.method == "POST" else None
    form = ChoiceForm(answered, initial={"mail": chosen.mail})
    if form.is_valid():
        choose_mail(mail=form.cleaned_data["mail"], by=request.user)
        messages.success(request, _("Your choice is saved."))
        return redirect("notices:list", centre=request.centre.slug)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/notice_choice.html", {"form": form}, status=status)


def _own(request: HttpRequest) -> NoticeQuerySet:
    return Notice.objects.visible_to(request.user).in_centre(request.centre)


def _told(request: HttpRequest) -> NoticeQuerySet:
    return _own(request).shown()
