from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import Submission
from portfolio.actions import new_version
from tests.assessments.conftest import Unit, count_queries
from tests.factories import make_edition, make_enrolment, make_member, make_portfolio


def body(answer):
    return answer.content.decode()


@pytest.fixture
def waiting(unit):
    """Three items: the second is the oldest."""
    found = [unit.submitted("P1"), unit.submitted("P1", "P2"), unit.submitted("K1")]
    for submission, days in zip(found, [2, 5, 1], strict=True):
        Submission.objects.filter(pk=submission.pk).update(
            submitted_at=timezone.now() - timedelta(days=days)
        )
    return found


def another_learner(unit, name="Lena Frost"):
    learner = make_member(unit.cast.centre, "learner", name)
    enrolment = make_enrolment(
        make_portfolio(unit.cast.centre, learner), make_edition(), unit.cast.assessor
    )
    return Unit(replace(unit.cast, learner=learner), enrolment, unit.guide)


def test_the_queue_is_oldest_first_with_age_and_claims(theirs, url_of, waiting):
    page = theirs.get(url_of("queue"))
    assert [row.pk for row in page.context["page_obj"]] == [
        waiting[1].pk,
        waiting[0].pk,
        waiting[2].pk,
    ]
    assert [row.claim_count for row in page.context["page_obj"]] == [2, 1, 1]
    assert "5 days" in body(page)
    assert "Amira Khan" in body(page)


def test_a_resubmission_is_marked(unit, theirs, url_of):
    first = unit.submitted("P1")
    unit.judge(first, P1="Unclear")
    actions.return_(submission=first, feedback="Again.", by=unit.cast.assessor)
    assert "again: version" not in body(theirs.get(url_of("queue")))
    version = new_version(evidence=first.version.evidence, by=unit.cast.learner)
    actions.submit(version=version, declared=True, by=unit.cast.learner)
    assert "again: version 2" in body(theirs.get(url_of("queue")))


def test_the_queue_narrows_to_a_learner_and_a_unit(unit, theirs, url_of, waiting):
    other = another_learner(unit)
    theirs_now = other.submitted("P1")
    whole = theirs.get(url_of("queue"))
    assert len(whole.context["page_obj"].object_list) == 4
    for query in (
        {"learner": other.cast.learner.pk},
        {"unit": other.enrolment.edition_id},
        {"learner": other.cast.learner.pk, "unit": other.enrolment.edition_id},
    ):
        page = theirs.get(url_of("queue"), query)
        assert [row.pk for row in page.context["page_obj"]] == [theirs_now.pk]
        assert f"submissions/{theirs_now.pk}/?" in body(page)
    nothing = theirs.get(url_of("queue"), {"learner": unit.cast.learner.pk, "unit": 0})
    assert "Nothing waits here" in body(nothing)


@pytest.mark.parametrize("query", ["learner=x", "unit=-1", "learner=" + "9" * 40, "page=zero"])
def test_an_odd_address_is_no_error(theirs, url_of, waiting, query):
    assert theirs.get(url_of("queue") + "?" + query).status_code == 200


def test_an_empty_queue_says_so(cast, theirs, url_of):
    assert "Nothing waits for you" in body(theirs.get(url_of("queue")))


def test_the_queue_shows_units_to_sign_off_and_signatures_to_countersign(unit, theirs, url_of):
    unit.accepted()
    assert url_of("sign_off", pk=unit.enrolment.pk) in body(theirs.get(url_of("queue")))
    other = another_learner(unit)
    other.enrolment.allocations.create(assessor=unit.cast.trainee)
    other.guide.editions.clear()
    signed = other.signed(by=unit.cast.trainee)
    assert url_of("sign_off_detail", pk=signed.pk) in body(theirs.get(url_of("queue")))


def test_a_trainee_is_not_asked_to_countersign(unit, signed_in, url_of):
    signed = unit.signed(by=unit.cast.trainee)
    page = signed_in(unit.cast.trainee).get(url_of("queue"))
    assert url_of("sign_off_detail", pk=signed.pk) not in body(page)
    assert signed_in(unit.cast.trainee).get(url_of("countersignatures")).status_code == 403


@pytest.mark.parametrize("name", ["queue", "caseload", "countersignatures"])
@pytest.mark.parametrize(
    ("part", "status"),
    [("assessor", 200), ("learner", 403), ("iqa", 403), ("admin", 403)],
)
def test_who_opens_the_lists(cast, signed_in, url_of, name, part, status):
    assert signed_in(cast.people()[part]).get(url_of(name)).status_code == status


@pytest.mark.parametrize("name", ["queue", "caseload", "countersignatures"])
def test_outsiders_find_nothing(cast, outsiders, signed_in, url_of, name):
    assert signed_in(outsiders.assessor).get(url_of(name)).status_code == 404


def test_another_centre_s_work_is_not_in_the_queue(unit, outsiders, signed_in, url_of):
    """One person may assess at two centres; each centre's pages show its own."""
    unit.submitted("P1")
    outsiders.centre.memberships.create(user=unit.cast.assessor, role="assessor")
    url = url_of("queue").replace(unit.cast.centre.slug, outsiders.centre.slug)
    page = signed_in(unit.cast.assessor).get(url)
    assert page.status_code == 200
    assert list(page.context["page_obj"]) == []


def test_the_caseload_counts(unit, theirs, url_of):
    unit.accepted("P1")
    unit.submitted("P1", "P2")
    (row,) = theirs.get(url_of("caseload")).context["page_obj"]
    assert (row.criteria_count, row.met_count, row.judging_count, row.waiting_count) == (3, 1, 1, 1)
    assert list(theirs.get(url_of("caseload"), {"ready": ""}).context["page_obj"]) == []


def test_the_caseload_shows_what_is_ready(unit, theirs, url_of):
    unit.accepted()
    (row,) = theirs.get(url_of("caseload"), {"ready": ""}).context["page_obj"]
    assert row.pk == unit.enrolment.pk


@pytest.mark.parametrize("name", ["queue", "caseload", "countersignatures"])
def test_queries_do_not_grow_and_stay_within_twelve(unit, theirs, url_of, name):
    def more(name):
        other = another_learner(unit, name)
        other.enrolment.allocations.create(assessor=unit.cast.trainee)
        for _ in range(2):
            other.submitted("P1")
        ready = another_learner(unit, name + " R")
        ready.accepted()
        ready.enrolment.allocations.create(assessor=unit.cast.trainee)
        signed = another_learner(unit, name + " S")
        signed.guide.editions.clear()
        signed.enrolment.allocations.create(assessor=unit.cast.trainee)
        signed.signed(by=unit.cast.trainee)

    more("One")
    few = count_queries(theirs, url_of(name))
    for name_ in ("Two", "Three", "Four"):
        more(name_)
    assert count_queries(theirs, url_of(name)) == few
    assert few <= 12
