"""The archive's format: read by others' readers, and any stretch of it as of the whole."""

import io
import random
import zipfile
from collections.abc import Iterator
from datetime import datetime

import pytest

from reports.bulk.zips import Archive, Member

AT = datetime(2026, 11, 22, 10, 19, 31)  # noqa: DTZ001 - archives know no zones
LARGE = 5 * 2**30


def some(many: int = 4) -> list[Member]:
    chance = random.Random(5)
    return [Member.of(f"{n} – Zoë.pdf", AT, chance.randbytes(900 * n)) for n in range(many)]


def whole(archive: Archive) -> bytes:
    return b"".join(archive.read(range(archive.size)))


def test_the_standard_library_reads_it():
    members = some()
    data = whole(Archive(members))
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        assert read.testzip() is None
        assert read.namelist() == [member.name for member in members]
        assert {info.compress_type for info in read.infolist()} == {zipfile.ZIP_STORED}
        assert read.infolist()[1].date_time == (2026, 11, 22, 10, 19, 30)
        assert [len(read.read(name)) for name in read.namelist()] == [0, 900, 1800, 2700]


@pytest.mark.parametrize("many", [0, 1, 4])
def test_its_size_is_known_beforehand(many):
    archive = Archive(some(many))
    assert len(whole(archive)) == archive.size


def test_any_stretch_is_as_in_the_whole():
    archive = Archive(some())
    data = whole(archive)
    chance = random.Random(7)
    for _ in range(300):
        start = chance.randrange(archive.size)
        stop = chance.randrange(start, archive.size) + 1
        assert b"".join(archive.read(range(start, stop))) == data[start:stop]


def test_of_what_comes_before_the_stretch_nothing_is_read():
    def never(span: range) -> Iterator[bytes]:
        raise AssertionError("read for nothing")

    first = Member("first", AT, 5000, 1, never)
    archive = Archive([first, *some()])
    assert b"".join(archive.read(range(6000, archive.size)))


def test_every_difference_shows_in_the_digest():
    first = Archive(some()).digest
    assert first == Archive(some()).digest
    others = [
        some(3),
        [*some()[1:], some()[0]],
        [*some()[:3], Member.of("other.pdf", AT, b"x")],
        [Member.of("0 – Zoë.pdf", AT.replace(hour=9), b""), *some()[1:]],
    ]
    assert len({first, *(Archive(each).digest for each in others)}) == 5


def test_what_is_larger_than_four_gigabytes_is_read_too(tmp_path):
    """Only both ends are written: between them the file is sparse."""

    def zeros(span: range) -> Iterator[bytes]:
        yield bytes(len(span))

    archive = Archive([Member("large.pdf", AT, LARGE, 0, zeros), *some()])
    place = tmp_path / "large.zip"
    with place.open("wb") as file:
        file.writelines(archive.read(range(100)))
        file.seek(LARGE)
        file.writelines(archive.read(range(LARGE, archive.size)))
    with zipfile.ZipFile(place) as read:
        assert read.infolist()[0].file_size == LARGE
        assert read.infolist()[2].header_offset > 2**32
        assert read.read(read.namelist()[3]) == b"".join(some()[2].read(range(1800)))


def test_more_files_than_the_old_format_can_count():
    archive = Archive([Member.of(str(n), AT, b"") for n in range(0x10001)])
    with zipfile.ZipFile(io.BytesIO(whole(archive))) as read:
        assert len(read.namelist()) == 0x10001
