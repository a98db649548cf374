"""An item that claims one criterion, and its learner at a desk and on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.anchors.claims_page import PHONE
from tests.browser.doors import sign_in
from tests.browser.shown import Item, make_item
from tests.files.previews import makers


@pytest.fixture
def item() -> Item:
    """A draft with a film, a photo, a letter and an account, that claims P4 and nothing else."""
    made = make_item()
    made.version.claims.exclude(criterion__code="P4").delete()
    return made


@pytest.fixture
def film(item: Item) -> str:
    item.add("call.mp4", makers.film(size=(160, 120), seconds=14))
    return "call.mp4"


@pytest.fixture
def desk(page: Page, item: Item, trouble: list[str]) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, item.cast.learner)
    return page


@pytest.fixture
def phone(browser: Browser, base_url: str, item: Item) -> Iterator[Page]:
    with browser.new_context(base_url=base_url, **PHONE) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        yield page
