"""Web pages: spans, layout tables, tags inside cells, and source lines that mean nothing."""

from __future__ import annotations

import pytest

from tests.notices.tables import FIRST, HEADER, ROWS, SECOND, TITLE, html
from tracker.notices.reading.document import Reading, read


def of(page: str) -> Reading:
    return read(page.encode())


def titles(reading: Reading) -> list[str]:
    return [m.title for listed in reading.lists for m in listed.measures]


def test_a_page_is_read_with_its_places() -> None:
    reading = of(html(*ROWS))
    assert titles(reading) == [row[1] for row in ROWS]
    assert str(reading.lists[0].measures[0].place) == "表格1第2行"


@pytest.mark.parametrize(
    "tag", ["<p>{}</p>", "<div><span>{}</span></div>", "{}<br>", "<p>{}<br/></p>"]
)
def test_every_paragraph_of_a_cell_is_a_line(tag: str) -> None:
    units = "".join(map(tag.format, ("省商务厅", "省税务局")))
    [measure] = of(html((*FIRST[:3], units, "全省"))).lists[0].measures
    assert measure.units_raw == "省商务厅\n省税务局"


def test_the_lines_of_the_source_are_no_lines_of_the_text() -> None:
    [measure] = of(html((*FIRST[:3], "海关总署\n   广东分署", "全省"))).lists[0].measures
    assert measure.units_raw == "海关总署 广东分署"


def test_a_table_that_arranges_the_page_is_no_list() -> None:
    page = html(*ROWS).replace("<p>", "<table><tr><td>您的位置：</td><td><p>")
    page = page.replace("</body>", "</td></tr></table></body>")
    reading = of(page)
    assert titles(reading) == [row[1] for row in ROWS]
    assert reading.lists[0].heading == TITLE


def test_a_cell_may_span_rows_and_columns_at_once() -> None:
    header = (*HEADER[:4], "", HEADER[4])
    first, second = (*FIRST[:3], "省商务厅", "", "全省"), (*SECOND[:3], "", "", "全国")
    page = html(first, second, header=header)
    page = page.replace("<td>省商务厅</td><td></td>", '<td rowspan="2" colspan="2">省商务厅</td>')
    page = page.replace("<td></td><td></td><td>全国", "<td>全国")
    found = [(m.units_raw, m.scope_raw) for m in of(page).lists[0].measures]
    assert found == [("省商务厅", "全省"), ("省商务厅", "全国")]


@pytest.mark.parametrize("span", ["0", "-1", "²", "1.5", "many", ""])
def test_a_span_that_is_no_number_is_one(span: str) -> None:
    page = html(*ROWS).replace(f"<td>{FIRST[1]}", f'<td rowspan="{span}">{FIRST[1]}')
    assert titles(of(page)) == [row[1] for row in ROWS]


def test_a_page_that_begins_with_much_else_is_still_a_page() -> None:
    page = "<p>" + "说明文字。" * 2000 + "</p>" + html(*ROWS).split("<body>")[1]
    assert titles(of(page)) == [row[1] for row in ROWS]


def test_scripts_and_styles_say_nothing() -> None:
    page = html(*ROWS).replace("<table>", "<script>var 序号 = 1</script><style>p {}</style><table>")
    assert of(page).lists[0].heading == TITLE
