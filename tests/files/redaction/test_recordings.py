from fractions import Fraction

import av
import pytest

from files.makers import media
from files.redaction import recordings
from tests.files.redaction.conftest import SECRET, brightness, film, loudness, tone_only


def hidden(source, tmp_path, ranges, media_type="video/x-matroska"):
    target = tmp_path / "copy.mp4"
    told = []
    with media.opened(source, media_type) as opened:
        recordings.hide(opened, media.film_of(opened), ranges, target, told.append)
    assert told == sorted(told)
    return target


def test_the_picture_is_black_in_the_range_and_seen_outside(tmp_path):
    copy = hidden(film(tmp_path / "film.mkv"), tmp_path, [(1.0, 2.0)])
    seen = brightness(copy)
    assert len(seen) == 40
    assert all(light < 20 for at, light in seen.items() if 1.0 <= at <= 2.0)
    assert all(light > 200 for at, light in seen.items() if at < 0.85 or at > 2.15)


def test_the_sound_is_silent_in_the_range_and_heard_outside(tmp_path):
    copy = hidden(film(tmp_path / "film.mkv"), tmp_path, [(1.0, 2.0)])
    heard = loudness(copy)
    assert all(loud < 40 for at, loud in heard if 1.1 <= at < 1.9)
    assert all(loud > 15000 for at, loud in heard if at < 0.9 or 2.1 <= at < 3.9)


def unsteady(path, pace):
    """A tone whose clock, after a second, does not go as fast as its samples."""
    with av.open(str(path), "w", format="matroska") as out:
        sound = out.add_stream("pcm_s16le", rate=48_000, layout="mono")
        for first in range(0, 4 * 48_000, 480):
            frame = av.AudioFrame(format="s16", layout="mono", samples=480)
            wave = b"\x00\x50" * 24 + b"\x00\xb0" * 24
            frame.planes[0].update((wave * 10).ljust(frame.planes[0].buffer_size, b"\0"))
            frame.pts = first if first < 48_000 else pace(first)
            frame.sample_rate, frame.time_base = 48_000, Fraction(1, 48_000)
            out.mux(sound.encode(frame))
        out.mux(sound.encode(None))
    return path


@pytest.mark.parametrize(
    ("pace", "silent"),
    [
        (lambda at: at + 4_300, [1.9, 2.0, 2.8]),
        (lambda at: 48_000 + int((at - 48_000) * 0.85), [2.3, 3.0, 3.1, 3.2]),
    ],
)
def test_a_range_is_meant_by_the_clock_that_players_show(tmp_path, pace, silent):
    copy = hidden(unsteady(tmp_path / "talk.mkv", pace), tmp_path, [(2.0, 3.0)])
    heard = dict(loudness(copy))
    assert {at: heard[at] for at in silent if heard[at] > 1000} == {}
    assert heard[1.5] > 10_000
    assert heard[3.6] > 10_000


def test_nothing_but_one_picture_and_one_sound_comes_along(tmp_path):
    source = film(tmp_path / "film.mkv")
    assert SECRET.encode() in source.read_bytes()
    with av.open(str(source)) as opened:
        assert len(opened.streams) == 3
        assert opened.chapters()
    copy = hidden(source, tmp_path, [(1.0, 2.0)])
    assert SECRET.encode() not in copy.read_bytes()
    with av.open(str(copy)) as opened:
        assert [stream.type for stream in opened.streams] == ["video", "audio"]
        assert not opened.chapters()
        assert not {"title", "location"} & set(opened.metadata)
        assert opened.streams.video[0].codec_context.name == "h264"


def test_several_ranges_also_at_the_edges(tmp_path):
    copy = hidden(film(tmp_path / "film.mkv"), tmp_path, [(0.0, 0.5), (3.5, 99.0)])
    seen = brightness(copy)
    assert all(light < 20 for at, light in seen.items() if at <= 0.5 or at >= 3.5)
    assert seen[2.0] > 200


def test_a_film_without_sound(tmp_path):
    copy = hidden(film(tmp_path / "film.mkv", sound=False), tmp_path, [(1.0, 2.0)])
    with av.open(str(copy)) as opened:
        assert [stream.type for stream in opened.streams] == ["video"]
    assert brightness(copy)[1.5] < 20


def test_sound_alone(tmp_path):
    source = tone_only(tmp_path / "talk.wav")
    assert SECRET.encode() in source.read_bytes()
    copy = hidden(source, tmp_path, [(1.0, 2.0)], "audio/wav")
    assert SECRET.encode() not in copy.read_bytes()
    heard = loudness(copy)
    assert all(loud < 40 for at, loud in heard if 1.1 <= at < 1.9)
    assert all(loud > 15000 for at, loud in heard if 0.1 <= at < 0.9)
    assert heard[-1][0] == pytest.approx(3.9, abs=0.2)


def test_the_copy_is_as_long_as_the_original(tmp_path):
    copy = hidden(film(tmp_path / "film.mkv"), tmp_path, [(1.0, 2.0)])
    with av.open(str(copy)) as opened:
        assert opened.duration / av.time_base == pytest.approx(4.0, abs=0.15)
