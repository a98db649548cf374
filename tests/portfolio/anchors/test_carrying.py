"""When evidence changes its places move with it, or go and are named; they never mean other
words than those that were chosen."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.models import Submission
from files.models import Preview, Upload
from portfolio import actions
from portfolio.anchors import texts
from portfolio.anchors.texts import account_text
from portfolio.models import Anchor, Claim, EvidenceFile, EvidenceVersion, Redaction
from tests.factories import Cast
from tests.portfolio.anchors.conftest import PAGES, Plain, make_blob, make_file, words

PROMISE = "I rang her back on Friday"
ACCOUNT = f"First she was cross.\n\n{PROMISE} as I had promised.\n\nShe thanked me."


@pytest.fixture
def edit(cast: Cast) -> Callable[..., EvidenceVersion]:
    def change(version: EvidenceVersion, account: str, *uploads: Upload) -> EvidenceVersion:
        return actions.edit_evidence(
            version=version,
            title=version.title,
            method=version.method,
            gathered_on=version.gathered_on,
            account=account,
            uploads=uploads,
            by=cast.learner,
        )

    return change


@pytest.fixture
def promised(cast: Cast, claim: Claim, edit: Callable[..., EvidenceVersion], said: Plain) -> Claim:
    """A claim at one sentence of the account."""
    edit(claim.version, ACCOUNT)
    text = account_text(claim.version)
    place = {"kind": "passage", "sha256": texts.sha256_of(text), "quote": PROMISE}
    actions.set_anchors(claim=claim, anchors=[place], by=cast.learner)
    return claim


def places(claim: Claim) -> list[Anchor]:
    return list(Anchor.objects.filter(claim=claim))


def lost(claim: Claim) -> list[str]:
    claim.refresh_from_db()
    return [each["quote"] or each["name"] for each in claim.lost_places]


# An account that is edited


def test_a_passage_moves_with_its_words(promised: Claim, edit: Callable[..., Any]) -> None:
    (before,) = places(promised)
    version = edit(promised.version, "A new beginning.\n\n" + ACCOUNT + " Really.")
    (after,) = places(promised)
    text = account_text(version)
    assert after.pk == before.pk
    assert after.start == before.start + len("A new beginning.\n")
    assert text[after.start :].startswith(PROMISE)
    assert after.sha256 == texts.sha256_of(text)
    assert lost(promised) == []


@pytest.mark.parametrize(
    "account",
    [
        ACCOUNT.replace("Friday", "Monday"),
        ACCOUNT.replace(PROMISE + " as I had promised.\n\n", ""),
        f"Others said “{PROMISE}, yes”.",  # the same words in another place
        "",
    ],
)
def test_a_passage_whose_words_are_gone_is_named(
    promised: Claim, edit: Callable[..., Any], account: str
) -> None:
    edit(promised.version, account)
    assert places(promised) == []
    assert lost(promised) == [PROMISE]


def test_a_passage_that_is_written_again_comes_back(
    promised: Claim, edit: Callable[..., Any]
) -> None:
    edit(promised.version, "Nothing.")
    edit(promised.version, ACCOUNT)
    assert [each.quote for each in places(promised)] == [PROMISE]
    assert lost(promised) == []


def test_saving_the_claims_puts_what_was_lost_behind(
    promised: Claim, edit: Callable[..., Any]
) -> None:
    edit(promised.version, "Nothing.")
    actions.forget_lost_places(promised.version)
    assert lost(promised) == []


# Files that are taken out


def test_a_file_that_is_taken_out_takes_its_places_along(
    cast: Cast, claim: Claim, on: Plain, film: EvidenceFile, photo: EvidenceFile
) -> None:
    kept = on(photo, "whole")
    actions.set_anchors(
        claim=claim, anchors=[on(film, "moment", begins=70, ends=105), kept], by=cast.learner
    )
    actions.remove_file(file=film, by=cast.learner)
    assert [each.file_id for each in places(claim)] == [photo.pk]
    assert lost(claim) == ["film.mp4"]


def test_the_same_bytes_under_another_row_hold_the_places(
    cast: Cast, claim: Claim, on: Plain, film: EvidenceFile
) -> None:
    twin = EvidenceFile.objects.create(
        version=film.version, blob=film.blob, name="again.mp4", order=9
    )
    moment = on(film, "moment", begins=70, ends=105)
    actions.set_anchors(claim=claim, anchors=[moment], by=cast.learner)
    actions.remove_file(file=film, by=cast.learner)
    (anchor,) = places(claim)
    assert (anchor.file_id, anchor.begins, anchor.ends) == (twin.pk, 70, 105)
    assert lost(claim) == []


def test_a_file_replaced_by_itself_in_one_go(
    cast: Cast, claim: Claim, on: Plain, film: EvidenceFile, edit: Callable[..., Any]
) -> None:
    moment = on(film, "moment", begins=70, ends=105)
    actions.set_anchors(claim=claim, anchors=[moment], by=cast.learner)
    actions.remove_file(file=film, by=cast.learner)
    upload = Upload.objects.create(
        centre=cast.centre, owner=cast.learner, blob=film.blob, name="film.mp4"
    )
    edit(claim.version, "", upload)
    (anchor,) = places(claim)
    assert anchor.file.version == claim.version
    assert lost(claim) == []


# A corrected file of the same name

NOTES = (
    "I rang Mrs Bell at nine. She was cross about the late load. The yard had been shut from noon "
    "on. I said that I was sorry."
)


def swap(
    cast: Cast, file: EvidenceFile, edit: Callable[..., Any], text: str, name: str = "notes.txt"
) -> EvidenceFile:
    """She takes the file out and puts another in; its preview is made a little later."""
    version = file.version
    actions.remove_file(file=file, by=cast.learner)
    blob = make_blob(text.encode(), "text/plain")
    upload = Upload.objects.create(centre=cast.centre, owner=cast.learner, blob=blob, name=name)
    edit(version, "", upload)
    return version.files.get(name=name)


def be_ready(file: EvidenceFile, text: str) -> None:
    preview, _new = Preview.objects.update_or_create(
        blob=file.blob, defaults={"kind": "text", "status": "ready"}
    )
    preview.parts.all().delete()
    preview.parts.create(role="text", number=1, blob=make_blob(text.encode(), "text/plain"))


@pytest.fixture
def noted(cast: Cast, claim: Claim, on: Plain, film: EvidenceFile) -> EvidenceFile:
    """Notes in which two sentences are marked; in a film, a moment is."""
    parts = (("text", 1, NOTES),)
    file = make_file(claim.version, "notes.txt", "text", media_type="text/plain", parts=parts)
    wanted = [
        on(file, "passage", quote="She was cross about the late load."),
        on(file, "passage", quote="I said that I was sorry."),
        on(film, "moment", begins=1, ends=2),
    ]
    actions.set_anchors(claim=claim, anchors=wanted, by=cast.learner)
    return file


CORRECTED = NOTES.replace("at nine", "at ten past nine").replace("was sorry", "would call")


def test_what_a_corrected_file_still_says_is_brought_over(
    cast: Cast, claim: Claim, noted: EvidenceFile, edit: Callable[..., Any]
) -> None:
    new = swap(cast, noted, edit, CORRECTED)
    # Nothing is believed before its words can be read.
    assert sorted(lost(claim)) == [
        "I said that I was sorry.",
        "She was cross about the late load.",
    ]
    be_ready(new, CORRECTED)
    actions.recheck_places(claim.version, by=cast.learner)
    (passage,) = (each for each in places(claim) if each.kind == "passage")
    assert (passage.file, passage.sha256) == (new, new.blob.sha256)
    assert CORRECTED[passage.start :].startswith("She was cross about the late load.")
    assert lost(claim) == ["I said that I was sorry."]


def test_it_is_brought_over_also_when_the_claims_are_saved(
    cast: Cast, claim: Claim, noted: EvidenceFile, edit: Callable[..., Any], on: Plain
) -> None:
    new = swap(cast, noted, edit, CORRECTED)
    be_ready(new, CORRECTED)
    claim.refresh_from_db()
    marked = on(new, "passage", quote="She was cross about the late load.")
    actions.set_anchors(claim=claim, anchors=[marked], by=cast.learner)
    assert len(places(claim)) == 1  # and never a second time beside her own
    assert lost(claim) == ["I said that I was sorry."]


@pytest.mark.parametrize("name", ["other.txt", "Notes.txt"])
def test_a_file_of_another_name_is_another_file(
    cast: Cast, claim: Claim, noted: EvidenceFile, edit: Callable[..., Any], name: str
) -> None:
    new = swap(cast, noted, edit, CORRECTED, name)
    be_ready(new, CORRECTED)
    actions.recheck_places(claim.version, by=cast.learner)
    assert len(lost(claim)) == 2


def test_which_of_two_of_the_same_name_is_not_guessed(
    cast: Cast, claim: Claim, noted: EvidenceFile, edit: Callable[..., Any]
) -> None:
    new = swap(cast, noted, edit, CORRECTED)
    be_ready(new, CORRECTED)
    make_file(claim.version, "notes.txt", "text", data=b"x", media_type="text/plain")
    actions.recheck_places(claim.version, by=cast.learner)
    assert len(lost(claim)) == 2


def test_moments_and_parts_of_another_file_are_never_believed(
    cast: Cast, claim: Claim, noted: EvidenceFile, film: EvidenceFile
) -> None:
    actions.remove_file(file=film, by=cast.learner)
    make_file(
        claim.version, "film.mp4", "film", data=b"other", media_type="video/mp4", duration=240.0
    )
    actions.recheck_places(claim.version, by=cast.learner)
    assert lost(claim) == ["film.mp4"]


@pytest.mark.parametrize("page", ["the same", "another"])
def test_a_corrected_pdf_page_by_page(
    cast: Cast, claim: Claim, pages: EvidenceFile, on: Plain, page: str
) -> None:
    wanted = [on(pages, "passage", quote="thank you for your call", page=1)]
    actions.set_anchors(claim=claim, anchors=wanted, by=cast.learner)
    actions.remove_file(file=pages, by=cast.learner)
    texts_now = ["Dear Mrs Bell,\nthank you for your call.\nGood day.", "Bye"]
    texts_now = texts_now if page == "the same" else texts_now[::-1]
    parts = tuple(("words", number, words(text)) for number, text in enumerate(texts_now, 1))
    new = make_file(claim.version, "letter.pdf", "pages", data=b"new", parts=parts, pages=2)
    actions.recheck_places(claim.version, by=cast.learner)
    found = [(each.file, each.page) for each in places(claim)]
    assert found == ([(new, 1)] if page == "the same" else [])


# What was lost before something was hidden


def hide(cast: Cast, version: EvidenceVersion, original: Any, **fields: Any) -> None:
    Redaction.objects.create(
        evidence=version.evidence,
        version=version,
        original=original,
        status="done",
        made_by=cast.learner,
        **{"marks": [], **fields},
    )
    actions.recheck_places(version, by=cast.learner, naming=False)


def test_hiding_in_one_file_leaves_named_what_was_lost_in_another(
    cast: Cast, claim: Claim, noted: EvidenceFile, film: EvidenceFile
) -> None:
    for file in (noted, film):
        actions.remove_file(file=file, by=cast.learner)
    hide(cast, claim.version, film.blob, original_name="film.mp4")
    assert len(lost(claim)) == 2
    assert "film.mp4" not in [each["name"] for each in claim.lost_places]


@pytest.mark.parametrize("word", ["cross", "CROSS", "Bell at nine. "])
def test_hidden_words_are_in_nothing_that_is_named(
    cast: Cast, claim: Claim, noted: EvidenceFile, word: str
) -> None:
    """Not as a quote nor around one."""
    actions.remove_file(file=noted, by=cast.learner)
    text = f"To whom it may concern: {word} and more."
    original = make_blob(text.encode(), "text/plain")
    start = text.index(word)
    marks = [{"start": start, "end": start + len(word)}]
    hide(cast, claim.version, original, original_name="a.txt", marks=marks)
    assert word.strip().lower() not in str(claim_lost(claim)).lower()


def test_hidden_words_of_an_account_are_in_nothing_that_is_named(
    cast: Cast, promised: Claim, edit: Callable[..., Any], noted: EvidenceFile
) -> None:
    edit(promised.version, "Nothing.")
    actions.remove_file(file=noted, by=cast.learner)
    number = promised.version.number
    before = json.dumps([{"version": number, "account": "I am sorry."}])
    hide(cast, promised.version, None, original_text=before, marks=[{"start": 5, "end": 10}])
    assert lost(promised) == ["She was cross about the late load."]


def claim_lost(claim: Claim) -> list[Any]:
    claim.refresh_from_db()
    return claim.lost_places


# A copy that takes a file's place


def put_copy(file: EvidenceFile, *page_texts: str, ready: bool = True) -> None:
    parts = tuple(("words", number, words(text)) for number, text in enumerate(page_texts, 1))
    status = "ready" if ready else "queued"
    copy = make_file(
        file.version, "copy", "pages", parts=parts, pages=len(page_texts), status=status
    )
    EvidenceFile.objects.filter(pk=file.pk).update(blob=copy.blob)
    copy.delete()


@pytest.mark.parametrize("ready", [True, False])
def test_a_copy_with_words_taken_out(
    cast: Cast, claim: Claim, on: Plain, pages: EvidenceFile, ready: bool
) -> None:
    box = {"page": 2, "x": 0, "y": 0, "width": 1, "height": 0.5}
    wanted = [
        on(pages, "passage", quote="Yours sincerely", page=2),
        on(pages, "passage", quote="Mrs Bell", page=1),
        on(pages, "region", **box),
    ]
    actions.set_anchors(claim=claim, anchors=wanted, by=cast.learner)
    put_copy(pages, PAGES[0].replace("Mrs Bell", "████████"), *PAGES[1:], ready=ready)
    gone = actions.recheck_places(claim.version, by=cast.learner, naming=False)
    held = {each.kind: each for each in places(claim)}
    pages.refresh_from_db()
    assert {each.sha256 for each in held.values()} == {pages.blob.sha256}
    # While the copy's words are not known, a passage can't be shown to be in it.
    assert sorted(held) == (["passage", "region"] if ready else ["region"])
    assert {code for code, _place in gone} == {"P4"}
    assert "Mrs Bell" in [place.quote for _code, place in gone]
    assert lost(claim) == []


# A new version


def test_a_new_version_has_the_places_of_what_is_still_open(
    cast: Cast, sent_back: Submission
) -> None:
    source = sent_back.version
    blob = make_blob(b"a film", "video/mp4")
    file = EvidenceFile.objects.create(version=source, blob=blob, name="f.mp4", order=1)
    for claim in source.claims.all():
        Anchor.objects.create(
            claim=claim,
            file=file,
            sha256=blob.sha256,
            kind="moment",
            begins=70,
            ends=105,
            made_by=cast.learner,
        )
        Anchor.objects.create(claim=claim, sha256="a" * 64, kind="whole", made_by=cast.learner)
    version = actions.new_version(evidence=source.evidence, by=cast.learner)
    moment, whole = sorted(places(version.claims.get()), key=lambda each: each.kind)
    assert moment.file.version == version
    assert (moment.begins, moment.sha256) == (70, blob.sha256)
    assert whole.file is None
    assert Anchor.objects.filter(claim__version=source).count() == 4


# Properties

LETTERS = st.text(alphabet="ab c\n🙂", max_size=60)


@given(before=LETTERS, quote=LETTERS, after=LETTERS, new_before=LETTERS, new_after=LETTERS)
def test_what_is_found_again_is_always_the_words_that_were_chosen(
    before: str, quote: str, after: str, new_before: str, new_after: str
) -> None:
    assume(quote.strip())
    old = texts.at(before + quote + after, len(before), quote)
    text = new_before + quote[:5] + new_after
    found = texts.again(text, old.quote, old.prefix, old.suffix, old.start)
    if found:
        assert text[found.start : found.start + len(found.quote)] == found.quote
        assert found.quote.split() == quote.split()


@given(before=LETTERS, quote=LETTERS, after=LETTERS, added=LETTERS)
def test_what_is_added_far_away_moves_a_place_and_never_loses_it(
    before: str, quote: str, after: str, added: str
) -> None:
    assume(quote.strip() and quote == quote.strip())
    near = "<" + before[-20:].rjust(40, "x")  # more than is kept around a quote
    old_text = near + quote + after
    old = texts.at(old_text, len(near), quote)
    new_text = added + old_text
    found = texts.again(new_text, old.quote, old.prefix, old.suffix, old.start + len(added))
    assert found is not None
    assert found.start == len(added) + old.start


@given(before=LETTERS, quote=LETTERS, after=LETTERS)
def test_nothing_changed_nothing_moved(before: str, quote: str, after: str) -> None:
    assume(quote.strip() and quote == quote.strip())
    text = before + quote + after
    old = texts.at(text, len(before), quote)
    found = texts.again(text, old.quote, old.prefix, old.suffix, old.start)
    assert found == old


@given(before=LETTERS, quote=LETTERS, after=LETTERS)
def test_words_that_are_gone_are_never_found(before: str, quote: str, after: str) -> None:
    assume(quote.strip())
    assert texts.again(before + after, quote + "Ω", before, after, len(before)) is None
