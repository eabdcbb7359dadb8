"""`tracker bench exports`: a table of 100,000 × 15 as .csv, and as a workbook of ours."""

from __future__ import annotations

import csv
import resource
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from tracker.operations.benching import Figure
from tracker.papers import workbook

ROWS = 100_000
FLOOR, BOOK = f"floor: {ROWS:,} × 15 as .csv", f"{ROWS:,} × 15 as .xlsx"
MEMORY = "memory that the .xlsx added to the process"
COLUMNS = tuple((f"第{number}栏", 14) for number in range(1, 16))
BEGAN = date(2026, 1, 1)


def measure_exports(rounds: int) -> list[Figure]:
    """Rounds are interleaved; the growth of memory is that of the first workbook."""
    taken: dict[str, list[float]] = {FLOOR: [], BOOK: []}
    grown = 0
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            taken[FLOOR].append(_timed(_csv, Path(folder) / "floor.csv"))
            before = _peak()
            taken[BOOK].append(_timed(_xlsx, Path(folder) / "book.xlsx"))
            grown = grown if number else _peak() - before
    floor, book = median(taken[FLOOR]), median(taken[BOOK])
    return [
        Figure(what=FLOOR, milliseconds=round(floor, 1)),
        Figure(what=BOOK, milliseconds=round(book, 1), ratio=round(book / floor, 2)),
        Figure(what=MEMORY, milliseconds=0.0, kilobytes=grown),
    ]


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _timed(work: Callable[[Path], None], file: Path) -> float:
    began = perf_counter()
    work(file)
    return (perf_counter() - began) * 1000


def rows() -> Iterator[Sequence[Any]]:
    for number in range(ROWS):
        day = BEGAN + timedelta(days=number % 300)
        yield (
            "第八批", 1, str(number), f"推行第{number}号事项，办好企业和群众的事", "省税务局",
            "牵头", "广州市", "复制推广", "进行中", "2026年第三季度", "推进中", number % 101,
            day, day, number % 7,
        )  # fmt: skip


def _csv(file: Path) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows(rows())


def _xlsx(file: Path) -> None:
    with file.open("wb") as opened:
        workbook.write(opened, "台账", COLUMNS, rows())
