"""Every label of an exported portfolio has its Welsh."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

from reports import document
from reports.gather import gather
from reports.options import Options
from tests.reports.builders import Story

WORD = re.compile(r'\{% translate "([^"]+)"')
BLOCK = re.compile(r"\{% blocktranslate([^%]*)%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)
PLACE = re.compile(r"\{\{ ?(\w+) ?\}\}")
FIELD = re.compile(r"%\(\w+\)[sd]|%s")


@pytest.fixture(scope="module")
def welsh() -> dict[str, str]:
    place = Path(settings.BASE_DIR, "locale", "cy", "LC_MESSAGES", "django.po")
    with place.open("rb") as file:
        read = read_po(file, locale="cy")
    return {
        each.id[0] if each.pluralizable else each.id: each.string[0]
        if each.pluralizable
        else each.string
        for each in read
        if each.id
    }


def asked_for() -> set[str]:
    """By the templates."""
    found = set()
    for path in Path(settings.BASE_DIR, "templates", "reports", "pdf").glob("*.html"):
        source = path.read_text()
        found |= set(WORD.findall(source))
        for options, block in BLOCK.findall(source):
            first = PLACE.sub(r"%(\1)s", block.split("{% plural %}")[0])
            found.add(" ".join(first.split()) if "trimmed" in options else first)
    return found


def test_all_that_the_templates_say(welsh):
    assert len(asked_for()) > 100
    assert asked_for() - set(welsh) == set()


def test_all_that_is_said_from_elsewhere(welsh, story: Story, monkeypatch):
    """States, methods, what the ledger's entries say: whatever printing asks for in Welsh."""
    asked: set[str] = set()
    plain = trans_real.gettext

    def noted(message: str) -> str:
        if translation.get_language() == "cy":
            asked.add(message)
        return plain(message)

    monkeypatch.setattr(translation._trans, "gettext", noted)
    html = document.render(gather(story.portfolio.pk, options=Options(language="cy")))
    months = {each for each in asked if plain_month(each)}
    assert asked - set(welsh) - months == set()
    assert "Mynegai tystiolaeth" in html


def plain_month(word: str) -> bool:
    """Django's own catalogue has these."""
    short = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    return word.lower()[:3] in short and word.isalpha()


def test_what_is_filled_in_is_filled_in_there_too(welsh):
    for english, other in welsh.items():
        assert sorted(FIELD.findall(english)) == sorted(FIELD.findall(other)), english


def test_a_browsers_wish_for_welsh_gives_no_page_of_both(client, db):
    page = client.get("/verify/", headers={"accept-language": "cy"}).content.decode()
    assert '<html lang="en' in page
