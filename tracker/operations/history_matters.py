"""What units asked their offices for in a demonstration: told through the real actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, select

from tracker.coordinating import checking, closing, disputing, extending, unfinished
from tracker.coordinating.checking import Visit
from tracker.coordinating.states import CHECKLIST, LANDED
from tracker.db import db
from tracker.difficulties import answering, raising
from tracker.difficulties.models import Difficulty
from tracker.difficulties.raising import Said
from tracker.notices.models import Notice
from tracker.operations.history_cast import Cast
from tracker.operations.history_days import Days, chance_of, midnight
from tracker.operations.history_story import Story
from tracker.operations.history_texts import DEMO
from tracker.registry.models import City, Person, Unit
from tracker.registry.queries import workdays
from tracker.reports.bodies import Body
from tracker.reports.models import Report, Revision
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import DUE, LEAD, OPEN

KINDS = ("policy", "technology", "legal", "money", "state")
ANSWERED, SETTLED = 0.94, 0.9
ANSWER = f"{DEMO}已与有关部门商定口径，请按商定意见办理。"
REQUIRED = f"{DEMO}请会同有关单位研究提出意见。"
LATER = f"{DEMO}有关数据须待月底汇总后核定，申请延期报送。"
NOT_OURS = f"{DEMO}按现行职责分工，本项工作由其他单位承担。"
STAYS = f"{DEMO}印发的分工没有变化，请继续办理。"
DONE = f"{DEMO}已全面落地并形成长效机制，申请销号。"
MORE = f"{DEMO}请补充能够证明落地的材料。"
SEEN = f"{DEMO}现场查看了办事窗口和系统，办理流程与报告一致。"
FAULT = f"{DEMO}抽查的事项中有的仍须提交纸质材料，与报告不符。"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who acts for one office, and on which days."""

    cast: Cast
    days: Days
    day: date
    people: Mapping[str, int]
    fallback: int
    office_id: int
    reviewer: str = "ziyou1"
    chief: str = "ziyou2"

    def by(self, person: str | int, workdays_ago: int, hour: int = 10) -> By:
        if isinstance(person, str):
            person = self.people.get(person, self.fallback)
        day = self.days.plus(self.day, -workdays_ago)
        return By(person_id=person, at=midnight(day) + timedelta(hours=hour))


def tell(story: Story, day: date) -> None:
    """Everything up to the eve of `day`; the same day always gives the same."""
    known = db.session.execute(select(Person.account, Person.id))
    stage = Stage(
        cast=story.grounds.cast,
        days=story.grounds.days,
        day=day,
        people={row.account: row.id for row in known},
        fallback=story.grounds.cast.fallback.reviewer,
        office_id=_unit("省商务厅自贸办").id,
    )
    _difficulties()
    for part in (_answers, _charges, _extensions, _disputes, _closings, _checks):
        part(stage)


def _difficulties() -> None:
    """What the filed reports ask for, in the order of their filing."""
    for revision, obligation in db.session.execute(_asking()):
        body, chance = Body.of(revision.body), chance_of("difficulty", revision.receipt)
        said = Said(
            words=body.difficulties,
            kind=chance.choice(KINDS),
            is_important=chance.random() < 0.1,  # noqa: PLR2004 a few
            revision=revision.number,
        )
        by = By(person_id=revision.signed_by, at=_aware(revision.filed_at))
        raising.raise_in_reports([(obligation, said)], by)


def _answers(stage: Stage) -> None:
    """Most have been answered within a week, and most of these are settled."""
    for one in db.session.scalars(select(Difficulty).order_by(Difficulty.id)).all():
        chance = chance_of("answer", one.raised_at.date(), one.task_id)
        office = db.session.get_one(Notice, one.notice_id).office_id or stage.office_id
        hands = stage.cast.of(one.unit_id, office)
        drawn, at = chance.random(), _aware(one.raised_at) + timedelta(days=6)
        if at >= midnight(stage.day):
            continue
        if drawn < ANSWERED:
            answering.answer(one, By(person_id=hands.reviewer, at=at), words=ANSWER)
        if drawn < ANSWERED * SETTLED:
            filer = By(person_id=hands.filer, at=at + timedelta(hours=3))
            raising.settle(one, filer)


def _charges(stage: Stage) -> None:
    """Two of the open ones are with somebody: one in time, one late."""
    raised = select(Difficulty).join(Notice, Difficulty.notice_id == Notice.id)
    mine = Difficulty.state == "raised", Notice.office_id == stage.office_id
    query = raised.where(*mine).order_by(Difficulty.id).limit(2)
    tax = _unit("省税务局")
    for one, ago, after in zip(db.session.scalars(query).all(), (8, 4), (5, 15), strict=False):
        by = stage.by(stage.chief, ago)
        answering.charge(
            one,
            by,
            unit_id=tax.id,
            answer_by=stage.days.plus(by.day, after),
            whom=tax.name,
            note=REQUIRED,
        )


def _extensions(stage: Stage) -> None:
    """Four that wait, one granted, one refused."""
    soonest = _owed(stage.office_id).order_by(Obligation.awaited_by, Obligation.id)
    in_time = soonest.where(Obligation.awaited_by > stage.day).limit(6)
    for n, owed in enumerate(db.session.scalars(in_time).all()):
        hands, day = stage.cast.of(owed.unit_id, stage.office_id), owed.awaited_by
        by = stage.by(hands.filer, 3, hour=9 + n)
        wished = stage.days.plus(day or stage.day, 10)
        asked = extending.ask(owed, by, reason=LATER, wished_on=wished)
        if n == 0:
            extending.grant(asked, owed, stage.by(stage.chief, 1))
        elif n == 1:
            extending.refuse(asked, stage.by(stage.chief, 1), note=f"{DEMO}时间尚充足。")


def _disputes(stage: Stage) -> None:
    """One that waits, one rejected."""
    named = _unit("省公安厅")
    query = _tasks(stage.office_id).where(Task.role == LEAD, Task.unit_id != named.id)
    chosen = db.session.scalars(query.where(~Task.is_landed).order_by(Task.id.desc()))
    for n, task in enumerate(chosen.fetchmany(2)):
        hands = stage.cast.of(task.unit_id, stage.office_id)
        by = stage.by(hands.signer, 6)
        asked = disputing.ask(task, by, unit_id=task.unit_id, reason=NOT_OURS, named=named)
        if n:
            chief = stage.by(stage.chief, 2)
            disputing.reject(asked, task, chief, workdays=workdays(), note=STAYS)


def _closings(stage: Stage) -> None:
    """Three that wait, one closed, one refused; each is landed by an accepted report."""
    landed = db.session.scalars(
        _tasks(stage.office_id).where(Task.is_landed).order_by(Task.id)
    ).all()
    open_of = unfinished.of_tasks([task.id for task in landed], stage.day)
    settled = [task for task in landed if not open_of[task.id].hinders]
    for n, task in enumerate(settled[:5]):
        hands = stage.cast.of(task.unit_id, stage.office_id)
        by = stage.by(hands.signer, 5 + n)
        asked = closing.ask(task, by, unit_id=task.unit_id, reason=DONE)
        if n == 0:
            _check(stage, task_id=task.id, seen=SEEN, is_fine=True, ago=3)
            chief = stage.by(stage.chief, 1, hour=15)
            closing.close(asked, task, chief, checked=tuple(CHECKLIST[LANDED]))
        elif n == 1:
            closing.refuse(asked, stage.by(stage.chief, 1, hour=16), note=MORE)
        elif n == 2:  # noqa: PLR2004 the next
            _check(stage, task_id=task.id, seen=FAULT, is_fine=False, ago=2)


def _checks(stage: Stage) -> None:
    city = db.session.scalars(select(City.id).where(City.name.startswith("广州"))).first()
    _check(stage, city_id=city, seen=SEEN, is_fine=True, ago=12)


def _check(
    stage: Stage,
    *,
    seen: str,
    is_fine: bool,
    ago: int,
    task_id: int | None = None,
    city_id: int | None = None,
) -> None:
    by = stage.by(stage.reviewer, ago, hour=16)
    made_on = stage.days.plus(by.day, -1)
    visit = Visit(made_on=made_on, made_by="演示·核查组", seen=seen, is_fine=is_fine)
    checking.record(stage.office_id, visit, by, task_id=task_id, city_id=city_id)


def _aware(at: datetime) -> datetime:
    """SQLite hands moments back without their zone."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _unit(name: str) -> Unit:
    return db.session.scalars(select(Unit).where(Unit.name == name)).one()


def _asking() -> Select[Revision, Obligation]:
    return (
        select(Revision, Obligation)
        .join(Report, Revision.report_id == Report.id)
        .join(Obligation, Report.obligation_id == Obligation.id)
        .where(Revision.body["difficulties"].as_string() != "")
        .order_by(Revision.filed_at, Revision.id)
    )


def _owed(office_id: int) -> Select[Obligation]:
    return (
        select(Obligation)
        .join(Notice, Obligation.notice_id == Notice.id)
        .where(
            Notice.office_id == office_id,
            Obligation.status == DUE,
            Obligation.role == LEAD,
        )
    )


def _tasks(office_id: int) -> Select[Task]:
    return (
        select(Task)
        .join(Notice, Task.notice_id == Notice.id)
        .where(Notice.office_id == office_id, Task.state == OPEN)
    )
