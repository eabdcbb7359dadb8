"""Drafts are saved as typed, and a later save never swallows an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.cast import (
    BODY,
    FORWARDED,
    SPLIT,
    TAX,
    WORDS,
    Act,
    Desk,
    at_once,
    by,
    moment,
    owed,
    task_of,
)
from tracker.db import db
from tracker.reports import writing
from tracker.reports.bodies import Body, Issued
from tracker.reports.models import Report
from tracker.reports.writing import Conflict
from tracker.tasks import moving
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden

DAY = date(2026, 4, 1)
HERS = replace(BODY, progress="张三写的进展情况，共有三条。")
HIS = replace(BODY, progress="李四写的进展情况，另有两条。")


def saving(report: Report, body: Body, who: int) -> Act:
    """Someone saves what they typed over the version that their page showed."""
    report_id, seen = report.id, report.version

    def act() -> Iterator[None]:
        found = db.session.get_one(Report, report_id)
        yield
        writing.save(found, body, version=seen, by=who, at=moment(DAY))

    return act


def test_everything_may_be_missing_while_it_is_being_written(desk: Desk, first: Obligation) -> None:
    report = desk.draft(
        first, DAY, Body(percent="差不多", documents=(Issued(title="", day="昨天"),))
    )
    assert Body.of(report.body).percent == "差不多"
    assert Body.of(report.body).documents == (Issued(title="", day="昨天"),)


def test_control_characters_stay_in_the_draft_until_they_are_deleted(
    desk: Desk, first: Obligation
) -> None:
    report = desk.draft(first, DAY, replace(BODY, progress="试点\x00工作"))
    db.session.expire_all()
    assert Body.of(report.body).progress == "试点\x00工作"


def test_whoever_opens_a_report_again_finds_the_draft(desk: Desk, first: Obligation) -> None:
    report = desk.draft(first, DAY)
    assert writing.begin(first, by=desk.cast.signer, at=moment(DAY)) is report


def test_a_save_on_what_somebody_else_saved_meanwhile_is_a_conflict_with_both_texts(
    desk: Desk, first: Obligation
) -> None:
    report = writing.begin(first, by=desk.cast.filer, at=moment(DAY))
    seen = report.version
    writing.save(report, HERS, version=seen, by=desk.cast.filer, at=moment(DAY))
    with pytest.raises(Conflict, match="没有覆盖对方") as conflict:
        writing.save(report, HIS, version=seen, by=desk.cast.signer, at=moment(DAY))
    assert (conflict.value.kept, conflict.value.typed) == (HERS, HIS)
    assert Body.of(report.body) == HERS


def test_the_same_text_saved_twice_is_no_conflict(desk: Desk, first: Obligation) -> None:
    report = writing.begin(first, by=desk.cast.filer, at=moment(DAY))
    seen = report.version
    for _ in range(2):
        writing.save(report, HERS, version=seen, by=desk.cast.filer, at=moment(DAY))
    assert Body.of(report.body) == HERS


def test_of_two_who_save_one_draft_at_once_the_second_gets_both_texts(alone: Desk) -> None:
    first = owed(task_of(TAX))
    report = alone.draft(first, DAY, Body(progress="原来的文字"))
    acts = saving(report, HERS, alone.cast.filer), saving(report, HIS, alone.cast.signer)
    told = [error for error in at_once(alone.app, *acts) if error is not None]
    assert [type(error) for error in told] == [Conflict]
    assert {told[0].kept, told[0].typed} == {HERS, HIS}


def test_two_who_open_an_empty_form_at_once_write_on_one_report(alone: Desk) -> None:
    first = owed(task_of(TAX)).id

    def opening(who: int) -> Act:
        def act() -> Iterator[None]:
            found = db.session.get_one(Obligation, first)
            yield
            writing.begin(found, by=who, at=moment(DAY))

        return act

    assert at_once(alone.app, *map(opening, (1, 2, 3, 4))) == [None] * 4
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_what_waits_for_a_signature_cannot_be_changed(desk: Desk, first: Obligation) -> None:
    report = desk.submit(first, DAY)
    with pytest.raises(Forbidden, match="待审签"):
        writing.save(report, HIS, version=report.version, by=desk.cast.filer, at=moment(DAY))
    assert Body.of(report.body).progress == WORDS


def test_nothing_is_written_on_what_is_not_owed(desk: Desk, first: Obligation) -> None:
    moving.waive(first, by(desk.cast.chief, DAY), note="-")
    with pytest.raises(Forbidden, match="“免报”，不需要填报"):
        writing.begin(first, by=desk.cast.filer, at=moment(DAY))


def test_nothing_is_written_on_what_nobody_was_assigned(desk: Desk) -> None:
    held = owed(task_of(SPLIT, FORWARDED))
    with pytest.raises(Forbidden, match="待明确承接单位"):
        writing.begin(held, by=desk.cast.filer, at=moment(DAY))
