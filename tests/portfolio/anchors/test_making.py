"""Places are checked when they are made: what is not in the evidence can't be pointed at."""

from dataclasses import fields
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.actions import submit
from ledger.transitions import TransitionRefused
from portfolio.actions import claim as claim_criteria
from portfolio.actions import set_anchors
from portfolio.anchors.selectors import MOST_ANCHORS
from portfolio.anchors.texts import account_text, sha256_of, text_of_html
from portfolio.models import Anchor, Claim, EvidenceFile, EvidenceVersion
from tests.factories import Cast, make_claims, make_version
from tests.portfolio.anchors.conftest import Plain

PARTS = [each.name for each in fields(Cast) if each.name != "centre"]


def refused(claim: Claim, *plain: dict[str, Any]) -> str:
    """The sentence of a refusal, after which nothing is saved."""
    before = list(claim.anchors.values())
    with pytest.raises(ValidationError) as refusal:
        set_anchors(claim=claim, anchors=plain, by=claim.version.evidence.portfolio.learner)
    assert list(claim.anchors.values()) == before
    return " ".join(refusal.value.messages)


def made(claim: Claim, *plain: dict[str, Any]) -> list[Anchor]:
    learner = claim.version.evidence.portfolio.learner
    return set_anchors(claim=claim, anchors=plain, by=learner)


# The text of an account


def test_the_accounts_text_is_what_a_browser_calls_its_text_content() -> None:
    html = (
        '<p>One &lt;two&gt; &amp;amp; <em>three</em><br>\nfour</p>\n<ol start="3"><li>x</li></ol>'
    )
    assert text_of_html(html) == "One <two> &amp; three\nfour\nx"


# What is kept


def test_a_passage_of_the_account(claim: Claim, said: Plain) -> None:
    (anchor,) = made(claim, said("I rang her back on Friday 🙂 as I had promised."))
    text = account_text(claim.version)
    assert anchor.file is None
    assert anchor.sha256 == sha256_of(text)
    assert text[anchor.start :].startswith(anchor.quote)
    assert anchor.prefix == text[anchor.start - 32 : anchor.start]
    assert anchor.suffix == text[anchor.start + len(anchor.quote) :][:32]
    assert anchor.label == "“I rang her back on Friday 🙂 as I had promised.”"
    assert anchor.made_by == claim.version.evidence.portfolio.learner


def test_words_that_were_typed_are_found(claim: Claim, said: Plain) -> None:
    typed = said("She was cross & tired.\r\nI  rang her", start=None, prefix=None, suffix="")
    (anchor,) = made(claim, typed)
    assert anchor.quote == "She was cross & tired.\nI rang her"
    assert account_text(claim.version)[anchor.start :].startswith(anchor.quote)


def test_a_passage_of_a_file_and_of_a_page(
    claim: Claim, on: Plain, letter: EvidenceFile, pages: EvidenceFile
) -> None:
    first, second = made(
        claim,
        on(letter, "passage", quote="I will ring you on Friday.", start=12),
        on(pages, "passage", quote="Amira Khan", page=2, start=17),
    )
    assert (first.page, first.start, first.prefix) == (None, 12, "I am sorry.\n")
    assert (second.page, second.start) == (2, 17)
    assert second.label == "page 2: “Amira Khan”"


def test_which_of_several_is_told_by_what_stands_around_it(
    claim: Claim, on: Plain, letter: EvidenceFile
) -> None:
    twice = on(letter, "passage", quote="I am sorry.")
    assert "more than once" in refused(claim, twice)
    (anchor,) = made(claim, {**twice, "prefix": "on Friday.\n"})
    assert anchor.start == 39


def test_a_position_that_was_counted_otherwise_is_put_right(claim: Claim, said: Plain) -> None:
    """A script counts 🙂 as two."""
    quote = "as I had promised."
    right = said(quote)
    (anchor,) = made(claim, {**right, "start": right["start"] + 1})
    assert anchor.start == right["start"]


def test_regions_moments_pages_and_whole_files(
    claim: Claim, on: Plain, pages: EvidenceFile, photo: EvidenceFile, film: EvidenceFile
) -> None:
    anchors = made(
        claim,
        on(photo, "region", page=1, x=0.25, y=0.5, width=0.5, height=0.500_001),
        on(pages, "region", page=2, x=0, y=0.1, width=1, height=0.2),
        on(pages, "pages", page=1, last_page=3),
        on(pages, "pages", page=2),
        on(film, "moment", begins=70, ends=105),
        on(film, "moment", begins=230.5, ends=240.4),
        on(film, "whole"),
    )
    assert {each.label for each in anchors} == {
        "marked part",
        "page 2, marked part",
        "pages 1 to 3",
        "page 2",
        "1:10 to 1:45",
        "3:50.5 to 4:00.04",
        "all of it",
    }
    on_photo = next(each for each in anchors if each.file == photo)
    assert (on_photo.page, on_photo.y + on_photo.height) == (None, 1)


def test_the_same_place_twice_is_one(claim: Claim, on: Plain, film: EvidenceFile) -> None:
    moment = on(film, "moment", begins=1, ends=2)
    assert len(made(claim, moment, {**moment, "begins": 1.000_01})) == 1


def test_saving_again_keeps_the_rows_that_stay(
    claim: Claim, said: Plain, on: Plain, film: EvidenceFile, photo: EvidenceFile
) -> None:
    box = {"x": 0.1, "y": 0.7, "width": 0.9, "height": 0.3}
    first = made(
        claim, said("cross"), on(film, "moment", begins=1, ends=2), on(photo, "region", **box)
    )
    second = made(claim, *(each.plain for each in first))
    assert [each.pk for each in second] == [each.pk for each in first]
    (left,) = made(claim, first[0].plain)
    assert left.pk == first[0].pk


def test_a_place_that_stands_is_not_asked_of_a_file_that_is_being_prepared_again(
    claim: Claim, on: Plain, film: EvidenceFile
) -> None:
    (anchor,) = made(claim, on(film, "moment", begins=1, ends=2))
    type(film.blob.preview).objects.update(status="running")
    assert made(claim, anchor.plain) == [anchor]


# What is refused

UNREADABLE = [
    "words",
    {},
    {"kind": "hole"},
    {"kind": "whole", "file": "1"},
    {"kind": "whole", "file": True},
    {"kind": "whole", "sha256": 7},
    {"kind": "whole", "file": 2**40},
    {"kind": "moment", "begins": "1:10", "ends": 105},
    {"kind": "moment", "begins": float("nan"), "ends": 105},
    {"kind": "moment", "begins": 0, "ends": float("inf")},
    {"kind": "moment", "begins": 0, "ends": 10**400},
    {"kind": "region", "x": 0, "y": 0, "width": None, "height": 1},
    {"kind": "passage", "quote": "x", "start": -1},
    {"kind": "passage", "quote": "x", "prefix": "x" * 101},
    {"kind": "pages", "page": 1.5},
]


@pytest.mark.parametrize("plain", UNREADABLE)
def test_what_has_no_shape(claim: Claim, plain: Any) -> None:
    assert refused(claim, plain) == "P4: One of the places could not be read. Mark it again."


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "passage", "quote": " \n"}, "Choose the words"),
        ({"kind": "passage", "quote": "x" * 2001}, "at most 2000 letters"),
        ({"kind": "passage", "quote": "She sang."}, "The words “She sang.” are not in"),
        ({"kind": "passage", "quote": "rang"}, "more than once"),
        ({"kind": "region", "x": 0, "y": 0, "width": 1, "height": 1}, "only words can be marked"),
        ({"kind": "moment", "begins": 0, "ends": 1}, "only words can be marked"),
        ({"kind": "passage", "quote": "cross", "sha256": "0" * 64}, "before it was changed"),
    ],
)
def test_what_is_not_in_the_account(
    claim: Claim, said: Plain, fields: dict[str, Any], sentence: str
) -> None:
    plain = said("", start=None, prefix=None, suffix=None) | fields
    assert sentence in refused(claim, plain)


@pytest.mark.parametrize(
    ("kind", "fields", "sentence"),
    [
        ("region", {"page": 4}, "“letter.pdf” has no page 4: its last is 3."),
        ("region", {}, "on which page the box is"),
        ("region", {"page": 1, "width": 0.001}, "bigger box"),
        ("region", {"page": 1, "width": -0.5}, "bigger box"),
        ("region", {"page": 1, "x": -0.1}, "inside the page"),
        ("region", {"page": 1, "x": 0.6}, "inside the page"),
        ("region", {"page": 1, "y": 1.2}, "inside the page"),
        ("pages", {"page": 2, "last_page": 4}, "has no page 4"),
        ("pages", {"page": 3, "last_page": 2}, "must not come before"),
        ("pages", {}, "which page"),
        ("passage", {"quote": "Copy"}, "on which page"),
        ("passage", {"quote": "Copy", "page": 9}, "no page 9"),
        ("passage", {"quote": "Copy", "page": 1}, "are not in “letter.pdf”"),
        ("moment", {"begins": 0, "ends": 1}, "can't be marked in “letter.pdf”"),
    ],
)
def test_what_is_not_in_the_pages(
    claim: Claim, on: Plain, pages: EvidenceFile, kind: str, fields: dict[str, Any], sentence: str
) -> None:
    box = {"x": 0.1, "y": 0.1, "width": 0.5, "height": 0.5} if kind == "region" else {}
    assert sentence in refused(claim, on(pages, kind, **box | fields))


@pytest.mark.parametrize(
    ("begins", "ends", "sentence"),
    [
        (10, 10, "must come after"),
        (10, 9, "must come after"),
        (-1, 9, "must come after"),
        (230, 241, "“film.mp4” ends at 4:00.04."),
        (250, 260, "“film.mp4” ends at 4:00.04."),
    ],
)
def test_what_is_not_in_the_film(
    claim: Claim, on: Plain, film: EvidenceFile, begins: float, ends: float, sentence: str
) -> None:
    assert sentence in refused(claim, on(film, "moment", begins=begins, ends=ends))


@pytest.mark.parametrize("kind", ["region", "pages"])
def test_what_no_film_has(claim: Claim, on: Plain, film: EvidenceFile, kind: str) -> None:
    fields = {"page": 1, "x": 0, "y": 0, "width": 1, "height": 1}
    assert "can't be marked in “film.mp4”" in refused(claim, on(film, kind, **fields))


def test_what_is_still_being_prepared(claim: Claim, on: Plain, photo: EvidenceFile) -> None:
    box = on(photo, "region", x=0, y=0, width=1, height=1)
    for status in ("queued", "running"):
        type(photo.blob.preview).objects.update(status=status)
        assert "still being prepared" in refused(claim, box)
    type(photo.blob.preview).objects.all().delete()
    assert "still being prepared" in refused(claim, box)
    assert made(claim, on(photo, "whole"))


def test_what_can_not_be_shown(
    claim: Claim, on: Plain, film: EvidenceFile, pages: EvidenceFile
) -> None:
    type(film.blob.preview).objects.update(status="none", kind="nothing", facts={})
    assert "Say in words" in refused(claim, on(pages, "pages", page=1))
    assert made(claim, on(film, "moment", begins=70, ends=105))


def test_another_versions_file_and_other_bytes(
    claim: Claim, on: Plain, film: EvidenceFile, second_draft: EvidenceFile
) -> None:
    assert "not in this evidence any more" in refused(claim, on(second_draft, "whole"))
    changed = on(film, "moment", begins=1, ends=2) | {"sha256": "f" * 64}
    assert "marked before it was changed" in refused(claim, changed)


@pytest.fixture
def second_draft(film: EvidenceFile) -> EvidenceFile:
    other = make_version(film.version.evidence.portfolio)
    return EvidenceFile.objects.create(version=other, blob=film.blob, name="film.mp4", order=1)


def test_too_many(claim: Claim, on: Plain, film: EvidenceFile) -> None:
    many = [on(film, "moment", begins=at / 4, ends=60 + at / 4) for at in range(MOST_ANCHORS + 1)]
    assert f"at most {MOST_ANCHORS} places" in refused(claim, *many)
    assert len(made(claim, *many[:MOST_ANCHORS])) == MOST_ANCHORS


def test_one_bad_place_among_good_ones_saves_none(
    claim: Claim, said: Plain, on: Plain, film: EvidenceFile
) -> None:
    refused(claim, said("cross"), on(film, "moment", begins=500, ends=501))
    assert not claim.anchors.exists()


def test_every_criterions_refusal_is_told(
    draft: EvidenceVersion, enrolment: Any, said: Plain, cast: Cast
) -> None:
    criteria = list(enrolment.edition.criteria.filter(code__in=("P1", "P2", "P3")))
    with pytest.raises(ValidationError) as refusal:
        claim_criteria(
            version=draft,
            places={each.pk: "" for each in criteria},
            anchors={criteria[0].pk: [{}], criteria[1].pk: [said("cross")], criteria[2].pk: [{}]},
            by=cast.learner,
        )
    assert [sentence[:3] for sentence in refusal.value.messages] == ["P1:", "P3:"]
    assert [error.code for error in refusal.value.error_list] == [
        str(criteria[0].pk),
        str(criteria[2].pk),
    ]
    assert not draft.claims.exists()


# Who may, and when


@pytest.mark.parametrize("part", PARTS)
def test_only_the_learner_herself_may(
    cast: Cast, outsiders: Cast, claim: Claim, said: Plain, part: str
) -> None:
    places = [said("cross")]
    if part == "learner":
        assert set_anchors(claim=claim, anchors=places, by=cast.learner)
    else:
        with pytest.raises(PermissionDenied):
            set_anchors(claim=claim, anchors=places, by=getattr(cast, part))
    with pytest.raises(PermissionDenied):
        set_anchors(claim=claim, anchors=[], by=getattr(outsiders, part))


def test_not_once_it_is_submitted(claim: Claim, said: Plain, cast: Cast) -> None:
    submit(version=claim.version, declared=True, by=cast.learner)
    with pytest.raises(TransitionRefused):
        set_anchors(claim=claim, anchors=[said("cross")], by=cast.learner)
    assert not claim.anchors.exists()


@pytest.mark.parametrize("is_submitted", [False, True])
def test_who_sees_them(
    cast: Cast, outsiders: Cast, claim: Claim, said: Plain, is_submitted: bool
) -> None:
    made(claim, said("cross"))
    if is_submitted:
        submit(version=claim.version, declared=True, by=cast.learner)
    sees = {"learner", "assessor", "iqa", "admin", "data_lead"} if is_submitted else {"learner"}
    for part, person in cast.people().items():
        assert Anchor.objects.visible_to(person).exists() is (part in sees), part
        assert not Anchor.objects.visible_to(getattr(outsiders, part)).exists()
    assert Anchor.objects.in_centre(cast.centre).exists()
    assert not Anchor.objects.in_centre(outsiders.centre).exists()


def test_a_submission_freezes_them(
    claim: Claim, enrolment: Any, said: Plain, on: Plain, film: EvidenceFile, cast: Cast
) -> None:
    made(claim, said("cross"), on(film, "moment", begins=70, ends=105))
    make_claims(claim.version, enrolment, "K1")
    (submission,) = submit(version=claim.version, declared=True, by=cast.learner)
    submission.refresh_from_db()
    with_places, without = submission.frozen["claims"]
    assert without["anchors"] == []
    moment, passage = sorted(with_places["anchors"], key=lambda each: each["kind"])
    assert moment == {
        "kind": "moment",
        "sha256": film.blob.sha256,
        "begins": 70.0,
        "ends": 105.0,
    }
    assert passage["quote"] == "cross"
    assert passage["sha256"] == sha256_of(account_text(claim.version))
