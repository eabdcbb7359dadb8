"""A return 回报表 that came back: its rows as they were typed, and cells that nobody can take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tracker.notices.reading.lines import Line
from tracker.notices.reading.unreadable import Unreadable
from tracker.papers.cells import WrongCell, padded, rows_by_sheet
from tracker.papers.return_keys import CELLS, Form, read_form, read_key
from tracker.papers.return_words import (
    COLUMNS,
    FIRST_TO_FILL,
    HIDDEN,
    LETTERS,
    MOST,
    NO,
    SHEET,
    YES,
)
from tracker.reports.bodies import Mistake
from tracker.reports.sheets import Typed
from tracker.reports.states import STAGES

NOT_A_FORM = "无法读取，请下载回报表，在其中填写，保存为 .xlsx（不加密码）后上传。"
FOREIGN = "这是其他单位的回报表，没有收取任何内容，请用本单位下载的回报表填写。"
TOO_MANY = f"每份回报表不超过{MOST}行，请重新下载回报表填写。"
FORGED = "编号被改动，或不是这份回报表的行，请从下载的原表中复制本行编号，或删去本行。"
TWICE = "这一项在第{}行也有，两行都没有收取，请只留一行。"
NOT_YES = f"只能选“{YES}”或留空。"
SHOWN = 60
CODES = {word: code for code, word in STAGES.items()}


@dataclass(kw_only=True)
class Filled:
    """The rows by their obligation, where each stands, and what is wrong already.

    Only counted: rows without a word, and rows that still say what they were given out with.
    """

    form: Form
    rows: dict[int, Typed] = field(default_factory=dict)
    cells: dict[int, tuple[int, Sequence[str]]] = field(default_factory=dict)
    wrong: list[WrongCell] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    blank: int = 0
    untouched: int = 0

    def wrong_in(self, obligation_id: int, found: Sequence[Mistake]) -> Iterator[WrongCell]:
        number, cells = self.cells[obligation_id]
        for one in found:
            yield _wrong(number, one.field, one.message, cells)


def read(data: bytes, secret: str, unit_id: int) -> Filled:
    """Raises Unreadable for what is no return of this unit."""
    mark, (head, *lines) = rows_by_sheet(data, (HIDDEN, SHEET), NOT_A_FORM)
    form = read_form(secret, padded(mark[0], CELLS))
    if form is None:
        raise Unreadable(NOT_A_FORM)
    if form.unit_id != unit_id:
        raise Unreadable(FOREIGN)
    filled = Filled(form=form, wrong=list(_wrong_head(head)))
    if filled.wrong:
        return filled
    lines = [line for line in lines if any(padded(line, len(COLUMNS)))]
    if len(lines) > MOST:
        raise Unreadable(TOO_MANY)
    for line in lines:
        _take(filled, secret, line.place.row or 0, padded(line, len(COLUMNS)))
    return filled


def _wrong_head(head: Line) -> Iterator[WrongCell]:
    cells = padded(head, len(COLUMNS))
    for letter, printed, (word, _) in zip("ABCDEFGHIJ", cells, COLUMNS, strict=True):
        if printed != word:
            sentence = f"应为“{word}”，请勿增删或移动列。"
            yield WrongCell(sheet=SHEET, cell=f"{letter}1", sentence=sentence, written=printed)


def _take(filled: Filled, secret: str, number: int, cells: Sequence[str]) -> None:
    stage, percent, progress, unchanged = cells[FIRST_TO_FILL:]
    if not any((stage, percent, progress, unchanged)):
        filled.blank += 1
        return
    key = read_key(secret, filled.form, cells[0])
    if key is None:
        filled.wrong.append(_wrong(number, "key", FORGED, cells))
        return
    obligation_id = key.obligation_id
    if obligation_id in filled.cells:
        first = filled.cells[obligation_id][0]
        filled.wrong.append(_wrong(number, "key", TWICE.format(first), cells))
        filled.held.add(obligation_id)
        return
    filled.cells[obligation_id] = (number, cells)
    if key.is_untouched(cells[FIRST_TO_FILL:]):
        filled.untouched += 1
        return
    if unchanged not in ("", YES, NO):
        filled.wrong.append(_wrong(number, "is_unchanged", NOT_YES, cells))
        filled.held.add(obligation_id)
    filled.rows[obligation_id] = Typed(
        version=key.version,
        stage=CODES.get(stage, stage),
        percent=percent,
        progress=progress,
        is_unchanged=unchanged == YES,
    )


def in_order(wrong: Sequence[WrongCell]) -> list[WrongCell]:
    return sorted(wrong, key=lambda one: (int(one.cell[1:]), one.cell))


def _wrong(number: int, name: str, sentence: str, cells: Sequence[str]) -> WrongCell:
    letter = LETTERS[name]
    written = cells["ABCDEFGHIJ".index(letter)]
    shown = written if len(written) <= SHOWN else written[:SHOWN] + "…"
    return WrongCell(sheet=SHEET, cell=f"{letter}{number}", sentence=sentence, written=shown)
