"""axe, with the rule of WCAG 2.2 that it leaves out unless it is asked for."""

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def looked_over(page: Page) -> AxeResults:
    return Axe().run(page, options=OPTIONS)
