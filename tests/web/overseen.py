"""An office's obligations with a fate of every kind, and what raw rows say of them on any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import text

from tests.cast import BODY, EIGHTH, TAX, follow_from, open_on, owed, tasks_of
from tests.web.filed import by, file
from tracker.clock import end_of, start_of
from tracker.db import db, writing as to_write
from tracker.reports import queries, reviewing
from tracker.reports.models import Report
from tracker.tasks import moving
from tracker.workdays import Workdays

FOLLOWED, TODAY = date(2026, 7, 1), date(2027, 1, 16)
MONDAY = date(2027, 1, 11)
BEFORE = date(2026, 11, 2)
# The last periods whose reports should all be there, on either day.
CLOSED = {
    TODAY: {("lead", "2026-Q4"), ("local", "2026-H2")},
    BEFORE: {("lead", "2026-Q3")},
}
TAXES = ("shuiwu1", "shuiwu2")


def story(site: Flask) -> None:
    """The third quarter came due in October, the fourth and the half-year yesterday."""
    with site.app_context(), to_write():
        follow_from(FOLLOWED)
        open_on(FOLLOWED)
        open_on(date(2026, 10, 1))
        open_on(date(2027, 1, 1))
        third = [owed(task, period="2026-Q3") for task in tasks_of(TAX, EIGHTH)[:4]]
        file(third[0], BODY, people=TAXES, day=date(2026, 10, 12))
        file(third[1], BODY, people=TAXES, day=date(2026, 11, 20))
        file(third[2], BODY, people=TAXES, day=date(2026, 10, 13))
        file(third[3], BODY, people=TAXES, day=MONDAY + timedelta(1))
        for obligation, day in ((third[0], date(2026, 10, 26)), (third[2], date(2026, 10, 28))):
            report = db.session.query(Report).filter_by(obligation_id=obligation.id).one()
            if obligation is third[0]:
                reviewing.accept(report, obligation, by("ziyou1", day))
            else:
                reasons = {"progress": "请补充数据。"}
                back = date(2026, 11, 6)
                who = by("ziyou1", day)
                reviewing.send_back(report, obligation, who, reasons=reasons, correct_by=back)
        maritime = queries.obligation(owed(tasks_of("广东海事局", EIGHTH)[0], period="2026-Q3").id)
        assert maritime
        moving.extend(maritime, by("ziyou2", date(2026, 10, 9)), day=date(2027, 1, 20), note="缓")
        waived = owed(tasks_of("广州市人民政府", EIGHTH)[0], period="2026-H2")
        moving.waive(waived, by("ziyou2", date(2026, 11, 10)), note="不涉及")
        db.session.commit()


@dataclass(frozen=True, kw_only=True)
class Raw:
    """One obligation as the rows tell it on a day."""

    id: int
    fixed: Mapping[str, Any]
    unit_id: int
    status: str
    awaited_by: date | None
    moves: tuple[Mapping[str, Any], ...]


ROWS = """SELECT o.id, o.kind, o.role, o.period, o.is_late, n.slug AS notice, n.office_id,
 l.adoption, c.code AS city FROM obligation o JOIN notice n ON n.id = o.notice_id
 JOIN task t ON t.id = o.task_id JOIN measure m ON m.id = t.measure_id
 JOIN measure_list l ON l.id = m.list_id LEFT JOIN city c ON c.id = o.city_id"""
MOVES = (
    "SELECT obligation_id, recorded_at, unit_id, status, awaited_by, event FROM move ORDER BY id"
)


def raw_rows(office: int, until: Any) -> Iterator[Raw]:
    """What was recorded before a moment, obligation by obligation."""
    moves: dict[int, list[Mapping[str, Any]]] = {}
    for move in db.session.execute(text(MOVES)).mappings():
        if str(move["recorded_at"])[:19] < f"{until:%Y-%m-%d %H:%M:%S}":
            moves.setdefault(move["obligation_id"], []).append(move)
    for row in db.session.execute(text(ROWS)).mappings():
        if row["office_id"] == office and row["id"] in moves:
            own = tuple(moves[row["id"]])
            awaited = own[-1]["awaited_by"]
            yield Raw(
                id=row["id"],
                fixed=row,
                unit_id=own[-1]["unit_id"],
                status=own[-1]["status"],
                awaited_by=date.fromisoformat(str(awaited)) if awaited else None,
                moves=own,
            )


def by_hand(hrefs: Iterable[str], office: int) -> dict[str, int]:
    """How many obligations the list at each address should hold."""
    days: dict[date, list[Raw]] = {}
    found = {}
    for href in hrefs:
        which, asked = asked_for(href)
        day = date.fromisoformat(asked["day"]) if "day" in asked else TODAY
        if day not in days:
            days[day] = list(raw_rows(office, end_of(day)))
        found[href] = sum(_holds(which, one, day, asked) for one in days[day])
    return found


def asked_for(href: str) -> tuple[str, dict[str, str]]:
    words = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
    return words.pop("which"), words


def _holds(which: str, one: Raw, day: date, asked: Mapping[str, str]) -> bool:
    own = {name: one.fixed[name] for name in ("notice", "role", "period", "adoption", "city")}
    own["unit"] = str(one.unit_id)
    if any(asked.get(name) not in (None, own[name]) for name in own):
        return False
    filed = one.status in ("filed", "returned", "accepted")
    expected = one.fixed["kind"] == "progress" and one.status not in (
        "waived",
        "over",
        "unassigned",
    )
    last = {("lead", asked["period"])} if "period" in asked else CLOSED.get(day, set())
    is_last = (one.fixed["role"], one.fixed["period"]) in last
    late, awaited = bool(one.fixed["is_late"]), one.awaited_by
    is_late = awaited is not None and awaited < day
    went = not is_late and (_was_overdue(one, day) or _was_late_since(one, day))
    return {
        "overdue": is_late,
        "before": _was_overdue(one, day),
        "newly": not _was_overdue(one, day) and (is_late or _was_late_since(one, day)),
        "met": went and one.status in ("filed", "accepted"),
        "settled": went and one.status not in ("filed", "accepted"),
        "near": awaited is not None and day <= awaited <= _soon(day),
        "green": awaited is not None and awaited > _soon(day),
        "review": one.status == "filed",
        "unassigned": one.status == "unassigned",
        "expected": expected,
        "on_time": expected and filed and not late,
        "late": expected and filed and late,
        "missing": expected and not filed,
        "latest_expected": expected and is_last,
        "latest_on_time": expected and is_last and filed and not late,
    }[which]


def _was_overdue(one: Raw, day: date) -> bool:
    """As the week of the day began."""
    return _is_late_in_the_morning(one, day - timedelta(day.weekday()))


def _was_late_since(one: Raw, day: date) -> bool:
    """On any later morning of the week."""
    return any(_is_late_in_the_morning(one, day - timedelta(n)) for n in range(day.weekday()))


def _is_late_in_the_morning(one: Raw, day: date) -> bool:
    cut = f"{start_of(day):%Y-%m-%d %H:%M:%S}"
    then = [move for move in one.moves if str(move["recorded_at"])[:19] < cut]
    awaited = then[-1]["awaited_by"] if then else None
    return awaited is not None and date.fromisoformat(str(awaited)) < day


def _soon(day: date) -> date:
    return Workdays().after(day, 5)
