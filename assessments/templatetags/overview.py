"""The body of the matrix. A template would spend most of a page on finding the same words and
addresses again for each of some hundred cells; here each is found once."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.templatetags.signpost import age, state
from assessments.overview.figures import Grouping
from assessments.overview.listed import word_of
from assessments.overview.matrix import READY, WAITING, Cell, Matrix, Row

register = template.Library()

CELL = (
    '<td><a href="{}">{}<span class="visually-hidden">, {}, {}</span></a>'
    '<svg class="far-bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" '
    'focusable="false"><rect class="all" width="100" height="6"></rect>'
    '<rect class="claimed" width="{}" height="6"></rect>'
    '<rect class="met" width="{}" height="6"></rect></svg>'
    '<span class="far">{}</span>{}</td>'
)


@register.simple_tag
def stuck_after() -> int:
    return settings.STUCK_AFTER_DAYS


@register.simple_tag
def options(choices: Iterable[tuple[object, str]], chosen: object) -> SafeString:
    """Of a select; a large centre has hundreds of assessors to choose from."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value == chosen else "", label)
            for value, label in choices
        ),
    )


@register.simple_tag(takes_context=True)
def group_url(context: template.Context, grouping: Grouping, key: object) -> str:
    """The learners behind a row of figures, within what was chosen before."""
    request: HttpRequest = context["request"]
    query = QueryDict(mutable=True)
    for name in ("cohort", "assessor", "unit"):
        if value := request.GET.get(name):
            query[name] = value
    query[grouping.key] = str(key)
    url = reverse("assessments:centre_matrix", kwargs={"centre": request.centre.slug})
    return f"{url}?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def matrix_rows(context: template.Context, matrix: Matrix, is_mine: bool = False) -> SafeString:
    """`is_mine`: a cell leads to what the assessor does next; else to the unit."""
    centre = context["request"].centre.slug
    ways = _ways(centre) if is_mine else {}
    unit = _way("portfolio:unit", centre)
    learners = reverse("portfolio:enrolments", kwargs={"centre": centre})
    look = lru_cache(_look)
    empty = format_html(
        '<td class="no-cell">–<span class="visually-hidden">{}</span></td>', _("not on this unit")
    )

    def drawn(row: Row, cell: Cell | None) -> SafeString:
        if cell is None:
            return empty
        return _cell(row, cell, ways.get(cell.state, unit)(cell), look(cell.state))

    return format_html_join(
        "\n",
        '<tr><th scope="row"><a href="{}?{}">{}</a>{}</th>{}</tr>',
        (
            (
                learners,
                urlencode({"text": row.name}),
                row.name,
                _cohort(row),
                format_html_join("", "{}", ((drawn(row, c),) for c in row.cells)),
            )
            for row in matrix.rows
        ),
    )


def _look(key: str) -> SafeString:
    return state("met", word_of(key)) if key == READY else state(key)


def _cohort(row: Row) -> SafeString:
    return format_html('<span class="far">{}</span>', row.cohort) if row.cohort else SafeString("")


def _cell(row: Row, cell: Cell, url: str, look: SafeString) -> SafeString:
    far = _("%(met)d of %(all)d met, %(claimed)d claimed") % {
        "met": cell.met,
        "all": cell.criteria,
        "claimed": cell.claimed,
    }
    bar = cell.bar
    return format_html(
        CELL, url, look, row.name, cell.unit.urn, bar["claimed"], bar["met"], far, _detail(cell)
    )


def _detail(cell: Cell) -> SafeString:
    if cell.waiting:
        words = _("%(count)d waiting, the oldest for %(age)s") % {
            "count": cell.waiting,
            "age": age(cell.oldest),
        }
    elif cell.last and cell.state in {"stuck", "active"}:
        words = _("nothing new for %(age)s") % {"age": age(cell.last)}
    else:
        return SafeString("")
    return format_html('<span class="far">{}</span>', words)


Way = Callable[[Cell], str]


def _way(name: str, centre: str) -> Way:
    """The address with each cell's own number in it; found once for all."""
    before, after = reverse(name, kwargs={"centre": centre, "pk": 0}).rsplit("/0/", 1)
    return lambda cell: f"{before}/{cell.enrolment}/{after}"


def _ways(centre: str) -> dict[str, Way]:
    queue = reverse("assessments:queue", kwargs={"centre": centre})
    return {
        WAITING: lambda cell: f"{queue}?learner={cell.learner}&unit={cell.unit.edition}",
        READY: _way("assessments:sign_off", centre),
    }
