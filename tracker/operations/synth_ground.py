"""Made-up units, notices, measures and tasks at size, each marked 合成, as plain rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Mention, Notice, Reach
from tracker.operations.bulk import Row, insert_numbered, insert_rows
from tracker.registry.models import Unit
from tracker.tasks.models import Calendar, Task, Tracking
from tracker.tasks.periods import HALF, QUARTER
from tracker.tasks.scheduling import FROM_OFFICE
from tracker.tasks.states import LEAD, LOCAL, OPEN

MARK = "（合成）"
SOURCE = "合成数据"
LEADS, CITIES = 4, 17
CADENCES = {LEAD: QUARTER, LOCAL: HALF}
MOST_LEAD_UNITS, MOST_CITY_UNITS = 36, 21
MAY_EVERY = 5
DUE_WORKDAYS = 10
KINDS_THAT_LEAD = ("department", "customs", "maritime", "tax", "bank", "court")
LEVELS_THAT_LEAD = ("province", "stationed")


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A part is a province; a notice has its measures, a measure 4 leads and 17 cities."""

    parts: int
    notices: int
    measures: int
    quarters: int
    reports: float

    @property
    def periods(self) -> Mapping[str, int]:
        """Leads report each quarter, cities each half-year."""
        return {LEAD: self.quarters, LOCAL: self.quarters // 2}

    @property
    def tasks(self) -> int:
        return self.parts * self.notices * self.measures * (LEADS + CITIES)

    @property
    def obligations(self) -> int:
        each = LEADS * self.periods[LEAD] + CITIES * self.periods[LOCAL]
        return self.parts * self.notices * self.measures * each


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Who there is in one province."""

    part: int
    office_id: int
    leads: Sequence[int]
    cities: Sequence[tuple[int, int | None]]
    names: Mapping[int, str]


def ground_of(part: int) -> Ground:
    """The registry's units stand in the first province; what is missing there is made up."""
    known = _registry() if part == 0 else ([], [])
    leads = [*known[0], *_made_up(part, "省直单位", MOST_LEAD_UNITS - len(known[0]))]
    cities = [*known[1]]
    missing = MOST_CITY_UNITS - len(cities)
    cities += [(unit_id, None) for unit_id in _made_up(part, "市人民政府", missing)]
    office = _office(part)
    wanted = [office, *leads, *(unit_id for unit_id, _ in cities)]
    named = db.session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(wanted)))
    return Ground(
        part=part,
        office_id=office,
        leads=leads,
        cities=cities,
        names={row.id: row.name for row in named},
    )


def _office(part: int) -> int:
    """The first province's is one whose people can sign in, so that its desk is seen at size."""
    known = select(Unit.id).where(Unit.is_office).order_by(Unit.id).limit(1)
    found = db.session.scalar(known) if part == 0 else None
    return found or _made_up(part, "统筹办", 1, is_office=True)[0]


def _registry() -> tuple[list[int], list[tuple[int, int | None]]]:
    leads = select(Unit.id).where(
        Unit.kind.in_(KINDS_THAT_LEAD),
        Unit.level.in_(LEVELS_THAT_LEAD),
        Unit.is_office.is_(False),
    )
    cities = select(Unit.id, Unit.city_id).where(Unit.kind == "government")
    return (
        list(db.session.scalars(leads.order_by(Unit.id).limit(MOST_LEAD_UNITS))),
        [(row.id, row.city_id) for row in db.session.execute(cities.order_by(Unit.id))],
    )


def _made_up(part: int, what: str, count: int, *, is_office: bool = False) -> list[int]:
    names = [f"{MARK}{part + 1:02d}省{number + 1:02d}{what}" for number in range(max(count, 0))]
    rows: list[Row] = [
        {
            "name": name,
            "level": "province",
            "kind": "department",
            "is_office": is_office,
            "credit_code": "",
            "sure": False,
            "source": SOURCE,
            "version": 1,
        }
        for name in names
    ]
    return insert_numbered(Unit, rows)


def notice(ground: Ground, number: int, scale: Scale, since: Mapping[str, date]) -> int:
    """One notice with its calendar, measures and tasks; its number."""
    starts_on = min(since.values())
    row = _notice_row(ground, number, starts_on)
    notice_id = insert_numbered(Notice, [row])[0]
    adoption = "借鉴" if number % MAY_EVERY == MAY_EVERY - 1 else "复制推广"
    listed = {"notice_id": notice_id, "position": 1, "heading": row["title"], "adoption": adoption}
    list_id = insert_numbered(MeasureList, [listed | {"scope_raw": "", "scope_words": ""}])[0]
    _track(notice_id, since)
    place = f"{ground.part + 1:02d}-{number + 1}"
    rows = [_measure_row(notice_id, list_id, place, position) for position in range(scale.measures)]
    _tasks(ground, notice_id, insert_numbered(Measure, rows), starts_on)
    return notice_id


def _notice_row(ground: Ground, number: int, since: date) -> Row:
    title = f"{MARK}第{ground.part + 1:02d}省第{number + 1}批复制推广事项通知"
    return {
        "slug": f"synth-{ground.part + 1:02d}-{number + 1}",
        "title": title,
        "short_title": title,
        "doc_no": f"合成〔{since.year}〕{ground.part * 100 + number + 1}号",
        "issuer": ground.names[ground.office_id],
        "issued_on": since,
        "level": "province",
        "office_id": ground.office_id,
        "is_reference": False,
        "confirmed_on": since,
        "version": 1,
    }


def _measure_row(notice_id: int, list_id: int, place: str, position: int) -> Row:
    return {
        "list_id": list_id,
        "notice_id": notice_id,
        "position": position + 1,
        "no": str(position + 1),
        "title": f"{MARK}改革事项{place}-{position + 1}",
        "gist": "",
        "content": "",
        "group": "",
        "section": "",
        "units_raw": SOURCE,
        "is_open_ended": False,
        "scope_raw": "",
        "scope_state": "resolved",
        "note": "",
        "deadline": "",
        "is_deployed": False,
        "place": "",
        "version": 1,
    }


def _track(notice_id: int, since: Mapping[str, date]) -> None:
    tracking = {"notice_id": notice_id, "starts_on": min(since.values()), "asks_plan": False}
    days = {"asks_stocktaking": False, "plan_workdays": 30, "review_workdays": 5, "version": 1}
    insert_rows(Tracking, [tracking | days])
    common = {
        "notice_id": notice_id,
        "due_workdays": DUE_WORKDAYS,
        "origin": FROM_OFFICE,
        "words": "",
    }
    calendars: list[Row] = [
        common | {"role": role, "cadence": cadence, "applies_from": since[role], "version": 1}
        for role, cadence in CADENCES.items()
    ]
    insert_rows(Calendar, calendars)


def _tasks(ground: Ground, notice_id: int, measures: Sequence[int], since: date) -> None:
    """Leads and cities take turns, so that every unit has about as many tasks."""
    leads = [
        row for turn, measure_id in enumerate(measures) for row in _led(ground, measure_id, turn)
    ]
    local = [
        row for turn, measure_id in enumerate(measures) for row in _local(ground, measure_id, turn)
    ]
    same: Row = {"notice_id": notice_id, "state": OPEN, "is_deployed": False}
    same |= {"is_landed": False, "allocated_on": since, "version": 1}
    insert_rows(Task, [row | same for row in (*leads, *local)])
    said = ("measure_id", "unit_id", "position", "printed", "role")
    insert_rows(Mention, [{name: row[name] for name in said} for row in leads])
    reached: list[Row] = [
        {"measure_id": row["measure_id"], "city_id": row["city_id"], "is_done_already": False}
        for row in local
        if row["city_id"]
    ]
    insert_rows(Reach, reached)


def _led(ground: Ground, measure_id: int, turn: int) -> Iterator[Row]:
    for position in range(1, LEADS + 1):
        unit_id = ground.leads[(turn * LEADS + position) % len(ground.leads)]
        yield _task(ground, measure_id, unit_id) | {"position": position, "role": LEAD}


def _local(ground: Ground, measure_id: int, turn: int) -> Iterator[Row]:
    for step in range(CITIES):
        unit_id, city_id = ground.cities[(turn + step) % len(ground.cities)]
        yield _task(ground, measure_id, unit_id) | {"role": LOCAL, "city_id": city_id}


def _task(ground: Ground, measure_id: int, unit_id: int) -> Row:
    return {
        "measure_id": measure_id,
        "unit_id": unit_id,
        "city_id": None,
        "position": 0,
        "printed": ground.names[unit_id],
    }
