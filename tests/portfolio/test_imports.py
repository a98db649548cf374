"""Decisions taken elsewhere: counted, shown as such, never judged again, taken back in sight."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ledger.models import Entry, Sealed
from ledger.transitions import TransitionRefused
from portfolio.actions import import_decisions, take_back_import
from portfolio.enrolments import with_progress
from portfolio.models import Claim, Enrolment, ImportedDecision
from portfolio.permissions import can_import_decisions
from portfolio.progress import progress_of
from tests.factories import Cast, make_edition, make_member

SAID = {
    "decided_at_centre": "Westside Centre",
    "decided_by_name": "Uma Grant",
    "decided_on": datetime.date(2026, 3, 3),
    "seen": "The signed unit record.",
}


@pytest.fixture
def imported(cast: Cast, enrolment: Enrolment) -> Callable[..., list[ImportedDecision]]:
    def bring(*codes: str, **other: Any) -> list[ImportedDecision]:
        criteria = list(enrolment.edition.criteria.filter(code__in=codes))
        said = {**SAID, "by": cast.assessor, **other}
        return import_decisions(enrolment=enrolment, criteria=criteria, **said)

    return bring


def states(enrolment: Enrolment, cast: Cast) -> list[str]:
    (progress,) = progress_of([enrolment], seen_by=cast.learner)
    return [each.state for each in progress.criteria]


# Who may ------------------------------------------------------------------------------------

ALLOWED = {"assessor", "admin"}


@pytest.mark.parametrize(
    "who",
    [
        "learner",
        "second_learner",
        "assessor",
        "other_assessor",
        "trainee",
        "iqa",
        "admin",
        "data_lead",
    ],
)
def test_who_may_import(cast: Cast, enrolment: Enrolment, imported, who: str) -> None:
    enrolment.allocations.create(assessor=cast.trainee)  # a trainee assesses, but is not qualified
    person = cast.people()[who]
    assert can_import_decisions(person, enrolment) is (who in ALLOWED)
    if who in ALLOWED:
        assert imported("P1", by=person)
    else:
        with pytest.raises(PermissionDenied):
            imported("P1", by=person)


def test_nobody_imports_for_themselves(cast: Cast, enrolment: Enrolment) -> None:
    cast.learner.memberships.create(centre=cast.centre, role="admin")
    cast.learner.memberships.create(centre=cast.centre, role="assessor")
    enrolment.allocations.create(assessor=cast.learner)
    again = type(cast.learner).objects.get(pk=cast.learner.pk)
    assert not can_import_decisions(again, enrolment)


def test_another_centre_has_no_say(outsiders: Cast, enrolment: Enrolment) -> None:
    assert not any(can_import_decisions(each, enrolment) for each in outsiders.people().values())


# What it does -------------------------------------------------------------------------------


def test_it_counts_as_met_and_is_shown_as_imported(cast, enrolment, imported) -> None:
    imported("P1", "K1")
    assert states(enrolment, cast) == ["imported", "to_do", "imported"]
    (progress,) = progress_of([enrolment], seen_by=cast.learner)
    assert (progress.met, progress.is_all_met) == (2, False)
    imported("P2")
    (progress,) = progress_of([enrolment], seen_by=cast.learner)
    assert progress.is_all_met
    assert with_progress(Enrolment.objects.all()).get().met == 3


def test_what_is_met_here_is_not_imported_and_counts_once(
    cast, enrolment, sent_back, imported
) -> None:
    with pytest.raises(ValidationError, match="P1: met here already"):
        imported("P1", "P2")
    imported("P2")
    assert states(enrolment, cast)[:2] == ["met", "imported"]
    assert with_progress(Enrolment.objects.all()).get().met == 2
    Claim.objects.filter(criterion__code="P2").update(status="met")
    assert states(enrolment, cast)[1] == "met"
    assert with_progress(Enrolment.objects.all()).get().met == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seen": "  "}, "what you saw"),
        ({"decided_by_name": ""}, "by whom"),
        ({"decided_on": timezone.localdate() + datetime.timedelta(days=2)}, "not come yet"),
    ],
)
def test_half_of_it_is_refused(imported, change, sentence) -> None:
    with pytest.raises(ValidationError, match=sentence):
        imported("P1", **change)
    assert not ImportedDecision.objects.exists()
    assert not Entry.objects.filter(verb="decisions_imported").exists()


def test_no_criterion_or_another_units(cast, enrolment, imported) -> None:
    with pytest.raises(ValidationError, match="at least one"):
        imported()
    from_elsewhere = make_edition().criteria.first()
    with pytest.raises(ValidationError, match="not one of this unit"):
        import_decisions(enrolment=enrolment, criteria=[from_elsewhere], by=cast.admin, **SAID)


def test_twice_is_refused_and_nothing_is_half_saved(imported) -> None:
    imported("P1")
    with pytest.raises(ValidationError, match="just imported"):
        imported("P1", "P2")
    assert ImportedDecision.objects.count() == 1


def test_the_ledger_says_what_and_seals_who(cast, enrolment, imported) -> None:
    (row,) = imported("P1")
    entry = Entry.objects.get(verb="decisions_imported")
    assert entry.actor == cast.assessor
    assert entry.facts["criteria"] == [
        {"imported": row.pk, "criterion": row.criterion_id, "code": "P1"}
    ]
    assert "Uma Grant" not in str(entry.facts)
    assert Sealed.objects.get(entry=entry, name="decided_by_name").text == "Uma Grant"


def test_a_closed_unit_refuses(enrolment, imported) -> None:
    (row,) = imported("P1")
    Enrolment.objects.filter(pk=enrolment.pk).update(status="signed_off")
    with pytest.raises(TransitionRefused):
        imported("P2")
    with pytest.raises(TransitionRefused):
        take_back_import(imported=row, reason="A mistake.", by=row.imported_by)


def test_taking_back_takes_a_reason_and_stays_in_sight(cast, enrolment, imported) -> None:
    (row,) = imported("P1")
    with pytest.raises(ValidationError, match="Say why"):
        take_back_import(imported=row, reason=" ", by=cast.admin)
    with pytest.raises(PermissionDenied):
        take_back_import(imported=row, reason="No.", by=cast.iqa)
    take_back_import(imported=row, reason="The record was of another unit.", by=cast.admin)
    assert states(enrolment, cast)[0] == "to_do"
    assert ImportedDecision.objects.get().taken_back_reason == "The record was of another unit."
    entry = Entry.objects.get(verb="import_taken_back")
    assert (entry.facts["code"], entry.actor) == ("P1", cast.admin)
    with pytest.raises(TransitionRefused, match="Ed Walsh already took this back"):
        take_back_import(imported=row, reason="Again.", by=cast.assessor)
    assert imported("P1")  # and it may come in again, as a new row
    assert ImportedDecision.objects.count() == 2


@pytest.mark.parametrize("change", [{"seen": "Nothing"}, {"decided_by_name": "Me"}])
def test_the_database_keeps_it_as_it_was(imported, change) -> None:
    (row,) = imported("P1")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedDecision.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedDecision.objects.filter(pk=row.pk)._raw_delete("default")
    take_back_import(imported=row, reason="Wrong.", by=row.imported_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedDecision.objects.filter(pk=row.pk).update(taken_back_at=None)


# The pages ----------------------------------------------------------------------------------


@pytest.fixture
def theirs(cast: Cast, signed_in: Callable[..., Client]) -> Client:
    return signed_in(cast.assessor)


def filled(enrolment: Enrolment, *codes: str) -> dict[str, Any]:
    picked = enrolment.edition.criteria.filter(code__in=codes)
    return {**SAID, "decided_on": "2026-03-03", "criteria": [each.pk for each in picked]}


def test_the_grid_is_ticked_and_the_unit_page_says_imported(enrolment, theirs, her, url_of) -> None:
    page = url_of("imports", pk=enrolment.pk)
    assert 'name="criteria"' in theirs.get(page).content.decode()
    answer = theirs.post(page, filled(enrolment, "P1", "P2"), follow=True)
    assert "2 criteria count as met" in answer.content.decode()
    unit = her.get(url_of("unit", pk=enrolment.pk)).content.decode()
    assert "Imported, not judged again" in unit
    assert "2 of 3 met (2 of them imported), 1 to do" in unit
    assert "Westside Centre" in unit
    assert 'name="criteria"' not in her.get(page).content.decode()


def test_an_empty_form_keeps_what_was_ticked(enrolment, theirs, url_of) -> None:
    page = url_of("imports", pk=enrolment.pk)
    answer = theirs.post(page, {**filled(enrolment, "P1"), "seen": ""})
    assert answer.status_code == 422
    assert "checked" in answer.content.decode()
    assert not ImportedDecision.objects.exists()


def test_what_was_imported_already_is_no_choice(enrolment, imported, theirs, url_of) -> None:
    imported("P1")
    answer = theirs.post(url_of("imports", pk=enrolment.pk), filled(enrolment, "P1"))
    assert answer.status_code == 422


def test_a_closed_unit_answers_409(enrolment, theirs, url_of) -> None:
    Enrolment.objects.filter(pk=enrolment.pk).update(status="withdrawn")
    page = url_of("imports", pk=enrolment.pk)
    assert theirs.post(page, filled(enrolment, "P1")).status_code == 409
    assert 'name="criteria"' not in theirs.get(page).content.decode()


def test_taking_back_on_its_page(enrolment, imported, theirs, url_of) -> None:
    (row,) = imported("P1")
    page = url_of("import_take_back", pk=row.pk)
    assert theirs.post(page, {"reason": ""}).status_code == 422
    answer = theirs.post(page, {"reason": "Another unit's record."}, follow=True)
    assert "Another unit&#x27;s record." in answer.content.decode()
    assert "took it back on" in answer.content.decode()
    assert theirs.get(page).status_code == 409


def test_another_centre_sees_none_of_it(outsiders, signed_in, enrolment, imported, url_of) -> None:
    (row,) = imported("P1")
    make_member(outsiders.centre, "admin")
    stranger = signed_in(outsiders.admin)
    assert stranger.get(url_of("imports", pk=enrolment.pk)).status_code == 404
    assert stranger.get(url_of("import_take_back", pk=row.pk)).status_code == 404


def test_the_page_takes_a_fixed_number_of_queries(enrolment, imported, theirs, url_of) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert theirs.get(url_of("imports", pk=enrolment.pk)).status_code == 200
        return len(queries)

    (row,) = imported("P1")
    few = count()
    take_back_import(imported=row, reason="Wrong.", by=row.imported_by)
    imported("P1", "P2", "K1")
    assert count() == few <= 14
