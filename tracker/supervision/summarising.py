"""逾期汇总: what each office is told on the week's first workday, also where nothing is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from tracker.days import spelled
from tracker.db import db
from tracker.registry.models import Unit
from tracker.registry.queries import offices
from tracker.supervision.at_hand import of_office
from tracker.supervision.backlog import Waiting, waiting
from tracker.supervision.knowing import AsOf, known
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import overdue, overdue_ids, rows_of
from tracker.supervision.since import Since
from tracker.supervision.snapshots import (
    MET,
    NEWLY,
    REVIEW,
    STILL,
    Line,
    Page,
    line_of,
    with_matters,
)
from tracker.tasks.models import Obligation
from tracker.tasks.picking import Picked
from tracker.tasks.states import ACCEPTED, FILED

AT_ONCE = 500


def pages(asked: AsOf, since: Since, late: Lateness) -> Iterator[tuple[Unit, Page]]:
    """Each office's page, one office after the other."""
    for office in offices():
        picked = Picked(office=office.id)
        rows = overdue(asked, picked, limit=None)
        before = frozenset(db.session.scalars(overdue_ids(since.asked, picked)))
        gone = _rows(asked, before - {row.id for row in rows})
        queue = waiting(asked, picked)
        page = _page(asked.day, since, rows, before, gone, queue, late)
        yield office, with_matters(page, of_office(office.id) if asked.is_live else ())


def _rows(asked: AsOf, ids: Collection[int]) -> list[Row[Any]]:
    """What is overdue no more, as it stands now."""
    then, wanted = known(asked), sorted(ids)
    found: list[Row[Any]] = []
    for start in range(0, len(wanted), AT_ONCE):
        some = Obligation.id.in_(wanted[start : start + AT_ONCE])
        found += db.session.execute(rows_of(then).where(some).order_by(Obligation.id))
    return found


def _page(
    day: date,
    since: Since,
    rows: Sequence[Row[Any]],
    before: Collection[int],
    gone: Sequence[Row[Any]],
    queue: Sequence[Waiting],
    late: Lateness,
) -> Page:
    met = [row for row in gone if row.status in (FILED, ACCEPTED)]
    lines = [line_of(row, late=late.of(row.awaited_by)) for row in rows]
    lists: Mapping[str, Sequence[Line]] = {
        NEWLY: [line for line in lines if line.obligation not in before],
        STILL: [line for line in lines if line.obligation in before],
        MET: [line_of(row, late=0) for row in met],
        REVIEW: [_queued(one, day, late) for one in queue],
    }
    figures = {name: len(found) for name, found in lists.items()}
    figures |= {
        "overdue": len(rows),
        "settled": len(gone) - len(met),
        "review_late": sum(one.review_by < day for one in queue),
    }
    return Page(
        figures=figures,
        lists=lists,
        units=by_unit(lists),
        facts={"since": since.day.isoformat()},
    )


def _queued(one: Waiting, day: date, late: Lateness) -> Line:
    """Shown with the day the reviewer should decide by, and how late the office itself is."""
    behind = late.of(one.review_by) if one.review_by < day else 0
    return line_of(one.row, late=behind, day=one.review_by, remark=f"{spelled(one.filed_on)}报送")


def by_unit(lists: Mapping[str, Sequence[Line]]) -> list[dict[str, Any]]:
    """Overdue by unit, the most first, with the longest lateness."""
    counted: dict[int, dict[str, Any]] = defaultdict(
        lambda: {"overdue": 0, NEWLY: 0, STILL: 0, "late": 0}
    )
    for which in (NEWLY, STILL):
        for line in lists[which]:
            row = counted[line.unit_id]
            row["id"], row["unit"] = line.unit_id, line.unit
            row["overdue"] += 1
            row[which] += 1
            row["late"] = max(row["late"], line.late)
    return sorted(counted.values(), key=lambda row: (-row["overdue"], -row["late"], row["id"]))
