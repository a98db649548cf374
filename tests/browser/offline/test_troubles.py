"""A capture that is refused or thrown away, and a phone that is full."""

from pathlib import Path

from playwright.sync_api import Page, expect

from files.models import Quota
from portfolio.models import EvidenceFile, EvidenceVersion
from tests.browser.offline.phone import bar, capture, get_ready, wait_until, wait_until_sent
from tests.browser.sending import MB, recording, sha256
from tests.factories import Cast


def test_a_refused_file_keeps_the_rest(
    page: Page, cast: Cast, site: str, photo: Path, tmp_path: Path
) -> None:
    program = tmp_path / "tool.exe"
    program.write_bytes(b"MZ" + bytes(5000))
    get_ready(page, cast, site)
    capture(page, photo, program)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    expect(page.locator(".outbox-item")).to_contain_text("Could not be sent", timeout=30_000)
    expect(page.locator(".upload-item.is-refused")).to_contain_text("This is a program")
    with page.expect_download() as copy:
        page.get_by_role("button", name="Save a copy: tool.exe").click()
    assert Path(copy.value.path()).read_bytes() == program.read_bytes()
    page.get_by_role("button", name="Take out: tool.exe").click()
    expect(page.locator(".outbox-item.is-sent")).to_be_visible(timeout=30_000)
    assert [file.name for file in EvidenceFile.objects.all()] == ["shop.jpg"]


def test_a_capture_may_be_thrown_away_after_a_question(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page)
    page.goto("/capture/")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="No, go back").click()
    expect(page.locator(".outbox-item")).to_have_count(1)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Yes, go on").click()
    expect(page.locator(".outbox-item")).to_have_count(0)
    expect(bar(page)).to_be_hidden()


# Room


# What a browser says when the disk is full, at the moment when it is asked to keep the bytes.
FULL = """() => {
  navigator.storage.estimate = async () => ({quota: 2_000_000, usage: 1_000_000});
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === "bytes") throw new DOMException("full", "QuotaExceededError");
    return key === undefined ? put.call(this, value) : put.call(this, value, key);
  };
}"""


def test_a_full_phone_loses_nothing_that_was_kept(
    page: Page, cast: Cast, site: str, photo: Path, tmp_path: Path
) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, photo, title="Kept before")
    page.evaluate(FULL)
    page.get_by_label("Choose files").set_input_files(recording(tmp_path, megabytes=1))
    expect(page.locator("[data-trouble]")).to_contain_text("There is no room for talk.wav")
    expect(page.locator("[data-warning]")).to_contain_text("nearly full: 976.6 KB left")
    expect(page.locator("[data-files] .upload-item")).to_have_count(0)
    wait_until(page, cast.learner, "held.length === 1")  # of the other, not a row is left
    page.context.set_offline(False)
    wait_until_sent(page, cast.learner)
    assert EvidenceVersion.objects.get().title == "Kept before"


def test_a_file_above_the_largest_that_can_be_sent_is_refused_at_once(
    page: Page, cast: Cast, site: str, photo: Path
) -> None:
    get_ready(page, cast, site)
    page.evaluate("""() => {
      const known = JSON.parse(localStorage["signpost.account"]);
      Object.values(known.centres)[0].largest = 1024;
      localStorage["signpost.account"] = JSON.stringify(known);
    }""")
    page.reload()
    page.get_by_label("Take a photo").set_input_files(photo)
    expect(page.locator("[data-trouble]")).to_contain_text(
        "shop.jpg is too large to send. A file can be up to 1 KB."
    )
    expect(page.locator("[data-files] .upload-item")).to_have_count(0)


def test_what_there_is_no_room_for_stays_in_the_outbox(
    page: Page, cast: Cast, site: str, tmp_path: Path
) -> None:
    """The room that is left is only known when it is sent; until then nothing is refused."""
    quota = Quota.objects.create(centre=cast.centre, centre_bytes=100 * MB, person_bytes=MB)
    talk = recording(tmp_path, megabytes=2)
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page, talk)
    page.context.set_offline(False)
    page.goto(f"/c/{cast.centre.slug}/outbox/")
    held = page.locator(".outbox-item")
    expect(held).to_contain_text("Could not be sent", timeout=30_000)
    expect(held).to_contain_text("There is no room for this file: you have")
    expect(held).to_contain_text("Nothing is lost. It stays here until you send it or delete it.")
    quota.person_bytes = 100 * MB
    quota.save()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".outbox-item.is-sent")).to_be_visible(timeout=30_000)
    assert EvidenceFile.objects.get().blob.sha256 == sha256(talk)


def test_that_the_browser_may_throw_it_away_is_said(page: Page, cast: Cast, site: str) -> None:
    get_ready(page, cast, site)
    page.context.set_offline(True)
    capture(page)
    page.goto("/capture/")
    expect(page.locator("[data-warning]").first).to_contain_text("may delete what is not sent yet")
