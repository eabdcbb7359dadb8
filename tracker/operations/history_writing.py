"""Writes a story down in bulk: a statement for each kind of row, none for each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from sqlalchemy import delete, select

from tracker.clock import day_of
from tracker.db import db
from tracker.operations.bulk import Row, insert_rows, last_number, update_rows
from tracker.operations.history_rows import Played
from tracker.operations.history_story import Story, settle
from tracker.reports.bodies import Body
from tracker.reports.models import (
    Milestone,
    ReceiptCount,
    Report,
    ReportMove,
    Review,
    Revision,
)
from tracker.tasks.models import Move, Obligation, Waiver
from tracker.tasks.states import PLAN, PROGRESS
from tracker.tasks.tallying import rebuild

MilestoneIds = dict[tuple[int, int], int]


@dataclass(frozen=True, kw_only=True)
class Written:
    """How much came into the database."""

    reports: int
    revisions: int
    moves: int


def write(story: Story) -> Written:
    """The whole story, and the tally counted anew."""
    written = write_rows(story)
    counted = {
        (one.owed.notice_id, one.owed.period) for one in story.played if one.owed.kind == PROGRESS
    }
    for notice_id, period in sorted(counted):
        rebuild(notice_id, period)
    db.session.expire_all()
    return written


def write_rows(story: Story) -> Written:
    """Everything but the tally, in the order in which rows need each other's numbers."""
    played = list(story.played)
    milestones = _write_milestones(played)
    bodies = _Bodies(milestones)
    reports = _write_reports(played, bodies)
    revisions = _write_revisions(played, reports, bodies)
    report_moves = [
        move | {"report_id": reports[one.owed.id]} for one in played for move in one.report_moves
    ]
    insert_rows(ReportMove, sorted(report_moves, key=_recorded))
    moves = sorted(chain.from_iterable(one.moves for one in played), key=_recorded)
    insert_rows(Move, moves)
    insert_rows(Waiver, [asking.as_row for asking in story.askings])
    update_rows(Obligation, [one.obligation for one in played if one.report or one.moves])
    settle(story)
    return Written(reports=len(reports), revisions=revisions, moves=len(moves))


class _Bodies:
    """Bodies as they are kept; a body that several rows share is written out once."""

    def __init__(self, milestones: MilestoneIds) -> None:
        self._milestones = milestones
        # The body is kept with its text, so that its identity stays its own.
        self._known: dict[tuple[int, int], tuple[Body, Row]] = {}

    def kept(self, body: Body, task_id: int) -> Row:
        key = id(body), task_id
        if key not in self._known:
            ids = tuple(self._milestones[task_id, position] for position in body.done)
            self._known[key] = body, replace(body, done=ids).as_json()
        return self._known[key][1]


def _write_milestones(played: Sequence[Played]) -> MilestoneIds:
    """The steps of accepted plans, with the day on which each was ticked off."""
    ticked = _ticked(played)
    rows = [
        {
            "task_id": one.owed.task_id,
            "position": position,
            "what": step.what,
            "who": step.who,
            "by_day": date.fromisoformat(step.by_day),
            "done_on": ticked.get((one.owed.task_id, position)),
        }
        for one in played
        if one.owed.kind == PLAN and one.accepted_at
        for position, step in enumerate(one.revisions[-1]["body"].milestones, start=1)
    ]
    last = last_number(Milestone)
    insert_rows(Milestone, rows)
    found = select(Milestone.task_id, Milestone.position, Milestone.id)
    return {
        (task_id, position): number
        for task_id, position, number in db.session.execute(found.where(Milestone.id > last))
    }


def _ticked(played: Sequence[Played]) -> dict[tuple[int, int], date]:
    """The first accepted report that says so counts."""
    days: dict[tuple[int, int], date] = {}
    for one in played:
        if one.accepted_at and one.owed.kind != PLAN:
            day = day_of(one.accepted_at)
            for position in one.revisions[-1]["body"].done:
                key = one.owed.task_id, position
                days[key] = min(day, days.get(key, day))
    return days


def _write_reports(played: Sequence[Played], bodies: _Bodies) -> dict[int, int]:
    """Each report's number by its obligation's."""
    rows = [
        one.report | {"body": bodies.kept(one.report["body"], one.owed.task_id)}
        for one in played
        if one.report
    ]
    last = last_number(Report)
    insert_rows(Report, rows)
    found = select(Report.obligation_id, Report.id).where(Report.id > last)
    return {row.obligation_id: row.id for row in db.session.execute(found)}


def _write_revisions(played: Sequence[Played], reports: Mapping[int, int], bodies: _Bodies) -> int:
    """Revisions in the order of their filing, each with its receipt; and their reviews."""
    filed = sorted(
        ((one, row) for one in played for row in one.revisions),
        key=lambda pair: (pair[1]["filed_at"], pair[0].owed.id),
    )
    receipts = _receipts([row["filed_at"] for _, row in filed])
    rows = [
        row
        | {
            "report_id": reports[one.owed.id],
            "receipt": receipt,
            "body": bodies.kept(row["body"], one.owed.task_id),
        }
        for (one, row), receipt in zip(filed, receipts, strict=True)
    ]
    last = last_number(Revision)
    insert_rows(Revision, rows)
    found = select(Revision.report_id, Revision.number, Revision.id).where(Revision.id > last)
    ids = {(report_id, number): id_ for report_id, number, id_ in db.session.execute(found)}
    insert_rows(Review, list(_reviews(played, reports, ids)))
    return len(rows)


def _reviews(
    played: Sequence[Played], reports: Mapping[int, int], ids: Mapping[tuple[int, int], int]
) -> Iterator[Row]:
    decided = [(one.owed.id, row) for one in played for row in one.reviews]
    for obligation_id, row in sorted(decided, key=lambda pair: (pair[1]["decided_at"], pair[0])):
        values = {name: value for name, value in row.items() if name != "number"}
        yield values | {"revision_id": ids[reports[obligation_id], row["number"]]}


def _receipts(moments: Sequence[datetime]) -> list[str]:
    """回执编号 one after the other in each year, going on from the last one given."""
    counts = db.session.execute(select(ReceiptCount.year, ReceiptCount.last))
    given = {row.year: row.last for row in counts}
    known, numbers = set(given), []
    for moment in moments:
        year = day_of(moment).year
        given[year] = given.get(year, 0) + 1
        numbers.append(f"{year}-{given[year]:06d}")
    rows = [{"year": year, "last": last} for year, last in sorted(given.items())]
    db.session.execute(delete(ReceiptCount).where(ReceiptCount.year.in_(known)))
    insert_rows(ReceiptCount, rows)
    return numbers


def _recorded(row: Row) -> datetime:
    recorded: datetime = row["recorded_at"]
    return recorded
