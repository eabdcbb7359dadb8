"""Official papers: the form of GB/T 9704-2012 in the file's own XML; what each figure counts."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree
from openpyxl import load_workbook

from tests.cast import OFFICE, TAX, Desk, by, moment, task_of, unit
from tests.papers.office_files import faults
from tests.supervision.test_bulletins import AS_OF, drafted
from tests.supervision.test_evaluating import story
from tests.supervision.urged import FIFTH, sent
from tracker import storage
from tracker.days import spelled
from tracker.difficulties import answering, raising
from tracker.papers import official_form as form
from tracker.papers.keeping import Keep, of_bulletin, of_day, of_urge
from tracker.papers.models import Paper
from tracker.papers.urge_letters import bulletin_letter
from tracker.papers.urge_paper import urge_paper
from tracker.supervision import bulletins, queries
from tracker.supervision.knowing import AsOf
from tracker.supervision.overdue import number_overdue
from tracker.tasks.picking import Picked

RULE, PRESSING = "须调整有关规章的办理条件。", "系统停用，须报告省政府。"


def keep(tmp_path: Path, day: date = AS_OF) -> Keep:
    return Keep(folder=tmp_path, at=moment(day, 12))


def read(paper: Paper, tmp_path: Path) -> Any:
    return Document(io.BytesIO(storage.fetch(tmp_path, paper.sha256)))


def words(paper: Any) -> str:
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def marks(paper: Any) -> dict[str, str]:
    """Each bookmark's name, with the words it holds."""
    found = {}
    for start in paper.element.iter(qn("w:bookmarkStart")):
        held = start.getnext()
        found[start.get(qn("w:name"))] = "".join(text.text for text in held.iter(qn("w:t")))
    return found


def issued(desk: Desk) -> Any:
    sent(desk)
    bulletin = drafted()
    bulletins.publish(bulletin, by(desk.cast.chief, AS_OF))
    return bulletin


@pytest.fixture
def three(desk: Desk, tmp_path: Path) -> list[Paper]:
    bulletin = issued(desk)
    urge = queries.urges_of_unit(unit(TAX).id, ["sent"], day=AS_OF)[0]
    return [
        of_urge(queries.urge(urge.id), keep(tmp_path)),
        of_bulletin(bulletin, keep(tmp_path)),
        of_day(unit(OFFICE).id, AS_OF, "province", keep(tmp_path)),
    ]


def test_no_line_is_stretched_whatever_the_fonts(three: list[Paper], tmp_path: Path) -> None:
    for kept in three:
        paper = read(kept, tmp_path)
        sides = {one.get(qn("w:val")) for one in paper.element.iter(qn("w:jc"))}
        assert sides <= {"left", "center", "right"}


def test_pages_have_the_geometry_of_the_standard(three: list[Paper], tmp_path: Path) -> None:
    for kept in three:
        for section in read(kept, tmp_path).sections:
            upright = section.page_height > section.page_width
            edges = (section.top_margin, section.right_margin, section.bottom_margin,
                     section.left_margin)  # fmt: skip
            wanted = (37, 26, 35, 28) if upright else (28, 37, 26, 35)
            assert [round(edge.mm) for edge in edges] == list(wanted)
            width = section.page_width - section.left_margin - section.right_margin
            assert round(width / Mm(1)) == (156 if upright else 225)
            grid = section._sectPr.find(qn("w:docGrid"))
            assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def test_fonts_are_named_for_both_scripts_and_never_carried(
    three: list[Paper], tmp_path: Path
) -> None:
    wanted = {
        "Normal": ("仿宋_GB2312", 16),
        "公文标题": ("方正小标宋简体", 22),
        "一级标题": ("黑体", 16),
        "二级标题": ("楷体_GB2312", 16),
        "页码": ("宋体", 14),
    }
    styles = read(three[2], tmp_path).styles
    for name, (font, size) in wanted.items():
        fonts = styles[name].element.rPr.rFonts
        assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "eastAsia")} == {font}
        assert styles[name].font.size == Pt(size)
        assert styles[name].paragraph_format.line_spacing == Pt(28.95)
    archive = zipfile.ZipFile(io.BytesIO(storage.fetch(tmp_path, three[2].sha256)))
    assert not [name for name in archive.namelist() if "font" in name.lower() and "odttf" in name]


def test_word_opens_them_without_mending_anything(three: list[Paper], tmp_path: Path) -> None:
    for kept in three:
        assert faults(storage.fetch(tmp_path, kept.sha256)) == []


def test_page_numbers_stand_outside(three: list[Paper], tmp_path: Path) -> None:
    paper = read(three[0], tmp_path)
    assert paper.settings.odd_and_even_pages_header_footer
    section = paper.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (2, 0)
    assert odd.paragraph_format.right_indent == even.paragraph_format.left_indent == Pt(14)
    assert re.sub(r"\s", "", odd.text) == "—1—"
    assert round(section.footer_distance / Mm(1)) == 23


def test_a_signature_ends_two_characters_from_the_edge() -> None:
    """The day begins two characters right of the name."""
    long, short = form.signature_indents(11, 10, 7), form.signature_indents(3, 11, 8)
    assert long == (2, 4.5)
    assert short == (8, 2)
    assert spelled(date(2026, 4, 5)) == "2026年4月5日"


def test_a_bulletins_annex_lies_on_its_side_with_a_row_for_each_late_obligation(
    three: list[Paper], tmp_path: Path
) -> None:
    paper, lines = read(three[1], tmp_path), queries.bulletin_lines(int(three[1].about))
    assert paper.sections[-1].page_width > paper.sections[-1].page_height
    rows = paper.tables[0]._tbl.tr_lst
    assert len(rows) == len(lines) + 1
    assert {f"_o{line.obligation_id}" for line in lines} <= set(marks(paper))


def test_a_bulletins_annex_marks_what_came_back_also_where_it_goes_along_by_mail(
    desk: Desk,
) -> None:
    story(desk)
    bulletin = issued(desk)
    lines = queries.bulletin_lines(bulletin.id)
    letter = bulletin_letter(bulletin, lines, link="/bulletins/1", site="http://x")
    assert "点名通报贵单位" in letter.subject
    assert letter.attachment
    rows = list(load_workbook(io.BytesIO(letter.attachment.data)).active.values)
    back = [line.obligation_id in bulletins.returned(bulletin) for line in lines]
    assert [str(row[4]).endswith("（退回补正）") for row in rows[1:]] == back
    assert sum(back) == 1


def test_every_marked_figure_holds_its_number_and_what_it_counts(
    three: list[Paper], tmp_path: Path
) -> None:
    for kept in three:
        held = marks(read(kept, tmp_path))
        assert kept.figures
        for mark, counted in kept.figures.items():
            assert held[mark] == str(counted["value"]), mark
            assert len(mark) <= 40
            assert counted["ids"] is None or len(counted["ids"]) == counted["value"], mark
        assert sum(counted["ids"] is not None for counted in kept.figures.values()) > 0


def test_the_same_paper_is_the_same_bytes(desk: Desk, tmp_path: Path) -> None:
    office = unit(OFFICE).id
    one = of_day(office, AS_OF, "province", keep(tmp_path))
    other = of_day(office, AS_OF, "ministry", keep(tmp_path / "other"))
    assert of_day(office, AS_OF, "province", keep(tmp_path / "later")) is one
    assert one.sha256 != other.sha256
    assert "商务部：" in words(read(other, tmp_path / "other"))


def test_made_anew_it_is_the_same_bytes(desk: Desk) -> None:
    urge = sent(desk)
    rows = queries.covered(urge.id)
    assert urge_paper(urge, rows).data == urge_paper(urge, rows).data


def test_a_situation_counts_as_the_dashboard_does(three: list[Paper], tmp_path: Path) -> None:
    asked, picked = AsOf(day=AS_OF), Picked(office=unit(OFFICE).id)
    figures = three[2].figures
    late = number_overdue(asked, picked)
    assert figures["_overdue"]["value"] == late > 0
    units = [one for mark, one in figures.items() if re.fullmatch(r"_u\d+", mark)]
    assert sum(one["value"] for one in units) == late
    whole = [one for mark, one in figures.items() if re.fullmatch(r"_n\d+_overdue", mark)]
    assert sum(one["value"] for one in whole) == late


def test_what_a_person_typed_stays_text(desk: Desk, tmp_path: Path) -> None:
    urge = sent(desk)
    urge.reason = "<w:p/>&\x01" + "请报送。"
    paper = read(of_urge(urge, keep(tmp_path, FIFTH)), tmp_path)
    assert "<w:p/>&�请报送。" in words(paper)
    assert etree.tostring(paper.element.body)


def asked(desk: Desk, day: date) -> None:
    """Two units ask for coordination; one of the two is important, the other is answered."""
    filer, chief, task = by(desk.cast.filer, day), by(desk.cast.chief, day), task_of(TAX)
    for kind, words in (("legal", RULE), ("policy", PRESSING)):
        own = {"kind": kind, "words": words, "is_important": words == PRESSING}
        difficulty = raising.raise_alone(task, filer, unit_id=task.unit_id, **own)
        if kind == "legal":
            answering.answer(difficulty, chief, words="已列入立法计划。")


def test_a_situation_names_what_is_important_and_lists_what_must_be_coordinated(
    desk: Desk, tmp_path: Path
) -> None:
    asked(desk, AS_OF)
    kept = of_day(unit(OFFICE).id, AS_OF, "province", keep(tmp_path, AS_OF))
    paper, counted = read(kept, tmp_path), kept.figures
    states = ("open", "raised", "answered", "settled", "legal", "policy", "important")
    assert [counted[f"_d_{name}"]["value"] for name in states] == [2, 1, 1, 0, 1, 1, 1]
    assert {f"_d_{name}" for name in states} <= set(marks(paper))
    assert f"）：{PRESSING}" in words(paper)
    assert RULE not in words(paper)
    annex = [[cell.text for cell in row.cells] for row in paper.tables[-1].rows[1:]]
    assert [row[-2:] for row in annex] == [[f"【重要情况】{PRESSING}", "待受理"], [RULE, "已答复"]]


def test_a_situation_of_a_day_that_has_passed_tells_what_was_open_then(
    desk: Desk, tmp_path: Path
) -> None:
    asked(desk, AS_OF)
    office, later = unit(OFFICE).id, AS_OF + timedelta(days=3)
    before = of_day(office, AS_OF - timedelta(days=1), "province", keep(tmp_path, later))
    assert "_d_open" not in before.figures
    assert "没有需协调的困难和问题。" in words(read(before, tmp_path))
