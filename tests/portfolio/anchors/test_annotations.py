"""The export as W3C Web Annotations, held against the published model."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from assessments.actions import submit
from portfolio.actions import set_anchors
from portfolio.anchors.texts import account_text
from portfolio.models import Claim, EvidenceFile
from tests.factories import Cast, make_claims
from tests.portfolio.anchors.conftest import Plain
from tests.portfolio.anchors.web_annotation import faults

Json = dict[str, Any]


@pytest.fixture
def url(claim: Claim, url_of: Callable[..., str]) -> str:
    version = claim.version
    return url_of("annotations", pk=version.evidence_id, number=version.number)


@pytest.fixture
def exported(
    her: Client,
    cast: Cast,
    claim: Claim,
    url: str,
    said: Plain,
    on: Plain,
    film: EvidenceFile,
    photo: EvidenceFile,
    pages: EvidenceFile,
) -> Json:
    """One place of every kind."""
    places = [
        said("I rang her back on Friday 🙂"),
        on(pages, "passage", quote="Amira Khan", page=2),
        on(photo, "region", x=0.25, y=0.5, width=0.5, height=0.125),
        on(pages, "region", page=3, x=0, y=0, width=1, height=1),
        on(film, "moment", begins=70, ends=105.5),
        on(pages, "pages", page=1, last_page=3),
        on(film, "whole"),
    ]
    set_anchors(claim=claim, anchors=places, by=cast.learner)
    response = her.get(url)
    assert response["Content-Type"].startswith("application/ld+json; profile=")
    return response.json()


def targets(exported: Json) -> list[Any]:
    return [each["target"] for each in exported["first"]["items"]]


def test_what_is_exported_fits_the_model(exported: Json) -> None:
    assert faults(exported) == []
    assert exported["total"] == len(exported["first"]["items"]) == 7


def test_nothing_marked_is_an_empty_collection(her: Client, url: str) -> None:
    exported = her.get(url).json()
    assert faults(exported) == []
    assert exported["total"] == 0
    assert "first" not in exported


def test_each_kind_has_its_selectors(exported: Json, claim: Claim, pages: EvidenceFile) -> None:
    text = account_text(claim.version)
    found = {json.dumps(each.get("selector")) for each in targets(exported) if "source" in each}
    values = " ".join(found)
    assert '"value": "xywh=percent:25,50,50,12.5"' in values
    assert '"value": "t=70,105.5"' in values
    assert "null" in found  # the whole film
    paged = [each["selector"] for each in targets(exported) if "refinedBy" in json.dumps(each)]
    assert {each["value"] for each in paged} == {"page=2", "page=3"}
    (words,) = [
        each["selector"]
        for each in targets(exported)
        if isinstance(each, dict) and isinstance(each.get("selector"), list)
    ]
    quote, position = words
    assert quote["exact"] == "I rang her back on Friday 🙂"
    # 4.2.4: counted in code points, not in units of an encoding
    assert text[position["start"] : position["end"]] == quote["exact"]
    assert text[: position["start"]].endswith(quote["prefix"])


def test_a_range_of_pages_is_each_of_them(exported: Json, pages: EvidenceFile) -> None:
    (several,) = [each for each in targets(exported) if isinstance(each, list)]
    assert [each["selector"]["value"] for each in several] == ["page=1", "page=2", "page=3"]
    assert {each["source"]["id"] for each in several} == {f"urn:sha256:{pages.blob.sha256}"}


def test_the_body_is_the_criterion(exported: Json, claim: Claim) -> None:
    for each in exported["first"]["items"]:
        criterion, code = each["body"]
        urn = claim.enrolment.edition.standard.urn
        assert criterion["source"] == f"urn:signpost:standard:{urn}:2021-02-22#P4"
        assert code["value"] == "P4"


def test_the_same_place_keeps_its_name(her: Client, url: str, exported: Json) -> None:
    again = her.get(url).json()
    assert again == exported
    names = [each["id"] for each in exported["first"]["items"]]
    assert len(set(names)) == 7
    assert all(name.startswith("urn:uuid:") for name in names)


# The schema is worth something only if it finds what is wrong.


def drop(*path: Any) -> Callable[[Json], None]:
    def spoil(exported: Json) -> None:
        *to, last = path
        for step in to:
            exported = exported[step]
        del exported[last]

    return spoil


def put(value: Any, *path: Any) -> Callable[[Json], None]:
    def spoil(exported: Json) -> None:
        *to, last = path
        for step in to:
            exported = exported[step]
        exported[last] = value

    return spoil


ITEM = ("first", "items", 0)
SPOILT = {
    "5.1 context": drop("@context"),
    "5.1 another context": put("https://example.org/", "@context"),
    "5.1 one context in a list": put(["http://www.w3.org/ns/anno.jsonld"], "@context"),
    "5.1 id": drop("id"),
    "5.1 id is no IRI": put("evidence 1", "id"),
    "5.1 two ids": put(["urn:a:b", "urn:a:c"], "id"),
    "5.1 type": put("Collection", "type"),
    "5.1 label": put(7, "label"),
    "5.1 total below nought": put(-1, "total"),
    "5.1 total no integer": put("7", "total"),
    "5.1 first page": drop("first"),
    "5.2 page id": drop("first", "id"),
    "5.2 page type": put("Page", "first", "type"),
    "5.2 empty page": put([], "first", "items"),
    "5.2 no items": drop("first", "items"),
    "5.2 start index": put(-1, "first", "startIndex"),
    "3.1 annotation context": drop(*ITEM, "@context"),
    "3.1 annotation id": drop(*ITEM, "id"),
    "3.1 annotation type": put("SpecificResource", *ITEM, "type"),
    "3.1 no target": drop(*ITEM, "target"),
    "3.1 empty target": put([], *ITEM, "target"),
    "3.2.4 text without value": drop(*ITEM, "body", 1, "value"),
    "3.2.5 body and body value": put("P4", *ITEM, "bodyValue"),
    "3.3.1 created without Z": put("2026-11-22T13:45:00+00:00", *ITEM, "created"),
    "3.3.1 created is a day": put("2026-11-22", *ITEM, "created"),
    "3.3.1 created twice": put(["2026-11-22T13:45:00Z"] * 2, *ITEM, "created"),
    "3.3.5 no motivation": put("judging", *ITEM, "motivation"),
    "4 no source": drop(*ITEM, "target", "source"),
    "4 source without id": drop(*ITEM, "target", "source", "id"),
    "4.2 no selector's class": put({"type": "Place"}, *ITEM, "target", "selector"),
    "4.2.1 fragment without value": put({"type": "FragmentSelector"}, *ITEM, "target", "selector"),
    "4.2.1 fragment that does not conform": put(
        {
            "type": "FragmentSelector",
            "conformsTo": "http://www.w3.org/TR/media-frags/",
            "value": "t=1:10 to 1:45",
        },
        *ITEM,
        "target",
        "selector",
    ),
    "4.2.1 conforms to two": put(
        {"type": "FragmentSelector", "conformsTo": ["urn:a:b", "urn:a:c"], "value": "x"},
        *ITEM,
        "target",
        "selector",
    ),
    "4.2.4 quote without exact": put({"type": "TextQuoteSelector"}, *ITEM, "target", "selector"),
    "4.2.4 two prefixes": put(
        {"type": "TextQuoteSelector", "exact": "x", "prefix": ["a", "b"]},
        *ITEM,
        "target",
        "selector",
    ),
    "4.2.5 position without end": put(
        {"type": "TextPositionSelector", "start": 1}, *ITEM, "target", "selector"
    ),
    "4.2.5 position below nought": put(
        {"type": "TextPositionSelector", "start": -1, "end": 2}, *ITEM, "target", "selector"
    ),
    "4.2.5 position no integer": put(
        {"type": "TextPositionSelector", "start": 0.5, "end": 2}, *ITEM, "target", "selector"
    ),
    "4.2.9 refined by no selector": put(
        {"type": "FragmentSelector", "value": "page=1", "refinedBy": {"type": "Page"}},
        *ITEM,
        "target",
        "selector",
    ),
    "4.3.1 state's class": put({"type": "State"}, *ITEM, "target", "state"),
    "4.3.1 source date without Z": put(
        "2026-11-22T13:45:00", *ITEM, "target", "state", "sourceDate"
    ),
    "4.3.1 start without end": put(
        {"type": "TimeState", "sourceDateStart": "2026-11-22T13:45:00Z"},
        *ITEM,
        "target",
        "state",
    ),
}


def test_the_schema_finds_what_the_model_forbids(exported: Json) -> None:
    passed = []
    for rule, spoil in SPOILT.items():
        spoilt = copy.deepcopy(exported)
        spoil(spoilt)
        assert spoilt != exported, rule
        if not faults(spoilt):
            passed.append(rule)
    assert passed == []


# Who may have it


@pytest.mark.parametrize("is_submitted", [False, True])
def test_who_may_have_it(
    cast: Cast,
    outsiders: Cast,
    signed_in: Callable[[User], Client],
    claim: Claim,
    url: str,
    is_submitted: bool,
) -> None:
    if is_submitted:
        submit(version=claim.version, declared=True, by=cast.learner)
    may = {"learner", "assessor", "iqa", "admin", "data_lead"} if is_submitted else {"learner"}
    for part, person in cast.people().items():
        status = signed_in(person).get(url).status_code
        assert status == (200 if part in may else 404), part
        assert signed_in(getattr(outsiders, part)).get(url).status_code == 404
    assert (
        signed_in(cast.learner).get(url.replace("/versions/1/", "/versions/2/")).status_code == 404
    )


def test_the_count_of_queries_does_not_grow(
    her: Client, cast: Cast, claim: Claim, enrolment: Any, url: str, on: Plain, film: EvidenceFile
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            her.get(url)
        return len(captured)

    def moments(of: Claim, many: int) -> None:
        wanted = [on(film, "moment", begins=at, ends=at + 1) for at in range(many)]
        set_anchors(claim=of, anchors=wanted, by=cast.learner)

    moments(claim, 1)
    few = queries()
    for each in make_claims(claim.version, enrolment, "P1", "P2", "K1"):
        moments(each, 9)
    assert queries() == few
