"""A decision that was taken back is printed struck through, and another one counts."""

from django.utils import timezone

from assessments import actions
from assessments.models import ActionPoint, SignOff, Submission
from reports import document
from reports.gather import gather
from tests.reports.builders import Story

WHY = "The photo shows another shop."


def withdrawn(story: Story) -> Submission:
    sent = Submission.objects.filter(status="accepted").order_by("pk").first()
    return actions.withdraw(submission=sent, reason=WHY, by=story.cast.iqa)


def test_the_claim_waits_again_and_its_old_judgement_is_told(story: Story):
    following = withdrawn(story)
    codes = {claim.pk for claim in following.claims()}
    told = gather(story.portfolio.pk)
    (unit,) = told.units
    claims = [claim for each in unit.criteria for claim in each.claims if claim.pk in codes]
    assert {claim.state for claim in claims} == {"waiting"}
    assert all(claim.judgement is None for claim in claims)
    assert {each.taken_back.reason for claim in claims for each in claim.overturned} == {WHY}


def test_the_sign_off_and_the_review_say_so(story: Story):
    withdrawn(story)
    told = gather(story.portfolio.pk)
    (unit,) = told.units
    assert unit.state == "active"
    assert [each.taken_back.by for each in unit.sign_offs] == [story.cast.iqa.name]
    assert SignOff.objects.count() == 1
    told_back = [each for each in told.reviews if each.taken_back]
    assert [(each.state, each.taken_back.at_once) for each in told_back] == [("accepted", False)]


def test_it_is_on_paper(story: Story):
    withdrawn(story)
    page = document.render(gather(story.portfolio.pk))
    assert page.count(WHY) >= 3
    assert "<s>" in page


def test_an_action_of_a_decision_to_come_is_not_told(story: Story):
    following = withdrawn(story)
    ActionPoint.objects.create(
        submission=following,
        text="Only an idea so far",
        due_on=timezone.localdate(),
        created_by=story.cast.assessor,
    )
    assert "Only an idea" not in repr(gather(story.portfolio.pk))
