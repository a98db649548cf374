"""What templates need to look like Signpost: states, progress marks, dates, the menu."""

import datetime
from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms, template
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join, json_script
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from accounts.navigation import Item, menu_for
from accounts.scripts import script_words
from accounts.states import STATES, State

register = template.Library()

Mark = tuple[str, str, str | None]  # a criterion's code, its state, where it leads

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
BAR_HOLDS = 4


def look_of(key: str) -> State:
    try:
        return STATES[str(key)]
    except KeyError:
        raise LookupError(f"{key!r} is no state; accounts/states.py lists them all") from None


def _picture(symbol: str, css: str) -> SafeString:
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("img/marks.svg"),
        symbol,
    )


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture beside a word; it says nothing by itself."""
    return _picture(f"icon-{name}", "icon")


@register.simple_tag
def state(key: str, word: str = "") -> SafeString:
    """Shape, word and colour together; `word` says more than the table's word where needed."""
    look = look_of(key)
    return format_html(
        '<span class="state tone-{}" data-state="{}">{}<span>{}</span></span>',
        look.tone,
        key,
        _picture(f"state-{look.shape}", "state-mark"),
        word or look.word,
    )


@register.simple_tag
def progress_marks(marks: Iterable[Mark], size: str = "") -> SafeString:
    """One small mark a criterion, and the count in words. `size="small"` leaves out the codes."""
    marks = list(marks)
    if not marks:
        return SafeString("")
    return format_html(
        '<div class="progress-marks{}"><div class="marks-groups">{}</div>'
        '<p class="marks-text">{}</p></div>',
        f" progress-marks-{size}" if size else "",
        format_html_join("", "{}", ((_row(list(row)),) for _kind, row in groupby(marks, _kind))),
        progress_words(marks),
    )


def _kind(mark: Mark) -> str:
    """The letters of a code: performance and knowledge make a row each."""
    return mark[0].rstrip("0123456789")


def _row(marks: list[Mark]) -> SafeString:
    items = format_html_join("", "<li>{}</li>", ((_mark(*mark),) for mark in marks))
    return format_html('<ol class="marks">{}</ol>', items)


def _mark(code: str, key: str, url: str | None = None) -> SafeString:
    look = look_of(key)
    return format_html(
        '<a class="mark tone-{tone}" href="{url}" title="{code}: {word}">{inside}</a>'
        if url
        else '<span class="mark tone-{tone}" title="{code}: {word}">{inside}</span>',
        tone=look.tone,
        url=url,
        code=code,
        word=look.word,
        inside=_inside(code, look),
    )


def _inside(code: str, look: State) -> SafeString:
    return format_html(
        '{}<span class="mark-code">{}</span><span class="visually-hidden">: {}</span>',
        _picture(f"state-{look.shape}", "state-mark"),
        code,
        look.word,
    )


@register.simple_tag
def progress_words(marks: Iterable[Mark]) -> str:
    """ "9 of 27 met (2 of them imported), 4 claimed, 14 to do"."""
    counts = Counter(str(mark[1]) for mark in marks)
    imported = counts["imported"]
    met = gettext("%(met)d of %(all)d met") % {
        "met": counts["met"] + imported,
        "all": counts.total(),
    }
    if imported:
        met += " " + gettext("(%(count)d of them imported)") % {"count": imported}
    others = (
        gettext("%(count)d %(state)s") % {"count": counts[key], "state": str(look.word).lower()}
        for key, look in STATES.items()
        if counts[key] and key not in ("met", "imported")
    )
    return ", ".join([met, *others])


@register.simple_tag
def when(moment: datetime.date | None, style: str = "") -> SafeString:
    """A <time> element; a day for a date or style="date", otherwise with the hour."""
    if moment is None:
        return SafeString("")
    if isinstance(moment, datetime.datetime):
        moment = timezone.localtime(moment)
        words = format_date(moment, "j M Y" if style == "date" else "j M Y, H:i")
        return format_html(
            '<time datetime="{}">{}</time>', moment.isoformat(timespec="seconds"), words
        )
    return format_html(
        '<time datetime="{}">{}</time>', moment.isoformat(), format_date(moment, "j M Y")
    )


@register.filter
def age(moment: datetime.datetime | None) -> str:
    """How long ago, in the largest unit only: "3 days"."""
    if moment is None:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < MINUTE:
        return gettext("less than a minute")
    if seconds < HOUR:
        count = int(seconds // MINUTE)
        return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}
    if seconds < DAY:
        count = int(seconds // HOUR)
        return ngettext("%(count)d hour", "%(count)d hours", count) % {"count": count}
    count = int(seconds // DAY)
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@register.simple_tag(takes_context=True)
def menu(context: template.Context) -> list[Item]:
    request: HttpRequest | None = context.get("request")
    return menu_for(request) if request else []


@register.filter
def first_for_bar(items: list[Item]) -> list[Item]:
    """What fits into the bar at a phone's lower edge, beside "More" where something is left."""
    return items if len(items) <= BAR_HOLDS else items[: BAR_HOLDS - 1]


@register.filter
def rest_for_bar(items: list[Item]) -> list[Item]:
    return items[len(first_for_bar(items)) :]


@register.filter
def any_current(items: list[Item]) -> bool:
    return any(item.current for item in items)


@register.filter
def notice_tone(level: str) -> str:
    return {"success": "good", "warning": "warn", "error": "bad"}.get(level, "info")


@register.filter
def notice_icon(level: str) -> str:
    return {"success": "tick", "warning": "warning", "error": "warning"}.get(level, "info")


@register.simple_tag(takes_context=True)
def came_from(context: template.Context) -> str:
    """The page of ours that the person was on, or the start page."""
    request: HttpRequest = context["request"]
    before = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    return before if url_has_allowed_host_and_scheme(before, hosts) else reverse("home")


@register.simple_tag
def url_if_any(name: str, **kwargs: Any) -> str:
    """The page's address, or nothing where there is no such page."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag
def words_for_scripts() -> SafeString:
    """The sentences that scripts say, translated here because scripts can't."""
    return json_script(script_words(), "words")


@register.filter
def as_name(label: str) -> str:
    """A question or sentence as what stands before a colon: "Who was there" of "Who was there?"."""
    return str(label).rstrip(" .?:")


@register.filter
def said_of(field: forms.BoundField) -> list[str]:
    """What is wrong with a field; of an empty one, what to do, not that it "is required"."""
    if field.is_hidden:
        return list(field.errors)  # nobody can fill in what is not shown
    usual = str(forms.Field.default_error_messages["required"])
    return [
        _what_to_do(field) if error.code == "required" and sentence == usual else sentence
        for error in field.errors.as_data()
        for sentence in error.messages
    ]


def _what_to_do(field: forms.BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return gettext("Tick this box to go on.")
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.SelectMultiple):
        return gettext("Choose at least one.")
    if isinstance(widget, forms.widgets.ChoiceWidget):
        return gettext("Choose one.")
    if isinstance(widget, forms.DateInput):
        return gettext("Choose a date.")
    if isinstance(widget, forms.FileInput):
        return gettext("Choose a file.")
    return gettext("Fill this in.")


@register.filter
def is_past(day: datetime.date) -> bool:
    return day < timezone.localdate()


@register.filter
def first_error_id(field: Any) -> str:
    """Where a link in the error summary leads: the field itself, or its first choice."""
    if field.field.widget.__class__.__name__ in {"RadioSelect", "CheckboxSelectMultiple"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id
