"""Where the pieces of a drawn chart lie, in per cent of its width and px of its height. Pure.

The macros in charts.html draw them as SVG: widths in per cent, so that letters keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HIGH = 168  # px between the base line and the top of a chart
TOP = 14  # px above it, so that a number over the highest point is not cut
STEPS = (1, 2, 5)
GRID = 4
LEFT = 9  # per cent of the width, for the numbers of the scale


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of a bar, or of a column."""

    word: str
    number: int
    tone: str
    start: float
    length: float


@dataclass(frozen=True, kw_only=True)
class Column:
    label: str
    x: float
    width: float
    segments: Sequence[Segment]


Parts = Sequence[tuple[int, str, str]]  # number, word, tone
Series = Sequence[tuple[str, Sequence[int], str]]  # word, a number for each label, tone


def share(number: int, whole: int) -> float:
    return round(100 * number / whole, 2) if whole else 0.0


def segments(parts: Parts) -> list[Segment]:
    """The parts of a whole, one after the other; what is nought takes no room."""
    whole, done, found = sum(number for number, _, _ in parts), 0, []
    for number, word, tone in parts:
        start = share(done, whole)
        length = round(share(done + number, whole) - start, 2)
        found.append(Segment(word=word, number=number, tone=tone, start=start, length=length))
        done += number
    return found


def ticks(most: int) -> list[int]:
    """From nought in even steps of 1, 2 or 5 to the first that is not below `most`."""
    ten = 1
    while True:
        for step in (step * ten for step in STEPS):
            if step * GRID >= most:
                return list(range(0, -(-max(most, 1) // step) * step + 1, step))
        ten *= 10


def height(number: int, scale: Sequence[int]) -> float:
    """From the top of the drawing, which is turned upside down in SVG."""
    return round(TOP + HIGH * (1 - number / scale[-1]), 1)


def middle(i: int, number: int) -> float:
    """Of the i-th of so many columns: where its label stands."""
    return round(LEFT + _room(number) * (i + 0.5), 2)


def _room(number: int) -> float:
    return (100 - LEFT) / max(number, 1)


def columns(labels: Sequence[str], series: Series) -> tuple[list[int], list[Column]]:
    """Stacked: the first of the series stands at the bottom."""
    stacks = list(zip(*(numbers for _, numbers, _ in series), strict=True)) or [()] * len(labels)
    scale = ticks(max(map(sum, stacks), default=0))
    room = _room(len(labels))
    return scale, [
        Column(
            label=label,
            x=round(LEFT + room * (i + 0.2), 2),
            width=round(room * 0.6, 2),
            segments=_stacked(stack, series, scale),
        )
        for i, (label, stack) in enumerate(zip(labels, stacks, strict=True))
    ]


def _stacked(stack: Sequence[int], series: Series, scale: Sequence[int]) -> list[Segment]:
    done, found = 0, []
    for number, (word, _, tone) in zip(stack, series, strict=True):
        top, bottom = height(done + number, scale), height(done, scale)
        length = round(bottom - top, 1)
        found.append(Segment(word=word, number=number, tone=tone, start=top, length=length))
        done += number
    return found
