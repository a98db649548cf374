"""How loud a recording is over its time, from 0 to 1, for a picture of it."""

from array import array
from collections.abc import Callable
from dataclasses import dataclass

import av
from av.audio.resampler import AudioResampler
from av.container import InputContainer

from files.makers.out import NoPreview

RATE = 8000
WINDOW = RATE // 20  # 50 ms
MOST_PEAKS = 1000
LOUDEST = 32768
MOST_BAD = 200  # damaged packets in a row


@dataclass(frozen=True)
class Found:
    peaks: list[float]
    seconds: float


def peaks(source: InputContainer, *, most_seconds: float, tell: Callable[[float], None]) -> Found:
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    loud = _Loudness()
    for frame in _frames(source):
        for plain in resampler.resample(frame):
            loud.add(bytes(plain.planes[0])[: plain.samples * 2])
        if loud.seconds > most_seconds:
            raise NoPreview("too_long", hours=round(most_seconds / 3600))
        tell(loud.seconds)
    for plain in resampler.resample(None):
        loud.add(bytes(plain.planes[0])[: plain.samples * 2])
    return Found(loud.fewer(), loud.seconds)


def _frames(source: InputContainer):
    """A few damaged packets are passed over, as players do."""
    stream, bad = source.streams.audio[0], 0
    for packet in source.demux(stream):
        try:
            yield from packet.decode()
            bad = 0
        except av.error.InvalidDataError:
            bad += 1
            if bad > MOST_BAD:
                raise


class _Loudness:
    def __init__(self) -> None:
        self.windows: list[int] = []
        self.left = array("h")
        self.samples = 0

    @property
    def seconds(self) -> float:
        return self.samples / RATE

    def add(self, data: bytes) -> None:
        self.left.frombytes(data)
        self.samples += len(data) // 2
        whole = len(self.left) // WINDOW * WINDOW
        for start in range(0, whole, WINDOW):
            window = self.left[start : start + WINDOW]
            self.windows.append(max(max(window), -min(window)))
        del self.left[:whole]

    def fewer(self) -> list[float]:
        if self.left:
            self.windows.append(max(max(self.left), -min(self.left)))
        step = -(-len(self.windows) // MOST_PEAKS) or 1
        groups = (self.windows[at : at + step] for at in range(0, len(self.windows), step))
        return [round(min(max(group) / LOUDEST, 1.0), 3) for group in groups]
