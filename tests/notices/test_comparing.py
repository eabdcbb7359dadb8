"""Names in a body and in a table: compared without spaces, quotes and the width of brackets."""

from __future__ import annotations

from tracker.notices.comparing import bare, named_otherwise

TITLES = ["夜间查验预约", "“船票”一码通行", "园区(工业)用电托管"]
BODY = "包括：“夜间查验预约”、“‘船票’一码通行”、“园区（工业）用电托管”等3项。"


def test_spaces_quotes_and_brackets_make_no_difference() -> None:
    assert bare("‘船 票’（试行）") == bare("“船票” (试行)")
    assert list(named_otherwise(TITLES, BODY)) == []


def test_a_title_that_differs_comes_with_the_nearest_words() -> None:
    found = list(named_otherwise(TITLES, BODY.replace("用电托管", "用电代管")))
    assert found == [(2, "园区（工业）用电代管")]


def test_a_title_that_is_not_named_at_all_comes_with_none() -> None:
    assert list(named_otherwise([*TITLES, "海上风电登记"], BODY)) == [(3, None)]


def test_a_body_that_names_few_is_no_enumeration() -> None:
    assert list(named_otherwise([*TITLES, "甲事项", "乙事项", "丙事项", "丁事项"], BODY)) == []
    assert list(named_otherwise([], BODY)) == []
