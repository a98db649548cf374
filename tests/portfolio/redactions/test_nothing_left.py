"""What is hidden can't be had by any address, by anybody but the data lead with a reason.

Every page and file of the item is asked for by every role, before (so that this test can fail)
and after; what comes back is searched for the words and for the bytes of the original.
"""

import hashlib

import pytest
from django.urls import reverse

from files.models import PreviewPart
from files.previews import text_of
from ledger.models import Entry, Sealed
from portfolio.models import EvidenceVersion, OriginalOpened
from reports.gather import gather
from tests.files.redaction.conftest import SECRET, film, secret_jpeg
from tests.portfolio.redactions.conftest import pdf_saying, prepared

PARTS = [each.value for each in PreviewPart.Role]
TEXT = f"I rang {SECRET} in the morning."
WHOLE_PAGE = [{"page": 1, "x": 0, "y": 0, "width": 1, "height": 1}]
WORDS = [{"start": 7, "end": 7 + len(SECRET)}]


def addresses(item, submission):
    """Everything that shows the item or a piece of it; the number of parts is more than any has."""
    centre, pk = item.cast.centre.slug, item.version.evidence_id

    def at(name, *args, query=""):
        return reverse(name, args=[centre, *args]) + query

    files = [each.pk for each in item.version.files.all()]
    found = [
        at("portfolio:evidence", pk),
        at("portfolio:evidence_version", pk, 1),
        at("portfolio:annotations", pk, 1),
        at("portfolio:evidence_list", query="?q=Margaret"),
        at("portfolio:evidence_list", query="?q=Bell"),
        at("portfolio:unit", item.enrolment.pk),
        at("portfolio:hide", pk, 1),
        at("portfolio:hide_account", pk, 1),
        at("portfolio:redactions"),
        at("assessments:submission", submission.pk),
    ]
    for file in files:
        found += [at("portfolio:file", file, query=q) for q in ("", "?preview=1", "?download=1")]
        found += [at(f"portfolio:{name}", file) for name in ("file_view", "preview", "hide_file")]
        found += [
            at("portfolio:preview_part", file, role, number) for role in PARTS for number in (1,)
        ]
    return found


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def had(item, submission, signed_in, people):
    """Address and role to what came, for all that came at all."""
    got = {}
    for part, person in people.items():
        client = signed_in(person)
        for address in addresses(item, submission):
            answer = client.get(address)
            if answer.status_code == 200:
                got[part, address] = body(answer)
    return got


def shows(got, original, *, names=True):
    """Who had the words or the bytes, and where. What somebody typed to search is not a find."""
    sha256 = hashlib.sha256(original).hexdigest()
    return sorted(
        key
        for key, data in got.items()
        if hashlib.sha256(data).hexdigest() == sha256
        or (names and (SECRET.encode() in data or b"Mrs Bell" in data))
    )


def case(kind, tmp_path):
    """A file's name and bytes, how its original is searched, and what to mark."""
    if kind == "photo":
        return "face.jpg", secret_jpeg(), [{"x": 0, "y": 0, "width": 1, "height": 1}]
    if kind == "pdf":
        return "letter.pdf", pdf_saying(SECRET), WHOLE_PAGE
    if kind == "film":
        data = film(tmp_path / "film.mkv", seconds=2).read_bytes()
        return "film.mkv", data, [{"begins": 0, "ends": 9}]
    return "note.txt", TEXT.encode(), WORDS


@pytest.fixture
def people(cast):
    return cast.people()


@pytest.mark.parametrize("kind", ["photo", "pdf", "film", "text"])
def test_a_file(kind, item_of, signed_in, people, cast, outsiders, tmp_path):
    name, original, marks = case(kind, tmp_path)
    item = item_of((name, original))
    submission = item.submit()
    prepared(item.file.blob)
    before = had(item, submission, signed_in, people)
    assert {part for part, _ in shows(before, original)} >= {"learner"}
    redaction = item.hide(marks)
    assert redaction.status == "done", redaction.trouble
    prepared(redaction.copy)
    after = had(item, submission, signed_in, people)
    assert shows(after, original) == []
    assert {part for part, _ in after} >= {"learner", "assessor", "iqa", "admin", "data_lead"}
    assert not any(had(item, submission, signed_in, outsiders.people()).values())
    assert SECRET not in (text_of(item.file.blob) or "")
    facts = repr(gather(item.enrolment.portfolio_id))
    assert redaction.original.sha256 not in facts
    assert SECRET not in facts


def test_the_words_of_an_account(item_of, signed_in, people, cast):
    item = item_of(
        (f"{SECRET}.txt", b"Nothing."),
        account=TEXT,
        title=f"With {SECRET}",
        personal_data="permission",
        permission_note=f"{SECRET} agreed.",
    )
    submission = item.submit()
    before = had(item, submission, signed_in, people)
    found = {part for part, _ in shows(before, b"")}
    assert found >= {"learner", "assessor", "iqa", "admin"}
    assert SECRET in repr(gather(item.enrolment.portfolio_id))
    client = signed_in(cast.assessor)
    centre = cast.centre.slug
    address = reverse("portfolio:hide_account", args=[centre, item.version.evidence_id, 1])
    answer = client.post(address, {"words": SECRET, "step": "hide"})
    assert answer.status_code == 302
    after = had(item, submission, signed_in, people)
    assert shows(after, b"") == []
    assert SECRET not in repr(gather(item.enrolment.portfolio_id))
    # The list of evidence does not find it by what is hidden either.
    assert not EvidenceVersion.objects.filter(account__icontains="Margaret").exists()
    listed = signed_in(cast.learner).get(
        reverse("portfolio:evidence_list", args=[centre]) + "?q=bell"
    )
    assert "With █████" not in listed.content.decode()


def test_the_submission_that_was_frozen_still_proves_itself_and_is_shown_nowhere(
    item_of, signed_in, cast
):
    item = item_of(account=TEXT)
    submission = item.submit()
    address = reverse(
        "portfolio:hide_account", args=[cast.centre.slug, item.version.evidence_id, 1]
    )
    signed_in(cast.learner).post(address, {"words": SECRET, "step": "hide"})
    submission.refresh_from_db()
    assert SECRET in submission.frozen["account"]
    page = signed_in(cast.assessor).get(
        reverse("assessments:submission", args=[cast.centre.slug, submission.pk])
    )
    assert "It matches" in page.content.decode()
    assert SECRET not in page.content.decode()


# The original ---------------------------------------------------------------------------------


def original_of(redaction, cast):
    return reverse("portfolio:original", args=[cast.centre.slug, redaction.pk])


def test_the_truth_table(photo, signed_in, cast, outsiders, people):
    """Who has the original's bytes by its own address, with a good reason and without one."""
    photo.submit()
    redaction = photo.hide()
    original = secret_jpeg()
    address = original_of(redaction, cast)
    got = {}
    for part, person in [
        *people.items(),
        *((f"their {p}", o) for p, o in outsiders.people().items()),
    ]:
        client = signed_in(person)
        asked = client.get(address)
        named = client.post(address, {"reason": "She asked for it."})
        unnamed = client.post(address, {"reason": " "})
        got[part] = (asked.status_code, named.status_code, unnamed.status_code)
        assert body(asked) != original
        assert body(unnamed) != original
        if part != "data_lead":
            assert body(named) != original
    assert got.pop("data_lead") == (200, 200, 422)
    assert {part: set(codes) for part, codes in got.items() if not part.startswith("their")} == (
        {part: {403} for part in set(people) - {"data_lead"}}
    )
    assert all(set(codes) == {404} for part, codes in got.items() if part.startswith("their"))


def test_the_data_lead_has_it_as_it_was_and_that_is_kept(photo, signed_in, cast):
    redaction = photo.hide()
    answer = signed_in(cast.data_lead).post(
        original_of(redaction, cast), {"reason": "The police asked."}
    )
    assert body(answer) == secret_jpeg()
    assert answer["Content-Disposition"] == f'attachment; filename="{SECRET}.jpg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    opened = OriginalOpened.objects.get()
    assert (opened.opened_by, opened.reason) == (cast.data_lead, "The police asked.")
    entry = Entry.objects.get(verb="original_opened")
    assert "police" not in str(entry.facts)
    assert Sealed.objects.get(entry=entry).text == "The police asked."
    page = (
        signed_in(cast.data_lead)
        .get(reverse("portfolio:redactions", args=[cast.centre.slug]))
        .content.decode()
    )
    assert "The police asked." in page


def test_without_a_reason_nothing_is_opened(photo, signed_in, cast):
    redaction = photo.hide()
    answer = signed_in(cast.data_lead).post(original_of(redaction, cast), {"reason": ""})
    assert answer.status_code == 422
    assert not OriginalOpened.objects.exists()


def test_an_account_as_it_was(item_of, signed_in, cast):
    item = item_of(
        (f"Till of {SECRET}.txt", b"Nothing."),
        account=TEXT,
        title=f"With {SECRET}",
        permission_note=f"{SECRET} agreed.",
    )
    client = signed_in(cast.learner)
    address = reverse(
        "portfolio:hide_account", args=[cast.centre.slug, item.version.evidence_id, 1]
    )
    client.post(address, {"words": SECRET, "step": "hide"})
    redaction = item.version.evidence.redactions.get()
    answer = signed_in(cast.data_lead).post(original_of(redaction, cast), {"reason": "Appeal."})
    assert answer["Content-Disposition"].startswith("attachment")
    for each in (TEXT, f"With {SECRET}", f"Till of {SECRET}.txt", f"{SECRET} agreed."):
        assert each in answer.content.decode()
    assert item.file.name == "Till of █████.txt"


def test_nobody_opens_the_original_of_their_own_evidence(photo, signed_in, cast):
    cast.learner.memberships.create(centre=cast.centre, role="data_lead")
    redaction = photo.hide()
    answer = signed_in(cast.learner).post(original_of(redaction, cast), {"reason": "Mine."})
    assert answer.status_code == 403
    assert not OriginalOpened.objects.exists()
