"""Inside the unit and out of it: submit, sign, send; withdraw, amend, record a paper report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import exists, insert, select

from tracker.db import db
from tracker.reports import states
from tracker.reports.bodies import Asked, Body, Mistake, mistakes
from tracker.reports.models import Backing, Report, ReportMove, Revision
from tracker.reports.sending import Leaving, send
from tracker.tasks import moving
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said
from tracker.workdays import Workdays

LONGEST_NOTE = 1_000


class Incomplete(Exception):
    """The report cannot be sent yet; each mistake stands beside its field."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__("报告还有需要补充的地方，请按提示修改后再送审。")
        self.mistakes = tuple(found)


def submit(report: Report, asked: Asked, by: By) -> None:
    """送审: the text is complete and waits for the unit's signer."""
    check_complete(report, asked)
    submit_all([report], by)


def check_complete(report: Report, asked: Asked) -> None:
    states.after(report.state, states.SUBMIT)
    found = mistakes(Body.of(report.body), asked)
    if found:
        raise Incomplete(found)


def submit_all(reports: Sequence[Report], by: By) -> None:
    """Many in one go; each was checked before (`check_complete`)."""
    for report in reports:
        report.submitted_by, report.remark = by.person_id, ""
    move_all(reports, states.SUBMIT, by)


def take_back(report: Report, by: By) -> None:
    move(report, states.TAKE_BACK, by)


def send_back(report: Report, by: By, *, note: str) -> None:
    """退回修改 inside the unit; the obligation does not move."""
    words = said(note, what="退回修改的意见", longest=LONGEST_NOTE)
    move(report, states.SEND_BACK, by, words)
    report.remark = words
    moving.flush()


def sign(
    report: Report,
    obligation: Obligation,
    by: By,
    workdays: Workdays,
    *,
    may_sign_own: bool = False,
) -> Revision:
    """审签报送: the text leaves the unit as the next revision, with a receipt."""
    check_signing(report, obligation, by, may_sign_own=may_sign_own)
    return sign_all([(report, obligation)], by, workdays)[0]


def sign_all(
    signed: Sequence[tuple[Report, Obligation]], by: By, workdays: Workdays
) -> list[Revision]:
    """Many in one go; each was checked before (`check_signing`), and none is left half sent."""
    move_all([report for report, _ in signed], states.SIGN, by)
    leaving = [Leaving(*pair, filed_by=pair[0].submitted_by) for pair in signed]
    return send(leaving, by, workdays)


def check_signing(report: Report, obligation: Obligation, by: By, *, may_sign_own: bool) -> None:
    """Why this person cannot sign this report now, said before anything changes."""
    states.after(report.state, states.SIGN)
    if report.submitted_by == by.person_id and not may_sign_own:
        raise Forbidden("报告由本人送审，须由另一位审签人审签。")
    if report.unit_id != obligation.unit_id:
        raise Forbidden("这项应报事项已由其他单位承接，请由承接单位报送。")
    moving.check_sending(obligation)


def record(
    report: Report,
    obligation: Obligation,
    asked: Asked,
    by: By,
    workdays: Workdays,
    *,
    received_on: date,
) -> Revision:
    """代录: the office enters a paper report, which counts from the day it was received."""
    states.after(report.state, states.RECORD)
    found = [*mistakes(Body.of(report.body), asked), *_paper(report, obligation, by, received_on)]
    if found:
        raise Incomplete(found)
    moving.check_sending(obligation)
    move(report, states.RECORD, by)
    leaving = Leaving(report, obligation, filed_by=by.person_id)
    return send([leaving], by, workdays, received_on=received_on)[0]


def _paper(report: Report, obligation: Obligation, by: By, received_on: date) -> Iterator[Mistake]:
    """A paper report has its scan, and came between the opening and today."""
    if received_on > by.day:
        yield Mistake(field="received_on", message="收到日期不能晚于今天。")
    if received_on < obligation.opens_on:
        opened = obligation.opens_on.isoformat()
        message = f"收到日期不能早于本期开始的日期（{opened}）。"
        yield Mistake(field="received_on", message=message)
    if not db.session.scalar(select(exists().where(Backing.report_id == report.id))):
        yield Mistake(field="evidence", message="代录须附纸质报告的扫描件，请先上传。")


def withdraw(report: Report, obligation: Obligation, by: By) -> None:
    """撤回, as long as no reviewer has begun to read."""
    states.after(report.state, states.WITHDRAW)
    if report.reviewer_id is not None:
        raise Forbidden("统筹单位已开始审核，不能撤回；如需修改请联系统筹单位退回。")
    move(report, states.WITHDRAW, by)
    moving.withdraw(obligation, by)


def amend(report: Report, by: By) -> None:
    """更正: what was accepted may be put right by a new revision, unless the task is over."""
    moving.check_correcting(report.obligation_id)
    move(report, states.AMEND, by)


def move(report: Report, event: str, by: By, note: str = "") -> None:
    """Move a report by its table, and write the event down."""
    move_all([report], event, by, note)


def move_all(reports: Sequence[Report], event: str, by: By, note: str = "") -> None:
    """Each by its table; none moves unless all may."""
    after = [states.after(report.state, event) for report in reports]
    if by.person_id is None:
        raise Forbidden("报告须由具体人员办理。")
    for report, state in zip(reports, after, strict=True):
        report.state = state
    moving.flush_all(reports)
    rows = [
        {
            "report_id": report.id,
            "event": event,
            "state": report.state,
            "recorded_at": by.at,
            "person_id": by.person_id,
            "note": note,
        }
        for report in reports
    ]
    if rows:
        db.session.execute(insert(ReportMove), rows)
