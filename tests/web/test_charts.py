"""Where the pieces of a chart lie, and what each says in words."""

from __future__ import annotations

import pytest
from flask import Flask

from tracker.registry.queries import cities
from tracker.web import charts, tiles

SERIES = [("按时报送", [8, 4, 0], "green"), ("逾期报送", [2, 0, 0], "amber")]


def test_the_parts_fill_the_whole_and_nought_takes_no_room() -> None:
    parts = charts.segments([(1, "逾期", "red"), (0, "临近", "yellow"), (2, "正常", "green")])
    assert [part.start for part in parts] == [0, 33.33, 33.33]
    assert sum(part.length for part in parts) == pytest.approx(100)
    assert parts[1].length == 0
    assert charts.segments([(0, "逾期", "red")])[0].length == 0


@pytest.mark.parametrize(
    ("most", "scale"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (20, [0, 5, 10, 15, 20]),
        (446, [0, 200, 400, 600]),
    ],
)
def test_ticks_are_even_and_reach_the_most(most: int, scale: list[int]) -> None:
    assert charts.ticks(most) == scale


def test_columns_stand_on_the_line_and_on_each_other() -> None:
    scale, (first, *_) = charts.columns(["一季度", "二季度", "三季度"], SERIES)
    below, above = first.segments
    assert scale[-1] == 10
    assert below.start + below.length == charts.TOP + charts.HIGH
    assert above.start + above.length == pytest.approx(below.start)
    assert above.start == charts.TOP


def test_a_chart_of_nothing_can_be_drawn() -> None:
    assert charts.columns([], []) == ([0, 1], [])
    assert charts.columns(["一季度"], [])[1][0].segments == []


def test_the_tiles_are_the_21_cities(app: Flask) -> None:
    known = sorted(city.code for city in cities())
    assert sorted(code for row in tiles.ROWS for code in row if code) == known
    assert {len(row) for row in tiles.ROWS} == {8}


def test_a_chart_says_its_numbers_in_a_table(app: Flask) -> None:
    macros = app.jinja_env.get_template("macros/charts.html").module
    drawn = macros.columns(["一季度", "二季度", "三季度"], SERIES, "各期报送")
    assert 'role="img" aria-label="各期报送，数字见下方数据表"' in drawn
    assert '<th scope="row">逾期报送</th><td class="number">2</td>' in drawn
    assert "style=" not in drawn
