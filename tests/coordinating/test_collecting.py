"""经验做法: written and signed by a unit, selected by the office, compiled for everybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cast import EIGHTH, OFFICE, TAX, Desk, by, task_of, unit
from tracker.coordinating import cases, collecting
from tracker.coordinating.collecting import Written
from tracker.coordinating.experience import (
    ASK_MORE,
    COMPILED,
    LEAVE_OUT,
    LEFT,
    MORE,
    SELECT,
    SELECTED,
    SIGNING,
    SUBMITTED,
)
from tracker.coordinating.models import Case
from tracker.tasks.states import Forbidden

DAY = date(2026, 5, 6)


def written() -> Written:
    task = task_of(TAX)
    return Written(
        title="不动产登记一窗办理",
        done="整合三个窗口，推行一次受理。",
        effect="办理时限由5天压减到1天。",
        notice_id=task.notice_id,
        measure_id=task.measure_id,
    )


def submitted(desk: Desk) -> Case:
    case = collecting.write(written(), by(desk.cast.filer, DAY), unit_id=unit(TAX).id)
    collecting.sign(case, by(desk.cast.signer, DAY))
    return case


def rule(desk: Desk, case: Case, event: str, note: str = "请补充数据。") -> None:
    collecting.rule(case, event, by(desk.cast.reviewer, DAY), note=note)


def listed() -> list[str]:
    return [row.title for row in cases.of_office(unit(OFFICE).id)]


def test_a_case_leaves_its_unit_signed_by_a_second_person(desk: Desk) -> None:
    filer = by(desk.cast.filer, DAY)
    case = collecting.write(written(), filer, unit_id=unit(TAX).id)
    assert (case.state, listed()) == (SIGNING, [])
    with pytest.raises(Forbidden, match="另一位审签人"):
        collecting.sign(case, filer)
    collecting.sign(case, by(desk.cast.signer, DAY))
    assert (case.state, listed()) == (SUBMITTED, [case.title])


def test_it_goes_to_the_office_of_its_notice(desk: Desk) -> None:
    submitted(desk)
    assert cases.of_office(unit("省发展改革委").id) == []
    assert task_of(TAX).notice_id == task_of(TAX, EIGHTH).notice_id


def test_what_is_asked_for_more_is_written_and_signed_again(desk: Desk) -> None:
    case = submitted(desk)
    rule(desk, case, ASK_MORE)
    assert (case.state, case.note) == (MORE, "请补充数据。")
    better = replace(written(), effect="惠及3000家企业。")
    collecting.rewrite(case, better, by(desk.cast.filer, DAY))
    assert (case.state, listed()) == (SIGNING, [])
    collecting.sign(case, by(desk.cast.signer, DAY))
    assert cases.case(case.id).effect == "惠及3000家企业。"


def test_leaving_out_and_asking_for_more_need_a_reason(desk: Desk) -> None:
    case = submitted(desk)
    for event in (LEAVE_OUT, ASK_MORE):
        with pytest.raises(Forbidden, match="请写明理由"):
            rule(desk, case, event, "")
    rule(desk, case, LEAVE_OUT, "做法已在全省推开。")
    assert case.state == LEFT
    rule(desk, case, SELECT, "")
    assert case.state == SELECTED


def test_only_selected_cases_are_compiled_and_then_everybody_finds_them(desk: Desk) -> None:
    case = submitted(desk)
    office = {"office_id": unit(OFFICE).id, "title": "第一批案例", "words": ""}
    who = by(desk.cast.chief, DAY)
    with pytest.raises(Forbidden, match="只能汇编已入选"):
        collecting.compile_cases([case], who, **office)
    rule(desk, case, SELECT, "")
    made = collecting.compile_cases([case], who, **office)
    assert case.state == COMPILED
    assert [one.title for one in cases.compiled_in(made.id)] == [case.title]
    assert [row.title for row in cases.library(words="一次受理")] == [case.title]
    assert cases.library(words="没有这样的词") == []
    with pytest.raises(Forbidden):
        rule(desk, case, LEAVE_OUT)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"done": "字" * 4001}, "done"),
        ({"effect": "成效明显。"}, "effect"),
    ],
)
def test_a_case_without_title_text_or_figures_is_told_so(
    desk: Desk, change: dict[str, str], field: str
) -> None:
    assert set(collecting.wrongs(replace(written(), **change))) == {field}


def test_every_step_of_a_case_stays_on_record(desk: Desk) -> None:
    case = submitted(desk)
    rule(desk, case, SELECT, "")
    assert [move.event for move in cases.moves(case.id)] == ["select", "sign", "rewrite"]
