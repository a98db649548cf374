"""When evidence changes its places move with it, or go and are named; they never mean other
words than those that were chosen."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assessments.models import Submission
from files.models import Upload
from portfolio import actions
from portfolio.anchors import texts
from portfolio.anchors.texts import account_text
from portfolio.models import Anchor, Claim, EvidenceFile, EvidenceVersion
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
