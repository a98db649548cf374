"""What a page and its viewers say to each other."""

from typing import Any

from playwright.sync_api import Locator, Page

from portfolio.models import EvidenceFile

LISTEN = """
window.picked = [];
document.addEventListener("signpost:select", ({ detail }) => window.picked.push(detail));
"""
VIEWER = """async ([id, name, argument]) => {
  const { viewerOf } = await import(document.querySelector('script[src*="viewers/viewer"]').src);
  await viewerOf(document.getElementById(id))[name](argument);
}"""
NOTHING = dict.fromkeys(
    "kind file quote prefix suffix start page last_page x y width height begins ends".split()
)


def picked(page: Page, count: int = 1) -> dict[str, Any]:
    """The last thing that was picked, once there are so many."""
    page.wait_for_function("(count) => window.picked.length >= count", arg=count)
    found = page.evaluate("window.picked")
    assert len(found) == count
    return found[-1]


def tell(page: Page, viewer: Locator, name: str, argument: Any = None) -> None:
    page.evaluate(VIEWER, [viewer.get_attribute("id"), name, argument])


def place(file: EvidenceFile | None, sha256: str = "", **fields: Any) -> dict[str, Any]:
    return {
        **NOTHING,
        "file": file.pk if file else None,
        "sha256": file.blob.sha256 if file else sha256,
        **fields,
    }


def select_words(page: Page, holder: str, start: int, end: int) -> None:
    """As a finger or Shift and the arrow keys do it; counted in JavaScript's units."""
    page.evaluate(
        """([holder, start, end]) => {
          const walker = document.createTreeWalker(
            document.querySelector(holder), NodeFilter.SHOW_TEXT);
          const range = document.createRange();
          let at = 0;
          while (walker.nextNode()) {
            const { length } = walker.currentNode.data;
            if (at <= start && start < at + length) range.setStart(walker.currentNode, start - at);
            if (at < end && end <= at + length) range.setEnd(walker.currentNode, end - at);
            at += length;
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        [holder, start, end],
    )
