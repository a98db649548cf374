from datetime import timedelta

import pytest
from django.utils import timezone

from portfolio.hiding import making
from portfolio.models import Evidence, EvidenceFile, Redaction
from reports.models import Report
from tests.factories import make_portfolio, make_version
from tests.files.redaction.conftest import SECRET, secret_jpeg, tone_only
from tests.portfolio.redactions.conftest import pdf_saying, prepared

BOX = {"x": "25", "y": "25", "width": "25", "height": "25"}


def text(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def her(signed_in, cast):
    return signed_in(cast.learner)


def test_from_the_evidence_to_the_file(photo, her, url_of):
    version = photo.version
    choose = url_of("hide", pk=version.evidence_id, number=1)
    assert choose in text(her.get(url_of("evidence", pk=version.evidence_id)))
    page = text(her.get(choose))
    assert url_of("hide_file", pk=photo.file.pk) in page
    assert url_of("hide_account", pk=version.evidence_id, number=1) in page


def test_a_box_by_numbers_is_looked_at_and_then_hidden(photo, her, url_of):
    address = url_of("hide_file", pk=photo.file.pk)
    assert 'name="x"' in text(her.get(address))
    empty = dict.fromkeys(BOX, "")
    rows = {name: [BOX[name], empty[name]] for name in BOX}
    checked = her.post(address, {**rows, "step": "check", "name": "desk.jpg"})
    assert checked.status_code == 200
    page = text(checked)
    assert 'x="0.25000" y="0.25000" width="0.25000" height="0.25000"' in page
    assert "will be called “desk.jpg”" in page
    assert '<input type="hidden" name="x" value="25">' in page
    assert not Redaction.objects.exists()
    answer = her.post(address, {**BOX, "step": "hide", "name": "desk.jpg"})
    redaction = Redaction.objects.get()
    assert answer.url == url_of("redaction", pk=redaction.pk)
    assert redaction.marks == [{"x": 0.25, "y": 0.25, "width": 0.25, "height": 0.25}]
    assert "The copy is being made" in text(her.get(answer.url))
    making.make(redaction.pk)
    assert "taken the original's place" in text(her.get(answer.url)).replace("&#x27;", "'")
    assert photo.file.name == "desk.jpg"


def test_going_back_keeps_what_was_marked(photo, her, url_of):
    address = url_of("hide_file", pk=photo.file.pk)
    answer = her.post(address, {**BOX, "step": "change"})
    assert answer.status_code == 200
    assert 'name="x" value="25"' in text(answer)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Mark at least one place"),
        ({**BOX, "x": "left"}, "Fill in every number of a box"),
        ({**BOX, "width": ""}, "Fill in every number of a box"),
        ({**BOX, "x": "120"}, "is empty, or lies outside"),
    ],
)
def test_what_makes_no_sense_comes_back_with_what_was_typed(photo, her, url_of, sent, sentence):
    answer = her.post(url_of("hide_file", pk=photo.file.pk), {**sent, "step": "check"})
    assert answer.status_code == 422
    assert sentence in text(answer)
    if sent:
        assert 'name="y" value="25"' in text(answer)


def test_words_of_a_pdf_become_boxes(item_of, her, url_of):
    item = item_of(("letter.pdf", pdf_saying(f"Dear {SECRET}")))
    address = url_of("hide_file", pk=item.file.pk)
    unread = her.post(address, {"words": SECRET, "step": "check"})
    assert "There are no words to find" in text(unread)
    prepared(item.file.blob)
    assert "does not stand in it" in text(her.post(address, {"words": "Ann", "step": "check"}))
    assert 'class="redact-black"' in text(her.post(address, {"words": SECRET, "step": "check"}))
    her.post(address, {"words": SECRET.lower(), "step": "hide"})
    marks = Redaction.objects.get().marks
    assert {mark["page"] for mark in marks} == {1}
    assert all(0.1 < mark["y"] < 0.2 and mark["x"] > 0.2 for mark in marks)


def test_words_are_not_said_to_be_hidden_on_pages_that_nobody_read(item_of, her, url_of, settings):
    settings.PREVIEW_LIMITS = {**settings.PREVIEW_LIMITS, "pages": 1}
    item = item_of(("letter.pdf", pdf_saying(SECRET, pages=2)))
    prepared(item.file.blob)
    address = url_of("hide_file", pk=item.file.pk)
    refused = her.post(address, {"words": SECRET, "step": "hide"})
    assert refused.status_code == 422
    assert "Only the first 1 pages of this file can be searched" in text(refused)
    assert not Redaction.objects.exists()
    by_box = {**BOX, "page": "2", "words": "", "step": "hide"}
    assert her.post(address, by_box).status_code == 302


def test_times_as_on_a_clock(item_of, her, url_of, tmp_path):
    item = item_of(("talk.wav", tone_only(tmp_path / "t.wav").read_bytes()))
    address = url_of("hide_file", pk=item.file.pk)
    sent = {"begins": ["0:01", "2.5"], "ends": ["0:02", "0:03"]}
    assert "0:01 to 0:02" in text(her.post(address, {**sent, "step": "check"}))
    her.post(address, {**sent, "step": "hide"})
    assert Redaction.objects.get().marks == [
        {"begins": 1.0, "ends": 2.0},
        {"begins": 2.5, "ends": 3.0},
    ]
    wrong = her.post(address, {"begins": "soon", "ends": "0:02", "step": "check"})
    assert (wrong.status_code, "minutes and seconds" in text(wrong)) == (422, True)


def test_words_of_an_account_are_looked_at_first(item_of, her, url_of):
    item = item_of(account=f"I rang {SECRET}. {SECRET} was glad.")
    address = url_of("hide_account", pk=item.version.evidence_id, number=1)
    page = text(her.post(address, {"words": f"{SECRET}\n\n", "step": "check"}))
    assert "2 times" in page
    assert "I rang █████. █████ was glad." in page
    assert "does not stand in it" in text(her.post(address, {"words": "Ann", "step": "check"}))
    assert her.post(address, {"words": "", "step": "check"}).status_code == 422
    answer = her.post(address, {"words": SECRET, "step": "hide"})
    assert "Hidden" in text(her.get(answer.url))


def test_a_letter_becomes_its_words(item_of, her, url_of):
    letter = (
        f"From: {SECRET} <m@example.org>\r\nTo: us@example.org\r\nSubject: Late\r\n"
        f"Content-Type: text/plain\r\n\r\nIt came late.\r\n{SECRET}\r\n"
    )
    item = item_of(("letter.eml", letter.encode()))
    address = url_of("hide_file", pk=item.file.pk)
    assert "still being prepared" in text(her.post(address, {"words": SECRET, "step": "check"}))
    prepared(item.file.blob)
    assert "plain text" in text(her.get(address))
    her.post(address, {"words": SECRET, "step": "hide"})
    redaction = Redaction.objects.get()
    making.make(redaction.pk)
    assert item.file.name == "letter.txt"
    got = b"".join(her.get(url_of("file", pk=item.file.pk)).streaming_content).decode()
    assert got.split() == ["It", "came", "late.", "█████"]


def test_what_failed_says_so_and_can_be_tried_again(photo, her, url_of):
    redaction = photo.ask()
    Redaction.objects.filter(pk=redaction.pk).update(status="failed", trouble="It is damaged.")
    page = text(her.get(url_of("redaction", pk=redaction.pk)))
    assert "Nothing was hidden" in page
    assert "It is damaged." in page
    assert her.post(url_of("redaction_retry", pk=redaction.pk)).status_code == 302
    redaction.refresh_from_db()
    assert redaction.status == "queued"


def test_pdfs_that_were_made_before_are_told_of_as_they_are_withheld(photo, her, url_of, cast):
    """One was begun before and ended after; the data lead's own shows what is hidden anyway."""
    for choices in ({}, {"unredacted": "The appeal board asked."}):
        made = Report.objects.create(
            portfolio=photo.enrolment.portfolio,
            requested_by=cast.admin,
            status="done",
            choices=choices,
            blob=photo.file.blob,
            started_at=timezone.now(),
            finished_at=timezone.now(),
        )
    check = her.post(url_of("hide_file", pk=photo.file.pk), {**BOX, "step": "check"})
    assert "1 PDF of this portfolio was made before. Once this is hidden" in text(check)
    redaction = photo.hide()
    Report.objects.exclude(pk=made.pk).update(
        finished_at=redaction.finished_at + timedelta(minutes=1)
    )
    page = text(her.get(url_of("redaction", pk=redaction.pk)))
    assert "1 PDF of this portfolio was made before this. It is no longer handed out" in page
    assert Report.objects.get(choices={}).withheld()


def test_the_same_file_elsewhere_is_named_before_and_after(
    photo, item_of, her, signed_in, cast, url_of
):
    """A draft of hers to her alone; others' evidence to the data lead, who sees it, alone."""
    draft = item_of(("same.jpg", secret_jpeg()), title="Her own draft")
    photo.submit()
    theirs = make_version(
        make_portfolio(cast.centre, cast.second_learner),
        title="Theirs",
        submitted_at=timezone.now(),
    )
    Evidence.objects.filter(pk=theirs.evidence_id).update(first_submitted_at=timezone.now())
    EvidenceFile.objects.create(version=theirs, blob=photo.file.blob, name="a.jpg", order=0)
    address, sent = url_of("hide_file", pk=photo.file.pk), {**BOX, "step": "check"}
    hers = url_of("evidence", pk=draft.version.evidence_id)
    others = url_of("evidence", pk=theirs.evidence_id)
    for person, sees_draft, sees_others in (
        (cast.learner, True, False),
        (cast.assessor, False, False),
        (cast.data_lead, False, True),
    ):
        page = text(signed_in(person).post(address, sent))
        assert "wherever else this portfolio has the same file" in page
        assert (f'href="{hers}"' in page, f'href="{others}"' in page) == (sees_draft, sees_others)
        assert ("where the copy takes its place too" in page) is sees_draft
    redaction = photo.hide()
    done = url_of("redaction", pk=redaction.pk)
    page = text(her.get(done))
    assert "has taken its place there too" in page
    assert "2. Her own draft</a>" in page
    assert "Still shown elsewhere" not in page
    page = text(signed_in(cast.data_lead).get(done))
    assert "Other learners handed in the same file. Nothing was hidden there" in page
    assert f"Theirs</a>, {cast.second_learner.name}" in page
    own = draft.version.evidence.redactions.get()
    assert "1. At the desk</a>" in text(her.get(url_of("redaction", pk=own.pk)))


def test_what_the_copy_does_not_reach_is_named(photo, item_of, her, url_of, cast):
    record = item_of(("same.jpg", secret_jpeg()), title="What I saw")
    Evidence.objects.filter(pk=record.version.evidence_id).update(by_witness=True)
    page = text(her.post(url_of("hide_file", pk=photo.file.pk), {**BOX, "step": "check"}))
    assert "evidence that is not yours to change" in page
    assert "2. What I saw</a>" in page
    page = text(her.get(url_of("redaction", pk=photo.hide().pk)))
    assert "Still shown elsewhere" in page
    assert "2. What I saw</a>" in page


def test_progress_comes_as_a_fragment(photo, her, url_of):
    redaction = photo.ask()
    Redaction.objects.filter(pk=redaction.pk).update(status="running", progress=40)
    answer = her.get(url_of("redaction", pk=redaction.pk), headers={"HX-Request": "true"})
    assert 'value="40"' in text(answer)
    assert "<html" not in text(answer)


def test_the_data_lead_s_list_is_empty_at_first_and_names_no_files_as_they_were(
    photo, signed_in, cast, url_of
):
    client = signed_in(cast.data_lead)
    assert "Nothing was hidden yet" in text(client.get(url_of("redactions")))
    photo.hide(name="desk.jpg")
    page = text(client.get(url_of("redactions")))
    assert "desk.jpg" in page
    assert SECRET not in page
    assert url_of("redactions") in text(client.get(url_of("enrolments")))
