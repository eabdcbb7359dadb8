"""What changed between two filings, in pieces that lose nothing."""

from __future__ import annotations

from hypothesis import given, strategies as st

from tests.cast import BODY
from tracker.reports.bodies import Body, Issued
from tracker.reports.comparing import ADDED, REMOVED, SAME, Piece, compared, sections


def marks(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(piece.mark, piece.text) for piece in pieces]


def test_the_same_text_is_one_piece_without_a_mark() -> None:
    left, right = compared("已完成。正在推进。", "已完成。正在推进。")
    assert marks(left) == marks(right) == [(SAME, "已完成。正在推进。")]


def test_a_changed_figure_is_marked_and_nothing_around_it() -> None:
    left, right = compared("为1.2万户办理退税。", "为1.5万户办理退税。")
    assert (REMOVED, "1.2") in marks(left)
    assert (ADDED, "1.5") in marks(right)
    assert marks(right)[0] == (SAME, "为")


def test_a_sentence_that_came_is_marked_whole() -> None:
    _, right = compared("已完成。", "已完成。下一步扩大范围。")
    assert marks(right) == [(SAME, "已完成。"), (ADDED, "下一步扩大范围。")]


def test_another_sentence_is_not_shown_as_a_changed_one() -> None:
    left, right = compared("已完成系统建设。", "尚无企业申请办理。")
    assert marks(left) == [(REMOVED, "已完成系统建设。")]
    assert marks(right) == [(ADDED, "尚无企业申请办理。")]


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_is_lost_on_either_side(before: str, after: str) -> None:
    left, right = compared(before, after)
    assert "".join(piece.text for piece in left) == before
    assert "".join(piece.text for piece in right) == after


def test_two_long_texts_are_compared_in_a_moment() -> None:
    before, after = "推进改革" * 1000, "推广改革" * 1000
    left, _ = compared(before, after)
    assert "".join(piece.text for piece in left) == before


def test_sections_that_say_nothing_are_left_out() -> None:
    assert [section.code for section in sections(BODY)] == ["stage", "percent", "progress"]


def test_a_section_that_was_emptied_is_still_shown() -> None:
    before = Body(progress="文字", documents=(Issued(title="办法", number="1号"),))
    found = {section.code: section for section in sections(Body(progress="文字"), before)}
    assert found["documents"].is_changed
    assert marks(list(found["documents"].before)) == [(REMOVED, "《办法》，1号")]
    assert not found["progress"].is_changed
