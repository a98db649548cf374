"""A witness on a phone without scripts, on a desk with them; and criteria offered while writing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from portfolio import actions
from portfolio.models import Claim, Enrolment, Evidence, EvidenceVersion, Testimony
from standards.models import Edition, Standard
from tests.browser.axe import looked_over
from tests.browser.doors import sign_in
from tests.factories import PASSWORD, Cast, make_cast, make_edition, make_enrolment, make_portfolio

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
STATEMENT = "She rang the customer back the same day.\nThe customer thanked her."


@dataclass
class Scene:
    cast: Cast
    enrolment: Enrolment
    link: str


@pytest.fixture
def scene() -> Scene:
    cast = make_cast(password=PASSWORD)
    portfolio = make_portfolio(cast.centre, cast.learner)
    enrolment = make_enrolment(portfolio, make_edition(), cast.assessor)
    _invitation, token = actions.invite_witness(
        enrolment=enrolment,
        name="Pat Moss",
        email="pat@shop.example",
        criteria=list(enrolment.edition.criteria.all()),
        message="The call on Saturday.",
        as_expert=False,
        by=cast.learner,
    )
    return Scene(cast, enrolment, f"/testimony/{token}/")


@pytest.fixture(params=["phone without scripts", "desk"])
def witness(request: Any, browser: Browser, base_url: str) -> Iterator[Page]:
    """The witness's own browser, in which nobody is signed in."""
    on_phone = request.param != "desk"
    context = browser.new_context(
        base_url=base_url,
        java_script_enabled=not on_phone,
        viewport=PHONE if on_phone else DESK,
        has_touch=on_phone,
    )
    yield context.new_page()
    context.close()


def right(page: Page) -> None:
    """Nothing sticks out, and axe finds nothing."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    found = looked_over(page).response["violations"]
    assert [(each["id"], [n["target"] for n in each["nodes"]]) for each in found] == []


def fill_in(page: Page) -> None:
    page.get_by_label("How do you know the learner?").fill("I am her supervisor")
    page.get_by_label("What is your job?").fill("Shop manager")
    page.get_by_label("When did you see it?").fill("2026-10-03")
    page.get_by_label("What did you see?").fill(STATEMENT)
    page.get_by_label("P1 do what P1 asks").press("Space")


def test_a_witness_answers_changes_a_word_and_confirms(scene: Scene, witness: Page) -> None:
    witness.goto(scene.link)
    expect(witness.get_by_role("heading", level=1)).to_contain_text("What did you see Amira Khan")
    witness.get_by_role("button", name="Go on").click()
    expect(witness.get_by_text("There is a problem")).to_be_visible()
    fill_in(witness)
    witness.get_by_role("button", name="Go on").click()
    expect(witness.get_by_text("The customer thanked her.")).to_be_visible()
    expect(witness.get_by_text("do what P2 asks")).to_be_hidden()

    witness.get_by_role("button", name="Go back and change it").click()
    expect(witness.get_by_label("What did you see?")).to_have_value(STATEMENT)
    witness.get_by_label("What is your job?").fill("Area manager")
    witness.get_by_role("button", name="Go on").click()
    witness.get_by_role("button", name="Confirm and send").click()
    expect(witness.get_by_text("Tick this to confirm").first).to_be_visible()
    assert not Testimony.objects.exists()
    witness.get_by_label("I confirm this.").press("Space")
    witness.get_by_role("button", name="Confirm and send").click()
    expect(witness.get_by_role("heading", name="Thank you")).to_be_visible()

    testimony = Testimony.objects.get()
    assert (testimony.job, testimony.statement) == ("Area manager", STATEMENT)
    assert [each.code for each in testimony.criteria.all()] == ["P1"]
    witness.goto(scene.link)
    expect(witness.get_by_role("heading", name="You have answered already")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_a_witness_is_right(scene: Scene, page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.goto(scene.link)
    right(page)
    fill_in(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Read it once more")).to_be_visible()
    right(page)
    page.get_by_label("I confirm this.").press("Space")
    page.get_by_role("button", name="Confirm and send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    right(page)
    page.goto(scene.link)
    right(page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_learner_asks_and_hands_in_what_came(
    scene: Scene, page: Page, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    slug = scene.cast.centre.slug
    sign_in(page, scene.cast.learner)
    page.goto(f"/c/{slug}/units/{scene.enrolment.pk}/")
    page.get_by_role("link", name="Witnesses").click()
    page.get_by_role("link", name="Ask a witness").click()
    right(page)
    page.get_by_label("Their name").fill("Lee Ray")
    page.get_by_label("Their e-mail address").fill("lee@shop.example")
    page.get_by_label("What should they write about?").fill("The stock take.")
    page.get_by_label("P2 do what P2 asks").press("Space")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An e-mail is on its way to lee@shop.example.")).to_be_visible()
    right(page)

    invitation = scene.enrolment.witness_invitations.get(email="lee@shop.example")
    actions.give_testimony(
        token=invitation.token(),
        relationship="A customer",
        job="Teacher",
        seen_on=date(2026, 10, 3),
        statement=STATEMENT,
        criteria=list(invitation.criteria.all()),
        declared=True,
        signed_in=None,
    )
    page.reload()
    page.get_by_role("link", name="1. Testimony of Lee Ray").click()
    expect(page.get_by_text("nobody can change them")).to_be_visible()
    expect(page.get_by_role("link", name="Change this: What was done")).to_have_count(0)
    page.locator("#submit").get_by_role("link", name="Other people in it").click()
    page.get_by_label("Nobody else can be recognised").press("Space")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_label("I declare this.").press("Space")
    page.get_by_role("button", name="Submit for assessment").click()
    expect(page.get_by_text("Waiting to be assessed").first).to_be_visible()
    assert EvidenceVersion.objects.get().account == STATEMENT


@pytest.fixture
def words(scene: Scene) -> Enrolment:
    """A unit whose criteria say something, on the learner's list."""
    standard = Standard.objects.create(urn="MENU1")
    edition = Edition.objects.create(standard=standard, title="Keep the menu", version="1")
    for order, text in enumerate(["collect feedback on the menu", "store chilled food safely"], 1):
        edition.criteria.create(kind="performance", code=f"P{order}", text=text, order=order)
    Edition.objects.filter(pk=edition.pk).update(published_at=timezone.now())
    return make_enrolment(scene.enrolment.portfolio, edition)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_while_somebody_writes_criteria_are_offered_and_a_tick_comes_along(
    scene: Scene, words: Enrolment, page: Page, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    slug = scene.cast.centre.slug
    sign_in(page, scene.cast.learner)
    page.goto(f"/c/{slug}/evidence/add/")
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.post_data or "") if "suggest" in request.url else None,
    )
    page.get_by_label("Title").fill("Menu")
    page.get_by_label("What did you do?").press_sequentially(
        "I collected feedback on the new menu from each table."
    )
    offered = page.locator("#suggestions").get_by_role("checkbox")
    expect(offered).to_have_count(1)
    expect(page.get_by_text("Your words:")).to_contain_text("feedback")
    expect(page.locator("#suggestions-heard")).to_contain_text("1 criterion might be touched.")
    assert len(asked) < 5
    assert all("title" not in body for body in asked)
    right(page)
    offered.press("Space")
    page.get_by_label("What did you do?").press_sequentially(" It was a sunny day.")
    page.get_by_role("button", name="Which criteria might this touch?").click()
    expect(offered).to_be_checked()
    assert not Evidence.objects.exists()

    page.get_by_label("How does it show what you can do?").select_option("account")
    page.get_by_label("Title").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What does it show?")
    expect(page.locator("[name=criterion]:checked")).to_have_count(1)
    assert not Claim.objects.exists()
    page.get_by_role("button", name="Save claims").click()
    expect(page.get_by_role("heading", name="What it shows")).to_be_visible()
    assert [each.criterion.code for each in Claim.objects.all()] == ["P1"]


def test_without_scripts_the_button_offers_them(
    scene: Scene, words: Enrolment, browser: Browser, base_url: str
) -> None:
    context = browser.new_context(base_url=base_url, java_script_enabled=False)
    page = context.new_page()
    slug = scene.cast.centre.slug
    sign_in(page, scene.cast.learner)
    page.goto(f"/c/{slug}/evidence/add/")
    page.get_by_label("What did you do?").fill("I collected feedback on the menu from each table.")
    page.get_by_role("button", name="Which criteria might this touch?").click()
    expect(page.locator("#suggestions").get_by_role("checkbox")).to_have_count(1)
    expect(page.get_by_label("What did you do?")).to_have_value(
        "I collected feedback on the menu from each table."
    )
    context.close()
