"""Files that a form left half-sent: told on every page, and only offered to the next form."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.offline.phone import wait_for_files
from tests.browser.sending import (
    DESK,
    PHONE,
    choose,
    expect_in,
    faults,
    fits,
    form_in,
    item,
    learner_with_a_unit,
    program,
    recording,
    save,
    sha256,
    stored,
)
from tests.browser.tunnels import Tunnel, tunnel
from tests.factories import Cast


@pytest.fixture
def cast() -> Cast:
    return learner_with_a_unit()


@pytest.fixture
def road(site: str) -> Iterator[Tunnel]:
    with tunnel(site) as made:
        yield made


@pytest.fixture
def form(browser: Browser, road: Tunnel, cast: Cast) -> Iterator[Page]:
    yield from form_in(browser, DESK, road, cast)


@pytest.fixture
def phone(browser: Browser, road: Tunnel, cast: Cast) -> Iterator[Page]:
    yield from form_in(browser, PHONE, road, cast)


def stop_midway(page: Page) -> None:
    """Files are announced, and not a byte of them comes through."""

    def refuse(route: Route) -> None:
        if route.request.method == "PATCH":
            route.abort()
        else:
            route.continue_()

    page.route("**/uploads/tus/**", refuse)


def test_what_an_earlier_form_left_is_told_and_only_offered(
    phone: Page, cast: Cast, tmp_path: Path
) -> None:
    kept, not_wanted = (recording(tmp_path, f"{name}.wav", megabytes=6) for name in ("a", "b"))
    stop_midway(phone)
    choose(phone, kept, not_wanted)
    wait_for_files(phone, cast.learner, "held.filter(({ url }) => url).length === 2")
    phone.get_by_role("link", name="Cancel").click()
    told = phone.locator("#outbox-bar")
    expect(told).to_contain_text("2 files of forms are not sent yet")
    assert fits(phone)
    phone.unroute_all()
    told.get_by_role("link", name="Open the form").click()
    expect(phone.locator(".upload[data-restored]")).to_be_visible()
    expect(told).to_be_hidden()
    for name in ("a.wav", "b.wav"):
        expect(item(phone, name)).to_contain_text("Left from an earlier form. Use it here?")
    assert faults(phone) == []
    assert fits(phone)
    with phone.expect_response(lambda answer: answer.request.method == "DELETE") as ended:
        phone.get_by_role("button", name="Remove it: b.wav").click()
    assert ended.value.status == 204
    phone.reload()  # is no answer
    expect(item(phone, "a.wav")).to_contain_text("Use it here?")
    expect(item(phone, "b.wav")).to_have_count(0)
    expect(phone.locator("form [name=uploads]")).to_have_count(0)
    phone.get_by_role("button", name="Use it: a.wav").click()
    expect_in(phone, "a.wav")
    save(phone)
    assert stored() == [sha256(kept)]


def open_anew(form: Page) -> None:
    """By way of another page; the same address again would be a reload."""
    address = form.url
    form.get_by_role("link", name="Cancel").click()
    expect(form.locator(".upload")).to_have_count(0)
    form.goto(address)
    expect(form.locator(".upload[data-restored]")).to_be_visible()


def test_a_file_that_was_in_is_not_joined_to_the_next_item(
    form: Page, cast: Cast, tmp_path: Path
) -> None:
    choose(form, recording(tmp_path, megabytes=1))
    expect_in(form)
    wait_for_files(form, cast.learner, "held[0]?.upload")
    open_anew(form)
    expect(item(form)).to_contain_text("Use it here?")
    save(form)
    assert stored() == []


def test_a_form_that_comes_back_is_still_the_same(form: Page, cast: Cast, tmp_path: Path) -> None:
    """What another form's file was refused for is of no interest; of this one's, it is."""
    choose(form, program(tmp_path))
    wait_for_files(form, cast.learner, "held[0]?.refused")
    form.get_by_role("button", name="Save and go on").click()
    expect(form.locator(".error-summary")).to_be_visible()
    expect(item(form, "tool.exe")).to_have_class("upload-item is-refused")
    wait_for_files(form, cast.learner, "held[0]?.refused")
    open_anew(form)
    expect(item(form, "tool.exe")).to_have_count(0)
