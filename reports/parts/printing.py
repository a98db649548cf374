"""Parts to PDFs: from the cache, or laid out by several processes; then joined."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import translation

from reports import document, facts, shelf
from reports.parts import joining, stamping
from reports.parts.cache import Cache
from reports.parts.hands import apart, share_out
from reports.parts.splitting import Part, Split, split
from reports.pdf import ENGINE
from reports.pictures import Prepared

OWN = "parts 3"  # goes up when this code makes other pages of the same HTML
COVER = 1  # page
TRIES = 5
ROWS = 34  # of the lists on a page, about

OnStep = Callable[[int, int], None]
Prepare = Callable[[frozenset[str]], Iterable[Prepared]]


class NeverSettles(Exception):
    """The front got longer or shorter with every page number put into it."""


@dataclass
class Printer:
    """Prints one portfolio in a folder that is given up afterwards."""

    portfolio: facts.Portfolio
    folder: Path
    lost: Collection[str] = frozenset()
    hands: int = 1
    cache: Cache | None = None
    printed: int = 0  # parts that had to be laid out, but for the cover and the lists
    _had: set[str] = field(default_factory=set)  # the keys of those that lie in the folder

    def write(self, target: Path, *, prepare: Prepare, on_part: OnStep, on_join: OnStep) -> int:
        """How many pages the document has."""
        with translation.override(self.portfolio.options.language):
            told = self._parts(prepare, on_part)
            on_join(0, 1)
            cover, *paths = self._front(told) + [self._place(part) for part in told.parts]
            date, page = stamping.words_of(self.portfolio)
            letters = self._one(Part(stamping.html_of(self.portfolio)))
            foot = stamping.Foot(letters, date, page)
            return apart(lambda: joining.join(cover, paths, foot=foot, target=target))

    # Parts -------------------------------------------------------------------------------------

    def _parts(self, prepare: Prepare, on_part: OnStep) -> Split:
        """All of them at their places; a picture that cannot be read is found out on the way,
        and its part says so instead."""
        unreadable = self.portfolio.pictures & frozenset(self.lost)
        told = self._split(unreadable)
        missing = self._missing(told.parts)
        wanted = frozenset().union(*(part.pictures for part in missing)) if missing else frozenset()
        prepared = list(prepare(wanted))
        found = frozenset(each.name for each in prepared if each.path is None)
        if found - unreadable:
            told = self._split(unreadable | found)
            missing = self._missing(told.parts)
        self._print(missing, told.cover, prepared, on_part)
        return told

    def _split(self, unreadable: Collection[str]) -> Split:
        return split(document.render(self.portfolio, unreadable=unreadable, lost=self.lost))

    def _missing(self, parts: Iterable[Part]) -> list[Part]:
        return [part for part in dict.fromkeys(parts) if not self._has(part)]

    def _has(self, part: Part) -> bool:
        key = self._key(part)
        if key not in self._had and self.cache and self.cache.take(key, self._place(part)):
            self._had.add(key)
        return key in self._had

    def _print(
        self, parts: Sequence[Part], cover: Part, prepared: Iterable[Prepared], on_part: OnStep
    ) -> None:
        """The cover is new with every export, and so is not kept."""
        ours = shelf.shelf(prepared)
        press = shelf.press()  # before the others start, who then have it as well

        def lay_out(part: Part) -> None:
            press.write(part.html, shelf=ours, target=self._place(part))

        # The longest first, so that nobody is left with a long one while the others have done.
        jobs = sorted([*parts, cover], key=lambda part: len(part.html), reverse=True)
        on_part(0, len(jobs))
        for done, (place, _none) in enumerate(share_out(jobs, lay_out, hands=self.hands), start=1):
            self._have(jobs[place], keep=jobs[place] is not cover)
            on_part(done, len(jobs))
        self.printed += len(parts)

    def _have(self, part: Part, *, keep: bool) -> None:
        key = self._key(part)
        self._had.add(key)
        if self.cache and keep:
            self.cache.keep(key, self._place(part))

    def _one(self, part: Part) -> Path:
        """A single part, printed unless it is there."""
        if self._missing([part]):
            press, place = shelf.press(), self._place(part)

            def lay_out() -> None:
                press.write(part.html, shelf=shelf.shelf([]), target=place)

            if self.hands > 1:
                apart(lay_out)
            else:  # this process has laid out all the others as well
                lay_out()
            self._have(part, keep=True)
        return self._place(part)

    def _place(self, part: Part) -> Path:
        return self.folder / f"{self._key(part)}.pdf"

    @staticmethod
    def _key(part: Part) -> str:
        made_of = f"{OWN}\n{ENGINE}\n{shelf.fingerprint()}\n{part.html}"
        return hashlib.sha256(made_of.encode()).hexdigest()

    # The front ---------------------------------------------------------------------------------

    def _front(self, told: Split) -> list[Path]:
        """The lists with the page of every place, which depends on how long they are themselves;
        and the cover before them."""
        found = [joining.look_into(self._place(part)) for part in told.parts]
        own = _guessed(told)
        for _try in range(TRIES):
            pages = _pages_of([own, *found], COVER)
            lists = self._one(told.lists_with(pages))
            made = joining.look_into(lists)
            if _pages_of([made, *found], COVER) == pages:
                return [self._place(told.cover), lists]
            own = made
        raise NeverSettles


def _guessed(told: Split) -> joining.Found:
    """Where each list begins, by how many rows there are: right for most, and where it is wrong
    they are printed once more."""
    before, places = 0, {}
    for name, rows in told.sections_of_lists():
        places[name] = before
        before += 1 + rows // ROWS
    return joining.Found(pages=before, places=places)


def _pages_of(found: Iterable[joining.Found], before: int) -> Mapping[str, int]:
    pages: dict[str, int] = {}
    for each in found:
        for name, place in each.places.items():
            pages.setdefault(name, before + place + 1)
        before += each.pages
    return pages
