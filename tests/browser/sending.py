"""Files on the form for evidence: made, chosen, sent, kept."""

import hashlib
import random
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from portfolio.models import EvidenceFile
from tests.browser.axe import looked_over
from tests.browser.doors import let_in
from tests.browser.tunnels import Tunnel
from tests.factories import PASSWORD, Cast, make_cast, make_edition, make_enrolment, make_portfolio

MB = 1024 * 1024
CHUNK = 5 * MB
BUFFERS = 6 * MB  # that the system keeps for a connection: sent, yet with nobody when it breaks
SLACK = MB  # pages, scripts and headers that went up beside the file
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


def recording(folder: Path, name: str = "talk.wav", *, megabytes: float = 12) -> Path:
    """A WAV of noise, so that no byte stands where another one would do."""
    path = folder / name
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(44100)
        sound.writeframes(random.Random(name).randbytes(int(megabytes * MB) // 2 * 2))
    return path


def program(folder: Path) -> Path:
    path = folder / "tool.exe"
    path.write_bytes(b"MZ" + bytes(5000))
    return path


def learner_with_a_unit() -> Cast:
    made = make_cast(password=PASSWORD)
    make_enrolment(make_portfolio(made.centre, made.learner), make_edition())
    return made


def form_in(browser: Browser, device: dict[str, Any], road: Tunnel, cast: Cast) -> Iterator[Page]:
    """The empty form for evidence, open before the learner."""
    context = browser.new_context(base_url=road.address, service_workers="block", **device)
    let_in(context, cast.learner, road.address)
    page = context.new_page()
    page.goto(f"/c/{cast.centre.slug}/evidence/add/")
    yield page
    context.close()


def choose(page: Page, *files: Path) -> None:
    page.locator("#id_files").set_input_files(list(files))


def item(page: Page, name: str = "talk.wav") -> Any:
    return page.locator(".upload-item", has_text=name)


def expect_in(page: Page, name: str = "talk.wav") -> None:
    expect(item(page, name)).to_have_class("upload-item is-in", timeout=45_000)


def save(page: Page) -> None:
    page.get_by_label("Title").fill("A talk")
    page.get_by_label("How does it show what you can do?").select_option("discussion")
    page.get_by_role("button", name="Save and go on").click()
    page.wait_for_url("**/claims/", timeout=45_000)


def stored() -> list[str]:
    return sorted(EvidenceFile.objects.values_list("blob__sha256", flat=True))


def faults(page: Page) -> list[str]:
    return [each["id"] for each in looked_over(page).response["violations"]]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
