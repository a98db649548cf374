"""A unit's rules: who sets them, which sentence each unmet one makes, and that sign-off refuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments import actions
from assessments.models import MarkingPointCredit, MethodRule, SignOff, UnitRules
from assessments.permissions import can_edit_rules, can_see_rules
from assessments.requirements import imports_to_credit, missing_for_sign_off, ready_for_sign_off
from assessments.unit_rules import unmet_rules
from ledger.models import Entry
from portfolio.actions import import_decisions, take_back_import
from portfolio.models import Claim, Enrolment
from tests.factories import (
    PASSWORD,
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
)


def rule(unit: Any, kind: str, codes: str, *methods: str) -> UnitRules:
    criteria = list(unit.enrolment.edition.criteria.filter(code__in=codes.split()))
    return actions.add_method_rules(
        centre=unit.cast.centre,
        edition=unit.enrolment.edition,
        criteria=criteria,
        kind=kind,
        methods=methods,
        by=unit.cast.admin,
    )


def whole(unit: Any, **rules: Any) -> UnitRules:
    said = {"minimum_pieces": 0, "needs_direct": False, "piece_per_point": True, **rules}
    return actions.save_unit_rules(
        centre=unit.cast.centre, edition=unit.enrolment.edition, by=unit.cast.admin, **said
    )


def met(unit: Any, codes: str, method: str = "account") -> None:
    """Evidence by that method, found to meet these."""
    version = make_version(unit.portfolio, method=method)
    for claim in make_claims(version, unit.enrolment, *codes.split()):
        Claim.objects.filter(pk=claim.pk).update(status="met")


def imported(unit: Any, codes: str, **other: Any) -> list[Any]:
    said = {
        "decided_at_centre": "Westside Centre",
        "decided_by_name": "Uma Grant",
        "decided_on": date(2026, 3, 3),
        "seen": "The signed unit record.",
        "by": unit.cast.assessor,
    }
    criteria = list(unit.enrolment.edition.criteria.filter(code__in=codes.split()))
    return import_decisions(enrolment=unit.enrolment, criteria=criteria, **{**said, **other})


def unmet(unit: Any) -> list[str]:
    return unmet_rules([unit.enrolment])[unit.enrolment.pk]


# Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "sees", "edits"),
    [
        ("learner", False, False),
        ("second_learner", False, False),
        ("assessor", True, False),
        ("other_assessor", True, False),
        ("trainee", True, False),
        ("iqa", True, False),
        ("admin", True, True),
        ("data_lead", False, False),
    ],
)
def test_who_may_see_and_set_rules(unit, outsiders: Cast, who, sees, edits) -> None:
    person, stranger = unit.cast.people()[who], outsiders.people()[who]
    assert can_see_rules(person, unit.cast.centre) is sees
    assert can_edit_rules(person, unit.cast.centre, unit.enrolment.edition) is edits
    assert not can_see_rules(stranger, unit.cast.centre)
    assert not can_edit_rules(stranger, unit.cast.centre, unit.enrolment.edition)


def test_the_verbs_ask(unit) -> None:
    rules = rule(unit, "required", "P1", "observation")
    place = {
        "centre": unit.cast.centre,
        "edition": unit.enrolment.edition,
        "by": unit.cast.assessor,
    }
    with pytest.raises(PermissionDenied):
        actions.save_unit_rules(minimum_pieces=1, needs_direct=True, piece_per_point=True, **place)
    with pytest.raises(PermissionDenied):
        actions.add_method_rules(
            criteria=list(unit.enrolment.edition.criteria.all()),
            kind="required",
            methods=["account"],
            **place,
        )
    with pytest.raises(PermissionDenied):
        actions.remove_method_rules(
            rules=rules, criterion=rules.methods.get().criterion, by=unit.cast.iqa
        )


# Which sentence -----------------------------------------------------------------------------

P1 = "P1 needs evidence by observation."
BOTH = "P1 and P2 need evidence by observation."
ONLY = "P1 needs evidence by observation or work product."


@pytest.mark.parametrize(
    ("rules", "shown", "said"),
    [
        ([], [], []),
        ([("required", "P1", "observation")], [], [P1]),
        ([("required", "P1", "observation")], [("P1", "account")], [P1]),
        ([("required", "P1", "observation")], [("P1", "observation")], []),
        ([("required", "P1", "observation")], [("P2", "observation")], [P1]),
        ([("required", "P1", "observation")], [("P1", "account"), ("P1", "observation")], []),
        ([("required", "P1 P2", "observation")], [], [BOTH]),
        ([("required", "P1 P2", "observation")], [("P2", "observation")], [P1]),
        (
            [("required", "P1", "observation", "discussion")],
            [("P1", "observation")],
            ["P1 needs evidence by professional discussion."],
        ),
        ([("allowed", "P1", "observation", "work_product")], [("P1", "account")], [ONLY]),
        ([("allowed", "P1", "observation", "work_product")], [("P1", "work_product")], []),
        (
            [("required", "P1", "observation"), ("allowed", "P1", "work_product")],
            [("P1", "work_product")],
            [P1],
        ),
        (
            [("required", "P1", "observation"), ("allowed", "P1", "work_product")],
            [("P1", "observation")],
            [],
        ),
    ],
)
def test_methods(unit, rules, shown, said) -> None:
    for kind, codes, *methods in rules:
        rule(unit, kind, codes, *methods)
    for codes, method in shown:
        met(unit, codes, method)
    assert unmet(unit) == said


def test_pieces_are_counted_each_once(unit) -> None:
    whole(unit, minimum_pieces=2)
    assert unmet(unit) == ["At least 2 pieces of evidence are needed. So far: 0."]
    met(unit, "P1 P2")
    assert unmet(unit) == ["At least 2 pieces of evidence are needed. So far: 1."]
    met(unit, "P1")
    assert unmet(unit) == []


@pytest.mark.parametrize(
    ("method", "is_direct"),
    [
        ("observation", True),
        ("work_product", True),
        ("questioning", True),
        ("account", False),
        ("witness", False),
        ("prior_learning", False),
    ],
)
def test_a_direct_method(unit, method: str, is_direct: bool) -> None:
    whole(unit, needs_direct=True)
    met(unit, "P1", method)
    sentence = (
        "At least one piece has to show competence directly, by observation, work product or "
        "questions and answers."
    )
    assert unmet(unit) == ([] if is_direct else [sentence])


def test_of_imported_criteria_nothing_is_asked(unit) -> None:
    rule(unit, "required", "P1 P2", "observation")
    whole(unit, minimum_pieces=1, needs_direct=True)
    imported(unit, "P1")
    assert unmet(unit)[0] == "P2 needs evidence by observation."
    assert len(unmet(unit)) == 3
    (back, *_others) = imported(unit, "P2 K1")
    assert unmet(unit) == []
    take_back_import(imported=back, reason="A mistake.", by=unit.cast.admin)
    assert len(unmet(unit)) == 3


def test_another_centres_and_another_editions_rules_ask_nothing(unit, outsiders) -> None:
    said = {"minimum_pieces": 5, "needs_direct": True, "piece_per_point": True}
    actions.save_unit_rules(
        centre=outsiders.centre, edition=unit.enrolment.edition, by=outsiders.admin, **said
    )
    actions.save_unit_rules(
        centre=unit.cast.centre, edition=make_edition(), by=unit.cast.admin, **said
    )
    assert unmet(unit) == []


def test_many_units_take_no_more_queries_than_one(unit) -> None:
    rule(unit, "required", "P1", "observation")
    other = make_portfolio(unit.cast.centre, unit.cast.second_learner)
    second = make_enrolment(other, unit.enrolment.edition)
    third = make_enrolment(other, make_edition())

    def count(*units: Enrolment) -> int:
        rows = list(
            Enrolment.objects.filter(pk__in=[u.pk for u in units]).select_related("portfolio")
        )
        with CaptureQueriesContext(connection) as queries:
            unmet_rules(rows)
        return len(queries)

    assert count(unit.enrolment) == count(unit.enrolment, second, third) == 5
    assert unmet_rules([second, third]) == {second.pk: [P1], third.pk: []}


# Setting them -------------------------------------------------------------------------------


def test_the_newest_rule_on_a_method_counts_and_the_ledger_has_all_of_it(unit) -> None:
    rule(unit, "required", "P1", "observation")
    rule(unit, "allowed", "P1", "observation", "account")
    assert set(MethodRule.objects.values_list("kind", "method")) == {
        ("allowed", "observation"),
        ("allowed", "account"),
    }
    entry = Entry.objects.filter(verb="unit_rules_set").latest("sequence")
    assert entry.stream.name == f"centre:{unit.cast.centre.pk}"
    assert len(entry.facts["methods"]) == 2
    rules = UnitRules.objects.get()
    actions.remove_method_rules(
        rules=rules, criterion=rules.methods.first().criterion, by=unit.cast.admin
    )
    assert not MethodRule.objects.exists()


def test_what_makes_no_rule_is_refused(unit) -> None:
    with pytest.raises(ValidationError, match="at least one criterion"):
        rule(unit, "required", "P9", "observation")
    with pytest.raises(ValidationError, match="one method"):
        rule(unit, "required", "P1")
    with pytest.raises(ValidationError, match="0 to 99"):
        whole(unit, minimum_pieces=100)
    with pytest.raises(ValidationError, match="not one of this unit"):
        actions.add_method_rules(
            centre=unit.cast.centre,
            edition=unit.enrolment.edition,
            criteria=[make_edition().criteria.first()],
            kind="required",
            methods=["observation"],
            by=unit.cast.admin,
        )
    assert not UnitRules.objects.exists()


# Sign-off -----------------------------------------------------------------------------------


def test_sign_off_refuses_with_the_sentence_and_then_signs(unit) -> None:
    version = unit.accepted().version
    rule(unit, "required", "P1", "observation")
    with pytest.raises(ValidationError, match="P1 needs evidence by observation"):
        sign(unit, unit.credits(version))
    assert not SignOff.objects.exists()
    met(unit, "P1", "observation")
    signed = sign(unit, unit.credits(version))
    facts = Entry.objects.get(verb="unit_signed_off").facts
    assert facts["rules"]["methods"][0]["method"] == "observation"
    assert signed.is_complete


def sign(unit: Any, credits: Any, **more: Any) -> SignOff:
    return actions.sign_off(
        enrolment=unit.enrolment,
        credits=credits,
        personal_data_checked=True,
        by=unit.cast.assessor,
        **more,
    )


def test_points_need_evidence_unless_the_centre_says_otherwise(unit) -> None:
    unit.accepted()
    with pytest.raises(ValidationError, match="marking point 1"):
        sign(unit, {})
    whole(unit, piece_per_point=False)
    assert sign(unit, {}).credits.count() == 0


def test_an_imported_unit_is_signed_off_and_its_points_earned_by_import(unit) -> None:
    rows = imported(unit, "P1 P2 K1")
    assert missing_for_sign_off(unit.enrolment) == []
    assert list(ready_for_sign_off(unit.cast.assessor)) == [unit.enrolment]
    (source,) = imports_to_credit(unit.enrolment)
    assert source.words == "P1, P2, K1, decided at Westside Centre by Uma Grant, 3 March 2026"
    points = [point.pk for point in unit.guide.marking_points.all()]
    with pytest.raises(ValidationError, match="does not stand"):
        sign(unit, {}, imported={points[0]: [source.pk], points[1]: [987654]})
    signed = sign(unit, {}, imported={pk: [source.pk, source.pk] for pk in points})
    assert [each.imported_from for each in signed.credits.all()] == [source.words] * 2
    facts = Entry.objects.get(verb="unit_signed_off").facts
    assert facts["imported"] == [row.pk for row in rows]
    assert facts["credits"][0]["imported"] == [source.pk]
    assert "Uma Grant" not in str(facts)


def test_one_unmet_criterion_keeps_it_off_the_list(unit) -> None:
    rows = imported(unit, "P1 P2 K1")
    take_back_import(imported=rows[0], reason="A mistake.", by=unit.cast.admin)
    assert missing_for_sign_off(unit.enrolment) == ["P1 is not met yet."]
    assert not ready_for_sign_off(unit.cast.assessor).exists()


# The pages ----------------------------------------------------------------------------------


@pytest.fixture
def admins(unit, signed_in: Callable[..., Client]) -> Client:
    return signed_in(unit.cast.admin)


def test_an_admin_sets_rules_and_an_assessor_reads_them(unit, admins, theirs, url_of) -> None:
    edition = unit.enrolment.edition
    page = url_of("unit_rules", pk=edition.pk)
    answer = admins.post(page, {"minimum_pieces": "2", "needs_direct": "on"}, follow=True)
    assert "They hold from now on" in answer.content.decode()
    saved = UnitRules.objects.get()
    assert (saved.minimum_pieces, saved.needs_direct, saved.piece_per_point) == (2, True, False)
    picked = [each.pk for each in edition.criteria.filter(code__in=["P1", "K1"])]
    add = url_of("unit_rules_add", pk=edition.pk)
    said = {"kind": "required", "methods": ["observation"], "criteria": picked}
    assert "Observation" in admins.post(add, said, follow=True).content.decode()
    read = theirs.get(page).content.decode()
    assert "Observation" in read
    assert "<form" not in read.split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("data", [{}, {"minimum_pieces": "-1"}, {"minimum_pieces": "many"}])
def test_a_bad_number_is_422(unit, admins, url_of, data) -> None:
    page = url_of("unit_rules", pk=unit.enrolment.edition_id)
    answer = admins.post(page, data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_an_edition_that_is_not_published_here_is_404(unit, outsiders, admins, url_of) -> None:
    theirs = make_edition(centre=outsiders.centre)
    assert admins.get(url_of("unit_rules", pk=theirs.pk)).status_code == 404


def test_the_sign_off_page_says_which_rule_is_unmet(unit, theirs, url_of) -> None:
    unit.accepted()
    rule(unit, "required", "P1", "observation")
    page = theirs.get(url_of("sign_off", pk=unit.enrolment.pk)).content.decode()
    assert P1 in page
    assert 'name="password"' not in page


def test_an_imported_decision_earns_a_point_on_the_page(unit, url_of, signed_in) -> None:
    rows = imported(unit, "P1 P2 K1")
    unit.cast.assessor.set_password(PASSWORD)
    unit.cast.assessor.save()
    browser = signed_in(unit.cast.assessor)
    page = url_of("sign_off", pk=unit.enrolment.pk)
    shown = browser.get(page).content.decode()
    assert "Imported, not judged again" in shown
    assert f'value="-{rows[0].pk}"' in shown
    points = {f"point-{p.pk}": [-rows[0].pk] for p in unit.guide.marking_points.all()}
    said = {"personal_data_checked": "on", "declared": "on", "password": PASSWORD, **points}
    answer = browser.post(page, said, follow=True)
    assert answer.status_code == 200
    assert "decided at Westside Centre" in answer.content.decode()
    assert MarkingPointCredit.objects.filter(version=None).count() == 2


def test_the_rules_page_takes_a_fixed_number_of_queries(unit, admins, url_of) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = url_of("unit_rules", pk=unit.enrolment.edition_id)
            assert admins.get(page).status_code == 200
        return len(queries)

    rule(unit, "required", "P1", "observation")
    few = count()
    rule(unit, "allowed", "P1 P2 K1", "account", "witness", "discussion")
    assert count() == few <= 12
