"""Small files of many kinds, made here so that nothing binary is kept in the repository."""

import io
import struct
import wave
import zipfile
import zlib
from email.message import EmailMessage

import pikepdf
import pillow_heif
from PIL import Image
from PIL.PngImagePlugin import PngInfo

SECRET = "51.5074 north"

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types><Override PartName="/main.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.{}.main+xml"/></Types>'
)


def zipped(entries: dict[str, bytes], **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def ooxml(main: str = "wordprocessingml.document", **more: bytes) -> bytes:
    entries = {"[Content_Types].xml": CONTENT_TYPES.format(main).encode(), "main.xml": b"<w/>"}
    return zipped(entries | more)


def odf(kind: str = "text") -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": mimetype, "content.xml": b"<office/>"})


def ole(*names: str) -> bytes:
    """An OLE file that is all directory: one list of sectors, then the names."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", head, 30, 9)
    struct.pack_into("<L", head, 48, 1)
    struct.pack_into("<109L", head, 76, 0, *[0xFFFFFFFF] * 108)
    fat = struct.pack("<128L", 0xFFFFFFFD, 0xFFFFFFFE, *[0xFFFFFFFF] * 126)
    directory = b"".join(_ole_entry(name) for name in ("Root Entry", *names)[:4])
    return bytes(head) + fat + directory.ljust(512, b"\0")


def _ole_entry(name: str) -> bytes:
    encoded = (name + "\0").encode("utf-16-le")
    return encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded)) + bytes(62)


def pdf() -> bytes:
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


def picture(form: str = "JPEG", size: tuple[int, int] = (64, 48), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **options)
    return out.getvalue()


def located() -> Image.Exif:
    """What a phone writes: where it was, and that it was held on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    return exif


def phone_jpeg(size: tuple[int, int] = (64, 48)) -> bytes:
    return picture("JPEG", size, exif=located(), comment=SECRET.encode(), xmp=SECRET.encode())


def phone_heic(size: tuple[int, int] = (64, 48)) -> bytes:
    out = io.BytesIO()
    heif = pillow_heif.from_pillow(Image.new("RGB", size, "teal"))
    heif.save(out, exif=located().tobytes(), xmp=SECRET.encode())
    return out.getvalue()


def talkative_png() -> bytes:
    info = PngInfo()
    info.add_text("Location", SECRET)
    info.add_itxt("XML:com.adobe.xmp", SECRET)
    return picture("PNG", pnginfo=info, exif=located())


def animation(form: str = "GIF") -> bytes:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    comment = {"comment": SECRET.encode()} if form == "GIF" else {"exif": located()}
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=80, **comment)
    return out.getvalue()


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few hundred bytes that say they are 3,600 megapixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as recording:
        recording.setparams((1, 2, 8000, 0, "NONE", ""))
        recording.writeframes(bytes(1600))
    return out.getvalue()


def boxes(brand: bytes) -> bytes:
    return struct.pack(">I", 24) + b"ftyp" + brand + bytes(4) + b"isom" + bytes(4) + bytes(64)


def mpeg_frames() -> bytes:
    frame = b"\xff\xfb\x90\x00" + bytes(413)  # 128 kbit/s at 44.1 kHz: 417 bytes
    return frame * 3


def adts_frames() -> bytes:
    frame = b"\xff\xf1\x50\x80" + bytes([64 >> 3, (64 & 7) << 5, 0]) + bytes(57)
    return frame * 3


def letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Subject"] = "Well done"
    message.set_content("You kept the customer informed.")
    return bytes(message)
