"""How far a learner is: every criterion of a unit with its state, read in a fixed number of
queries however much evidence there is."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from portfolio.models import Claim, Enrolment, ImportedDecision
from portfolio.workflow import ClaimStatus
from standards.models import Criterion

TO_DO = "to_do"
# Met elsewhere, before the learner came: it counts as met and is not judged again.
IMPORTED = "imported"
# In the order in which people read them.
STATES = (
    TO_DO,
    ClaimStatus.NOT_YET.value,
    ClaimStatus.CLAIMED.value,
    ClaimStatus.SUBMITTED.value,
    IMPORTED,
    ClaimStatus.MET.value,
)
# What settles a criterion whatever else was claimed for it, strongest first.
_SETTLED_BY = (ClaimStatus.MET, ClaimStatus.SUBMITTED)

Mark = tuple[str, str, str | None]


def counts_as_met(criterion: OuterRef, enrolment: OuterRef | int) -> Q:
    """The condition that a criterion is met in a unit: by a claim here, or by import."""
    claimed = Claim.objects.filter(criterion=criterion, enrolment=enrolment, status=ClaimStatus.MET)
    imported = ImportedDecision.objects.in_force().filter(criterion=criterion, enrolment=enrolment)
    return Q(Exists(claimed) | Exists(imported))


def state_of(claims: Sequence[Claim], imported: bool = False) -> str:
    """Met if any claim was; else imported; else with the assessor if any is; else as the newest
    claim stands, so that trying again counts for more than an earlier "not yet"."""
    statuses = {each.status for each in claims}
    if imported and ClaimStatus.MET not in statuses:
        return IMPORTED
    if not claims:
        return TO_DO
    for status in _SETTLED_BY:
        if status in statuses:
            return status.value
    return max(claims, key=lambda each: each.pk).status


@dataclass(frozen=True)
class CriterionProgress:
    criterion: Criterion
    claims: list[Claim] = field(default_factory=list)
    imported: ImportedDecision | None = None

    @property
    def state(self) -> str:
        return state_of(self.claims, self.imported is not None)


@dataclass(frozen=True)
class UnitProgress:
    enrolment: Enrolment
    criteria: list[CriterionProgress]

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.state for each in self.criteria)

    @property
    def to_do(self) -> int:
        return self.counts[TO_DO]

    @property
    def met(self) -> int:
        """How many count as met, those that were imported among them."""
        return self.counts[ClaimStatus.MET] + self.counts[IMPORTED]

    @property
    def is_all_met(self) -> bool:
        return bool(self.criteria) and self.met == len(self.criteria)

    def in_state(self, state: str) -> list[CriterionProgress]:
        """The criteria in that state; all of them when it is empty."""
        return [each for each in self.criteria if state in ("", each.state)]

    def marks(self, link: Callable[[str], str | None] = lambda _code: None) -> list[Mark]:
        """For the row of small marks; `link` says where a criterion's mark leads."""
        return [
            (each.criterion.code, each.state, link(each.criterion.code)) for each in self.criteria
        ]


def progress_of(enrolments: Sequence[Enrolment], *, seen_by: User) -> list[UnitProgress]:
    """The progress of units that were already found to be visible to the person."""
    criteria = _criteria_by_edition(enrolments)
    claims = _claims_by_place(enrolments, seen_by)
    imported = _imported_by_place(enrolments)
    return [
        UnitProgress(
            enrolment,
            [
                CriterionProgress(
                    each,
                    claims.get((enrolment.pk, each.pk), []),
                    imported.get((enrolment.pk, each.pk)),
                )
                for each in criteria.get(enrolment.edition_id, [])
            ],
        )
        for enrolment in enrolments
    ]


def _criteria_by_edition(enrolments: Iterable[Enrolment]) -> dict[int, list[Criterion]]:
    rows = Criterion.objects.filter(edition__in={each.edition_id for each in enrolments})
    ordered = rows.order_by("edition", "order")
    return {key: list(group) for key, group in groupby(ordered, lambda each: each.edition_id)}


def _imported_by_place(
    enrolments: Sequence[Enrolment],
) -> dict[tuple[int, int], ImportedDecision]:
    rows = ImportedDecision.objects.in_force().filter(enrolment__in=enrolments)
    return {
        (each.enrolment_id, each.criterion_id): each for each in rows.select_related("imported_by")
    }


def _claims_by_place(
    enrolments: Sequence[Enrolment], user: User
) -> dict[tuple[int, int], list[Claim]]:
    """Claims by enrolment and criterion, without the long texts of their evidence."""
    rows = (
        Claim.objects.on(enrolments, user)
        .select_related("version__evidence")
        .defer("version__account", "version__account_html", "version__declaration_text")
        .order_by("version__evidence__number", "version__number")
    )
    found: dict[tuple[int, int], list[Claim]] = {}
    for each in rows:
        found.setdefault((each.enrolment_id, each.criterion_id), []).append(each)
    return found
