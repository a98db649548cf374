"""The main job from role to role, as people do it: in a browser, on a site that runs as in
production, with a real worker. At a phone's width for the learner."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_playwright import CreateContextCallback

from assessments.models import SignOff
from ledger.record import faults
from portfolio.models import Evidence
from standards.actions import publish_shared, serve_shared
from standards.nos import read_text
from tests.browser.axe import looked_over
from tests.factories import PASSWORD, jpeg, make_cast, make_enrolment, make_portfolio

PHONE = {"width": 360, "height": 740}
# A tick box lies under its own label, which takes the finger: hence check(force=True) below.
DESK = {"width": 1440, "height": 900}


def publish(name: str):
    text = (Path(settings.BASE_DIR) / "fixtures" / "texts" / f"{name}.txt").read_text()
    return publish_shared(parsed=read_text(text)[0].as_dict(), source_text=text)


@pytest.fixture
def centre():
    """A centre whose learner is enrolled on CFACSB15; all the rest happens in the browser."""
    edition = publish("CFACSB15-2021")
    serve_shared(guide=publish("customer-relationships-topic"), editions=[edition])
    cast = make_cast(password=PASSWORD)
    make_enrolment(make_portfolio(cast.centre, cast.learner), edition, cast.assessor)
    return cast


def sign_in(new_context: CreateContextCallback, user, size) -> Page:
    page = new_context(viewport=size, accept_downloads=True).new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


def no_findings(page: Page) -> None:
    """Axe finds nothing, and nothing sticks out of the page sideways."""
    found = looked_over(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def gives_evidence(page: Page) -> None:
    page.get_by_role("link", name="Add evidence").first.click()
    page.get_by_label("Title").fill("How I look after our regular customers")
    page.get_by_label("How does it show what you can do?").select_option("work_product")
    page.get_by_label("Date of the work").fill(date.today().isoformat())  # noqa: DTZ011
    page.get_by_label("What did you do?").fill("I did this:\n\n- I listened\n- I wrote it down")
    page.locator("input[type=file]").first.set_input_files(
        [
            {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": jpeg((800, 600))},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"What we agreed."},
        ]
    )
    expect(page.locator("input[type=hidden][name=uploads]")).to_have_count(2)
    page.get_by_label("Nobody else can be recognised").check(force=True)
    no_findings(page)
    page.get_by_role("button", name="Save and go on").click()


def claims_everything(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("What does it show"))
    no_findings(page)
    for choice in page.locator("input[name=criterion]").all():
        choice.check(force=True)
    page.get_by_label("Where in it is P4?").fill("the photo, left side")
    page.get_by_role("button", name="Save claims").click()


def declares_and_submits(page: Page) -> None:
    page.get_by_label("I declare this.").check(force=True)
    no_findings(page)
    page.get_by_role("button", name="Submit for assessment").click()
    expect(page.get_by_text("Submitted").first).to_be_visible()


def judges(page: Page, *, not_yet: tuple[str, ...] = ()) -> None:
    """Every claim, one after another; each is saved by itself."""
    for claim in page.locator("article.claim").all():
        code = claim.locator(".code").first.inner_text()
        claim.get_by_role("button", name="Tick all five").click()
        if code in not_yet:
            claim.get_by_label("Sufficient").uncheck(force=True)
            claim.get_by_label("Why").fill("Say when this was.")
        claim.get_by_label("Not yet" if code in not_yet else "Met", exact=True).check(force=True)
        expect(claim.get_by_role("status")).to_contain_text("Saved")


def opens_first_in_queue(page: Page) -> None:
    page.goto(page.url)
    no_findings(page)
    page.locator("tbody").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="What it claims")).to_be_visible()
    no_findings(page)


def sends(page: Page, decision: str, last_look: str) -> None:
    page.get_by_role("button", name=decision).click()
    expect(page.get_by_role("button", name=last_look)).to_be_visible()
    no_findings(page)
    page.get_by_role("button", name=last_look).click()


def signs_off(page: Page) -> None:
    for point in page.locator(".points fieldset").all():
        point.get_by_role("checkbox").first.check(force=True)
    page.locator("input[name=personal_data_checked]").check(force=True)
    page.locator("input[name=declared]").check(force=True)
    page.get_by_label("password", exact=False).fill(PASSWORD)
    no_findings(page)
    page.get_by_role("button", name="Sign the unit off").click()


def exports(page: Page, learner) -> bytes:
    page.get_by_role("link", name="Exports").first.click()
    page.get_by_role("link", name="Export a portfolio").first.click()
    choice = page.locator("select[name=portfolio]")
    wanted = choice.locator("option", has_text=learner.name).get_attribute("value")
    choice.select_option(wanted)
    page.get_by_role("button", name="Export this portfolio").click()
    download = page.get_by_role("button", name=re.compile("Download"))
    expect(download).to_be_visible(timeout=60_000)
    no_findings(page)
    with page.expect_download() as got:
        download.click()
    return Path(got.value.path()).read_bytes()


def test_from_the_first_photo_to_the_pdf(new_context, centre):
    learner = sign_in(new_context, centre.learner, PHONE)
    no_findings(learner)
    gives_evidence(learner)
    claims_everything(learner)
    declares_and_submits(learner)

    assessor = sign_in(new_context, centre.assessor, DESK)
    opens_first_in_queue(assessor)
    judges(assessor, not_yet=("K13",))
    assessor.locator("#id_feedback").fill("Nearly there. Tell me when.")
    sends(assessor, "Return to the learner", "Return and send")
    expect(assessor.get_by_role("heading", level=1)).to_have_text("What waits for me")

    learner.goto("/")
    expect(learner.get_by_text("Returned").first).to_be_visible()
    learner.get_by_role("link", name=re.compile("How I look after")).first.click()
    expect(learner.get_by_text("Say when this was.")).to_be_visible()
    learner.get_by_role("button", name="Make a new version").click()
    learner.get_by_label("What did you do?").fill("I listened, on 3 November, and wrote it down.")
    learner.get_by_role("button", name=re.compile("Save")).first.click()
    declares_and_submits(learner)

    assessor.goto("/")
    opens_first_in_queue(assessor)
    judges(assessor)
    assessor.locator("#id_feedback").fill("Well done.")
    assessor.get_by_label("Nobody can be recognised who").check(force=True)
    sends(assessor, "Accept", "Accept and send")
    expect(assessor.get_by_role("heading", level=1)).to_have_text("What waits for me")
    assessor.get_by_role("link", name=re.compile("Sign")).last.click()
    signs_off(assessor)
    expect(assessor.get_by_text("Signed off").first).to_be_visible()

    admin = sign_in(new_context, centre.admin, DESK)
    pdf = exports(admin, centre.learner)
    assert pdf.startswith(b"%PDF")
    assert SignOff.objects.get().is_complete
    assert Evidence.objects.get().versions.count() == 2
    assert list(faults()) == []
