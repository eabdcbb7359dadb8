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
from tracker.reports.states import EDITABLE, RETURNED, SENT_BACK, STAGES, STATES
from tracker.tasks import states
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By

KEY, UNCHANGED, STAGE, PROGRESS = "key", "is_unchanged", "stage", "progress"
NOT_OWED = "这一行不是本单位现在的应报事项，可能已转由其他单位承接，请删去本行。"
MEANWHILE = "这一行刚有改动，没有收取，请重新下载回报表后再填。"
ON_THE_PAGE = "理由请在网页的填报页填写。"
CHOOSE = f"请从列表中选择：{'、'.join(STAGES.values())}（“不采用”只限借鉴事项）。"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of each row, by its obligation."""

    taken: Sequence[int]
    already: Sequence[int]
    unmended: Sequence[int]
    wrong: Mapping[int, Sequence[Mistake]]


def take(unit_id: int, rows: Mapping[int, Typed], by: By, *, held: Collection[int] = ()) -> Outcome:
    """Each row for itself; the caller commits all in one go. A row is never taken twice.

    Rows held back are looked through like the others, and not taken.
    """
    query = sheets.progress_of(unit_id).where(Obligation.id.in_(rows))
    owed = {one.id: one for one in db.session.scalars(query)}
    reports = _reports(rows)
    same = [reports[one] for one in owed if one in reports and _is_same(reports[one], rows[one])]
    already = [report.obligation_id for report in same if report.state not in EDITABLE]
    unmended = [report.obligation_id for report in same if report.state in (SENT_BACK, RETURNED)]
    wrong: dict[int, Sequence[Mistake]] = {}
    for number in rows.keys() - {*already, *unmended}:
        if said := _refusal(owed.get(number), reports, rows[number]):
            wrong[number] = (said,)
    left = [one for one in owed.values() if one.id not in {*wrong, *already, *unmended}]
    asked = sheets.asked_of_all(left)
    for one in left:
        body = _over(rows[one.id], reports.get(one.id))
        if found := _mistakes(body, asked[one.id]):
            wrong[one.id] = found
    right = {one.id: rows[one.id] for one in left if one.id not in wrong and one.id not in held}
    taken, late = _written(left, right, by) if right else ((), {})
    wrong |= late
    return Outcome(taken=taken, already=already, unmended=unmended, wrong=wrong)


def _written(
    owed: Sequence[Obligation], right: Mapping[int, Typed], by: By
) -> tuple[Sequence[int], dict[int, Sequence[Mistake]]]:
    """What went to the signer, and what somebody changed at the same moment."""
    done = sheets.save([one for one in owed if one.id in right], right, by, submits=True)
    late: dict[int, Sequence[Mistake]] = {
        number: (Mistake(field=KEY, message=MEANWHILE),)
        for number in right.keys() - set(done.submitted)
    }
    return done.submitted, {**late, **done.wrong}


def _reports(rows: Mapping[int, Typed]) -> dict[int, Report]:
    """Locked, so that two uploads at once are told one after the other."""
    query = select(Report).where(Report.obligation_id.in_(rows)).order_by(Report.id)
    query = query.with_for_update()
    return {report.obligation_id: report for report in db.session.scalars(query)}


def _over(row: Typed, report: Report | None) -> Body:
    return row.over(Body.of(report.body) if report else Body()).cleaned()


def _is_same(report: Report, row: Typed) -> bool:
    """Nothing to take: it waits for the signer, has left, or came back and nobody mended it."""
    return _over(row, report) == Body.of(report.body)


def _refusal(one: Obligation | None, reports: Mapping[int, Report], row: Typed) -> Mistake | None:
    """Why a row cannot be taken whatever it says."""
    if one is None:
        return Mistake(field=KEY, message=NOT_OWED)
    report = reports.get(one.id)
    if one.status not in (states.DUE, states.RETURNED) and (
        report is None or report.state in EDITABLE
    ):
        word = states.OBLIGATIONS[one.status]
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
    found = [_placed(one, beside) for one in bodies.mistakes(body, asked)]
    if body.stage in STAGES:
        return found
    return [Mistake(field=STAGE, message=CHOOSE), *(one for one in found if one.field != STAGE)]


def _placed(one: Mistake, beside_unchanged: Sequence[Mistake]) -> Mistake:
    if one in beside_unchanged:
        return replace(one, field=UNCHANGED)
    if one.field == "reasons":
        return Mistake(field=STAGE, message=one.message + ON_THE_PAGE)
    return one if one.field in (STAGE, "percent", PROGRESS) else _elsewhere(one)


def _elsewhere(one: Mistake) -> Mistake:
    """What the return has no column for was typed on the page, and is mended there."""
    return Mistake(field=KEY, message=f"{one.message}请在网页的填报页改正。")
