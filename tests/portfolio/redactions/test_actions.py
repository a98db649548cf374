import datetime

import pytest
from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments import actions as assessing
from assessments.models import Judgement
from files.actions import receive
from files.models import Preview
from files.previews import runner, text_of
from ledger.models import Entry
from ledger.record import faults
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.hiding import making, queue
from portfolio.models import (
    Anchor,
    Comparison,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Redaction,
    Sketch,
)
from portfolio.permissions import can_hide_too
from tests.factories import make_portfolio, make_version
from tests.files.redaction.conftest import SECRET, secret_jpeg, tone_only
from tests.portfolio.redactions.conftest import HER, pdf_saying, prepared
from tests.portfolio.witnesses.conftest import answer, wanted

FIVE = dict.fromkeys(Judgement.VARCS, True)


def parts(cast, allowed):
    return {name for name, user in cast.people().items() if allowed(user)}


def tries(verb, **given):
    def may(user):
        try:
            verb(by=user, **given)
        except PermissionDenied:
            return False
        except TransitionRefused:
            return True
        return True

    return may


# Who ------------------------------------------------------------------------------------------


def test_a_draft_is_hers_alone(photo, cast, outsiders):
    ask = tries(actions.hide_in_file, file=photo.file, marks=[HER])
    assert parts(cast, ask) == {"learner"}
    assert parts(outsiders, ask) == set()


def test_once_handed_in_her_assessor_and_the_data_lead_may_too(photo, cast, outsiders):
    photo.submit()
    ask = tries(actions.hide_in_file, file=photo.file, marks=[HER])
    assert parts(cast, ask) == {"learner", "assessor", "data_lead"}
    assert parts(outsiders, ask) == set()


def test_the_words_of_a_witness_are_not_the_learner_s_to_hide(photo, cast):
    photo.submit()
    photo.version.evidence.by_witness = True
    hide = tries(actions.hide_in_account, version=photo.version, marks=[{"start": 0, "end": 1}])
    assert not hide(cast.learner)
    assert hide(cast.assessor)


def test_only_the_data_lead_opens_the_original(photo, cast, outsiders):
    redaction = photo.hide()
    opens = tries(actions.open_original, redaction=redaction, reason="A complaint.")
    assert parts(cast, opens) == {"data_lead"}
    assert parts(outsiders, opens) == set()


# A file ---------------------------------------------------------------------------------------


def test_the_copy_takes_the_place_of_the_original_in_every_version(photo, cast, enrolment):
    submission = photo.submit()
    for claim in submission.claims():
        assessing.save_judgement(
            claim=claim,
            submission=submission,
            outcome="not_yet",
            reason="Unclear.",
            feedback="",
            by=cast.assessor,
            **FIVE,
        )
    assessing.return_(submission=submission, feedback="Again.", by=cast.assessor)
    actions.new_version(evidence=photo.version.evidence, by=cast.learner)
    original = photo.file.blob
    redaction = photo.hide(by=cast.learner, name="desk.jpg")
    assert (redaction.status, redaction.original) == ("done", original)
    rows = EvidenceFile.objects.filter(version__evidence=photo.version.evidence)
    assert [(row.blob, row.name) for row in rows] == [(redaction.copy, "desk.jpg")] * 2
    assert redaction.original_name == f"{SECRET}.jpg"
    assert not EvidenceFile.objects.filter(blob=original).exists()
    assert Preview.objects.filter(blob=redaction.copy).exists()
    assert Judgement.objects.exclude(decided_at=None).count() == 2


def test_the_ledger_says_what_took_whose_place_and_names_nobody(photo, cast):
    photo.submit()
    redaction = photo.hide(by=cast.assessor)
    entry = Entry.objects.get(verb="redacted")
    assert (entry.actor_id, entry.stream.name) == (
        cast.assessor.pk,
        photo.version.evidence.portfolio.stream,
    )
    assert entry.facts == {
        "evidence": 1,
        "versions": [1],
        "original": redaction.original.sha256,
        "copy": redaction.copy.sha256,
        "hidden": "picture",
        "marks": 1,
        "places_lost": [],
    }
    assert SECRET not in str(entry.facts)
    assert not list(faults())


# The same file elsewhere ----------------------------------------------------------------------


def test_the_copy_takes_its_place_in_every_item_of_hers_with_the_same_file(photo, item_of, cast):
    """One was handed in and has its place marked; one is a draft yet."""
    other, draft = item_of(("same.jpg", secret_jpeg())), item_of(("again.jpg", secret_jpeg()))
    claim = other.version.claims.first()
    place = anchor(claim, other.file, kind="region", x=0, y=0, width=0.5, height=0.5)
    submission = other.submit()
    photo.submit()
    redaction = photo.hide(by=cast.assessor)
    for each in (other, draft):
        assert each.file.blob == redaction.copy
        own = each.version.evidence.redactions.get()
        assert (own.status, own.original, own.marks) == ("done", redaction.original, [HER])
    assert (other.file.name, draft.file.name) == ("same.jpg", "again.jpg")
    assert not EvidenceFile.objects.filter(blob=redaction.original).exists()
    place.refresh_from_db()
    assert place.sha256 == redaction.copy.sha256
    told = Entry.objects.filter(verb="redacted")
    assert sorted(each.facts["evidence"] for each in told) == [1, 2, 3]
    assert {each.facts["original"] for each in told} == {redaction.original.sha256}
    assert {each.actor_id for each in told} == {cast.assessor.pk}
    assert not list(faults())
    frozen = submission.frozen
    submission.refresh_from_db()
    assert submission.frozen == frozen


def test_the_originals_name_in_another_item_is_the_data_lead_s_to_read(photo, item_of):
    other = item_of(("same.jpg", secret_jpeg()))
    photo.hide()
    assert other.version.evidence.redactions.get().original_name == "same.jpg"


@pytest.mark.parametrize("whose", ["by_witness", "recorded_by"])
def test_a_learner_s_copy_changes_nothing_that_is_a_witness_s_or_an_assessor_s(
    photo, item_of, cast, whose
):
    other = item_of(("same.jpg", secret_jpeg()))
    theirs = {"by_witness": True, "recorded_by": cast.assessor}[whose]
    Evidence.objects.filter(pk=other.version.evidence_id).update(**{whose: theirs})
    evidence = Evidence.objects.get(pk=other.version.evidence_id)
    assert parts(cast, lambda user: can_hide_too(user, evidence)) == set(cast.people()) - {
        "learner"
    }
    redaction = photo.hide()
    assert other.file.blob == redaction.original
    assert not evidence.redactions.exists()
    # An assessor who hides it there reaches all that still has it.
    again = actions.hide_in_file(file=handed_in(other).file, marks=[HER], by=cast.assessor)
    making.make(again.pk)
    assert other.file.blob == Redaction.objects.get(pk=again.pk).copy


def handed_in(item):
    now = timezone.now()
    EvidenceVersion.objects.filter(pk=item.version.pk).update(status="submitted", submitted_at=now)
    item.version.refresh_from_db()
    return item


def test_another_learner_s_same_file_stays(photo, cast):
    theirs = make_version(make_portfolio(cast.centre, cast.second_learner))
    file = EvidenceFile.objects.create(version=theirs, blob=photo.file.blob, name="a.jpg", order=0)
    redaction = photo.hide()
    file.refresh_from_db()
    assert file.blob == redaction.original
    assert Redaction.objects.get() == redaction


def test_where_it_is_just_being_hidden_it_is_not_marked_elsewhere(photo, item_of, cast):
    other = item_of(("same.jpg", secret_jpeg()))
    photo.ask()
    with pytest.raises(TransitionRefused, match="just being hidden"):
        other.ask()


def test_the_same_file_does_not_come_back_in_another_item(photo, item_of):
    photo.hide()
    with pytest.raises(ValidationError, match=r"was hidden, in evidence 1\. Download the copy"):
        item_of(("again.jpg", secret_jpeg()))
    assert Evidence.objects.count() == 1


def test_the_same_file_does_not_come_back_into_the_item(photo, cast):
    photo.hide()
    again = receive(
        file=SimpleUploadedFile("again.jpg", secret_jpeg()), centre=cast.centre, by=cast.learner
    )
    with pytest.raises(ValidationError, match="something was hidden"):
        actions.edit_evidence(
            version=photo.version,
            title="x",
            method="account",
            gathered_on=datetime.date(2026, 10, 1),
            account="",
            uploads=[again],
            by=cast.learner,
        )


def test_a_second_time_hides_more_and_keeps_both_originals(photo):
    first = photo.hide()
    second = photo.hide([{"x": 0, "y": 0, "width": 0.1, "height": 0.1}])
    assert second.original == first.copy
    assert photo.file.blob == second.copy


def test_two_at_once_in_one_file_are_refused(photo):
    photo.ask()
    with pytest.raises(TransitionRefused, match="just being hidden"):
        photo.ask()


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ([], "Mark at least one"),
        ([{**HER, "width": 0}], "is empty"),
        ([{**HER, "x": 1.2}], "is empty"),
        ([{**HER, "x": "left"}], "Fill in every number"),
        ([{**HER, "x": float("nan")}], "too large"),
        ([{"x": 0.1}], "Fill in every number"),
        ([HER] * 301, "at most 300"),
    ],
)
def test_marks_that_make_no_sense_are_refused(photo, marks, sentence):
    with pytest.raises(ValidationError, match=sentence):
        photo.ask(marks)
    assert not Redaction.objects.exists()


def test_a_box_over_the_edge_is_cut_off_there(photo):
    redaction = photo.ask([{"x": 0.9, "y": -0.1, "width": 0.5, "height": 0.2}])
    assert redaction.marks == [{"x": 0.9, "y": 0, "width": pytest.approx(0.1), "height": 0.1}]


def test_times_are_put_in_order_and_joined(item_of, tmp_path):
    from_tone = item_of(("talk.wav", _tone(tmp_path)))
    redaction = from_tone.ask(
        [{"begins": 3, "ends": 4}, {"begins": 1, "ends": 2}, {"begins": 1.5, "ends": 2.5}]
    )
    assert redaction.marks == [{"begins": 1.0, "ends": 2.5}, {"begins": 3.0, "ends": 4.0}]
    with pytest.raises(ValidationError, match="end after it begins"):
        item_of(("talk.wav", _tone(tmp_path, 2))).ask([{"begins": 2, "ends": 1}])


def _tone(tmp_path, seconds=4):
    return tone_only(tmp_path / "tone.wav", seconds).read_bytes()


# What points into it --------------------------------------------------------------------------


def anchor(claim, file, **place):
    return Anchor.objects.create(
        claim=claim,
        file=file,
        sha256=file.blob.sha256,
        made_by=claim.enrolment.portfolio.learner,
        **place,
    )


def test_a_part_of_a_picture_still_holds_on_the_copy(photo):
    claim = photo.version.claims.first()
    place = anchor(claim, photo.file, kind="region", x=0, y=0, width=0.5, height=0.5)
    redaction = photo.hide()
    place.refresh_from_db()
    assert place.sha256 == redaction.copy.sha256


def test_words_of_a_pdf_are_no_words_any_more_and_the_ledger_says_whose(item_of):
    item = item_of(("letter.pdf", pdf_saying(f"Dear {SECRET}")))
    prepared(item.file.blob)
    first, second = item.version.claims.all()
    anchor(first, item.file, kind="passage", page=1, quote="Dear", start=0)
    anchor(second, item.file, kind="pages", page=1, last_page=1)
    item.hide([{"page": 1, "x": 0, "y": 0, "width": 1, "height": 0.3}])
    assert [each.kind for each in Anchor.objects.all()] == ["pages"]
    assert Entry.objects.get(verb="redacted").facts["places_lost"] == ["P1"]
    first.refresh_from_db()
    assert first.lost_places == []  # it would quote what is hidden


def test_words_of_a_text_that_still_stand_still_hold(item_of):
    text = f"I rang {SECRET} in the morning. Then I wrote to the yard about the late load."
    item = item_of(("note.txt", text.encode()))
    prepared(item.file.blob)
    first, second = item.version.claims.all()
    anchor(
        first,
        item.file,
        kind="passage",
        quote="wrote to the yard",
        start=text.index("wrote"),
        prefix="Then I ",
        suffix=" about",
    )
    anchor(second, item.file, kind="passage", quote=f"rang {SECRET}", start=2, prefix="I ")
    start = text.index(SECRET)
    redaction = item.hide([{"start": start, "end": start + len(SECRET)}])
    assert text_of(redaction.copy) == text.replace(SECRET, "█████")
    (left,) = Anchor.objects.all()
    assert (left.quote, left.sha256) == ("wrote to the yard", redaction.copy.sha256)
    assert Entry.objects.get(verb="redacted").facts["places_lost"] == ["P2"]


# The account ----------------------------------------------------------------------------------


def hide_words(item, words, by=None):
    account = item.version.account
    start = account.index(words)
    return actions.hide_in_account(
        version=item.version,
        marks=[{"start": start, "end": start + len(words)}],
        by=by or item.cast.learner,
    )


def test_words_are_hidden_wherever_the_item_says_them(item_of, cast):
    item = item_of(
        account=f"I rang **{SECRET}**. {SECRET.lower()} was glad.", title=f"For {SECRET}"
    )
    claim = item.version.claims.first()
    claim.place = f"where {SECRET} speaks"
    claim.save()
    redaction = hide_words(item, SECRET)
    version = EvidenceVersion.objects.get(pk=item.version.pk)
    assert version.account == "I rang **█████**. █████ was glad."
    assert version.account_html == "<p>I rang <strong>█████</strong>. █████ was glad.</p>"
    assert version.title == "For █████"
    claim.refresh_from_db()
    assert claim.place == "where █████ speaks"
    assert SECRET in redaction.original_text
    assert (redaction.status, redaction.is_of_account) == ("done", True)
    facts = Entry.objects.get(verb="redacted").facts
    assert (facts["original"], facts["hidden"]) == (None, "words")
    assert SECRET not in str(facts)


def test_earlier_versions_are_masked_too(item_of, cast):
    item = item_of(account=f"I rang {SECRET} at nine.")
    submission = item.submit()
    for claim in submission.claims():
        assessing.save_judgement(
            claim=claim,
            submission=submission,
            outcome="not_yet",
            reason="Say more.",
            feedback="",
            by=cast.assessor,
            **FIVE,
        )
    assessing.return_(submission=submission, feedback="Again.", by=cast.assessor)
    again = actions.new_version(evidence=item.version.evidence, by=cast.learner)
    start = again.account.index(SECRET)
    actions.hide_in_account(
        version=again, marks=[{"start": start, "end": start + len(SECRET)}], by=cast.learner
    )
    rows = EvidenceVersion.objects.filter(evidence=item.version.evidence)
    assert {row.account for row in rows} == {"I rang █████ at nine."}


def test_a_passage_with_the_hidden_words_goes_and_its_neighbours_say_nothing(item_of):
    item = item_of(account=f"I rang {SECRET} in the morning and she told me what was wrong.")
    first, second = item.version.claims.all()
    text = account_text(item.version)
    common = {"sha256": sha256_of(text), "made_by": item.cast.learner, "kind": "passage"}
    Anchor.objects.create(claim=first, quote=SECRET, start=7, prefix="I rang ", **common)
    Anchor.objects.create(
        claim=second,
        quote="in the morning and she told me what was wrong",
        start=text.index("in the"),
        prefix=f"I rang {SECRET} ",
        suffix=".",
        **common,
    )
    hide_words(item, SECRET)
    (left,) = Anchor.objects.all()
    assert left.claim == second
    assert "Bell" not in left.prefix


def test_an_account_that_was_changed_meanwhile_is_not_masked_blindly(item_of):
    item = item_of(account="Short.")
    with pytest.raises(ValidationError, match="changed meanwhile"):
        actions.hide_in_account(
            version=item.version, marks=[{"start": 0, "end": 99}], by=item.cast.learner
        )


def test_what_likenesses_are_found_by_goes(item_of, cast):
    item = item_of(account=f"I rang {SECRET}.")
    Sketch.objects.create(
        centre=cast.centre,
        portfolio=item.enrolment.portfolio,
        version=item.version,
        kind="text",
        sha256="0" * 64,
        many=1,
    )
    Comparison.objects.create(version=item.version, done_at=timezone.now())
    hide_words(item, SECRET)
    assert not Sketch.objects.exists()
    assert Comparison.objects.get().done_at is None  # to be compared again


# The worker -----------------------------------------------------------------------------------


def test_a_damaged_file_fails_in_plain_words_and_can_be_tried_again(photo, monkeypatch):
    redaction = photo.ask()

    def damaged(job):
        raise runner.NotMade("damaged")

    with monkeypatch.context() as patch:
        patch.setattr(runner, "told", damaged)
        making.make(redaction.pk)
    redaction.refresh_from_db()
    assert (redaction.status, redaction.copy) == ("failed", None)
    assert "damaged or unusual" in redaction.trouble
    assert photo.file.blob == redaction.original
    actions.retry_redaction(redaction=redaction, by=photo.cast.learner)
    making.make(redaction.pk)
    redaction.refresh_from_db()
    assert redaction.status == "done"
    with pytest.raises(TransitionRefused):
        actions.retry_redaction(redaction=redaction, by=photo.cast.learner)


def test_a_killed_maker_is_tried_again_and_then_given_up(photo, monkeypatch, settings):
    redaction = photo.ask()

    def killed(job):
        raise runner.Killed("signal 9")

    monkeypatch.setattr(runner, "told", killed)
    for expected in ("queued", "queued", "failed"):
        making.make(redaction.pk)
        redaction.refresh_from_db()
        assert redaction.status == expected
    assert "several times" in redaction.trouble


def test_what_went_quiet_is_sent_again(photo, monkeypatch):
    redaction = photo.ask()
    long_ago = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Redaction.objects.filter(pk=redaction.pk).update(
        status="running", heartbeat_at=long_ago, attempts=1
    )
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **kw: sent.extend(args))
    queue.resend()
    assert sent == [redaction.pk]
    redaction.refresh_from_db()
    assert redaction.status == "queued"


def test_a_worker_that_was_given_up_changes_nothing(photo):
    redaction = photo.ask()
    run = making._Run.at(redaction.pk)
    Redaction.objects.filter(pk=redaction.pk).update(attempts=5)
    copy = run.make()
    actions.redactions.put_in_place(redaction=run.redaction, copy=copy)
    assert photo.file.blob == redaction.original
    assert making._Run.at(redaction.pk) is None


def test_a_file_that_was_taken_out_meanwhile(photo, cast):
    redaction = photo.ask()
    actions.remove_file(file=photo.file, by=cast.learner)
    making.make(redaction.pk)
    redaction.refresh_from_db()
    assert redaction.status == "failed"
    assert "taken out" in redaction.trouble
    assert not Entry.objects.filter(verb="redacted").exists()


def test_a_witness_s_words_are_hidden_where_people_look_and_kept_as_they_were_confirmed(
    enrolment, cast
):
    invitation, _token = actions.invite_witness(**wanted(enrolment))
    said = answer(invitation, statement=f"I saw her ring {SECRET} back.")
    evidence = actions.give_testimony(**said).evidence
    version = evidence.versions.get()
    start = version.account.index(SECRET)
    EvidenceVersion.objects.filter(pk=version.pk).update(status="submitted")
    version.refresh_from_db()
    actions.hide_in_account(
        version=version, marks=[{"start": start, "end": start + len(SECRET)}], by=cast.assessor
    )
    version.refresh_from_db()
    assert SECRET not in version.account
    assert SECRET in evidence.testimony.statement


def test_hidden_words_do_not_come_back_through_a_form_that_stood_open(item_of, cast):
    item = item_of(account="Ann Bee helped me. I thanked Ann Bee.")
    item.submit()
    for submission in item.version.submissions.all():
        assessing.return_(submission=judged(submission, cast), feedback="Again.", by=cast.assessor)
    draft = actions.new_version(evidence=item.version.evidence, by=cast.learner)
    text = item.version.account
    start = text.index("Ann Bee")
    actions.hide_in_account(
        version=item.version, marks=[{"start": start, "end": start + 7}], by=cast.assessor
    )
    actions.edit_evidence(
        version=draft,
        title="What ann bee said",
        method=draft.method,
        gathered_on=draft.gathered_on,
        account=text + " More.",
        uploads=[],
        personal_data="permission",
        permission_note="Ann Bee said yes.",
        by=cast.learner,
    )
    draft.refresh_from_db()
    said = draft.title + draft.account + draft.account_html + draft.permission_note
    assert "ann bee" not in said.lower()
    assert draft.account == "█████ helped me. I thanked █████. More."

    criterion = item.version.claims.first().criterion_id
    (claim,) = actions.claim(
        version=draft, places={criterion: "where Ann Bee speaks"}, by=cast.learner
    )
    claim.refresh_from_db()
    assert claim.place == "where █████ speaks"


def judged(submission, cast):
    for claim in submission.claims():
        assessing.save_judgement(
            claim=claim,
            submission=submission,
            outcome=Judgement.Outcome.NOT_YET,
            reason="Not yet.",
            feedback="",
            by=cast.assessor,
            **FIVE,
        )
    return submission
