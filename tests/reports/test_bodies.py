"""What is wrong with a report is said at once, a sentence beside each field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from tests.cast import BODY, LANDED, UNCHANGED, WORDS
from tracker.reports.bodies import (
    SECTIONS,
    TEXTS,
    Asked,
    Body,
    Issued,
    Mistake,
    Step,
    carried,
    is_day,
    mistakes,
)

PROGRESS = Asked(kind="progress", may_reject=False, milestones=(11, 12))
MAY = Asked(kind="progress", may_reject=True)
PLAN = Asked(kind="plan", may_reject=False)
STEP = Step(what="印发方案", who="征管处", by_day="2026-06-30")
GOOD_PLAN = Body(progress=WORDS, milestones=(STEP,))
ANY_BODY = st.builds(
    Body,
    **{name: st.text(max_size=30) for name in ("stage", "percent", *TEXTS)},
    documents=st.lists(st.builds(Issued, title=st.text(), day=st.text()), max_size=3).map(tuple),
    milestones=st.lists(st.builds(Step, what=st.text(), by_day=st.text()), max_size=3).map(tuple),
    done=st.lists(st.integers(), max_size=3).map(tuple),
    is_unchanged=st.booleans(),
)


def beside(body: Body, asked: Asked = PROGRESS) -> dict[str, str]:
    return {mistake.field: mistake.message for mistake in mistakes(body, asked)}


def test_a_whole_report_has_no_mistakes() -> None:
    assert mistakes(BODY, PROGRESS) == []
    assert mistakes(LANDED, PROGRESS) == []
    assert mistakes(GOOD_PLAN, PLAN) == []


def test_an_empty_report_is_told_everything_at_once() -> None:
    assert set(beside(Body())) == {"stage", "percent", "progress"}


def test_an_empty_plan_is_told_everything_at_once() -> None:
    assert set(beside(Body(), PLAN)) == {"progress", "milestones"}


@pytest.mark.parametrize("field", TEXTS)
def test_a_text_that_is_too_long_says_by_how_much(field: str) -> None:
    found = beside(replace(BODY, **{field: "字" * 4_003}))
    assert found[field] == f"{SECTIONS[field]}最多4000字，请删减3字。"


def test_a_text_of_exactly_the_longest_length_is_taken() -> None:
    assert mistakes(replace(BODY, results="字" * 4_000), PROGRESS) == []


@pytest.mark.parametrize("field", TEXTS)
@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x9b"])
def test_a_control_character_is_refused_with_its_place(field: str, control: str) -> None:
    text = f"第一行已经完成工作\n第二行试点{control}工作"
    found = beside(replace(BODY, **{field: text}), MAY)
    assert found[field].startswith(f"{SECTIONS[field]}第2行“第二行试点”之后有无法显示的控制字符")


def test_a_control_character_in_a_row_is_refused_too() -> None:
    body = replace(BODY, documents=(Issued(title="办\x00法"),))
    assert "控制字符" in beside(body)["documents"]
    body = replace(GOOD_PLAN, milestones=(replace(STEP, who="征\x1b管处"),))
    assert "控制字符" in beside(body, PLAN)["milestones"]


@pytest.mark.parametrize(
    "percent", ["", "abc", "-1", "4.5", "４０", "²", "1e2", "0x1", "9" * 5_000]
)
def test_a_percentage_that_is_no_whole_number_is_refused(percent: str) -> None:
    assert beside(replace(BODY, percent=percent))["percent"] == "完成进度须填0到100之间的整数。"


def test_more_than_the_whole_is_refused() -> None:
    assert beside(replace(BODY, percent="101"))["percent"] == "完成进度不能超过100。"


def test_landed_and_100_per_cent_go_together() -> None:
    assert "应为100" in beside(replace(LANDED, percent="99"))["percent"]
    assert "应选“已落地”" in beside(replace(BODY, percent="100"))["stage"]


@pytest.mark.parametrize("stage", ["", "done", "landed ", "LANDED", "../../x"])
def test_a_stage_that_does_not_exist_is_refused(stage: str) -> None:
    assert beside(replace(BODY, stage=stage))["stage"] == "请选择工作阶段。"


def test_rejecting_is_only_for_what_may_be_adopted() -> None:
    body = replace(BODY, stage="rejected", reasons="本省情况不同，暂不具备条件。")
    assert "只有借鉴事项可以选择“不采用”" in beside(body)["stage"]
    assert mistakes(body, MAY) == []


def test_rejecting_needs_reasons() -> None:
    assert "不少于10个字" in beside(replace(BODY, stage="rejected"), MAY)["reasons"]


def test_progress_is_written_in_ten_characters_at_least() -> None:
    assert "progress" in beside(replace(BODY, progress="正在推进。"))


@pytest.mark.parametrize("before", [0, 1])
def test_no_change_may_be_said_twice_running(before: int) -> None:
    assert mistakes(UNCHANGED, replace(PROGRESS, unchanged_before=before)) == []


def test_no_change_may_not_be_said_a_third_time() -> None:
    found = beside(UNCHANGED, replace(PROGRESS, unchanged_before=2))
    assert found["progress"] == "“无变化”最多连续填报2次，本期请写明进展情况。"


def test_no_change_needs_something_before_it() -> None:
    assert "首次填报" in beside(UNCHANGED, replace(PROGRESS, is_first=True))["progress"]


@pytest.mark.parametrize("done", [(13,), (11, -1), (0,), (10**12,)])
def test_a_forged_milestone_is_refused(done: tuple[int, ...]) -> None:
    found = beside(replace(BODY, done=done))
    assert found["milestones"] == "勾选的时间节点不属于这项任务，请刷新页面后重选。"


def test_the_tasks_own_milestones_are_taken() -> None:
    assert mistakes(replace(BODY, done=(12, 11)), PROGRESS) == []


def test_a_plan_ticks_no_foreign_milestones_either() -> None:
    assert "milestones" in beside(replace(GOOD_PLAN, done=(99,)), PLAN)


def test_31_rows_are_refused() -> None:
    many = tuple(Issued(title=f"文件{n}") for n in range(31))
    assert "最多填写30行" in beside(replace(BODY, documents=many))["documents"]
    steps = (STEP,) * 31
    assert "最多填写30行" in beside(replace(GOOD_PLAN, milestones=steps), PLAN)["milestones"]


@pytest.mark.parametrize("day", ["2026-02-30", "20260131", "2026-W05-1", "昨天", "1989-12-31"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert not is_day(day)
    body = replace(BODY, documents=(Issued(title="办法", day=day),))
    assert "不是有效日期" in beside(body)["documents"]
    plan = replace(GOOD_PLAN, milestones=(replace(STEP, by_day=day),))
    assert "须写明完成日期" in beside(plan, PLAN)["milestones"]


def test_a_document_needs_a_title_and_no_day() -> None:
    assert (
        "须写明文件名称"
        in beside(replace(BODY, documents=(Issued(title="", number="1"),)))["documents"]
    )
    assert mistakes(replace(BODY, documents=(Issued(title="办法"),)), PROGRESS) == []


def test_titles_and_names_in_rows_have_their_longest_length() -> None:
    body = replace(BODY, documents=(Issued(title="字" * 201),))
    assert "最多200字" in beside(body)["documents"]
    plan = replace(GOOD_PLAN, milestones=(replace(STEP, who="字" * 81),))
    assert "责任人最多80字" in beside(plan, PLAN)["milestones"]


def test_last_periods_words_are_offered_and_its_figures_are_not() -> None:
    before = replace(
        BODY, results="办理一千件", documents=(Issued(title="办法"),), done=(11,), is_unchanged=True
    )
    offered = carried(before)
    assert (offered.progress, offered.results, offered.percent) == (WORDS, "办理一千件", "40")
    assert (offered.documents, offered.done, offered.is_unchanged) == ((), (), False)


def test_empty_rows_are_left_out_and_line_ends_unified() -> None:
    typed = replace(
        BODY, progress=" 一\r\n二 ", documents=(Issued(title=" "), Issued(title="办法 "))
    ).cleaned()
    assert typed.progress == "一\n二"
    assert typed.documents == (Issued(title="办法"),)


@given(ANY_BODY)
def test_whatever_is_typed_comes_back_as_it_was_kept(body: Body) -> None:
    kept = body.cleaned()
    assert Body.of(kept.as_json()) == kept == kept.cleaned()


@given(ANY_BODY, st.sampled_from([PROGRESS, MAY, PLAN]))
def test_whatever_is_typed_every_mistake_is_a_sentence_beside_a_field(
    body: Body, asked: Asked
) -> None:
    for mistake in mistakes(body, asked):
        assert mistake.field in SECTIONS
        assert mistake.message.endswith("。")
    assert all(isinstance(mistake, Mistake) for mistake in mistakes(body, asked))
