"""Files with something to hide in them, and ways to look for it in a copy."""

import io
import math
import struct
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

SECRET = "Margaret Bell"
RATE = 48_000


def secret_jpeg(size: tuple[int, int] = (400, 300)) -> bytes:
    """Red where the person is, with EXIF, XMP, a thumbnail and a comment that show or name her."""
    image = Image.new("RGB", size, "teal")
    image.paste((255, 0, 0), (100, 75, 200, 150))
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95, exif=exif, xmp=SECRET.encode(), comment=SECRET.encode())
    return out.getvalue()


def film(path: Path, *, seconds: int = 4, sound: bool = True) -> Path:
    """White picture and a loud tone, with a title, chapters, captions and a place."""
    with av.open(str(path), "w", format="matroska") as out:
        out.metadata["title"] = SECRET
        out.metadata["location"] = "+51.5-000.1/"
        chapter = {"id": 1, "start": 0, "end": 1000, "time_base": Fraction(1, 1000)}
        out.set_chapters([chapter | {"metadata": {"title": SECRET}}])
        picture = out.add_stream("libx264", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
        picture.metadata["title"] = SECRET
        tone = out.add_stream("aac", rate=RATE, layout="mono") if sound else None
        with _captions(path.with_suffix(".srt")) as said:
            captions = out.add_stream_from_template(said.streams[0])
            for packet in said.demux():
                if packet.dts is not None:
                    packet.stream = captions
                    out.mux(packet)
        _white(out, picture, seconds)
        if tone:
            _tone(out, tone, seconds)
    return path


def _captions(path: Path):
    path.write_text(f"1\n00:00:00,000 --> 00:00:01,000\n{SECRET}\n")
    return av.open(str(path))


def _white(out, picture, seconds: int) -> None:
    for number in range(seconds * 10):
        frame = av.VideoFrame(64, 48, "yuv420p")
        for plane, value in zip(frame.planes, (235, 128, 128), strict=True):
            plane.update(bytes([value]) * plane.buffer_size)
        frame.pts, frame.time_base = number, Fraction(1, 10)
        out.mux(picture.encode(frame))
    out.mux(picture.encode(None))


def tone_only(path: Path, seconds: int = 4) -> Path:
    with av.open(str(path), "w", format="wav") as out:
        out.metadata["title"] = SECRET
        _tone(out, out.add_stream("pcm_s16le", rate=RATE, layout="mono"), seconds)
    return path


def _tone(out, stream, seconds: int) -> None:
    step = 1024
    for first in range(0, seconds * RATE, step):
        values = [int(20000 * math.sin(n / 10)) for n in range(first, first + step)]
        frame = av.AudioFrame(format="s16", layout="mono", samples=step)
        frame.planes[0].update(struct.pack(f"<{step}h", *values).ljust(frame.planes[0].buffer_size))
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), first
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def brightness(path: Path) -> dict[float, int]:
    """The lightest pixel of each frame by its time."""
    with av.open(str(path)) as source:
        return {
            round(frame.time, 2): max(frame.to_image().convert("L").tobytes())
            for frame in source.decode(video=0)
        }


def loudness(path: Path) -> list[tuple[float, int]]:
    """The greatest sample of each tenth of a second."""
    with av.open(str(path)) as source:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        found: dict[int, int] = {}
        for frame in source.decode(audio=0):
            for each in resampler.resample(frame):
                start = each.pts
                values = struct.unpack(
                    f"<{each.samples}h", bytes(each.planes[0])[: each.samples * 2]
                )
                for at, value in enumerate(values, start):
                    found[at * 10 // RATE] = max(found.get(at * 10 // RATE, 0), abs(value))
    return [(tenth / 10, value) for tenth, value in sorted(found.items())]
