"""A place typed into plain fields becomes the same as one that was marked."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from portfolio.anchors.ground import Ground
from portfolio.anchors.labels import clock, label_of, shortened
from portfolio.anchors.typed import place_from, seconds_of
from portfolio.models import EvidenceFile, EvidenceVersion


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("1:10", 70),
        ("70", 70),
        (" 1:45 ", 105),
        ("1:02:03", 3723),
        ("0:07.5", 7.5),
        ("0:07,5", 7.5),
        ("90:00", 5400),
    ],
)
def test_times(typed: str, seconds: float) -> None:
    assert seconds_of(typed) == seconds
    assert seconds_of(clock(seconds)) == seconds


@pytest.mark.parametrize("typed", ["", "soon", "1:2:3:4", "-1", "1:10 to 1:45", "٣", "9" * 30])
def test_what_is_no_time(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"1:10"):
        seconds_of(typed)


@pytest.mark.parametrize(
    ("typed", "kind", "fields"),
    [
        ({"words": "cross"}, "passage", {"quote": "cross", "page": None}),
        ({"words": "Copy", "page": "3"}, "passage", {"quote": "Copy", "page": 3}),
        ({"page": "2"}, "pages", {"page": 2, "last_page": 2}),
        ({"page": "2 – 4"}, "pages", {"page": 2, "last_page": 4}),
        ({"page": "2 to 4"}, "pages", {"page": 2, "last_page": 4}),
        ({"part": "top", "page": "2"}, "region", {"page": 2, "height": 0.5}),
        ({"from": "1:10", "to": "1:45"}, "moment", {"begins": 70, "ends": 105}),
        ({"to": "0:30"}, "moment", {"begins": 0, "ends": 30}),
        ({}, "whole", {}),
    ],
)
def test_what_is_filled_in_says_the_kind(
    draft: EvidenceVersion,
    film: EvidenceFile,
    typed: dict[str, str],
    kind: str,
    fields: dict[str, Any],
) -> None:
    place = place_from({"in": str(film.pk), **typed}, Ground(draft))
    assert place is not None
    assert place["kind"] == kind
    assert (place["file"], place["sha256"]) == (film.pk, film.blob.sha256)
    assert fields.items() <= place.items()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": "x", "from": "1:10", "to": "1:45"}, "one place at a time"),
        ({"words": "x", "part": "top"}, "one place at a time"),
        ({"page": "2", "to": "1:45"}, "one place at a time"),
        ({"from": "1:10"}, "when it ends"),
        ({"from": "soon", "to": "1:45"}, "such as 1:10"),
        ({"page": "two"}, "such as 2"),
        ({"part": "corner"}, "parts of the page"),
        ({"in": "account2"}, "not in this evidence any more"),
        ({"in": "", "page": "2"}, "which file"),
    ],
)
def test_what_makes_no_sense(
    draft: EvidenceVersion, film: EvidenceFile, typed: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ValidationError, match=sentence):
        place_from({"in": str(film.pk), **typed}, Ground(draft))


def test_nothing_typed_is_no_place_and_the_only_source_need_not_be_named(
    draft: EvidenceVersion,
) -> None:
    ground = Ground(draft)
    assert place_from({"in": " ", "words": ""}, ground) is None
    assert place_from({"in": "", "words": "cross"}, ground)["file"] is None


def test_labels() -> None:
    assert clock(4.004) == "0:04"
    assert clock(3600) == "1:00:00"
    assert shortened("one  two\nthree") == "one two three"
    assert shortened("word " * 30) == "word word word word word word word word word word word word…"
    assert len(shortened("x" * 100)) == 61
    assert label_of({"kind": "pages", "page": 3, "last_page": None}) == "page 3"
    assert label_of({"kind": "whole"}) == "all of it"
