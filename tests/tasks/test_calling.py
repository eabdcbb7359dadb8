"""临时调度: an obligation without a task, like any other in everything that follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cast import (
    BANK,
    CITY,
    EIGHTH,
    MARITIME,
    OFFICE,
    TAX,
    WORDS,
    WORKDAYS,
    Desk,
    by,
    unit,
)
from tracker.coordinating import extending, waiting
from tracker.db import db
from tracker.notices.models import Notice
from tracker.reports import calls, desk as unit_desk, filing, queries
from tracker.reports.bodies import Answer, Body
from tracker.supervision import overdue
from tracker.supervision.knowing import AsOf
from tracker.tasks import calling, moving
from tracker.tasks.calling import Calling
from tracker.tasks.models import Call, Move, Obligation, Tally
from tracker.tasks.questions import NUMBER, Question
from tracker.tasks.states import ACCEPTED, DUE, FILED, OPENED, OVER, RETURNED, Forbidden
from tracker.tasks.tallying import differences

DAY, DUE_ON, LATE = date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 23)
QUESTIONS = (Question(label="办理多少件", kind=NUMBER, is_required=True), Question(label="做法"))
ANSWERED = Body(answers=(Answer(label="办理多少件", text="12"), Answer(label="做法", text=WORDS)))


def made(desk: Desk, *names: str, **other: Any) -> Call:
    asked: dict[str, Any] = {
        "notice_id": db.session.scalars(select(Notice.id).where(Notice.slug == EIGHTH)).one(),
        "office_id": unit(OFFICE).id,
        "title": "请报送首季办件情况",
        "words": "",
        "questions": QUESTIONS,
        "due_on": DUE_ON,
        "unit_ids": [unit(name).id for name in names or (TAX, CITY)],
    }
    return calling.call(Calling(**asked | other), by(desk.cast.chief, DAY))


def of(call: Call, name: str = TAX) -> Obligation:
    query = select(Obligation.id).where(
        Obligation.call_id == call.id, Obligation.unit_id == unit(name).id
    )
    found = queries.obligation(db.session.scalars(query).one())
    assert found is not None
    return found


def test_each_called_unit_owes_one_answer_by_the_day_of_the_call(desk: Desk) -> None:
    call = made(desk)
    for name in (TAX, CITY):
        owed = of(call, name)
        assert (owed.status, owed.awaited_by, owed.task_id) == (DUE, DUE_ON, None)
        assert owed.title == "请报送首季办件情况"
    assert of(call, CITY).city_id == unit(CITY).city_id
    events = select(Move.event).where(Move.obligation_id == of(call).id)
    assert list(db.session.scalars(events)) == [OPENED]


def test_a_call_stands_in_the_list_of_what_the_unit_owes(desk: Desk) -> None:
    owed = of(made(desk))
    listed = queries.owed_by(unit(TAX).id, limit=500)
    assert [row.title for row in listed if row.id == owed.id] == ["请报送首季办件情况"]


def test_a_call_that_nobody_answered_is_overdue_like_anything_else(desk: Desk) -> None:
    owed = of(made(desk))
    rows = overdue.overdue(AsOf(day=LATE), limit=None)
    assert [(row.title, row.awaited_by) for row in rows if row.id == owed.id] == [
        ("请报送首季办件情况", DUE_ON)
    ]


def test_it_is_signed_filed_reviewed_and_accepted(desk: Desk) -> None:
    owed = of(made(desk))
    report = desk.submit(owed, DAY, ANSWERED)
    waiting = unit_desk.waiting([unit(TAX).id])
    assert owed.id in {row.id for row in waiting}
    desk.sign(report, owed, DAY)
    assert (owed.status, owed.awaited_by) == (FILED, None)
    queue = queries.waiting_for_review(unit(OFFICE).id, kind="call")
    assert [row.title for row in queue] == ["请报送首季办件情况"]
    desk.accept(owed, DAY)
    assert owed.status == ACCEPTED


def test_it_is_returned_and_awaited_by_the_day_to_put_it_right(desk: Desk) -> None:
    owed = of(made(desk))
    desk.file(owed, DAY, ANSWERED)
    desk.send_back(owed, DAY, date(2026, 3, 25))
    assert (owed.status, owed.awaited_by) == (RETURNED, date(2026, 3, 25))


def test_an_answer_that_does_not_fit_its_question_is_not_sent(desk: Desk) -> None:
    owed = of(made(desk))
    wrong = Body(answers=(Answer(label="办理多少件", text="很多"),))
    report = desk.draft(owed, DAY, wrong)
    with pytest.raises(filing.Incomplete) as refused:
        filing.submit(report, queries.asked_of(owed), by(desk.cast.filer, DAY))
    assert [(m.field, m.message) for m in refused.value.mistakes] == [
        ("answer-0", "请只填数字，例如 12 或 3.5。")
    ]


def test_a_late_answer_is_taken_and_marked_late(desk: Desk) -> None:
    owed = of(made(desk))
    desk.file(owed, LATE, ANSWERED)
    assert (owed.status, owed.is_late) == (FILED, True)


def test_the_tally_does_not_count_calls(desk: Desk) -> None:
    expected = select(func.sum(Tally.expected))
    before = db.session.scalar(expected)
    desk.file(of(made(desk)), DAY, ANSWERED)
    assert db.session.scalar(expected) == before
    assert differences() == 0


def test_a_recalled_call_is_owed_by_nobody_and_keeps_what_was_answered(desk: Desk) -> None:
    call = made(desk)
    desk.file(of(call), DAY, ANSWERED)
    assert calling.recall(call, by(desk.cast.chief, DAY), why="已从其他渠道了解。") == 1
    assert of(call).status == FILED
    assert (of(call, CITY).status, of(call, CITY).awaited_by) == (OVER, None)
    with pytest.raises(Forbidden, match="已经撤回"):
        calling.recall(call, by(desk.cast.chief, DAY), why="再撤一次。")


def test_the_office_sees_how_often_it_asked_whom_this_year(desk: Desk) -> None:
    made(desk)
    made(desk, TAX, MARITIME)
    rows = calls.burden(unit(OFFICE).id, year=2026)
    assert rows[0].name == TAX
    assert {row.name: row.times for row in rows} == {TAX: 2, CITY: 1, MARITIME: 1}
    assert not calls.burden(unit(OFFICE).id, year=2025)


def test_all_answers_stand_in_one_table(desk: Desk) -> None:
    call = made(desk)
    desk.file(of(call), DAY, ANSWERED)
    rows = {row.unit: row for row in calls.answers(call.id)}
    assert Body.of(rows[TAX].body).answers[0] == Answer(label="办理多少件", text="12")
    assert rows[CITY].body is None
    (row,) = calls.of_office(unit(OFFICE).id, today=LATE)
    assert (row.asked, row.answered, row.late) == (2, 1, 1)


def test_a_unit_called_twice_in_one_call_owes_one_answer(desk: Desk) -> None:
    call = made(desk, TAX, TAX)
    assert len(calls.answers(call.id)) == 1


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"unit_ids": []}, "至少选择一个单位"),
        ({"due_on": DAY}, "须晚于今天"),
        ({"due_on": None}, "须晚于今天"),
        ({"due_on": date(2028, 1, 1)}, "不能超过一年"),
        ({"title": "  "}, "请写明调度事项"),
        ({"questions": ()}, "至少写一个问题"),
    ],
)
def test_a_call_that_nobody_could_answer_is_not_made(
    desk: Desk, other: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Forbidden, match=sentence):
        made(desk, **other)


@pytest.mark.parametrize(("name", "sentence"), [("各企业", "一类单位"), (BANK, "其他单位承接")])
def test_only_units_that_live_can_be_called(desk: Desk, name: str, sentence: str) -> None:
    with pytest.raises(Forbidden, match=sentence):
        made(desk, name)


def test_a_call_is_extended_like_anything_else(desk: Desk) -> None:
    owed = of(made(desk))
    moving.extend(owed, by(desk.cast.chief, DAY), day=WORKDAYS.after(DUE_ON, 3), note="同意。")
    assert owed.awaited_by == WORKDAYS.after(DUE_ON, 3)


def put_off(desk: Desk, call: Call, day: date | None, **more: Any) -> None:
    chief = by(desk.cast.chief, more.pop("on", date(2026, 3, 10)))
    calling.put_off(call, chief, **{"day": day, "why": "会议改期。", **more})


def test_the_office_puts_a_day_off_for_all_who_have_not_answered(desk: Desk) -> None:
    call, later = made(desk), date(2026, 4, 3)
    desk.file(of(call), DAY, ANSWERED)
    put_off(desk, call, later)
    assert (of(call).status, of(call).awaited_by) == (FILED, None)
    assert (of(call, CITY).due_on, of(call, CITY).awaited_by) == (DUE_ON, later)
    last = select(Move.event, Move.note).where(Move.obligation_id == of(call, CITY).id)
    assert db.session.execute(last.order_by(Move.id.desc())).first() == ("extend", "会议改期。")


def test_the_office_puts_a_day_off_for_one_unit_even_when_it_is_overdue(desk: Desk) -> None:
    call, later = made(desk), date(2026, 4, 3)
    put_off(desk, call, later, obligation_id=of(call, CITY).id, on=LATE)
    assert (of(call).awaited_by, of(call, CITY).awaited_by) == (DUE_ON, later)


@pytest.mark.parametrize(
    ("day", "why", "sentence"),
    [
        (None, "理由", "请填写报送期限，须晚于今天。"),
        (date(2026, 3, 9), "理由", "须晚于今天"),
        (date(2026, 3, 19), "理由", "须晚于当前期限"),
        (date(2026, 4, 3), " ", "请写明调整期限的理由。"),
    ],
)
def test_a_day_is_only_put_off_and_with_a_reason(
    desk: Desk, day: date | None, why: str, sentence: str
) -> None:
    call = made(desk)
    with pytest.raises(Forbidden, match=sentence):
        put_off(desk, call, day, why=why)
    assert of(call).awaited_by == DUE_ON


def test_a_unit_asks_for_a_later_day_for_its_answer_like_for_any_report(desk: Desk) -> None:
    owed, later = of(made(desk)), date(2026, 4, 3)
    filer, chief = by(desk.cast.filer, DAY), by(desk.cast.chief, date(2026, 3, 4))
    asked = extending.ask(owed, filer, reason="数据月底汇总。", wished_on=later)
    assert [row.request_id for row in waiting.extensions(unit(OFFICE).id, limit=9)] == [asked.id]
    extending.grant(asked, owed, chief)
    assert (owed.due_on, owed.awaited_by, owed.status) == (DUE_ON, later, DUE)
