"""Every text colour reaches AA on every ground it stands on, by day and by night."""

import re
from pathlib import Path

import pytest
from django.conf import settings

AA_TEXT = 4.5
AA_SHAPE = 3.0
GROUNDS = ("paper", "sheet", "well")
TEXTS = ("ink", "ink-soft", "accent", "accent-deep", "good", "wait", "bad", "calm")


def palettes() -> dict[str, dict[str, str]]:
    css = Path(settings.BASE_DIR, "static/css/tokens.css").read_text()
    day, night = css.split("@media (prefers-color-scheme: dark)", 1)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", day))
    return {"light": light, "dark": {**light, **dict(re.findall(r"--([\w-]+): (#\w+);", night))}}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
class TestContrast:
    def test_text_on_every_ground(self, scheme):
        colours = palettes()[scheme]
        for text in TEXTS:
            for ground in GROUNDS:
                reached = contrast(colours[text], colours[ground])
                assert reached >= AA_TEXT, f"{text} on {ground}: {reached:.1f}"

    def test_ink_and_tone_on_each_wash(self, scheme):
        colours = palettes()[scheme]
        for tone in ("accent", "good", "wait", "bad", "calm"):
            wash = colours[f"{tone}-wash"]
            assert contrast(colours[tone], wash) >= AA_TEXT
            assert contrast(colours["ink"], wash) >= AA_TEXT

    def test_a_field_shows_its_edge(self, scheme):
        colours = palettes()[scheme]
        for ground in GROUNDS:
            assert contrast(colours["line-firm"], colours[ground]) >= AA_SHAPE

    def test_words_on_the_accent(self, scheme):
        colours = palettes()[scheme]
        for fill in ("accent", "accent-deep"):
            assert contrast(colours["on-accent"], colours[fill]) >= AA_TEXT
