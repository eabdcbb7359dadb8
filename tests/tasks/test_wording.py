"""Reasons and notes are kept as they were said, or refused with a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tracker.tasks.states import Forbidden
from tracker.tasks.wording import clean, control_in, quoted, said


@pytest.mark.parametrize("typed", ["一\r\n二", "一\r二", "一\v二", "一\u2028二", "一\n二"])
def test_every_kind_of_line_end_becomes_one(typed: str) -> None:
    assert clean(typed) == "一\n二"


def test_quotes_within_a_quoted_title_are_single() -> None:
    assert quoted("“零窗口”服务") == "“‘零窗口’服务”"


def test_rare_characters_of_names_are_left_alone() -> None:
    assert clean("\ue863\U00020000 䶮") == "\ue863\U00020000 䶮"


def test_the_place_of_a_control_character_is_named() -> None:
    assert control_in("第一行\n试点\x00工作") == "第2行“试点”之后"


def test_a_reason_must_be_there() -> None:
    with pytest.raises(Forbidden, match="请写明理由。"):
        said(" \n ", what="理由", longest=10)


def test_a_note_may_be_empty_where_it_is_only_a_note() -> None:
    assert said(" ", what="说明", longest=10, may_be_empty=True) == ""


def test_a_reason_that_is_too_long_is_refused_and_says_by_how_much() -> None:
    with pytest.raises(Forbidden, match="理由最多10字，请删减3字。"):
        said("字" * 13, what="理由", longest=10)


def test_a_reason_with_a_control_character_is_refused() -> None:
    with pytest.raises(Forbidden, match="控制字符"):
        said("本地\x1b没有口岸", what="理由", longest=10)


@given(st.text())
def test_what_is_kept_can_be_stored_shown_and_cleaned_again(text: str) -> None:
    kept = clean(text)
    assert kept.encode() == clean(kept).encode()
