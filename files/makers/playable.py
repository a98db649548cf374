"""A copy that every browser plays: H.264 and AAC in an MP4 that can start before it is all there.

What the original has already in a playable form is copied packet by packet, which takes
seconds; only the rest is coded anew. The copy says nothing but sound and picture: a phone
writes into a film where it was taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer, OutputContainer
from av.filter import Graph

from files.makers import media
from files.makers.out import Job, NoPreview

LONGEST_EDGE = 1280
MOST_FPS = 30
CRF, PRESET = "25", "veryfast"
SOUND_RATE = 48_000
SOUND_BITS = 96_000
KEY_EVERY = 2  # seconds: how far a player has to read before a moment it jumps to
MINUTE = 60.0
MOST_BAD = 200  # damaged packets in a row
PLANAR_420 = ("yuv420p", "yuvj420p")
TELLTALES = ("location", "gps", "xyz", "make", "model", "iso6709")

# What browsers play as it is: container → what may be in it.
PLAYS = {
    "video/mp4": ({"h264"}, {"aac", "mp3"}),
    "audio/mp4": (set(), {"aac", "mp3"}),
    "video/webm": ({"vp8", "vp9", "av1"}, {"opus", "vorbis"}),
    "audio/mpeg": (set(), {"mp3", "mp3float"}),
    "audio/wav": (set(), {"pcm_s16le", "pcm_u8"}),
    "audio/ogg": (set(), {"opus", "vorbis"}),
    "audio/flac": (set(), {"flac"}),
}


@dataclass(frozen=True)
class Plan:
    """What becomes of each stream: kept as it is, coded anew, or (None) not there."""

    copy_film: bool | None
    copy_sound: bool | None

    @property
    def codes(self) -> bool:
        return self.copy_film is False or self.copy_sound is False


@dataclass(frozen=True)
class Shape:
    """How far the film was turned when it was taken, and the size it is shown in."""

    turned: int
    size: tuple[int, int]


def decide(job: Job, *, kind: str, seconds: float) -> None:
    """Tells what plays: the original, nothing, or a copy that is to be made."""
    with media.opened(job.source, job.media_type) as source:
        if _plays(source, job.media_type) and not _tells(source):
            job.facts(plays="original")
            return
        codes = _plan(source).codes
    if codes and seconds > _longest(job, kind):
        job.facts(plays="no", note="too_long_to_copy")
    else:
        job.say(copy={"kind": kind, "seconds": seconds, "codes": codes})


def make(job: Job, *, kind: str, seconds: float) -> None:
    place = job.place("playable.mp4" if kind == "film" else "playable.m4a")
    with media.opened(job.source, job.media_type) as source:
        plan = _plan(source)
        _Copier(job, source, plan, place, seconds, most=_longest(job, kind)).run()
    job.made("playable", place=place, media_type=f"{'video' if kind == 'film' else 'audio'}/mp4")
    job.facts(plays="copy")


def _longest(job: Job, kind: str) -> float:
    limits = job.limits
    return MINUTE * (limits.copy_minutes if kind == "film" else limits.sound_copy_minutes)


def _plays(source: InputContainer, media_type: str) -> bool:
    films, sounds = PLAYS.get(media_type, (set(), set()))
    film = media.film_of(source)
    if film and not (film.codec_context.name in films and _is_420(film)):
        return False
    names = {stream.codec_context.name for stream in source.streams.audio if stream.codec_context}
    return bool(film or names) and names <= sounds


def _is_420(film: av.VideoStream) -> bool:
    return film.codec_context.pix_fmt in PLANAR_420


def _tells(source: InputContainer) -> bool:
    """Whether it says where, or with what, it was taken."""
    said = [*source.metadata, *(name for stream in source.streams for name in stream.metadata)]
    others = any(stream.type not in ("video", "audio", "subtitle") for stream in source.streams)
    return others or any(mark in name.lower() for name in said for mark in TELLTALES)


def _copies(source: InputContainer, film: av.VideoStream) -> bool:
    stamped = source.format.name != "avi"  # which says of no picture when it is to be seen
    return stamped and film.codec_context.name == "h264" and _is_420(film)


def _plan(source: InputContainer) -> Plan:
    film, sounds = media.film_of(source), source.streams.audio
    sound = sounds[0].codec_context.name if sounds and sounds[0].codec_context else None
    return Plan(
        copy_film=None if not film else _copies(source, film),
        copy_sound=None if not sound else sound == "aac",
    )


class _Stamps:
    """Matroska does not say when its first pictures are to be decoded; MP4 has to."""

    def __init__(self) -> None:
        self.waiting: list[av.Packet] = []

    def stamped(self, packet: av.Packet) -> list[av.Packet]:
        if not packet.size:
            return []  # only says that there are no more
        if packet.dts is None:
            self.waiting.append(packet)
            if len(self.waiting) > MOST_BAD:
                raise NoPreview("damaged_recording")
            return []
        waited, self.waiting = self.waiting, []
        step = packet.duration or 1
        for before, each in enumerate(reversed(waited), 1):
            each.dts = packet.dts - before * step
        return [*waited, packet]


class _Copier:
    def __init__(
        self, job: Job, source: InputContainer, plan: Plan, place: Path, seconds: float, most: float
    ) -> None:
        self.job, self.source, self.plan, self.place = job, source, plan, place
        self.seconds, self.most = seconds, most
        self.film = media.film_of(source) if plan.copy_film is not None else None
        self.sound = source.streams.audio[0] if plan.copy_sound is not None else None
        self.shape = _shape(job) if plan.copy_film is False else None
        self.stamps = {"video": _Stamps(), "audio": _Stamps()}
        self.graph: Graph | None = None
        self.film_out: av.VideoStream | None = None
        self.sound_out: av.AudioStream | None = None

    def run(self) -> None:
        with av.open(
            str(self.place), "w", format="mp4", options={"movflags": "+faststart"}
        ) as target:
            self._add_streams(target)
            bad = 0
            for packet in self.source.demux([s for s in (self.film, self.sound) if s]):
                try:
                    self._take(packet, target)
                    bad = 0
                except av.error.InvalidDataError:
                    bad += 1  # a few are passed over, as players do
                    if bad > MOST_BAD:
                        raise
            self._flush(target)

    def _add_streams(self, target: OutputContainer) -> None:
        if self.film and self.plan.copy_film:
            self.film_out = target.add_stream_from_template(self.film)
        if self.film and not self.plan.copy_film:
            self.film_out = self._coded_film(target)
        if self.sound and self.plan.copy_sound:
            self.sound_out = target.add_stream_from_template(self.sound)
        if self.sound and not self.plan.copy_sound:
            layout = "mono" if self.sound.codec_context.channels == 1 else "stereo"
            self.sound_out = target.add_stream("aac", rate=SOUND_RATE, layout=layout)
            self.sound_out.bit_rate = SOUND_BITS
        for stream in (self.film_out, self.sound_out):
            if stream:
                stream.metadata.clear()

    def _coded_film(self, target: OutputContainer) -> av.VideoStream:
        rate, (width, height) = _rate(self.film), self.shape.size
        # Its size is written before its first picture comes, if sound comes first.
        stream = target.add_stream("libx264", rate=rate, width=width, height=height)
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": CRF, "preset": PRESET}
        stream.codec_context.gop_size = round(rate * KEY_EVERY)
        stream.codec_context.thread_count = 2
        return stream

    def _take(self, packet: av.Packet, target: OutputContainer) -> None:
        is_film = packet.stream is self.film or packet.stream.type == "video"
        out = self.film_out if is_film else self.sound_out
        copied = self.plan.copy_film if is_film else self.plan.copy_sound
        self._check_time(packet)
        if copied:
            for ready in self.stamps[out.type].stamped(packet):
                ready.stream = out
                target.mux(ready)
            return
        for frame in packet.decode():
            self._code(frame, target, is_film=is_film)

    def _check_time(self, packet: av.Packet) -> None:
        """What a file says of its length may be anything."""
        if packet.pts is None:
            return
        now = float(packet.pts * packet.time_base)
        if self.plan.codes and now > self.most + MINUTE:
            raise NoPreview("too_long", hours=round(self.most / 3600, 1))
        if self.seconds:
            self.job.progress(0.1 + 0.9 * now / self.seconds)

    def _code(self, frame: av.frame.Frame, target: OutputContainer, *, is_film: bool) -> None:
        if not is_film:
            target.mux(self.sound_out.encode(frame))
            return
        self.graph = self.graph or self._graph()
        self.graph.push(frame)
        self._drain(target)

    def _graph(self) -> Graph:
        """Upright, of square pixels, no larger and no faster than a page needs."""
        graph = Graph()
        nodes = [graph.add_buffer(template=self.film)]
        for name, arguments in _steps(self.shape, _rate(self.film)):
            nodes.append(graph.add(name, arguments))
        nodes.append(graph.add("buffersink"))
        graph.link_nodes(*nodes).configure()
        return graph

    def _drain(self, target: OutputContainer) -> None:
        for frame in _pulled(self.graph):
            frame.pict_type = 0  # the coder decides where its own key frames are
            target.mux(self.film_out.encode(frame))

    def _flush(self, target: OutputContainer) -> None:
        if self.graph:
            self.graph.push(None)
            self._drain(target)
        if self.film_out and not self.plan.copy_film:
            target.mux(self.film_out.encode(None))
        if self.sound_out and not self.plan.copy_sound:
            target.mux(self.sound_out.encode(None))


def _rate(film: av.VideoStream) -> Fraction:
    rate = film.average_rate or film.guessed_rate or Fraction(25)
    return Fraction(min(max(rate, 1), MOST_FPS)).limit_denominator(1001)


def _shape(job: Job) -> Shape:
    """Only a decoded picture says how it was held."""
    with media.opened(job.source, job.media_type) as source:
        film = media.film_of(source)
        frame = next(source.decode(film), None)
        if frame is None:
            raise NoPreview("damaged_recording")
        turned, wide = frame.rotation % 360, film.codec_context.sample_aspect_ratio or 1
        size = (frame.width * wide, frame.height)
    width, height = size if turned in (0, 180) else size[::-1]
    share = min(1, LONGEST_EDGE / max(width, height))
    return Shape(turned, (_even(width * share), _even(height * share)))


def _even(length: float) -> int:
    return max(2, round(float(length) / 2) * 2)


def _steps(shape: Shape, rate: Fraction) -> Iterator[tuple[str, str]]:
    if shape.turned in (90, 270):
        yield "transpose", "cclock" if shape.turned == 90 else "clock"
    elif shape.turned == 180:
        yield "hflip", ""
        yield "vflip", ""
    yield "scale", f"{shape.size[0]}:{shape.size[1]}"
    yield "setsar", "1"
    yield "fps", f"{rate.numerator}/{rate.denominator}"
    yield "format", "yuv420p"


def _pulled(graph: Graph) -> Iterator[av.VideoFrame]:
    while True:
        try:
            yield graph.vpull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
