"""What a list says of each of its rows."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Aggregate, Expression, F, TextField, Value
from django.utils.functional import Promise

Cell = str | int | float | datetime.date | datetime.datetime | Promise | None
BETWEEN = "\x1f"  # stands in no name


@dataclass(frozen=True)
class Column:
    """A column of the table and of the file; the row's template draws the table's cell."""

    key: str  # in the address, where the list is sorted by it
    label: str | Promise
    value: Callable[[Any], Cell] | None = None  # none: it holds buttons and goes into no file
    order: tuple[str, ...] = ()  # none: the list can't be sorted by it
    number: bool = False
    shown: bool = True  # false: only in the file
    is_named: bool = True  # false: the name is for those who listen


def at(path: str) -> Callable[[Any], Cell]:
    """The value at a path of attributes: at("portfolio.learner.name")."""
    return attrgetter(path)


def field(key: str, label: str | Promise, path: str, *, sorts: bool = True, **more: Any) -> Column:
    """What stands at a path of the database ("portfolio__learner__name"), and sorts by it."""
    return Column(key, label, at(path.replace("__", ".")), (path,) if sorts else (), **more)


class Joined(Aggregate):
    """The texts of many rows as one, so that a file of any length takes one statement."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def __init__(self, expression: str | Expression, **extra: Any) -> None:
        texts = F(expression) if isinstance(expression, str) else expression
        super().__init__(texts, Value(BETWEEN), **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", **context)


def split(joined: str | None) -> list[str]:
    """What `Joined` put together, in the order of the alphabet, each once."""
    return sorted(set(joined.split(BETWEEN))) if joined else []
