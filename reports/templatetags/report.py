"""What the report's templates need beyond Django's own."""

import re
import unicodedata

import nh3
import segno
from django import template
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.states import STATES
from assessments.timeline import WORDS
from files.kinds import ACCEPTED
from reports import facts
from reports.entries import OWN
from standards.templatetags.standards import partial_date

register = template.Library()

ENGLISH = "en"
KINDS = {media_type: kind for kind in reversed(ACCEPTED) for media_type in kind.types.values()}

# What the ledger tells on paper; of some entries not what they are about.
TOLD = {**WORDS, OWN: _lazy("Entry of the centre")}

APPROVED = re.compile(r"\d{4}(-\d{2}){0,2}(?=$| · )")  # as far as the date is known

# What an account may look like on paper; anything that could point elsewhere is dropped.
TAGS = {"p", "br", "ul", "ol", "li", "strong", "em", "b", "i", "blockquote"}
ATTRIBUTES = {"ol": {"start"}}


@register.simple_tag
def mark(key: str) -> SafeString:
    """A state's shape alone, where a table has no room for its word."""
    return format_html('<img class="mark" src="signpost:mark/{}" alt="{}">', key, STATES[key].word)


@register.simple_tag
def stands(key: str, word: str = "") -> SafeString:
    """Shape, word and colour together."""
    look = STATES[key]
    return format_html(
        '<span class="state tone-{}"><span class="mark is-{}"></span> {}</span>',
        look.tone,
        key,
        word or look.word,
    )


@register.simple_tag
def in_english(text: str) -> str:
    """What is English whatever the labels are: a standard, a declaration. Where the labels are
    not, it is marked, so that it is not read aloud in the sounds of another language."""
    if (get_language() or ENGLISH).startswith(ENGLISH):
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', ENGLISH, text)


@register.simple_tag
def declared(
    portfolio: facts.Portfolio, unit: facts.Unit, sign_off: facts.SignOff
) -> tuple[facts.Declared, ...]:
    """The learner's declarations that a sign-off rests on."""
    return portfolio.declared(unit, sign_off)


@register.simple_tag
def earning(unit: facts.Unit, point: facts.Point, credit: facts.Credit) -> tuple[facts.Claim, ...]:
    """Where in the evidence a marking point was earned."""
    return unit.earning(point, credit)


@register.simple_tag
def qr(url: str, title: str) -> SafeString:
    """A square that phones read as the address; the title is what others hear."""
    # The quiet zone is the paper around it. A quarter of it may be lost to a crease or a stain.
    drawn = segno.make_qr(url, error="q", boost_error=False)
    return mark_safe(  # noqa: S308 - drawn by segno, which escapes the title
        drawn.svg_inline(title=title, svgclass="qr", lineclass=None, border=0, omitsize=True)
    )


@register.filter
def address(url: str) -> str:
    """A web address as people type it."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


@register.filter
def account(version: facts.Version) -> SafeString:
    """Cleaned again: this page must hold whatever got into the column."""
    html = version.account_html or linebreaks(version.account, autoescape=True)
    return mark_safe(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES))  # noqa: S308


@register.filter
def direction(text: str) -> str:
    """Which way the text runs, by its first letter that tells."""
    for letter in str(text):
        runs = unicodedata.bidirectional(letter)
        if runs in ("R", "AL"):
            return "rtl"
        if runs == "L":
            return "ltr"
    return "ltr"


@register.filter
def kind_in_words(media_type: str) -> str:
    """“a Word document”; the type itself where we have no name for it."""
    kind = KINDS.get(media_type)
    return str(kind.words) if kind else media_type


@register.filter
def edition_in_words(edition: str) -> str:
    """“22 February 2021, version 1”, of which either may be unknown."""
    found = APPROVED.match(edition)
    approved = partial_date(found[0]) if found else ""
    version = edition[found.end() :].removeprefix(" · ") if found else edition
    if not version:
        return approved
    if not approved:
        return _("version %(version)s") % {"version": version}
    return _("%(approved)s, version %(version)s") % {"approved": approved, "version": version}


@register.filter
def in_words(verb: str) -> str:
    """A ledger's verb as people read it."""
    plain = verb.replace("_", " ").replace(".", " ").capitalize()
    return str(TOLD.get(verb, plain))


@register.filter
def is_in(item: object, collection: object) -> bool:
    return item in collection  # type: ignore[operator]
