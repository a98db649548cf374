"""Processes that export at once, on one cache of printed parts."""

import time
from pathlib import Path

import pytest

from reports.gather import gather
from reports.parts.cache import Cache
from reports.parts.hands import share_out
from reports.parts.printing import Printer
from tests.factories import Cast, make_edition
from tests.reports.builders import begin
from tests.reports.parts import reading

PRINTERS = 2
TRIMS = PRINTERS  # the job that trims


def trim_until_done(kept: Path, made: list[Path]) -> None:
    while not all(each.exists() for each in made):
        Cache(kept, most_bytes=0, most_days=0).trim()
        time.sleep(0.001)


def test_parts_taken_and_kept_while_others_keep_and_trim_them(tmp_path):
    """What is taken is whole, and is what was kept last; what went meanwhile is not there."""
    kept, keys = tmp_path / "kept", [f"{number:064x}" for number in range(5)]
    ends = [tmp_path / f"{place}-has-ended" for place in range(PRINTERS)]

    def work(place: int) -> int:
        if place == TRIMS:
            trim_until_done(kept, ends)
            return 0
        try:
            return taken(Cache(kept, most_bytes=10**9, most_days=30), place)
        finally:
            ends[place].touch()

    def taken(cache: Cache, place: int) -> int:
        made, out, found = tmp_path / f"{place}.pdf", tmp_path / f"{place}-out.pdf", 0
        for turn in range(200):
            key = keys[turn % len(keys)]
            made.write_bytes(key.encode() * 500)
            cache.keep(key, made)
            if cache.take(key, out):
                assert out.read_bytes() == made.read_bytes()
                found += 1
        return found

    results = dict(share_out(range(PRINTERS + 1), work, hands=PRINTERS + 1))
    assert set(results) == {0, 1, TRIMS}
    assert not list(kept.glob("*/new-*"))


@pytest.mark.django_db
def test_two_exports_at_once_are_alike_whoever_trims(cast: Cast, tmp_path):
    story = begin(cast)
    story.decide(story.hand_in(story.enrol(make_edition()), title="A call"))
    portfolio = gather(story.portfolio.pk)  # the other processes have no database
    kept = tmp_path / "kept"
    made = [tmp_path / str(place) / "made.pdf" for place in range(PRINTERS)]

    def work(place: int) -> None:
        if place == TRIMS:
            trim_until_done(kept, made)
            return
        made[place].parent.mkdir()
        cache = Cache(kept, most_bytes=10**9, most_days=30)
        Printer(portfolio, made[place].parent, cache=cache).write(
            made[place], prepare=lambda _names: [], on_part=_quiet, on_join=_quiet
        )

    assert len(list(share_out(range(PRINTERS + 1), work, hands=PRINTERS + 1))) == PRINTERS + 1
    first, same = map(reading.texts, made)
    assert first == same
    assert "A call" in " ".join(reading.raw_texts(made[0]))


def _quiet(_done: int, _many: int) -> None:
    pass
