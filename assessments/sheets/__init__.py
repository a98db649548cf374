"""A centre's spreadsheets: progress, judgements, caseload and audit, in this one table.

Each is columns and rows that are read while the file goes out, some at a time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.lists import Column
from assessments.overview.scope import Scope
from assessments.sheets import audit, caseload, judgements, progress


@dataclass(frozen=True)
class Sheet:
    title: str | Promise
    about: str | Promise
    columns: Callable[[Scope], Sequence[Column]]
    rows: Callable[[Scope, datetime | None], Iterator[Any]]
    is_dated: bool = False  # its rows can be cut off at a day


SHEETS = {
    "progress": Sheet(
        _("Progress"),
        _("A row for each learner on each unit: what is claimed, met, waiting and signed off."),
        lambda _scope: progress.COLUMNS,
        lambda scope, _since: progress.rows(scope),
    ),
    "judgements": Sheet(
        _("Judgements"),
        _(
            "A row for each decision on a claim: who, when, with which result, and whether it was"
            " taken back."
        ),
        lambda _scope: judgements.COLUMNS,
        judgements.rows,
        is_dated=True,
    ),
    "caseload": Sheet(
        _("Caseload"),
        _("A row for each learner and a column for each unit, as on “Learners by units”."),
        caseload.columns,
        lambda scope, _since: caseload.rows(scope),
    ),
    "audit": Sheet(
        _("Audit"),
        _("The record that nobody can change: who did what, when, each entry with its hash."),
        lambda _scope: audit.COLUMNS,
        audit.rows,
        is_dated=True,
    ),
}
