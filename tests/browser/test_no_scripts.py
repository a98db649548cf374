"""Each hostile file opened in a real browser, in every way a page could: no script ever runs."""

from typing import Any

import pytest
from playwright.sync_api import Error, Page

from files.actions import keep_bytes
from portfolio.models import EvidenceFile, EvidenceVersion
from tests.factories import PASSWORD, Cast, make_cast, make_portfolio, make_version
from tests.files import hostile

# Some would be refused on the way in; here they lie in the store all the same.
FILES = {
    "drawing.svg": ("image/svg+xml", hostile.SVG),
    "page.html": ("text/html", hostile.PAGE),
    "styled.xml": ("application/xml", hostile.STYLED),
    "page.xhtml": ("application/xhtml+xml", hostile.XHTML),
    "tool.js": ("text/javascript", hostile.SCRIPT.encode()),
    "plan.pdf": ("application/pdf", hostile.pdf_that_acts()),
    "funny.gif": ("image/gif", hostile.gif_that_is_a_script()),
    "photo.jpg": ("image/jpeg", hostile.jpeg_with_a_page()),
    "notes.txt": ("text/plain", hostile.text_with_a_page()),
    "names.csv": ("text/csv", hostile.table_with_a_page()),
    "wrong.png": ("image/png", hostile.PAGE),
    "wrong.mp4": ("video/mp4", hostile.SVG),
    "wrong.txt": ("text/plain", hostile.PAGE),
}
EMBED = """url => new Promise(done => {
    const made = ['iframe', 'img', 'script', 'embed', 'object', 'video', 'link'].map(name => {
        const it = document.createElement(name);
        if (name === 'link') it.rel = 'stylesheet';
        it[name === 'object' ? 'data' : name === 'link' ? 'href' : 'src'] = url;
        return it;
    });
    let left = made.length;
    const one = () => { if (--left === 0) done(); };
    for (const it of made) {
        it.onload = it.onerror = it.onloadeddata = one;
        document.body.append(it);
    }
    setTimeout(done, 1500);
})"""


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """What the first test puts in the way must not be answered by the service worker."""
    return {**browser_context_args, "service_workers": "block"}


@pytest.fixture
def cast() -> Cast:
    return make_cast(password=PASSWORD)


@pytest.fixture
def version(cast: Cast) -> EvidenceVersion:
    return make_version(make_portfolio(cast.centre, cast.learner))


@pytest.fixture
def signs(page: Page, cast: Cast) -> list[str]:
    """Every sign that a script of a file ran."""
    signs: list[str] = []

    def asked(dialog) -> None:
        signs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", asked)
    page.on("console", lambda said: signs.append(said.text) if said.text == hostile.RAN else None)
    page.on("request", lambda wanted: signs.append(wanted.url) if "/ran" in wanted.url else None)
    page.goto("/")
    page.get_by_label("E-mail").fill(cast.learner.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_load_state("networkidle")
    return signs


def address(version: EvidenceVersion, name: str) -> str:
    media_type, data = FILES[name]
    blob = keep_bytes(chunks=[data], media_type=media_type)
    file = EvidenceFile.objects.create(version=version, blob=blob, name=name, order=0)
    return f"/c/{version.evidence.portfolio.centre.slug}/files/{file.pk}/"


def test_the_signs_would_be_seen(page: Page, signs: list[str]):
    """A page of the same hostile bytes that nothing guards does run its script."""
    page.route(
        "**/unguarded", lambda route: route.fulfill(body=hostile.PAGE, content_type="text/html")
    )
    page.goto("/unguarded")
    assert hostile.RAN in signs
    assert page.title() == hostile.RAN


def test_opened_by_itself(page: Page, signs: list[str], version: EvidenceVersion):
    for name in FILES:
        try:
            page.goto(address(version, name), wait_until="load")
        except Error as error:
            assert "Download is starting" in str(error), name  # noqa: PT017 (either way is right)
        assert signs == [], name
        assert page.title() != hostile.RAN, name


def test_put_into_a_page_of_ours(page: Page, signs: list[str], version: EvidenceVersion):
    for name in FILES:
        page.evaluate(EMBED, address(version, name))
    assert signs == []
    assert page.title() != hostile.RAN
