"""A cohort's portfolios, from asking for them to whoever receives one: signed, counted, taken as
one archive, checked by a stranger, and made again after one item changed."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from assessments.models import Submission
from portfolio.models import EvidenceVersion
from reports.models import Report
from reports.signing import self_signed
from tests.browser.doors import sign_in
from tests.browser.test_every_page import LOOKS
from tests.browser.test_verify import answered, check, sound
from tests.factories import make_cast, make_edition, make_enrolment, make_portfolio
from tests.reports.builders import Story, begin

COHORT = "Autumn 2026"
PATIENCE = 120_000  # ms for a worker that shares two cores with a browser and a site
KEEP_COUNTS = """
    window.counts = [];
    const look = () => {
      const line = document.getElementById("bulk-line");
      if (line) window.counts.push(parseInt(line.textContent));
    };
    document.addEventListener("DOMContentLoaded", look);
    document.addEventListener("htmx:afterSettle", look);
"""


@pytest.fixture
def story() -> Iterator[Story]:
    """Two learners of a cohort and one of another, at a centre that signs."""
    cast = make_cast()
    edition = make_edition()
    story = begin(cast, cohort=COHORT)
    story.decide(story.hand_in(story.enrol(edition), title="A call to a customer"))
    for learner, cohort in ((cast.second_learner, COHORT), (cast.trainee, "Spring 2027")):
        make_enrolment(make_portfolio(cast.centre, learner, cohort=cohort), edition, cast.assessor)
    key = self_signed.make(cast.centre, years=1)
    cache.clear()  # how often somebody has asked whether a PDF is genuine
    yield story
    key.unlink()


def test_a_cohort_is_exported_handed_over_and_exported_again(
    new_context: CreateContextCallback, story: Story, tmp_path: Path
) -> None:
    """The admin on a phone, the stranger at a desk; every page is sound on both."""
    page = new_context(**LOOKS["phone"], accept_downloads=True).new_page()
    sign_in(page, story.cast.admin)
    asks_for_the_cohort(page, story)
    sees_the_count_rise(page)
    sound_on_both(page)
    old = takes_the_archive(page, tmp_path)["Amira Khan"]

    stranger = new_context(**LOOKS["desk"]).new_page()
    stranger.goto("/verify/")
    check(stranger, old)
    answered(stranger, "Genuine, and the latest")
    sound_on_both(stranger)

    changes_one_item(story)
    exports_again(page)
    check(stranger, old)
    answered(stranger, "Genuine, but a newer export exists")


def sound_on_both(page: Page) -> None:
    before = page.viewport_size
    for look in LOOKS.values():
        page.set_viewport_size(look["viewport"])
        page.emulate_media(color_scheme=look["color_scheme"])
        sound(page)
    page.set_viewport_size(before)


def asks_for_the_cohort(page: Page, story: Story) -> None:
    page.goto(reverse("reports:list", kwargs={"centre": story.cast.centre.slug}))
    page.get_by_role("link", name="Export a portfolio").click()
    page.get_by_role("link", name="Many learners").click()
    page.get_by_label("Cohort").select_option(COHORT)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#who summary")).to_have_text("2 learners")
    sound_on_both(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This makes 2 PDFs")
    sound_on_both(page)


def sees_the_count_rise(page: Page) -> None:
    """By itself: on a page that is asked for once."""
    page.add_init_script(KEEP_COUNTS)
    page.get_by_role("button", name="Make 2 PDFs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Cohort: {COHORT}")
    expect(page.locator("#bulk-line")).to_have_text("2 of 2 ready", timeout=PATIENCE)
    counts = page.evaluate("window.counts")
    assert counts == sorted(counts)
    assert counts[-1] == 2


def takes_the_archive(page: Page, folder: Path) -> dict[str, Path]:
    """Each learner's PDF out of it."""
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download 2 PDFs as an archive").click()
    with zipfile.ZipFile(taken.value.path()) as archive:
        index = archive.read("index.csv").decode("utf-8-sig")
        archive.extractall(folder)
    rows = list(csv.DictReader(io.StringIO(index)))
    assert [row["Name"] for row in rows] == ["Amira Khan", "Tom Reed"]
    return {row["Name"]: folder / row["File"] for row in rows}


def changes_one_item(story: Story) -> None:
    """As the learner does, who hands in a second version of it."""
    first = Submission.objects.get()
    version = story.again(first)
    EvidenceVersion.objects.filter(pk=version.pk).update(account_html="<p>She thanked me.</p>")
    story.submit(version, first.enrolment)


def exports_again(page: Page) -> None:
    page.get_by_role("link", name="Amira Khan").first.click()
    page.get_by_role("button", name="Export again").click()
    expect(page.get_by_text("The portfolio of Amira Khan is being made.")).to_be_visible()
    expect(page.locator("#exports-under-way")).to_have_count(0, timeout=PATIENCE)
    assert [report.status for report in Report.objects.all()] == ["done"] * 3
