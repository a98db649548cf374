"""Wide and narrow, light and dark: nothing sticks out, axe finds nothing, nothing is blocked."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import looked_over

PAGES = ["calm", "dense", "form", "refused"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_right(look: Page, name: str, width: int, scheme: str):
    look.set_viewport_size({"width": width, "height": 800})
    look.emulate_media(color_scheme=scheme)
    look.goto(f"/{name}/", wait_until="networkidle")
    root = "document.documentElement"
    assert look.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    found = looked_over(look).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []


def test_the_letters_are_ours(look: Page):
    look.goto("/calm/", wait_until="networkidle")
    assert look.evaluate("document.fonts.check('700 16px \"Atkinson Hyperlegible\"')")
    loaded = "[...document.fonts].filter((face) => face.status === 'loaded').length"
    assert look.evaluate(loaded) >= 2


def test_a_phone_reaches_every_page_without_scripts(no_script: Page):
    no_script.set_viewport_size({"width": 360, "height": 800})
    no_script.goto("/calm/")
    bar = no_script.locator(".nav-bar")
    assert [each.strip() for each in bar.locator("> ul > li > a").all_inner_texts()] == [
        "My units",
        "Queue",
        "People",
    ]
    bar.get_by_text("More").click()
    expect(bar.get_by_role("link", name="Exports")).to_be_visible()
    expect(no_script.locator(".nav-main")).to_be_hidden()


def test_what_a_thumb_presses_is_large_enough(look: Page):
    look.set_viewport_size({"width": 360, "height": 800})
    look.goto("/calm/")
    for target in look.locator("a.btn:visible, a.mark:visible, .nav-bar a:visible").all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 40, target.inner_text()


def test_the_skip_link_comes_first_and_works(look: Page):
    look.goto("/calm/")
    look.keyboard.press("Tab")
    expect(look.get_by_role("link", name="Skip to the content")).to_be_focused()
    look.keyboard.press("Enter")
    expect(look.locator("main")).to_be_focused()


def test_an_error_summary_takes_the_focus_and_leads_to_the_field(look: Page):
    look.goto("/refused/")
    expect(look.get_by_role("alert")).to_be_focused()
    look.get_by_role("link", name="Title: Fill this in.").click()
    expect(look.get_by_label("Title")).to_be_focused()
    look.get_by_role("link", name="Who was there").click()
    expect(look.get_by_label("Only me")).to_be_focused()


def test_on_paper_there_is_nothing_to_press(look: Page):
    look.goto("/dense/")
    look.emulate_media(media="print")
    for gone in (".nav-main", ".nav-bar", ".filters", ".desk-foot", ".account"):
        expect(look.locator(gone)).to_be_hidden()
    expect(look.get_by_role("table").first).to_be_visible()
