"""How soon something of a file can be seen, and how much of a long film a jump into it costs."""

import io
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image
from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.films import film
from bench.world import World
from files import actions, tasks
from files.models import Blob, Preview, PreviewPart
from files.previews.asking import way_of
from portfolio.models import EvidenceFile
from scripts.system import chromium

CHUNK = 1024 * 1024
HD = (1920, 1080)
LOOK_EVERY = 0.01  # seconds
MOMENT = 200  # seconds into the long film
# A good line at home. Beside the server a browser reads ahead by tens of megabytes at no cost,
# which says nothing of what a jump needs.
MEGABITS = 40
LINE = {
    "offline": False,
    "latency": 30,
    "downloadThroughput": MEGABITS * 125_000,
    "uploadThroughput": MEGABITS * 125_000,
}
# Plays from the moment, as a click on "3:20 meets P4" does, and says when it moves.
PLAY_FROM = """([address, moment]) => new Promise((resolve, reject) => {
  const video = document.createElement("video");
  video.preload = "metadata";
  video.muted = true;
  video.onerror = () => reject(new Error(video.error.message));
  video.onloadedmetadata = () => { video.currentTime = moment; video.play(); };
  video.ontimeupdate = () => { if (video.currentTime > moment + 0.1) resolve(video.currentTime); };
  video.src = address;
  document.body.append(video);
})"""


@dataclass(frozen=True)
class Seen:
    name: str
    first: float
    all: float


@dataclass(frozen=True)
class Jump:
    size: int
    transferred: int
    seconds: float


def seconds(world: World, place: Path) -> Iterator[Seen]:
    """From the moment a worker takes it until the first part, and all, can be shown."""
    files: list[tuple[str, Callable[[], Blob]]] = [
        ("PDF of 20 pages", lambda: _kept([_pdf(20)], "application/pdf")),
        ("HEIC of 12 megapixels", lambda: _received(world, _heic())),
        ("film of 4 minutes, H.264", lambda: _film(place, "libx264", "video/mp4")),
        ("film of 4 minutes, HEVC", lambda: _film(place, "libx265", "video/mp4")),
    ]
    for name, made in files:
        preview = _asked(made())
        with _first_part(preview) as first:
            started = time.perf_counter()
            tasks.make_preview(preview.pk)
            ended = time.perf_counter()
        preview.refresh_from_db()
        if not preview.is_ready:
            raise RuntimeError(f"no preview was made: {preview.reason}")
        yield Seen(name, first[0] - started, ended - started)


def _asked(blob: Blob) -> Preview:
    """Without telling a broker, for none runs here."""
    way = way_of(blob)
    if way is None:
        raise RuntimeError(f"nothing makes previews of {blob.media_type}")
    return Preview.objects.create(blob=blob, kind=way.kind)


@contextmanager
def _first_part(preview: Preview) -> Iterator[list[float]]:
    """Looks, as a waiting page does, and notes when there was something."""
    seen: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not PreviewPart.objects.filter(preview=preview).exists() and not over.is_set():
            time.sleep(LOOK_EVERY)
        seen.append(time.perf_counter())
        connection.close()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield seen
    finally:
        over.set()
        looking.join()


def _kept(chunks: list[bytes], media_type: str) -> Blob:
    return actions.keep_bytes(chunks=chunks, media_type=media_type)


def _received(world: World, data: bytes) -> Blob:
    file = SimpleUploadedFile("shop.heic", data)
    return actions.receive(file=file, centre=world.centre, by=world.learner).blob


def _film(place: Path, codec: str, media_type: str) -> Blob:
    made = film(place / "film.mp4", codec=codec, size=HD, megabits=8, seconds=240)
    with made.open("rb") as file:
        blob = actions.keep_bytes(chunks=iter(lambda: file.read(CHUNK), b""), media_type=media_type)
    made.unlink()
    return blob


def _pdf(pages: int) -> bytes:
    """Pages full of words, each with a picture."""
    document = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for number in range(pages):
        page = document.add_blank_page(page_size=(595, 842))
        picture = pikepdf.Stream(document, _jpeg(800, 400))
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = 800, 400, 8
        picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceGray, pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(
            Font=pikepdf.Dictionary(F=font), XObject=pikepdf.Dictionary(P=picture)
        )
        line = f"(Page {number}: I rang the customer and told her what we would do next) Tj T*\n"
        text = f"BT /F 11 Tf 14 TL 50 800 Td {line * 38} ET q 500 0 0 200 50 40 cm /P Do Q"
        page.Contents = document.make_stream(text.encode())
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _jpeg(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).save(out, "JPEG")
    return out.getvalue()


def _heic() -> bytes:
    out = io.BytesIO()
    noise = Image.effect_noise((1000, 750), 40).resize((4000, 3000)).convert("RGB")
    pillow_heif.from_pillow(noise).save(out, quality=80)
    return out.getvalue()


# Jumping into a long film --------------------------------------------------------------------


def jump(world: World, port: int, cookie: str, place: Path) -> Jump | None:
    """What the browser takes of a film of 500 MB to play from a moment; None without a browser."""
    if not chromium():
        return None
    made = film(place / "long.mp4", codec="libx264", size=(1280, 720), megabits=16, seconds=250)
    with made.open("rb") as file:
        blob = _kept(iter(lambda: file.read(CHUNK), b""), "video/mp4")
    made.unlink()
    held = EvidenceFile.objects.filter(
        version__evidence__portfolio=world.enrolment.portfolio
    ).first()
    added = EvidenceFile.objects.create(
        version=held.version, blob=blob, name="long.mp4", order=secrets.randbelow(1000) + 1000
    )
    address = reverse("portfolio:file", args=[world.centre.slug, added.pk])
    with _page(port, cookie) as page:
        bytes_of = _counted(page, address)
        started = time.perf_counter()
        page.evaluate(PLAY_FROM, [address, MOMENT])
        return Jump(blob.size, bytes_of[0], time.perf_counter() - started)


@contextmanager
def _page(port: int, cookie: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        context = browser.new_context()
        for pair in cookie.split("; "):
            name, _sign, value = pair.partition("=")
            context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        yield page
        browser.close()


def _counted(page: Page, address: str) -> list[int]:
    """The bytes that came for this address, counted as they come."""
    line: CDPSession = page.context.new_cdp_session(page)
    ours: set[str] = set()
    counted = [0]

    def asked(event: dict) -> None:
        if address in event["request"]["url"]:
            ours.add(event["requestId"])

    def came(event: dict) -> None:
        if event["requestId"] in ours:
            counted[0] += event["dataLength"]

    line.on("Network.requestWillBeSent", asked)
    line.on("Network.dataReceived", came)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    return counted
