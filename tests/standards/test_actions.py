"""From a text to a published edition: what is kept, what is refused, and that it stays."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from ledger.models import Entry
from ledger.transitions import TransitionRefused
from standards import actions, publication
from standards.models import Criterion, Draft, Edition, MarkingGuide, Section, Standard
from standards.nos import read_text
from tests.factories import make_edition, make_guide

TEXTS = Path(__file__).parents[2] / "fixtures" / "texts"
UNIT = """Assist on site
URN: ABCDE1
Performance criteria
You must be able to:
P1 keep the site tidy
P2 wear what protects you
Knowledge and understanding
You need to know and understand:
K1 why a tidy site matters
"""


def text_of(name):
    return (TEXTS / f"{name}.txt").read_text()


def parsed(**changes):
    (found,) = read_text(UNIT)
    return found.as_dict() | changes


def row(code="P1", text="do it", **more):
    return {"code": code, "text": text, "group": None, "subitems": [], **more}


@pytest.fixture
def draft(cast):
    (draft,) = actions.read_draft(
        centre=cast.centre, text=UNIT, source_name="unit.txt", by=cast.admin
    )
    return draft


@pytest.mark.parametrize(
    ("name", "urn", "performance", "knowledge"),
    [
        ("CFACSB15-2021", None, 14, 13),
        ("CFACSB15-2013-FE3M04", None, 9, 10),
        ("develop-customer-relationships", "CFACSX1", 15, 15),
        ("improve-customer-relationships", "CFACSX2", 19, 18),
    ],
)
def test_the_published_texts(cast, name, urn, performance, knowledge):
    text = text_of(name)
    (draft,) = actions.read_draft(
        centre=cast.centre, text=text, source_name=f"{name}.txt", by=cast.admin
    )
    if urn:
        with pytest.raises(ValidationError, match="needs a URN"):
            actions.publish(draft=draft, by=cast.admin)
        draft.refresh_from_db()
        named = {**draft.parsed, "urn": urn, "title": draft.parsed["title"] or "Develop"}
        actions.correct(draft=draft, parsed=named, revision=draft.revision, by=cast.admin)
    edition = actions.publish(draft=draft, by=cast.admin)
    codes = list(edition.criteria.values_list("code", flat=True))
    assert codes == [f"P{n}" for n in range(1, performance + 1)] + [
        f"K{n}" for n in range(1, knowledge + 1)
    ]
    assert edition.standard.urn == (urn or "CFACSB15")
    assert edition.source_text == text
    assert edition.published_by == cast.admin
    assert list(edition.sections.values_list("key", flat=True)) == list(draft.parsed["sections"])


def test_the_topic_page_becomes_a_guide(cast):
    guide = actions.publish_shared(
        parsed=read_text(text_of("customer-relationships-topic"))[0].as_dict(),
        source_text="…",
    )
    assert isinstance(guide, MarkingGuide)
    assert guide.marking_points.count() == 8
    assert [len(guide.concepts), len(guide.tips), len(guide.misconceptions)] == [5, 8, 6]
    assert guide.synopsis.startswith("This subtopic focuses on")
    assert guide.title == "Marking guide"


def test_editions_of_one_standard_are_ordered_by_approval(db):
    for name in ("CFACSB15-2021", "CFACSB15-2013-FE3M04"):
        text = text_of(name)
        actions.publish_shared(parsed=read_text(text)[0].as_dict(), source_text=text)
    assert list(Edition.objects.values_list("version", "approved_on")) == [
        ("1", "2021-02-22"),
        ("2", "2013-01"),
    ]
    assert Standard.objects.count() == 1


def test_groups_subitems_and_assessment_criteria(db):
    edition = actions.publish_shared(
        parsed=parsed(
            performance=[row(group="On site", subitems=["by hand", "by machine"])],
            knowledge=[],
            assessment_criteria=[{"code": "1.1", "text": "say why", "outcome": "Know the site"}],
        ),
        source_text="…",
    )
    fields = ("code", "kind", "group", "subitems", "order")
    assert list(edition.criteria.values_list(*fields)) == [
        ("P1", "performance", "On site", ["by hand", "by machine"], 1),
        ("1.1", "assessment", "Know the site", [], 2),
    ]


def test_criteria_with_marking_points_give_both(db):
    edition = actions.publish_shared(parsed=parsed(marking_points=["Award it."]), source_text="…")
    (guide,) = edition.marking_guides.all()
    assert guide.published_at
    assert [point.text for point in guide.marking_points.all()] == ["Award it."]


REFUSED = [
    ({"urn": None}, "needs a URN"),
    ({"urn": "<script>"}, "The URN may have"),
    ({"title": " "}, "needs a title"),
    ({"title": "a" * 301}, "longer than 300"),
    ({"performance": [], "knowledge": []}, "nothing in it"),
    ({"performance": [row(), row()]}, "The code P1 is used 2 times"),
    ({"performance": [row("P1")], "knowledge": [row("P1")]}, "The code P1 is used 2 times"),
    ({"performance": [row("")]}, "has no code or no text"),
    ({"performance": [row(text=" ")]}, "has no code or no text"),
    ({"performance": [row("P" * 21)]}, "is too long"),
    ({"performance": [row(group="a" * 301)]}, "is too long"),
    ({"sqa_code": "a" * 41}, "40 characters"),
]


@pytest.mark.parametrize(("changes", "says"), REFUSED)
def test_refused_in_words_and_nothing_saved(db, changes, says):
    with pytest.raises(ValidationError, match=says):
        actions.publish_shared(parsed=parsed(**changes), source_text="…")
    assert not Standard.objects.exists()
    assert not Edition.objects.exists()
    assert not Entry.objects.exists()


class TestTheSameEditionTwice:
    def test_shared(self, db):
        actions.publish_shared(parsed=parsed(), source_text="…")
        with pytest.raises(ValidationError, match="published already"):
            actions.publish_shared(parsed=parsed(urn=" abcde1"), source_text="…")
        assert Edition.objects.count() == 1

    def test_a_centre_needs_no_copy_of_a_shared_one(self, draft, cast):
        actions.publish_shared(parsed=parsed(), source_text="…")
        with pytest.raises(ValidationError, match="published already"):
            actions.publish(draft=draft, by=cast.admin)
        draft.refresh_from_db()
        assert draft.status == Draft.Status.OPEN

    def test_two_at_once(self, db, monkeypatch):
        """Both have looked before either has written: the database's constraint decides."""
        actions.publish_shared(parsed=parsed(), source_text="…")
        monkeypatch.setattr(publication, "_published_already", lambda *_: False)
        with pytest.raises(ValidationError, match="published already"):
            actions.publish_shared(parsed=parsed(), source_text="…")
        assert Edition.objects.count() == 1

    def test_another_approval_date_is_another_edition(self, db):
        actions.publish_shared(parsed=parsed(), source_text="…")
        later = {**parsed()["metadata"], "approved_on": "2024-05"}
        actions.publish_shared(parsed=parsed(metadata=later), source_text="…")
        assert Edition.objects.count() == 2


class TestDrafts:
    def test_several_standards_in_one_text(self, cast):
        first = UNIT.replace("Assist on site\nURN: ABCDE1", "ABCDE1 Assist on site\nOverview\nAll.")
        text = first + first.replace("ABCDE1", "ABCDE2").replace("Assist", "Lead")
        drafts = actions.read_draft(centre=cast.centre, text=text, source_name="two", by=cast.admin)
        assert [draft.parsed["urn"] for draft in drafts] == ["ABCDE1", "ABCDE2"]

    def test_a_file(self, cast):
        (draft,) = actions.read_draft(
            centre=cast.centre, data=UNIT.encode("utf-16"), source_name="unit.txt", by=cast.admin
        )
        assert draft.source_text == UNIT
        assert draft.parsed["urn"] == "ABCDE1"

    @pytest.mark.parametrize("text", ["", "Mix the flour with two eggs.\nBake for an hour.\n"])
    def test_what_is_no_standard(self, cast, text):
        with pytest.raises(ValidationError):
            actions.read_draft(centre=cast.centre, text=text, source_name="", by=cast.admin)
        assert not Draft.objects.exists()

    def test_a_long_text_of_many_standards(self, cast, monkeypatch):
        monkeypatch.setattr(actions, "MAX_STORED", 100)
        with pytest.raises(ValidationError, match="too many standards"):
            actions.read_draft(centre=cast.centre, text=UNIT, source_name="", by=cast.admin)

    def test_naming_what_was_missing(self, draft, cast):
        actions.correct(draft=draft, parsed=parsed(urn=None), revision=0, by=cast.admin)
        assert draft.parsed["missing"] == ["urn"]
        actions.correct(draft=draft, parsed=parsed(urn="A1"), revision=1, by=cast.admin)
        assert draft.parsed["missing"] == []

    def test_two_admins_do_not_overwrite_each_other(self, draft, cast):
        actions.correct(draft=draft, parsed=parsed(title="Mine"), revision=0, by=cast.admin)
        with pytest.raises(TransitionRefused, match="Ed Walsh changed this draft on"):
            actions.correct(draft=draft, parsed=parsed(title="Yours"), revision=0, by=cast.admin)
        draft.refresh_from_db()
        assert draft.parsed["title"] == "Mine"

    def test_what_changed_since_it_was_looked_at_is_not_published(self, draft, cast):
        seen = draft.revision
        actions.correct(draft=draft, parsed=parsed(), revision=seen, by=cast.admin)
        with pytest.raises(TransitionRefused):
            actions.publish(draft=draft, by=cast.admin, revision=seen)
        assert not Edition.objects.exists()

    def test_published_once(self, draft, cast):
        actions.publish(draft=draft, by=cast.admin)
        with pytest.raises(TransitionRefused, match="published this draft"):
            actions.publish(draft=draft, by=cast.admin)
        with pytest.raises(TransitionRefused, match="published this draft"):
            actions.correct(draft=draft, parsed=parsed(), revision=draft.revision, by=cast.admin)

    def test_discarded(self, draft, cast):
        actions.discard(draft=draft, by=cast.admin)
        with pytest.raises(TransitionRefused, match="discarded this draft"):
            actions.publish(draft=draft, by=cast.admin)


def test_the_ledger_says_what_was_published(draft, cast):
    edition = actions.publish(draft=draft, by=cast.admin)
    entry = Entry.objects.get(verb="standards.publish")
    assert entry.stream_id == f"centre:{cast.centre.pk}"
    assert entry.actor == cast.admin
    assert entry.subject == f"standards.edition:{edition.pk}"
    assert entry.facts["codes"] == ["P1", "P2", "K1"]


def test_without_its_ledger_entry_nothing_is_published(draft, cast, monkeypatch):
    def broken(**_):
        raise RuntimeError("the ledger is down")

    monkeypatch.setattr(actions, "record", broken)
    with pytest.raises(RuntimeError):
        actions.publish(draft=draft, by=cast.admin)
    draft.refresh_from_db()
    assert draft.status == Draft.Status.OPEN
    assert not Edition.objects.exists()


class TestServing:
    def test_exactly_these(self, cast, outsiders):
        guide = make_own_guide(cast)
        first, second = make_edition(), make_edition(centre=cast.centre)
        actions.serve(guide=guide, editions=[first, second], by=cast.admin)
        actions.serve(guide=guide, editions=[second], by=cast.admin)
        assert list(guide.editions.all()) == [second]
        assert Entry.objects.filter(verb="standards.serve").count() == 2

    def test_not_another_centres(self, cast, outsiders):
        with pytest.raises(ValidationError, match="own centre sees"):
            actions.serve(
                guide=make_own_guide(cast),
                editions=[make_edition(centre=outsiders.centre)],
                by=cast.admin,
            )

    def test_a_shared_guide_is_nobodys_to_change(self, cast):
        with pytest.raises(PermissionDenied):
            actions.serve(guide=make_guide(), editions=[], by=cast.admin)

    def test_from_the_command_line(self, db):
        guide, edition = make_guide(), make_edition()
        actions.serve_shared(guide=guide, editions=[edition])
        assert list(guide.editions.all()) == [edition]

    def test_a_centres_guide_is_not_the_command_lines(self, cast):
        with pytest.raises(PermissionDenied):
            actions.serve_shared(guide=make_own_guide(cast), editions=[])


def make_own_guide(cast):
    (found,) = read_text(text_of("customer-relationships-topic"))
    draft = Draft.objects.create(
        centre=cast.centre, source_text="…", parsed=found.as_dict(), created_by=cast.admin
    )
    return actions.publish(draft=draft, by=cast.admin)


class TestWhatIsPublishedStays:
    """The database itself refuses, whoever asks."""

    @pytest.fixture(params=["criterion", "section", "edition", "guide", "point"])
    def rows(self, request, db):
        edition = actions.publish_shared(
            parsed=parsed(sections={"overview": "All of it."}), source_text="…"
        )
        guide = make_guide(edition)
        return {
            "criterion": edition.criteria,
            "section": edition.sections,
            "edition": Edition.objects.filter(pk=edition.pk),
            "guide": MarkingGuide.objects.filter(pk=guide.pk),
            "point": guide.marking_points,
        }[request.param].all()

    def test_nothing_is_changed(self, rows):
        field = {"Edition": "title", "Section": "text"}.get(rows.model.__name__, "")
        field = field or ("title" if rows.model is MarkingGuide else "text")
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows.update(**{field: "Something else"})

    def test_nothing_is_deleted(self, rows):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows._raw_delete(rows.db)

    def test_nothing_is_unpublished_or_moved_out(self, rows):
        if rows.model in (Edition, MarkingGuide):
            change = {"published_at": None}
        elif rows.model in (Criterion, Section):
            change = {"edition": _open_edition()}
        else:
            change = {"guide": MarkingGuide.objects.create(title="Open")}
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            rows.update(**change)

    def test_nothing_is_added(self, rows):
        last = rows.order_by("-pk")[0]
        last.pk = None
        for name, value in (("code", "P9"), ("order", 99), ("number", 99)):
            if hasattr(last, name):
                setattr(last, name, value)
        if rows.model in (Edition, MarkingGuide):
            return  # a new one is no part of the published one
        with pytest.raises(IntegrityError, match="Nothing is added"), transaction.atomic():
            last.save(force_insert=True)


def _open_edition():
    return Edition.objects.create(
        standard=Standard.objects.create(urn="OPEN1"), title="Not published yet"
    )
