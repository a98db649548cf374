"""What is done on a phone that captures, and what the phone holds."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import User
from tests.browser.doors import let_in
from tests.factories import Cast


def signed_out_page(browser: Browser, address: str, device: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **device)
    yield context.new_page()
    context.close()


def get_ready(page: Page, cast: Cast, address: str, learner: Any = None) -> None:
    """Sign in, open the capture page once, and let the phone keep what it needs."""
    let_in(page.context, learner or cast.learner, address)
    page.goto(f"/c/{cast.centre.slug}/capture/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("form#capture")).to_be_visible()
    page.wait_for_function("JSON.parse(localStorage['signpost.account'])?.centres")
    page.wait_for_function(
        "Object.values(JSON.parse(localStorage['signpost.account']).centres)[0].at > 0"
    )
    poll(page, "() => caches.match('/capture/').then(Boolean)")


def away(context: BrowserContext, cast: Cast, address: str) -> Page:
    """A phone that is ready, and has lost its signal."""
    page = context.pages[0]
    get_ready(page, cast, address)
    context.set_offline(True)
    return page


def capture(page: Page, *files: Path, text: str = "I calmed him down.", title: str = "") -> None:
    if files:
        page.get_by_label("Choose files").set_input_files(files)
        expect(page.locator("[data-files] .upload-item")).to_have_count(len(files))
    page.get_by_label("What happened?").fill(text)
    if title:
        page.get_by_text("Title and unit (optional)").click()
        page.get_by_label("Title", exact=True).fill(title)
    page.get_by_role("button", name="Keep and send").click()
    expect(page.locator("[data-done]")).to_be_visible()


def pause(page: Page) -> None:
    """What waits is to be there still when the signal is back. Without a signal, any page is
    the one that the phone keeps."""
    page.goto("/capture/")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").last.click()


# Whether `%s` is true of what the phone holds of an account's captures, or of their files.
HELD = """async ([user, store]) => {
  const opening = indexedDB.open(`signpost-${user}`);
  const database = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const asking = database.transaction(store).objectStore(store).getAll();
  const held = await new Promise((done) => (asking.onsuccess = () => done(asking.result)));
  database.close();
  return %s;
}"""


def poll(page: Page, question: str, about: Any = None) -> None:
    """Ask until the answer is yes; Playwright's own waiting takes a promise for a yes."""
    deadline = time.monotonic() + 45
    while not page.evaluate(question, about):
        assert time.monotonic() < deadline, question
        page.wait_for_timeout(50)


def wait_until(page: Page, learner: User, condition: str) -> None:
    poll(page, HELD % condition, [learner.pk, "captures"])


def wait_for_files(page: Page, learner: User, condition: str) -> None:
    poll(page, HELD % condition, [learner.pk, "files"])


def wait_until_sent(page: Page, learner: User) -> None:
    wait_until(page, learner, "held.length === 0")
    expect(bar(page)).to_be_hidden()


def bar(page: Page) -> Any:
    return page.locator("#outbox-bar")
