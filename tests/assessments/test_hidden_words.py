"""Words that were hidden in the evidence are hidden where a decision on it names them, too."""

import re
from datetime import date

import pytest
from django.urls import reverse

from assessments import actions
from assessments.models import Comment, Judgement, Submission
from ledger.record import faults
from portfolio.actions import hide_in_account
from tests.factories import make_claims, make_version


@pytest.fixture
def returned(unit):
    version = make_version(unit.portfolio, account="Mrs Bellamy rang.", account_html="")
    make_claims(version, unit.enrolment, "P1")
    (submission,) = actions.submit(version=version, declared=True, by=unit.cast.learner)
    Comment.objects.create(
        submission=submission,
        text="Comment: which Bellamy?",
        made_by=unit.cast.assessor,
        kind="whole",
        sha256="0" * 64,
    )
    actions.add_action_point(
        submission=submission,
        text="Action: ring Bellamy.",
        due_on=date(2099, 1, 1),
        by=unit.cast.assessor,
    )
    unit.judge(submission, P1="Reason: was Bellamy there?")
    return actions.return_(
        submission=submission, feedback="Feedback: ask Bellamy.", by=unit.cast.assessor
    )


def shown(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize("page", ["decisions", "decision", "evidence"])
def test_on_the_pages_of_the_learner(unit, returned, signed_in, url_of, page):
    centre = unit.cast.centre.slug
    address = {
        "decisions": url_of("decisions"),
        "decision": url_of("decision", pk=returned.pk),
        "evidence": reverse(
            "portfolio:evidence", kwargs={"centre": centre, "pk": returned.version.evidence_id}
        ),
    }[page]
    hers = signed_in(unit.cast.learner)
    parts = ("Feedback: ", "Reason: ", "Comment: ", "Action: ")
    before = shown(hers, address)
    assert all(part in before for part in parts)
    assert "Bellamy" in before
    hide_in_account(
        version=returned.version, marks=[{"start": 4, "end": 11}], by=unit.cast.assessor
    )
    after = shown(hers, address)
    assert all(part in after for part in parts)
    assert "Bellamy" not in after


def test_the_decision_itself_stays(unit, returned, signed_in, url_of):
    hide_in_account(
        version=returned.version, marks=[{"start": 4, "end": 11}], by=unit.cast.assessor
    )
    shown(signed_in(unit.cast.learner), url_of("decisions"))
    assert Submission.objects.get(pk=returned.pk).feedback == "Feedback: ask Bellamy."
    assert Judgement.objects.get().reason == "Reason: was Bellamy there?"
    assert list(faults()) == []
