"""What a learner reads of the decision: the five judgements in plain words, what is overdue,
and the answer to the version before while she writes the next one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from assessments.models import ActionPoint, Judgement, Submission
from portfolio import actions
from portfolio.templatetags.judgements import SENTENCES, in_plain_words
from tests.factories import Cast

Address = Callable[..., str]


def page_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_each_of_the_five_has_its_words() -> None:
    assert tuple(SENTENCES) == Judgement.VARCS
    said = in_plain_words(Judgement(valid=True, authentic=True, reliable=True, current=True))
    assert [holds for holds, _sentence in said] == [True, True, True, True, False]
    assert str(said[-1][1]) == "There is not enough of it yet"


def test_the_learner_reads_what_was_checked(
    her: Client, url_of: Address, sent_back: Submission
) -> None:
    html = page_of(her, url_of("evidence", pk=sent_back.version.evidence_id))
    assert "There is not enough of it yet" in html
    assert "There is enough of it" in html
    assert 'href="' + url_of("unit", pk=sent_back.enrolment_id) + '#P2"' in html


@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False)])
def test_an_action_whose_day_has_gone_by_is_marked(
    her: Client, url_of: Address, sent_back: Submission, days: int, late: bool
) -> None:
    ActionPoint.objects.update(due_on=timezone.localdate() + timedelta(days=days))
    mark = 'data-state="overdue"'
    assert (mark in page_of(her, url_of("home"))) is late
    assert (mark in page_of(her, url_of("evidence", pk=sent_back.version.evidence_id))) is late


def test_the_answer_is_at_hand_while_the_next_version_is_written(
    her: Client, cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    evidence = sent_back.version.evidence
    actions.new_version(evidence=evidence, by=cast.learner)
    html = page_of(her, url_of("evidence_edit", pk=evidence.pk))
    assert "Nearly there." in html
    assert "Ask him how it went" in html
    assert url_of("evidence_version", pk=evidence.pk, number=1) in html


def test_others_find_their_way_back_to_the_unit(
    signed_in: Callable[[User], Client], cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    item = url_of("evidence_version", pk=sent_back.version.evidence_id, number=1)
    assert url_of("unit", pk=sent_back.enrolment_id) in page_of(signed_in(cast.iqa), item)
    unit = page_of(signed_in(cast.iqa), url_of("unit", pk=sent_back.enrolment_id))
    assert url_of("enrolment", pk=sent_back.enrolment_id) in unit


def test_an_admin_exports_from_the_learners_page_and_nobody_else_is_offered_it(
    signed_in: Callable[[User], Client], cast: Cast, url_of: Address, sent_back: Submission
) -> None:
    page = url_of("enrolment", pk=sent_back.enrolment_id)
    offer = "Export this portfolio"
    assert offer in page_of(signed_in(cast.admin), page)
    assert offer not in page_of(signed_in(cast.assessor), page)
