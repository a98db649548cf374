"""A list as one address asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise

from accounts.lists import files
from accounts.lists.columns import Column
from accounts.lists.filters import LONGEST, Bound, Filter

AS_FILE = "as"
SORT = "sort"
AT_ONCE = 1000


@dataclass(frozen=True)
class Head:
    """The head of a column, with the way to sort by it."""

    key: str
    label: str | Promise
    is_number: bool
    is_named: bool
    url: str = ""
    sorted: str = ""  # the value of aria-sort


@dataclass(kw_only=True)
class Listing:
    request: HttpRequest
    name: str  # of the file
    caption: str | Promise
    columns: Sequence[Column]
    row: str  # the template of one row, which calls it `each`
    every: QuerySet[Any]
    filters: Sequence[Filter] = ()
    order: Sequence[str] = ("pk",)
    a_page: int = 50
    # For the file: what the columns need instead of prefetched rows.
    in_file: Any = None
    keeps: Sequence[str] = ()  # what else of the address a filter leaves as it is
    drops: Sequence[str] = ()  # what of it no link carries on

    @cached_property
    def bound(self) -> list[Bound]:
        given = self.request.GET
        return [Bound(each, given.get(each.key, "").strip()[:LONGEST]) for each in self.filters]

    @property
    def is_file(self) -> bool:
        return self.request.GET.get(AS_FILE) in files.KINDS

    @property
    def is_narrowed(self) -> bool:
        return any(each.value for each in self.bound)

    def value_of(self, key: str) -> str:
        return next(each.value for each in self.bound if each.filter.key == key)

    def chosen(self, key: str) -> str:
        """The value of a choice, where it is one of those that can be chosen."""
        bound = next(each for each in self.bound if each.filter.key == key)
        return next((value for value, _label, is_chosen in bound.options if is_chosen), "")

    @cached_property
    def sorted_by(self) -> tuple[Column, bool] | None:
        """The column and whether from the end; what is no such column sorts nothing."""
        wanted = self.request.GET.get(SORT, "")
        key = wanted.removeprefix("-")
        for column in self.columns:
            if column.order and column.key == key:
                return column, wanted.startswith("-")
        return None

    @cached_property
    def rows(self) -> QuerySet[Any]:
        rows = self.every
        for each in self.bound:
            if each.value:
                rows = each.filter.narrow(rows, each.value)
        return rows.order_by(*self._order())

    def _order(self) -> list[Any]:
        if self.sorted_by is None:
            return list(self.order)
        column, from_the_end = self.sorted_by
        # Rows that have nothing there come last either way, on every database.
        fields = [
            F(name).desc(nulls_last=True) if from_the_end else F(name).asc(nulls_last=True)
            for name in column.order
        ]
        return [*fields, "pk"]

    @cached_property
    def page_obj(self) -> Page[Any]:
        return Paginator(self.rows, self.a_page).get_page(self.request.GET.get("page"))

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns if column.shown]

    def _head(self, column: Column) -> Head:
        if not column.order:
            return Head(column.key, column.label, column.number, column.is_named)
        state, turned = "", column.key
        if self.sorted_by and self.sorted_by[0] == column:
            state = "descending" if self.sorted_by[1] else "ascending"
            turned = column.key if self.sorted_by[1] else f"-{column.key}"
        url = self.url(sort=turned)
        return Head(column.key, column.label, column.number, True, url, state)

    def url(self, **changed: str) -> str:
        """This list with something else in its address, from its first page."""
        query = self.request.GET.copy()
        for name in ("page", AS_FILE, *self.drops):
            query.pop(name, None)
        for name, value in changed.items():
            query[name] = value
        return f"?{query.urlencode()}"

    @property
    def csv_url(self) -> str:
        return self.url(**{AS_FILE: "csv"})

    @property
    def xlsx_url(self) -> str:
        return self.url(**{AS_FILE: "xlsx"})

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter's form carries along."""
        given = self.request.GET
        return [(name, given[name]) for name in (SORT, *self.keeps) if name in given]

    @property
    def sorts(self) -> list[tuple[str, Any, bool]]:
        """For lists without a head: what they can be sorted by."""
        now = self.request.GET.get(SORT, "")
        return [
            (column.key, column.label, column.key == now) for column in self.columns if column.order
        ]

    def file_rows(self) -> Iterable[Any]:
        """Every row that the filters leave, in its order; one statement however many."""
        rows = self.in_file(self.rows) if self.in_file else self.rows
        return rows.prefetch_related(None).iterator(chunk_size=AT_ONCE)


@dataclass(kw_only=True)
class Gathered(Listing):
    """A list of what was put together here, not of rows of the database; its columns sort by
    what they say."""

    every: list[Any]  # type: ignore[assignment]

    @cached_property
    def rows(self) -> list[Any]:  # type: ignore[override]
        """The filters' conditions take and give lists here."""
        every: Any = self.every
        for each in self.bound:
            if each.value:
                every = each.filter.narrow(every, each.value)
        if self.sorted_by is None:
            return every
        column, from_the_end = self.sorted_by
        value: Any = column.value
        # What has nothing there comes last either way.
        known = [each for each in every if value(each) is not None]
        unknown = [each for each in every if value(each) is None]
        return [*sorted(known, key=value, reverse=from_the_end), *unknown]

    def file_rows(self) -> Iterable[Any]:
        return self.rows


def answer(
    listing: Listing, template: str, context: dict[str, Any] | None = None
) -> HttpResponseBase:
    """The page, or the file where the address asks for one."""
    write = files.KINDS.get(listing.request.GET.get(AS_FILE, ""))
    if write:
        columns = [column for column in listing.columns if column.value]
        return write(listing.name, columns, listing.file_rows())
    about = {"listing": listing, "page_obj": listing.page_obj, **(context or {})}
    return render(listing.request, template, about)
