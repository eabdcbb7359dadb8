"""补载原文: the official text comes to measures that are tracked already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz
from sqlalchemy import delete, select

from tracker.db import db
from tracker.notices.comparing import bare
from tracker.notices.drafting import Draft, DraftMeasure
from tracker.notices.importing import refuse_overlong
from tracker.notices.models import Measure, MeasureList, Remark
from tracker.notices.remarking import remark

ALIKE = 60  # of 100; from here on a title counts as corrected, below it as another title


def fill(draft: Draft, index: int, notice_id: int, *, source_id: int) -> int:
    """Give tracked measures their official text and place; facts stay as they are."""
    known = _measures_by_list(notice_id)
    filled = 0
    own = [listed for listed in draft.lists if listed.notice == index]
    for position, listed in enumerate(own, start=1):
        for measure, read in _paired(known.get(position, []), listed.measures):
            _fill(measure, read, source_id)
            refuse_overlong(measure, f"第{read.no}项")
            filled += 1
    db.session.execute(delete(Remark).where(Remark.notice_id == notice_id))
    remark(draft, index, notice_id, source_id)
    return filled


def _paired(
    known: Sequence[Measure], reads: Sequence[DraftMeasure]
) -> Iterator[tuple[Measure, DraftMeasure]]:
    """Each tracked measure with its row: a corrected edition may move rows, or mend a title.

    A text must never come to stand under another measure's title, so what fits no row
    surely is left alone; reviewing tells the difference.
    """
    left, rows = list(known), list(reads)
    for fits in (_same_row, _same_title, _same_number):
        for read in list(rows):
            measure = next((m for m in left if fits(m, read)), None)
            if measure is not None:
                left.remove(measure)
                rows.remove(read)
                yield measure, read


def _same_row(measure: Measure, read: DraftMeasure) -> bool:
    return measure.no == read.no and _same_title(measure, read)


def _same_title(measure: Measure, read: DraftMeasure) -> bool:
    return bare(measure.title) == bare(read.title)


def _same_number(measure: Measure, read: DraftMeasure) -> bool:
    alike = fuzz.ratio(bare(measure.title), bare(read.title)) >= ALIKE
    return measure.no == read.no and alike


def _fill(measure: Measure, read: DraftMeasure, source_id: int) -> None:
    measure.content = read.content
    measure.deadline = read.deadline
    measure.section = read.section
    measure.source_id = source_id
    measure.place = str(read.place)


def _measures_by_list(notice_id: int) -> dict[int, list[Measure]]:
    """The notice's measures by the position of their list, all in one look."""
    found = db.session.execute(
        select(MeasureList.position, Measure)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .where(Measure.notice_id == notice_id)
        .order_by(MeasureList.position, Measure.position)
    )
    listed: dict[int, list[Measure]] = {}
    for position, measure in found:
        listed.setdefault(position, []).append(measure)
    return listed
