"""Plays acts out as rows: what the real actions of tasks/ and reports/ would leave. Pure.

The rules are those actions' own tables; a test plays the same acts through the actions
themselves and finds the same rows, so what is said here cannot drift from them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tracker.clock import day_of
from tracker.days import spelled
from tracker.operations.bulk import Row
from tracker.operations.history_cast import Cast
from tracker.operations.history_days import Days
from tracker.operations.history_fates import READ, WRITE, Act, Owed
from tracker.reports import states as reports
from tracker.reports.bodies import Body, returned_note
from tracker.reports.states import LANDED
from tracker.tasks import states as tasks
from tracker.tasks.states import PLAN

LONGEST_NOTE = 1_000


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What the rows rest on beside the acts."""

    cast: Cast
    days: Days
    review_workdays: Mapping[int, int]
    unit_names: Mapping[int, str]


@dataclass(kw_only=True)
class Played:
    """All rows of one obligation; a report's rows still lack their report's number."""

    owed: Owed
    obligation: Row
    report: Row | None = None
    moves: list[Row] = field(default_factory=list)
    report_moves: list[Row] = field(default_factory=list)
    revisions: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    accepted_at: datetime | None = None

    @property
    def says_landed(self) -> bool:
        return bool(self.revisions) and self.revisions[-1]["stage"] == LANDED


def play(owed: Owed, acts: Sequence[Act], grounds: Grounds) -> Played:
    played = Played(owed=owed, obligation=_opened(owed))
    for act in acts:
        _PLAYS[act.what](played, act, grounds)
    return played


def waive(played: Played, act: Act) -> None:
    """免报 of what is still owed, with the task."""
    _step(played, tasks.WAIVE, tasks.WAIVED, act, awaited_by=None, note=act.note)


def _opened(owed: Owed) -> Row:
    return {
        "id": owed.id,
        "status": tasks.DUE,
        "awaited_by": owed.due_on,
        "correct_by": None,
        "begun_on": None,
        "first_filed_on": None,
        "is_late": False,
        "version": 1,
    }


def _write(played: Played, act: Act, _: Grounds) -> None:
    if played.report is None:
        played.report = _begun(played.owed, act)
        played.obligation["begun_on"] = day_of(act.at)
    changed = {"written_at": act.at, "written_by": act.by, "body": act.body}
    _change(played.report, changed)


def _begun(owed: Owed, act: Act) -> Row:
    return {
        "obligation_id": owed.id,
        "unit_id": owed.unit_id,
        "notice_id": owed.notice_id,
        "state": reports.DRAFT,
        "body": Body(),
        "written_by": act.by,
        "written_at": act.at,
        "submitted_by": None,
        "remark": "",
        "revision": 0,
        "review_by": None,
        "reviewer_id": None,
        "version": 1,
    }


def _submit(played: Played, act: Act, _: Grounds) -> None:
    _report_step(played, act, submitted_by=act.by, remark="")


def _send_back(played: Played, act: Act, _: Grounds) -> None:
    _report_step(played, act)
    _change(_report(played), {"remark": act.note})


def _sign(played: Played, act: Act, grounds: Grounds) -> None:
    report, owed, day = _report(played), played.owed, day_of(act.at)
    review_by = grounds.days.plus(day, grounds.review_workdays[owed.notice_id])
    _report_step(played, act)
    sent = {"revision": report["revision"] + 1, "review_by": review_by, "reviewer_id": None}
    _change(report, sent)
    played.revisions.append(_revision(report, act, grounds))
    if played.obligation["first_filed_on"] is None:
        played.obligation |= {"first_filed_on": day, "is_late": day > owed.due_on}
    _step(played, tasks.FILE, tasks.FILED, act, awaited_by=None)


def _revision(report: Row, act: Act, grounds: Grounds) -> Row:
    body: Body = report["body"]
    return {
        "number": report["revision"],
        "review_by": report["review_by"],
        "body": body,
        "stage": body.stage,
        "percent": body.whole_percent,
        "is_unchanged": body.is_unchanged,
        "unit_id": report["unit_id"],
        "unit_name": grounds.unit_names[report["unit_id"]],
        "filed_at": act.at,
        "filed_by": report["submitted_by"],
        "signed_by": act.by,
        "received_on": None,
    }


def _read(played: Played, act: Act, _: Grounds) -> None:
    _change(_report(played), {"reviewer_id": act.by})
    _record(played, act, reports.BEGIN)


def _accept(played: Played, act: Act, grounds: Grounds) -> None:
    _decide(played, act, grounds, is_accepted=True)
    _step(played, tasks.ACCEPT, tasks.ACCEPTED, act, awaited_by=None)
    played.accepted_at = act.at


def _return(played: Played, act: Act, grounds: Grounds) -> None:
    correct_by = max(played.owed.due_on, act.correct_by or date.min)
    note = returned_note(act.reasons, spelled(correct_by))[:LONGEST_NOTE]
    _decide(played, act, grounds, is_accepted=False, note=note)
    played.obligation["correct_by"] = correct_by
    _step(played, tasks.RETURN, tasks.RETURNED, act, awaited_by=correct_by, note=note)


def _decide(
    played: Played, act: Act, grounds: Grounds, *, is_accepted: bool, note: str = ""
) -> None:
    played.reviews.append(
        {
            "number": _report(played)["revision"],
            "reviewer_id": act.by,
            "decided_at": act.at,
            "is_accepted": is_accepted,
            "reasons": act.reasons,
            "correct_by": act.correct_by,
            "is_own_unit": grounds.cast.is_own_unit(act.by, played.owed.unit_id),
        }
    )
    _report_step(played, act, note=note, review_by=None)


def _report_step(played: Played, act: Act, *, note: str = "", **also: object) -> None:
    """One event of the report, by its table."""
    report = _report(played)
    _change(report, {"state": reports.after(report["state"], act.what), **also})
    _record(played, act, act.what, note or act.note)


def _record(played: Played, act: Act, event: str, note: str = "") -> None:
    played.report_moves.append(
        {
            "event": event,
            "state": _report(played)["state"],
            "recorded_at": act.at,
            "person_id": act.by,
            "note": note,
        }
    )


def _step(
    played: Played, event: str, status: str, act: Act, *, awaited_by: date | None, note: str = ""
) -> None:
    """One event of the obligation, by its table."""
    if status not in tasks.check(played.obligation["status"], event):
        raise tasks.Forbidden(f"{event}: {played.obligation['status']} → {status}")
    played.obligation |= {
        "status": status,
        "awaited_by": awaited_by,
        "version": played.obligation["version"] + 1,
    }
    played.moves.append(
        {
            "obligation_id": played.owed.id,
            "event": event,
            "recorded_at": act.at,
            "unit_id": played.owed.unit_id,
            "status": status,
            "awaited_by": awaited_by,
            "person_id": act.by,
            "note": note[:LONGEST_NOTE],
        }
    )


def _change(row: Row, values: Row) -> None:
    """One UPDATE: the version goes up, unless nothing is different."""
    for name, value in values.items():
        if row[name] != value:
            row.update(values)
            row["version"] += 1
            return


def _report(played: Played) -> Row:
    if played.report is None:
        raise tasks.Forbidden("没有可办理的报告。")
    return played.report


_PLAYS: Mapping[str, Callable[[Played, Act, Grounds], None]] = {
    WRITE: _write,
    READ: _read,
    reports.SUBMIT: _submit,
    reports.SEND_BACK: _send_back,
    reports.SIGN: _sign,
    reports.ACCEPT: _accept,
    reports.RETURN: _return,
}


@dataclass(frozen=True, kw_only=True)
class Landing:
    """Whether a task counts as landed, since when it owes otherwise, how often that changed."""

    is_landed: bool = False
    owes_since: date | None = None
    changes: int = 0


def landing(played: Sequence[Played], until: datetime | None = None) -> Landing:
    """As the latest period's accepted report says; a work plan says nothing about it."""
    found, newest = Landing(), (date.min, 0)
    for at, one in _accepted(played, until):
        period = one.owed.opens_on, one.owed.id
        if period < newest:
            continue
        newest = period
        if one.says_landed != found.is_landed:
            found = Landing(
                is_landed=one.says_landed,
                owes_since=day_of(at) + timedelta(days=1),
                changes=found.changes + 1,
            )
    return found


def _accepted(played: Sequence[Played], until: datetime | None) -> list[tuple[datetime, Played]]:
    """In the order in which the office accepted them."""
    found = [
        (one.accepted_at, one)
        for one in played
        if one.accepted_at and one.owed.kind != PLAN and (until is None or one.accepted_at < until)
    ]
    return sorted(found, key=lambda pair: pair[0])
