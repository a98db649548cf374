"""Takes the pictures of the README from a demo of its own: python -m scripts.screenshots

The demo plays on a folder and a port that are gone afterwards. Each picture is what one screen
holds, in few enough colours to weigh little.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from demo.ready import answers
from scripts.services import running
from scripts.system import ROOT, Problem, chromium, plain_failures

PICTURES = ROOT / "docs" / "screenshots"
HEAVIEST = 300_000  # bytes
COLOURS = 128
PASSWORD = "signpost-demo-2026"  # noqa: S105 - the demo's
BARELY_BEGUN = ", ".join(f"[value='{percent}']" for percent in range(10))
FILM_FROM = 71  # seconds: the claim's moment begins at 1:10
PHONE, DESK = (360, 740), (1280, 800)
LEARNER, LEARNER_2, ASSESSOR, ADMIN = "learner", "learner2", "assessor", "admin"


@dataclass(frozen=True)
class Shot:
    name: str
    who: str
    size: tuple[int, int]
    reach: Callable[[Page], None]  # from the person's first page to what is shown


def unit(page: Page) -> None:
    page.locator(".unit-card h3 a").first.click()
    page.locator("h1").wait_for()


def evidence(page: Page) -> None:
    page.get_by_role("link", name="My evidence").first.click()
    page.get_by_role("link", name="The card that I give").click()
    page.get_by_role("heading", name="Returned for").wait_for()


def marking(page: Page) -> None:
    page.get_by_role("link", name="A customer who wanted a refund").click()
    claim = page.locator("article.claim").first
    claim.get_by_text("Met", exact=True).click()
    claim.get_by_role("button", name="Tick all five").click()
    claim.get_by_text("Saved").first.wait_for()


def place(page: Page) -> None:
    """The film, where the claim says: at 1:10."""
    page.get_by_role("link", name="Saturday at the counter").click()
    page.locator("article.claim").first.get_by_role("link", name="P4").first.click()
    film = page.locator("video").first
    for _try in range(100):
        if film.evaluate("video => video.currentTime") >= FILM_FROM:
            break
        page.wait_for_timeout(100)
    else:
        raise Problem("the film does not play from where the claim says.")
    film.evaluate("video => video.pause()")


def capture(page: Page) -> None:
    page.get_by_role("link", name="Capture now").first.click()
    page.locator("h1").wait_for()


def sign_off(page: Page) -> None:
    page.get_by_role("link", name="Look at it").click()
    page.get_by_role("heading", name="The marking points").wait_for()


def exports(page: Page) -> None:
    page.get_by_role("link", name="Exports").first.click()
    page.get_by_role("link", name="Export a portfolio").click()
    page.get_by_role("link", name="Many learners").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Make").click()
    page.get_by_role("link", name="Exports").first.click()
    page.locator(f"progress.bar:not({BARELY_BEGUN})").first.wait_for()


SHOTS = (
    Shot("unit-phone", LEARNER_2, PHONE, unit),
    Shot("evidence-phone", LEARNER_2, PHONE, evidence),
    Shot("marking", ASSESSOR, DESK, marking),
    Shot("place", ASSESSOR, DESK, place),
    Shot("capture-phone", LEARNER_2, PHONE, capture),
    Shot("sign-off", ASSESSOR, DESK, sign_off),
    Shot("exports", ADMIN, DESK, exports),
)


def main() -> None:
    with plain_failures():
        browser = chromium()
        if browser is None:
            raise Problem("no Chromium was found; name one in SIGNPOST_CHROMIUM.")
        PICTURES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="signpost-pictures-") as folder:
            with demo(Path(folder)) as address:
                take_all(browser, address)
            keep("portfolio-pdf", of_portfolio(next(Path(folder).glob("* - portfolio.pdf"))))


@contextmanager
def demo(folder: Path) -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "SIGNPOST_DATA_DIR": str(folder)}
    manage = [sys.executable, "manage.py"]
    # Played first: how long that takes is the machine's affair; the second start takes seconds.
    for command in (["collectstatic", "--noinput", "-v0"], ["demo", "--no-serve"]):
        subprocess.run([*manage, *command], cwd=ROOT, env=environment, check=True)
    serve = [*manage, "demo", "--port", str(port)]
    server = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    with running(server, lambda: answers(port), "The demo"):
        yield f"http://127.0.0.1:{port}"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def take_all(executable: str, address: str) -> None:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--lang=en-GB", *sandbox]
        )
        for shot in SHOTS:
            take(shot, browser, address)
        browser.close()


def take(shot: Shot, browser: Browser, address: str) -> None:
    width, height = shot.size
    scale = 2 if shot.size == PHONE else 1
    page = browser.new_page(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        locale="en-GB",
        reduced_motion="reduce",
    )
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("E-mail address").fill(f"{shot.who}@northgate.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    shot.reach(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{shot.name}.png")
    page.close()
    keep(shot.name, Image.open(PICTURES / f"{shot.name}.png"))


def of_portfolio(pdf: Path) -> Image.Image:
    """The cover and the matrix, side by side."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    # Its heading stands alone at the top; in the list of contents it is one of many.
    matrix = next(n for n, text in enumerate(texts) if text.lstrip().startswith("Evidence matrix"))
    pages = [document[n].render(scale=1.1).to_pil().convert("RGB") for n in (0, matrix)]
    gap = 24
    size = (
        sum(each.width for each in pages) + 3 * gap,
        max(each.height for each in pages) + 2 * gap,
    )
    sheet = Image.new("RGB", size, "#d9d6cf")
    left = gap
    for each in pages:
        sheet.paste(each, (left, gap))
        left += each.width + gap
    return sheet


def keep(name: str, picture: Image.Image) -> None:
    place = PICTURES / f"{name}.png"
    few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(place, optimize=True)
    weight = place.stat().st_size
    if weight > HEAVIEST:
        raise Problem(f"{place.name} weighs {weight} bytes, more than {HEAVIEST}.")
    print(f"{place.relative_to(ROOT)}: {few.width} × {few.height}, {weight // 1000} kB")


if __name__ == "__main__":
    main()
