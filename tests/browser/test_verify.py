"""Somebody without an account checks a PDF: on a phone, at a desk, by keyboard, without scripts."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from portfolio.models import Portfolio
from reports.models import Report
from tests.browser.axe import looked_over
from tests.browser.test_every_page import LOOKS, sticking_out
from tests.factories import make_cast, make_portfolio
from tests.reports.proof.conftest import CODE, Sealed, finished, seal

ASK = "/verify/"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """In a thread of its own: the signer has a loop, and so has Playwright in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(seal, tmp_path_factory.mktemp("sealed")).result()


@pytest.fixture
def portfolio() -> Portfolio:
    cast = make_cast()
    return make_portfolio(cast.centre, cast.learner)


@pytest.fixture
def report(portfolio: Portfolio, sealed: Sealed) -> Report:
    """Signed, and known to the site."""
    by = portfolio.centre.memberships.get(role="admin").user
    return finished(portfolio, sealed.path, certificate=sealed.certificate, code=CODE, by=by)


@pytest.fixture
def files(sealed: Sealed, tmp_path: Path) -> dict[str, Path]:
    contents = {
        "altered": sealed.path.read_bytes() + b" ",
        "letter": b"%PDF-1.7 somebody's letter",
        "empty": b"",
    }
    places = {"genuine": sealed.path}
    for name, content in contents.items():
        places[name] = tmp_path / f"{name}.pdf"
        places[name].write_bytes(content)
    return places


def check(page: Page, file: Path) -> None:
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Check this file").click()


def answered(page: Page, heading: str) -> None:
    """It says so, in view, and whoever listens or types stands on it; and the page is sound."""
    expect(page.locator("#answer, #error")).to_be_focused()
    expect(page.locator(":focus h2")).to_have_text(heading)
    expect(page.locator(":focus")).to_be_in_viewport()
    assert page.title().startswith(heading)
    sound(page)


def sound(page: Page) -> None:
    found = looked_over(page)
    assert found.violations_count == 0, found.generate_report()
    assert sticking_out(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_every_answer(
    look: str,
    new_context: CreateContextCallback,
    report: Report,
    files: dict[str, Path],
) -> None:
    page = new_context(**LOOKS[look]).new_page()
    troubles: list[Any] = []
    page.on("pageerror", lambda error: troubles.append(error))
    page.goto(ASK)
    sound(page)
    check(page, files["genuine"])
    answered(page, "Genuine, and the latest")
    expect(page.locator("#answer")).to_contain_text(report.portfolio.centre.name)
    check(page, files["altered"])
    answered(page, "Altered after signing")
    check(page, files["letter"])
    answered(page, "Not one of our exports")
    check(page, files["empty"])
    answered(page, "Nothing was checked")
    Report.objects.update(withdrawn_at=timezone.now())
    check(page, files["genuine"])
    answered(page, "Genuine, but since withdrawn")
    page.goto(f"{ASK}{CODE}/")
    answered(page, "An export with this code was made")
    assert troubles == []


def test_by_keyboard_alone(page: Page, report: Report, files: dict[str, Path]) -> None:
    page.goto(ASK)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the top
    reach(page, "#file")
    page.set_input_files("#file", files["genuine"])  # the machine's own dialogue is not ours
    reach(page, "button.btn-way")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("Genuine, and the latest")
    expect(page.locator("#answer")).to_be_focused()
    reach(page, "#code")
    page.keyboard.type(f" {CODE[:5].lower()} {CODE[5:].lower()}")
    page.keyboard.press("Enter")
    expect(page.locator("#answer h2")).to_have_text("An export with this code was made")


def reach(page: Page, target: str) -> None:
    """By the Tab key, and without going round the page."""
    for _ in range(6):
        page.keyboard.press("Tab")
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"{target} is out of the keyboard's reach")


def test_without_scripts(
    new_context: CreateContextCallback, report: Report, files: dict[str, Path]
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(ASK)
    check(page, files["altered"])
    expect(page.locator("#answer h2")).to_have_text("Altered after signing")
    page.fill("#code", CODE)
    page.get_by_role("button", name="Look up").click()
    expect(page.locator("#answer h2")).to_have_text("An export with this code was made")
