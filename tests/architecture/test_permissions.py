"""Truth tables of what goes by role alone; and that no permission is without its table."""

import re
from pathlib import Path

import pytest

from accounts.models import User
from assessments.overview.permissions import can_see_caseload, can_see_plans
from files.permissions import can_upload
from portfolio.models import Evidence, Interest, Redaction, TemplateText
from portfolio.permissions import (
    can_be_witness,
    can_end_template,
    can_open_original,
    can_see_experts,
    can_see_likenesses,
    can_see_originals,
)
from reports.models import Bulk
from reports.permissions import can_export_from, can_handle, can_show_hidden_in
from reports.proof.permissions import can_take_proof
from tests.factories import Cast, make_cast, make_edition, make_enrolment, make_portfolio

ROOT = Path(__file__).resolve().parents[2]
ASSESSORS = {"assessor", "other_assessor", "trainee"}
EVERYBODY = ASSESSORS | {"learner", "second_learner", "iqa", "admin", "data_lead"}

OF_THE_CENTRE = {
    can_upload: EVERYBODY,
    can_see_caseload: ASSESSORS,
    can_see_plans: ASSESSORS | {"iqa", "admin"},
    can_see_experts: ASSESSORS | {"iqa", "admin"},
    can_see_likenesses: ASSESSORS | {"iqa"},
    can_see_originals: {"data_lead"},
    can_show_hidden_in: {"data_lead"},
    can_export_from: {"admin", "data_lead"},
    can_take_proof: {"iqa", "admin"},
}


def who_may(check, cast: Cast, thing) -> set[str]:
    """Asked as a fresh request would."""
    people = cast.people().items()
    return {part for part, user in people if check(User.objects.get(pk=user.pk), thing)}


@pytest.mark.parametrize("check", OF_THE_CENTRE, ids=lambda check: check.__name__)
def test_of_the_centre(check, cast: Cast) -> None:
    assert who_may(check, cast, cast.centre) == OF_THE_CENTRE[check]
    assert who_may(check, make_cast("Southgate College"), cast.centre) == set()


def test_of_a_thing(cast: Cast) -> None:
    strangers = make_cast("Southgate College")
    her_work = make_portfolio(cast.centre, cast.learner)
    the_data_leads_work = make_portfolio(cast.centre, cast.data_lead)
    a_relatives_work = make_portfolio(cast.centre, cast.second_learner)
    Interest.objects.create(
        portfolio=a_relatives_work,
        person=cast.data_lead,
        declared_by=cast.admin,
        kind=Interest.Kind.RELATIVE,
    )
    for check, thing, expected in (
        (can_end_template, TemplateText(centre=cast.centre), {"assessor", "other_assessor", "iqa"}),
        (can_handle, Bulk(centre=cast.centre), {"admin", "data_lead"}),
        (can_open_original, Redaction(evidence=Evidence(portfolio=her_work)), {"data_lead"}),
        (can_open_original, Redaction(evidence=Evidence(portfolio=the_data_leads_work)), set()),
        (can_open_original, Redaction(evidence=Evidence(portfolio=a_relatives_work)), set()),
    ):
        assert who_may(check, cast, thing) == expected, check.__name__
        assert who_may(check, strangers, thing) == set(), check.__name__


def test_a_witness_is_neither_the_learner_nor_who_assesses(cast: Cast) -> None:
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, make_edition(), cast.assessor)
    assert who_may(can_be_witness, cast, enrolment) == EVERYBODY - {"learner", "assessor"}
    strangers = make_cast("Southgate College")
    assert who_may(can_be_witness, strangers, enrolment) == EVERYBODY


def test_every_permission_is_named_in_a_test() -> None:
    said = re.compile(r"^def (can_\w+)\(", re.MULTILINE)
    rooms = ("accounts", "files", "standards", "portfolio", "assessments", "reports")
    sources = (each.read_text() for room in rooms for each in (ROOT / room).rglob("*.py"))
    permissions = {name for source in sources for name in said.findall(source)}
    tests = " ".join(each.read_text() for each in (ROOT / "tests").rglob("*.py"))
    named = set(re.findall(r"\bcan_\w+\b", tests))
    assert permissions
    assert permissions - named == set()
