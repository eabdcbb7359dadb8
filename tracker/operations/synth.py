"""`tracker synth`: made-up data at the size of a province or of the nation, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, insert, literal, select, text
from sqlalchemy.orm import InstrumentedAttribute

from tracker.clock import day_of
from tracker.db import db, writing
from tracker.notices.models import Measure, Notice
from tracker.operations import history_story, history_texts as texts, synth_ground
from tracker.operations.bulk import Row, insert_numbered, insert_rows, update_rows
from tracker.operations.history_cast import Hands
from tracker.operations.history_days import chance_of, midnight
from tracker.operations.history_story import Story
from tracker.operations.history_writing import write_rows
from tracker.operations.initialising import Refused
from tracker.operations.synth_ground import CADENCES, DUE_WORKDAYS, MARK, Scale
from tracker.registry.models import Person, Unit
from tracker.registry.queries import installation, workdays
from tracker.reports.models import Report
from tracker.reports.states import DRAFT, PLANNING
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.periods import Period, period_of
from tracker.tasks.states import DUE, OPENED, PROGRESS
from tracker.tasks.tallying import rebuild
from tracker.workdays import Workdays

Say = Callable[[str], None]

# 500 measures, 10,500 tasks, 100,000 obligations, 90,000 reports; and 31 of these.
PROVINCE = Scale(parts=1, notices=5, measures=100, quarters=16, reports=0.9)
SCALES: Mapping[str, Scale] = {"province": PROVINCE, "nation": replace(PROVINCE, parts=31)}
MEASURES_AT_ONCE = 20
SUBJECT = "合成事项"


def synthesise(scale: str, day: date, say: Say) -> None:
    """Fill a demonstration with made-up data; a province is one transaction."""
    fill(SCALES[scale], day, say)


def fill(scale: Scale, day: date, say: Say) -> None:
    with writing():
        _permit()
        hands = _people()
        db.session.commit()
    for part in range(scale.parts):
        with writing():
            reports = _province(part, scale, day, hands)
            db.session.commit()
        say(f"合成数据第{part + 1}/{scale.parts}省已写入：报告{reports:,}份。")
    _let_it_be_known()


def _let_it_be_known() -> None:
    """PostgreSQL plans by what it knows of its tables, and reads an index alone where it knows
    that all rows are settled; until it looks by itself, as it does in daily use, that is nothing.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM (ANALYZE)"))


def _permit() -> None:
    known = installation()
    if known is None or not known.is_demonstration:
        raise Refused("合成数据只能写入演示环境，本系统不是演示环境。")
    if db.session.scalar(select(Notice.id).where(Notice.slug.startswith("synth-")).limit(1)):
        raise Refused("本系统已有合成数据，不再重复写入；如需重新生成请另设 TRACKER_INSTANCE。")


def _people() -> Hands:
    """Nobody can sign in as these; they stand for whoever filed, signed and reviewed."""
    office = db.session.scalars(select(Unit.id).where(Unit.is_office).order_by(Unit.id)).first()
    accounts = ("synth-filer", "synth-signer", "synth-reviewer")
    rows: list[Row] = [
        {
            "account": account,
            "name": f"{MARK}人员",
            "unit_id": office,
            "email": "",
            "password_hash": "!",
            "must_change_password": True,
            "is_locked": True,
            "version": 1,
        }
        for account in accounts
    ]
    filer, signer, reviewer = insert_numbered(Person, rows)
    return Hands(filer=filer, signer=signer, reviewer=reviewer)


def _province(part: int, scale: Scale, day: date, hands: Hands) -> int:
    """One notice after the other, and of each some measures at a time; how many reports."""
    ground = synth_ground.ground_of(part)
    calendar = workdays()
    owed = {
        role: last_periods(cadence, day, scale.periods[role]) for role, cadence in CADENCES.items()
    }
    since = {role: periods[0].starts for role, periods in owed.items()}
    reports, notices = 0, []
    for number in range(scale.notices):
        notice_id = synth_ground.notice(ground, number, scale, since)
        notices.append(notice_id)
        _open(notice_id, owed, calendar)
        reports += _tell(notice_id, day, hands)
    wanted = round(scale.reports * scale.obligations / scale.parts)
    reports += _add_drafts(notices, wanted - reports, hands, day)
    return reports


def last_periods(cadence: str, day: date, count: int) -> list[Period]:
    """So many periods, the last of which is the one in which the day falls."""
    found = [period_of(cadence, day)]
    while len(found) < count:
        found.append(period_of(cadence, found[-1].starts - timedelta(days=1)))
    return found[::-1]


def _open(notice_id: int, owed: Mapping[str, Sequence[Period]], calendar: Workdays) -> None:
    """Every period on its first day: a statement for the obligations, one for their first event."""
    for role, periods in owed.items():
        for period in periods:
            due_on = calendar.after(period.ends, DUE_WORKDAYS)
            _open_period(notice_id, role, period, due_on)
    _record_opening(notice_id, [period for periods in owed.values() for period in periods])


def _open_period(notice_id: int, role: str, period: Period, due_on: date) -> None:
    values: dict[str, ColumnElement[Any] | InstrumentedAttribute[Any]] = {
        "task_id": Task.id,
        "notice_id": Task.notice_id,
        "unit_id": Task.unit_id,
        "city_id": Task.city_id,
        "role": Task.role,
        "kind": literal(PROGRESS),
        "period": literal(period.key),
        "opens_on": literal(period.starts),
        "due_on": literal(due_on),
        "awaited_by": literal(due_on),
        "status": literal(DUE),
        "is_late": literal(False),
        "version": literal(1),
    }
    rows = select(*values.values()).where(Task.notice_id == notice_id, Task.role == role)
    db.session.execute(insert(Obligation).from_select(list(values), rows.order_by(Task.id)))


def _record_opening(notice_id: int, periods: Sequence[Period]) -> None:
    moments = {period.key: midnight(period.starts) for period in periods}
    values = {
        "obligation_id": Obligation.id,
        "event": literal(OPENED),
        "recorded_at": case(
            *((Obligation.period == key, literal(at)) for key, at in moments.items())
        ),
        "unit_id": Obligation.unit_id,
        "status": Obligation.status,
        "awaited_by": Obligation.awaited_by,
        "note": literal(""),
    }
    rows = select(*values.values()).where(Obligation.notice_id == notice_id)
    db.session.execute(insert(Move).from_select(list(values), rows.order_by(Obligation.id)))


def _tell(notice_id: int, day: date, hands: Hands) -> int:
    """What became of a notice's obligations, told for some measures at a time."""
    since = db.session.scalars(
        select(func.min(Obligation.opens_on)).where(Obligation.notice_id == notice_id)
    ).one()
    frame = history_story.begin(day, since=since, fallback=hands, workdays=workdays())
    query = select(Measure.id).where(Measure.notice_id == notice_id).order_by(Measure.id)
    measures = list(db.session.scalars(query))
    reports = 0
    for start in range(0, len(measures), MEASURES_AT_ONCE):
        story = Story(scene=frame.scene, grounds=frame.grounds)
        some = measures[start : start + MEASURES_AT_ONCE]
        history_story.tell(story, Obligation.notice_id == notice_id, Task.measure_id.in_(some))
        reports += write_rows(story).reports
    _recount(notice_id)
    return reports


def _recount(notice_id: int) -> None:
    periods = select(Obligation.period).where(Obligation.notice_id == notice_id).distinct()
    for period in db.session.scalars(periods).all():
        rebuild(notice_id, period)


def _add_drafts(notices: Sequence[int], count: int, hands: Hands, day: date) -> int:
    """Drafts of what is still owed, until there are as many reports as were asked for."""
    untouched = (
        select(Obligation.id, Obligation.unit_id, Obligation.notice_id)
        .outerjoin(Report, Report.obligation_id == Obligation.id)
        .where(Obligation.notice_id.in_(notices), Obligation.status == DUE, Report.id.is_(None))
        .order_by(Obligation.period.desc(), Obligation.id)
        .limit(max(count, 0))
    )
    body = texts.report(SUBJECT, PLANNING, 0, day, chance_of("draft")).as_json()
    written_at = midnight(day) - timedelta(hours=8)
    draft: Row = {
        "state": DRAFT,
        "body": body,
        "written_by": hands.filer,
        "written_at": written_at,
        "remark": "",
        "revision": 0,
        "version": 2,
    }
    rows: list[Row] = [
        draft | {"obligation_id": row.id, "unit_id": row.unit_id, "notice_id": row.notice_id}
        for row in db.session.execute(untouched)
    ]
    insert_rows(Report, rows)
    begun_on = day_of(written_at)
    update_rows(Obligation, [{"id": row["obligation_id"], "begun_on": begun_on} for row in rows])
    return len(rows)
