"""The fixed cast at work: people of real units, and the real functions they act through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tracker.app import create_app
from tracker.clock import SHANGHAI
from tracker.config import Settings
from tracker.db import db, writing
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.registry.models import Person, PersonRole, Unit
from tracker.reports import evidence, filing, queries, reviewing, writing as drafts
from tracker.reports.bodies import Body
from tracker.reports.models import Evidence, Report, Revision
from tracker.tasks import scheduling
from tracker.tasks.models import Calendar, Obligation, Task, Tracking
from tracker.tasks.moving import By
from tracker.tasks.opening import open_all
from tracker.tasks.states import PROGRESS
from tracker.workdays import Workdays

TAX, MARITIME, CITY, OFFICE = "省税务局", "广东海事局", "广州市人民政府", "省商务厅自贸办"
BANK, BANK_NOW = "人民银行广州分行", "人民银行广东省分行"
SPLIT, CLASS = "省地方金融监督管理局", "各企业"
EIGHTH, TENTH, FORWARDED, OLD = "yfh-2023-59", "ftz-10", "yfh-2020-146", "ybh-2019-376"

# Tracking starts with 2026: a year whose workdays are published.
STARTED = date(2026, 1, 1)
Q1_DUE, Q2_DUE = date(2026, 4, 15), date(2026, 7, 14)
WORKDAYS = Workdays()
WORDS = "已在全省开展有关工作，并取得明显进展。"
BODY = Body(stage="advancing", percent="40", progress=WORDS)
UNCHANGED = Body(stage="advancing", percent="40", is_unchanged=True)
LANDED = Body(stage="landed", percent="100", progress=WORDS)

ROLES = {
    "filer": (TAX, "filer"),
    "signer": (TAX, "signer"),
    "maritime": (MARITIME, "filer"),
    "city_filer": (CITY, "filer"),
    "city_signer": (CITY, "signer"),
    "reviewer": (OFFICE, "reviewer"),
    "chief": (OFFICE, "chief"),
}


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Everyone's id."""

    filer: int
    signer: int
    maritime: int
    city_filer: int
    city_signer: int
    reviewer: int
    chief: int


def moment(day: date, hour: int = 10) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


def by(person_id: int | None, day: date) -> By:
    return By(person_id=person_id, at=moment(day))


def unit(name: str) -> Unit:
    return db.session.scalars(select(Unit).where(Unit.name == name)).one()


def tasks_of(name: str, slug: str, *, adoption: str = "", role: str = "") -> list[Task]:
    query = (
        select(Task)
        .join(Measure, Task.measure_id == Measure.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .join(Notice, Task.notice_id == Notice.id)
        .join(Unit, Task.unit_id == Unit.id)
        .where(Unit.name == name, Notice.slug == slug)
    )
    if adoption:
        query = query.where(MeasureList.adoption == adoption)
    if role:
        query = query.where(Task.role == role)
    return list(db.session.scalars(query.order_by(Task.id)))


def task_of(name: str, slug: str = EIGHTH, **narrowed: str) -> Task:
    return tasks_of(name, slug, **narrowed)[0]


def open_on(day: date) -> int:
    return open_all(day, at=moment(day, 0), workdays=WORKDAYS)


def follow_from(day: date) -> None:
    """The office sets, for each notice, the day tracking starts."""
    for tracking in db.session.scalars(select(Tracking)).all():
        scheduling.start(tracking, on=day)


def tracking_of(slug: str) -> Tracking:
    query = select(Tracking).join(Notice, Tracking.notice_id == Notice.id)
    return db.session.scalars(query.where(Notice.slug == slug)).one()


def calendar_of(slug: str, role: str) -> Calendar:
    query = select(Calendar).join(Notice, Calendar.notice_id == Notice.id)
    return db.session.scalars(query.where(Notice.slug == slug, Calendar.role == role)).one()


def owed(task: Task, *, kind: str = PROGRESS, period: str = "2026-Q1") -> Obligation:
    query = select(Obligation.id).where(
        Obligation.task_id == task.id, Obligation.kind == kind, Obligation.period == period
    )
    found = queries.obligation(db.session.scalars(query).one())
    assert found is not None
    return found


def owed_by(task: Task) -> list[tuple[str, str]]:
    """The kinds and periods of all that a task owes or owed."""
    query = select(Obligation.kind, Obligation.period).where(Obligation.task_id == task.id)
    return [tuple(row) for row in db.session.execute(query.order_by(Obligation.id))]


@dataclass(frozen=True)
class Desk:
    """What the cast does, a verb each. Nobody sets a state: everything goes through the actions."""

    cast: Cast
    app: Flask

    def draft(self, owed: Obligation, day: date, body: Body = BODY, who: int = 0) -> Report:
        at, writer = moment(day), who or self.cast.filer
        report = drafts.begin(owed, by=writer, at=at)
        return drafts.save(report, body, version=report.version, by=writer, at=at)

    def submit(self, owed: Obligation, day: date, body: Body = BODY) -> Report:
        report = self.draft(owed, day, body)
        filing.submit(report, queries.asked_of(owed), by(self.cast.filer, day))
        return report

    def sign(self, report: Report, owed: Obligation, day: date) -> Revision:
        return filing.sign(report, owed, by(self.cast.signer, day), WORKDAYS)

    def file(self, owed: Obligation, day: date, body: Body = BODY) -> Report:
        report = self.submit(owed, day, body)
        self.sign(report, owed, day)
        return report

    def send_back(self, owed: Obligation, day: date, correct_by: date) -> Report:
        report = self.report(owed)
        reviewer = by(self.cast.reviewer, day)
        reasons = {"progress": "请补充数据。"}
        reviewing.send_back(report, owed, reviewer, reasons=reasons, correct_by=correct_by)
        return report

    def accept(self, owed: Obligation, day: date) -> Report:
        report = self.report(owed)
        reviewing.accept(report, owed, by(self.cast.reviewer, day))
        return report

    def withdraw(self, owed: Obligation, day: date) -> Report:
        report = self.report(owed)
        filing.withdraw(report, owed, by(self.cast.filer, day))
        return report

    def amend(self, owed: Obligation, day: date) -> Report:
        report = self.report(owed)
        filing.amend(report, by(self.cast.filer, day))
        return report

    def report(self, owed: Obligation) -> Report:
        query = select(Report).where(Report.obligation_id == owed.id)
        return db.session.scalars(query).one()

    def upload(self, data: bytes, name: str = "证明.pdf", unit_name: str = TAX) -> Evidence:
        folder = self.app.config["TRACKER"].instance / "evidence"
        return evidence.take(
            data,
            name,
            folder=folder,
            unit_id=unit(unit_name).id,
            by=self.cast.filer,
            at=moment(STARTED),
        )


def people() -> Cast:
    """The people of the cast, each in their unit with their role."""
    made = {}
    for account, (name, role) in ROLES.items():
        made[account] = Person(
            account=account,
            name=f"{name}{role}",
            unit_id=unit(name).id,
            password_hash="-",
            roles=[PersonRole(role=role)],
        )
    db.session.add_all(made.values())
    db.session.flush()
    return Cast(**{account: person.id for account, person in made.items()})


def _begin(app: Flask) -> Desk:
    """The cast on the first day of 2026, with everything open that is owed by then."""
    with writing():
        cast = people()
        follow_from(STARTED)
        open_on(STARTED)
        db.session.commit()
    return Desk(cast, app)


@contextmanager
def _made(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def addresses(
    request: pytest.FixtureRequest, databases: Any, tmp_path_factory: pytest.TempPathFactory
) -> list[Settings]:
    """Two seeded databases of a kind: tests that never commit share them."""
    return [settings_of(request, databases, tmp_path_factory.mktemp("shared")) for _ in range(2)]


def settings_of(request: pytest.FixtureRequest, databases: Any, folder: Path) -> Settings:
    if request.param == "sqlite":
        url = databases.sqlite(folder)
    else:
        url = databases.postgres(request.getfixturevalue("postgres"))
        url = url.replace("postgresql://", "postgresql+psycopg://")
    return Settings(instance=folder, database_url=url, secret_key="test" * 16, production=False)


@pytest.fixture(scope="session")
def seeded(addresses: list[Settings]) -> Iterator[Flask]:
    with _made(addresses[0]) as app:
        yield app


@pytest.fixture(scope="session")
def begun(addresses: list[Settings]) -> Iterator[Desk]:
    with _made(addresses[1]) as app:
        with app.app_context():
            desk = _begin(app)
        yield desk


@contextmanager
def _rolled_back(app: Flask) -> Iterator[None]:
    """A test inside one transaction that is undone; a commit would spoil the others' ground."""

    def refuse(session: Session) -> None:
        if not session.in_nested_transaction():
            raise AssertionError("this test commits: give it `alone`, a database of its own")

    with app.app_context():
        event.listen(db.session, "before_commit", refuse)
        try:
            yield
        finally:
            event.remove(db.session, "before_commit", refuse)
            db.session.rollback()
            db.session.remove()


@pytest.fixture
def ground(seeded: Flask) -> Iterator[Flask]:
    """A seeded installation on which nothing has begun."""
    with _rolled_back(seeded):
        yield seeded


@pytest.fixture
def desk(begun: Desk) -> Iterator[Desk]:
    """The cast at work. What they do is undone after the test."""
    with _rolled_back(begun.app):
        yield begun


@pytest.fixture
def alone(app: Flask) -> Desk:
    """The cast on a database of their own, where transactions are committed."""
    return _begin(app)


@pytest.fixture
def first(desk: Desk) -> Obligation:
    """省税务局's report on a measure of 第八批 for 2026-Q1, due on 15 April 2026."""
    return owed(task_of(TAX))


Act = Callable[[], Iterator[None]]


def at_once(app: Flask, *acts: Act) -> list[Any]:
    """Run acts in threads, each in a transaction of its own, and give back what each came to.

    An act reads, yields, and writes. On PostgreSQL all have read before the first one writes;
    SQLite lets nobody read inside a writing transaction while another one is open.
    """
    together = Barrier(len(acts))
    is_postgresql = db.engine.dialect.name == "postgresql"
    db.session.commit()

    def run(act: Act) -> Any:
        with app.app_context(), writing():
            try:
                steps = act()
                next(steps)
                if is_postgresql:
                    together.wait(30)
                for _ in steps:
                    pass
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return error
            return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))
