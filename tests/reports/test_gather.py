"""The facts of a report against the rows they come from."""

import dataclasses

from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Judgement, SignOff, Submission
from ledger.models import Entry, Stream
from portfolio.models import Claim, Evidence, EvidenceFile
from reports import matrix
from reports.gather import gather
from tests.factories import jpeg, make_claims, make_edition, make_enrolment, make_version
from tests.reports.builders import Story, attach, begin, make_blob, small
from tests.reports.everything import add_one_of_each


def test_who_and_where(story: Story):
    facts = gather(story.portfolio.pk)
    assert (facts.learner, facts.centre) == ("Amira Khan", "Northgate College")
    assert (facts.registration_number, facts.cohort) == ("R-1", "Autumn 2026")
    (unit,) = facts.units
    assert (unit.state, unit.met, unit.assessors) == ("signed_off", 3, ("Ben Osei",))
    assert unit.edition == "2021-02-22 · 1"


def test_every_submitted_version_is_there_the_newest_first(story: Story):
    facts = gather(story.portfolio.pk)
    assert [(item.number, item.latest.number) for item in facts.evidence] == [(1, 2), (2, 1)]
    newest, oldest = facts.evidence[0].versions
    assert (newest.state, oldest.state) == ("accepted", "superseded")
    assert facts.evidence[0].judged_versions == (1, 2)


def test_drafts_stay_the_learners_own(story: Story):
    draft = make_version(story.portfolio, title="Not yet for anybody")
    make_claims(draft, story.enrolments[0], "P1")
    Judgement.objects.create(  # a draft of the assessor's, too
        submission=Submission.objects.first(),
        claim=draft.claims.get(),
        assessor=story.cast.assessor,
        reason="half a thought",
    )
    told = repr(gather(story.portfolio.pk))
    assert "Not yet for anybody" not in told
    assert "half a thought" not in told


def test_each_claim_has_its_place_state_and_decision(story: Story):
    (unit,) = gather(story.portfolio.pk).units
    told = {claim.pk: claim for criterion in unit.criteria for claim in criterion.claims}
    rows = Claim.objects.select_related("criterion", "version")
    assert set(told) == {row.pk for row in rows}
    for row in rows:
        claim, judgement = told[row.pk], Judgement.objects.get(claim=row)
        assert (claim.code, claim.place, claim.state) == (row.criterion.code, "page 2", row.status)
        assert claim.judgement.outcome == judgement.outcome
        assert claim.judgement.reason == judgement.reason
        assert claim.judgement.assessor == "Ben Osei"
        assert dict(claim.judgement.five)["Sufficient"] is judgement.sufficient


def test_once_met_is_met(story: Story):
    (unit,) = gather(story.portfolio.pk).units
    p2 = unit.criteria[1]
    assert [(claim.version, claim.state) for claim in p2.claims] == [(2, "met"), (1, "not_yet")]
    assert (p2.state, p2.deciding.outcome) == ("met", "met")


def test_files_have_their_fingerprint_and_a_picture_is_printed_once(story: Story):
    again = Evidence.objects.get(number=1).versions.get(number=2)
    old = EvidenceFile.objects.get(name="desk.jpg")
    attach(again, "desk.jpg", old.blob)
    newest, oldest = gather(story.portfolio.pk).evidence[0].versions
    assert newest.files[0].sha256 == old.blob.sha256
    assert [file.name for file in newest.pictures] == ["desk.jpg"]
    assert [file.name for file in oldest.files] == ["desk.jpg", "mail.eml"]
    assert oldest.pictures == ()


def test_of_a_picture_the_copy_for_others_is_printed(story: Story):
    original = EvidenceFile.objects.get(name="desk.jpg").blob
    shown = make_blob(jpeg(colour="navy"))
    original.shown_as = shown
    original.save()
    facts = gather(story.portfolio.pk)
    assert facts.pictures == {shown.sha256}
    assert original.sha256 in facts.kept


def test_marking_points_keep_the_wording_that_was_signed(story: Story):
    (unit,) = gather(story.portfolio.pk).units
    sign_off = SignOff.objects.get()
    (guide,) = unit.sign_offs[0].guides
    rows = list(sign_off.credits.select_related("version__evidence"))
    assert [point.wording for point in guide.points] == [row.wording for row in rows]
    assert [
        (credit.number, credit.version) for point in guide.points for credit in point.credits
    ] == [(row.version.evidence.number, row.version.number) for row in rows]


def test_the_record_is_the_stream(story: Story):
    record = gather(story.portfolio.pk).record
    stream = Stream.objects.get(name=story.portfolio.stream)
    assert (record.head, record.length, record.fault) == (stream.head, stream.length, "")
    assert [entry.hash for entry in record.entries] == list(
        Entry.objects.filter(stream=stream).values_list("hash", flat=True)
    )
    assert record.entries[0].who == "Ed Walsh"


def test_a_ledger_that_does_not_hold_is_said(story: Story):
    Stream.objects.filter(name=story.portfolio.stream).update(head="f" * 64)
    assert "entry 9" in gather(story.portfolio.pk).record.fault


def test_an_empty_portfolio(cast):
    facts = gather(begin(cast).portfolio.pk)
    assert (facts.units, facts.evidence, facts.record.length) == ((), (), 0)


def test_another_learners_rows_stay_out(story: Story, cast):
    other = dataclasses.replace(cast, learner=cast.second_learner)
    theirs = small(other)
    mine, hers = gather(story.portfolio.pk), gather(theirs.portfolio.pk)
    claims = lambda facts: {  # noqa: E731
        claim.pk for unit in facts.units for each in unit.criteria for claim in each.claims
    }
    assert claims(mine)
    assert not claims(mine) & claims(hers)
    assert hers.learner == "Tom Reed"


def test_queries_do_not_grow_with_the_portfolio(story: Story, django_assert_num_queries):
    with CaptureQueriesContext(connection) as small_one:
        gather(story.portfolio.pk)
    second = story.enrol(make_edition(performance=5))
    for number in range(6):
        submission = story.hand_in(second, "P1", f"P{number % 4 + 2}", title=f"More {number}")
        attach(submission.version, f"{number}.jpg", make_blob(jpeg((10 + number, 10))))
        story.decide(submission, not_yet=["P1"])
        story.decide(story.hand_in(second, "P1", version=story.again(submission)))
    story.sign_off(second)
    with django_assert_num_queries(len(small_one)):
        facts = gather(story.portfolio.pk)
    assert len(facts.evidence) == 8
    assert len(small_one) <= 33


def test_neither_do_they_with_what_is_around_the_evidence(story: Story, django_assert_num_queries):
    add_one_of_each(story, 1)
    with CaptureQueriesContext(connection) as one_of_each:
        gather(story.portfolio.pk)
    queries = len(one_of_each)
    for number in (2, 3, 4):
        add_one_of_each(story, number)
    with django_assert_num_queries(queries):
        facts = gather(story.portfolio.pk)
    (unit,) = facts.units
    assert [len(unit.plans), len(unit.criteria[2].imported)] == [4, 4]
    assert [len(facts.testimonies), len([i for i in facts.evidence if i.record])] == [4, 4]
    judged = [claim for claim in unit.criteria[0].claims if claim.judgement]
    assert [len([c for c in judged if c.judgement.points]), len(facts.cuts)] == [4, 4]
    assert len([each for each in facts.reviews if each.comments]) == 4
    assert len([each for each in facts.reviews if each.taken_back]) == 4
    assert len([file for file in facts.files if file.is_copy]) == 4
    assert all(witness.approved_by for _number, witness in facts.testimonies)


# The matrix --------------------------------------------------------------------------------


def test_each_cell_of_the_matrix_is_what_the_database_says(story: Story):
    waiting = story.hand_in(story.enrolments[0], "P1", "K1", title="One more")
    facts = gather(story.portfolio.pk)
    (sheet,) = matrix.sheets(facts.units[0], facts.evidence)
    assert [column.code for column in sheet.columns] == ["P1", "P2", "K1"]
    for row in sheet.rows:
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            states = set(
                Claim.objects.filter(
                    criterion=column.pk, version__evidence__number=row.number
                ).values_list("status", flat=True)
            )
            if "met" in states:
                assert cell.state == "met"
            elif "submitted" in states:
                assert cell.state == "waiting"
            else:
                assert states == set()
                assert cell is None
    assert sheet.rows[-1].title == waiting.version.title


def test_evidence_for_another_unit_makes_no_row(story: Story):
    other = story.enrol(make_edition())
    story.hand_in(other, "P1", title="For the other unit")
    facts = gather(story.portfolio.pk)
    first, second = (matrix.sheets(unit, facts.evidence)[0] for unit in facts.units)
    assert [row.title for row in second.rows] == ["For the other unit"]
    assert "For the other unit" not in [row.title for row in first.rows]


def widths(performance: int, knowledge: int, story: Story) -> list[tuple[int, str]]:
    edition = make_edition(performance=performance, knowledge=knowledge)
    unit = make_enrolment(story.portfolio, edition)
    facts = gather(story.portfolio.pk)
    return [
        (len(sheet.columns), sheet.last_code)
        for sheet in matrix.sheets(facts.unit(unit.pk), facts.evidence)
    ]


def test_a_wide_unit_takes_several_sheets_a_kind_each_where_that_fits(story: Story):
    assert widths(14, 13, story) == [(27, "K13")]
    assert widths(20, 20, story) == [(40, "K20")]
    assert widths(24, 25, story) == [(24, "P24"), (25, "K25")]
    assert widths(45, 3, story) == [(24, "P24"), (24, "K3")]


def test_codes_turn_where_they_would_not_fit(story: Story):
    for edition, shape in (
        (make_edition(performance=14, knowledge=13), ""),
        (make_edition(performance=20, knowledge=15), "turned"),
    ):
        unit = make_enrolment(story.portfolio, edition)
        facts = gather(story.portfolio.pk)
        (sheet,) = matrix.sheets(facts.unit(unit.pk), facts.evidence)
        assert sheet.shape == shape
