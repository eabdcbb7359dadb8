"""What has come due and how it was met, against a count of raw rows; a past day as known then."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tests.cast import (
    EIGHTH,
    MARITIME,
    OFFICE,
    Q1_DUE,
    TAX,
    Desk,
    by,
    open_on,
    owed,
    tasks_of,
    unit,
)
from tests.supervision.test_evaluating import at, filed_on, rows_of, story
from tracker.clock import end_of
from tracker.coordinating.closing import CHECKLIST, ask as ask_closing, close, reopen
from tracker.db import db
from tracker.notices.models import Notice
from tracker.supervision import stages
from tracker.supervision.knowing import AsOf, as_of
from tracker.supervision.landing import landed_by, stands
from tracker.supervision.outcomes import due, within
from tracker.tasks import moving
from tracker.tasks.models import Move, Obligation, Task
from tracker.tasks.picking import Picked

DAY = timedelta(days=1)
AS_OF = Q1_DUE + 10 * DAY
LATER = AS_OF + 5 * DAY
Told = dict[int, tuple[str, bool, date]]


def told(asked: AsOf) -> Told:
    found = due(asked, Picked(office=unit(OFFICE).id))
    assert len({one.id for one in found}) == len(found)
    return {one.id: (one.outcome, one.is_overdue, one.issued) for one in found}


def by_hand(day: date) -> Told:
    """Every obligation of the office by its rows up to the day's end."""
    query = select(Obligation).join(Notice, Obligation.notice_id == Notice.id)
    found: Told = {}
    for one in db.session.scalars(query.where(Notice.office_id == unit(OFFICE).id)).all():
        every = rows_of(Move, Move.obligation_id == one.id)
        moves = [move for move in every if at(move.recorded_at) < end_of(day)]
        if not moves or moves[-1].status in ("waived", "over", "unassigned"):
            continue
        issued = [move.awaited_by for move in moves if move.status == "due"][-1]
        filed, awaited = filed_on(moves), moves[-1].awaited_by
        is_overdue = awaited is not None and awaited < day
        outcome = "missing" if not filed else "late" if filed > issued else "on_time"
        if issued < day and (filed or is_overdue):
            found[one.id] = outcome, is_overdue, issued
    return found


def test_what_came_due_is_that_of_a_count_by_hand(desk: Desk) -> None:
    seven = story(desk)
    eighth = owed(tasks_of(TAX, EIGHTH)[7])
    moving.dispute(eighth, by(desk.cast.filer, Q1_DUE - DAY), note="不属本单位")
    found = told(AsOf(day=AS_OF))
    assert found == by_hand(AS_OF)
    on_time, late, returned, _landed, waived, withdrawn, put_off = (one.id for one in seven)
    assert found[on_time][:2] == ("on_time", False)
    assert found[late][:2] == ("late", False)
    assert found[returned][:2] == ("on_time", True)
    assert found[withdrawn][:2] == ("missing", True)
    assert not {waived, put_off, eighth.id} & found.keys()


def test_a_day_that_has_passed_is_told_as_it_was_known_then(desk: Desk) -> None:
    """Afterwards one is put off, one filed late, one taken back, one judged, one closed out."""
    story(desk)
    before = told(AsOf(day=AS_OF))
    more = [owed(task) for task in [*tasks_of(TAX, EIGHTH)[7:], *tasks_of(MARITIME, EIGHTH)]]
    moving.extend(more[0], by(desk.cast.chief, LATER), day=LATER + 9 * DAY, note="-")
    desk.file(more[1], LATER)
    moving.waive(more[2], by(desk.cast.chief, LATER), note="不涉及")
    moving.dispute(more[3], by(desk.cast.maritime, LATER), note="不属本单位")
    on_time = owed(tasks_of(TAX, EIGHTH)[0])
    desk.withdraw(on_time, LATER)
    desk.file(on_time, LATER)
    assert told(as_of(AS_OF, today=LATER)) == before == by_hand(AS_OF)
    assert told(AsOf(day=LATER)) == by_hand(LATER) != before


def test_what_fell_due_in_a_month_goes_by_the_day_it_was_put_off_to(desk: Desk) -> None:
    one = owed(tasks_of(TAX, EIGHTH)[0])
    moving.extend(one, by(desk.cast.chief, Q1_DUE - DAY), day=date(2026, 5, 6), note="-")
    found = due(AsOf(day=date(2026, 6, 1)), Picked(office=unit(OFFICE).id))
    april = within(found, date(2026, 4, 1), date(2026, 4, 30))
    may = within(found, date(2026, 5, 1), date(2026, 5, 31))
    assert one.id not in {each.id for each in april}
    assert [each.id for each in may] == [one.id]


def test_what_had_landed_on_a_past_day_is_told_by_what_was_accepted_by_then(desk: Desk) -> None:
    one = story(desk)[3]
    task = db.session.get_one(Task, db.session.get_one(Obligation, one.id).task_id)
    found = stands(AsOf(day=AS_OF), unit(OFFICE).id)
    assert {stand.id for stand in found if stand.is_landed} == {task.id}
    assert landed_by(end_of(Q1_DUE), Task.id == task.id) == {task.id}
    assert landed_by(end_of(Q1_DUE - DAY), Task.id == task.id) == set()


def test_what_was_closed_and_taken_up_again_has_not_landed_until_a_new_report(desk: Desk) -> None:
    one = story(desk)[3]
    task = db.session.get_one(Task, db.session.get_one(Obligation, one.id).task_id)
    filer, chief = by(desk.cast.filer, AS_OF), by(desk.cast.chief, AS_OF)
    closing = ask_closing(task, filer, unit_id=task.unit_id, reason="已经落地。")
    close(closing, task, chief, checked=CHECKLIST[closing.outcome])
    assert task.id in landed_by(end_of(AS_OF), Task.id == task.id)
    again = by(desk.cast.chief, LATER)
    reopen(closing, task, again, day=LATER + 9 * DAY, reason="措施停用。")
    assert landed_by(end_of(AS_OF), Task.id == task.id) == {task.id}
    assert landed_by(end_of(LATER), Task.id == task.id) == set()
    assert not task.is_landed
    stand = stages.stands(LATER, Task.id == task.id).of(task.id)
    assert (stand.word, stand.stage, stand.percent) == ("已撤销销号", "", None)
    open_on(LATER)
    desk.file(owed(task, period="2026-Q2"), LATER + DAY)
    assert stages.stands(LATER, Task.id == task.id).of(task.id).word == "推进中"
