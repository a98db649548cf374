"""Two people, or two tabs, at the same moment. On PostgreSQL they really race; SQLite lets one
writer in at a time, so there the second simply comes later, with rows as they were before."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions import accept_invitation, invite, revoke_role
from accounts.models import Membership, Role, User
from files.actions import receive
from files.models import Upload
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.learners_csv import read
from portfolio.models import Claim, Enrolment, EvidenceVersion, LearnerList, Portfolio
from portfolio.workflow import VersionStatus
from standards import actions as standards
from standards.models import Draft, Edition
from tests.factories import (
    PASSWORD,
    Cast,
    make_cast,
    make_edition,
    make_enrolment,
    make_portfolio,
    make_version,
    uploaded,
)
from tests.races import at_once, stale

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def portfolio(cast: Cast) -> Portfolio:
    return make_portfolio(cast.centre, cast.learner)


def refused(results: list[Any]) -> int:
    kinds = (TransitionRefused, ValidationError, PermissionDenied)
    assert not [each for each in results if isinstance(each, Exception) and type(each) not in kinds]
    return sum(isinstance(each, kinds) for each in results)


def evidence(portfolio: Portfolio, **changed: Any) -> EvidenceVersion:
    said = {
        "title": "A call",
        "method": "account",
        "gathered_on": date(2026, 10, 1),
        "account": "I rang.",
        "uploads": [],
    }
    return actions.create_evidence(portfolio=portfolio, **(said | changed), by=portfolio.learner)


def test_two_items_get_two_numbers(portfolio: Portfolio) -> None:
    first, second = stale(portfolio), stale(portfolio)
    made = at_once(lambda: evidence(first), lambda: evidence(second))
    assert sorted(each.evidence.number for each in made) == [1, 2]
    assert not list(faults())


def test_one_upload_goes_into_one_item(cast: Cast, portfolio: Portfolio) -> None:
    upload = receive(file=uploaded(), centre=cast.centre, by=cast.learner)
    copies = [stale(upload), stale(upload)]
    done = at_once(*(lambda each=each: evidence(portfolio, uploads=[each]) for each in copies))
    assert refused(done) == 1
    assert EvidenceVersion.objects.count() == 1
    assert not Upload.objects.exists()


def test_one_new_version(portfolio: Portfolio) -> None:
    item = make_version(portfolio, status=VersionStatus.RETURNED).evidence
    again = lambda: actions.new_version(evidence=stale(item), by=portfolio.learner)  # noqa: E731
    assert refused(at_once(again, again)) == 1
    assert item.versions.filter(status=VersionStatus.DRAFT).count() == 1


def test_claims_of_two_tabs_are_those_of_one(portfolio: Portfolio) -> None:
    unit = make_enrolment(portfolio, make_edition())
    version = make_version(portfolio)
    first, second, third = unit.edition.criteria.values_list("pk", flat=True)

    def claim(*pks: int) -> Any:
        places = dict.fromkeys(pks, "page 1")
        return lambda: actions.claim(version=stale(version), places=places, by=portfolio.learner)

    assert not refused(at_once(claim(first, second), claim(second, third)))
    left = set(Claim.objects.values_list("criterion", flat=True))
    assert left in ({first, second}, {second, third})


def test_a_list_of_learners_is_saved_once(cast: Cast) -> None:
    edition = make_edition(urn="ABC1", centre=cast.centre)
    table = read("name,email,unit\nAnn Bee,ann@example.org,ABC1\n")
    kept = actions.keep_learner_list(
        centre=cast.centre, table=table, source_name="a.csv", by=cast.admin
    )
    lists = [LearnerList.objects.select_related("centre").get(pk=kept.pk) for _ in "ab"]
    done = at_once(
        *(
            lambda each=each: actions.save_learner_list(learner_list=each, by=cast.admin)
            for each in lists
        )
    )
    assert refused(done) == 1
    assert Enrolment.objects.filter(edition=edition).count() == 1
    assert not list(faults())


def test_a_learner_is_enrolled_once(cast: Cast) -> None:
    edition = make_edition()

    def enrol() -> Enrolment:
        return actions.enrol(
            centre=cast.centre,
            learner=cast.learner,
            edition=edition,
            started_on=date(2026, 9, 1),
            by=cast.admin,
        )

    assert refused(at_once(enrol, enrol)) == 1
    assert Portfolio.objects.count() == Enrolment.objects.count() == 1


def test_an_invitation_is_accepted_once(cast: Cast) -> None:
    invitation, token = invite(
        centre=cast.centre, email="new@example.org", name="New", role=Role.LEARNER, by=cast.admin
    )
    passwords = ("the-first-password-1", "the-second-password-2")
    done = at_once(
        *(lambda each=each: accept_invitation(token=token, password=each) for each in passwords)
    )
    assert refused(done) == 1
    (accepted,) = [each for each in done if isinstance(each, User)]
    won = passwords[done.index(accepted)]
    assert stale(invitation.user).check_password(won)
    assert Entry.objects.filter(verb="invitation_accepted").count() == 1


def test_two_admins_who_remove_each_other_leave_one(cast: Cast) -> None:
    for person in (cast.admin, cast.iqa):
        person.set_password(PASSWORD)
        person.save()
    second = Membership.objects.create(centre=cast.centre, user=cast.iqa, role=Role.ADMIN)
    first = Membership.objects.get(centre=cast.centre, user=cast.admin)
    one, other = stale(cast.admin), stale(cast.iqa)
    # Both have been let in before either acted.
    assert one.roles_by_centre
    assert other.roles_by_centre
    done = at_once(
        lambda: revoke_role(membership=stale(second), by=one),
        lambda: revoke_role(membership=stale(first), by=other),
    )
    assert refused(done) == 1
    assert Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).count() == 1


def test_a_draft_is_published_once(cast: Cast) -> None:
    text = (
        "Serve tea\n\nURN: TEA1\n\nPerformance criteria\nYou must be able to:\n"
        "1. boil fresh water\n2. warm the pot\n"
    )
    (draft,) = standards.read_draft(
        centre=cast.centre, text=text, source_name="tea.txt", by=cast.admin
    )
    copies = [Draft.objects.select_related("centre").get(pk=draft.pk) for _ in "ab"]
    done = at_once(
        *(lambda each=each: standards.publish(draft=each, by=cast.admin) for each in copies)
    )
    assert refused(done) == 1
    assert Edition.objects.count() == 1
    assert not list(faults())
