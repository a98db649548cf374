"""An item, and the page of one of its files."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.doors import sign_in
from tests.browser.shown import Item, make_item
from tests.browser.viewers.telling import LISTEN


@pytest.fixture
def item() -> Item:
    return make_item()


@pytest.fixture
def opened(page: Page, item: Item, trouble: list[str]) -> Callable[..., Locator]:
    """Her own page of one file, ready for use; gives its viewer."""

    def open_it(name: str, data: bytes, *, marking: bool = True) -> Locator:
        item.add(name, data)
        page.add_init_script(LISTEN)
        sign_in(page, item.cast.learner)
        page.goto(item.large(name, "?marking=1" if marking else ""))
        expect(page.locator("[data-bar], [data-text], [data-sheet]").first).to_be_visible()
        return page.locator("[data-viewer]")

    return open_it
