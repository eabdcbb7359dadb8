"""A table as .csv that Excel opens as it is meant: text starts no formula. Pure."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import IO, Any, TextIO

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
MARK = "\ufeff"  # without it Excel takes a file for the local code page


def write_csv(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    words = TextIOWrapper(file, "utf-8", newline="")
    write_words(words, columns, rows)
    words.flush()
    words.detach()


def write_words(file: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    file.write(MARK)
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(value) for value in row] for row in rows)


def _harmless(value: Any) -> Any:
    """Text from a document must not start a formula when Excel opens the file."""
    starts = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if starts else value
