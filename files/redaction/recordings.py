"""Film and sound coded anew: black and silent in the ranges, and nothing else besides.

Only the first film and the first sound come along, as pictures and samples; titles, places,
covers, captions, chapters and data streams have no way into the copy.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.filter import Graph

from files.makers.playable import CRF, LONGEST_EDGE, PRESET

Range = tuple[float, float]
RATE = 48_000
SOUND_BITS = 128_000
MOST_FPS = 30
KEY_EVERY = 2  # seconds
SAMPLE = 2  # bytes
WORTH_FILLING = RATE // 10  # a gap in the sound, in samples
EDGE = RATE // 20  # beside a range, since the resampler holds some samples back
LONGEST_GAP = 60 * 60 * RATE
MOST_BAD = 200  # damaged packets in a row


class NothingInIt(Exception):
    """Neither film nor sound that can be read."""


def hide(
    source: InputContainer,
    film: av.VideoStream | None,
    ranges: Sequence[Range],
    target: Path,
    progress: Callable[[float], None],
) -> None:
    sound = source.streams.audio[0] if source.streams.audio else None
    if film is None and sound is None:
        raise NothingInIt
    start = (source.start_time or 0) / av.time_base
    length = (source.duration or 0) / av.time_base
    with av.open(str(target), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        streams = {}
        if film:
            streams[film.index] = _Film(film, out, ranges, start)
        if sound:
            streams[sound.index] = _Sound(sound, out, ranges, start)
        bad, done = 0, 0.0
        for packet in source.demux([each for each in (film, sound) if each]):
            try:
                for frame in packet.decode():
                    streams[packet.stream.index].take(frame)
                bad = 0
            except av.error.InvalidDataError:
                bad += 1
                if bad > MOST_BAD:
                    raise
            if length and packet.pts is not None:
                done = max(done, min(1.0, float(packet.pts * packet.time_base - start) / length))
                progress(done)
        for each in streams.values():
            each.end()


class _Film:
    """Upright, in square pixels, no larger than a page needs; black in the ranges."""

    def __init__(
        self, film: av.VideoStream, out: OutputContainer, ranges: Sequence[Range], start: float
    ) -> None:
        self.film, self.out, self.start = film, out, start
        rate = film.average_rate or film.guessed_rate or Fraction(25)
        self.rate = Fraction(min(max(rate, 1), MOST_FPS)).limit_denominator(1001)
        # A frame is seen until the next one comes, and may be moved by half of that in time.
        frame = 1 / float(self.rate)
        self.ranges = [(begins - frame, ends + frame) for begins, ends in ranges]
        self.graph: Graph | None = None
        self.coder = out.add_stream("libx264", rate=self.rate)
        self.coder.pix_fmt = "yuv420p"
        self.coder.options = {"crf": CRF, "preset": PRESET}
        self.coder.codec_context.gop_size = round(self.rate * KEY_EVERY)
        self.coder.codec_context.thread_count = 2

    def take(self, frame: av.VideoFrame) -> None:
        self.graph = self.graph or self._graph(frame)
        self.graph.push(frame)
        self._drain()

    def end(self) -> None:
        if self.graph:
            self.graph.push(None)
            self._drain()
            self.out.mux(self.coder.encode(None))

    def _graph(self, frame: av.VideoFrame) -> Graph:
        graph = Graph()
        nodes = [graph.add_buffer(template=self.film)]
        nodes += [graph.add(name, arguments) for name, arguments in _steps(frame, self.rate)]
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure()
        return graph

    def _drain(self) -> None:
        for frame in _pulled(self.graph):
            if not self.coder.codec_context.is_open:
                self.coder.width, self.coder.height = frame.width, frame.height
            now = (frame.time or 0.0) - self.start
            shown = _black(frame) if _inside(now, self.ranges) else frame
            shown.pict_type = 0  # the coder decides where its own key frames are
            self.out.mux(self.coder.encode(shown))


class _Sound:
    """Samples one after the other; zeros in the ranges and where the original has a gap."""

    def __init__(
        self, sound: av.AudioStream, out: OutputContainer, ranges: Sequence[Range], start: float
    ) -> None:
        self.out, self.start, self.written = out, start, 0
        self.ahead = 0  # how far the recording's own clock is before our count of samples
        self.layout = "mono" if sound.codec_context.channels == 1 else "stereo"
        self.width = SAMPLE * (1 if self.layout == "mono" else 2)
        self.ranges = [(round(begins * RATE), round(ends * RATE)) for begins, ends in ranges]
        self.resampler = av.AudioResampler(format="s16", layout=self.layout, rate=RATE)
        self.coder = out.add_stream("aac", rate=RATE, layout=self.layout)
        self.coder.bit_rate = SOUND_BITS

    def take(self, frame: av.AudioFrame) -> None:
        if frame.time is not None:
            now = round((frame.time - self.start) * RATE)
            self._fill(now, worth=WORTH_FILLING if self.written else 1)
            self.ahead = now - self.written
        for each in self.resampler.resample(frame):
            self._write(each)

    def end(self) -> None:
        for each in self.resampler.resample(None):
            self._write(each)
        self.out.mux(self.coder.encode(None))

    def _fill(self, until: int, worth: int = 1) -> None:
        gap = until - self.written
        if worth <= gap <= LONGEST_GAP:
            while gap > 0:
                some = min(gap, RATE)
                self._encode(bytes(some * self.width), some)
                gap -= some

    def _write(self, frame: av.AudioFrame) -> None:
        data = bytearray(bytes(frame.planes[0])[: frame.samples * self.width])
        # By either clock: people marked by what their player showed.
        clocks = (self.written, self.written + self.ahead)
        for (first, last), now in product(self.ranges, clocks):
            begin = max(first - EDGE - now, 0)
            end = min(last + EDGE - now, frame.samples)
            if begin < end:
                data[begin * self.width : end * self.width] = bytes((end - begin) * self.width)
        self._encode(bytes(data), frame.samples)

    def _encode(self, data: bytes, samples: int) -> None:
        frame = av.AudioFrame(format="s16", layout=self.layout, samples=samples)
        plane = frame.planes[0]
        plane.update(data.ljust(plane.buffer_size, b"\0"))
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), self.written
        self.written += samples
        self.out.mux(self.coder.encode(frame))


def _inside(now: float, ranges: Sequence[Range]) -> bool:
    return any(begins < now < ends for begins, ends in ranges)


def _black(frame: av.VideoFrame) -> av.VideoFrame:
    black = av.VideoFrame(frame.width, frame.height, "yuv420p")
    for plane, value in zip(black.planes, (16, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    black.pts, black.time_base = frame.pts, frame.time_base
    return black


def _steps(frame: av.VideoFrame, rate: Fraction) -> Iterator[tuple[str, str]]:
    turned = frame.rotation % 360
    if turned in (90, 270):
        yield "transpose", "cclock" if turned == 90 else "clock"
    elif turned == 180:
        yield "hflip", ""
        yield "vflip", ""
    edge = LONGEST_EDGE
    share = f"min(1,{edge}/max(iw*sar,ih))"
    yield "scale", f"w='trunc({share}*iw*sar/2)*2':h='trunc({share}*ih/2)*2'"
    yield "setsar", "1"
    yield "fps", f"{rate.numerator}/{rate.denominator}"
    yield "format", "yuv420p"


def _pulled(graph: Graph | None) -> Iterator[av.VideoFrame]:
    while graph:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
