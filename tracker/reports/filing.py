"""Inside the unit and out of it: submit, sign, send; withdraw, amend, record a paper report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import exists, insert, select

from tracker.db import db
from tracker.difficulties.raising import raise_in_report
from tracker.registry.models import Unit
from tracker.reports import states
from tracker.reports.bodies import Asked, Body, Mistake, mistakes
from tracker.reports.models import Backing, FiledBacking, Report, ReportMove, Revision
from tracker.reports.receipts import next_receipt
from tracker.tasks import moving
from tracker.tasks.models import Obligation, Tracking
from tracker.tasks.moving import By
from tracker.tasks.states import ACCEPTED as OBLIGATION_ACCEPTED, FILE, Forbidden, check
from tracker.tasks.wording import said
from tracker.workdays import Workdays

REVIEW_WORKDAYS = 5
LONGEST_NOTE = 1_000


class Incomplete(Exception):
    """The report cannot be sent yet; each mistake stands beside its field."""

    def __init__(self, found: Sequence[Mistake]) -> None:
        super().__init__("报告还有需要补充的地方，请按提示修改后再送审。")
        self.mistakes = tuple(found)


def submit(report: Report, asked: Asked, by: By) -> None:
    """送审: the text is complete and waits for the unit's signer."""
    found = mistakes(Body.of(report.body), asked)
    if found:
        raise Incomplete(found)
    move(report, states.SUBMIT, by)
    report.submitted_by = by.person_id
    report.remark = ""
    moving.flush()


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
    states.after(report.state, states.SIGN)
    if report.submitted_by == by.person_id and not may_sign_own:
        raise Forbidden("报告由本人送审，须由另一位审签人审签。")
    if report.unit_id != obligation.unit_id:
        raise Forbidden("这项应报事项已由其他单位承接，请由承接单位报送。")
    _check_sendable(obligation)
    move(report, states.SIGN, by)
    return _send(report, obligation, by, workdays, filed_by=report.submitted_by)


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
    _check_sendable(obligation)
    move(report, states.RECORD, by)
    return _send(report, obligation, by, workdays, filed_by=by.person_id, received_on=received_on)


def _check_sendable(obligation: Obligation) -> None:
    """Before anything is written: of several that are signed together the others go through."""
    if obligation.status == OBLIGATION_ACCEPTED:
        moving.check_correctable(obligation.id)
    else:
        check(obligation.status, FILE)


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
    """更正: what was accepted may be put right by a new revision, unless the task is closed."""
    moving.check_correctable(report.obligation_id)
    move(report, states.AMEND, by)


def move(report: Report, event: str, by: By, note: str = "") -> None:
    """Move a report by its table, and write the event down."""
    state = states.after(report.state, event)
    if by.person_id is None:
        raise Forbidden("报告须由具体人员办理。")
    report.state = state
    db.session.add(
        ReportMove(
            report_id=report.id,
            event=event,
            state=report.state,
            recorded_at=by.at,
            person_id=by.person_id,
            note=note,
        )
    )
    moving.flush()


def _send(
    report: Report,
    obligation: Obligation,
    by: By,
    workdays: Workdays,
    *,
    filed_by: int | None,
    received_on: date | None = None,
) -> Revision:
    body = Body.of(report.body)
    report.revision += 1
    revision = Revision(
        report_id=report.id,
        number=report.revision,
        body=report.body,
        stage=body.stage,
        percent=body.whole_percent,
        is_unchanged=body.is_unchanged,
        unit_id=report.unit_id,
        unit_name=db.session.get_one(Unit, report.unit_id).name,
        filed_at=by.at,
        filed_by=filed_by,
        signed_by=by.person_id,
        receipt=next_receipt(by.day.year),
        received_on=received_on,
    )
    db.session.add(revision)
    _await_review(report, obligation, by, workdays)
    db.session.flush()
    _keep_backing(report, revision)
    raise_in_report(
        obligation,
        by,
        words=body.difficulties,
        kind=body.difficulty_kind,
        is_important=body.is_important,
        revision=report.revision,
    )
    if obligation.status == OBLIGATION_ACCEPTED:
        moving.correct(obligation, by)
    else:
        moving.file(obligation, by, received_on=received_on)
    return revision


def _await_review(report: Report, obligation: Obligation, by: By, workdays: Workdays) -> None:
    """The reviewer has a deadline too."""
    tracking = db.session.get(Tracking, obligation.notice_id)
    count = tracking.review_workdays if tracking else REVIEW_WORKDAYS
    report.review_by = workdays.after(by.day, count)
    report.reviewer_id = None


def _keep_backing(report: Report, revision: Revision) -> None:
    backing = select(Backing.evidence_id).where(Backing.report_id == report.id)
    rows = [
        {"revision_id": revision.id, "evidence_id": evidence_id}
        for evidence_id in db.session.scalars(backing)
    ]
    if rows:
        db.session.execute(insert(FiledBacking), rows)
