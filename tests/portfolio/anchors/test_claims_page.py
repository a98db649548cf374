"""The page on which places are marked: what it keeps, what it gives back, and to whom."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from portfolio import actions
from portfolio.models import Anchor, Claim, Enrolment, EvidenceFile, EvidenceVersion
from tests.factories import Cast, make_claims
from tests.portfolio.anchors.conftest import Plain

Post = Callable[..., Any]


@pytest.fixture
def p4(enrolment: Enrolment) -> int:
    return enrolment.edition.criteria.get(code="P4").pk


@pytest.fixture
def p1(enrolment: Enrolment) -> int:
    return enrolment.edition.criteria.get(code="P1").pk


@pytest.fixture
def post(her: Client, draft: EvidenceVersion, url_of: Callable[..., str]) -> Post:
    def send(*, keep: bool = False, **fields: Any) -> Any:
        data = {"version": draft.pk} | {name.replace("_", "-"): v for name, v in fields.items()}
        headers = {"X-Signpost-Keep": "1"} if keep else {}
        return her.post(url_of("claims", pk=draft.evidence_id), data, headers=headers)

    return send


def anchors(**by_pk: Any) -> dict[str, list[str]]:
    return {name: [json.dumps(each) for each in places] for name, places in by_pk.items()}


def of(draft: EvidenceVersion, code: str = "P4") -> list[Anchor]:
    return list(Anchor.objects.filter(claim__version=draft, claim__criterion__code=code))


def test_places_are_saved_with_their_claims(
    post: Post, draft: EvidenceVersion, p4: int, on: Plain, said: Plain, film: EvidenceFile
) -> None:
    places = [on(film, "moment", begins=70, ends=105), said("cross")]
    sent = anchors(**{f"anchor_{p4}": places})
    assert post(criterion=[p4], **sent).status_code == 302
    assert {each.kind for each in of(draft)} == {"moment", "passage"}


def test_a_typed_place_is_added_and_a_ticked_one_dropped(
    post: Post, draft: EvidenceVersion, p4: int, on: Plain, film: EvidenceFile
) -> None:
    places = [on(film, "moment", begins=1, ends=2), on(film, "moment", begins=3, ends=4)]
    typed = {f"in_{p4}": film.pk, f"from_{p4}": "1:10", f"to_{p4}": "1:45"}
    sent = anchors(**{f"anchor_{p4}": places})
    post(criterion=[p4], drop=[f"{p4}-0"], **sent, **typed)
    assert [each.begins for each in of(draft)] == [3, 70]


def test_a_bad_place_brings_back_all_that_was_sent(
    post: Post, draft: EvidenceVersion, p4: int, p1: int, on: Plain, film: EvidenceFile
) -> None:
    sent = anchors(**{f"anchor_{p4}": [on(film, "moment", begins=1, ends=2)]})
    typed = {f"in_{p4}": film.pk, f"from_{p4}": "4:10", f"to_{p4}": "4:45", f"place_{p1}": "end"}
    response = post(criterion=[p4, p1], **sent, **typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert "P4: “film.mp4” ends at 4:00.04." in page
    assert 'value="4:10"' in page
    assert "film.mp4, 0:01 to 0:02" in page
    assert 'value="end"' in page
    assert not draft.claims.exists()


@pytest.mark.parametrize(
    "sent", ["", "{", "null", "[]", "7", '{"kind": 1}', "[" * 9_000, "x" * 20_000]
)
def test_what_is_no_place_is_refused(
    post: Post, draft: EvidenceVersion, p4: int, sent: str
) -> None:
    response = post(criterion=[p4], **{f"anchor_{p4}": sent})
    assert response.status_code == 422
    assert "could not be read" in response.content.decode()
    assert not draft.claims.exists()


def test_it_is_kept_as_one_goes(
    post: Post, draft: EvidenceVersion, p4: int, on: Plain, film: EvidenceFile
) -> None:
    sent = anchors(**{f"anchor_{p4}": [on(film, "moment", begins=1, ends=2)]})
    response = post(keep=True, criterion=[p4], **sent)
    (anchor,) = of(draft)
    answer = response.json()
    assert answer["seenCriteria"] == str(p4)
    assert answer["seenAnchors"] == str(anchor.pk)
    assert answer["anchors"][str(p4)][0]["id"] == anchor.pk
    assert answer["anchors"][str(p4)][0]["label"] == "film.mp4, 0:01 to 0:02"


def test_a_refusal_says_which_criterion_it_is_about(
    post: Post, p4: int, on: Plain, film: EvidenceFile
) -> None:
    sent = anchors(**{f"anchor_{p4}": [on(film, "moment", begins=1, ends=999)]})
    response = post(keep=True, criterion=[p4], **sent)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [str(p4)]
    assert list(post(keep=True, criterion=[10**9]).json()["errors"]) == [""]


def test_a_page_does_not_undo_what_it_did_not_know_of(
    post: Post, draft: EvidenceVersion, p4: int, p1: int, on: Plain, film: EvidenceFile
) -> None:
    first = on(film, "moment", begins=1, ends=2)
    post(criterion=[p4], **anchors(**{f"anchor_{p4}": [first]}))
    known = " ".join(str(each.pk) for each in of(draft))
    # Another tab marks a second place, and claims P1.
    second = on(film, "moment", begins=3, ends=4)
    post(criterion=[p4, p1], **anchors(**{f"anchor_{p4}": [first, second]}))
    # This one takes the first out, and never saw the rest.
    post(criterion=[p4], seen_criteria=str(p4), seen_anchors=known)
    assert [each.begins for each in of(draft)] == [3]
    assert draft.claims.filter(criterion=p1).exists()
    # Nor does it take back the claim of a place that it did not see.
    post(seen_criteria=str(p4), seen_anchors=known)
    assert [each.begins for each in of(draft)] == [3]


def test_what_was_lost_is_named_until_the_claims_are_saved(
    her: Client,
    post: Post,
    url_of: Callable[..., str],
    cast: Cast,
    claim: Claim,
    said: Plain,
    p4: int,
) -> None:
    version = claim.version
    actions.set_anchors(claim=claim, anchors=[said("She thanked me.")], by=cast.learner)
    edited = {
        "version": version.pk,
        "title": "A call",
        "method": "account",
        "gathered_on": "2026-10-01",
        "account": "I rang.",
    }
    response = her.post(url_of("evidence_edit", pk=version.evidence_id), edited)
    assert response["Location"].endswith("/claims/")
    for name in ("claims", "evidence"):
        page = her.get(url_of(name, pk=version.evidence_id)).content.decode()
        assert "Some places are gone" in page
        assert "“She thanked me.”" in page
    post(keep=True, criterion=[p4])
    assert "Some places are gone" in her.get(response["Location"]).content.decode()
    post(criterion=[p4])
    assert "Some places are gone" not in her.get(response["Location"]).content.decode()


@pytest.mark.parametrize("part", ["second_learner", "assessor", "iqa", "admin", "data_lead"])
def test_only_the_learner_keeps_anything(
    cast: Cast,
    outsiders: Cast,
    signed_in: Callable[[User], Client],
    draft: EvidenceVersion,
    url_of: Callable[..., str],
    p4: int,
    part: str,
) -> None:
    url = url_of("claims", pk=draft.evidence_id)
    for person in (getattr(cast, part), getattr(outsiders, part), outsiders.learner):
        response = signed_in(person).post(url, {"criterion": p4}, headers={"X-Signpost-Keep": "1"})
        assert response.status_code == 404
    assert not draft.claims.exists()


@pytest.mark.parametrize("name", ["claims", "evidence", "unit"])
def test_the_count_of_queries_does_not_grow_with_places(
    her: Client,
    cast: Cast,
    claim: Claim,
    enrolment: Enrolment,
    url_of: Callable[..., str],
    on: Plain,
    film: EvidenceFile,
    name: str,
) -> None:
    pk = enrolment.pk if name == "unit" else claim.version.evidence_id

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert her.get(url_of(name, pk=pk)).status_code == 200
        return len(captured)

    def mark(of_claim: Claim, many: int) -> None:
        wanted = [on(film, "moment", begins=at, ends=at + 1) for at in range(many)]
        actions.set_anchors(claim=of_claim, anchors=wanted, by=cast.learner)

    mark(claim, 1)
    few = queries()
    mark(claim, 9)
    for each in make_claims(claim.version, enrolment, "P1", "P2", "K1"):
        mark(each, 5)
    assert queries() == few
