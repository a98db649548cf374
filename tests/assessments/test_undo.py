"""Undo: for a minute, by whoever sent it, once, and with every word back as a draft."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from assessments import actions, undoing
from assessments.models import ActionPoint, FeedbackDraft, Judgement, Submission, Withdrawal
from assessments.permissions import can_undo
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio.actions import new_version, withdraw_draft
from portfolio.models import Claim, EvidenceVersion
from tests.factories import make_claims


@pytest.fixture
def later(monkeypatch):
    """Lets time go by for the undoing alone."""

    def by(**span):
        now = timezone.now() + timedelta(**span)
        monkeypatch.setattr(undoing.timezone, "now", lambda: now)

    return by


def returned(unit, **kwargs):
    submission = unit.submitted("P1", "P2")
    unit.judge(submission, P1="Say who it was.")
    actions.add_action_point(
        submission=submission,
        text="Name them.",
        due_on=timezone.localdate() + timedelta(days=7),
        by=unit.cast.assessor,
    )
    return actions.return_(submission=submission, feedback="Nearly.", by=unit.cast.assessor)


@pytest.mark.parametrize("decide", ["accepted", "returned"])
def test_everything_is_as_it_was_before(unit, decide):
    sent = unit.accepted("P1", "P2") if decide == "accepted" else returned(unit)
    following = actions.undo(submission=sent, by=unit.cast.assessor)
    assert (following.status, following.round) == ("waiting", 2)
    assert following.frozen_sha256 == sent.frozen_sha256
    assert following.submitted_at == sent.submitted_at
    assert EvidenceVersion.objects.get().status == "submitted"
    assert set(Claim.objects.values_list("status", flat=True)) == {"submitted"}
    assert list(Submission.objects.in_force()) == [following]


def test_the_decision_itself_stays(unit):
    sent = returned(unit)
    actions.undo(submission=sent, by=unit.cast.assessor)
    again = Submission.objects.get(pk=sent.pk)
    assert (again.status, again.feedback) == ("returned", "Nearly.")
    assert again.judgements.exclude(decided_at=None).count() == 2
    taken = Withdrawal.objects.get()
    assert (taken.kind, taken.by, taken.submission) == ("undone", unit.cast.assessor, sent)


def test_every_word_is_a_draft_again(unit):
    sent = returned(unit)
    following = actions.undo(submission=sent, by=unit.cast.assessor)
    drafts = Judgement.objects.filter(submission=following)
    said = {each.claim.criterion.code: (each.outcome, each.reason) for each in drafts}
    assert said == {"P1": ("not_yet", "Say who it was."), "P2": ("met", "")}
    assert set(drafts.values_list("decided_at", flat=True)) == {None}
    assert FeedbackDraft.objects.get().text == "Nearly."
    assert ActionPoint.objects.get(submission=following).text == "Name them."


def test_a_colleague_s_drafts_come_along(unit):
    submission = unit.submitted("P1")
    unit.judge(submission)
    unit.judge(submission, by=unit.cast.trainee, P1="Not so sure.")
    sent = actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )
    following = actions.undo(submission=sent, by=unit.cast.assessor)
    theirs = following.judgements.get(assessor=unit.cast.trainee)
    assert theirs.reason == "Not so sure."


def test_it_can_be_decided_again_and_counts(unit):
    following = actions.undo(submission=unit.accepted("P1"), by=unit.cast.assessor)
    unit.judge(following, P1="On second thoughts, no.")
    actions.return_(submission=following, feedback="Sorry.", by=unit.cast.assessor)
    assert Claim.objects.get().status == "not_yet"
    assert EvidenceVersion.objects.get().status == "returned"


def test_after_a_minute_it_is_too_late(unit, later):
    sent = unit.accepted("P1")
    later(seconds=61)
    with pytest.raises(TransitionRefused, match="more than a minute"):
        actions.undo(submission=sent, by=unit.cast.assessor)
    assert undoing.last_decision(unit.cast.assessor, unit.cast.centre) is None


def test_within_the_minute_it_is_offered(unit, later):
    sent = unit.accepted("P1")
    later(seconds=58)
    assert undoing.last_decision(unit.cast.assessor, unit.cast.centre) == sent
    assert undoing.last_decision(unit.cast.trainee, unit.cast.centre) is None
    assert undoing.seconds_left(sent) in {1, 2}


def test_a_second_change_of_mind_is_refused(unit):
    following = actions.undo(submission=unit.accepted("P1"), by=unit.cast.assessor)
    sent = actions.accept(
        submission=following, feedback="Yes.", personal_data="clear", by=unit.cast.assessor
    )
    with pytest.raises(TransitionRefused, match="once already"):
        actions.undo(submission=sent, by=unit.cast.assessor)
    assert undoing.last_decision(unit.cast.assessor, unit.cast.centre) is None


def test_not_once_the_learner_has_begun_again(unit):
    sent = returned(unit)
    draft = new_version(evidence=sent.version.evidence, by=unit.cast.learner)
    with pytest.raises(TransitionRefused, match="begun a new version"):
        actions.undo(submission=sent, by=unit.cast.assessor)
    withdraw_draft(version=draft, by=unit.cast.learner)
    assert actions.undo(submission=sent, by=unit.cast.assessor).round == 2


def test_not_once_the_unit_is_signed(unit):
    unit.signed()
    sent = Submission.objects.get()
    with pytest.raises(TransitionRefused):
        actions.undo(submission=sent, by=unit.cast.assessor)
    assert undoing.last_decision(unit.cast.assessor, unit.cast.centre) is None
    assert not Withdrawal.objects.exists()


def test_asked_twice_it_is_done_once(unit):
    sent = unit.accepted("P1")
    first = actions.undo(submission=sent, by=unit.cast.assessor)
    stale = Submission.objects.get(pk=sent.pk)
    assert actions.undo(submission=stale, by=unit.cast.assessor) == first
    assert Withdrawal.objects.count() == 1
    assert Entry.objects.filter(verb="decision_undone").count() == 1


def test_who_may(unit):
    sent = unit.accepted("P1")
    may = {
        part
        for part, user in unit.cast.people().items()
        if can_undo(User.objects.get(pk=user.pk), sent)
    }
    assert may == {"assessor"}
    with pytest.raises(PermissionDenied):
        actions.undo(submission=sent, by=unit.cast.trainee)


def test_it_is_in_the_ledger_with_version_digest_and_both_rounds(unit):
    sent = unit.accepted("P1")
    following = actions.undo(submission=sent, by=unit.cast.assessor)
    entry = Entry.objects.get(verb="decision_undone")
    assert entry.subject == f"assessments.submission:{sent.pk}"
    assert entry.facts["frozen_sha256"] == sent.frozen_sha256
    assert (entry.facts["decision"], entry.facts["waits_as"]) == ("accepted", following.pk)
    assert list(faults()) == []


def test_another_unit_s_return_still_holds_the_item(unit, second_unit):
    version = unit.draft("P1")
    make_claims(version, second_unit, "P1")
    first, second = actions.submit(version=version, declared=True, by=unit.cast.learner)
    unit.judge(second, by=unit.cast.other_assessor, P1="No.")
    actions.return_(submission=second, feedback="No.", by=unit.cast.other_assessor)
    unit.judge(first)
    sent = actions.accept(
        submission=first, feedback="Yes.", personal_data="clear", by=unit.cast.assessor
    )
    actions.undo(submission=sent, by=unit.cast.assessor)
    version.refresh_from_db()
    assert version.status == "returned"


def test_an_undone_return_does_not_keep_the_item_from_being_accepted(unit):
    following = actions.undo(submission=returned(unit), by=unit.cast.assessor)
    following.action_points.all().delete()
    unit.judge(following)
    actions.accept(
        submission=following, feedback="Yes.", personal_data="clear", by=unit.cast.assessor
    )
    assert EvidenceVersion.objects.get().status == "accepted"


# ---- the page


def test_the_queue_offers_it_and_it_leads_back(unit, theirs, url_of):
    sent = unit.submitted("P1")
    unit.judge(sent)
    address = url_of("undo", pk=sent.pk)
    assert address not in theirs.get(url_of("queue")).content.decode()
    theirs.post(url_of("accept", pk=sent.pk), {"feedback": "Good.", "personal_data": "clear"})
    assert address in theirs.get(url_of("queue")).content.decode()
    answer = theirs.post(address)
    following = Submission.objects.in_force().get()
    assert answer["Location"] == url_of("submission", pk=following.pk)
    assert "All you wrote is here again" in theirs.get(answer["Location"]).content.decode()


def test_too_late_is_409(unit, theirs, url_of, later):
    sent = unit.accepted("P1")
    later(minutes=2)
    assert theirs.post(url_of("undo", pk=sent.pk)).status_code == 409


def test_nobody_else_may_by_the_page(unit, signed_in, url_of):
    sent = unit.accepted("P1")
    assert signed_in(unit.cast.trainee).post(url_of("undo", pk=sent.pk)).status_code == 403
    assert signed_in(unit.cast.other_assessor).post(url_of("undo", pk=sent.pk)).status_code == 404
