"""Many at once: the rows of one page, saved and submitted together; each row for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from tracker.db import db, insert
from tracker.notices.models import Measure
from tracker.reports import filing, writing
from tracker.reports.bodies import Asked, Body, Mistake
from tracker.reports.models import Milestone, Report, Revision
from tracker.reports.queries import MAY
from tracker.reports.states import DRAFT, EDITABLE, STAGES
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Task
from tracker.tasks.moving import By
from tracker.tasks.states import DUE, PROGRESS, RETURNED, Forbidden


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One row as it was sent: the fields of the sheet, and the version it was typed over."""

    version: int
    stage: str
    percent: str
    progress: str
    is_unchanged: bool

    def over(self, kept: Body) -> Body:
        """The sheet has four columns; what else the report says stays."""
        return replace(
            kept,
            stage=self.stage,
            percent=self.percent,
            progress=self.progress,
            is_unchanged=self.is_unchanged,
        )


@dataclass(kw_only=True)
class Outcome:
    """What became of each row, by its obligation."""

    saved: list[int]
    submitted: list[int]
    wrong: dict[int, Sequence[Mistake]]


def of_unit(unit_id: int, notice_id: int, period: str) -> Sequence[Obligation]:
    """The progress a unit still owes one notice for a period, locked for writing."""
    query = progress_of(unit_id).where(
        Obligation.notice_id == notice_id,
        Obligation.period == period,
        Obligation.status.in_((DUE, RETURNED)),
    )
    return db.session.scalars(query).all()


def progress_of(unit_id: int) -> Select[Obligation]:
    """A unit's progress obligations, with the list that says whether a measure must be adopted."""
    measure = joinedload(Obligation.task).joinedload(Task.measure).joinedload(Measure.list)
    query = select(Obligation).options(measure).order_by(Obligation.id)
    return query.where(Obligation.unit_id == unit_id, Obligation.kind == PROGRESS)


def save(
    owed: Sequence[Obligation], typed: Mapping[int, Typed], by: By, *, submits: bool
) -> Outcome:
    """Right rows go, wrong ones stay with their sentences; the caller commits all in one go."""
    reports = _begun([one for one in owed if one.id in typed], by)
    outcome = Outcome(saved=[], submitted=[], wrong={})
    asked = asked_of_all(owed) if submits else {}
    complete: list[Report] = []
    for one in owed:
        report, row = reports.get(one.id), typed.get(one.id)
        if report is None or row is None or report.state not in EDITABLE:
            continue
        try:
            _save(report, row, by)
            outcome.saved.append(one.id)
            if submits:
                filing.check_complete(report, asked[one.id])
                complete.append(report)
        except filing.Incomplete as wrong:
            outcome.wrong[one.id] = wrong.mistakes
        except writing.Conflict as conflict:
            outcome.wrong[one.id] = (_both(conflict),)
        except Forbidden as refused:
            outcome.wrong[one.id] = (Mistake(field="progress", message=str(refused)),)
    moving.flush_all(reports.values())
    filing.submit_all(complete, by)
    outcome.submitted.extend(report.obligation_id for report in complete)
    return outcome


def _both(conflict: writing.Conflict) -> Mistake:
    """The row keeps what was typed, and says beside it what the other one saved."""
    message = (
        f"这一行刚被他人保存，对方写的是：{in_words(conflict.kept)}。"
        "请核对后再保存，将以您的内容为准。"
    )
    return Mistake(field="progress", message=message)


def in_words(body: Body) -> str:
    """The four columns of a row in one line."""
    said = [STAGES.get(body.stage, "未选阶段"), f"{body.percent or '—'}%"]
    said.append("无变化" if body.is_unchanged else body.progress or "没有写进展")
    return "，".join(said)


def _save(report: Report, row: Typed, by: By) -> None:
    kept = Body.of(report.body)
    body = row.over(kept).cleaned()
    if body == kept:
        return
    # A row nobody has written on yet was shown as version 0.
    version = row.version or (report.version if kept == Body() else 0)
    writing.put(report, body, version=version, by=by.person_id or 0, at=by.at)


def _begun(owed: Sequence[Obligation], by: By) -> dict[int, Report]:
    """The reports of the rows, begun empty where there is none, in two statements."""
    ids = [one.id for one in owed]
    here = set(
        db.session.scalars(select(Report.obligation_id).where(Report.obligation_id.in_(ids)))
    )
    new = [one for one in owed if one.id not in here]
    if new:
        rows = [_row(one, by) for one in new]
        db.session.execute(insert(Report).on_conflict_do_nothing(), rows)
        moving.begin_all([one.id for one in new], by.day)
    query = select(Report).where(Report.obligation_id.in_(ids)).with_for_update()
    reports = {report.obligation_id: report for report in db.session.scalars(query)}
    for one in owed:
        writing.follow(reports[one.id], one)
    return reports


def _row(one: Obligation, by: By) -> dict[str, object]:
    return {
        "obligation_id": one.id,
        "unit_id": one.unit_id,
        "notice_id": one.notice_id,
        "state": DRAFT,
        "body": Body().as_json(),
        "written_by": by.person_id,
        "written_at": by.at,
        "remark": "",
        "revision": 0,
        "version": 1,
    }


def asked_of_all(owed: Sequence[Obligation]) -> dict[int, Asked]:
    """What is asked of each of many reports, in two statements whatever their number."""
    tasks = {one.id: one.task for one in owed if one.task}
    task_ids = [task.id for task in tasks.values()]
    steps: dict[int, list[int]] = {}
    for step in db.session.execute(
        select(Milestone.task_id, Milestone.id).where(Milestone.task_id.in_(task_ids))
    ):
        steps.setdefault(step.task_id, []).append(step.id)
    before = filed_before(task_ids)
    return {
        one.id: _asked(one, task, before.get(task.id, ()), steps.get(task.id, ()))
        for one in owed
        if (task := tasks.get(one.id))
    }


def _asked(
    one: Obligation, task: Task, before: Sequence[tuple[date, bool]], steps: Sequence[int]
) -> Asked:
    return Asked(
        kind=one.kind,
        may_reject=task.measure.list.adoption == MAY,
        unchanged_before=_running(before, one),
        is_first=not any(opens < one.opens_on for opens, _ in before),
        milestones=tuple(steps),
    )


def filed_before(task_ids: Sequence[int]) -> dict[int, list[tuple[date, bool]]]:
    """For each task its filed periods, the latest first: when they began, and whether 无变化."""
    query = (
        select(Obligation.task_id, Obligation.opens_on, Revision.is_unchanged)
        .join(Report, Report.obligation_id == Obligation.id)
        .join(Revision, Revision.report_id == Report.id)
        .where(
            Obligation.task_id.in_(task_ids),
            Obligation.kind == PROGRESS,
            Revision.number == Report.revision,
        )
        .order_by(Obligation.opens_on.desc())
    )
    found: dict[int, list[tuple[date, bool]]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.task_id, []).append((row.opens_on, row.is_unchanged))
    return found


def _running(before: Sequence[tuple[date, bool]], one: Obligation) -> int:
    count = 0
    for opens_on, is_unchanged in before:
        if opens_on >= one.opens_on:
            continue
        if not is_unchanged:
            break
        count += 1
    return count
