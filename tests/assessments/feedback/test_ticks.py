"""Marking points that a claim earns: ticked while judging, frozen with the decision."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from assessments import actions
from assessments.actions import Stale
from assessments.earned import earned_points
from assessments.freezing import digest
from assessments.models import Judgement, PointTick
from ledger.models import Entry
from standards.models import MarkingPoint
from tests.assessments.conftest import ALL_FIVE
from tests.factories import make_guide


def tick(unit, submission, code, *points, by=None, outcome="met", **more):
    return actions.save_judgement(
        claim=submission.claims().get(criterion__code=code),
        submission=submission,
        by=by or unit.cast.assessor,
        outcome=outcome,
        reason="" if outcome == "met" else "Not dated.",
        feedback="",
        points=[point.pk for point in points],
        **ALL_FIVE,
        **more,
    )


@pytest.fixture
def points(unit):
    return list(unit.guide.marking_points.all())


def accept(unit, submission):
    return actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.assessor
    )


def test_ticks_are_saved_with_the_judgement_in_the_words_of_the_guide(unit, submission, points):
    judgement = tick(unit, submission, "P1", *points)
    assert [each.wording for each in judgement.ticks.all()] == [each.text for each in points]
    tick(unit, submission, "P1", points[1])
    assert [each.marking_point for each in judgement.ticks.all()] == [points[1]]


def test_saving_without_ticks_leaves_them(unit, submission, points):
    tick(unit, submission, "P1", points[0])
    unit.judge(submission)
    assert PointTick.objects.count() == 1


def test_a_point_of_another_unit_s_guide_is_refused_and_nothing_is_saved(unit, submission):
    strange = make_guide().marking_points.first()
    with pytest.raises(ValidationError, match="does not serve this unit"):
        tick(unit, submission, "P1", strange)
    assert not Judgement.objects.exists()


def test_a_page_of_yesterday_changes_no_tick_of_today(unit, submission, points):
    old = tick(unit, submission, "P1", points[0]).revision
    tick(unit, submission, "P1", points[0], points[1], revision=old)
    with pytest.raises(Stale):
        tick(unit, submission, "P1", points[0], revision=old)
    assert PointTick.objects.count() == 2


def test_the_decision_s_entry_names_the_points(unit, submission, points):
    tick(unit, submission, "P1", points[0])
    tick(unit, submission, "P2")
    accept(unit, submission)
    told = Entry.objects.get(verb="submission_accepted").facts["judgements"]
    assert [each["points"] for each in told] == [[points[0].pk], []]


def test_a_decided_judgement_s_ticks_stay_whatever_is_tried(unit, submission, points):
    judgement = tick(unit, submission, "P1", points[0])
    tick(unit, submission, "P2")
    accept(unit, submission)
    for statement in (
        "UPDATE assessments_pointtick SET wording = 'other'",
        "DELETE FROM assessments_pointtick",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        PointTick.objects.create(judgement=judgement, marking_point=points[1], wording="x")
    assert PointTick.objects.get().wording == points[0].text


def test_sign_off_shows_where_each_point_was_earned_and_names_it(
    unit, submission, points, theirs, url_of
):
    tick(unit, submission, "P1", points[0])
    tick(unit, submission, "P2", points[0])
    accept(unit, submission)
    unit.accepted("K1")
    (first, second) = earned_points(unit.enrolment)[points[0].pk]
    assert (first.words, second.words) == ("evidence 1, P1", "evidence 1, P2")
    page = theirs.get(url_of("sign_off", pk=unit.enrolment.pk))
    assert "Earned in evidence 1, P1; evidence 1, P2." in page.content.decode()
    form = page.context["form"]
    assert set(form[f"point-{points[0].pk}"].value()) == {submission.version_id}
    assert form[f"point-{points[1].pk}"].value() == []


def test_what_is_not_yet_met_earns_nothing(unit, submission, points):
    tick(unit, submission, "P1", points[0], outcome="not_yet")
    tick(unit, submission, "P2", points[1])
    actions.return_(submission=submission, feedback="Date it.", by=unit.cast.assessor)
    assert set(earned_points(unit.enrolment)) == {points[1].pk}


def test_a_draft_earns_nothing(unit, submission, points):
    tick(unit, submission, "P1", points[0])
    assert not earned_points(unit.enrolment)


def test_a_decision_taken_back_earns_nothing(unit, submission, points):
    tick(unit, submission, "P1", points[0])
    tick(unit, submission, "P2")
    accept(unit, submission)
    again = actions.undo(submission=submission, by=unit.cast.assessor)
    assert not earned_points(unit.enrolment)
    kept = again.judgements.get(claim__criterion__code="P1").ticks.get()
    assert kept.wording == points[0].text


# The words that it was judged against ----------------------------------------------------------


def change_guide(unit):
    """As support staff might, past every guard: whatever becomes of the guide."""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            name, table = "standards_markingpoint_stays", "standards_markingpoint"
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER {name}_{event} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER {name}_{event}")
    MarkingPoint.objects.filter(guide=unit.guide).update(text="Other words.")


def test_a_decision_keeps_the_guide_s_words_whatever_becomes_of_it(
    unit, submission, points, theirs, url_of
):
    tick(unit, submission, "P1", points[0])
    tick(unit, submission, "P2")
    accept(unit, submission)
    change_guide(unit)
    submission.refresh_from_db()
    (guide,) = submission.marked_against
    assert guide["title"] == unit.guide.title
    assert [each["text"] for each in guide["points"]] == [each.text for each in points]
    assert guide["misconceptions"] == ["Once is enough."]
    assert PointTick.objects.get().wording == points[0].text
    page = theirs.get(url_of("submission", pk=submission.pk)).content.decode()
    assert "Judged against these words" in page
    assert points[1].text in page
    assert submission.marked_against_sha256 in page


def test_the_digest_is_in_the_ledger_and_fits(unit, submission):
    unit.judge(submission)
    accept(unit, submission)
    submission.refresh_from_db()
    told = Entry.objects.get(verb="submission_accepted").facts["marked_against_sha256"]
    assert told == submission.marked_against_sha256 == digest(submission.marked_against)
