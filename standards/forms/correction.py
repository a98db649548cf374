"""A parse as a form, and the form as a corrected parse."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from standards.models import Criterion
from standards.publication import LIMITS, URN
from standards.templatetags.standards import section_heading

Parsed = Mapping[str, Any]
Kind = Criterion.Kind
KEYS = {
    Kind.PERFORMANCE: "performance",
    Kind.KNOWLEDGE: "knowledge",
    Kind.ASSESSMENT: "assessment_criteria",
}
PREFIXES = {Kind.PERFORMANCE: "P", Kind.KNOWLEDGE: "K", Kind.ASSESSMENT: "AC"}
LISTS = ("concepts", "tips", "misconceptions", "marking_points")
METADATA = ("version", "approved_on", "review_on")
PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
MOST_ROWS = 400


class PartialDateField(forms.CharField):
    """A date as far as the standard prints it: 2013, 2013-01 or 2013-01-05."""

    def clean(self, value: str) -> str:
        text = super().clean(value)
        found = PARTIAL_DATE.fullmatch(text)
        try:
            if text and not found:
                raise ValueError
            if found:
                date(*(int(part or 1) for part in found.groups()))
        except ValueError as error:
            raise ValidationError(
                _("Write it as year-month-day, such as 2021-02-22, or as much of it as is known.")
            ) from error
        return text


class LinesField(forms.CharField):
    """A list of texts, each on a line of its own."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: str) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class DraftForm(forms.Form):
    """All of a standard except its criteria."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    urn = forms.CharField(
        label=_("URN"),
        required=False,
        max_length=40,
        help_text=_("The standard's own code, such as CFACSB15."),
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=LIMITS["title"])
    approved_on = PartialDateField(
        label=_("Approved on"),
        required=False,
        help_text=_("Such as 2021-02-22, or 2013-01 where no day is printed."),
    )
    version = forms.CharField(label=_("Version"), required=False, max_length=40)
    review_on = PartialDateField(label=_("Review on"), required=False)
    sqa_code = forms.CharField(label=_("SQA code"), required=False, max_length=40)
    synopsis = forms.CharField(
        label=_("Synopsis"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    concepts = LinesField(label=_("Concepts"), required=False)
    tips = LinesField(label=_("Tips"), required=False)
    misconceptions = LinesField(label=_("Misconceptions"), required=False)
    marking_points = LinesField(label=_("Marking points"), required=False)

    def __init__(self, data: Any = None, *, parsed: Parsed, revision: int) -> None:
        super().__init__(data, initial=_initial(parsed) | {"revision": revision})
        self.parsed = parsed
        for name in LISTS:
            self.fields[name].help_text = _("One on each line.")
            self.fields[name].widget.attrs["rows"] = 6
        for field in self.naming():
            field.field.widget.attrs["class"] = "form-control"
        for number, (key, text) in enumerate(parsed["sections"].items()):
            self.fields[f"section_{number}"] = forms.CharField(
                label=section_heading(key),
                required=False,
                initial=text,
                widget=forms.Textarea(attrs={"rows": min(12, 2 + len(text) // 80)}),
            )

    def clean_urn(self) -> str:
        urn = " ".join(self.cleaned_data["urn"].upper().split())
        if urn and not URN.fullmatch(urn):
            raise ValidationError(_("Use letters, digits, spaces and . / - only."))
        return urn

    def naming(self) -> list[forms.BoundField]:
        names = ("title", "urn", "sqa_code", "approved_on", "review_on", "version")
        return [self[name] for name in names]

    def guide(self) -> list[forms.BoundField]:
        return [self[name] for name in ("synopsis", *LISTS)]

    def sections(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("section_")]

    def is_guide(self) -> bool:
        return any(self.parsed[name] for name in LISTS)


class CriterionForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    code = forms.CharField(label=_("Code"), required=False, max_length=LIMITS["code"])
    order = forms.IntegerField(label=_("Place"), required=False, min_value=1, max_value=9999)
    group = forms.CharField(label=_("Group heading"), required=False, max_length=LIMITS["group"])
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    subitems = LinesField(label=_("Sub-items, one on each line"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subitems"].widget.attrs["rows"] = max(2, len(self.initial.get("subitems", ())))
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def has_changed(self) -> bool:
        """A new row counts once something was written in it; its kind and place are set before."""
        return bool({"code", "group", "text", "subitems"} & set(self.changed_data))

    def clean(self) -> dict[str, Any]:
        if self.has_changed() and not self.cleaned_data.get("text"):
            deleted = self.data.get(self.add_prefix("DELETE"))
            if not deleted:
                self.add_error("text", _("Write the text, or tick Remove."))
        return self.cleaned_data


class BaseCriteria(forms.BaseFormSet):
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        form.fields["DELETE"].widget.attrs["class"] = "form-check-input"

    def clean(self) -> None:
        if self.renumbers():
            return
        seen: set[str] = set()
        for form in self.kept():
            code = form.cleaned_data.get("code")  # none where it is too long, say
            if code and code in seen:
                form.add_error("code", _("This code is used more than once."))
            seen.add(code)
        if any(form.errors for form in self.forms):
            raise ValidationError(gettext("Each code may be used once."))

    def renumbers(self) -> bool:
        return bool(self.data.get("renumber"))

    def kept(self) -> list[forms.Form]:
        """The rows with something in them that are to stay."""
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and not form.cleaned_data.get("DELETE")
            and form.cleaned_data.get("text")
        ]


def criteria_formset(data: Any = None, *, parsed: Parsed, blank: int = 1) -> forms.BaseFormSet:
    made = forms.formset_factory(
        CriterionForm,
        formset=BaseCriteria,
        extra=blank,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
    )
    return made(data, prefix="c", initial=list(_rows(parsed)))


def _initial(parsed: Parsed) -> dict[str, Any]:
    plain = ("urn", "title", "sqa_code", "synopsis", *LISTS)
    return {name: parsed[name] for name in plain} | {
        name: parsed["metadata"][name] for name in METADATA
    }


def _rows(parsed: Parsed) -> Iterator[dict[str, Any]]:
    for kind, key in KEYS.items():
        for order, item in enumerate(parsed[key], start=1):
            yield {
                "kind": kind,
                "code": item["code"],
                "order": order,
                "group": item.get("group") or item.get("outcome") or "",
                "text": item["text"],
                "subitems": item.get("subitems", []),
            }


def corrected(draft: DraftForm, criteria: BaseCriteria) -> dict[str, Any]:
    """The parse as the two forms now have it."""
    said = draft.cleaned_data
    keys = list(draft.parsed["sections"])
    return {
        **draft.parsed,
        **{name: said[name] or None for name in ("urn", "title", "sqa_code", "synopsis")},
        **{name: said[name] for name in LISTS},
        "metadata": draft.parsed["metadata"] | {name: said[name] or None for name in METADATA},
        "sections": {key: said[f"section_{number}"] for number, key in enumerate(keys)},
        **_criteria([form.cleaned_data for form in criteria.kept()], criteria.renumbers()),
    }


def _criteria(rows: list[dict[str, Any]], renumber: bool) -> dict[str, list[dict[str, Any]]]:
    used = set() if renumber else {row["code"] for row in rows}
    return {
        KEYS[kind]: [
            _item(kind, part)
            for part in _coded(kind, _in_order(rows, kind), used, renumber=renumber)
        ]
        for kind in KEYS
    }


def _in_order(rows: list[dict[str, Any]], kind: str) -> Iterator[dict[str, Any]]:
    """By place, rows without one last; an empty line in a text makes it two criteria."""
    chosen = [row for row in rows if row["kind"] == kind]
    for row in sorted(chosen, key=lambda row: row["order"] or MOST_ROWS * MOST_ROWS):
        first, *others = [" ".join(part.split()) for part in re.split(r"\n\s*\n", row["text"])]
        parts = [part for part in others if part]
        yield {**row, "text": first, "subitems": [] if parts else row["subitems"]}
        for number, part in enumerate(parts, start=1):
            last = number == len(parts)
            yield {**row, "code": "", "text": part, "subitems": row["subitems"] if last else []}


def _coded(
    kind: str, rows: Iterator[dict[str, Any]], used: set[str], *, renumber: bool
) -> Iterator[dict[str, Any]]:
    free = (f"{PREFIXES[kind]}{number}" for number in count(1))
    for row in rows:
        code = "" if renumber else row["code"]
        code = code or next(code for code in free if code not in used)
        used.add(code)
        yield {**row, "code": code}


def _item(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    item = {"code": row["code"], "text": row["text"]}
    if kind == Kind.ASSESSMENT:
        return item | {"outcome": row["group"] or None}
    return item | {"group": row["group"] or None, "subitems": row["subitems"]}
