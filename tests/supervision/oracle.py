"""What must be told, by brute force: raw rows, looked through one by one, every morning.

Nothing here comes from supervision/: the two must agree without knowing each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, text

from tracker.clock import SHANGHAI
from tracker.workdays import Workdays

DAY = timedelta(days=1)
NEAR = 5
BY_THE_UNIT = {"file", "withdraw", "correct", "dispute"}
NOT_EXPECTED = {"waived", "over", "unassigned"}
Key = tuple[str, int, date]


def day_of(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def moment_of(value: Any) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@dataclass
class Oracle:
    engine: Engine
    workdays: Workdays
    told_at: datetime  # the first change that anybody is told of is a later one
    expected: dict[Key, dict[str, int]] = field(default_factory=dict)
    last: date | None = None
    late_before: dict[int, set[int]] = field(default_factory=dict)

    def look(self, day: date, at: datetime) -> None:
        """As the rows stand on a morning, before anybody is told anything."""
        if not self.workdays.is_workday(day):
            return
        with self.engine.connect() as connection:
            moves, held = rows_of(connection)
            offices = ids(connection, "SELECT id FROM unit WHERE is_office")
            tracked = ids(
                connection, "SELECT office_id FROM notice WHERE id IN (SELECT notice_id FROM task)"
            )
        self._units(day, at, moves, held)
        self._offices(day, offices, held, tracked)
        self.last, self.told_at = day, at

    def _units(self, day: date, at: datetime, moves: list[Any], held: dict[int, Any]) -> None:
        last = self.last or self._workday_before(day)
        reach, reach_then = self.workdays.after(day, NEAR), self.workdays.after(last, NEAR)
        is_full = all(not self.workdays.is_workday(one) for one in week_before(day))
        news: set[int] = set()
        figures: dict[int, dict[str, int]] = defaultdict(lambda: {"overdue": 0, "near": 0})
        for one in held.values():
            due = one["awaited_by"]
            if due is None or due > reach:
                continue
            figures[one["unit_id"]]["overdue" if due < day else "near"] += 1
            if is_full or due == day or last <= due < day or reach_then < due <= reach:
                news.add(one["unit_id"])
        for move in moves:
            by_others = move["event"] not in BY_THE_UNIT and move["status"] != "unassigned"
            if by_others and self.told_at <= move["recorded_at"] < at:
                news.add(move["unit_id"])
        for unit in news:
            self.expected["unit-digest", unit, day] = figures[unit]

    def _offices(
        self, day: date, offices: set[int], held: dict[int, Any], tracked: set[int]
    ) -> None:
        for office in offices:
            own = {key: one for key, one in held.items() if one["office_id"] == office}
            late = {key for key, one in own.items() if is_late(one, day)}
            if all(not self.workdays.is_workday(one) for one in week_before(day)):
                before = self.late_before.get(office, set())
                told = {"overdue": len(late), "newly": len(late - before)}
                told["met"] = sum(
                    own[key]["status"] in ("filed", "accepted") for key in before - late
                )
                self.expected["office-digest", office, day] = told
                self.late_before[office] = late
            if self._is_first_of(day, 1):
                due = sum(fell_due(one, day) for one in own.values())
                if due or late:
                    told = {"expected": due, "overdue": len(late)}
                    self.expected["bulletin", office, day] = told
            if self._is_first_of(day, 3) and office in tracked:
                self.expected["situation", office, day] = {"overdue": len(late)}

    def _workday_before(self, day: date) -> date:
        day -= DAY
        while not self.workdays.is_workday(day):
            day -= DAY
        return day

    def _is_first_of(self, day: date, months: int) -> bool:
        """The first workday of its month, or of a month that begins a quarter."""
        earlier = (day.replace(day=number) for number in range(1, day.day))
        is_first = all(not self.workdays.is_workday(one) for one in earlier)
        return is_first and (day.month - 1) % months == 0


def rows_of(connection: Connection) -> tuple[list[Any], dict[int, Any]]:
    """Every event, and each obligation as its last event left it."""
    known = {
        row.id: {"office_id": row.office_id, "due": day_of(row.extended_to or row.due_on)}
        for row in connection.execute(
            text(
                "SELECT o.id, o.due_on, o.extended_to, n.office_id FROM obligation o"
                " JOIN notice n ON n.id = o.notice_id"
            )
        )
    }
    moves = []
    for row in connection.execute(text("SELECT * FROM move ORDER BY id")):
        move = dict(row._mapping)
        move["awaited_by"] = day_of(move["awaited_by"])
        move["recorded_at"] = moment_of(move["recorded_at"])
        moves.append(move)
        known[move["obligation_id"]] |= {
            name: move[name] for name in ("unit_id", "status", "awaited_by")
        }
    return moves, known


def is_late(one: dict[str, Any], day: date) -> bool:
    return one["awaited_by"] is not None and one["awaited_by"] < day


def fell_due(one: dict[str, Any], day: date) -> bool:
    """In the month before."""
    last = day.replace(day=1) - DAY
    return one["status"] not in NOT_EXPECTED and last.replace(day=1) <= one["due"] <= last


def ids(connection: Connection, query: str) -> set[int]:
    return set(connection.execute(text(query)).scalars())


def week_before(day: date) -> list[date]:
    return [day - number * DAY for number in range(1, day.weekday() + 1)]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)
