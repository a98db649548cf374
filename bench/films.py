"""Films of any length: ten seconds are drawn and coded, then packed as often as wanted."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.filter import Graph

SECONDS = 10
RATE = 30
SOUND_RATE = 48_000


def film(place: Path, *, codec: str, size: tuple[int, int], megabits: float, seconds: int) -> Path:
    """Moving and noisy, so that it needs its bits; with sound; its index at the end, as phones
    write it."""
    short = place.with_suffix(".short.mp4")
    _draw(short, codec, size, megabits)
    _repeat(short, place, times=-(-seconds // SECONDS))
    short.unlink()
    return place


def _draw(place: Path, codec: str, size: tuple[int, int], megabits: float) -> None:
    with av.open(str(place), "w") as target:
        video = target.add_stream(codec, rate=RATE, width=size[0], height=size[1])
        video.pix_fmt, video.bit_rate = "yuv420p", round(megabits * 1_000_000)
        video.options = {"preset": "ultrafast", "x265-params": "log-level=none"}
        video.codec_context.gop_size = 2 * RATE
        sound = target.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        seen = f"testsrc2=size={size[0]}x{size[1]}:rate={RATE}:duration={SECONDS}"
        heard = f"sine=frequency=330:sample_rate={SOUND_RATE}:duration={SECONDS}"
        for frame in _pictures(seen):
            frame.pict_type = 0  # the coder decides where its key frames are
            target.mux(video.encode(frame))
        target.mux(video.encode(None))
        for frame in _sounds(heard):
            target.mux(sound.encode(frame))
        target.mux(sound.encode(None))


def _pictures(source: str) -> Iterator[av.VideoFrame]:
    yield from _made(source, [("noise", "alls=24:allf=t"), ("format", "yuv420p")], "buffersink")


def _sounds(source: str) -> Iterator[av.AudioFrame]:
    yield from _made(source, [("aformat", "channel_layouts=stereo")], "abuffersink")


def _made(source: str, steps: list[tuple[str, str]], sink: str) -> Iterator:
    name, _sign, arguments = source.partition("=")
    graph = Graph()
    nodes = [graph.add(*step) for step in [(name, arguments), *steps]] + [graph.add(sink)]
    graph.link_nodes(*nodes).configure()
    while True:
        try:
            frame = graph.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            return
        yield frame


def _repeat(source: Path, place: Path, *, times: int) -> None:
    with av.open(str(place), "w") as target, av.open(str(source)) as first:
        outs = {each.type: target.add_stream_from_template(each) for each in first.streams}
        last: dict[str, int] = {}
        for turn in range(times):
            with av.open(str(source)) as again:
                for packet in again.demux():
                    kind = packet.stream.type
                    later = int(Fraction(turn * SECONDS) / packet.time_base)
                    # The sound of a turn begins a little before its end of the one before.
                    if packet.dts is None or packet.dts + later <= last.get(kind, -SOUND_RATE):
                        continue
                    packet.dts, packet.pts = packet.dts + later, packet.pts + later
                    last[kind] = packet.dts
                    packet.stream = outs[kind]
                    target.mux(packet)
