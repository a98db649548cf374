"""The demo's story, which is the main job through the actions, from the first text to the PDF."""

import pytest

from accounts.models import User
from assessments.models import (
    Appeal,
    Comment,
    FeedbackPhrase,
    Plan,
    PointTick,
    Record,
    SignOff,
    Submission,
    Withdrawal,
)
from demo import story
from files import previews, queue
from files.previews.queue import PREVIEWS
from ledger.models import Entry
from ledger.record import faults
from portfolio.models import Anchor, Enrolment, Evidence, ImportedDecision, Interest
from reports import making
from reports.queue import REPORTS
from standards.models import Draft


@pytest.fixture(autouse=True)
def _made_at_once(monkeypatch, settings, tmp_path):
    """The worker itself is tried in the browser and in tests/reports; here its work is enough."""
    settings.DATA_DIR = tmp_path
    work = {REPORTS.task: making.make, PREVIEWS.task: previews.making.make}

    def hand_over(task, pk):
        if task in work:
            work[task](pk)
        return True

    monkeypatch.setattr(queue, "hand_over", hand_over)


@pytest.fixture
def played(transactional_db):
    said = []
    return story.play(say=said.append), said


def state_of(email):
    return Enrolment.objects.get(portfolio__learner__email=email).status


def desk_is_busy():
    """One at least of everything that an assessor meets."""
    assert Plan.objects.filter(enrolment__status="active").get().is_agreed
    assert {(each.kind, each.status) for each in Record.objects.all()} == {
        ("observation", "confirmed"),
        ("observation", "planned"),
        ("written", "with_learner"),
    }
    assert Anchor.objects.exclude(replaced_by=None).count() == 2
    assert Comment.objects.sent().count() == 1
    assert Comment.objects.count() == 2
    assert PointTick.objects.exists()
    assert FeedbackPhrase.objects.in_use().count() == 4
    assert Withdrawal.objects.get().by.email == "iqa@northgate.example"
    assert Appeal.objects.open().get().made_by.email == "learner4@northgate.example"
    assert ImportedDecision.objects.in_force().count() == 4
    assert Interest.objects.running().get().person.email == "assessor@northgate.example"


def test_the_story_is_played_to_its_end_and_only_once(played, tmp_path):
    first, said = played
    assert first.pdf.read_bytes().startswith(b"%PDF")
    assert first.pdf.parent == tmp_path
    assert any("signs the unit off" in words for words in said)

    assert state_of("learner@northgate.example") == "signed_off"
    assert state_of("learner2@northgate.example") == "active"
    assert state_of("learner3@northgate.example") == "awaiting_countersignature"
    assert Submission.objects.filter(status="waiting").count() == 8
    assert SignOff.objects.count() == 2
    assert Draft.objects.open().count() == 2
    again = Evidence.objects.get(portfolio__learner__name="Amira Khan", number=4)
    assert [version.status for version in again.versions.all()] == ["returned", "accepted"]
    assert list(faults()) == []
    desk_is_busy()

    for line in first.accounts:
        email, password = line.split()[:2]
        assert User.objects.get(email=email).check_password(password)
    assert len(first.accounts) == 11

    written = Entry.objects.count()
    repeated = []
    second = story.play(say=repeated.append)
    assert second == first
    assert repeated == []
    assert Entry.objects.count() == written


def test_a_step_that_fails_leaves_nothing_behind(transactional_db, monkeypatch):
    def breaks(**_):
        raise RuntimeError

    whole = story._steps
    monkeypatch.setattr(story, "_steps", lambda told: whole(told)[:4])
    monkeypatch.setattr(story, "_portfolio_pdf", lambda *_: None)
    with monkeypatch.context() as broken:
        broken.setattr(story, "allocate", breaks)
        with pytest.raises(RuntimeError):
            story.play(say=lambda words: None)
    assert not Enrolment.objects.exists()
    story.play(say=lambda words: None)
    assert Enrolment.objects.count() == 1
