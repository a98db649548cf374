"""Printed parts on disk: found again, never trusted when damaged, never more than allowed."""

import os
import time
from pathlib import Path

import pytest

from reports.parts.cache import DAY, Cache
from reports.tasks import trim_printed_parts

KEYS = [f"{number:02x}" * 32 for number in range(6)]


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "kept", most_bytes=10_000, most_days=30)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "part.pdf"
    path.write_bytes(b"%PDF-" + b"x" * 995)
    return path


def test_what_was_kept_is_taken_byte_for_byte(cache, part, tmp_path):
    cache.keep(KEYS[0], part)
    assert cache.take(KEYS[0], tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == part.read_bytes()
    assert not cache.take(KEYS[1], tmp_path / "other.pdf")
    assert not (tmp_path / "other.pdf").exists()


@pytest.mark.parametrize(
    "harm", [lambda data: data[:-1], lambda data: b"", lambda data: data + b"!"]
)
def test_a_damaged_one_is_as_if_it_were_not_there(cache, part, tmp_path, harm):
    cache.keep(KEYS[0], part)
    (kept,) = cache.folder.glob("*/*")
    kept.write_bytes(harm(kept.read_bytes()))
    assert not cache.take(KEYS[0], tmp_path / "out.pdf")
    cache.keep(KEYS[0], part)
    assert cache.take(KEYS[0], tmp_path / "out.pdf")


def test_the_least_recently_used_go_first(cache, part, tmp_path):
    now = time.time()
    cache.most_bytes = 3 * 1100
    for age, key in enumerate(reversed(KEYS)):
        cache.keep(key, part)
        (place,) = cache.folder.glob(f"*/{key}.pdf")
        os.utime(place, (now - 1000 + age, now - 1000 + age))
    assert cache.take(KEYS[5], tmp_path / "used.pdf")  # the oldest, until now
    cache.trim()
    assert {path.stem for path in cache.folder.glob("*/*")} == {KEYS[0], KEYS[1], KEYS[5]}


def test_what_nobody_used_for_long_goes_though_there_is_room(cache, part):
    cache.keep(KEYS[0], part)
    cache.keep(KEYS[1], part)
    (place,) = cache.folder.glob(f"*/{KEYS[0]}.pdf")
    long_ago = time.time() - 31 * DAY
    os.utime(place, (long_ago, long_ago))
    cache.trim()
    assert [path.stem for path in cache.folder.glob("*/*")] == [KEYS[1]]


def test_the_worker_trims_all_of_them_together(settings, part):
    folder = settings.REPORT_PARTS_DIR
    for of, key in (("1-0", KEYS[0]), ("2-0", KEYS[1])):
        Cache(folder, most_bytes=0, most_days=30, of=of).keep(key, part)
    trim_printed_parts()
    assert len(list(folder.glob("*/*/*"))) == 2
    settings.REPORT_PARTS_MB = 0
    trim_printed_parts()
    assert not list(folder.glob("*/*/*"))


def test_a_disk_that_is_full_only_keeps_nothing(cache, part, tmp_path, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("reports.parts.cache.os.replace", full)
    cache.keep(KEYS[0], part)
    assert list(cache.folder.glob("*/*")) == []
    assert not cache.take(KEYS[0], tmp_path / "out.pdf")
