"""Every page of a centre, opened by somebody who may: axe finds nothing in it, nothing sticks
out sideways, and no script of it complains."""

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.architecture.access import TABLE
from tests.architecture.matrix import ROLES, rows
from tests.architecture.world import World, make_world
from tests.browser.axe import looked_over
from tests.browser.doors import let_in
from tests.factories import make_cast

PAGES = [row for row in rows(TABLE) if row.method == "GET" and 200 in row.answers]
LOOKS = {
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
    "desk": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_sound(look: str, new_context: CreateContextCallback, base_url: str) -> None:
    world = make_world(make_cast())
    contexts: dict[str, BrowserContext] = {}
    troubles: list[str] = []
    seen = 0
    for row in PAGES:
        role = ROLES[row.answers.index(200)]
        if role not in contexts:
            contexts[role] = signed_in(new_context(**LOOKS[look]), world, role, base_url)
        address = address_of(row, world)
        if is_page(contexts[role], address):
            seen += 1
            troubles += [f"{row} as {role}: {each}" for each in looked_at(contexts[role], address)]
    assert troubles == []
    assert seen > len(PAGES) / 2


def signed_in(context: BrowserContext, world: World, role: str, base_url: str) -> BrowserContext:
    let_in(context, getattr(world.cast, role), base_url)
    return context


def address_of(row, world: World) -> str:
    things = {name: world.things[thing] for name, thing in row.things.items()}
    return reverse(row.name, kwargs={"centre": world.cast.centre.slug, **things})


def is_page(context: BrowserContext, address: str) -> bool:
    """Not a file to save, nor a piece of a page."""
    answer = context.request.get(address)
    return answer.headers["content-type"].startswith("text/html") and "<html" in answer.text()


def looked_at(context: BrowserContext, address: str) -> list[str]:
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"a script failed: {error}"))
    page.goto(address)
    found = looked_over(page)
    if found.violations_count:
        troubles.append(found.generate_report())
    troubles += [f"sticks out: {each}" for each in sticking_out(page)]
    page.close()
    return troubles


def sticking_out(page: Page) -> list[str]:
    return page.evaluate(
        """() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            if (scrollWidth <= clientWidth) return [];
            const wide = (one) => one.getBoundingClientRect().right > clientWidth + 1;
            return [...document.querySelectorAll("body *")].filter(wide).slice(0, 5)
              .map((one) => one.outerHTML.slice(0, 120));
        }"""
    )
