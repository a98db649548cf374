"""Viewers of every kind: wide and narrow, without scripts, and when they come later."""

from playwright.sync_api import Browser, Page, expect

from files.models import Preview
from files.previews import text_of
from tests.browser.axe import looked_over
from tests.browser.doors import sign_in
from tests.browser.shown import SRT, Item, book, letter, mail, photo
from tests.factories import jpeg
from tests.files.previews import makers


def fill(item: Item) -> None:
    item.add("letter.pdf", letter())
    item.add("shop.jpg", photo())
    item.add("call.mp4", makers.film(size=(160, 120)))
    item.add("call.srt", SRT)
    item.add("talk.wav", makers.film("wav", codec=None, sound="pcm_s16le"))
    item.add("notes.txt", b"I rang him back.")
    item.add("calls.xlsx", book())
    item.add("thanks.eml", mail())
    item.add("old.zip", b"PK\3\4")
    item.anchor(None, "P1", "passage", quote="Mr Hale", start=7)
    item.anchor("shop.jpg", "P2", "region", x=0.3, y=0.15, width=0.4, height=0.25)
    item.anchor("letter.pdf", "P3", "passage", page=1, quote="rang her", start=2)
    item.anchor("call.mp4", "P4", "moment", begins=0.5, ends=1)
    item.anchor("talk.wav", "P5", "moment", begins=0.5, ends=1)
    item.anchor("calls.xlsx", "P6", "whole")
    start = (text_of(item.files["calls.xlsx"].blob) or "").index("Hale\tlate")
    item.anchor("calls.xlsx", "P6", "passage", start=start, quote="Hale\tlate")


def test_every_kind_is_right_wide_and_narrow_light_and_dark(
    page: Page, item: Item, trouble: list[str]
) -> None:
    fill(item)
    sign_in(page, item.cast.learner)
    for width in (360, 1440):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.goto(item.address)
            expect(page.locator("[data-bar]").first).to_be_visible()
            root = "document.documentElement"
            assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), (width, scheme)
            found = looked_over(page).response["violations"]
            assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []


def test_what_a_thumb_presses_is_large_enough(page: Page, item: Item, trouble: list[str]) -> None:
    fill(item)
    sign_in(page, item.cast.learner)
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(item.address)
    expect(page.locator("[data-bar]").first).to_be_visible()
    for target in page.locator(".viewer button:visible, .viewer-moments a:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_html()
        assert box["width"] >= 44, target.inner_html()


def test_everything_is_there_without_scripts(browser: Browser, base_url: str, item: Item) -> None:
    fill(item)
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        page.goto(item.address)
        expect(page.locator("[data-bar]:visible, [data-strip]:visible")).to_have_count(0)
        expect(page.get_by_role("img", name="Page 2 of 3")).to_be_visible()
        expect(page.get_by_role("img", name="shop.jpg")).to_be_visible()
        for player in ("video", "audio"):
            expect(page.locator(f"{player}[controls]")).to_be_visible()
        expect(page.get_by_text("I rang him back.")).to_be_visible()
        expect(page.get_by_role("cell", name="129 October")).to_have_count(0)
        expect(page.get_by_role("cell", name="late").first).to_be_visible()  # with P6 beside it
        expect(page.get_by_text("It came on time today.")).to_be_visible()
        expect(page.locator(".viewer-box:visible")).to_have_count(2)
        expect(page.get_by_role("link", name="P4 0:00.5 to 0:01")).to_be_visible()
        page.get_by_role("link", name="See it large").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("letter.pdf")


def test_what_is_being_made_comes_by_itself(page: Page, item: Item, trouble: list[str]) -> None:
    item.add("shop.jpg", jpeg((300, 200)))
    Preview.objects.all().delete()
    sign_in(page, item.cast.learner)
    page.goto(item.address)
    # The page asks; the worker makes it; the viewer comes in the place of what was there.
    expect(page.get_by_role("button", name="Turn")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("img", name="shop.jpg")).to_be_visible()
    assert Preview.objects.get().status == Preview.Status.READY
