"""Words that were hidden in an item, on the page where it and what follows it are marked."""

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import Comment, Judgement, Submission
from portfolio import actions as portfolio_actions
from portfolio.models import EvidenceVersion
from tests.assessments.conftest import count_queries

NAME = "Mrs Quill"


@pytest.fixture
def named(unit) -> tuple[Submission, Submission]:
    """A name in the account of one item, and in all that staff wrote of it; another that waits."""
    cast, first = unit.cast, unit.submitted("P1", "P2")
    EvidenceVersion.objects.filter(pk=first.version_id).update(account=f"I rang {NAME}.")
    unit.judge(first, by=cast.trainee, P1=f"Left by the trainee: {NAME}")
    unit.judge(first, P1=f"Not shown: {NAME}")
    Judgement.objects.filter(submission=first).update(feedback=f"To you: ask {NAME}")
    Comment.objects.create(
        submission=first, text=f"On the place: {NAME}", kind="whole", made_by=cast.assessor
    )
    actions.add_action_point(
        submission=first, text=f"To do: {NAME}", due_on=timezone.localdate(), by=cast.assessor
    )
    first = actions.return_(submission=first, feedback=f"On all: {NAME}", by=cast.assessor)
    return first, unit.submitted("P1")


def pages(signed_in, url_of, people, *submissions):
    return {
        (person.name, each.pk): signed_in(person)
        .get(url_of("submission", pk=each.pk))
        .content.decode()
        for person in people
        for each in submissions
    }


def test_hidden_words_are_not_on_the_marking_page(unit, named, signed_in, url_of):
    cast, (first, waiting) = unit.cast, named
    people = (cast.assessor, cast.trainee, cast.iqa)
    before = pages(signed_in, url_of, people, first, waiting)
    said = ("Not shown: ", "To you: ask ", "To do: ", "On all: ")
    for page in before.values():
        assert all(each + NAME in page for each in said)
    assert f"On the place: {NAME}" in before[cast.iqa.name, first.pk]
    assert f"Left by the trainee: {NAME}" in before[cast.trainee.name, first.pk]

    version = EvidenceVersion.objects.get(pk=first.version_id)
    start = version.account.index(NAME)
    marks = [{"start": start, "end": start + len(NAME)}]
    portfolio_actions.hide_in_account(version=version, marks=marks, by=cast.assessor)
    for page in pages(signed_in, url_of, people, first, waiting).values():
        assert NAME not in page
        assert all(f"{each}█████" in page for each in said)
    first.refresh_from_db()
    assert first.feedback == f"On all: {NAME}"  # as it was given


def test_the_reason_for_which_a_decision_was_taken_back(unit, named, signed_in, url_of):
    cast, (first, waiting) = unit.cast, named
    actions.withdraw(submission=first, reason=f"Wrong about {NAME}", by=cast.iqa)
    version = EvidenceVersion.objects.get(pk=first.version_id)
    before = pages(signed_in, url_of, [cast.assessor], first, waiting)
    assert all(f"Wrong about {NAME}" in page for page in before.values())
    marks = [{"start": 7, "end": 7 + len(NAME)}]
    portfolio_actions.hide_in_account(version=version, marks=marks, by=cast.data_lead)
    after = pages(signed_in, url_of, [cast.assessor], first, waiting)
    assert all("Wrong about █████" in page for page in after.values())
    assert not any(NAME in page for page in after.values())


def test_it_takes_one_query(unit, named, theirs, url_of):
    address = url_of("submission", pk=named[1].pk)
    few = count_queries(theirs, address)
    version = EvidenceVersion.objects.get(pk=named[0].version_id)
    for start in (0, 7):
        portfolio_actions.hide_in_account(
            version=version, marks=[{"start": start, "end": start + 1}], by=unit.cast.assessor
        )
    assert count_queries(theirs, address) == few <= 20
