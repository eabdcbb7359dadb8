"""`tracker bench exports`: a table of 100,000 × 15 as .csv, and as a workbook of ours.

And the ledger of this installation by its own queries, beside its rows from memory as .csv.
"""

from __future__ import annotations

import csv
import resource
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from flask import Flask

from tracker.clock import today
from tracker.operations.benching import Figure
from tracker.operations.migrating import is_initialised
from tracker.papers import ledger, workbook
from tracker.registry.queries import workdays
from tracker.supervision.knowing import as_of
from tracker.supervision.ledger import entries
from tracker.tasks.picking import EVERYTHING

ROWS = 100_000
FLOOR, BOOK = f"floor: {ROWS:,} × 15 as .csv", f"{ROWS:,} × 15 as .xlsx"
MEMORY = "memory that the .xlsx added to the process"
LEDGER, LEDGER_MEMORY = "the ledger by its queries as .xlsx", "memory that it added to the process"
Rows = Iterable[Sequence[Any]]
COLUMNS = tuple((f"第{number}栏", 14) for number in range(1, 16))
BEGAN = date(2026, 1, 1)


def measure_exports(app: Flask, rounds: int) -> list[Figure]:
    with app.app_context():
        own = _measure_ledger(rounds) if is_initialised() else []
    return [*own, *_measure_made_up(rounds)]


def _measure_ledger(rounds: int) -> list[Figure]:
    """Its memory first, while nothing of it is known; the same rows from memory are its floor."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        before = _peak()
        took = [_timed(_write_ledger, file)]
        grown, known = _peak() - before, list(_ledger_rows())
        floors = []
        for _ in range(rounds):
            floors.append(_timed(lambda own: _csv(own, known), file))
            took.append(_timed(_write_ledger, file))
    floor, book = median(floors), median(took)
    name = f"floor: the {len(known):,} rows of the ledger as .csv"
    return [
        Figure(what=name, milliseconds=round(floor, 1)),
        Figure(what=LEDGER, milliseconds=round(book, 1), ratio=round(book / floor, 2)),
        Figure(what=LEDGER_MEMORY, milliseconds=0.0, kilobytes=grown),
    ]


def _ledger_rows() -> Rows:
    day = today()
    return ledger.lines(entries(as_of(day, today=day), EVERYTHING, workdays()))


def _write_ledger(file: Path) -> None:
    with file.open("wb") as opened:
        workbook.write(opened, ledger.NAME, ledger.COLUMNS, _ledger_rows())


def _measure_made_up(rounds: int) -> list[Figure]:
    """Rounds are interleaved; the growth of memory is that of the first workbook."""
    taken: dict[str, list[float]] = {FLOOR: [], BOOK: []}
    grown = 0
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            taken[FLOOR].append(_timed(lambda own: _csv(own, rows()), Path(folder) / "floor.csv"))
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


def _csv(file: Path, told: Rows) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows(told)


def _xlsx(file: Path) -> None:
    with file.open("wb") as opened:
        workbook.write(opened, "台账", COLUMNS, rows())
