"""Plays a made-up story through the real actions, and shows what a database holds, number-free."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, update

from tracker.db import Model, db
from tracker.operations.history import OPENING_TAKES, first_day, openings, track_from
from tracker.operations.history_cast import Hands
from tracker.operations.history_days import midnight
from tracker.operations.history_fates import READ, WRITE, Act
from tracker.operations.history_story import Story
from tracker.operations.history_waivers import Asking
from tracker.permissions import FILER, REVIEWER, SIGNER
from tracker.registry.models import Person, PersonRole, Unit
from tracker.registry.queries import workdays
from tracker.reports import filing, queries, reviewing, states, writing
from tracker.reports.models import (
    Milestone,
    ReceiptCount,
    Report,
    ReportMove,
    Review,
    Revision,
)
from tracker.tasks import waiving
from tracker.tasks.models import Move, Obligation, Tally, Task, Waiver
from tracker.tasks.moving import By
from tracker.tasks.opening import open_all
from tracker.tasks.states import OPEN, RECORDED

Moment = tuple[datetime, int, Callable[[], None]]


# Everybody else is stood in for by the first three.
CAST = (
    ("filer", "省商务厅自贸办", ()),
    ("signer", "省商务厅自贸办", ()),
    ("reviewer", "省商务厅自贸办", ()),
    ("ziyou", "省商务厅自贸办", (REVIEWER,)),
    ("shuiwu1", "省税务局", (FILER,)),
    ("shuiwu2", "省税务局", (FILER, SIGNER)),
    ("haishi", "广东海事局", (FILER, SIGNER)),
)


def people() -> Hands:
    """Some units have people of their own, one has a single person, most have none."""
    there = set(db.session.scalars(select(Person.account)))
    units = {row.name: row.id for row in db.session.execute(select(Unit.name, Unit.id))}
    for account, unit, roles in CAST:
        if account not in there:
            held = [PersonRole(role=role) for role in roles]
            person = Person(account=account, name=account, unit_id=units[unit], password_hash="-")
            person.roles = held
            db.session.add(person)
            db.session.flush()
    ids = {row.account: row.id for row in db.session.execute(select(Person.account, Person.id))}
    return Hands(filer=ids["filer"], signer=ids["signer"], reviewer=ids["reviewer"])


def keep_only(tasks: Iterable[int]) -> None:
    """Let all other tasks owe nothing."""
    db.session.execute(
        update(Task).where(Task.id.not_in(set(tasks)), Task.state == OPEN).values(state=RECORDED)
    )


def every(nth: int) -> set[int]:
    return set(db.session.scalars(select(Task.id).where(Task.id % nth == 0)))


def replay(story: Story, day: date) -> None:
    """Everything that the story tells, done by people, one act after the other."""
    since = first_day(day)
    track_from(since)
    moments: list[Moment] = [_opening(opens_on) for opens_on in openings(since, day)]
    for owed, acts in story.acts:
        moments.extend((act.at, owed.id, _acting(owed.id, act)) for act in acts)
    for asking in story.askings:
        moments.extend(_waiving(asking))
    for _, _, happen in sorted(moments, key=lambda moment: moment[:2]):
        happen()
        db.session.commit()
        db.session.remove()


def _opening(opens_on: date) -> Moment:
    at = midnight(opens_on) + OPENING_TAKES

    def happen() -> None:
        open_all(opens_on, at=at, workdays=workdays())

    return at, 0, happen


def _acting(obligation_id: int, act: Act) -> Callable[[], None]:
    def happen() -> None:
        owed = queries.obligation(obligation_id)
        assert owed
        DO[act.what](owed, act)

    return happen


def _waiving(asking: Asking) -> list[Moment]:
    def ask() -> None:
        task = db.session.get_one(Task, asking.task_id)
        waiving.ask(task, By(person_id=asking.asked_by, at=asking.asked_at), reason=asking.reason)

    def grant() -> None:
        waiver = db.session.scalars(select(Waiver).where(Waiver.task_id == asking.task_id)).one()
        task = db.session.get_one(Task, asking.task_id)
        assert asking.ruled_at
        waiving.grant(waiver, task, By(person_id=asking.ruled_by, at=asking.ruled_at))

    ruled = [(asking.ruled_at, 0, grant)] if asking.ruled_at else []
    return [(asking.asked_at, 0, ask), *ruled]


def _report(owed: Obligation) -> Report:
    return db.session.scalars(select(Report).where(Report.obligation_id == owed.id)).one()


def _by(act: Act) -> By:
    return By(person_id=act.by, at=act.at)


def _write(owed: Obligation, act: Act) -> None:
    assert act.body
    ids = {one.position: one.id for one in queries.milestones(owed.task_id)}
    body = replace(act.body, done=tuple(ids[position] for position in act.body.done))
    report = writing.begin(owed, by=act.by, at=act.at)
    writing.save(report, body, version=report.version, by=act.by, at=act.at)


def _submit(owed: Obligation, act: Act) -> None:
    filing.submit(_report(owed), queries.asked_of(owed), _by(act))


def _return(owed: Obligation, act: Act) -> None:
    assert act.correct_by
    reviewing.send_back(
        _report(owed), owed, _by(act), reasons=act.reasons, correct_by=act.correct_by
    )


DO: dict[str, Callable[[Obligation, Act], object]] = {
    WRITE: _write,
    READ: lambda owed, act: reviewing.begin(_report(owed), _by(act)),
    states.SUBMIT: _submit,
    states.SEND_BACK: lambda owed, act: filing.send_back(_report(owed), _by(act), note=act.note),
    states.SIGN: lambda owed, act: filing.sign(_report(owed), owed, _by(act), workdays()),
    states.ACCEPT: lambda owed, act: reviewing.accept(_report(owed), owed, _by(act)),
    states.RETURN: _return,
}


def shown(model: type[Model]) -> list[dict[str, Any]]:
    """All rows of a table, with what rows are about in place of their numbers."""
    table = model.metadata.tables[model.__tablename__]
    names = _names()
    order = [table.c[name] for name in ORDER.get(model, ("id",))]
    rows = db.session.execute(select(table).order_by(*order)).mappings()
    return sorted((_row(dict(row), names, model) for row in rows), key=_key)


ORDER: dict[type[Model], tuple[str, ...]] = {
    Tally: ("unit_id", "notice_id", "period", "role"),
    ReceiptCount: ("year",),
}
TABLES: tuple[type[Model], ...] = (
    Obligation,
    Move,
    Report,
    ReportMove,
    Revision,
    Review,
    Milestone,
    Waiver,
    Task,
    Tally,
    ReceiptCount,
)
# Rows that nothing names: their numbers only say in which order they came.
NAMELESS = (Move, Report, ReportMove, Revision, Review, Milestone, Waiver)


def _names() -> dict[str, dict[int, Any]]:
    reports = select(Report.id, Report.obligation_id)
    revisions = select(Revision.id, Revision.receipt)
    milestones = select(Milestone.id, Milestone.position)
    return {
        name: {row[0]: row[1] for row in db.session.execute(query)}
        for name, query in (
            ("report_id", reports),
            ("revision_id", revisions),
            ("done", milestones),
        )
    }


def _row(
    row: dict[str, Any], names: dict[str, dict[int, Any]], model: type[Model]
) -> dict[str, Any]:
    if model in NAMELESS:
        del row["id"]
    for name in ("report_id", "revision_id"):
        if name in row:
            row[name] = names[name][row[name]]
    if "body" in row:
        done = [names["done"][number] for number in row["body"]["done"]]
        row["body"] = {**row["body"], "done": done}
    return {name: _aware(value) for name, value in row.items()}


def _aware(value: Any) -> Any:
    """SQLite hands moments back without a zone, PostgreSQL in that of the server."""
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _key(row: dict[str, Any]) -> Any:
    """By what a row belongs to; rows of one owner stay in the order in which they came."""
    owner = ("obligation_id", "report_id", "revision_id", "task_id", "receipt", "id")
    return str(next((row[name] for name in owner if name in row), ""))


def count(model: type[Model]) -> int:
    return db.session.scalars(select(func.count()).select_from(model)).one()
