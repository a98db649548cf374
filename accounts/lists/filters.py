"""What a list can be narrowed by. A filter is a field of a GET form and a condition."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LONGEST = 200
ANY = _("Any")


def number_in(text: str) -> int | None:
    """The number that an address names; anything else is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def where(path: str, read: Callable[[str], Any] = str) -> Callable[[QuerySet[Any], str], Any]:
    """The condition of a choice that names a value; `read` gives it from what stands there."""
    return lambda rows, value: rows.filter(**{path: read(value)})


@dataclass(frozen=True)
class Words:
    """A box to type in; finds what holds the words in any of the fields."""

    key: str
    label: str | Promise
    fields: tuple[str, ...]
    help: str | Promise = ""
    also: Callable[[str], Q] | None = None

    kind = "words"

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        found = self.also(value) if self.also else Q()
        for field in self.fields:
            found |= Q(**{f"{field}__icontains": value})
        return rows.filter(found)


@dataclass(frozen=True)
class Choice:
    """A list to choose from. A value that is not on it finds nothing, as whatever it named may
    be gone; with `is_lenient` it narrows nothing."""

    key: str
    label: str | Promise
    choices: Iterable[tuple[Any, Any]]
    by: Callable[[QuerySet[Any], str], QuerySet[Any]]
    every: str | Promise = ANY
    is_lenient: bool = False
    is_wide: bool = False

    kind = "choice"

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        known = any(str(each) == value for each, _label in self.choices)
        if self.is_lenient and not known:
            return rows
        return self.by(rows, value)


Filter = Words | Choice


@dataclass(frozen=True)
class Bound:
    """A filter with what the address says of it."""

    filter: Filter
    value: str

    @property
    def options(self) -> list[tuple[str, Any, bool]]:
        if not isinstance(self.filter, Choice):
            return []
        return [(str(key), label, str(key) == self.value) for key, label in self.filter.choices]
