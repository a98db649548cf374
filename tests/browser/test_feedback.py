"""Feedback in a browser: points ticked, a film's moment commented on, a place moved, a phrase
inserted, looked at once more and sent; and what the learner then reads."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from assessments import actions
from assessments.actions.phrases import add_phrase
from assessments.models import Comment, PointTick, Submission
from portfolio.models import Anchor
from tests.browser.axe import looked_over
from tests.browser.doors import sign_in
from tests.browser.shown import Item, make_item, photo
from tests.factories import make_guide
from tests.files.previews import makers

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
FILM = "call.mp4"


@pytest.fixture
def item() -> Item:
    """Handed in for P4 with a film, of which a moment is marked, and a photo."""
    made = make_item()
    made.version.claims.exclude(criterion__code="P4").delete()
    made.add(FILM, makers.film(size=(160, 120), seconds=14))
    made.add("board.jpg", photo((300, 400)))
    made.anchor(FILM, "P4", "moment", begins=1, ends=2)
    return made


@pytest.fixture
def submission(item: Item) -> Submission:
    claim = item.claim("P4")
    make_guide(claim.criterion.edition)
    item.version.refresh_from_db()
    item.version.personal_data = "none"
    item.version.save()
    words = "{learner}, I looked at {place} for {code}."
    add_phrase(centre=item.cast.centre, title="Where", text=words, by=item.cast.admin)
    return actions.submit(version=item.version, declared=True, by=item.cast.learner)[0]


@pytest.fixture
def trouble(complaints: list[str]) -> Iterator[list[str]]:
    yield complaints
    assert [each for each in complaints if "status of 422" not in each] == []


@pytest.fixture
def desk(page: Page, item: Item, submission: Submission, trouble: list[str]) -> Page:
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, item.cast.assessor)
    page.goto(address_of(item, submission))
    expect(page.locator("#comments")).to_be_visible()
    return page


def address_of(item: Item, submission: Submission) -> str:
    return f"/c/{item.cast.centre.slug}/submissions/{submission.pk}/"


def claim_of(page: Page) -> Locator:
    return page.locator("article.claim[data-claim=P4]")


def marks(page: Page, *keys: str) -> None:
    page.locator("[data-kind=film] [data-strip]").focus()
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator("[data-sheet-place]")).to_contain_text("call.mp4, ")


def no_findings(page: Page) -> None:
    found = looked_over(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


def judges_as_met(page: Page) -> None:
    claim = claim_of(page)
    claim.get_by_role("radio", name="Met", exact=True).press("Space")
    claim.get_by_role("button", name="Tick all five").press("Enter")


def test_feedback_from_the_first_tick_to_the_learner_s_page(
    desk: Page, item: Item, submission: Submission, browser: Browser, base_url: str
) -> None:
    judges_as_met(desk)
    claim_of(desk).get_by_label("Award credit for point 2.").check(force=True)
    expect(claim_of(desk).locator(".saved")).to_contain_text("Saved")

    marks(desk, "l", "i", "l", "o")  # 0:05 to 0:10
    desk.get_by_label("What you want to say about it").fill("Here you listen well.")
    no_findings(desk)
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(desk.locator("#comments-list")).to_contain_text("Here you listen well.")
    expect(desk.locator("#desk-sheet")).to_be_hidden()

    desk.get_by_role("link", name=re.compile("Add or move a place")).click()
    marks(desk, "j", "j", "j", "l", "i", "l", "o")
    desk.get_by_label("Use it as").select_option(label="P4: instead of call.mp4, 0:01 to 0:02")
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(claim_of(desk)).to_contain_text("marked by Ben Osei instead of 0:01 to 0:02")
    expect(claim_of(desk)).to_contain_text("replaced by Ben Osei")

    claim_of(desk).get_by_label("Feedback to the learner").focus()
    desk.get_by_label("Phrase").focus()
    desk.keyboard.press("Enter")
    box = claim_of(desk).get_by_label("Feedback to the learner")
    expect(box).to_be_focused()
    expect(box).to_have_value(re.compile(r"^Amira, I looked at call\.mp4, .* for P4\.$"))

    desk.locator("#id_feedback").fill("Well done, Amira.")
    desk.get_by_label("Nobody can be recognised who").check(force=True)
    desk.get_by_role("button", name="Accept").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Before it goes out")
    for words in ("Well done, Amira.", "Here you listen well.", "Amira, I looked at"):
        expect(desk.locator(".review-sheet")).to_contain_text(words)
    no_findings(desk)
    desk.get_by_role("button", name="Accept and send").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("What waits for me")

    submission.refresh_from_db()
    assert submission.status == "accepted"
    assert PointTick.objects.get().wording == "Award credit for point 2."
    hers, his = Anchor.objects.order_by("made_at")
    assert hers.replaced_by == his
    assert (hers.begins, hers.ends) == (1, 2)

    with browser.new_context(base_url=base_url, **PHONE) as context:
        reads(context.new_page(), item)


def reads(page: Page, item: Item) -> None:
    """The learner, on her phone: the words, and by a tap the place that they are about."""
    sign_in(page, item.cast.learner)
    page.goto(item.address)
    comment = page.locator(".sent-comments li")
    expect(comment).to_contain_text("Here you listen well.")
    expect(page.get_by_text("Award credit for point 2.")).to_be_visible()
    expect(page.get_by_text("marked by Ben Osei instead of")).to_be_visible()
    no_findings(page)
    comment.get_by_role("link").tap()
    page.wait_for_function("document.querySelector('video').currentTime >= 5")


def test_a_comment_is_changed_and_taken_out_while_the_page_stays(desk: Page) -> None:
    marks(desk, "l", "i", "l", "o")
    desk.get_by_label("What you want to say about it").fill("First words.")
    desk.get_by_role("button", name="Add", exact=True).click()
    listed = desk.locator("#comments-list")
    expect(listed).to_contain_text("First words.")
    listed.get_by_text("Change").click()
    listed.get_by_label("Comment").fill("Second words.")
    listed.get_by_role("button", name="Save comment").click()
    expect(listed).to_contain_text("Second words.")
    expect(desk.locator("[data-sheet-said]")).to_contain_text("Your comment is saved.")
    expect(desk.locator("#comments")).to_be_focused()
    listed.get_by_text("Change").click()
    listed.get_by_role("button", name="Take out").click()
    expect(listed).to_contain_text("None yet.")
    expect(desk.locator("[data-sheet-said]")).to_have_text("The comment is taken out.")
    assert not Comment.objects.exists()


def test_what_is_wrong_is_said_in_the_sheet_and_the_place_stays(desk: Page) -> None:
    marks(desk, "l", "i", "l", "o")
    desk.get_by_role("button", name="Add", exact=True).click()
    expect(desk.locator("[data-sheet-refused]")).to_have_text("Write your comment.")
    expect(desk.locator("#desk-sheet")).to_be_visible()


def test_without_scripts_a_phrase_goes_to_the_end_of_what_was_written(
    browser: Browser, base_url: str, item: Item, submission: Submission
) -> None:
    options: dict[str, Any] = {"base_url": base_url, "java_script_enabled": False}
    with browser.new_context(**options) as context:
        page = context.new_page()
        sign_in(page, item.cast.assessor)
        page.goto(address_of(item, submission))
        page.get_by_label("Into the feedback on").select_option(label="P4")
        page.get_by_role("button", name="Insert").click()
        box = claim_of(page).get_by_label("Feedback to the learner")
        expect(box).to_have_value("Amira, I looked at call.mp4, 0:01 to 0:02 for P4.")
        page.get_by_role("link", name=re.compile("Add or move a place")).click()
        page.get_by_label("From (time)").fill("0:03")
        page.get_by_label("To (time)").fill("0:04")
        page.get_by_label("In", exact=True).select_option(label=FILM)
        page.get_by_role("button", name="Save place").click()
        expect(claim_of(page)).to_contain_text("0:03 to 0:04")
