"""Draws the pictures that the demo's learner took, so that no picture needs to be kept here."""

import io

from PIL import Image, ImageDraw, ImageFont

PAPER, INK = "#f6f1e7", "#22313f"
ASPECTS = {
    "price": ("#7a8b99", [4.1, 4.0, 4.2, 4.1]),
    "choice": ("#4c7f6b", [4.3, 4.4, 4.4, 4.5]),
    "advice": ("#2f5d8a", [4.6, 4.7, 4.6, 4.8]),
    "delivery": ("#c25b3f", [3.1, 3.0, 3.4, 3.9]),
}
CARDS = {
    "Customers say": ["Ring before you deliver", "Keep bulk bags dry", "Open at 7, please"],
    "The team says": [
        "Texts: fewer angry calls",
        "Thursday orders load faster",
        "Ask about parking",
    ],
}
SERVICES = (
    ("Safety check", "20.00", "same day"),
    ("Full service", "65.00", "2 days"),
    ("New brakes", "45.00", "1 day"),
    ("Winter care", "80.00", "3 days"),
)


def survey() -> bytes:
    """Four weeks' marks as lines, a PNG."""
    picture = Image.new("RGB", (1200, 700), "white")
    draw = ImageDraw.Draw(picture)
    draw.text((60, 30), "How did we do? Marks out of 5", INK, font=_font(40))
    for mark in range(2, 6):
        height = _height(mark)
        draw.line([(90, height), (980, height)], "#dcdcdc", 2)
        draw.text((50, height - 16), str(mark), INK, font=_font(28))
    for week in range(4):
        draw.text((100 + week * 280, 640), f"Week {week + 1}", INK, font=_font(28))
    for name, (colour, marks) in ASPECTS.items():
        points = [(130 + week * 280, _height(mark)) for week, mark in enumerate(marks)]
        draw.line(points, colour, 8, joint="curve")
        draw.text((1000, points[-1][1] - 16), name, colour, font=_font(30))
    return _bytes(picture, "PNG")


def board() -> bytes:
    """A notice board with two columns of cards, a JPEG as from a phone."""
    picture = Image.new("RGB", (1600, 1200), "#8a6a4a")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([60, 60, 1540, 1140], "#c9a877")
    draw.text((480, 100), "Tell us: we answer here", INK, font=_font(60))
    for column, (heading, cards) in enumerate(CARDS.items()):
        left = 120 + column * 720
        draw.text((left + 20, 210), heading, INK, font=_font(44))
        for row, words in enumerate(cards):
            top = 300 + row * 260
            draw.rectangle([left, top, left + 640, top + 200], PAPER, INK, 3)
            draw.text((left + 30, top + 70), words, INK, font=_font(40))
    return _bytes(picture, "JPEG")


def prices() -> bytes:
    """The board by the workshop's door: what a service costs and how long it takes, a JPEG."""
    picture = Image.new("RGB", (1200, 1600), "#4d5a52")
    draw = ImageDraw.Draw(picture)
    draw.rectangle([90, 90, 1110, 1510], "#26332c", "#c9a877", 14)
    draw.text((340, 150), "Our services", PAPER, font=_font(80))
    for row, (what, price, wait) in enumerate(SERVICES):
        top = 330 + row * 200
        draw.text((160, top), what, PAPER, font=_font(52))
        draw.text((640, top), price, PAPER, font=_font(52))
        draw.text((820, top), wait, PAPER, font=_font(44))
    draw.rectangle([160, 1180, 1040, 1420], PAPER)
    draw.text((200, 1220), "New from December:", INK, font=_font(50))
    draw.text((200, 1310), "we lend you a bike meanwhile", INK, font=_font(50))
    return _bytes(picture, "JPEG")


def _height(mark: float) -> float:
    return 620 - (mark - 2) * 160


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _bytes(picture: Image.Image, shape: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, shape, quality=85)
    return out.getvalue()
