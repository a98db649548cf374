"""What an export prints, and what it finds printed already."""

from pathlib import Path

import pytest

from portfolio.models import EvidenceVersion
from reports.gather import gather
from reports.parts import printing, splitting
from reports.parts.cache import Cache
from reports.parts.printing import Printer
from tests.reports.builders import Story
from tests.reports.parts import reading


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept", most_bytes=10**9, most_days=30)


def printed(story: Story, folder: Path, cache: Cache | None) -> tuple[Printer, Path]:
    folder.mkdir()
    printer = Printer(gather(story.portfolio.pk), folder, cache=cache)
    target = folder / "made.pdf"
    printer.write(
        target,
        prepare=lambda _names: [],
        on_part=lambda *_: None,
        on_join=lambda *_: None,
    )
    return printer, target


def test_only_what_changed_is_printed_again(story, tmp_path, cache, monkeypatch):
    """The item alone; a damaged part as well; and two at once share what there is."""
    monkeypatch.setattr(splitting, "SMALL", 0)
    monkeypatch.setattr("reports.templatetags.parts.ITEMS", 1)
    monkeypatch.setattr(
        "reports.facts.Version.pictures", property(lambda _version: ()), raising=True
    )
    first, _path = printed(story, tmp_path / "first", cache)
    again, one = printed(story, tmp_path / "again", cache)
    assert (first.printed > 7, again.printed) == (True, 0)
    EvidenceVersion.objects.filter(evidence__number=2).update(
        account_html="<p>Said in other words.</p>", account="Said in other words."
    )
    changed, other = printed(story, tmp_path / "changed", cache)
    assert changed.printed == 1
    told = reading.raw_texts(other)
    assert "Said in other words." in " ".join(told)
    assert len(told) == len(reading.raw_texts(one))
    for place in list(cache.folder.glob("*/*"))[:2]:
        place.write_bytes(place.read_bytes()[:-9])
    mended, path = printed(story, tmp_path / "mended", cache)
    assert mended.printed in (1, 2)  # one of the two damaged may be the lists
    assert reading.texts(path) == reading.texts(other)


def test_a_wrong_guess_how_long_the_lists_are_costs_one_print_and_nothing_else(
    story, tmp_path, monkeypatch
):
    _printer, right = printed(story, tmp_path / "right", cache=None)
    monkeypatch.setattr(printing, "ROWS", 1)
    _printer, wrong = printed(story, tmp_path / "wrong", cache=None)
    assert reading.texts(wrong) == reading.texts(right)
    many = [len(list(path.parent.glob("*.pdf"))) for path in (right, wrong)]
    assert many[1] == many[0] + 1
