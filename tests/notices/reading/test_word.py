"""Word documents: merged cells, content controls, revisions, and numbers Word makes itself."""

from __future__ import annotations

import io

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.table import Table

from tests.notices.tables import FIRST, HEADER, ROWS, TITLE
from tracker.notices.reading.document import Reading, ReadMeasure, read

PARAGRAPH = f"<w:p {nsdecls('w')}>{{}}</w:p>"


class Word:
    """A document with one table, to be changed before it is read."""

    def __init__(self) -> None:
        self.document = Document()
        self.document.add_paragraph(TITLE)
        rows = [HEADER, *ROWS]
        self.table: Table = self.document.add_table(rows=len(rows), cols=len(HEADER))
        for at, row in enumerate(rows):
            for column, text in enumerate(row):
                self.table.cell(at, column).text = text

    def replace(self, at: int, column: int, xml: str) -> None:
        """Give a cell one paragraph of this XML instead of its own."""
        tc = self.table.cell(at, column)._tc
        for paragraph in tc.p_lst:
            tc.remove(paragraph)
        tc.append(parse_xml(PARAGRAPH.format(xml)))

    def read(self) -> Reading:
        file = io.BytesIO()
        self.document.save(file)
        return read(file.getvalue())

    @property
    def first(self) -> ReadMeasure:
        return self.read().lists[0].measures[0]


def test_a_table_is_read_with_its_places() -> None:
    measures = Word().read().lists[0].measures
    assert [m.title for m in measures] == [row[1] for row in ROWS]
    assert str(measures[1].place) == "表格1第3行"


def test_numbers_that_word_makes_are_read() -> None:
    word = Word()
    numbering = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr></w:pPr>'
    for at in (1, 2, 3):
        word.replace(at, 0, numbering)
    reading = word.read()
    assert [m.no for m in reading.lists[0].measures] == ["1", "2", "3"]
    assert reading.findings == ()


def test_a_revision_counts_as_accepted() -> None:
    word = Word()
    inserted = '<w:ins w:id="1" w:author="a"><w:r><w:t>全国</w:t></w:r></w:ins>'
    deleted = '<w:del w:id="2" w:author="a"><w:r><w:delText>全省</w:delText></w:r></w:del>'
    word.replace(1, 4, inserted + deleted)
    assert word.first.scope_raw == "全国"


def test_content_controls_only_wrap() -> None:
    word = Word()
    word.replace(1, 3, "<w:sdt><w:sdtContent><w:r><w:t>省商务厅</w:t></w:r></w:sdtContent></w:sdt>")
    body = word.document.element.body
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    body.replace(word.table._tbl, control)
    control[0].append(word.table._tbl)
    assert word.first.units_raw == "省商务厅"


def test_a_line_break_and_a_paragraph_both_end_a_line() -> None:
    word = Word()
    word.replace(1, 3, "<w:r><w:t>省商务厅</w:t><w:br/><w:t>省税务局</w:t></w:r>")
    word.table.cell(1, 3).add_paragraph("省公安厅")
    assert word.first.units_raw == "省商务厅\n省税务局\n省公安厅"


def test_cells_merged_downwards_speak_for_each_row() -> None:
    word = Word()
    for at in (2, 3):
        word.table.cell(at, 3).text = ""
    word.table.cell(1, 3).merge(word.table.cell(3, 3))
    assert [m.units_raw for m in word.read().lists[0].measures] == [FIRST[3]] * 3


def test_two_tables_without_a_word_between_them_are_one_list() -> None:
    word = Word()
    word.document.add_paragraph("")
    later = word.document.add_table(rows=1, cols=len(HEADER))
    for column, text in enumerate(("4", *FIRST[1:])):
        later.cell(0, column).text = text
    assert [m.no for m in word.read().lists[0].measures] == ["1", "2", "3", "4"]


def test_a_table_of_signatures_behind_it_is_no_row() -> None:
    word = Word()
    word.document.add_paragraph("")
    signatures = word.document.add_table(rows=1, cols=2)
    signatures.cell(0, 0).text, signatures.cell(0, 1).text = "联系人：某某", "电话：12345"
    assert word.read().lists[0].measures[-1].units_raw == ROWS[-1][3]
