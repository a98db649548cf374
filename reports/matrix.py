"""The evidence matrix: criteria across, evidence down, on as many sheets as its width needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil

from reports import facts

WIDEST = 40  # columns of 5 mm that fit beside the evidence on A4 landscape
ROOMY = 29  # columns of 7 mm, in which "P14" stands upright


@dataclass(frozen=True)
class Row:
    number: int
    title: str
    cells: tuple[facts.Claim | None, ...]  # one a column; the claim that tells most


@dataclass(frozen=True)
class Sheet:
    """A part of the matrix as wide as one page, with every row."""

    columns: tuple[facts.Criterion, ...]
    rows: tuple[Row, ...]

    @property
    def has_imports(self) -> bool:
        return any(column.standing_import for column in self.columns)

    @property
    def last_code(self) -> str:
        return self.columns[-1].code

    @property
    def shape(self) -> str:
        """How the codes have to stand to fit above their columns."""
        longest = max(len(column.code) for column in self.columns)
        if longest <= 3 and len(self.columns) <= ROOMY:
            return ""
        return "turned" if longest <= 5 else "turned long"


def sheets(unit: facts.Unit, evidence: Sequence[facts.Evidence]) -> tuple[Sheet, ...]:
    """Only evidence that claims something of this unit makes a row."""
    claims = {
        (claim.number, claim.criterion): claim
        for criterion in unit.criteria
        for claim in _telling(criterion)
    }
    numbers = {number for number, _criterion in claims}
    rows = [item for item in evidence if item.number in numbers]
    return tuple(
        Sheet(
            columns=tuple(columns),
            rows=tuple(
                Row(
                    number=item.number,
                    title=item.latest.title,
                    cells=tuple(claims.get((item.number, column.pk)) for column in columns),
                )
                for item in rows
            ),
        )
        for columns in _parts(unit.criteria)
    )


def _telling(criterion: facts.Criterion) -> list[facts.Claim]:
    """Of several versions that claim it, the one that is met, or else the newest."""
    telling: dict[int, facts.Claim] = {}
    for claim in sorted(criterion.claims, key=lambda each: each.version):
        kept = telling.get(claim.number)
        if kept is None or kept.state != "met":
            telling[claim.number] = claim
    return list(telling.values())


def _parts(criteria: Sequence[facts.Criterion]) -> list[Sequence[facts.Criterion]]:
    """Parts no wider than the page: a kind each where that takes no more of them, or else
    of nearly equal width."""
    if len(criteria) <= WIDEST:
        return [criteria] if criteria else []
    kinds = [list(same) for _kind, same in groupby(criteria, key=lambda each: each.kind)]
    by_kind = [part for kind in kinds for part in _evenly(kind)]
    evenly = _evenly(criteria)
    return by_kind if len(by_kind) <= len(evenly) else evenly


def _evenly(criteria: Sequence[facts.Criterion]) -> list[Sequence[facts.Criterion]]:
    parts = ceil(len(criteria) / WIDEST)
    width = ceil(len(criteria) / parts)
    return [criteria[start : start + width] for start in range(0, len(criteria), width)]
