"""What somebody chose for an export, in its facts; and what was hidden."""

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assessments.models import Comment, Judgement
from portfolio.models import EvidenceFile, EvidenceVersion, Redaction
from reports import document, facts, making
from reports.gather import gather
from reports.models import ExportRules
from reports.options import Options, Scope
from tests.factories import jpeg, make_edition, make_guide
from tests.reports.builders import Story, attach, make_blob
from tests.reports.test_pdf import pages_of

NOBODY_WAITS = SimpleNamespace(tell=lambda *_, **_more: None)
SECRET = "Margaret Bell"


@pytest.fixture
def two(story: Story) -> Story:
    """The small story, and a second unit with an item of its own and one that serves both."""
    edition = make_edition()
    make_guide(edition)
    second = story.enrol(edition)
    story.decide(story.hand_in(second, "P1", title="For the second unit alone"))
    shared = EvidenceVersion.objects.get(evidence__number=2)
    story.decide(story.hand_in(second, "K1", version=shared))
    return story


def told(story: Story, **chosen: Any) -> facts.Portfolio:
    return gather(story.portfolio.pk, options=Options(**chosen))


def test_only_the_chosen_unit_and_its_evidence(two: Story):
    first, second = two.enrolments
    some = told(two, scope=Scope.UNITS, units=(second.pk,))
    assert [unit.pk for unit in some.units] == [second.pk]
    assert [item.number for item in some.evidence] == [2, 3]
    claims = [claim for item in some.evidence for each in item.versions for claim in each.claims]
    assert {claim.unit for claim in claims} == {second.pk}
    assert {review.unit for review in some.reviews} == {second.edition.standard.urn}
    html = document.render(some)
    assert first.edition.standard.urn not in html
    assert "A call to a customer" not in html


def test_a_summary_has_the_forms_without_what_the_evidence_says(two: Story, tmp_path: Path, caplog):
    short = told(two, scope=Scope.SUMMARY)
    assert short.parts == ("index", "progress", "matrix", "sign_offs", "record")
    assert [short.pictures, short.cuts, short.attachments, short.reviews] == [set(), (), (), ()]
    path = making.print_out(short, tmp_path, NOBODY_WAITS, hands=2).path
    text = " ".join(" ".join(pages_of(path)).split())
    assert "Summary of a portfolio of evidence" in text
    assert "Unit sign-off" in text
    for left_out in ("I did the work.", "Well explained.", "Criteria, claims and decisions"):
        assert left_out not in text
    assert [each.getMessage() for each in caplog.records if each.name == "weasyprint"] == []
    assert "Version State 1 " in text  # no page of what is not printed
    html = document.render(short)
    assert 'href="#progress"' in html
    assert set(re.findall('href="#([^"]+)', html)) <= set(re.findall(' id="([^"]+)', html))


def test_without_feedback_the_decisions_and_reasons_stay(story: Story):
    Comment.objects.create(
        submission=Judgement.objects.first().submission,
        text="A word on this place.",
        made_by=story.cast.assessor,
        kind="whole",
        sha256="0" * 64,
    )
    said = ("Well explained.", "Add what the customer said.", "A word on this place.")
    whole, quiet = document.render(told(story)), document.render(told(story, feedback=False))
    assert all(each in whole for each in said)
    assert not any(each in quiet for each in said)
    assert "It shows what the criterion asks." in quiet


def test_labels_and_dates_are_in_the_chosen_language(story: Story):
    welsh = told(story, language="cy")
    html = document.render(welsh)
    assert '<html lang="cy"' in html
    assert "Tachwedd" in html or "Hydref" in html or "Medi" in html


# Originals ---------------------------------------------------------------------------------------


def inside(portfolio: facts.Portfolio) -> list[str]:
    return [each.name for each in portfolio.attachments]


def test_the_originals_go_inside_unless_they_are_not_wanted(story: Story):
    assert inside(told(story)) == ["001-1 desk.jpg", "001-1 mail.eml"]
    without = told(story, originals=False)
    assert inside(without) == []
    assert {file.left_out for file in without.files} == {"choice"}


def test_films_and_what_is_too_large_are_named_and_left_out(story: Story):
    rules = ExportRules.objects.create(
        centre=story.portfolio.centre, file_up_to_mb=1, files_up_to_mb=2
    )
    version = EvidenceVersion.objects.get(evidence__number=2)
    megabyte = 1024 * 1024
    for name, media_type, size in (
        ("film.mp4", "video/mp4", 10),
        ("large.pdf", "application/pdf", megabyte + 1),
        ("first.pdf", "application/pdf", megabyte),
        ("second.pdf", "application/pdf", megabyte - 100_000),
        ("third.pdf", "application/pdf", megabyte - 1),
    ):
        attach(version, name, make_blob(name.encode().ljust(size, b"\0"), media_type))
    some = told(story)
    left_out = {file.name: file.left_out for file in some.files}
    assert left_out["film.mp4"] == "film"
    assert (left_out["large.pdf"], left_out["third.pdf"]) == ("size", "size")
    assert (left_out["first.pdf"], left_out["second.pdf"]) == ("", "")
    assert sum(each.size for each in some.attachments) <= rules.files_up_to_mb * megabyte
    assert [file.name for _n, _v, file in some.elsewhere] == ["film.mp4", "large.pdf", "third.pdf"]
    html = document.render(some)
    for _number, _version, file in some.elsewhere:
        assert html.count(file.sha256) == 2  # beside its item, and in the list at the end
    assert "not inside this PDF" in html


def test_the_same_bytes_go_inside_once_and_names_never_clash(story: Story):
    version = EvidenceVersion.objects.get(evidence__number=2)
    data = make_blob(b"the same", "text/plain")
    attach(version, "notes.txt", data)
    attach(version, "copy of notes.txt", data)
    attach(version, "Notes.txt", make_blob(b"another", "text/plain"))
    attach(version, "../../etc/pass\u202ewd\x07.txt", make_blob(b"third", "text/plain"))
    names = inside(told(story))[2:]
    assert names == ["002-1 -..-etc-pass-wd-.txt", "002-1 Notes (2).txt", "002-1 notes.txt"]


# What was hidden ---------------------------------------------------------------------------------


@pytest.fixture
def hidden(story: Story) -> Story:
    """A name in an account, written down by the assessor too, and a face in a picture."""
    before = f"I rang {SECRET} back."
    submission = story.hand_in(
        story.enrolments[0],
        "P1",
        title=f"Ringing {SECRET}",
        account=before,
        account_html=f"<p>{before}</p>",
        place=f"where {SECRET} answers",
    )
    version = submission.version
    file = attach(version, "face.jpg", make_blob(jpeg((200, 100), "red")))
    story.decide(submission, reason=f"{SECRET} was rung.", feedback=f"Name no {SECRET}.")
    made: dict[str, Any] = {
        "evidence": version.evidence,
        "version": version,
        "status": "done",
        "made_by": story.cast.data_lead,
    }
    text = {
        "version": 1,
        "title": version.title,
        "account": before,
        "places": {"P1": f"where {SECRET} answers"},
    }
    start = before.index(SECRET)
    Redaction.objects.create(
        marks=[{"start": start, "end": start + len(SECRET)}],
        original_text=json.dumps([text]),
        **made,
    )
    mask = before.replace(SECRET, "█████")
    EvidenceVersion.objects.filter(pk=version.pk).update(
        title="Ringing █████", account=mask, account_html=f"<p>{mask}</p>"
    )
    version.claims.update(place="where █████ answers")
    copy = make_blob(jpeg((200, 100), "black"))
    Redaction.objects.create(
        marks=[], original=file.blob, original_name="Margaret.jpg", copy=copy, file=file, **made
    )
    EvidenceFile.objects.filter(pk=file.pk).update(blob=copy)
    return story


def test_what_was_hidden_is_in_no_fact(hidden: Story):
    some = told(hidden)
    original = Redaction.objects.exclude(original=None).get().original
    assert SECRET not in repr(some)
    assert "Margaret" not in repr(some)
    assert original.sha256 not in repr(some)
    html = document.render(some)
    assert "█████ was rung." in html
    assert "the copy in which something is hidden" in html
    (file,) = [file for file in some.files if file.name == "face.jpg"]
    assert file.attachment
    assert file.attachment.relation == "Supplement"


def test_the_data_lead_may_have_what_was_hidden(hidden: Story):
    some = told(hidden, unredacted="The appeal board asked for it.")
    redaction = Redaction.objects.exclude(original=None).get()
    item = some.evidence[-1].latest
    assert (item.title, item.account) == (f"Ringing {SECRET}", f"I rang {SECRET} back.")
    assert SECRET in item.account_html
    (claim,) = item.claims
    assert claim.place == f"where {SECRET} answers"
    assert claim.judgement
    assert claim.judgement.reason == f"{SECRET} was rung."
    (file,) = item.files
    assert (file.name, file.sha256) == ("Margaret.jpg", redaction.original.sha256)
    assert file.attachment
    assert (file.attachment.sha256, file.attachment.relation) == (file.sha256, "Source")
    html = document.render(some)
    assert "This copy shows what was hidden" in html
    assert "The appeal board" not in html


@pytest.mark.parametrize("status", ["queued", "running", "failed"])
def test_a_file_waits_outside_until_what_is_to_be_hidden_is(story: Story, status: str):
    version = EvidenceVersion.objects.get(evidence__number=2)
    file = attach(version, "face.jpg", make_blob(jpeg((200, 100), "red")))
    Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        file=file,
        status=status,
        marks=[{}],
        original=file.blob,
        original_name="face.jpg",
        made_by=story.cast.data_lead,
    )
    some = told(story)
    (found,) = [each for each in some.files if each.name == "face.jpg"]
    assert (found.left_out, found.picture, found.attachment) == ("hiding", "", None)
    assert "something is still to be hidden in it" in document.render(some)


def test_a_photo_goes_inside_without_its_place_and_camera(story: Story):
    original = EvidenceFile.objects.get(name="desk.jpg").blob
    original.shown_as = make_blob(jpeg(colour="navy"))
    original.save()
    (inside_as,) = [each for each in told(story).attachments if "desk" in each.name]
    assert (inside_as.sha256, inside_as.relation) == (original.shown_as.sha256, "Supplement")
