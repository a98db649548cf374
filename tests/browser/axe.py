"""axe, with the rule of WCAG 2.2 that it leaves out unless it is asked for."""

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# A colour half-way between two is neither; what turns without end (a wheel) is not waited for.
SETTLED = """() => Promise.allSettled(
    document.getAnimations()
      .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
      .map((each) => each.finished)
)"""


def looked_over(page: Page) -> AxeResults:
    page.evaluate(SETTLED)
    return Axe().run(page, options=OPTIONS)
