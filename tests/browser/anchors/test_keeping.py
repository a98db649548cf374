"""Places are kept as one goes, in any tab and without a signal."""

from playwright.sync_api import BrowserContext, Page, expect

from portfolio.anchors.selectors import Place
from portfolio.models import Anchor, Claim
from tests.browser.anchors.claims_page import claims_of, mark_by_script, only, row, saved
from tests.browser.doors import sign_in
from tests.browser.shown import Item
from tests.factories import make_claims


def test_a_place_is_taken_out_again(desk: Page, item: Item, film: str) -> None:
    item.anchor(film, "P4", "moment", begins=1, ends=2)
    page = claims_of(desk, item)
    remove = row(page, "P4").get_by_role("button", name="Remove from P4: call.mp4, 0:01 to 0:02")
    remove.focus()
    page.keyboard.press("Enter")
    saved(page)
    assert not Anchor.objects.exists()
    expect(page.locator(".viewer-moments a")).to_have_count(0)
    expect(row(page, "P4").get_by_role("checkbox", name="P4")).to_be_focused()


def test_without_a_signal_nothing_is_lost(page: Page, item: Item, film: str) -> None:
    sign_in(page, item.cast.learner)
    claims_of(page, item)
    page.context.set_offline(True)
    mark_by_script(page, film, item, begins=3, ends=4)
    expect(page.locator("[data-kept]")).to_contain_text("Not saved yet")
    assert not Anchor.objects.exists()
    page.context.set_offline(False)
    saved(page)
    assert only(item).begins == 3


def test_two_tabs_add_to_each_other(
    context: BrowserContext, page: Page, item: Item, film: str
) -> None:
    sign_in(page, item.cast.learner)
    claims_of(page, item)
    other = claims_of(context.new_page(), item)
    mark_by_script(page, film, item, begins=1, ends=2)
    saved(page)
    mark_by_script(other, film, item, begins=5, ends=6)
    saved(other)
    moments = Anchor.objects.filter(claim__version=item.version).values_list("begins", flat=True)
    assert list(moments) == [1, 5]
    expect(row(other, "P4").locator(".anchor-link")).to_have_count(2)
    page.get_by_role("button", name="Save claims").click()
    expect(page.get_by_text("Your claims are saved.")).to_be_visible()
    assert Anchor.objects.count() == 2


def test_what_is_refused_is_said_at_its_criterion(page: Page, item: Item, film: str) -> None:
    sign_in(page, item.cast.learner)
    claims_of(page, item)
    mark_by_script(page, film, item, begins=90, ends=95)
    expect(row(page, "P4").get_by_text("“call.mp4” ends at 0:14")).to_be_visible()
    expect(row(page, "P4").locator(".anchor-link")).to_have_count(0)
    mark_by_script(page, film, item, begins=3, ends=4)
    saved(page)
    expect(row(page, "P4").get_by_text("ends at")).to_have_count(0)


def test_what_a_corrected_file_still_says_comes_back_by_itself(desk: Page, item: Item) -> None:
    """She took the file out and put it in again under its name; now its words can be read."""
    text = "I rang Mr Hale at ten past nine, and he was cross about the late load."
    item.add("notes.txt", text.encode())
    make_claims(item.version, item.claim("P4").enrolment, "P5")
    lost = Place("passage", sha256="0" * 64, quote="he was cross", prefix=", and ")
    for code, quote in (("P4", "he was cross"), ("P5", "he was glad")):
        plain = {**lost.plain, "quote": quote, "name": "notes.txt", "file": 10**6}
        Claim.objects.filter(criterion__code=code).update(lost_places=[plain])
    page = claims_of(desk, item)
    expect(row(page, "P4").get_by_role("link", name="notes.txt, “he was cross”")).to_be_visible()
    saved(page)
    assert only(item).file == item.files["notes.txt"]
    told = page.locator("#lost-places")
    expect(told).not_to_contain_text("he was cross")
    expect(told).to_contain_text("“he was glad”")
