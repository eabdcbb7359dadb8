"""The colours of the tokens: read as numbers, not by eye (WCAG 2.1, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from tracker.web.assets import FOLDER

TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", (FOLDER / "tokens.css").read_text("utf-8")))
TONES = ("blue", "teal", "green", "amber", "red", "violet", "plain")
GROUNDS = ("paper", "ground", "tint")
TEXTS = ("ink", "ink-soft", "link", "brand", "red", "green", "amber")
FILLS = [name for name in TOKENS if name.startswith("fill-") and name != "fill-none"]


def light(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, bright = sorted((light(TOKENS[one]), light(TOKENS[other])))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [(tone, f"{tone}-ground") for tone in TONES] + [(t, g) for t in TEXTS for g in GROUNDS],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize("name", [*FILLS, "focus", "field-edge"])
def test_what_bears_no_text_stands_out_from_paper(name: str) -> None:
    assert contrast(name, "paper") >= 3


def test_the_ring_of_focus_stands_out_from_the_menu_too() -> None:
    assert contrast("focus", "brand-deep") >= 3
