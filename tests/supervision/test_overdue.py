"""Overdue as of any day, against a count by hand of every obligation's events."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tests.cast import (
    CITY,
    EIGHTH,
    Q1_DUE,
    Q2_DUE,
    TAX,
    WORKDAYS,
    Desk,
    by,
    open_on,
    owed,
    tasks_of,
    tracking_of,
    unit,
)
from tracker.clock import end_of
from tracker.db import db
from tracker.notices.models import Notice
from tracker.supervision import changes, counting
from tracker.supervision.backlog import number_waiting, waiting
from tracker.supervision.changes import BEFORE, MET, NEWLY, SETTLED, STILL, changed, number_changed
from tracker.supervision.knowing import AsOf, as_of
from tracker.supervision.lateness import Lateness
from tracker.supervision.overdue import due_between, number_overdue, overdue
from tracker.tasks import moving
from tracker.tasks.models import Move, Obligation
from tracker.tasks.picking import Picked
from tracker.tasks.scheduling import set_workdays

DAY = timedelta(days=1)
TODAY = date(2026, 8, 3)
WEEK, NEXT_WEEK = date(2026, 4, 20), date(2026, 4, 27)


def ids(rows: object) -> set[int]:
    return {row.id for row in rows}  # type: ignore[attr-defined]


def by_hand(day: date) -> set[int]:
    """What the last event recorded by the day's end says, obligation by obligation."""
    last: dict[int, Move] = {}
    for move in db.session.scalars(select(Move).order_by(Move.id)):
        if move.recorded_at.replace(tzinfo=None) < end_of(day).replace(tzinfo=None):
            last[move.obligation_id] = move
    return {id for id, move in last.items() if move.awaited_by and move.awaited_by < day}


def story(desk: Desk) -> list[Obligation]:
    """Four reports of 省税务局 for the first quarter, each with a fate of its own."""
    four = [owed(task) for task in tasks_of(TAX, EIGHTH)[:4]]
    desk.file(four[0], Q1_DUE)
    desk.file(four[1], WEEK + DAY)
    moving.waive(four[2], by(desk.cast.chief, WEEK + 2 * DAY), note="不涉及")
    desk.send_back(four[0], WEEK, NEXT_WEEK - DAY)
    return four


def test_it_is_overdue_the_day_after_due(desk: Desk, first: Obligation) -> None:
    for day, late in ((Q1_DUE, False), (Q1_DUE + DAY, True)):
        for asked in (AsOf(day=day), as_of(day, today=TODAY)):
            assert (first.id in ids(overdue(asked, limit=None))) is late


def test_any_day_is_as_its_events_say(desk: Desk) -> None:
    open_on(date(2026, 7, 1))
    story(desk)
    for day in (Q1_DUE, Q1_DUE + DAY, WEEK, WEEK + DAY, WEEK + 3 * DAY, NEXT_WEEK, Q2_DUE + DAY):
        asked = as_of(day, today=TODAY)
        assert ids(overdue(asked, limit=None)) == by_hand(day), day
        assert number_overdue(asked) == len(by_hand(day))
    assert ids(overdue(AsOf(day=TODAY), limit=None)) == by_hand(TODAY)


def test_what_was_handed_over_counts_for_who_held_it_then(desk: Desk, first: Obligation) -> None:
    moving.hand_over(first, by(None, WEEK), unit_id=unit(CITY).id, note="承接")
    tax, city = Picked(unit=unit(TAX).id), Picked(unit=unit(CITY).id)
    before, after = as_of(WEEK - DAY, today=TODAY), as_of(WEEK, today=TODAY)
    assert first.id in ids(overdue(before, tax, limit=None))
    assert first.id not in ids(overdue(before, city, limit=None))
    assert first.id in ids(overdue(after, city, limit=None))


def test_the_list_since_a_day_is_new_stayed_met_or_settled(desk: Desk) -> None:
    four = story(desk)
    asked = as_of(NEXT_WEEK, today=TODAY)
    found = {which: ids(changed(which, asked, WEEK, limit=None)) for which in changes.CHANGES}
    assert four[0].id in found[NEWLY]
    assert four[1].id in found[MET]
    assert four[2].id in found[SETTLED]
    assert four[3].id in found[STILL]
    assert found[NEWLY] | found[STILL] == by_hand(NEXT_WEEK)
    assert found[STILL] | found[MET] | found[SETTLED] == by_hand(WEEK - DAY)
    assert {which: number_changed(which, asked, WEEK) for which in found} == {
        which: len(members) for which, members in found.items()
    }


def test_what_fell_overdue_and_was_filed_in_one_week_is_new_and_met(desk: Desk) -> None:
    """Due on a Wednesday, filed on that Friday; another was put off once it was overdue."""
    monday, three = date(2026, 4, 13), [owed(task) for task in tasks_of(TAX, EIGHTH)[:3]]
    desk.file(three[0], Q1_DUE)
    desk.file(three[1], Q1_DUE + 2 * DAY)
    moving.waive(three[2], by(desk.cast.chief, Q1_DUE + DAY), note="不涉及")
    for day in (Q1_DUE + DAY, Q1_DUE + 2 * DAY, date(2026, 4, 19)):
        asked, since = as_of(day, today=TODAY), day - timedelta(days=day.weekday())
        found = {which: ids(changed(which, asked, since, limit=None)) for which in changes.CHANGES}
        assert found[BEFORE] | found[NEWLY] == found[MET] | found[SETTLED] | by_hand(day)
        numbers = {which: number_changed(which, asked, since) for which in found}
        assert numbers == {which: len(members) for which, members in found.items()}
    assert since == monday
    assert (found[MET], found[SETTLED]) == ({three[1].id}, {three[2].id})
    assert found[NEWLY] >= {three[1].id, three[2].id}
    assert three[0].id not in found[NEWLY]


def test_what_changes_hands_is_gone_from_the_one_and_new_to_the_other(
    desk: Desk, first: Obligation
) -> None:
    moving.hand_over(first, by(None, WEEK), unit_id=unit(CITY).id, note="承接")
    asked = as_of(WEEK, today=TODAY)
    for name, which in ((TAX, SETTLED), (CITY, NEWLY)):
        picked = Picked(unit=unit(name).id)
        assert ids(changed(which, asked, WEEK, picked, limit=None)) == {first.id}
        numbers = {one: number_changed(one, asked, WEEK, picked) for one in changes.CHANGES}
        went = numbers[MET] + numbers[SETTLED]
        assert numbers[BEFORE] + numbers[NEWLY] - went == number_overdue(asked, picked)


def test_filters_narrow_and_pages_follow_their_key(desk: Desk) -> None:
    asked = as_of(WEEK, today=TODAY)
    notice = db.session.scalars(select(Notice).where(Notice.slug == EIGHTH)).one()
    picked = Picked(notice=notice.id, unit=unit(TAX).id, role="lead", office=notice.office_id)
    whole = overdue(asked, picked, limit=None)
    assert {(row.unit, row.slug, row.role) for row in whole} == {(TAX, EIGHTH, "lead")}
    assert ids(overdue(asked, Picked(adoption="借鉴"), limit=None)) < by_hand(WEEK)
    page = overdue(asked, picked, limit=2)
    rest = overdue(asked, picked, after=(page[-1].awaited_by, page[-1].id), limit=None)
    assert [*page, *rest] == whole


def test_lights_are_the_same_rows_counted(desk: Desk) -> None:
    story(desk)
    day = Q1_DUE
    asked, soon = as_of(day, today=TODAY), WORKDAYS.after(day, 5)
    total = counting.lights(asked, soon)
    cells = counting.cells(asked, soon)
    assert sum(cell.yellow for cell in cells) == total.yellow > 0
    assert total.yellow == len(due_between(asked, day, soon, limit=None))
    late = [cell for cell in counting.cells(as_of(WEEK, today=TODAY), soon) if cell.red]
    assert sum(cell.red for cell in late) == len(by_hand(WEEK))
    assert min(cell.oldest for cell in late) == Q1_DUE


def test_workdays_late_leave_out_the_holidays() -> None:
    """1 to 5 May 2026 are free, 9 May is worked."""
    late = Lateness(date(2026, 5, 11), WORKDAYS)
    assert late.of(date(2026, 4, 30)) == 5
    assert late.of(date(2026, 5, 9)) == 1
    assert [late.at_least(5), late.at_least(6)] == [date(2026, 5, 5), date(2026, 4, 29)]
    assert Lateness(date(2026, 5, 3), WORKDAYS).of(date(2026, 4, 30)) == 0


def test_what_waits_for_review_has_the_reviewers_own_day(desk: Desk, first: Obligation) -> None:
    report = desk.file(first, WEEK)
    office = Picked(office=first.notice.office_id)
    (mine,) = waiting(as_of(WEEK, today=TODAY), office)
    assert (mine.row.id, mine.filed_on, mine.review_by) == (first.id, WEEK, report.review_by)
    assert number_waiting(AsOf(day=TODAY), office) == 1
    desk.accept(first, WEEK + DAY)
    assert number_waiting(as_of(WEEK, today=TODAY), office) == 1
    assert number_waiting(as_of(WEEK + DAY, today=TODAY), office) == 0


def test_a_changed_review_time_moves_no_day_that_was_given(desk: Desk, first: Obligation) -> None:
    desk.file(first, WEEK)
    office = Picked(office=first.notice.office_id)
    given = WORKDAYS.after(WEEK, 5)
    longer = {"for_plan": 30, "for_review": 10}
    set_workdays(tracking_of(EIGHTH), by(desk.cast.chief, WEEK + DAY), WORKDAYS, **longer)
    for asked in (AsOf(day=TODAY), as_of(WEEK, today=TODAY)):
        assert [one.review_by for one in waiting(asked, office)] == [given]


def test_a_past_day_knows_the_filing_that_waited_then(desk: Desk, first: Obligation) -> None:
    """Filed, returned, and filed again under a longer time for review."""
    office, again = Picked(office=first.notice.office_id), WEEK + 3 * DAY
    desk.file(first, WEEK)
    desk.send_back(first, WEEK + DAY, WEEK + 9 * DAY)
    longer = {"for_plan": 30, "for_review": 10}
    set_workdays(tracking_of(EIGHTH), by(desk.cast.chief, WEEK + DAY), WORKDAYS, **longer)
    desk.file(first, again)
    (then,) = waiting(as_of(WEEK, today=TODAY), office)
    (now,) = waiting(AsOf(day=TODAY), office)
    assert (then.filed_on, then.review_by) == (WEEK, WORKDAYS.after(WEEK, 5))
    assert (now.filed_on, now.review_by) == (again, WORKDAYS.after(again, 10))
