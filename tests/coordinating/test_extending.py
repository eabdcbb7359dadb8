"""延期: what a request changes (nothing), what a grant changes, and when it is too late to ask."""

from __future__ import annotations

from datetime import date

import pytest

from tests.cast import Q1_DUE, Desk, by
from tracker.coordinating import extending
from tracker.coordinating.models import Extension
from tracker.coordinating.states import GRANTED, REFUSED, WITHDRAWN
from tracker.tasks.models import Obligation
from tracker.tasks.states import DUE, RETURNED, Forbidden

IN_TIME, AFTER_DUE = date(2026, 4, 10), date(2026, 4, 16)
WISHED, OTHER = date(2026, 4, 30), date(2026, 4, 24)
REASON = "系统改造尚未完成，数据月底才能汇总。"


@pytest.fixture
def asked(desk: Desk, first: Obligation) -> Extension:
    return extending.ask(first, by(desk.cast.filer, IN_TIME), reason=REASON, wished_on=WISHED)


def test_a_pending_request_changes_nothing(first: Obligation, asked: Extension) -> None:
    assert (first.status, first.due_on, first.extended_to, first.awaited_by) == (
        DUE,
        Q1_DUE,
        None,
        Q1_DUE,
    )


def test_granted_it_is_awaited_by_the_wished_day_and_the_issued_day_stays(
    desk: Desk, first: Obligation, asked: Extension
) -> None:
    extending.grant(asked, first, by(desk.cast.chief, IN_TIME))
    assert (asked.state, asked.granted_to) == (GRANTED, WISHED)
    assert (first.due_on, first.extended_to, first.awaited_by) == (Q1_DUE, WISHED, WISHED)


def test_the_chief_may_give_another_day_than_the_wished_one(
    desk: Desk, first: Obligation, asked: Extension
) -> None:
    extending.grant(asked, first, by(desk.cast.chief, IN_TIME), day=OTHER)
    assert (asked.wished_on, asked.granted_to, first.awaited_by) == (WISHED, OTHER, OTHER)


def test_refused_the_day_stands(desk: Desk, first: Obligation, asked: Extension) -> None:
    extending.refuse(asked, by(desk.cast.chief, IN_TIME), note="时间充足。")
    assert (asked.state, first.awaited_by) == (REFUSED, Q1_DUE)


def test_withdrawn_the_day_stands(desk: Desk, first: Obligation, asked: Extension) -> None:
    extending.withdraw(asked, by(desk.cast.filer, IN_TIME))
    assert (asked.state, first.awaited_by) == (WITHDRAWN, Q1_DUE)


def test_asked_on_the_day_itself_it_is_still_in_time(desk: Desk, first: Obligation) -> None:
    extending.ask(first, by(desk.cast.filer, Q1_DUE), reason=REASON, wished_on=WISHED)


def test_after_the_day_it_can_no_longer_be_asked_for(desk: Desk, first: Obligation) -> None:
    with pytest.raises(Forbidden, match="报送期限已过，不能再申请延期"):
        extending.ask(first, by(desk.cast.filer, AFTER_DUE), reason=REASON, wished_on=WISHED)


def test_asked_in_time_it_may_be_granted_after_the_day(
    desk: Desk, first: Obligation, asked: Extension
) -> None:
    extending.grant(asked, first, by(desk.cast.chief, AFTER_DUE))
    assert first.awaited_by == WISHED


def test_a_day_that_has_passed_is_not_given(
    desk: Desk, first: Obligation, asked: Extension
) -> None:
    with pytest.raises(Forbidden, match="延期后的日期已过"):
        extending.grant(asked, first, by(desk.cast.chief, date(2026, 5, 6)))
    assert first.awaited_by == Q1_DUE


def test_of_a_returned_report_the_correction_day_is_put_off(desk: Desk, first: Obligation) -> None:
    desk.file(first, IN_TIME)
    desk.send_back(first, date(2026, 4, 13), date(2026, 4, 20))
    asked = extending.ask(first, by(desk.cast.filer, AFTER_DUE), reason=REASON, wished_on=WISHED)
    extending.grant(asked, first, by(desk.cast.chief, AFTER_DUE))
    assert (first.status, first.due_on, first.awaited_by) == (RETURNED, Q1_DUE, WISHED)


def test_filed_meanwhile_there_is_nothing_left_to_extend(
    desk: Desk, first: Obligation, asked: Extension
) -> None:
    desk.file(first, IN_TIME)
    with pytest.raises(Forbidden, match="待审核"):
        extending.grant(asked, first, by(desk.cast.chief, IN_TIME))
    assert first.awaited_by is None


def test_what_is_filed_has_no_day_to_put_off(desk: Desk, first: Obligation) -> None:
    desk.file(first, IN_TIME)
    with pytest.raises(Forbidden, match="没有报送期限"):
        extending.ask(first, by(desk.cast.filer, IN_TIME), reason=REASON, wished_on=WISHED)


def test_it_is_asked_for_once_at_a_time(desk: Desk, first: Obligation, asked: Extension) -> None:
    with pytest.raises(Forbidden, match="已提出延期申请"):
        extending.ask(first, by(desk.cast.filer, IN_TIME), reason=REASON, wished_on=OTHER)


def test_it_is_ruled_on_once(desk: Desk, first: Obligation, asked: Extension) -> None:
    extending.grant(asked, first, by(desk.cast.chief, IN_TIME))
    with pytest.raises(Forbidden, match="已经处理"):
        extending.refuse(asked, by(desk.cast.chief, IN_TIME), note="不同意")
    assert first.awaited_by == WISHED


@pytest.mark.parametrize(
    ("reason", "wished_on", "sentence"),
    [
        ("", WISHED, "请写明申请延期的理由。"),
        ("字" * 501, WISHED, "最多500字"),
        (REASON, None, "请填写希望延至的日期。"),
        (REASON, Q1_DUE, "须晚于当前期限"),
        (REASON, date(2027, 6, 1), "不能超过一年"),
    ],
)
def test_a_request_needs_a_reason_and_a_later_day(
    desk: Desk, first: Obligation, reason: str, wished_on: date | None, sentence: str
) -> None:
    with pytest.raises(Forbidden, match=sentence):
        extending.ask(first, by(desk.cast.filer, IN_TIME), reason=reason, wished_on=wished_on)


def test_a_refusal_says_why(desk: Desk, asked: Extension) -> None:
    with pytest.raises(Forbidden, match="请写明不同意的理由。"):
        extending.refuse(asked, by(desk.cast.chief, IN_TIME), note=" ")
