"""The marking page by keyboard alone, on a phone, without a connection, and after the browser
was closed over half a sentence."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect

from accounts.models import User
from assessments import undoing
from assessments.actions.phrases import add_phrase
from assessments.models import Judgement, Submission
from portfolio.anchors.texts import account_text, sha256_of
from portfolio.models import Anchor
from tests.architecture.matrix import BACKEND
from tests.assessments.conftest import Unit, make_unit
from tests.browser.axe import looked_over
from tests.factories import make_cast
from tests.triggers import lifted

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
TEN = 10


@pytest.fixture
def unit() -> Unit:
    return make_unit(make_cast())


def cookie_of(user: User, base_url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}


def address(submission: Submission) -> str:
    centre = submission.enrolment.portfolio.centre
    return f"/c/{centre.slug}/submissions/{submission.pk}/"


@pytest.fixture
def desk(page: Page, unit: Unit, base_url: str) -> Page:
    page.context.add_cookies([cookie_of(unit.cast.assessor, base_url)])
    return page


def open_at(page: Page, submission: Submission) -> None:
    """The page, once its scripts are at work."""
    page.goto(address(submission))
    expect(page.locator(".is-current")).to_have_count(1)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def said(page: Page) -> Any:
    return page.locator("[data-marking-said]")


def with_place(submission: Submission, code: str, quote: str) -> Anchor:
    text = account_text(submission.version)
    return Anchor.objects.create(
        claim=submission.claims().get(criterion__code=code),
        sha256=sha256_of(text),
        kind=Anchor.Kind.PASSAGE,
        quote=quote,
        start=text.index(quote),
        made_by=submission.enrolment.portfolio.learner,
    )


# Keys ---------------------------------------------------------------------------------------


def judge_met(page: Page) -> None:
    press(page, "m")
    expect(said(page)).to_contain_text("Met")
    press(page, "0")
    expect(said(page)).to_contain_text("all five are ticked")


def decide(page: Page, key: str, feedback: str) -> None:
    """The decision's feedback, the look for other people, then the last look and out."""
    press(page, "d", "e")
    expect(page.locator("#id_feedback")).to_be_focused()
    page.keyboard.type(feedback)
    press(page, "Escape", "1")
    expect(page.get_by_label("Nobody can be recognised who")).to_be_checked()
    press(page, key)
    page.wait_for_url("**/review/**")
    expect(page.locator("html.has-keys")).to_have_count(1)
    press(page, key)


def test_a_queue_of_ten_is_cleared_by_keyboard_alone(desk: Page, unit: Unit) -> None:
    waiting = [unit.submitted("P1", "P2") for _ in range(TEN)]
    open_at(desk, waiting[0])
    for number, submission in enumerate(waiting, 1):
        expect(desk.get_by_role("heading", level=1)).to_contain_text(f"Evidence {number}")
        expect(desk.locator("[data-claim=P1]")).to_have_class("claim is-current")
        judge_met(desk)
        press(desk, "j")
        expect(desk.locator("[data-claim=P2]")).to_be_focused()
        if number == TEN // 2:
            press(desk, "n", "e")
            desk.keyboard.type("No date on the note")
            press(desk, "Escape")
            decide(desk, "r", "Nearly.")
        else:
            judge_met(desk)
            decide(desk, "a", "Good work.")
        if number < TEN:
            desk.wait_for_url(f"**/submissions/{waiting[number].pk}/?after={submission.pk}")
    expect(desk.get_by_role("heading", level=1)).to_have_text("What waits for me")
    states = Submission.objects.order_by("pk").values_list("status", flat=True)
    assert list(states) == ["accepted"] * 4 + ["returned"] + ["accepted"] * 5
    assert Judgement.objects.filter(outcome="met").count() == 2 * TEN - 1


def hold_the_minute(page: Page, sent: Submission) -> None:
    """It can be undone for as long as this machine takes."""
    later = timezone.now() + timedelta(hours=1)
    with lifted("assessments_submission"):
        Submission.objects.filter(pk=sent.pk).update(decided_at=later)
    [key] = [each["value"] for each in page.context.cookies() if each["name"] == "sessionid"]
    session = SessionStore(key)
    session[undoing.SENT_AT] = later.timestamp()
    session.save()


def test_what_was_sent_is_undone_by_a_key(desk: Page, unit: Unit) -> None:
    first, second = unit.submitted("P1"), unit.submitted("P1")
    open_at(desk, first)
    judge_met(desk)
    decide(desk, "a", "Good work.")
    desk.wait_for_url(f"**/submissions/{second.pk}/**")
    hold_the_minute(desk, first)
    open_at(desk, second)
    press(desk, "u")
    expect(desk.locator("#id_feedback")).to_have_value("Good work.")
    assert Submission.objects.in_force().filter(version=first.version).get().status == "waiting"


def met(claim: Any) -> Any:
    return claim.get_by_role("radio", name="Met", exact=True)


def not_yet(claim: Any) -> Any:
    return claim.get_by_role("radio", name="Not yet")


def tick_of(number: int, claim: Any, page: Page) -> Callable[[], None]:
    box = claim.locator(f"[data-five][data-shortcut='{number}']")
    return lambda: expect(box).to_be_checked()


def what_keys_do(page: Page, first: Any, second: Any) -> dict[str, Callable[[], None]]:
    """Key by key, in an order in which each finds what it works on; what is seen afterwards."""
    focused = {
        "e": first.get_by_label("Why"),
        "t": first.get_by_label("Award credit for point 1."),
        "f": page.get_by_label("Phrase"),
        "c": page.locator("#comment-text"),
        "v": page.locator("#evidence"),
        "j": second,
        "k": first,
    }
    seen: dict[str, Callable[[], None]] = {
        "m": lambda: expect(met(first)).to_be_checked(),
        "n": lambda: expect(not_yet(first)).to_be_checked(),
        **{str(number): tick_of(number, first, page) for number in range(1, 6)},
        "0": lambda: expect(said(page)).to_contain_text("all five are ticked"),
        "g": lambda: expect(said(page)).to_contain_text("P1: “did the work”"),
        "h": lambda: expect(first.locator(".claim-history[open]")).to_have_count(1),
        "w": lambda: expect(page.locator(".marking-guide details[open]")).to_have_count(0),
    }
    for key, place in focused.items():
        seen[key] = lambda place=place: expect(place).to_be_focused()  # type: ignore[misc]
    seen["p"] = lambda: expect(page.locator("[data-sheet-place]")).to_contain_text("P1")
    seen["d"] = lambda: expect(page.locator("#decision")).to_be_focused()
    return seen


def keys_on_the_sheet(page: Page) -> set[str]:
    press(page, "?")
    sheet = page.get_by_role("dialog", name="Keys on this page")
    expect(sheet).to_be_visible()
    named = {each.inner_text() for each in sheet.locator("dt:not([hidden]) kbd").all()}
    press(page, "Escape")
    expect(sheet).to_be_hidden()
    return named | {"2", "3", "4"}  # which the sheet shows by its dots


def test_every_key_of_the_sheet_does_what_it_says(desk: Page, unit: Unit) -> None:
    """On the middle one of three, right after a decision, with all that can be on the page."""
    unit.accepted("P1")
    words = {"title": "Clear", "text": "That is clear.", "by": unit.cast.admin}
    add_phrase(centre=unit.cast.centre, **words)
    sent, before, here, behind = (unit.submitted("P1", "P2") for _ in range(4))
    with_place(here, "P1", "did the work")
    open_at(desk, sent)
    for _claim in range(2):
        judge_met(desk)
        press(desk, "j")
    decide(desk, "a", "Good work.")
    desk.wait_for_url(f"**/submissions/{before.pk}/**")
    hold_the_minute(desk, sent)
    open_at(desk, here)
    on_sheet = keys_on_the_sheet(desk)
    press(desk, "u")
    desk.wait_for_url("**/submissions/*/")
    expect(desk.locator("#id_feedback")).to_have_value("Good work.")
    expect(desk.locator("[data-claim=P1]")).to_have_class("claim is-current")

    for key, goes_to in {"]": behind, "[": before, "a": here, "r": here}.items():
        open_at(desk, here)
        press(desk, key)
        place = "review/**" if key in "ar" else ""
        desk.wait_for_url(f"**/submissions/{goes_to.pk}/{place}")
    open_at(desk, here)
    first, second = (desk.locator(f"article[data-claim={code}]") for code in ("P1", "P2"))
    seen = what_keys_do(desk, first, second)
    assert on_sheet == {*seen, "u", "]", "[", "a", "r", "?"}
    for key, is_seen in seen.items():
        if key == "0":
            press(desk, *"12345")  # off again
        press(desk, key)
        is_seen()
        press(desk, "Escape")


def test_a_key_goes_to_the_place_and_into_the_evidence_and_back(desk: Page, unit: Unit) -> None:
    submission = unit.submitted("P1")
    with_place(submission, "P1", "did the work")
    open_at(desk, submission)
    press(desk, "g")
    expect(said(desk)).to_contain_text("P1: “did the work”")
    press(desk, "v")
    expect(desk.locator("#evidence")).to_be_focused()
    press(desk, "Escape")
    expect(desk.locator("[data-claim=P1]")).to_be_focused()
    press(desk, "]")
    expect(desk.locator("[data-claim=P1]")).to_be_focused()  # there is nothing next


def test_keys_rest_while_somebody_writes_and_when_they_are_off(desk: Page, unit: Unit) -> None:
    submission = unit.submitted("P1")
    open_at(desk, submission)
    press(desk, "e")
    desk.keyboard.type("my own jam, not a?")
    expect(desk.get_by_label("Why")).to_have_value("my own jam, not a?")
    expect(desk.get_by_role("radio", name="Met", exact=True)).not_to_be_checked()
    press(desk, "Escape", "?")
    expect(desk.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    press(desk, "Space", "Escape")
    expect(said(desk)).to_contain_text("The keys are off")
    press(desk, "m")
    expect(desk.get_by_role("radio", name="Met", exact=True)).not_to_be_checked()
    desk.reload()
    press(desk, "m", "?")
    expect(desk.get_by_role("radio", name="Met", exact=True)).not_to_be_checked()
    expect(desk.get_by_role("dialog")).to_have_count(0)


def test_the_next_item_is_loaded_ahead(desk: Page, unit: Unit) -> None:
    first, second = unit.submitted("P1"), unit.submitted("P1")
    with desk.expect_response(f"**{address(second)}ahead/") as answer:
        open_at(desk, first)
    assert answer.value.ok
    href = desk.locator("link[rel=prefetch]").get_attribute("href")
    assert href == address(second)


# Nothing is lost ----------------------------------------------------------------------------


def test_words_outlive_a_lost_connection(desk: Page, unit: Unit) -> None:
    open_at(desk, unit.submitted("P1"))
    desk.context.set_offline(True)
    desk.get_by_label("Why").fill("Written in a tunnel")
    expect(desk.locator(".claim .saved").first).to_contain_text("no connection")
    assert not Judgement.objects.exists()
    desk.context.set_offline(False)
    expect(desk.locator(".claim .saved").first).to_contain_text("Saved")
    assert Judgement.objects.get().reason == "Written in a tunnel"
    desk.reload()
    expect(desk.get_by_label("Why")).to_have_value("Written in a tunnel")
    expect(desk.locator(".kept-words")).to_have_count(0)


@pytest.fixture
def again(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Any]:
    """A browser with a folder of its own, opened as often as one likes."""
    opened: list[BrowserContext] = []

    def open_browser(base_url: str) -> BrowserContext:
        context = browser_type.launch_persistent_context(
            tmp_path / "profile",
            base_url=base_url,
            service_workers="block",  # what it sends on, no route of a test can stop
            **browser_type_launch_args,
        )
        opened.append(context)
        return context

    yield open_browser
    for context in opened[-1:]:
        context.close()


def test_words_outlive_a_closed_browser(again: Any, unit: Unit, base_url: str) -> None:
    submission = unit.submitted("P1")
    cookie = cookie_of(unit.cast.assessor, base_url)
    context = again(base_url)
    context.add_cookies([cookie])
    page = context.new_page()
    # Refused by the line: one that was only held would go on as the browser closes.
    page.route("**/claims/*/", lambda route: route.abort())
    open_at(page, submission)
    page.get_by_label("Why").fill("Half a sen")
    page.get_by_role("radio", name="Not yet").check(force=True)
    context.close()
    assert not Judgement.objects.exists()

    context = again(base_url)
    context.add_cookies([cookie])
    page = context.new_page()
    open_at(page, submission)
    kept = page.locator(".kept-words")
    expect(kept).to_contain_text("Half a sen")
    expect(page.get_by_label("Why")).to_have_value("")
    kept.get_by_role("button", name="Put it back").press("Enter")
    expect(page.locator(".claim .saved").first).to_contain_text("Saved")
    judgement = Judgement.objects.get()
    assert (judgement.reason, judgement.outcome) == ("Half a sen", "not_yet")
    page.reload()
    expect(page.get_by_label("Why")).to_have_value("Half a sen")
    expect(kept).to_have_count(0)


def test_nobody_else_is_shown_what_was_kept(desk: Page, unit: Unit, base_url: str) -> None:
    submission = unit.submitted("P1")
    desk.route("**/claims/*/", lambda route: None)
    open_at(desk, submission)
    desk.get_by_label("Why").fill("Only for me")
    desk.context.clear_cookies()
    desk.context.add_cookies([cookie_of(unit.cast.trainee, base_url)])
    open_at(desk, submission)
    expect(desk.get_by_label("Why")).to_be_visible()
    expect(desk.locator(".kept-words")).to_have_count(0)


# A phone, and everybody ---------------------------------------------------------------------


@pytest.fixture
def phone(browser: Browser, unit: Unit, base_url: str) -> Iterator[Page]:
    context = browser.new_context(base_url=base_url, service_workers="block", **PHONE)
    context.add_cookies([cookie_of(unit.cast.assessor, base_url)])
    yield context.new_page()
    context.close()


def test_a_phone_has_tabs(phone: Page, unit: Unit) -> None:
    submission = unit.submitted("P1")
    with_place(submission, "P1", "did the work")
    open_at(phone, submission)
    evidence, claims = phone.locator("#evidence"), phone.locator("#claims")
    expect(evidence).to_be_visible()
    expect(claims).to_be_hidden()
    phone.get_by_role("tab", name="Claims").tap()
    expect(claims).to_be_visible()
    expect(evidence).to_be_hidden()
    phone.get_by_role("link", name="“did the work”").tap()
    expect(evidence).to_be_visible()
    expect(phone.get_by_role("tab", name="Evidence")).to_have_attribute("aria-selected", "true")
    phone.get_by_role("button", name="Back to P1").tap()
    expect(claims).to_be_visible()
    phone.get_by_role("tab", name="Claims").press("ArrowRight")
    expect(phone.get_by_role("tab", name="Guide")).to_be_focused()
    expect(phone.get_by_text("What earns credit")).to_be_visible()


def test_what_is_missing_leads_to_its_tab(phone: Page, unit: Unit) -> None:
    submission = unit.submitted("P1")
    open_at(phone, submission)
    phone.evaluate("location.hash = 'decision'")
    expect(phone.locator("#decide")).to_be_visible()
    expect(phone.locator("#evidence")).to_be_hidden()


@pytest.mark.parametrize("where", ["desk", "phone"])
def test_page_and_sheet_are_sound(where: str, unit: Unit, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(where)
    unit.accepted("P1")
    open_at(page, unit.submitted("P1", "P2"))
    sound(page)
    for tab in page.get_by_role("tab").all():
        tab.tap()
        sound(page)
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    sound(page)


def sound(page: Page) -> None:
    found = looked_over(page)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
