"""The learner's verbs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from files.models import Blob, Upload
from ledger.models import Entry
from ledger.record import first_fault
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.actions import evidence as evidence_actions
from portfolio.models import (
    Claim,
    Enrolment,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Portfolio,
)
from tests.factories import (
    Cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_version,
)


def description(**changes: Any) -> dict[str, Any]:
    return {
        "title": "A visit",
        "method": "account",
        "gathered_on": date(2024, 10, 1),
        "account": "I *listened*.",
        "uploads": [],
        **changes,
    }


def upload(owner: User, portfolio: Portfolio, name: str = "photo.jpg") -> Upload:
    blob = Blob.objects.create(
        sha256=f"{Blob.objects.count():064x}", size=3, media_type="image/jpeg"
    )
    return Upload.objects.create(centre=portfolio.centre, owner=owner, blob=blob, name=name)


def returned(portfolio: Portfolio, **fields: Any) -> EvidenceVersion:
    fields.setdefault("status", "returned")
    return make_version(portfolio, submitted_at=timezone.now(), **fields)


def verbs(portfolio: Portfolio) -> list[str]:
    return list(Entry.objects.filter(stream=portfolio.stream).values_list("verb", flat=True))


# Making and changing


def test_create_keeps_the_text_and_its_html_and_takes_the_next_number(
    cast: Cast, portfolio: Portfolio
) -> None:
    first = actions.create_evidence(portfolio=portfolio, by=cast.learner, **description())
    second = actions.create_evidence(portfolio=portfolio, by=cast.learner, **description())
    assert (first.evidence.number, second.evidence.number) == (1, 2)
    assert first.status == "draft"
    assert first.account_html == "<p>I <em>listened</em>.</p>"
    assert verbs(portfolio) == ["evidence_created", "evidence_created"]
    assert first_fault(Entry.objects.first().stream) is None


def test_a_number_is_taken_from_the_row_and_not_from_a_stale_copy(
    cast: Cast, portfolio: Portfolio
) -> None:
    stale = Portfolio.objects.get(pk=portfolio.pk)
    one = actions.create_evidence(portfolio=portfolio, by=cast.learner, **description())
    two = actions.create_evidence(portfolio=stale, by=cast.learner, **description())
    assert (one.evidence.number, two.evidence.number) == (1, 2)


def test_the_number_of_a_withdrawn_item_is_not_used_again(cast: Cast, portfolio: Portfolio) -> None:
    first = actions.create_evidence(portfolio=portfolio, by=cast.learner, **description())
    actions.withdraw_draft(version=first, by=cast.learner)
    second = actions.create_evidence(portfolio=portfolio, by=cast.learner, **description())
    assert second.evidence.number == 2
    assert verbs(portfolio) == ["evidence_created", "draft_withdrawn", "evidence_created"]


def test_the_ledger_holds_none_of_the_learners_words(cast: Cast, portfolio: Portfolio) -> None:
    actions.create_evidence(portfolio=portfolio, by=cast.learner, **description(title="Mrs Bell"))
    assert "Bell" not in str(Entry.objects.get().facts)


def test_without_its_ledger_entry_nothing_is_created(
    cast: Cast, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise IntegrityError

    file = upload(cast.learner, portfolio)
    monkeypatch.setattr(evidence_actions, "record", broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.create_evidence(portfolio=portfolio, by=cast.learner, **description(uploads=[file]))
    assert not Evidence.objects.exists()
    assert Upload.objects.filter(pk=file.pk).exists()
    portfolio.refresh_from_db()
    assert portfolio.last_number == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "x" * 201},
        {"method": "telepathy"},
        {"gathered_on": date.max},
        {"account": "x" * (evidence_actions.MAX_ACCOUNT + 1)},
    ],
)
def test_a_wrong_description_is_refused_whole(
    cast: Cast, portfolio: Portfolio, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        actions.create_evidence(portfolio=portfolio, by=cast.learner, **description(**wrong))
    assert not Evidence.objects.exists()


def test_today_is_not_the_future(cast: Cast, portfolio: Portfolio) -> None:
    today = timezone.localdate()
    actions.create_evidence(portfolio=portfolio, by=cast.learner, **description(gathered_on=today))
    with pytest.raises(ValidationError):
        actions.create_evidence(
            portfolio=portfolio,
            by=cast.learner,
            **description(gathered_on=today + timedelta(days=1)),
        )


@pytest.mark.parametrize("part", ["second_learner", "assessor", "iqa", "admin"])
def test_nobody_adds_to_somebody_elses_portfolio(
    cast: Cast, portfolio: Portfolio, part: str
) -> None:
    with pytest.raises(PermissionDenied):
        actions.create_evidence(portfolio=portfolio, by=getattr(cast, part), **description())


def test_edit_changes_a_draft_and_adds_files_after_those_it_has(
    cast: Cast, portfolio: Portfolio
) -> None:
    files = [upload(cast.learner, portfolio, name) for name in ("a.jpg", "b.jpg")]
    version = actions.create_evidence(
        portfolio=portfolio, by=cast.learner, **description(uploads=files)
    )
    third = upload(cast.learner, portfolio, "c.jpg")
    actions.edit_evidence(
        version=version,
        by=cast.learner,
        **description(title="Another visit", account="- one", uploads=[third]),
    )
    version.refresh_from_db()
    assert version.title == "Another visit"
    assert version.account_html.startswith("<ul>")
    assert list(version.files.values_list("name", "order")) == [
        ("a.jpg", 1),
        ("b.jpg", 2),
        ("c.jpg", 3),
    ]
    assert not Upload.objects.exists()


def test_an_upload_is_used_once(cast: Cast, portfolio: Portfolio) -> None:
    file = upload(cast.learner, portfolio)
    actions.create_evidence(portfolio=portfolio, by=cast.learner, **description(uploads=[file]))
    with pytest.raises(ValidationError):
        actions.create_evidence(portfolio=portfolio, by=cast.learner, **description(uploads=[file]))
    assert Evidence.objects.count() == 1


def test_somebody_elses_upload_cannot_be_taken(cast: Cast, portfolio: Portfolio) -> None:
    theirs = upload(cast.second_learner, portfolio)
    with pytest.raises(PermissionDenied):
        actions.create_evidence(
            portfolio=portfolio, by=cast.learner, **description(uploads=[theirs])
        )
    assert Upload.objects.filter(pk=theirs.pk).exists()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("status", ["submitted", "returned", "accepted", "withdrawn"])
def test_what_is_frozen_stays_as_it_is(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment, status: str
) -> None:
    stale = make_version(portfolio)
    blob = Blob.objects.create(sha256="0" * 64, size=1, media_type="image/png")
    file = EvidenceFile.objects.create(version=stale, blob=blob, name="a.png", order=1)
    make_claims(stale, enrolment, "P1")
    EvidenceVersion.objects.filter(pk=stale.pk).update(status=status)
    added = upload(cast.learner, portfolio)
    attempts = [
        lambda: actions.edit_evidence(
            version=stale, by=cast.learner, **description(uploads=[added])
        ),
        lambda: actions.remove_file(file=file, by=cast.learner),
        lambda: actions.claim(version=stale, places={}, by=cast.learner),
        lambda: actions.withdraw_draft(version=stale, by=cast.learner),
    ]
    for attempt in attempts:
        stale.status = "draft"  # what another tab still believes
        with pytest.raises(TransitionRefused):
            attempt()
    now = EvidenceVersion.objects.get(pk=stale.pk)
    assert (now.title, now.status) == ("Evidence 1", status)
    assert list(now.files.all()) == [file]
    assert now.claims.count() == 1
    assert Upload.objects.filter(pk=added.pk).exists()


def test_a_file_is_taken_out_of_a_draft_only_by_its_learner(
    cast: Cast, portfolio: Portfolio
) -> None:
    version = actions.create_evidence(
        portfolio=portfolio,
        by=cast.learner,
        **description(uploads=[upload(cast.learner, portfolio)]),
    )
    file = version.files.get()
    with pytest.raises(PermissionDenied):
        actions.remove_file(file=file, by=cast.admin)
    actions.remove_file(file=file, by=cast.learner)
    assert not version.files.exists()
    assert Blob.objects.count() == 1


# Claims


def places(enrolment: Enrolment, **by_code: str) -> dict[int, str]:
    criteria = enrolment.edition.criteria.filter(code__in=by_code)
    return {criterion.pk: by_code[criterion.code] for criterion in criteria}


def test_claims_become_exactly_what_was_ticked(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    other = make_enrolment(portfolio, make_edition())
    version = make_version(portfolio)
    both = places(enrolment, P1=" page 2 ", K1="") | places(other, P2="1:10 to 1:45")
    actions.claim(version=version, places=both, by=cast.learner)
    kept = version.claims.get(criterion__code="K1")
    claims = actions.claim(
        version=version, places=places(enrolment, K1="line 4", P2=""), by=cast.learner
    )
    assert [(each.criterion.code, each.place, each.status) for each in claims] == [
        ("P2", "", "claimed"),
        ("K1", "line 4", "claimed"),
    ]
    assert version.claims.get(criterion__code="K1").pk == kept.pk
    assert {each.enrolment_id for each in claims} == {enrolment.pk}


def test_a_claim_finds_the_unit_that_the_criterion_belongs_to(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    other = make_enrolment(portfolio, make_edition())
    version = make_version(portfolio)
    actions.claim(
        version=version,
        places=places(enrolment, P1="") | places(other, P1=""),
        by=cast.learner,
    )
    assert {each.enrolment.edition_id == each.criterion.edition_id for each in Claim.objects.all()}
    assert {each.enrolment_id for each in version.claims.all()} == {enrolment.pk, other.pk}


def test_only_criteria_of_ones_own_open_units_can_be_claimed(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    version = make_version(portfolio)
    actions.claim(version=version, places=places(enrolment, P1="p. 1"), by=cast.learner)
    foreign = make_edition().criteria.first()
    closed = make_enrolment(portfolio, make_edition(), status="signed_off")
    for wrong in (
        {foreign.pk: ""},
        places(closed, P1=""),
        {10**9: ""},
        places(enrolment, P1="x" * 201),
    ):
        with pytest.raises(ValidationError):
            actions.claim(version=version, places=wrong, by=cast.learner)
    assert [(each.criterion.code, each.place) for each in version.claims.all()] == [("P1", "p. 1")]


def test_nobody_else_claims(cast: Cast, portfolio: Portfolio, enrolment: Enrolment) -> None:
    with pytest.raises(PermissionDenied):
        actions.claim(version=make_version(portfolio), places={}, by=cast.assessor)


# After a return


def test_a_new_version_starts_from_the_returned_one_less_what_was_met(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    old = returned(portfolio, account="Then", account_html="<p>Then</p>")
    met, open_ = make_claims(old, enrolment, "P1", "P2")
    Claim.objects.filter(pk=met.pk).update(status="met")
    Claim.objects.filter(pk=open_.pk).update(status="not_yet", place="page 3")
    blob = Blob.objects.create(sha256="0" * 64, size=1, media_type="image/png")
    EvidenceFile.objects.create(version=old, blob=blob, name="a.png", order=4)

    new = actions.new_version(evidence=old.evidence, by=cast.learner)

    assert (new.number, new.status, new.account_html) == (2, "draft", "<p>Then</p>")
    assert [(c.criterion.code, c.place, c.status) for c in new.claims.all()] == [
        ("P2", "page 3", "claimed")
    ]
    assert [(f.name, f.order, f.blob_id) for f in new.files.all()] == [("a.png", 4, blob.pk)]
    old.refresh_from_db()
    assert old.status == "returned"
    assert old.claims.count() == 2
    assert verbs(portfolio) == ["version_made"]


def test_claims_of_a_unit_that_was_closed_are_not_carried_on(
    cast: Cast, portfolio: Portfolio, enrolment: Enrolment
) -> None:
    old = returned(portfolio)
    make_claims(old, enrolment, "P1")
    Enrolment.objects.filter(pk=enrolment.pk).update(status="withdrawn")
    assert not actions.new_version(evidence=old.evidence, by=cast.learner).claims.exists()


@pytest.mark.parametrize("status", ["draft", "submitted", "accepted", "withdrawn"])
def test_only_a_returned_version_is_followed_by_another(
    cast: Cast, portfolio: Portfolio, status: str
) -> None:
    version = make_version(portfolio, status=status)
    with pytest.raises(TransitionRefused):
        actions.new_version(evidence=version.evidence, by=cast.learner)
    assert EvidenceVersion.objects.count() == 1


def test_there_is_one_draft_at_a_time(
    cast: Cast, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = returned(portfolio)
    actions.new_version(evidence=old.evidence, by=cast.learner)
    with pytest.raises(TransitionRefused):
        actions.new_version(evidence=old.evidence, by=cast.learner)
    # The other tab has looked before the first one's draft was there.
    with pytest.raises(TransitionRefused, match="already started"):
        evidence_actions._copy_of(old)
    assert old.evidence.versions.count() == 2


def test_after_giving_up_a_draft_one_can_begin_again(cast: Cast, portfolio: Portfolio) -> None:
    old = returned(portfolio)
    second = actions.new_version(evidence=old.evidence, by=cast.learner)
    actions.withdraw_draft(version=second, by=cast.learner)
    third = actions.new_version(evidence=old.evidence, by=cast.learner)
    assert third.number == 3


@pytest.mark.parametrize("part", ["second_learner", "assessor", "iqa", "admin"])
def test_nobody_else_makes_a_version_or_withdraws_one(
    cast: Cast, portfolio: Portfolio, part: str
) -> None:
    person = getattr(cast, part)
    with pytest.raises(PermissionDenied):
        actions.new_version(evidence=returned(portfolio).evidence, by=person)
    with pytest.raises(PermissionDenied):
        actions.withdraw_draft(version=make_version(portfolio), by=person)


def test_the_current_version_is_the_newest_not_given_up(cast: Cast, portfolio: Portfolio) -> None:
    old = returned(portfolio)
    draft = actions.new_version(evidence=old.evidence, by=cast.learner)
    assert list(EvidenceVersion.objects.current()) == [draft]
    assert list(EvidenceVersion.objects.visible_to(cast.admin).current()) == []
    Evidence.objects.update(first_submitted_at=timezone.now())
    assert list(EvidenceVersion.objects.visible_to(cast.admin).current()) == [old]
    actions.withdraw_draft(version=draft, by=cast.learner)
    assert list(EvidenceVersion.objects.current()) == [old]
