"""Every label of an exported portfolio has its Welsh, and nothing else has."""

import ast
import dataclasses
import importlib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pypdfium2
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import dateformat, translation
from django.utils.functional import Promise
from django.utils.translation.template import templatize

from accounts.states import STATES
from assessments.models import Appeal, PlanAction
from files.kinds import Kind
from ledger.models import Stream
from portfolio.models import Method
from reports import document, facts, making, recorded
from reports.entries import DISCREET, record_of
from reports.gather import gather
from reports.options import Options
from reports.signing import pades, self_signed
from reports.templatetags.report import TOLD
from tests.factories import Cast
from tests.reports.builders import Story
from tests.reports.golden.building import golden
from tests.reports.golden.printing import PROOF, fixed

BASE = Path(settings.BASE_DIR)
NAMES = {"_": None, "_t": None, "_lazy": None, "gettext": None, "ngettext": (1, 2)}
FIELD = re.compile(r"%\(\w+\)[sd]|%s")

# All that these modules say is printed, or is said by the PDF itself.
PRINTED = (
    *("reports.attaching", "reports.gather", "reports.manifest", "reports.recorded"),
    *("reports.parts.stamping", "reports.templatetags.report"),
    *("portfolio.anchors.labels", "ledger.record"),
)
# These speak to people on pages, which are English.
ON_PAGES = (
    *("actions", "attempt", "embedding", "forms", "lists", "models", "options", "queue"),
    *("telling", "workflow", "parts.hands"),
)
ON_PAGES_ALL = ("bulk", "proof", "signing", "views")
# Django says these where we ask it to: the names of months, and sizes. What it misspells, cuts
# short or does not mutate stands in our catalogue.
DJANGOS = {"July", "jul", "feb", "aug", "sep", "%s KB", "%(size)d byte"}

Key = str | tuple[str, str]


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (BASE / "locale" / "cy" / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale="cy", abort_invalid=True)


@pytest.fixture(scope="module")
def welsh(catalogue: Catalog) -> dict[str, Message]:
    return {_english_of(each): each for each in catalogue if each.id}


def _english_of(each: Message) -> str:
    return each.id[0] if each.pluralizable else each.id


def _strings(each: Message) -> list[str]:
    return list(each.string) if each.pluralizable else [each.string]


# What is asked for ------------------------------------------------------------------------------


def _in_source(source: str) -> set[str]:
    found = extract_python(BytesIO(source.encode()), NAMES, [], {"encoding": "utf-8"})
    return {
        message if isinstance(message, str) else message[0] for _line, _call, message, _why in found
    }


def _in_module(name: str) -> set[str]:
    return _in_source(Path(str(importlib.import_module(name).__file__)).read_text())


def by_templates() -> set[str]:
    pages = (BASE / "templates" / "reports" / "pdf").glob("*.html")
    return set().union(*(_in_template(page.read_text()) for page in pages))


def _in_template(source: str) -> set[str]:
    """What is left of its layout is no Python."""
    return _in_source("\n".join(line.lstrip() for line in templatize(source).splitlines()))


def by_modules() -> set[str]:
    return set().union(*map(_in_module, PRINTED))


def _tables() -> Iterator[str | Promise]:
    yield from (state.word for state in STATES.values())
    yield from TOLD.values()
    kinds = importlib.import_module("files.kinds").__dict__.values()
    yield from (each.words for each in kinds if isinstance(each, Kind) and each.types)
    yield from recorded.FORMS.values()
    for choices in (Method, Appeal.Status, PlanAction.Who):
        yield from (each.label for each in choices)
    yield pades.CALLED


def by_tables() -> set[str]:
    with translation.override(None):
        return {str(each) for each in _tables()}


@pytest.mark.parametrize(
    ("asked", "least"), [(by_templates, 130), (by_modules, 30), (by_tables, 110)]
)
def test_all_that_is_asked_for_is_there(asked, least: int, welsh):
    assert len(asked()) > least
    assert asked() - set(welsh) == set()


def test_nothing_else_is_there(welsh):
    """Pages stay English, also what they say of an export that failed while it spoke Welsh."""
    assert set(welsh) - by_templates() - by_modules() - by_tables() == DJANGOS


def test_of_each_module_it_is_known_where_it_speaks():
    for path in (BASE / "reports").rglob("*.py"):
        name = ".".join(path.relative_to(BASE).with_suffix("").parts)
        inside = name.removeprefix("reports.")
        if name not in PRINTED and inside not in ON_PAGES and _in_source(path.read_text()):
            assert inside.split(".")[0] in ON_PAGES_ALL, name


def test_each_is_whole(catalogue: Catalog, welsh):
    for english, each in welsh.items():
        assert all(_strings(each)), english
        assert not each.fuzzy, english
        assert len(_strings(each)) == (catalogue.num_plurals if each.pluralizable else 1)


def test_what_is_filled_in_is_filled_in_there_too(welsh):
    for english, each in welsh.items():
        for other in _strings(each):
            assert sorted(FIELD.findall(english)) == sorted(FIELD.findall(other)), english


# The ledger's verbs -----------------------------------------------------------------------------

VERB = re.compile(r"[a-z]+(_[a-z]+)*")
WRITES = re.compile(r"_?(record|write|note)(_\w+)?")
# Of the centre's own stream, or of all; no portfolio has them.
OF_THE_CENTRE = {
    *("phrase_added", "phrase_changed", "phrase_retired", "unit_rules_set", "learners_imported"),
    *("expert_witness_approved", "expert_witness_ended", "export_rules_changed"),
    *("template_added", "template_ended"),
}


def _verbs() -> set[str]:
    """Whatever is written to a ledger by name, wherever evidence is worked on."""
    folders = (*("assessments/actions", "portfolio/actions"), "reports")
    found: set[str] = set()
    for path in (each for folder in folders for each in (BASE / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            found |= set(_said(node))
    return {each for each in found if VERB.fullmatch(each)}


def _said(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and WRITES.fullmatch(_called(node)):
        named = [each.value for each in node.keywords if each.arg == "verb"]
        yield from _texts([*node.args[:3], *named])
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "verb":
        yield from _texts([node.value])


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _texts(given: Iterable[ast.expr]) -> Iterator[str]:
    for each in given:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
        if isinstance(each, ast.IfExp):
            yield from _texts([each.body, each.orelse])


def test_each_verb_of_a_portfolio_has_words():
    verbs = _verbs()
    assert {"plan_agreed", "record_shared", "decisions_imported", "action_point_done"} <= verbs
    assert verbs >= OF_THE_CENTRE
    assert verbs - OF_THE_CENTRE - DISCREET - set(TOLD) == set()


def test_what_is_wrong_with_a_ledger_is_said_in_welsh(story: Story):
    Stream.objects.filter(name=story.portfolio.stream).update(head="0" * 64)
    with translation.override("cy"):
        fault = record_of(story.portfolio.stream).fault
    length = Stream.objects.get(name=story.portfolio.stream).length
    said = f"{story.portfolio.stream} cofnod {length + 1}: nid yw'r gadwyn yn gorffen"
    assert fault.startswith(said)


# Months -----------------------------------------------------------------------------------------

MONTHS = (
    *("Ionawr", "Chwefror", "Mawrth", "Ebrill", "Mai", "Mehefin"),
    *("Gorffennaf", "Awst", "Medi", "Hydref", "Tachwedd", "Rhagfyr"),
)
SHORT = (
    *("Ion", "Chwef", "Maw", "Ebr", "Mai", "Meh"),
    *("Gorff", "Awst", "Medi", "Hyd", "Tach", "Rhag"),
)


@pytest.mark.parametrize(("form", "names"), [("F", MONTHS), ("E", MONTHS), ("M", SHORT)])
def test_the_months(form: str, names: tuple[str, ...]):
    with translation.override("cy"):
        assert tuple(dateformat.format(date(2026, n, 1), form) for n in range(1, 13)) == names


# Printed ----------------------------------------------------------------------------------------


class _Said(HTMLParser):
    """All that a page says to anybody, piece by piece."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: set[str] = set()
        self.in_english: set[str] = set()
        self._languages: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("alt", "content", "title"):
            self._say(given.get(name) or "")
        if tag == "span":
            self._languages.append(given.get("lang") or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self._languages.pop()

    def handle_data(self, data: str) -> None:
        self._say(data)

    def _say(self, words: str) -> None:
        words = " ".join(words.split())
        self.pieces.add(words)
        if any(self._languages):
            self.in_english.add(words)


# Facts that are labels, in the language of the export.
LABELS = {
    *((facts.Version, "method"), (facts.AssessorRecord, "form"), (facts.Judgement, "five")),
    *((facts.Appeal, "word"), (facts.PlanAction, "who"), (facts.PlanAction, "method")),
    *((facts.Place, "words"), (facts.Attachment, "description"), (facts.Record, "fault")),
}


def _own_words(fact: Any) -> Iterator[str]:
    """What people and standards say, in all the facts."""
    if isinstance(fact, str):
        yield from (" ".join(line.split()) for line in fact.splitlines())
    elif isinstance(fact, tuple):
        for each in fact:
            yield from _own_words(each)
    elif dataclasses.is_dataclass(fact):
        for each in dataclasses.fields(fact):
            if (type(fact), each.name) not in LABELS:
                yield from _own_words(getattr(fact, each.name))


def _told(story: Story, language: str) -> facts.Portfolio:
    """Everything, with every verb that a ledger can hold, and a fault in it."""
    told = fixed(gather(story.portfolio.pk, options=Options(language=language), proof=PROOF))
    one = told.record.entries[0]
    entries = tuple(dataclasses.replace(one, verb=verb) for verb in TOLD)
    return dataclasses.replace(told, record=dataclasses.replace(told.record, entries=entries))


def _is_ours(piece: str, own: set[str]) -> bool:
    """A label, since nobody said it: neither whole nor with others, in quotes or shortened."""
    if not re.search(r"[^\W\d_]", piece) or re.fullmatch(r"[0-9a-f]{12}", piece) or piece in own:
        return False
    return not all(each.strip() in own for each in re.split(r"[,“”…]", piece) if each.strip())


@pytest.mark.django_db
def test_a_portfolio_with_everything_in_it(cast: Cast):
    story = golden(cast)
    english, welsh = (_told(story, language) for language in ("en-gb", "cy"))
    before, after = _Said(document.render(english)), _Said(document.render(welsh))
    own = set(_own_words(welsh)) | {PROOF.spaced, PROOF.url.removeprefix("https://").rstrip("/")}
    left = {each for each in before.pieces & after.pieces if _is_ours(each, own)}
    assert left == {"Signpost"}
    assert before.in_english == set()
    assert after.in_english <= own
    assert _of_the_standard(welsh) | _declarations(welsh) <= after.in_english


def _of_the_standard(told: facts.Portfolio) -> set[str]:
    (unit,) = told.units
    points = {point.wording for guide in unit.guides for point in guide.points}
    return {unit.title, *(criterion.text for criterion in unit.criteria), *points}


def _declarations(told: facts.Portfolio) -> set[str]:
    (unit,) = told.units
    return {
        *(version.declaration for item in told.evidence for version in item.versions),
        *(testimony.declaration for _number, testimony in told.testimonies),
        *(each.declaration for each in unit.sign_offs),
    }


# As a PDF ---------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Pair:
    english: Path
    welsh: Path
    parts: tuple[int, int]  # how many were kept after the one, and after both


@pytest.fixture(scope="module")
def kept() -> list[Pair]:
    return []


@pytest.fixture
def pair(kept: list[Pair], request: pytest.FixtureRequest, settings: Any, tmp_path_factory) -> Pair:
    """A small portfolio, printed by the first test that asks; signed in Welsh."""
    if not kept:
        folder = tmp_path_factory.mktemp("welsh")
        settings.KEYS_DIR, settings.TSA_URL = folder / "keys", ""
        settings.REPORT_PARTS_DIR = folder / "parts"
        kept.append(_printed(request.getfixturevalue("story"), folder))
    return kept[0]


def _printed(story: Story, folder: Path) -> Pair:
    centre = story.portfolio.centre
    self_signed.make(centre, years=1)
    attempt = SimpleNamespace(
        tell=lambda *_, **_more: None,
        report=SimpleNamespace(portfolio=story.portfolio, bulk_id=None),
    )
    english, welsh = (
        gather(story.portfolio.pk, options=Options(language=each), proof=PROOF)
        for each in ("en-gb", "cy")
    )
    (folder / "en").mkdir()
    (folder / "cy").mkdir()
    first = making.print_out(english, folder / "en", attempt, hands=2).path
    before = len(list((folder / "parts").rglob("*.pdf")))
    second = making.produce(welsh, folder / "cy", attempt).path
    return Pair(first, second, (before, len(list((folder / "parts").rglob("*.pdf")))))


def test_the_file_calls_itself_welsh(pair: Pair):
    with pikepdf.open(pair.welsh) as opened:
        assert opened.Root.Lang == "cy"
        assert str(opened.docinfo.Title) == "Portffolio Amira Khan"
        with opened.open_outline() as outline:
            titles = [each.title for each in outline.root]
        first = ["Amira Khan", "Cynnwys", "Mynegai tystiolaeth", "Cofnod cynnydd unedau"]
        assert titles[:4] == first
        assert titles[-1] == "Y cofnod"
        said = opened.attachments["manifest.json"].description
        assert said.startswith("Cynnwys yr allforiad hwn")
        (field,) = opened.Root.AcroForm.Fields
        assert field.TU == "Llofnod digidol y ganolfan"


def test_every_page_has_its_foot_in_welsh(pair: Pair):
    with pypdfium2.PdfDocument(pair.welsh) as opened:
        pages = [page.get_textpage().get_text_bounded() for page in opened]
    for number, page in enumerate(pages[1:], start=2):
        assert f"Tudalen {number} o {len(pages)}" in page
        assert "Allforiwyd" in page
    assert "Unit progress record" not in "".join(pages)


def test_parts_are_kept_by_language(pair: Pair):
    one, both = pair.parts
    assert one > 0
    assert both == 2 * one


def test_what_is_english_is_read_aloud_as_english(pair: Pair):
    assert {kind for kind, language in _languages(pair.welsh) if language} >= {"/TD", "/H3", "/P"}
    assert {language for _kind, language in _languages(pair.welsh)} == {"", "en"}
    assert {language for _kind, language in _languages(pair.english)} == {""}


def _languages(place: Path) -> set[tuple[str, str]]:
    """Of each element of the structure, what holds it and its language."""
    with pikepdf.open(place) as opened:
        return {
            (str(each.P.S), str(each.get("/Lang", "")))
            for each in opened.objects
            if isinstance(each, pikepdf.Dictionary) and "/S" in each and "/S" in each.get("/P", {})
        }


def test_a_browsers_wish_for_welsh_gives_no_page_of_both(client, db):
    page = client.get("/verify/", headers={"accept-language": "cy"}).content.decode()
    assert '<html lang="en' in page
