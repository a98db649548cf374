"""Films the demo's learner at the counter, so that no recording needs to be kept here."""

import tempfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 360)
RATE = 5  # pictures a second: enough for a demo, and small
SOUND_RATE = 24_000
WALL, COUNTER, INK = "#dfe7e3", "#8a6a4a", "#22313f"
# From which second on, and what is said.
SCENES = (
    (0, "Saturday at the counter", ""),
    (20, "A rider brings her bike", "“Can I have it back today?”"),
    (70, "Tom asks what she expects of us", "“When do you need it, and what for?”"),
    (105, "They agree", "“Monday at 8, before work.” “Thank you!”"),
)
LENGTH = 120  # seconds


def counter() -> bytes:
    """Two minutes at a shop's counter, an MP4 as from a phone."""
    with tempfile.TemporaryDirectory(prefix="signpost-film-") as folder:
        # A file on disk: the index goes to the front only once all the rest is written.
        place = Path(folder) / "counter.mp4"
        _write(place)
        return place.read_bytes()


def _write(place: Path) -> None:
    with av.open(place, "w", format="mp4", options={"movflags": "faststart"}) as film:
        pictures = film.add_stream("libx264", rate=RATE, options={"crf": "30", "preset": "fast"})
        pictures.width, pictures.height = SIZE
        pictures.pix_fmt = "yuv420p"
        sound = film.add_stream("aac", rate=SOUND_RATE)
        sound.layout = "mono"
        for picture in _pictures():
            film.mux(pictures.encode(picture))
        for stretch in _hum():
            film.mux(sound.encode(stretch))
        film.mux(pictures.encode())
        film.mux(sound.encode())


def _pictures() -> Iterator[av.VideoFrame]:
    for number in range(LENGTH * RATE):
        frame = av.VideoFrame.from_image(_scene(number / RATE))
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        yield frame


def _scene(second: float) -> Image.Image:
    _start, title, words = [scene for scene in SCENES if scene[0] <= second][-1]
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, 250, 640, 360], COUNTER)
    sway = 12 * abs(second % 4 - 2)
    for left, colour in ((150 + sway, "#2f5d8a"), (430 - sway, "#c25b3f")):
        draw.ellipse([left, 120, left + 50, 170], colour)
        draw.rectangle([left - 15, 170, left + 65, 250], colour)
    draw.text((24, 20), title, INK, font=ImageFont.load_default(26))
    draw.text((24, 60), words, INK, font=ImageFont.load_default(22))
    clock = f"{int(second) // 60}:{int(second) % 60:02}"
    draw.text((570, 325), clock, "white", font=ImageFont.load_default(24))
    return picture


def _hum() -> Iterator[av.AudioFrame]:
    """The quiet hum of a shop: a film without sound would not be one."""
    samples = 1024
    wave = bytes(128 + (3 if n % 96 < 48 else -3) for n in range(samples))
    for number in range(LENGTH * SOUND_RATE // samples):
        frame = av.AudioFrame(format="u8", layout="mono", samples=samples)
        frame.planes[0].update(wave)
        frame.sample_rate, frame.pts = SOUND_RATE, number * samples
        frame.time_base = Fraction(1, SOUND_RATE)
        yield frame
