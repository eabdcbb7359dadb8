"""What a notice leaves open: the office designates, tasks follow, and what was filed stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import (
    EIGHTH,
    OFFICE,
    TENTH,
    WORKDAYS,
    Desk,
    by,
    open_on,
    owed,
    owed_by,
    unit,
)
from tracker.db import db
from tracker.notices.models import Measure, MeasureList, Mention, Notice
from tracker.registry.models import City
from tracker.tasks import designations
from tracker.tasks.designating import Decision, Effect, Question, decide, latest, undo
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import (
    CITIES,
    CLASS,
    DUE,
    ENDED,
    FILED,
    HELD,
    LOCAL,
    OPEN,
    OTHERS,
    OVER,
    RECORDED,
    Forbidden,
)

DAY, LATER = date(2026, 3, 2), date(2026, 7, 20)
SCOPE, CLASSES = "全省海关特殊监管区域", "省各业务主管部门"
GUANGZHOU, ZHUHAI = "广州市", "珠海市"


def question(slug: str, subject: str, no: str) -> Question:
    query = (
        select(Measure)
        .join(Notice, Measure.notice_id == Notice.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .where(Notice.slug == slug, Measure.no == no)
    )
    measure = db.session.scalars(query).first()
    class_id = unit(CLASSES).id if subject == CLASS else None
    notice = db.session.get_one(Notice, measure.notice_id)
    return Question(measure=measure, notice=notice, subject=subject, class_id=class_id)


def scope() -> Question:
    return question(EIGHTH, CITIES, "12")


def a_class() -> Question:
    return question(TENTH, CLASS, "16")


def ids(*names: str) -> list[int]:
    return [db.session.scalars(select(City.id).where(City.name == name)).one() for name in names]


def decision(asked: Question, *chosen: int) -> Decision:
    standing = latest(asked)
    return Decision(
        chosen=chosen,
        source="自贸办会议纪要〔2026〕3号",
        words="原则同意。",
        seen=standing.id if standing else 0,
    )


def settle(desk: Desk, asked: Question, *chosen: int, on: date = DAY) -> Effect:
    effect = decide(asked, decision(asked, *chosen), by(desk.cast.chief, on), WORKDAYS)
    return replace(effect, units=frozenset())


def take_back(desk: Desk, asked: Question, on: date = DAY) -> Effect:
    return undo(asked, decision(asked), by(desk.cast.chief, on), WORKDAYS)


def local(asked: Question, city: str) -> Task:
    query = select(Task).join(City, Task.city_id == City.id)
    return db.session.scalars(
        query.where(Task.measure_id == asked.measure.id, Task.role == LOCAL, City.name == city)
    ).one()


def named(asked: Question, name: str) -> Task:
    query = select(Task).where(Task.measure_id == asked.measure.id, Task.unit_id == unit(name).id)
    return db.session.scalars(query).one()


def status(task: Task, period: str = "2026-H2") -> str:
    query = select(Obligation.status).where(
        Obligation.task_id == task.id, Obligation.period == period
    )
    return db.session.scalars(query).one()


def test_the_office_is_asked_for_what_no_document_defines(desk: Desk) -> None:
    found = designations.open_for(unit(OFFICE).id)
    assert {(one.subject, one.printed) for one in found if one.has_office} == {
        (CITIES, SCOPE),
        (CITIES, "保税监管场所"),
        (CITIES, "开展二手车出口业务的地市"),
        (CLASS, CLASSES),
    }
    assert not any(one.is_decided for one in found)


def test_an_open_end_is_asked_of_the_office_of_its_own_notice(desk: Desk) -> None:
    found = designations.open_for(unit("省发展改革委").id)
    assert [(one.subject, one.slug) for one in found if one.has_office] == [
        (OTHERS, "ybh-2019-376")
    ]


def test_designated_cities_owe_from_the_next_period_on(desk: Desk) -> None:
    asked = scope()
    assert settle(desk, asked, *ids(GUANGZHOU, ZHUHAI)) == Effect(begun=2, ended=0)
    assert owed_by(local(asked, GUANGZHOU)) == []
    open_on(LATER)
    assert owed_by(local(asked, GUANGZHOU)) == [("progress", "2026-H2")]
    assert status(local(asked, GUANGZHOU)) == DUE


def test_the_notice_stays_as_it_is_printed(desk: Desk) -> None:
    asked = scope()
    settle(desk, asked, *ids(GUANGZHOU))
    assert asked.measure.scope_raw == SCOPE
    assert asked.measure.scope_state == "resolved"
    mentions = select(Mention.printed).where(Mention.measure_id == a_class().measure.id)
    before = list(db.session.scalars(mentions))
    settle(desk, a_class(), unit("省教育厅").id)
    assert list(db.session.scalars(mentions)) == before


def test_a_city_that_is_taken_out_again_owes_nothing_more(desk: Desk) -> None:
    asked = scope()
    settle(desk, asked, *ids(GUANGZHOU, ZHUHAI))
    open_on(LATER)
    assert settle(desk, asked, *ids(ZHUHAI), on=LATER) == Effect(begun=0, ended=1)
    assert local(asked, GUANGZHOU).state == ENDED
    assert status(local(asked, GUANGZHOU)) == OVER
    assert status(local(asked, ZHUHAI)) == DUE


def test_what_was_filed_is_kept_when_the_designation_is_undone(desk: Desk) -> None:
    asked = scope()
    settle(desk, asked, *ids(GUANGZHOU))
    open_on(LATER)
    one = owed(local(asked, GUANGZHOU), period="2026-H2")
    desk.file(one, LATER)
    take_back(desk, asked, on=LATER)
    assert one.status == FILED
    assert asked.measure.scope_state == "waiting"
    desk.accept(one, date(2026, 7, 21))
    assert desk.report(one).state == "accepted"


def test_a_city_that_comes_back_owes_the_running_period_with_time_to_file(desk: Desk) -> None:
    asked = scope()
    settle(desk, asked, *ids(GUANGZHOU))
    open_on(LATER)
    take_back(desk, asked, on=LATER)
    assert settle(desk, asked, *ids(GUANGZHOU), on=LATER) == Effect(begun=1, ended=0)
    back = owed(local(asked, GUANGZHOU), period="2026-H2")
    assert (local(asked, GUANGZHOU).state, back.status) == (OPEN, DUE)
    assert back.awaited_by >= WORKDAYS.after(LATER, 10)


def test_naming_units_makes_their_tasks_and_ends_the_class_task(desk: Desk) -> None:
    asked = a_class()
    effect = settle(desk, asked, unit("省教育厅").id, unit("省卫生健康委").id)
    assert effect == Effect(begun=2, ended=0)
    assert named(asked, CLASSES).state == ENDED
    assert {named(asked, name).state for name in ("省教育厅", "省卫生健康委")} == {OPEN}
    open_on(date(2026, 4, 2))
    assert ("progress", "2026-Q2") in owed_by(named(asked, "省教育厅"))


def test_without_named_units_the_office_holds_the_class_task_again(desk: Desk) -> None:
    asked = a_class()
    settle(desk, asked, unit("省教育厅").id)
    take_back(desk, asked)
    assert named(asked, CLASSES).state == HELD
    assert named(asked, "省教育厅").state == ENDED


def test_an_open_end_may_be_closed_without_further_units(desk: Desk) -> None:
    asked = question("ybh-2019-376", OTHERS, "13")
    asked = Question(**{**vars(asked), "measure": open_ended(), "class_id": None})
    assert settle(desk, asked) == Effect(begun=0, ended=0)
    (one,) = designations.open_of(asked.measure.id)
    assert one.is_decided


def open_ended() -> Measure:
    query = select(Measure).join(Notice, Measure.notice_id == Notice.id)
    return db.session.scalars(
        query.where(Measure.is_open_ended, Notice.slug == "ybh-2019-376")
    ).one()


def test_a_city_notice_without_an_office_puts_its_units_on_record(desk: Desk) -> None:
    asked = question("qianhai-6", CITIES, "9")
    settle(desk, asked, *ids("深圳市"))
    assert local(asked, "深圳市").state == RECORDED


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("各企业", "一类单位"),
        ("省财政厅", "已承担这一事项"),
        ("人民银行广州分行", "其他单位承接"),
    ],
)
def test_a_unit_that_cannot_be_asked_is_refused(desk: Desk, name: str, sentence: str) -> None:
    with pytest.raises(Forbidden, match=sentence):
        settle(desk, a_class(), unit(name).id)


def test_nothing_is_designated_without_choice_ground_or_words(desk: Desk) -> None:
    with pytest.raises(Forbidden, match="至少勾选"):
        settle(desk, scope())
    bare = Decision(chosen=ids(GUANGZHOU), source="", words="", seen=0)
    with pytest.raises(Forbidden, match="请写明依据"):
        decide(scope(), bare, by(desk.cast.chief, DAY), WORKDAYS)


def test_the_second_of_two_who_decide_at_once_is_told(desk: Desk) -> None:
    asked = scope()
    stale = decision(asked, *ids(ZHUHAI))
    settle(desk, asked, *ids(GUANGZHOU))
    with pytest.raises(Forbidden, match="其他人刚刚作过指定"):
        decide(asked, stale, by(desk.cast.chief, DAY), WORKDAYS)


def test_every_decision_stays_on_record_with_its_ground_and_who_took_it(desk: Desk) -> None:
    asked = scope()
    settle(desk, asked, *ids(GUANGZHOU))
    take_back(desk, asked)
    told = designations.told(asked.measure.id)
    assert [(one.decision.state, one.names) for one in told] == [
        ("undecided", []),
        ("decided", [GUANGZHOU]),
    ]
    assert {(one.office, one.decision.words) for one in told} == {(OFFICE, "原则同意。")}
