"""What a text file says at its beginning, in the facts and on paper."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from files import store
from files.models import Preview, PreviewPart
from portfolio.actions import hide_in_account
from portfolio.models import EvidenceFile, EvidenceVersion, Redaction
from reports import document
from reports.beginnings import LINES, LONGEST, READ, beginning
from reports.facts import File
from reports.gather import gather
from reports.options import Options, Scope
from tests.reports.builders import Story, attach, make_blob

SECRET = "Margaret Bell"


def say(story: Story, text: str, name: str = "notes.txt", **preview: str) -> EvidenceFile:
    """A file in the last item, with a preview that says this."""
    version = EvidenceVersion.objects.get(evidence__number=2)
    file = attach(version, name, make_blob(text.encode() + b"!", "text/plain"))
    told = {"kind": "text", "status": "ready", **preview}
    row = Preview.objects.create(blob=file.blob, **told)
    blob = make_blob(text.encode(), "text/plain")
    PreviewPart.objects.create(preview=row, role="text", blob=blob)
    return file


def told_of(story: Story, name: str = "notes.txt", **options: str) -> File:
    told = gather(story.portfolio.pk, options=Options(**options))
    return next(file for file in told.files if file.name == name)


def test_a_text_is_quoted_and_named(story: Story):
    say(story, "Rang at <nine>.\n\nRang  again.")
    told = gather(story.portfolio.pk)
    assert [file.beginning for file in told.files if file.beginning] == [
        "Rang at <nine>.\nRang again."
    ]
    html = document.render(told)
    assert "From the beginning of notes.txt" in html
    assert "Rang at &lt;nine&gt;.<br>Rang again." in html


@pytest.mark.parametrize("status", ["queued", "running", "none"])
def test_without_a_finished_preview_there_is_the_name_alone(story: Story, status: str):
    say(story, "Rang at nine.", status=status)
    assert told_of(story).beginning == ""


def test_a_text_that_is_lost_or_empty_does_not_end_the_export(story: Story):
    say(story, "Rang at nine.")
    say(story, "", name="empty.txt")
    store.place_of(make_blob(b"Rang at nine.").sha256).unlink()
    assert told_of(story).beginning == ""
    assert told_of(story, "empty.txt").beginning == ""


def test_a_summary_has_none(story: Story):
    say(story, "Rang at nine.")
    assert told_of(story, scope=Scope.SUMMARY).beginning == ""


def test_the_same_file_in_two_versions_is_quoted_once(story: Story):
    file = say(story, "Rang at nine.")
    attach(file.version, "again.txt", file.blob)
    html = document.render(gather(story.portfolio.pk))
    assert html.count("Rang at nine.") == 1


def test_it_is_cut_at_a_word_and_at_a_line():
    words = beginning("word " * 200, (), more=False)
    assert words.endswith("word …")
    assert LONGEST - 10 < len(words) <= LONGEST + 2
    assert beginning("x" * 2000, (), more=False) == "x" * LONGEST + " …"
    assert beginning("a line\n" * 50, (), more=False).count("a line") == LINES
    assert beginning("all of it", (), more=True) == "all of it …"


# What was hidden ----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, LONGEST - 20, LONGEST - 8])
def test_words_hidden_in_the_item_are_hidden_here_wherever_it_is_cut(before: int):
    said = beginning("a " * (before // 2) + f"{SECRET} called.", (SECRET,), more=False)
    assert "Margaret" not in said
    assert "Bell" not in said


def test_half_a_hidden_phrase_at_the_end_of_what_was_read_is_left_out():
    phrase = "she told me in tears what he had done " * 20
    said = beginning(f"Before. {phrase[:300]}", (phrase.strip(),), more=True)
    assert "tears" not in said


def test_what_was_hidden_in_the_account_is_masked_in_its_files(story: Story):
    say(story, f"{SECRET} came at nine.")
    version = EvidenceVersion.objects.get(evidence__number=2)
    account = f"I helped {SECRET}."
    EvidenceVersion.objects.filter(pk=version.pk).update(account=account)
    start = account.index(SECRET)
    marks = [{"start": start, "end": start + len(SECRET)}]
    hide_in_account(version=version, marks=marks, by=story.cast.data_lead)
    assert told_of(story).beginning == "█████ came at nine."
    assert SECRET in told_of(story, unredacted="The appeal board asked.").beginning


@pytest.fixture
def redaction(story: Story) -> Redaction:
    file = say(story, f"{SECRET} came at nine.")
    return Redaction.objects.create(
        evidence=file.version.evidence,
        version=file.version,
        file=file,
        status="queued",
        marks=[],
        original=file.blob,
        original_name=file.name,
        made_by=story.cast.data_lead,
    )


@pytest.mark.parametrize("status", ["queued", "failed"])
def test_while_something_is_to_be_hidden_nothing_is_quoted(
    story: Story, redaction: Redaction, status: str
):
    Redaction.objects.filter(pk=redaction.pk).update(status=status)
    told = gather(story.portfolio.pk)
    assert SECRET not in repr(told)
    assert not any(file.beginning for file in told.files)


def test_a_copy_says_what_the_copy_says(story: Story, redaction: Redaction):
    copy = make_blob(b"Somebody came at nine.", "text/plain")
    Redaction.objects.filter(pk=redaction.pk).update(status="done", copy=copy)
    EvidenceFile.objects.filter(pk=redaction.file_id).update(blob=copy)
    assert told_of(story).beginning == ""  # nobody has made a preview of the copy
    row = Preview.objects.create(blob=copy, kind="text", status="ready")
    PreviewPart.objects.create(preview=row, role="text", blob=copy)
    assert told_of(story).beginning == "Somebody came at nine."


# How much is read ---------------------------------------------------------------------------------


def test_no_more_of_a_text_is_read_than_is_needed(story: Story, monkeypatch: pytest.MonkeyPatch):
    say(story, "word " * 20_000)
    spans = []
    read = store.open_blob

    def watched(blob, span=None):
        spans.append(span)
        return read(blob, span)

    monkeypatch.setattr(store, "open_blob", watched)
    assert told_of(story).beginning.startswith("word word")
    assert spans == [range(READ)]


def test_texts_take_no_more_queries_however_many(story: Story, django_assert_num_queries):
    say(story, "Rang at nine.")
    with CaptureQueriesContext(connection) as one:
        gather(story.portfolio.pk)
    for number in range(5):
        say(story, f"Text {number}.", name=f"{number}.txt")
    with django_assert_num_queries(len(one)):
        told = gather(story.portfolio.pk)
    assert sum(bool(file.beginning) for file in told.files) == 6
