"""The pages: who reads, who drafts and publishes, and what each page says."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from standards import actions
from standards.models import Draft, Edition, MarkingGuide
from standards.nos import read_text
from tests.factories import make_edition, make_guide
from tests.standards.test_actions import UNIT, make_own_guide

TEXTS = Path(__file__).parents[2] / "fixtures" / "texts"


def text_of(name):
    return (TEXTS / f"{name}.txt").read_text()


@pytest.fixture
def at(cast):
    def at(name, **kwargs):
        return reverse(f"standards:{name}", kwargs={"centre": cast.centre.slug, **kwargs})

    return at


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin)
    return client


@pytest.fixture
def draft(cast):
    (draft,) = actions.read_draft(
        centre=cast.centre, text=UNIT, source_name="unit.txt", by=cast.admin
    )
    return draft


def fields_of(response, **changes):
    """What a browser would send back from the draft page."""
    form, rows = response.context["form"], response.context["rows"]
    data = {field.html_name: _sent(field) for field in form}
    data |= {field.html_name: field.value() for field in rows.management_form}
    for row in rows:
        data |= {field.html_name: _sent(field) for field in row if field.name != "DELETE"}
    return data | changes


def _sent(field):
    value = field.value()
    return "" if value is None else value


class TestReading:
    def test_everyone_of_the_centre_reads(self, client, cast, at):
        edition, guide = make_edition(), make_guide()
        for person in cast.people().values():
            client.force_login(person)
            for url in (at("list"), at("edition", pk=edition.pk), at("guide", pk=guide.pk)):
                assert client.get(url).status_code == 200

    def test_another_centres_own_texts_do_not_exist(self, client, cast, outsiders, at):
        edition = make_edition(urn="SECRET1", centre=outsiders.centre)
        guide = make_own_guide(outsiders)
        client.force_login(cast.admin)
        assert client.get(at("edition", pk=edition.pk)).status_code == 404
        assert client.get(at("guide", pk=guide.pk)).status_code == 404
        assert client.get(at("guide_serves", pk=guide.pk)).status_code == 404
        assert "SECRET1" not in client.get(at("list")).content.decode()

    def test_what_is_not_published_is_not_shown(self, client, cast, at):
        make_edition(urn="DONE1")
        Edition.objects.create(standard=Edition.objects.get().standard, title="Half-written")
        client.force_login(cast.admin)
        assert "Half-written" not in client.get(at("list")).content.decode()

    def test_editions_of_one_urn_are_listed_by_approval_date(self, client, cast, at):
        for name in ("CFACSB15-2021", "CFACSB15-2013-FE3M04"):
            text = text_of(name)
            actions.publish_shared(parsed=read_text(text)[0].as_dict(), source_text=text)
        client.force_login(cast.learner)
        page = client.get(at("list")).content.decode()
        assert page.index("22 February 2021") < page.index("January 2013")
        assert page.count(">CFACSB15<") == 1
        old = Edition.objects.get(approved_on="2013-01")
        page = client.get(at("edition", pk=old.pk)).content.decode()
        assert "There is a newer edition" in page
        assert "Establish effective customer relations" in page
        assert 'id="P9"' in page

    def test_an_edition_shows_all_of_it(self, client, cast, at):
        text = text_of("CFACSB15-2021")
        edition = actions.publish_shared(parsed=read_text(text)[0].as_dict(), source_text=text)
        client.force_login(cast.learner)
        page = client.get(at("edition", pk=edition.pk)).content.decode()
        for words in ('id="K13"', "Equine Hoof Care", "Instructus", "1 March 2026", "Glossary"):
            assert words in page
        assert "newer edition" not in page

    def test_finding(self, client, cast, at):
        make_edition(urn="AAA1")
        make_edition(urn="BBB1")
        client.force_login(cast.learner)
        page = client.get(at("list"), {"q": "bbb"}).content.decode()
        assert "BBB1" in page
        assert "AAA1" not in page
        assert "No standard here has" in client.get(at("list"), {"q": "zzz"}).content.decode()

    def test_nothing_yet(self, client, cast, at):
        client.force_login(cast.admin)
        assert "Paste the text of a standard" in client.get(at("list")).content.decode()
        client.force_login(cast.learner)
        assert "Paste the text" not in client.get(at("list")).content.decode()

    def test_hostile_text_is_text(self, client, cast, at):
        edition = make_edition()
        guide = make_guide(edition)
        text = "<script>alert(1)</script>"
        Draft.objects.create(
            centre=cast.centre,
            source_text=text,
            parsed=read_text(UNIT)[0].as_dict() | {"title": text},
            created_by=cast.admin,
        )
        client.force_login(cast.admin)
        draft = Draft.objects.get()
        for url in (at("list"), at("draft", pk=draft.pk), at("draft_discard", pk=draft.pk)):
            assert text not in client.get(url).content.decode()
        assert client.get(at("guide", pk=guide.pk)).status_code == 200


class TestQueries:
    """As many for one as for many."""

    @pytest.mark.parametrize("many", [1, 12])
    def test_list(self, admin, at, many, django_assert_num_queries):
        for _ in range(many):
            make_guide(make_edition(performance=many))
        with django_assert_num_queries(8):
            admin.get(at("list"))

    @pytest.mark.parametrize("many", [1, 12])
    def test_edition(self, admin, at, many, django_assert_num_queries):
        edition = make_edition(performance=many, knowledge=many)
        for _ in range(many):
            make_guide(edition)
        with django_assert_num_queries(8):
            admin.get(at("edition", pk=edition.pk))

    @pytest.mark.parametrize("many", [1, 12])
    def test_guide(self, admin, at, many, django_assert_num_queries):
        guide = make_guide(*[make_edition() for _ in range(many)], points=many)
        with django_assert_num_queries(6):
            admin.get(at("guide", pk=guide.pk))

    def test_draft(self, admin, at, draft, django_assert_num_queries):
        with django_assert_num_queries(5):
            admin.get(at("draft", pk=draft.pk))


class TestAddingAStandard:
    def test_pasted(self, admin, at):
        response = admin.post(at("draft_add"), {"text": UNIT})
        draft = Draft.objects.get()
        assert response.url == at("draft", pk=draft.pk)
        assert draft.source_name == "Pasted text"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
    def test_uploaded(self, admin, at, encoding):
        file = SimpleUploadedFile("unit.txt", UNIT.encode(encoding))
        response = admin.post(at("draft_add"), {"file": file})
        draft = Draft.objects.get()
        assert response.url == at("draft", pk=draft.pk)
        assert draft.source_name == "unit.txt"
        assert draft.source_text == UNIT

    def test_several_at_once(self, admin, at):
        text = text_of("CFACSB15-2021") + "\n" + text_of("CFACSB15-2013-FE3M04")
        response = admin.post(at("draft_add"), {"text": text}, follow=True)
        assert Draft.objects.count() == 2
        assert "2 standards were found" in response.content.decode()

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            ({}, "Paste a text or choose a file"),
            ({"text": "Mix the flour.\nBake it."}, "does not read as a National"),
            ({"file": ("a.txt", b"")}, "There is no text in it"),
            ({"file": ("a.bin", bytes(range(256)))}, "binary file"),
            ({"text": UNIT, "file": ("a.txt", UNIT.encode())}, "one of the two"),
        ],
    )
    def test_refused_in_words(self, admin, at, data, says):
        if "file" in data:
            data = data | {"file": SimpleUploadedFile(*data["file"])}
        response = admin.post(at("draft_add"), data)
        assert response.status_code == 422
        assert says in response.content.decode()
        assert not Draft.objects.exists()

    def test_larger_than_any_upload_may_be(self, admin, at, settings):
        settings.MAX_UPLOAD_BYTES = 100
        response = admin.post(at("draft_add"), {"file": SimpleUploadedFile("a.txt", b"x" * 150)})
        assert response.status_code == 422
        assert "This file is too large" in response.content.decode()

    def test_only_admins(self, client, cast, at, draft):
        for role, person in cast.people().items():
            client.force_login(person)
            expected = 200 if role == "admin" else 403
            assert client.get(at("draft_add")).status_code == expected
            if role != "admin":
                assert client.post(at("draft_add"), {"text": UNIT}).status_code == 403
                for name in ("draft", "draft_publish", "draft_discard"):
                    assert client.get(at(name, pk=draft.pk)).status_code == 404
                    assert client.post(at(name, pk=draft.pk)).status_code == 404

    def test_another_centres_drafts_do_not_exist(self, client, outsiders, at, draft):
        client.force_login(outsiders.admin)
        for name in ("draft", "draft_publish", "draft_discard"):
            own = reverse(
                f"standards:{name}", kwargs={"centre": outsiders.centre.slug, "pk": draft.pk}
            )
            assert client.get(at(name, pk=draft.pk)).status_code == 404
            assert client.get(own).status_code == 404


class TestCorrecting:
    @pytest.fixture
    def save(self, admin, at, draft):
        page = admin.get(at("draft", pk=draft.pk))

        def save(**changes):
            response = admin.post(at("draft", pk=draft.pk), fields_of(page, **changes))
            draft.refresh_from_db()
            return response

        return save

    def test_saving_what_came_changes_nothing(self, save, draft):
        before = draft.parsed
        assert save().status_code == 302
        assert draft.parsed == before
        assert draft.revision == 1

    @pytest.mark.parametrize("path", sorted(TEXTS.glob("*.txt")), ids=lambda path: path.stem)
    def test_saving_the_published_texts_changes_nothing(self, admin, cast, at, path):
        (draft,) = actions.read_draft(
            centre=cast.centre, text=path.read_text(), source_name=path.name, by=cast.admin
        )
        page = admin.get(at("draft", pk=draft.pk))
        assert admin.post(at("draft", pk=draft.pk), fields_of(page)).status_code == 302
        before = draft.parsed
        draft.refresh_from_db()
        assert draft.parsed == before

    def test_names_and_dates(self, save, draft):
        save(urn=" abc 12 ", title="New", approved_on="2020-05", version="3")
        assert (draft.parsed["urn"], draft.parsed["title"]) == ("ABC 12", "New")
        assert draft.parsed["metadata"]["approved_on"] == "2020-05"
        assert draft.parsed["metadata"]["version"] == "3"

    def test_text_group_subitems_and_order(self, save, draft):
        save(
            **{
                "c-0-order": "2",
                "c-1-order": "1",
                "c-1-text": "wear  all of it\nalways",
                "c-1-group": "Safety",
                "c-1-subitems": "a helmet\n\n boots ",
            }
        )
        assert draft.parsed["performance"] == [
            {
                "code": "P2",
                "text": "wear all of it always",
                "group": "Safety",
                "subitems": ["a helmet", "boots"],
            },
            {"code": "P1", "text": "keep the site tidy", "group": None, "subitems": []},
        ]

    def test_a_row_is_removed(self, save, draft):
        save(**{"c-0-DELETE": "on"})
        assert [row["code"] for row in draft.parsed["performance"]] == ["P2"]

    def test_a_row_is_added_and_gets_the_next_free_code(self, save, draft):
        save(**{"c-3-text": "why", "c-3-kind": "knowledge", "c-3-order": ""})
        assert [(row["code"], row["text"]) for row in draft.parsed["knowledge"]] == [
            ("K1", "why a tidy site matters"),
            ("K2", "why"),
        ]

    def test_a_criterion_becomes_knowledge(self, save, draft):
        save(**{"c-1-kind": "knowledge", "c-1-code": "", "c-1-order": "9"})
        assert [row["code"] for row in draft.parsed["knowledge"]] == ["K1", "K2"]
        assert [row["code"] for row in draft.parsed["performance"]] == ["P1"]

    def test_an_empty_line_splits_and_all_is_numbered_again(self, save, draft):
        save(**{"c-0-text": "keep it tidy\n\nkeep it dry", "renumber": "1"})
        assert [(row["code"], row["text"]) for row in draft.parsed["performance"]] == [
            ("P1", "keep it tidy"),
            ("P2", "keep it dry"),
            ("P3", "wear what protects you"),
        ]

    def test_an_empty_line_splits_and_other_codes_stay(self, save, draft):
        save(**{"c-0-text": "keep it tidy\n\nkeep it dry"})
        assert [row["code"] for row in draft.parsed["performance"]] == ["P1", "P3", "P2"]

    def test_more_rows(self, save, admin, at, draft):
        response = save(more="1")
        assert response.url == at("draft", pk=draft.pk) + "?more=1#new"
        page = admin.get(response.url)
        assert len(page.context["rows"].extra_forms) == 5

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"urn": "<b>"}, "Use letters, digits"),
            ({"approved_on": "last year"}, "year-month-day"),
            ({"approved_on": "2021-02-31"}, "year-month-day"),
            ({"c-1-code": "P1"}, "used more than once"),
            ({"c-0-text": ""}, "Write the text, or tick Remove"),
            ({"c-0-kind": "magic"}, "Select a valid choice"),
            ({"c-0-group": "a" * 301}, "at most 300"),
            ({"revision": ""}, "required"),
            ({"c-TOTAL_FORMS": "x"}, "ManagementForm"),
            ({"title": "a\0b"}, "Null characters"),
        ],
    )
    def test_refused_and_nothing_saved(self, save, draft, changes, says):
        before = draft.parsed
        response = save(**changes)
        assert response.status_code == 422
        assert says in response.content.decode()
        assert draft.parsed == before
        assert draft.revision == 0

    def test_another_admin_was_faster(self, save, draft, cast):
        actions.correct(
            draft=draft, parsed=draft.parsed | {"title": "Theirs"}, revision=0, by=cast.admin
        )
        response = save(title="Mine")
        assert response.status_code == 409
        assert "Ed Walsh changed this draft" in response.content.decode()
        assert draft.parsed["title"] == "Theirs"


class TestPublishing:
    def test_look_then_publish(self, admin, at, draft):
        page = admin.get(at("draft_publish", pk=draft.pk))
        assert "2 performance, 1 knowledge" in page.content.decode()
        response = admin.post(at("draft_publish", pk=draft.pk), {"revision": 0}, follow=True)
        edition = Edition.objects.get()
        assert response.redirect_chain[0][0] == at("edition", pk=edition.pk)
        assert "Published." in response.content.decode()

    def test_what_is_missing_is_said_and_the_button_is_away(self, admin, cast, at):
        (draft,) = actions.read_draft(
            centre=cast.centre,
            text=text_of("develop-customer-relationships"),
            source_name="",
            by=cast.admin,
        )
        page = admin.get(at("draft_publish", pk=draft.pk)).content.decode()
        assert "It needs a URN" in page
        assert "Publish for good" not in page
        response = admin.post(at("draft_publish", pk=draft.pk), {"revision": 0})
        assert response.status_code == 422
        assert "It needs a URN" in response.content.decode()
        assert not Edition.objects.exists()

    def test_a_guide(self, admin, cast, at):
        (draft,) = actions.read_draft(
            centre=cast.centre,
            text=text_of("customer-relationships-topic"),
            source_name="",
            by=cast.admin,
        )
        response = admin.post(at("draft_publish", pk=draft.pk), {"revision": 0})
        assert response.url == at("guide", pk=MarkingGuide.objects.get().pk)

    def test_changed_since_it_was_looked_at(self, admin, at, draft, cast):
        actions.correct(draft=draft, parsed=draft.parsed, revision=0, by=cast.admin)
        response = admin.post(at("draft_publish", pk=draft.pk), {"revision": 0})
        assert response.status_code == 409
        assert not Edition.objects.exists()

    @pytest.mark.parametrize("name", ["draft", "draft_publish", "draft_discard"])
    def test_done_is_done(self, admin, at, draft, cast, name):
        actions.publish(draft=draft, by=cast.admin)
        response = admin.get(at(name, pk=draft.pk))
        assert response.status_code == 409
        assert "published this draft" in response.content.decode()

    def test_discarding(self, admin, at, draft):
        assert admin.get(at("draft_discard", pk=draft.pk)).status_code == 200
        assert Draft.objects.open().exists()
        admin.post(at("draft_discard", pk=draft.pk))
        assert not Draft.objects.open().exists()
        assert Draft.objects.exists()


class TestServing:
    def test_choosing_editions(self, admin, cast, at):
        guide, edition = make_own_guide(cast), make_edition(urn="AAA1")
        assert "AAA1" in admin.get(at("guide_serves", pk=guide.pk)).content.decode()
        admin.post(at("guide_serves", pk=guide.pk), {"editions": [edition.pk]})
        assert list(guide.editions.all()) == [edition]
        assert "AAA1" in admin.get(at("guide", pk=guide.pk)).content.decode()
        assert guide.title in admin.get(at("edition", pk=edition.pk)).content.decode()

    def test_not_another_centres_edition(self, admin, cast, outsiders, at):
        guide, edition = make_own_guide(cast), make_edition(centre=outsiders.centre)
        response = admin.post(at("guide_serves", pk=guide.pk), {"editions": [edition.pk]})
        assert response.status_code == 422
        assert not guide.editions.exists()

    def test_only_admins_and_only_their_own(self, client, cast, at):
        own, shared = make_own_guide(cast), make_guide()
        for role, person in cast.people().items():
            client.force_login(person)
            expected = 200 if role == "admin" else 403
            assert client.get(at("guide_serves", pk=own.pk)).status_code == expected
            assert client.get(at("guide_serves", pk=shared.pk)).status_code == 403
            assert client.post(at("guide_serves", pk=shared.pk)).status_code == 403
