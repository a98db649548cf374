"""The learner's page of decisions: what, why, what next, with links to the place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments import actions
from assessments.models import ActionPoint, Comment
from assessments.outcomes import keys
from portfolio.actions import new_version
from portfolio.anchors.texts import sha256_of
from portfolio.models import Anchor, Enrolment
from tests.assessments.conftest import count_queries
from tests.factories import make_edition, make_enrolment, make_portfolio, make_version


@pytest.fixture
def hers(cast, signed_in):
    """The learner's browser."""
    return signed_in(cast.learner)


@pytest.fixture
def page(hers, url_of):
    return lambda: " ".join(hers.get(url_of("decisions")).text.split())


def place(version, **of) -> dict:
    return {
        "sha256": sha256_of(version.account),
        "kind": "passage",
        "quote": "I did",
        "start": 0,
        **of,
    }


def returned(unit, *codes: str, **not_yet: str):
    submission = unit.submitted(*(codes or ["P1"]))
    unit.judge(submission, **(not_yet or {"P1": "Say when it was."}))
    ActionPoint.objects.create(
        submission=submission,
        text="Add the date.",
        due_on=timezone.localdate() + timedelta(days=7),
        created_by=unit.cast.assessor,
    )
    return actions.return_(submission=submission, feedback="Nearly there.", by=unit.cast.assessor)


def test_without_a_decision_it_says_what_will_be_here(page, unit):
    assert "Nothing is decided yet" in page()
    unit.submitted("P1")
    assert "Nothing is decided yet" in page()


def test_before_the_first_unit_it_is_empty_as_well(cast, page):
    assert "Nothing is decided yet" in page()


def test_a_returned_item_says_what_why_and_what_next(unit, page):
    submission = returned(unit, "P1", "P2")
    html = page()
    for words in (
        "Returned",
        "Nearly there.",
        "Not yet, and why",
        "Say when it was.",
        "There is not enough of it yet",
        "1 criterion met",
        "What to do next",
        "Add the date.",
        "Make a new version",
        f"Go to evidence {submission.version.evidence.number}",
        unit.cast.assessor.name,
    ):
        assert words in html, words


def test_each_criterion_leads_to_its_exact_place(unit, page):
    submission = unit.submitted("P1")
    claim = submission.claims().get()
    anchor = Anchor.objects.create(
        claim=claim, made_by=unit.cast.learner, **place(submission.version)
    )
    unit.judge(submission, P1="Say when.")
    actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)
    assert f"/versions/1/#mark-{anchor.pk}" in page()


def test_a_claim_without_a_place_leads_to_the_claim(unit, page):
    submission = returned(unit)
    assert f"/versions/1/#claim-{submission.claims().get().pk}" in page()


def test_a_comment_leads_to_where_it_stands(unit, page, hers):
    submission = unit.submitted("P1")
    comment = Comment.objects.create(
        submission=submission,
        text="Which week?",
        made_by=unit.cast.assessor,
        **place(submission.version),
    )
    assert "Which week?" not in page()
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    html = page()
    assert "Which week?" in html
    link = f"{submission.version.evidence_id}/versions/1/#comment-{comment.pk}"
    assert link in html
    evidence = hers.get(
        f"/c/{unit.cast.centre.slug}/evidence/{submission.version.evidence_id}/versions/1/"
    )
    assert f'id="comment-{comment.pk}"' in evidence.text


def test_a_colleague_s_unsent_comment_is_not_hers_to_read(unit, page):
    submission = unit.submitted("P1")
    for text, by in (("Sent.", unit.cast.assessor), ("Not sent.", unit.cast.trainee)):
        Comment.objects.create(
            submission=submission, text=text, made_by=by, **place(submission.version)
        )
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    html = page()
    assert "Sent." in html
    assert "Not sent." not in html


def test_an_accepted_item_asks_for_nothing_more(unit, page):
    unit.accepted("P1")
    html = page()
    assert "Accepted" in html
    assert "Nothing more is needed for this one." in html
    assert "Go to evidence" not in html


def test_once_she_tried_again_it_says_so(unit, page):
    submission = returned(unit)
    new_version(evidence=submission.version.evidence, by=unit.cast.learner)
    html = page()
    assert "You have begun a new version since." in html
    assert "Go to evidence" not in html


def test_a_unit_that_is_over_asks_for_nothing(unit, page):
    returned(unit)
    Enrolment.objects.update(status="withdrawn")
    assert "this unit is not open any more" in page()


def test_somebody_to_hide_is_said(unit, page):
    submission = unit.submitted("P1")
    unit.judge(submission)
    actions.return_(
        submission=submission, feedback="One thing.", personal_data="hide", by=unit.cast.assessor
    )
    assert "Somebody can be recognised in it" in page()


def test_a_decision_taken_back_stays_in_sight_with_who_when_and_why(unit, page):
    submission = unit.accepted("P1")
    actions.withdraw(submission=submission, reason="The date is missing.", by=unit.cast.iqa)
    html = page()
    assert "This decision was taken back and does not count any more." in html
    assert "The date is missing." in html
    assert unit.cast.iqa.name in html
    assert "I disagree" not in html
    assert "You need not do anything now." in html


def test_she_may_disagree_and_finds_her_appeal_again(unit, page, url_of):
    submission = returned(unit)
    assert url_of("make_appeal", pk=submission.pk) in page()
    made = actions.appeal(submission=submission, grounds="It is dated.", by=unit.cast.learner)
    html = page()
    assert "Your appeal: open" in html
    assert url_of("appeal", pk=made.pk) in html
    assert "I disagree" not in html
    actions.reject(appeal=made, answer="It is not.", by=unit.cast.iqa)
    assert "Your appeal, and the answer" in page()


def test_an_appeal_given_up_can_be_made_again(unit, page):
    made = actions.appeal(submission=returned(unit), grounds="Dated.", by=unit.cast.learner)
    actions.give_up(appeal=made, by=unit.cast.learner)
    assert "I disagree" in page()


def test_a_sign_off_is_a_decision_too(unit, page, url_of):
    signed = unit.signed()
    html = page()
    assert "signed the whole unit off" in html
    assert url_of("make_unit_appeal", pk=unit.enrolment.pk) in html
    assert html.index("signed the whole unit off") < html.index("Good work.")  # newest first
    assert url_of("sign_off_detail", pk=signed.pk) in html


def test_a_provisional_sign_off_is_no_decision_yet(unit, page):
    signed = unit.signed(by=unit.cast.trainee)
    assert "signed the whole unit off" not in page()
    actions.countersign(sign_off=signed, by=unit.cast.assessor)
    html = page()
    assert "signed the whole unit off" in html
    assert f"{unit.cast.assessor.name} countersigned it." in html


def test_a_withdrawn_sign_off_stays_in_sight(unit, page):
    actions.withdraw_sign_off(sign_off=unit.signed(), reason="Too early.", by=unit.cast.iqa)
    html = page()
    assert "Too early." in html
    assert "this unit is done" not in html


def test_the_newest_comes_first(unit):
    first, second = unit.accepted("P1"), unit.accepted("P2")
    assert [pk for _at, _kind, pk in keys(unit.portfolio)] == [second.pk, first.pk]


def test_the_draft_of_another_assessor_is_not_shown(unit, page):
    submission = unit.submitted("P1")
    unit.judge(submission, unit.cast.trainee, P1="A trainee's doubt.")
    unit.judge(submission)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    assert "doubt" not in page()


def test_one_decision_has_a_page_where_notices_lead(unit, hers, url_of):
    submission = returned(unit)
    unit.accepted("P2")
    html = hers.get(url_of("decision", pk=submission.pk)).text
    assert "Say when it was." in html
    assert "Good work." not in html
    assert url_of("decisions") in html


def test_what_waits_has_no_page(unit, hers, url_of):
    assert hers.get(url_of("decision", pk=unit.submitted("P1").pk)).status_code == 404


def test_somebody_elses_decision_is_not_there(unit, signed_in, url_of):
    submission = returned(unit)
    make_enrolment(make_portfolio(unit.cast.centre, unit.cast.second_learner), make_edition())
    other = signed_in(unit.cast.second_learner)
    assert other.get(url_of("decision", pk=submission.pk)).status_code == 404
    assert "Nearly there." not in other.get(url_of("decisions")).text


def test_assessors_have_their_own_pages(unit, theirs, url_of):
    assert theirs.get(url_of("decisions")).status_code == 403


def test_many_decisions_come_in_pages(unit, hers, url_of):
    for _each in range(11):
        unit.accepted("P1")
    assert hers.get(url_of("decisions")).text.count('<article class="outcome') == 10
    assert hers.get(url_of("decisions") + "?page=2").text.count('<article class="outcome') == 1


def test_queries_do_not_grow(unit, hers, url_of):
    returned(unit, "P1", "P2")
    hers.get(url_of("decisions"))
    few = count_queries(hers, url_of("decisions"))
    for _each in range(4):
        submission = returned(unit, "P1", "P2")
        claim = submission.claims().first()
        Anchor.objects.create(claim=claim, made_by=unit.cast.learner, **place(submission.version))
        unit.accepted("P1")
    actions.appeal(submission=submission, grounds="Dated.", by=unit.cast.learner)
    make_version(unit.portfolio)
    assert count_queries(hers, url_of("decisions")) == few
    assert few <= 14
