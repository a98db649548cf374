"""What a report may show besides its text: our fonts and style sheet, the marks of the states,
and the pictures prepared for it."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured

from accounts.states import STATES
from reports.pdf import Press, Shelf
from reports.pictures import MEDIA_TYPE, Prepared

FACES = ("400-normal", "400-italic", "700-normal", "700-italic")
SCRIPTS = ("latin", "latin-ext")
SHEETS = ("report.css", "report-foot.css", "report-letter.css")

# The tones of static/css/tokens.css by daylight; paper knows no dark mode.
COLOURS = {
    "good": "#166638",
    "wait": "#855000",
    "bad": "#ad2f17",
    "accent": "#2b3aa6",
    "calm": "#575b6e",
}
STANDALONE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{}</svg>'

Content = tuple[str, bytes | Path]


def shelf(pictures: Iterable[Prepared]) -> Shelf:
    held = dict(_own())
    held |= {f"picture/{each.name}": (MEDIA_TYPE, each.path) for each in pictures if each.path}
    return Shelf(held)


@cache
def press() -> Press:
    """Ours, with the style sheet and the fonts read once for all parts that this process prints."""
    return Press(Shelf(_own()), sheet="report.css")


@cache
def fingerprint() -> str:
    """Changes with anything of ours that a page can show."""
    found = hashlib.sha256()
    for name, (_media_type, content) in sorted(_own().items()):
        data = content.read_bytes() if isinstance(content, Path) else content
        found.update(f"{name} {len(data)} ".encode() + data)
    return found.hexdigest()


@cache
def _own() -> dict[str, Content]:
    return {
        **{name: ("text/css", _static(f"css/{name}")) for name in SHEETS},
        **{f"font/{name}": ("font/woff2", _static(path)) for name, path in _fonts()},
        **{f"mark/{key}": ("image/svg+xml", mark(key)) for key in STATES},
    }


def _fonts() -> Iterator[tuple[str, str]]:
    for script in SCRIPTS:
        for face in FACES:
            name = f"{script}-{face}.woff2"
            yield name, f"vendor/atkinson/files/atkinson-hyperlegible-{name}"


def _static(name: str) -> Path:
    found = finders.find(name)
    if not found:
        raise ImproperlyConfigured(f"{name} is missing; run the set-up again.")
    return Path(found)


def mark(key: str) -> bytes:
    """A state's shape in its colour, from the same drawing that the pages on screen use."""
    look = STATES[key]
    sprite = _static("img/marks.svg").read_text()
    drawn = re.search(rf'<symbol id="state-{look.shape}"[^>]*>(.*?)</symbol>', sprite, re.DOTALL)
    if drawn is None:
        raise ImproperlyConfigured(f"marks.svg has no shape for {key}.")
    coloured = drawn[1].replace("currentColor", COLOURS[look.tone])
    return STANDALONE.format(coloured).encode()
