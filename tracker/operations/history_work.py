"""The office's other work in a demonstration: done by its people through the real acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select

from tracker.coordinating import collecting
from tracker.coordinating.collecting import Written
from tracker.coordinating.experience import ASK_MORE, SELECT
from tracker.coordinating.models import Case
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.operations.history_days import midnight
from tracker.operations.history_texts import DEMO
from tracker.registry.models import City, Person, Unit
from tracker.registry.queries import workdays
from tracker.registry.scopes import WAITING
from tracker.reports import filing, parting, queries, writing
from tracker.reports.bodies import Answer, Body
from tracker.reports.models import Part, Report
from tracker.tasks import breakdowns, calling
from tracker.tasks.breaking_down import Order, break_down
from tracker.tasks.calling import Calling
from tracker.tasks.designating import Decision, Question, decide
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.questions import CHOICE, NUMBER, Question as Asked
from tracker.tasks.states import CITIES, DUE, LEAD, LOCAL, PROGRESS

ACCOUNTS = (
    "ziyou1",
    "ziyou2",
    "shuiwu1",
    "shuiwu2",
    "haishi1",
    "guangzhou1",
    "guangzhou2",
    "shenzhen1",
    "szshangwu1",
)
SLUG = "yfh-2023-59"
MORNING = timedelta(hours=9, minutes=30)

People = Mapping[str, Person]


def tell(day: date) -> None:
    """Some of each, in the days before; nothing where the demonstration's people are not."""
    found = db.session.scalars(select(Person).where(Person.account.in_(ACCOUNTS)))
    people = {person.account: person for person in found}
    notice = db.session.scalar(select(Notice).where(Notice.slug == SLUG))
    if len(people) < len(ACCOUNTS) or notice is None or notice.office_id is None:
        return
    _designate(notice, people, day)
    _call(notice, notice.office_id, people, day)
    _break_down(people, "guangzhou1", f"{DEMO}市商务局", day)
    _break_down(people, "shenzhen1", _name(people["szshangwu1"].unit_id), day)
    _ask_parts(people, day)
    _ask_department(people, day)
    _collect(notice.office_id, people, day)
    db.session.flush()


def _by(people: People, account: str, day: date, days_before: int) -> By:
    return By(
        person_id=people[account].id, at=midnight(day - timedelta(days=days_before)) + MORNING
    )


def _designate(notice: Notice, people: People, day: date) -> None:
    waiting = select(Measure).where(Measure.notice_id == notice.id, Measure.scope_state == WAITING)
    measure = db.session.scalars(waiting.order_by(Measure.id)).first()
    names = select(City.id).where(City.name.in_(("广州市", "珠海市")))
    if measure is None:
        return
    decision = Decision(
        chosen=list(db.session.scalars(names.order_by(City.position))),
        source=f"{DEMO}专题会议纪要",
        words=f"{DEMO}先在所列地市推广，其余地市条件成熟后再定。",
        seen=0,
    )
    question = Question(measure=measure, notice=notice, subject=CITIES)
    decide(question, decision, _by(people, "ziyou2", day, 15), workdays())


def _call(notice: Notice, office_id: int, people: People, day: date) -> None:
    governments = select(Unit.id).join(City, Unit.city_id == City.id)
    some = governments.where(Unit.kind == "government").order_by(City.position).limit(5)
    units = [people["shuiwu1"].unit_id, people["haishi1"].unit_id, *db.session.scalars(some)]
    made = calling.call(
        Calling(
            notice_id=notice.id,
            office_id=office_id,
            title=f"{DEMO}请报送复制推广事项办件情况",
            words=f"{DEMO}请按截至上月底的情况填写，没有开展的写明原因。",
            questions=(
                Asked(label="累计办理多少件", kind=NUMBER, is_required=True),
                Asked(label="是否已出台配套文件", kind=CHOICE, choices=("是", "否")),
                Asked(label="存在的主要问题"),
            ),
            due_on=workdays().after(day, 5),
            unit_ids=units,
        ),
        _by(people, "ziyou2", day, 3),
    )
    for account, signer in (("shuiwu1", "shuiwu2"), ("guangzhou1", "")):
        _answer(made.id, people, account, signer, day)


def _answer(call_id: int, people: People, account: str, signer: str, day: date) -> None:
    """One is filed, the other waits for its signature."""
    query = select(Obligation.id).where(
        Obligation.call_id == call_id, Obligation.unit_id == people[account].unit_id
    )
    owed = queries.obligation(db.session.scalars(query).one())
    if owed is None:
        return
    by = _by(people, account, day, 2)
    report = writing.begin(owed, by=people[account].id, at=by.at)
    body = Body(
        answers=(
            Answer(label="累计办理多少件", text="128"),
            Answer(label="是否已出台配套文件", text="是"),
            Answer(label="存在的主要问题", text=f"{DEMO}跨部门数据共享还不充分。"),
        )
    )
    writing.save(report, body, version=report.version, by=people[account].id, at=by.at)
    filing.submit(report, queries.asked_of(owed), by)
    if signer:
        filing.sign(report, owed, _by(people, signer, day, 1), workdays())


def _name(unit_id: int) -> str:
    return db.session.get_one(Unit, unit_id).name


def _break_down(people: People, account: str, lead: str, day: date) -> None:
    unit_id = people[account].unit_id
    own = select(Task.id).where(Task.unit_id == unit_id, Task.role == LOCAL)
    order = Order(
        lead=lead,
        person=f"{DEMO}李处长",
        mechanism=f"{DEMO}每月调度一次，季度通报。",
    )
    ids = db.session.scalars(own.order_by(Task.id).limit(12))
    break_down(unit_id, dict.fromkeys(ids, order), _by(people, account, day, 10))


def _ask_parts(people: People, day: date) -> None:
    """广东海事局 asks 省税务局 for two parts; one has come."""
    unwritten = ~select(Report.id).where(Report.obligation_id == Obligation.id).exists()
    query = select(Obligation).where(
        Obligation.unit_id == people["haishi1"].unit_id,
        Obligation.kind == PROGRESS,
        Obligation.role == LEAD,
        Obligation.status == DUE,
        unwritten,
    )
    owed = db.session.scalars(query.order_by(Obligation.awaited_by, Obligation.id).limit(2)).all()
    if not owed:
        return
    unit_id, wanted = people["shuiwu1"].unit_id, day + timedelta(days=7)
    words = f"{DEMO}请提供涉及本单位的办件数据。"
    parting.ask(owed, [unit_id], _by(people, "haishi1", day, 4), words=words, wanted_by=wanted)
    part = db.session.scalars(select(Part).order_by(Part.id).limit(1)).one()
    text = f"{DEMO}本期涉税办件36件，均在当日办结。"
    parting.give(part, _by(people, "shuiwu1", day, 2), text=text, version=part.version)


def _ask_department(people: People, day: date) -> None:
    """A city asks its department for what it owes; one part has come, the others are awaited."""
    city, department = people["shenzhen1"], people["szshangwu1"]
    pairs = breakdowns.to_ask(city.unit_id)[:3]
    if not pairs:
        return
    wanted, words = day + timedelta(days=7), f"{DEMO}请提供本部门负责事项的进展。"
    parting.ask_each(pairs, _by(people, "shenzhen1", day, 4), words=words, day=wanted)
    mine = select(Part).where(Part.unit_id == department.unit_id).order_by(Part.id)
    part = db.session.scalars(mine.limit(1)).one()
    text = f"{DEMO}本期已在全部窗口推开，累计办理52件。"
    parting.give(part, _by(people, "szshangwu1", day, 2), text=text, version=part.version)


def _collect(office_id: int, people: People, day: date) -> None:
    first = _case(people, ("shuiwu1", "shuiwu2"), "一窗受理、并联办理", day, 40)
    more = _case(people, ("guangzhou1", "guangzhou2"), "企业开办全程网办", day, 20)
    _case(people, ("guangzhou1", "guangzhou2"), "政务服务跨城通办", day, 6)
    if first is None or more is None:
        return
    collecting.rule(first, SELECT, _by(people, "ziyou1", day, 30), note="")
    compiled = {"title": f"{DEMO}经验做法汇编（第一批）", "words": f"{DEMO}供各地参考。"}
    chief = _by(people, "ziyou2", day, 25)
    collecting.compile_cases([first], chief, office_id=office_id, **compiled)
    why = f"{DEMO}请补充与上年同期的对比数据。"
    collecting.rule(more, ASK_MORE, _by(people, "ziyou1", day, 12), note=why)


def _case(
    people: People, who: tuple[str, str], title: str, day: date, days_before: int
) -> Case | None:
    filer, signer = who
    unit_id = people[filer].unit_id
    query = select(Task.notice_id, Task.measure_id).join(Notice, Task.notice_id == Notice.id)
    task = db.session.execute(
        query.where(Task.unit_id == unit_id, Notice.slug == SLUG).order_by(Task.id).limit(1)
    ).first()
    if task is None:
        return None
    written = Written(
        title=f"{DEMO}{title}",
        done=f"{DEMO}整合受理窗口，梳理办事清单，实行一次告知、一次受理、并联办理。",
        effect=f"{DEMO}平均办理时限由5个工作日压减到2个工作日。",
        notice_id=task.notice_id,
        measure_id=task.measure_id,
    )
    case = collecting.write(written, _by(people, filer, day, days_before), unit_id=unit_id)
    collecting.sign(case, _by(people, signer, day, days_before - 1))
    return case
