"""The marking page in a browser: saved as one goes, and no decision overtakes a save."""

import threading

import pytest
from playwright.sync_api import Page, Route, expect

from assessments import actions
from assessments.models import Judgement, Submission
from tests.assessments.conftest import Unit, make_unit
from tests.browser.doors import sign_in
from tests.factories import make_cast


@pytest.fixture
def unit() -> Unit:
    return make_unit(make_cast())


@pytest.fixture
def submission(unit: Unit) -> Submission:
    return unit.submitted("P1")


@pytest.fixture
def desk(page: Page, unit: Unit, submission: Submission) -> Page:
    sign_in(page, unit.cast.assessor)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What waits for me")
    page.get_by_role("link", name=submission.version.title).click()
    expect(page.locator("#tally")).to_have_text("0 met, 0 not yet, 1 to judge")
    page.wait_for_load_state()  # nothing hears what is typed before the page's scripts are there
    return page


def met(desk: Page) -> None:
    """By the keyboard alone."""
    desk.get_by_role("radio", name="Met", exact=True).press("Space")
    desk.get_by_role("button", name="Tick all five").press("Enter")


def test_a_judgement_is_saved_as_it_is_made(desk: Page) -> None:
    met(desk)
    expect(desk.locator("#tally")).to_have_text("1 met, 0 not yet, 0 to judge")
    expect(desk.locator(".claim .saved").first).to_contain_text("Saved")
    with desk.expect_response(lambda answer: "recent" in (answer.request.post_data or "")):
        desk.get_by_label("Why").fill("Clear and recent")
        desk.get_by_label("Why").press("Control+Enter")
    expect(desk.locator("#id_feedback")).to_be_focused()
    expect(desk.locator(".claim .saved").first).to_contain_text("Saved")
    desk.reload()
    expect(desk.get_by_label("Why")).to_have_value("Clear and recent")
    expect(desk.get_by_role("checkbox", checked=True)).to_have_count(5)


def test_a_decision_waits_until_the_last_save_is_in(desk: Page, submission: Submission) -> None:
    held: list[Route] = []
    sent: list[str] = []
    slow = threading.Event()
    slow.set()
    desk.route(
        "**/claims/*/", lambda route: held.append(route) if slow.is_set() else route.continue_()
    )
    desk.on("request", lambda request: sent.append(request.url))
    with desk.expect_request("**/claims/*/"):
        met(desk)
    desk.locator("#id_feedback").fill("Good work.")
    desk.get_by_label("Nobody can be recognised who").check(force=True)
    with desk.expect_response("**/feedback/"):
        desk.get_by_role("button", name="Accept").click()
    assert not [url for url in sent if url.endswith("/accept/")]
    slow.clear()
    for route in held:
        route.continue_()
    desk.get_by_role("button", name="Accept and send").click()
    expect(desk.get_by_text("Evidence 1 is accepted.")).to_be_visible()
    submission.refresh_from_db()
    assert submission.status == "accepted"
    assert Judgement.objects.get().all_five


def test_too_late_is_said_beside_the_words(desk: Page, unit: Unit, submission: Submission) -> None:
    unit.judge(submission, by=unit.cast.trainee)
    actions.accept(
        submission=submission, feedback="Good.", personal_data="clear", by=unit.cast.trainee
    )
    desk.get_by_label("Why").fill("What I think")
    expect(desk.locator(".claim .saved").first).to_contain_text("Chloe Park already accepted this")
    expect(desk.get_by_label("Why")).to_have_value("What I think")
