"""Learners by CSV: how lists are checked, previewed and saved."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import Invitation, Membership, Role, User
from ledger.models import Entry
from ledger.transitions import TransitionRefused
from portfolio import actions
from portfolio.learners_check import check
from portfolio.learners_csv import MAX_BYTES, Row, read
from portfolio.models import Enrolment, LearnerList, Portfolio
from portfolio.workflow import EnrolmentStatus
from standards.models import Edition
from tests.factories import PASSWORD, Cast, make_edition, make_enrolment, make_member
from tests.factories import make_portfolio as a_portfolio
from tests.portfolio.test_learners_csv_reading import HEAD

# Checking -----------------------------------------------------------------------------------


@pytest.fixture
def unit(db: None) -> Edition:
    return make_edition(urn="ABC1")


def row(line: int = 2, **cells: str) -> Row:
    known = {"name": "Nia New", "email": f"nia{line}@example.org", "unit": "ABC1"}
    return Row(line=line, **{**known, **cells})


def problems(cast: Cast, *rows: Row) -> dict[int, list[str]]:
    return {
        each.row.line: each.problems
        for each in check(rows, cast.centre, by=cast.admin)
        if each.problems
    }


def test_a_good_row_says_what_will_happen(cast: Cast, unit: Edition) -> None:
    rows = [
        row(2, assessor=cast.assessor.email.upper()),
        row(3, email=cast.learner.email, name=cast.learner.name),
        row(4, email=cast.iqa.email, name="Other Spelling", unit="abc1", started_on="01/09/2026"),
    ]
    new, known, member = check(rows, cast.centre, by=cast.admin)
    assert not any(each.problems for each in (new, known, member))
    assert new.assessor == cast.assessor
    assert new.started_on == timezone.localdate()
    assert "gets an e-mail" in new.what_happens
    assert "put on this unit" in known.what_happens
    assert "becomes a learner" in member.what_happens
    assert member.started_on == date(2026, 9, 1)
    assert any(cast.iqa.name in note for note in member.notes)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"email": "not an address"}, "not an e-mail address"),
        ({"email": ""}, "e-mail address is missing"),
        ({"name": ""}, "name is missing"),
        ({"unit": ""}, "unit is missing"),
        ({"unit": "XYZ9"}, "not one of your centre's units"),
        ({"assessor": "nobody@example.org"}, "not an assessor at your centre"),
        ({"assessor": "nia2@example.org"}, "own work"),
        ({"name": "x" * 151}, "too long"),
        ({"cohort": "x" * 81}, "too long"),
        ({"registration_number": "x" * 61}, "too long"),
        ({"started_on": "next week"}, "not a date"),
        ({"started_on": "31/02/2026"}, "not a date"),
        ({"started_on": "01/09/1926"}, "not a date"),
    ],
)
def test_a_bad_row_says_why(cast: Cast, unit: Edition, cells: dict[str, str], said: str) -> None:
    found = problems(cast, row(2, **cells), row(3))
    assert list(found) == [2]
    assert said in " ".join(found[2])


@pytest.mark.parametrize("written", ["2026-09-01", "01/09/2026", "1.9.2026", "1 September 2026"])
def test_dates_as_people_write_them(cast: Cast, unit: Edition, written: str) -> None:
    (each,) = check([row(started_on=written)], cast.centre, by=cast.admin)
    assert each.started_on == date(2026, 9, 1)


def test_repeats_in_the_list_name_the_first_line(cast: Cast, unit: Edition) -> None:
    make_edition(urn="ABC2")
    same = {"email": "nia@example.org"}
    assert problems(cast, row(2, **same), row(3, **same, unit="ABC2")) == {}
    found = problems(cast, row(2, **same), row(3, email="NIA@example.org", unit="abc1"))
    assert "Line 2 has this learner and unit already" in found[3][0]
    found = problems(cast, row(2, **same), row(3, **same, unit="ABC2", cohort="Other"))
    assert "Line 2 gives this person another name" in found[3][0]


def test_the_newest_edition_is_taken_and_said(cast: Cast, unit: Edition) -> None:
    older = Edition.objects.create(
        standard=unit.standard,
        title="Older",
        version="2",
        approved_on="2013-01",
        published_at=timezone.now(),
    )
    (each,) = check([row()], cast.centre, by=cast.admin)
    assert each.edition == unit
    assert each.edition != older
    assert any("2 editions" in note and "2021-02-22" in note for note in each.notes)


def test_another_centres_unit_and_assessor_are_unknown(
    cast: Cast, outsiders: Cast, unit: Edition
) -> None:
    make_edition(urn="THEIRS", centre=outsiders.centre)
    found = problems(cast, row(2, unit="THEIRS"), row(3, assessor=outsiders.assessor.email))
    assert set(found) == {2, 3}


def test_an_address_known_elsewhere_looks_new(cast: Cast, outsiders: Cast, unit: Edition) -> None:
    new, elsewhere = check(
        [row(2), row(3, email=outsiders.learner.email)], cast.centre, by=cast.admin
    )
    assert elsewhere.what_happens == new.what_happens
    assert elsewhere.notes == new.notes


def test_already_enrolled_or_withdrawn(cast: Cast, unit: Edition) -> None:
    make_enrolment(a_portfolio(cast.centre, cast.learner), unit)
    second = a_portfolio(cast.centre, cast.second_learner)
    make_enrolment(second, unit, status=EnrolmentStatus.WITHDRAWN)
    found = problems(
        cast,
        row(2, email=cast.learner.email, name=cast.learner.name),
        row(3, email=cast.second_learner.email, name=cast.second_learner.name),
    )
    assert "enrolled on this unit already" in found[2][0]
    assert "withdrawn" in found[3][0]


def test_checking_takes_as_many_queries_for_many_as_for_few(
    cast: Cast, unit: Edition, django_assert_num_queries: Any
) -> None:
    for many in (1, 200):
        rows = [row(line, assessor=cast.assessor.email) for line in range(2, many + 2)]
        with django_assert_num_queries(3):
            check(rows, cast.centre, by=cast.admin)


# Saving -------------------------------------------------------------------------------------


def kept(cast: Cast, text: str, by: User | None = None) -> LearnerList:
    return actions.keep_learner_list(
        centre=cast.centre, table=read(HEAD + text), source_name="list.csv", by=by or cast.admin
    )


def counts() -> list[int]:
    models = (User, Membership, Invitation, Portfolio, Enrolment, Entry)
    return [model.objects.count() for model in models]


def test_a_good_list_is_saved_whole(cast: Cast, outsiders: Cast, unit: Edition) -> None:
    make_edition(urn="ABC2")
    known = make_member(outsiders.centre, Role.IQA, "Kay Known", password=PASSWORD)
    learner_list = kept(
        cast,
        f"Nia New,Nia@example.org,R-1,Autumn,ABC1,{cast.assessor.email},2026-09-01\n"
        f"Nia New,nia@example.org,R-1,Autumn,ABC2,,\n"
        f"K,{known.email},,,ABC1,{cast.trainee.email},\n"
        f"{cast.iqa.name},{cast.iqa.email},,,ABC1,,\n",
    )

    saved = actions.save_learner_list(learner_list=learner_list, by=cast.admin)

    assert len(saved) == 4
    nia = User.objects.get(email="nia@example.org")
    assert nia.portfolios.get().cohort == "Autumn"
    assert {each.edition.standard.urn for each in nia.portfolios.get().enrolments.all()} == {
        "ABC1",
        "ABC2",
    }
    assert saved[0].allocations.get().assessor == cast.assessor
    assert User.objects.get(pk=cast.iqa.pk).has_role(cast.centre.pk, Role.LEARNER)
    assert User.objects.get(pk=known.pk).has_role(cast.centre.pk, Role.LEARNER)
    assert not LearnerList.objects.exists()
    stream = Entry.objects.filter(stream=f"centre:{cast.centre.pk}").order_by("sequence")
    assert list(stream.values_list("verb", flat=True)) == [
        "invited",
        "invited",
        "role_granted",
        "learners_imported",
    ]


def test_one_bad_row_saves_nothing(cast: Cast, unit: Edition) -> None:
    learner_list = kept(cast, "A,a@example.org,,,ABC1,,\nB,b@example.org,,,XYZ9,,\n")
    before = counts()
    with pytest.raises(actions.RowsRefused) as refused:
        actions.save_learner_list(learner_list=learner_list, by=cast.admin)
    assert [bool(each.problems) for each in refused.value.checked] == [False, True]
    assert counts() == before
    assert LearnerList.objects.filter(pk=learner_list.pk).exists()


def test_what_changed_since_the_preview_is_seen(cast: Cast, unit: Edition) -> None:
    learner_list = kept(cast, f"{cast.learner.name},{cast.learner.email},,,ABC1,,\n")
    assert not check([Row(**each) for each in learner_list.rows], cast.centre, by=cast.admin)[
        0
    ].problems
    make_enrolment(a_portfolio(cast.centre, cast.learner), unit)
    with pytest.raises(actions.RowsRefused):
        actions.save_learner_list(learner_list=learner_list, by=cast.admin)


def test_a_failure_half_way_saves_nothing(
    cast: Cast, unit: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner_list = kept(cast, "A,a@example.org,,,ABC1,,\nB,b@example.org,,,ABC1,,\n")
    before = counts()

    def breaks(**kwargs: Any) -> None:
        raise RuntimeError("the ledger is broken")

    monkeypatch.setattr("portfolio.actions.learners.record", breaks)
    with pytest.raises(RuntimeError, match="the ledger is broken"):
        actions.save_learner_list(learner_list=learner_list, by=cast.admin)
    assert counts() == before
    assert LearnerList.objects.filter(pk=learner_list.pk).exists()


def test_a_list_is_saved_once(cast: Cast, unit: Edition) -> None:
    learner_list = kept(cast, "A,a@example.org,,,ABC1,,\n")
    twin = LearnerList.objects.get(pk=learner_list.pk)
    actions.save_learner_list(learner_list=learner_list, by=cast.admin)
    with pytest.raises(TransitionRefused):
        actions.save_learner_list(learner_list=twin, by=cast.admin)
    assert Enrolment.objects.count() == 1


def test_forgotten_lists_go(cast: Cast) -> None:
    old = kept(cast, "A,a@example.org,,,ABC1,,\n")
    LearnerList.objects.update(created_at=timezone.now() - timedelta(days=2))
    new = kept(cast, "A,a@example.org,,,ABC1,,\n")
    assert list(LearnerList.objects.all()) == [new]
    assert old != new


def test_only_an_admin_adds_lists(cast: Cast, outsiders: Cast, unit: Edition) -> None:
    learner_list = kept(cast, "A,a@example.org,,,ABC1,,\n")
    for person in (cast.iqa, cast.assessor, cast.learner, outsiders.admin):
        with pytest.raises(PermissionDenied):
            kept(cast, "A,a@example.org,,,ABC1,,\n", by=person)
        with pytest.raises(PermissionDenied):
            actions.save_learner_list(learner_list=learner_list, by=person)
        with pytest.raises(PermissionDenied):
            actions.discard_learner_list(learner_list=learner_list, by=person)
    assert LearnerList.objects.count() == 1


# Pages --------------------------------------------------------------------------------------


@pytest.fixture
def admin(client: Client, cast: Cast) -> Client:
    client.force_login(cast.admin)
    return client


def test_from_the_file_to_the_list(
    admin: Client, cast: Cast, unit: Edition, url_of: Callable[..., str]
) -> None:
    data = (HEAD + "Zoë New,zoe@example.org,,,ABC1,,\n").encode("cp1252")
    upload = SimpleUploadedFile("autumn.csv", data, "text/csv")
    answer = admin.post(url_of("learners_import"), {"file": upload, "text": ""}, follow=True)
    preview = answer.content.decode()
    assert "Zoë New" in preview
    assert "autumn.csv" in preview
    assert not Enrolment.objects.exists()  # looking saves nothing

    (where, _status) = answer.redirect_chain[-1]
    done = admin.post(where, follow=True)
    assert "1 row is saved" in done.content.decode()
    assert Enrolment.objects.get().portfolio.learner.email == "zoe@example.org"
    assert admin.post(where).status_code == 404


def test_bad_rows_are_named_by_line_and_nothing_can_be_saved(
    admin: Client, unit: Edition, url_of: Callable[..., str]
) -> None:
    text = HEAD + "A,a@example.org,,,ABC1,,\nB,nonsense,,,XYZ9,,\n"
    answer = admin.post(url_of("learners_import"), {"text": text}, follow=True)
    page = answer.content.decode()
    assert 'href="#line-3"' in page
    assert "not an e-mail address" in page
    assert "Save all" not in page

    (where, _status) = answer.redirect_chain[-1]
    refused = admin.post(where)
    assert refused.status_code == 422
    assert not User.objects.filter(email="a@example.org").exists()


def test_cells_are_escaped(admin: Client, unit: Edition, url_of: Callable[..., str]) -> None:
    text = HEAD + "<script>alert(1)</script>,a@example.org,,,ABC1,,\n=1+1,b@example.org,,,ABC1,,\n"
    page = admin.post(url_of("learners_import"), {"text": text}, follow=True).content.decode()
    assert "<script>alert" not in page
    assert "kept as plain text" in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": ""}, "one of the two"),
        ({"text": "Ann,a@b.org"}, "Missing: name, email, unit"),
    ],
)
def test_an_unreadable_list_is_422(
    admin: Client, url_of: Callable[..., str], data: dict[str, str], said: str
) -> None:
    answer = admin.post(url_of("learners_import"), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LearnerList.objects.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04\x00\x00", "not a CSV file"), (b"x" * (MAX_BYTES + 5), "too large"), (b"", "")],
)
def test_a_wrong_file_is_422(
    admin: Client, url_of: Callable[..., str], content: bytes, said: str
) -> None:
    upload = SimpleUploadedFile("list.csv", content, "text/csv")
    answer = admin.post(url_of("learners_import"), {"file": upload})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_file_and_pasted_rows_are_one_too_many(admin: Client, url_of: Callable[..., str]) -> None:
    upload = SimpleUploadedFile("list.csv", HEAD.encode(), "text/csv")
    answer = admin.post(url_of("learners_import"), {"file": upload, "text": HEAD})
    assert answer.status_code == 422
    assert "one of the two" in answer.content.decode()


def test_giving_a_list_up(
    admin: Client, cast: Cast, unit: Edition, url_of: Callable[..., str]
) -> None:
    learner_list = kept(cast, "A,a@example.org,,,ABC1,,\n")
    discard = url_of("learners_discard", pk=learner_list.pk)
    assert admin.get(discard).status_code == 405
    assert admin.post(discard).status_code == 302
    assert admin.get(url_of("learners_preview", pk=learner_list.pk)).status_code == 404


def test_a_list_belongs_to_its_centres_admins(
    client: Client, cast: Cast, outsiders: Cast, unit: Edition, url_of: Callable[..., str]
) -> None:
    learner_list = kept(cast, "A,a@example.org,,,ABC1,,\n")
    url = url_of("learners_preview", pk=learner_list.pk)
    client.force_login(outsiders.admin)
    assert client.get(url).status_code == 404
    assert client.post(url.replace(cast.centre.slug, outsiders.centre.slug)).status_code == 404
    for part in ("iqa", "assessor", "learner"):
        client.force_login(cast.people()[part])
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    assert not Enrolment.objects.exists()


def test_nobody_picks_their_own_assessor(cast: Cast, unit: Edition) -> None:
    own = row(email=cast.admin.email, name=cast.admin.name, assessor=cast.assessor.email)
    (each,) = check([own], cast.centre, by=cast.admin)
    assert any("another admin" in problem for problem in each.problems)
    without = row(email=cast.admin.email, name=cast.admin.name)
    (left_open,) = check([without], cast.centre, by=cast.admin)
    assert not left_open.problems


def test_a_person_changed_between_check_and_saving_is_no_failure(
    admin: Client,
    cast: Cast,
    unit: Edition,
    url_of: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learner_list = kept(cast, f"Dilys Morgan,{cast.iqa.email},,,ABC1,,\n")
    before = check([Row(**each) for each in learner_list.rows], cast.centre, by=cast.admin)
    Membership.objects.create(centre=cast.centre, user=cast.iqa, role=Role.LEARNER)
    monkeypatch.setattr("portfolio.actions.learners.check", lambda *_rows, **_by: before)
    answer = admin.post(url_of("learners_preview", pk=learner_list.pk))
    assert answer.status_code == 422
    assert "already has that role" in answer.content.decode()
    assert LearnerList.objects.exists()
    assert not Enrolment.objects.exists()
