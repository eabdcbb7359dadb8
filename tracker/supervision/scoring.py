"""What an evaluation counts, and how a score comes of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from statistics import median

ON_TIME, LATE, MISSING, PENDING = "on_time", "late", "missing", "pending"
OUTCOMES = {ON_TIME: "按时报送", LATE: "逾期报送", MISSING: "逾期未报", PENDING: "尚未到期"}

FIGURES: Mapping[str, str] = {
    "expected": "应报",
    **OUTCOMES,
    "reviewed": "已审核",
    "first_pass": "一次通过",
    "backed": "有佐证",
    "tasks": "任务",
    "landed": "已落地",
}

COMPLETENESS, TIMELINESS, FIRST_PASS = "completeness", "timeliness", "first_pass"
LANDED, EVIDENCE = "landed", "evidence"
PARTS: Mapping[str, str] = {
    COMPLETENESS: "报送率",
    TIMELINESS: "按时率",
    FIRST_PASS: "一次通过率",
    LANDED: "落地率",
    EVIDENCE: "佐证率",
}
PER_CENT, TENTHS, HALF = 100, 10, 0.5
FULL = PER_CENT * TENTHS  # tenths of a point, and of a per cent


@dataclass(frozen=True, kw_only=True)
class Line:
    """One obligation as it is counted."""

    obligation_id: int
    unit_id: int
    role: str
    outcome: str
    is_reviewed: bool
    is_first_pass: bool
    is_backed: bool
    is_latest: bool
    is_landed: bool


@dataclass(frozen=True, kw_only=True)
class Figures:
    expected: int = 0
    on_time: int = 0
    late: int = 0
    missing: int = 0
    pending: int = 0
    reviewed: int = 0
    first_pass: int = 0
    backed: int = 0
    tasks: int = 0
    landed: int = 0

    @property
    def filed(self) -> int:
        return self.on_time + self.late

    @property
    def parts(self) -> dict[str, tuple[int, int]]:
        """Each part as so many of so many."""
        came_due = self.filed + self.missing
        return {
            COMPLETENESS: (self.filed, came_due),
            TIMELINESS: (self.on_time, came_due),
            FIRST_PASS: (self.first_pass, self.reviewed),
            LANDED: (self.landed, self.tasks),
            EVIDENCE: (self.backed, self.filed),
        }


NAMES = tuple(one.name for one in fields(Figures))


def summed(lines: Iterable[Line]) -> Figures:
    counts = dict.fromkeys(NAMES, 0)
    for line in lines:
        counts["expected"] += 1
        counts[line.outcome] += 1
        counts["reviewed"] += line.is_reviewed
        counts["first_pass"] += line.is_first_pass
        counts["backed"] += line.is_backed
        counts["tasks"] += line.is_latest
        counts["landed"] += line.is_latest and line.is_landed
    return Figures(**counts)


def total(several: Iterable[Figures]) -> Figures:
    counts = dict.fromkeys(NAMES, 0)
    for figures in several:
        for name, number in asdict(figures).items():
            counts[name] += number
    return Figures(**counts)


def score(figures: Figures, weights: Mapping[str, int]) -> int | None:
    """Tenths of a point. A part with nothing to measure is left out, not scored as nought."""
    counted = {name: part for name, part in figures.parts.items() if part[1] and weights.get(name)}
    whole = sum(weights[name] for name in counted)
    if not whole:
        return None
    earned = sum(Fraction(weights[name] * done, of) for name, (done, of) in counted.items())
    return scaled(FULL, earned, whole)


def scaled(full: int, part: int | Fraction, whole: int) -> int | None:
    """A part told out of `full`, rounded half up; yet all only of all, and nought only of none.

    Of nothing there is no part. Every share, rate and score comes from here.
    """
    if not whole:
        return None
    near = int((2 * full * part + whole) // (2 * whole))
    return min(max(near, 1), full - 1) if 0 < part < whole else near


def rate(part: int, whole: int) -> int | None:
    """In whole per cent."""
    return scaled(PER_CENT, part, whole)


def share(done: int, of: int) -> float | None:
    """Per cent, to one decimal."""
    tenths = scaled(FULL, done, of)
    return None if tenths is None else tenths / TENTHS


def percent(done: int, of: int) -> str:
    """A share in words, always with its decimal; empty where there is none."""
    known = share(done, of)
    return "" if known is None else f"{known:.1f}%"


def middle(numbers: Sequence[float | None]) -> float | None:
    tenths = [round(TENTHS * number) for number in numbers if number is not None]
    return int(median(tenths) + HALF) / TENTHS if tenths else None
