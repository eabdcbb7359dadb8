"""Evaluations: frozen as of a day, equal when counted again, every figure with its rows.

The oracle reads raw rows obligation by obligation and shares nothing with what it judges.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import (
    BODY,
    EIGHTH,
    LANDED,
    OFFICE,
    Q1_DUE,
    TAX,
    Desk,
    by,
    moment,
    open_on,
    owed,
    tasks_of,
    unit,
)
from tracker.db import db
from tracker.notices.models import Notice
from tracker.reports.bodies import Issued
from tracker.reports.models import FiledBacking, Report, Review, Revision
from tracker.supervision import evaluating, evaluations
from tracker.supervision.evaluations import BEHIND, Which
from tracker.supervision.models import Evaluation
from tracker.supervision.scoring import FIGURES
from tracker.tasks import moving
from tracker.tasks.models import Move, Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden

DAY = timedelta(days=1)
AS_OF = Q1_DUE + 10 * DAY
WEIGHTS = {"completeness": 25, "timeliness": 25, "first_pass": 20, "landed": 20, "evidence": 10}
PERIODS = ("2026-Q1", "2026-M01", "2026-M02", "2026-M03")
Facts = dict[str, Any]


def story(desk: Desk) -> list[Obligation]:
    """Seven reports of 省税务局, each with a fate of its own."""
    seven = [owed(task) for task in tasks_of(TAX, EIGHTH)[:7]]
    on_time, late, returned, landed, waived, withdrawn, put_off = seven
    desk.file(on_time, Q1_DUE - DAY, BODY)
    desk.file(late, Q1_DUE + DAY, documents())
    desk.file(returned, Q1_DUE)
    desk.send_back(returned, Q1_DUE + DAY, Q1_DUE + 5 * DAY)
    desk.file(landed, Q1_DUE - DAY, LANDED)
    desk.accept(landed, Q1_DUE)
    moving.waive(waived, by(desk.cast.chief, Q1_DUE), note="不涉及")
    desk.file(withdrawn, Q1_DUE)
    desk.withdraw(withdrawn, Q1_DUE)
    moving.extend(put_off, by(desk.cast.chief, Q1_DUE - DAY), day=AS_OF + DAY, note="-")
    return seven


def documents() -> Any:
    return replace(BODY, documents=(Issued(title="实施细则", number="粤税发〔2026〕1号"),))


def frozen(desk: Desk, as_of: date = AS_OF, on: date | None = None) -> Evaluation:
    maker = By(person_id=desk.cast.chief, at=moment(on or as_of))
    return evaluating.freeze(unit(OFFICE).id, "2026-Q1", as_of, maker, weights=WEIGHTS)


def by_hand(as_of: date, periods: tuple[str, ...] = PERIODS) -> list[Facts]:
    """Every obligation of the period, by its raw rows up to the day's end."""
    end = moment(as_of + DAY, 0)
    query = select(Obligation).join(Notice, Obligation.notice_id == Notice.id)
    query = query.where(Notice.office_id == unit(OFFICE).id, Obligation.period.in_(periods))
    told = [facts(one, end, as_of) for one in db.session.scalars(query).all()]
    return [fact for fact in told if fact]


def facts(one: Obligation, end: datetime, as_of: date) -> Facts:
    moves = [m for m in rows_of(Move, Move.obligation_id == one.id) if at(m.recorded_at) < end]
    if not moves or moves[-1].status in ("waived", "over", "unassigned", "disputed"):
        return {}
    reports = rows_of(Report, Report.obligation_id == one.id)
    sent = rows_of(Revision, Revision.report_id == reports[0].id) if reports else []
    filed = filed_on(moves)
    reviews = [r for s in sent for r in rows_of(Review, Review.revision_id == s.id)]
    decided = [r for r in reviews if at(r.decided_at) < end]
    backed = bool(filed) and any(
        rows_of(FiledBacking, FiledBacking.revision_id == s.id) or s.body["documents"]
        for s in sent
        if at(s.filed_at) < end
    )
    missing = not filed and moves[-1].awaited_by and moves[-1].awaited_by < as_of
    outcome = "missing" if missing else "pending"
    if filed:
        outcome = "late" if filed > (one.extended_to or one.due_on) else "on_time"
    return {
        "id": one.id,
        "unit": moves[-1].unit_id,
        "outcome": outcome,
        "reviewed": bool(decided),
        "first_pass": bool(decided) and decided[0].is_accepted,
        "backed": backed,
        "landed": any(r.is_accepted for r in decided) and sent[-1].stage == "landed",
    }


def filed_on(moves: list[Move]) -> date | None:
    """The first filing that was not taken back before anybody decided."""
    day = None
    for move in moves:
        if move.event == "file" and day is None:
            day = (at(move.recorded_at) + timedelta(hours=8)).date()
        elif move.event == "withdraw" and move.status == "due":
            day = None
    return day


def rows_of(model: Any, where: Any) -> list[Any]:
    return list(db.session.scalars(select(model).where(where)).all())


def at(stored: datetime) -> Any:
    """In UTC on both databases."""
    return (stored if stored.tzinfo else stored.replace(tzinfo=UTC)).astimezone(UTC)


def counted(told: list[Facts]) -> dict[str, int]:
    """One task has one report in a quarter, so that its report stands for it."""
    outcomes = Counter(fact["outcome"] for fact in told)
    marks = {name: sum(f[name] for f in told) for name in ("reviewed", "first_pass", "backed")}
    landed = sum(fact["landed"] for fact in told)
    several = {"expected": len(told), "tasks": len(told), "landed": landed}
    return {name: ({**outcomes, **marks, **several}).get(name, 0) for name in FIGURES}


def test_every_figure_is_that_of_a_count_by_hand(desk: Desk) -> None:
    story(desk)
    evaluation = frozen(desk)
    told = by_hand(AS_OF)
    rows = evaluations.rows(evaluation.id)
    assert {row.unit_id for row in rows} == {fact["unit"] for fact in told}
    for row in rows:
        own = counted([fact for fact in told if fact["unit"] == row.unit_id])
        assert {name: getattr(row.figures, name) for name in FIGURES} == own, row.unit


def test_the_story_is_told_in_every_figure(desk: Desk) -> None:
    story(desk)
    tax = next(row for row in evaluations.rows(frozen(desk).id) if row.unit == TAX)
    assert (tax.figures.on_time, tax.figures.late, tax.figures.pending) == (3, 1, 1)
    assert (tax.figures.reviewed, tax.figures.first_pass) == (2, 1)
    assert (tax.figures.backed, tax.figures.landed) == (1, 1)
    assert tax.figures.missing == tax.figures.expected - 5


@pytest.mark.parametrize("figure", FIGURES)
def test_behind_every_figure_stand_as_many_rows(desk: Desk, figure: str) -> None:
    story(desk)
    evaluation = frozen(desk)
    assert BEHIND.keys() == FIGURES.keys()
    for row in evaluations.rows(evaluation.id):
        which = Which(figure=figure, unit_id=row.unit_id, role=row.role)
        found = evaluations.behind(evaluation.id, which, limit=None)
        number = getattr(row.figures, figure)
        assert len(found) == evaluations.number_behind(evaluation.id, which) == number


def test_counted_again_it_is_equal_whatever_happened_since(desk: Desk) -> None:
    seven = story(desk)
    evaluation = frozen(desk)
    desk.accept(seven[0], AS_OF + DAY)
    desk.file(seven[5], AS_OF + DAY)
    moving.extend(owed(tasks_of(TAX, EIGHTH)[8]), by(1, AS_OF + DAY), day=AS_OF + 9 * DAY, note="")
    moving.hand_over(seven[6], by(1, AS_OF + DAY), unit_id=unit(OFFICE).id, note="-")
    assert evaluating.differences(evaluation) == 0


def test_frozen_later_for_an_earlier_day_it_is_the_same(desk: Desk) -> None:
    seven = story(desk)
    before = evaluations.rows(frozen(desk).id)
    desk.accept(seven[0], AS_OF + DAY)
    earlier = frozen(desk, as_of=AS_OF - DAY, on=AS_OF + DAY)
    assert evaluations.rows(earlier.id) == before
    later = frozen(desk, as_of=AS_OF + DAY)
    assert evaluations.rows(later.id) != before


def test_a_changed_event_is_noticed(desk: Desk) -> None:
    seven = story(desk)
    evaluation = frozen(desk)
    desk.accept(seven[0], AS_OF)
    assert evaluating.differences(evaluation) > 0


def test_one_evaluation_for_an_office_period_and_day(desk: Desk) -> None:
    frozen(desk)
    with pytest.raises(Forbidden, match="已有评估"):
        frozen(desk)


def test_an_empty_period_is_not_frozen(desk: Desk) -> None:
    office, maker = unit(OFFICE).id, by(desk.cast.chief, AS_OF)
    for period, sentence in (("2025-Q1", "没有应报事项"), ("2026-Q3", "不能早于")):
        with pytest.raises(Forbidden, match=sentence):
            evaluating.freeze(office, period, AS_OF, maker, weights=WEIGHTS)


def test_a_year_holds_all_its_periods_and_each_task_once(desk: Desk) -> None:
    open_on(date(2026, 7, 1))
    maker = by(desk.cast.chief, date(2026, 8, 3))
    office = unit(OFFICE).id
    year = evaluating.freeze(office, "2026", date(2026, 8, 3), maker, weights=WEIGHTS)
    tax = next(row for row in evaluations.rows(year.id) if row.unit == TAX)
    assert tax.figures.expected == 3 * tax.figures.tasks


def test_units_see_it_once_it_is_shown(desk: Desk) -> None:
    evaluation = frozen(desk)
    assert not evaluations.shown_to(unit(TAX).id)
    evaluating.show_to_units(evaluation, by(desk.cast.chief, AS_OF))
    assert [row.id for row in evaluations.shown_to(unit(TAX).id)] == [evaluation.id]
