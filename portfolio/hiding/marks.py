"""What is to be hidden, as it came from a form: checked, in the shape in which it is kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from files.models import Preview
from portfolio.anchors.labels import clock
from portfolio.hiding.kinds import Way, way_of
from portfolio.models import EvidenceFile

MOST = 300
SMALLEST = 0.002
Mark = dict[str, Any]


def checked(file: EvidenceFile, marks: Sequence[Mapping[str, Any]]) -> list[Mark]:
    """The marks of a file, or ValidationError in plain words."""
    way = way_of(file.blob)
    if way is None:
        raise ValidationError(_("Nothing can be hidden in this kind of file."))
    if not marks:
        raise ValidationError(_("Mark at least one place to hide."))
    if len(marks) > MOST:
        raise ValidationError(_("Hide at most %(most)d places at a time.") % {"most": MOST})
    return CHECKS[way](marks, _facts(file))


def _facts(file: EvidenceFile) -> Mapping[str, Any]:
    """What its preview knows; nothing while that is being made."""
    preview = Preview.objects.filter(blob=file.blob_id).first()
    return preview.facts if preview and preview.is_ready else {}


def _pages(marks: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> list[Mark]:
    return [{"page": _page(mark, facts.get("pages")), **_box(mark)} for mark in marks]


def _picture(marks: Sequence[Mapping[str, Any]], _facts: Mapping[str, Any]) -> list[Mark]:
    return [_box(mark) for mark in marks]


def _page(mark: Mapping[str, Any], pages: int | None) -> int:
    page = _number(mark.get("page"))
    if page != int(page) or page < 1 or (pages and page > pages):
        sentence = _("There is no page %(page)s: the last is %(pages)s.")
        raise ValidationError(sentence % {"page": f"{page:g}", "pages": pages or "?"})
    return int(page)


def _box(mark: Mapping[str, Any]) -> Mark:
    """In fractions of the page, cut off at its edges."""
    x, y = _number(mark.get("x")), _number(mark.get("y"))
    right, bottom = x + _number(mark.get("width")), y + _number(mark.get("height"))
    x, y, right, bottom = (min(max(value, 0.0), 1.0) for value in (x, y, right, bottom))
    if right - x < SMALLEST or bottom - y < SMALLEST:
        raise ValidationError(_("One of the boxes is empty, or lies outside the page."))
    return {"x": x, "y": y, "width": right - x, "height": bottom - y}


def _recording(marks: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> list[Mark]:
    ranges = sorted(_range(mark, facts.get("duration")) for mark in marks)
    return [{"begins": begins, "ends": ends} for begins, ends in _joined(ranges)]


def _range(mark: Mapping[str, Any], duration: float | None) -> tuple[float, float]:
    begins, ends = _number(mark.get("begins")), _number(mark.get("ends"))
    if not 0 <= begins < ends:
        raise ValidationError(_("A time to hide has to end after it begins."))
    if duration and begins >= duration:
        raise ValidationError(_("It ends at %(end)s already.") % {"end": clock(duration)})
    return begins, ends


def _joined(ranges: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    out: list[tuple[float, float]] = []
    for begins, ends in ranges:
        if out and begins <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], ends))
        else:
            out.append((begins, ends))
    return out


def _words(marks: Sequence[Mapping[str, Any]], _facts: Mapping[str, Any]) -> list[Mark]:
    spans = sorted((int(_number(mark["start"])), int(_number(mark["end"]))) for mark in marks)
    if any(not 0 <= start < end for start, end in spans):
        raise ValidationError(_("One of the places is empty."))
    return [{"start": start, "end": end} for start, end in spans]


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValidationError(_("Fill in every number of a place, or none of them.")) from None
    if not abs(number) < 1e9:
        raise ValidationError(_("One of the numbers is too large."))
    return number


CHECKS = {
    Way.PICTURE: _picture,
    Way.PAGES: _pages,
    Way.RECORDING: _recording,
    Way.WORDS: _words,
}
