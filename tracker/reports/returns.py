"""The return 回报表, filled in offline: right rows wait for the signer, wrong ones stay out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from tracker.db import db
from tracker.reports import bodies, sheets
from tracker.reports.bodies import Asked, Body, Mistake
from tracker.reports.models import Report
from tracker.reports.sheets import Typed, in_words
from tracker.reports.states import EDITABLE, STATES
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import DUE, OBLIGATIONS, RETURNED

KEY, UNCHANGED, STAGE, PROGRESS = "key", "is_unchanged", "stage", "progress"
NOT_OWED = "这一行不是本单位现在的应报事项，可能已转由其他单位承接，请删去本行。"
MEANWHILE = "这一行刚有改动，没有收取，请重新下载回报表后再填。"
ON_THE_PAGE = "理由请在网页的填报页填写。"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of each row, by its obligation."""

    taken: Sequence[int]
    already: Sequence[int]
    wrong: Mapping[int, Sequence[Mistake]]


def take(unit_id: int, rows: Mapping[int, Typed], by: By, *, held: Collection[int] = ()) -> Outcome:
    """Each row for itself; the caller commits all in one go. A row is never taken twice.

    Rows held back are looked through like the others, and not taken.
    """
    query = sheets.progress_of(unit_id).where(Obligation.id.in_(rows))
    owed = {one.id: one for one in db.session.scalars(query)}
    reports = _reports(rows)
    already = [number for number in owed if _is_already(reports.get(number), rows[number])]
    wrong: dict[int, Sequence[Mistake]] = {}
    for number, row in rows.items():
        if number not in already and (said := _refusal(owed.get(number), reports, row)):
            wrong[number] = (said,)
    left = [one for one in owed.values() if one.id not in wrong and one.id not in already]
    asked = sheets.asked_of_all(left)
    for one in left:
        body = _over(rows[one.id], reports.get(one.id))
        if found := _mistakes(body, asked[one.id]):
            wrong[one.id] = found
    right = {one.id: rows[one.id] for one in left if one.id not in wrong and one.id not in held}
    return _written(left, right, by, already, wrong)


def _written(
    owed: Sequence[Obligation],
    right: Mapping[int, Typed],
    by: By,
    already: Sequence[int],
    wrong: Mapping[int, Sequence[Mistake]],
) -> Outcome:
    if not right:
        return Outcome(taken=(), already=already, wrong=wrong)
    done = sheets.save([one for one in owed if one.id in right], right, by, submits=True)
    taken = set(done.submitted)
    late = {number: (Mistake(field=KEY, message=MEANWHILE),) for number in right}
    missed: dict[int, Sequence[Mistake]] = {**late, **done.wrong}
    left = {number: said for number, said in missed.items() if number not in taken}
    return Outcome(taken=done.submitted, already=already, wrong={**wrong, **left})


def _reports(rows: Mapping[int, Typed]) -> dict[int, Report]:
    query = select(Report).where(Report.obligation_id.in_(rows))
    return {report.obligation_id: report for report in db.session.scalars(query)}


def _over(row: Typed, report: Report | None) -> Body:
    return row.over(Body.of(report.body) if report else Body()).cleaned()


def _is_already(report: Report | None, row: Typed) -> bool:
    """The same text waits for the signer, or has left the unit."""
    if report is None or report.state in EDITABLE:
        return False
    return _over(row, report) == Body.of(report.body)


def _refusal(one: Obligation | None, reports: Mapping[int, Report], row: Typed) -> Mistake | None:
    """Why a row cannot be taken whatever it says."""
    if one is None:
        return Mistake(field=KEY, message=NOT_OWED)
    report = reports.get(one.id)
    if one.status not in (DUE, RETURNED) and (report is None or report.state in EDITABLE):
        word = OBLIGATIONS[one.status]
        return Mistake(field=KEY, message=f"这一项当前是“{word}”，不需要填报，请删去本行。")
    if report is None:
        return None
    kept = Body.of(report.body)
    if report.state not in EDITABLE:
        begin = f"这一项已是“{STATES[report.state]}”，没有收取。"
        return Mistake(field=KEY, message=begin + _both(kept, row) + "需要修改的，请在网页上办理。")
    # A row nobody has written on yet was given out as version 0.
    if row.version != report.version and not (row.version == 0 and kept == Body()):
        begin = "下载回报表以后，这一项有改动，没有收取。"
        return Mistake(field=KEY, message=begin + _both(kept, row) + "请重新下载回报表填写。")
    return None


def _both(kept: Body, row: Typed) -> str:
    return f"系统中是：{in_words(kept)}；本行写的是：{in_words(row.over(Body()))}。"


def _mistakes(body: Body, asked: Asked) -> list[Mistake]:
    """The same as on the page, each beside the column of the return that it is about."""
    beside = list(bodies.wrongly_unchanged(body, asked))
    return [_placed(one, beside) for one in bodies.mistakes(body, asked)]


def _placed(one: Mistake, beside_unchanged: Sequence[Mistake]) -> Mistake:
    if one in beside_unchanged:
        return replace(one, field=UNCHANGED)
    if one.field == "reasons":
        return Mistake(field=STAGE, message=one.message + ON_THE_PAGE)
    return one if one.field in (STAGE, "percent", PROGRESS) else _elsewhere(one)


def _elsewhere(one: Mistake) -> Mistake:
    """What the return has no column for was typed on the page, and is mended there."""
    return Mistake(field=KEY, message=f"{one.message}请在网页的填报页改正。")
