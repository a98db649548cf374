"""Two learners of a centre, and what they capture with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page

from tests.browser.offline.phone import signed_out_page
from tests.browser.sending import DESK, PHONE
from tests.factories import (
    PASSWORD,
    Cast,
    jpeg,
    make_cast,
    make_edition,
    make_enrolment,
    make_portfolio,
)

FAKE_DEVICES = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def cast() -> Cast:
    made = make_cast(password=PASSWORD)
    edition = make_edition()
    for learner in (made.learner, made.second_learner):
        make_enrolment(make_portfolio(made.centre, learner), edition)
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "shop.jpg"
    path.write_bytes(jpeg((640, 480)))
    return path


@pytest.fixture
def phone(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path, site: str
) -> Iterator[Callable[[], BrowserContext]]:
    """A phone: opened again, it holds what it held when it was closed."""
    opened: list[BrowserContext] = []

    def open_it() -> BrowserContext:
        arguments = [*browser_type_launch_args["args"], *FAKE_DEVICES]
        launch = {**browser_type_launch_args, "args": arguments}
        folder = str(tmp_path / "phone")
        context = browser_type.launch_persistent_context(folder, base_url=site, **PHONE, **launch)
        opened.append(context)
        return context

    yield open_it
    for context in opened:
        context.close()


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def on_each(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Page]:
    yield from signed_out_page(browser, site, request.param)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    yield from signed_out_page(browser, site, PHONE)
