"""Appeals in the facts and on paper, whatever came of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Appeal, SignOff, Submission
from portfolio.actions import declare_interest, end_interest, hide_in_account
from portfolio.models import EvidenceVersion
from reports import document
from reports.gather import gather
from reports.options import Options, Scope
from tests.factories import make_edition
from tests.reports.builders import Story


def appeal(story: Story, status: str, **fields: object) -> Appeal:
    closed = {"closed_by": story.cast.other_assessor, "closed_at": story.now(), "answer": "Looked."}
    return Appeal.objects.create(
        enrolment=story.enrolments[0],
        status=status,
        made_by=story.cast.learner,
        grounds=f"It is {status}, I think.",
        **({} if status == "open" else closed),
        **fields,
    )


def of_first(story: Story) -> Submission:
    return Submission.objects.filter(version__evidence__number=1).earliest("submitted_at")


@pytest.mark.parametrize(
    ("status", "word", "said"),
    [
        ("open", "Open", None),
        ("rejected", "Not upheld", "by Grace Lund"),
        ("upheld", "Upheld", "by Grace Lund"),
        ("given_up", "Given up", "given up"),
    ],
)
def test_an_appeal_is_printed_with_its_state(
    story: Story, status: str, word: str, said: str | None
):
    appeal(story, status, submission=of_first(story))
    html = document.render(gather(story.portfolio.pk))
    part = html.split("Appeal about evidence 1, version 1")[1].split("</section>")[0]
    assert word in part
    assert f"It is {status}, I think." in part
    assert ("Looked." in part) == (said is not None)
    assert said is None or said in part


def test_one_about_a_sign_off_leads_there(story: Story):
    appeal(story, "rejected", sign_off=SignOff.objects.get())
    (told,) = gather(story.portfolio.pk).appeals
    assert (told.number, told.unit) == (0, story.enrolments[0].edition.standard.urn)
    html = document.render(gather(story.portfolio.pk))
    assert f'<a href="#sign-off-{story.enrolments[0].pk}">Appeal about the unit</a>' in html


def test_what_was_chosen_narrows_them(story: Story):
    appeal(story, "rejected", submission=of_first(story))
    other = story.enrol(make_edition())

    def told(**options: object):
        return gather(story.portfolio.pk, options=Options(**options)).appeals

    assert told(scope=Scope.SUMMARY) == ()
    assert told(scope=Scope.UNITS, units=(other.pk,)) == ()
    assert len(told(scope=Scope.UNITS, units=(story.enrolments[0].pk,))) == 1
    (quiet,) = told(feedback=False)
    assert (quiet.feedback, quiet.word) == ("", "Not upheld")


def test_they_take_no_more_queries_however_many(story: Story, django_assert_num_queries):
    appeal(story, "rejected", submission=of_first(story))
    with CaptureQueriesContext(connection) as one:
        gather(story.portfolio.pk)
    for _ in range(3):
        appeal(story, "rejected", submission=of_first(story))
    with django_assert_num_queries(len(one)):
        assert len(gather(story.portfolio.pk).appeals) == 4


def test_words_hidden_in_an_item_are_hidden_in_appeals(story: Story):
    version = EvidenceVersion.objects.get(evidence__number=2)
    EvidenceVersion.objects.filter(pk=version.pk).update(account="I think of law.")
    appeal(story, "rejected", submission=of_first(story))
    hide_in_account(version=version, marks=[{"start": 2, "end": 7}], by=story.cast.data_lead)
    (told,) = gather(story.portfolio.pk).appeals
    assert told.reason == "It is rejected, I █████."


def test_declared_interests_are_not_told_to_the_learner(story: Story):
    """She never hears of one, and the portfolio is hers. That there is an entry can be counted."""
    before = len(gather(story.portfolio.pk).record.entries)
    cast = story.cast
    about = {"portfolio": story.portfolio, "person": cast.assessor, "kind": "personal"}
    interest = declare_interest(**about, note="We sing in one choir.", by=cast.assessor)
    end_interest(interest=interest, by=cast.admin)
    told = gather(story.portfolio.pk)
    declared, ended = told.record.entries[before:]
    assert (declared.who, declared.verb) == (ended.who, ended.verb) == ("", "entry_of_the_centre")
    html = document.render(told)
    assert "choir" not in html
    assert "nterest" not in html
