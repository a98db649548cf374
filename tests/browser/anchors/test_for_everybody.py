"""Exact places typed, where there are no scripts, and without barriers where there are."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from portfolio.models import Anchor
from tests.browser.anchors.claims_page import claims_of, row
from tests.browser.axe import looked_over
from tests.browser.doors import sign_in
from tests.browser.shown import Item, photo
from tests.files.previews import makers


def test_the_same_places_without_scripts(browser: Browser, base_url: str, item: Item) -> None:
    item.add("call.mp4", makers.film(size=(160, 120), seconds=14))
    item.add("shop.jpg", photo())
    with browser.new_context(java_script_enabled=False, base_url=base_url) as context:
        page = context.new_page()
        sign_in(page, item.cast.learner)
        for fields in (
            {"In": "call.mp4", "From (time)": "0:03", "To (time)": "0:09.5"},
            {"In": "shop.jpg", "Part of it": "Top left"},
            {"In": "the written account", "Words, just as they stand there": "had come  late"},
        ):
            page.goto(item.address + "claims/")
            type_place(row(page, "P4").locator(".exactly"), fields)
            page.get_by_role("button", name="Save claims").click()
            expect(page.get_by_text("Your claims are saved.")).to_be_visible()
        page.goto(item.address + "claims/")
        expect(row(page, "P4").locator(".anchor-link")).to_have_count(3)
        row(page, "P4").get_by_role("checkbox", name=re.compile(r"Remove\s*: shop\.jpg")).press(
            "Space"
        )
        page.get_by_role("button", name="Save claims").click()
        link = page.get_by_role("link", name="call.mp4, 0:03 to 0:09.5")
        expect(link).to_have_attribute("href", re.compile(r"\?preview=1#t=3,9\.5$"))
        page.get_by_role("link", name="“had come late”").click()
        expect(page.locator("#account-viewer .viewer-mark")).to_be_in_viewport()
    assert Anchor.objects.count() == 2


def type_place(fold: Locator, fields: dict[str, str]) -> None:
    fold.locator("summary").click()
    for label, value in fields.items():
        field = fold.get_by_label(label, exact=True)
        if field.evaluate("(field) => field.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)


def test_no_barriers_at_a_desk_and_on_a_phone(page: Page, item: Item, trouble: list[str]) -> None:
    item.add("call.mp4", makers.film(size=(160, 120), seconds=14))
    item.add("shop.jpg", photo())
    item.anchor("call.mp4", "P4", "moment", begins=6, ends=8)
    item.anchor("shop.jpg", "P4", "region", x=0.3, y=0.15, width=0.4, height=0.25)
    sign_in(page, item.cast.learner)
    for width in (360, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        claims_of(page, item)
        fits(page)
        row(page, "P4").locator("summary").click()
        row(page, "P4").get_by_role("button", name="Mark the place").click()
        fits(page)
        mark_by_script_only(page, item)
        fits(page)
        page.goto(item.address)
        expect(page.locator("[data-bar]").first).to_be_visible()
        fits(page)


def mark_by_script_only(page: Page, item: Item) -> None:
    detail = {"kind": "whole", "file": item.files["shop.jpg"].pk, "sha256": "0" * 64}
    page.evaluate(
        "(detail) => document.dispatchEvent(new CustomEvent('signpost:select', { detail }))",
        detail,
    )
    expect(page.get_by_role("button", name="Not this")).to_be_visible()


def fits(page: Page) -> None:
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    found = looked_over(page).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []
