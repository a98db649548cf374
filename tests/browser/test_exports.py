"""Pages that wait for an export: several tabs at once, signed out meanwhile, to the end."""

import re

from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from files.actions import keep_bytes
from reports.models import Report
from tests.browser.doors import sign_in
from tests.factories import make_cast, make_portfolio


def test_two_tabs_go_on_after_signing_out_and_in_and_both_come_to_rest(page: Page) -> None:
    cast = make_cast()
    report = Report.objects.create(
        portfolio=make_portfolio(cast.centre, cast.learner),
        requested_by=cast.admin,
        status="running",
        progress=40,
        attempts=1,
        heartbeat_at=timezone.now(),
    )
    centre = {"centre": cast.centre.slug}
    sign_in(page, cast.admin)
    other = page.context.new_page()
    tabs = (page, other)
    page.goto(reverse("reports:list", kwargs=centre))
    other.goto(reverse("reports:report", kwargs={**centre, "pk": report.pk}))
    for tab in tabs:
        expect(tab.get_by_text("40 %").last).to_be_visible()

    Session.objects.all().delete()
    for tab in tabs:
        expect(tab.locator("#live-notice")).to_contain_text("signed out")
        expect(tab.get_by_text("40 %").last).to_be_visible()  # and not the page for signing in

    Report.objects.update(progress=70, heartbeat_at=timezone.now())
    sign_in(page, cast.admin)
    for tab in tabs:
        expect(tab.get_by_text("70 %").last).to_be_visible()
        expect(tab.locator("#live-notice")).to_be_empty()

    blob = keep_bytes(chunks=[b"%PDF-1.7"], media_type="application/pdf")
    Report.objects.update(status="done", blob=blob, pages=1, finished_at=timezone.now())
    expect(page.locator("#exports-news")).to_have_text("Nothing is under way any more.")
    expect(other.locator("#exports-news")).to_have_text(re.compile("This export is now “Ready”"))
    for tab in tabs:
        expect(tab.get_by_role("button", name="Download")).to_be_visible()
        expect(tab.locator("[hx-trigger]")).to_have_count(0)  # nobody asks any more
    expect(other.get_by_role("heading", name="Who took a copy")).to_be_visible()
