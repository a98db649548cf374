"""A computer that several people use: after signing out it holds nothing of anybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.assessments.conftest import Unit, make_unit
from tests.browser.doors import let_in
from tests.browser.offline.phone import (
    capture,
    get_ready,
    poll,
    sign_out,
    signed_out_page,
    wait_until_sent,
)
from tests.browser.sending import DESK
from tests.factories import make_cast

ALL = """async () => {
  const answer = (asking) =>
    new Promise((resolve, reject) => {
      asking.onsuccess = () => resolve(asking.result);
      asking.onerror = () => reject(asking.error);
    });
  const kept = { local: { ...localStorage }, session: { ...sessionStorage }, rows: [], cached: {} };
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      kept.rows.push(...(await answer(store.getAllKeys())));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const found = await cache.match(request, { ignoreVary: true });
      const isText = /text|javascript|json|svg/.test(found.headers.get("Content-Type") ?? "");
      kept.cached[request.url] = isText ? await found.text() : "";
    }
  }
  return kept;
}"""
IS_CLEAN = "() => sessionStorage.getItem('signpost-left') === null"


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    yield from signed_out_page(browser, site, DESK)


@pytest.fixture
def unit() -> Unit:
    return make_unit(make_cast())


def leave(page: Page, warning: str) -> dict[str, Any]:
    """Sign out in spite of the warning; what the browser holds afterwards."""
    sign_out(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(warning)
    expect(dialog).to_contain_text("Sign out now?")
    page.get_by_role("button", name="Yes, go on").click()
    page.wait_for_url("**/accounts/login/**")
    poll(page, IS_CLEAN)
    return page.evaluate(ALL)


def test_a_shared_computer_keeps_nothing_of_those_who_signed_out(
    page: Page, unit: Unit, site: str, photo: Path
) -> None:
    cast, submission = unit.cast, unit.submitted("P1")
    get_ready(page, cast, site)
    capture(page, photo, title="What she captured")
    wait_until_sent(page, cast.learner)
    page.route("**/uploads/tus/", lambda route: route.abort())
    page.goto(f"/c/{cast.centre.slug}/evidence/add/")
    page.locator("#id_files").set_input_files(photo)
    expect(page.locator(".upload-item")).to_contain_text("Waiting for signal")
    first = leave(page, "Files of forms not sent yet: 1.")

    page.context.clear_cookies()
    let_in(page.context, cast.assessor, site)
    page.route("**/claims/*/", lambda route: route.abort())
    page.goto(f"/c/{cast.centre.slug}/submissions/{submission.pk}/")
    expect(page.locator(".is-current")).to_have_count(1)
    page.get_by_label("Why").fill("She was late again")
    expect(page.locator(".claim .saved").first).to_contain_text("no connection")
    second = leave(page, "Feedback not saved yet: 1.")

    private = ["shop.jpg", "What she captured", "late again", cast.centre.name, cast.centre.slug]
    private += [who for user in (cast.learner, cast.assessor) for who in (user.name, user.email)]
    for kept in (first, second):
        assert kept["rows"] == []
        assert kept["cached"]
        assert [words for words in private if words in str(kept)] == []
        assert not [key for key in kept["local"] if key.startswith("signpost-marking:")]
