"""延期: asked for before the day, granted or refused by the office."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tracker.coordinating import states
from tracker.coordinating.models import Extension
from tracker.coordinating.states import ASKED, EXTENSION_TRANSITIONS
from tracker.db import db
from tracker.tasks import moving
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.tasks.states import DUE, RETURNED, Forbidden
from tracker.tasks.wording import said

LONGEST = 500
AT_MOST = timedelta(days=366)
WHAT = "延期申请"


def ask(obligation: Obligation, by: By, *, reason: str, wished_on: date | None) -> Extension:
    """Nothing changes before the office agrees: until then the day holds."""
    day = obligation.awaited_by
    if day is None or obligation.status not in (DUE, RETURNED):
        raise Forbidden("这项应报事项当前没有报送期限，无需申请延期。")
    if day < by.day:
        raise Forbidden("报送期限已过，不能再申请延期。请尽快报送，逾期的原因可以写在报告中。")
    _check_day(wished_on, after=day)
    if _pending(obligation):
        raise Forbidden("这项应报事项已提出延期申请，请等待统筹单位决定。")
    if by.person_id is None:
        raise Forbidden("延期须由具体人员提出。")
    extension = Extension(
        obligation_id=obligation.id,
        unit_id=obligation.unit_id,
        state=ASKED,
        reason=said(reason, what="申请延期的理由", longest=LONGEST),
        asked_from=day,
        wished_on=wished_on,
        asked_by=by.person_id,
        asked_at=by.at,
    )
    db.session.add(extension)
    moving.flush()
    return extension


def _check_day(wished_on: date | None, *, after: date) -> None:
    if wished_on is None:
        raise Forbidden("请填写希望延至的日期。")
    if wished_on <= after:
        raise Forbidden("希望延至的日期须晚于当前期限。")
    if wished_on > after + AT_MOST:
        raise Forbidden("延期不能超过一年。")


def _pending(obligation: Obligation) -> Extension | None:
    query = select(Extension).where(
        Extension.obligation_id == obligation.id, Extension.state == ASKED
    )
    return db.session.scalar(query)


def grant(
    extension: Extension,
    obligation: Obligation,
    by: By,
    *,
    day: date | None = None,
    note: str = "",
) -> None:
    """By the wished day or another one; the issued day stays on record beside it."""
    words = said(note, what="说明", longest=LONGEST, may_be_empty=True)
    given = day or extension.wished_on
    if given < by.day:
        raise Forbidden("延期后的日期已过，请另定一个日期。")
    _rule(extension, states.GRANT, by, words)
    extension.granted_to = given
    moving.extend(obligation, by, day=given, note=extension.reason)


def refuse(extension: Extension, by: By, *, note: str) -> None:
    words = said(note, what="不同意的理由", longest=LONGEST)
    _rule(extension, states.REFUSE, by, words)


def withdraw(extension: Extension, by: By) -> None:
    _rule(extension, states.WITHDRAW, by, "")


def _rule(extension: Extension, event: str, by: By, note: str) -> None:
    extension.state = states.after(EXTENSION_TRANSITIONS, extension.state, event, what=WHAT)
    extension.ruled_by, extension.ruled_at, extension.note = by.person_id, by.at, note
    moving.flush()
