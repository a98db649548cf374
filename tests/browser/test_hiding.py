"""Hiding a person in a photo by mouse, by keyboard and by touch, and words by selecting them."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Browser, Page, expect

from files.actions import receive
from portfolio.actions import create_evidence
from portfolio.models import EvidenceVersion, Redaction
from tests.browser.axe import looked_over
from tests.browser.doors import sign_in
from tests.factories import (
    make_cast,
    make_claims,
    make_edition,
    make_enrolment,
    make_portfolio,
)
from tests.files.redaction.conftest import SECRET, secret_jpeg
from tests.portfolio.redactions.conftest import prepared

READY = ".viewer[data-state=ready]"


@pytest.fixture
def version() -> EvidenceVersion:
    cast = make_cast()
    enrolment = make_enrolment(
        make_portfolio(cast.centre, cast.learner), make_edition(), cast.assessor
    )
    file = SimpleUploadedFile("desk.jpg", secret_jpeg((800, 600)))
    made = create_evidence(
        portfolio=enrolment.portfolio,
        title="At the desk",
        method="work_product",
        gathered_on=enrolment.started_on,
        account=f"I rang {SECRET} in the morning. She was glad.",
        uploads=[receive(file=file, centre=cast.centre, by=cast.learner)],
        by=cast.learner,
    )
    make_claims(made, enrolment, "P1")
    prepared(made.files.get().blob)  # the site's own worker is not told of what tests make
    return made


def sign_in_to(page: Page, version: EvidenceVersion) -> str:
    portfolio = version.evidence.portfolio
    sign_in(page, portfolio.learner)
    return f"/c/{portfolio.centre.slug}"


def open_photo(page: Page, version: EvidenceVersion) -> None:
    root = sign_in_to(page, version)
    page.goto(f"{root}/files/{version.files.get().pk}/hide/")
    expect(page.locator(READY)).to_be_visible(timeout=60_000)


def no_findings(page: Page) -> None:
    found = looked_over(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def go_through(page: Page) -> Redaction:
    """Look at it, hide it, wait until it is done."""
    page.get_by_role("button", name="See what will be hidden").click()
    expect(page.get_by_role("heading", name="Hide this?")).to_be_visible()
    no_findings(page)
    page.get_by_role("button", name="Hide it for good").click()
    expect(page.get_by_role("heading", name="Hidden", exact=True)).to_be_visible(timeout=60_000)
    no_findings(page)
    return Redaction.objects.get()


def test_a_box_drawn_by_the_mouse(page: Page, version: EvidenceVersion) -> None:
    open_photo(page, version)
    no_findings(page)
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(0)
    page.get_by_role("button", name="Mark a part").click()
    drag(page, (0.25, 0.25), (0.5, 0.5))
    expect(rows).to_have_count(1)
    expect(page.locator(".redact-layer .redact-black")).to_have_count(1)
    page.get_by_role("button", name="Take out: Box 1").click()
    expect(rows).to_have_count(0)
    drag(page, (0.1, 0.2), (0.6, 0.6))
    (mark,) = go_through(page).marks
    assert mark["x"] == pytest.approx(0.1, abs=0.02)
    assert mark["width"] == pytest.approx(0.5, abs=0.02)


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    image = page.locator(".viewer-page img")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=5)
    page.mouse.up()


def test_a_box_by_keys_alone(page: Page, version: EvidenceVersion) -> None:
    open_photo(page, version)
    page.get_by_role("button", name="Mark a part").press("Enter")
    frame = page.locator(".viewer-frame")
    expect(frame).to_be_focused()
    frame.press("ArrowRight")
    frame.press("Shift+ArrowDown")
    frame.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    page.get_by_label("Width, %").fill("40")
    (mark,) = go_through(page).marks
    assert mark["width"] == pytest.approx(0.4)


def test_by_touch_on_a_phone(browser: Browser, base_url: str, version: EvidenceVersion) -> None:
    phone: Any = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    with browser.new_context(base_url=base_url, **phone) as context:
        page = context.new_page()
        open_photo(page, version)
        no_findings(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Mark a part").tap()
        touch(page, (0.2, 0.3), (0.6, 0.7))
        expect(page.locator("[data-row]")).to_have_count(1)
        assert go_through(page).marks


def touch(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger that goes down, over the picture, and up."""
    image = page.locator(".viewer-page img")
    image.scroll_into_view_if_needed()
    box = image.bounding_box()
    assert box
    points = [
        {"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y}
        for x, y in (start, ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), end)
    ]
    session = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", 0), ("touchMove", 1), ("touchMove", 2)):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [points[at]]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_words_are_selected_in_the_account(page: Page, version: EvidenceVersion) -> None:
    root = sign_in_to(page, version)
    page.goto(f"{root}/evidence/{version.evidence_id}/versions/1/hide/account/")
    no_findings(page)
    page.evaluate(
        """() => {
          const node = document.querySelector("[data-text] p").firstChild;
          const range = document.createRange();
          range.setStart(node, 7);
          range.setEnd(node, 20);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    expect(page.get_by_label("Words to hide")).to_have_value(SECRET)
    go_through(page)
    page.get_by_role("link", name="See the evidence").click()
    expect(page.get_by_text("I rang █████ in the morning.")).to_be_visible()
    no_findings(page)


def test_without_scripts(browser: Browser, base_url: str, version: EvidenceVersion) -> None:
    with browser.new_context(base_url=base_url, java_script_enabled=False) as context:
        page = context.new_page()
        root = sign_in_to(page, version)
        page.goto(f"{root}/files/{version.files.get().pk}/hide/")
        first = page.locator("[data-row]").first
        for label, value in (("From the left", "10"), ("From the top", "10")):
            first.get_by_label(label).fill(value)
        for label in ("Width", "Height"):
            first.get_by_label(label).fill("30")
        page.get_by_role("button", name="See what will be hidden").click()
        page.get_by_role("button", name="Hide it for good").click()
        expect(page.get_by_text("The copy is being made")).to_be_visible()
        assert Redaction.objects.get().marks[0]["width"] == pytest.approx(0.3)
