"""The page form of official documents, GB/T 9704-2012: geometry, fonts, parts in their order.

A figure in a text is a hidden bookmark: Word hides those whose name begins with an underscore.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import count
from typing import Any, NamedTuple

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from tracker.days import spelled

WIDTH, HEIGHT = 210, 297
TOP, RIGHT, BOTTOM, LEFT = 37, 26, 35, 28
# 22 lines of 28 characters: the pitch in twentieths of a point, and what each character gives up.
PITCH, TIGHTER = 579, -5
NUMBER_FROM_EDGE = 23  # its upper edge is then 7 mm below the text
BODY, HEAD, SECOND, TITLE, NUMBERS = "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体", "宋体"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22, 16, 14, 10.5
CHARACTER = SIZE_3 + TIGHTER / 20
WRITTEN_AT = (1980, 1, 1, 0, 0, 0)  # the same words are the same bytes
BORN = datetime(2013, 1, 1)  # noqa: DTZ001  as the format keeps it
# What comes after it in a paragraph's properties, by the format's own order.
AFTER_SPACES = ("w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc")
SIGNED_IN = 2  # characters from the right, and from the name to the day
SIGNED_WITH = 6  # so many paragraphs before a signature stay with it
# What the library's template brings: another paper's picture, and styles that contradict ours.
FOREIGN = ("/thumbnail", "/stylesWithEffects", "/customXml")
# One cell as high as an upright page's text is wide, read from top to bottom.
ASIDE = (
    f"<w:tbl {nsdecls('w')}><w:tblPr>"
    f'<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="page" w:horzAnchor="page"'
    f' w:tblpX="{Mm(NUMBER_FROM_EDGE).twips}" w:tblpY="{Mm(LEFT).twips}"/>'
    f'<w:tblW w:w="{Pt(SIZE_4).twips}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    f'</w:tblPr><w:tblGrid><w:gridCol w:w="{Pt(SIZE_4).twips}"/></w:tblGrid><w:tr><w:trPr>'
    f'<w:trHeight w:val="{Mm(WIDTH - LEFT - RIGHT).twips}" w:hRule="exact"/></w:trPr><w:tc>'
    f'<w:tcPr><w:tcW w:w="{Pt(SIZE_4).twips}" w:type="dxa"/><w:textDirection w:val="tbRl"/>'
    "</w:tcPr><w:p/></w:tc></w:tr></w:tbl>"
)
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Figure(NamedTuple):
    """A number in a text, and the mark by which it is found again."""

    mark: str
    value: int | float | str


Words = Sequence[str | Figure]


def begin(title: str) -> Docx:
    """An empty paper in form, under the name that its file tells."""
    paper = Document()
    _without_foreign(paper)
    core = paper.core_properties
    core.title, core.author, core.created, core.modified = title, "", BORN, BORN
    core.last_modified_by, core.comments = "", ""
    _style(paper, "Normal", BODY, SIZE_3)
    for name, font, size in (("公文标题", TITLE, SIZE_2), ("一级标题", HEAD, SIZE_3)):
        _style(paper, name, font, size)
    _style(paper, "二级标题", SECOND, SIZE_3)
    _style(paper, "附件序号", HEAD, SIZE_3)
    _style(paper, "页码", NUMBERS, SIZE_4)
    _style(paper, "表格", BODY, SIZE_5)
    paper.settings.odd_and_even_pages_header_footer = True
    _shape(paper.sections[0], landscape=False)
    _numbered(paper.sections[0])
    return paper


def _without_foreign(paper: Docx) -> None:
    for held in (paper.part.rels, paper.part.package.rels):
        for number in [number for number, one in held.items() if one.reltype.endswith(FOREIGN)]:
            del held[number]


def _style(paper: Docx, name: str, font: str, size: float) -> None:
    styles = paper.styles
    style: Any = (
        styles[name] if name == "Normal" else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    if name != "Normal":
        style.base_style = styles["Normal"]
    style.font.size, style.font.bold = Pt(size), False
    _named(style.element.get_or_add_rPr(), font)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH / 20)
    form.widow_control = False
    # Numerals stand as they are: without it Word widens what lies between them and characters.
    for kind in ("w:autoSpaceDE", "w:autoSpaceDN"):
        off = OxmlElement(kind)
        off.set(qn("w:val"), "0")
        style.element.get_or_add_pPr().insert_element_before(off, *AFTER_SPACES)


def _named(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), font)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)


def _shape(section: Section, *, landscape: bool) -> None:
    """A page on its side is the upright one turned: what was left is on top."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    width, height = (HEIGHT, WIDTH) if landscape else (WIDTH, HEIGHT)
    edges = (LEFT, TOP, RIGHT, BOTTOM) if landscape else (TOP, RIGHT, BOTTOM, LEFT)
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(
        Mm, edges
    )
    section.footer_distance = Mm(14 if landscape else NUMBER_FROM_EDGE)
    section.header_distance = Mm(15)
    properties = section._sectPr  # noqa: SLF001  python-docx has no name for the grid
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(PITCH))
    properties.append(grid)


def _numbered(section: Section) -> None:
    """— 1 — on the outside: odd pages on the right, even ones on the left, one character in."""
    for footer, side in _sides(section):
        _number(footer.paragraphs[0], side)


def _sides(section: Section) -> Iterator[tuple[Any, ALIGN]]:
    for footer, side in (
        (section.footer, ALIGN.RIGHT),
        (section.even_page_footer, ALIGN.LEFT),
    ):
        footer.is_linked_to_previous = False
        yield footer, side


def _number(paragraph: Paragraph, side: ALIGN) -> None:
    paragraph.style, paragraph.alignment = "页码", side
    form = paragraph.paragraph_format
    form.line_spacing = Pt(SIZE_4)
    form.right_indent, form.left_indent = Pt(SIZE_4), Pt(SIZE_4)
    paragraph.add_run("— ")
    for kind in ("begin", "PAGE", "separate", "1", "end"):
        _field(paragraph.add_run(), kind)
    paragraph.add_run(" —")


def _numbered_aside(section: Section) -> None:
    """The same edge of the sheet as on an upright page: bound, the table's head lies to the left,
    and what was the bottom is the left side here. The number stands there, turned with the sheet.
    """
    for footer, side in _sides(section):
        aside: Any = parse_xml(ASIDE)
        rest = footer.paragraphs[0]
        rest._p.addprevious(aside)  # noqa: SLF001  python-docx has no name for a table set apart
        rest.paragraph_format.line_spacing = Pt(1)
        (turned,) = aside.iter(qn("w:p"))
        _number(Paragraph(turned, footer), side)


def _field(run: Run, kind: str) -> None:
    if kind == "1":
        run.text = kind
        return
    element = OxmlElement("w:instrText" if kind == "PAGE" else "w:fldChar")
    if kind == "PAGE":
        element.text = kind
    else:
        element.set(qn("w:fldCharType"), kind)
    run._r.append(element)  # noqa: SLF001


def title(paper: Docx, words: str, number: str = "") -> None:
    """The title, centred; below it the paper's number where it has one."""
    _line(paper, [words], "公文标题", align=ALIGN.CENTER)
    if number:
        _line(paper, [number], align=ALIGN.CENTER)
    blank(paper)


def addressee(paper: Docx, name: str) -> None:
    _line(paper, [f"{name}："])


def text(paper: Docx, words: Words | str, style: str = "Normal") -> None:
    """A paragraph, two characters in. Text of many lines is as many paragraphs."""
    if not isinstance(words, str):
        _line(paper, words, style, indent=2)
        return
    for line in words.splitlines():
        if line.strip():
            _line(paper, [line.strip()], style, indent=2)


def first_heading(paper: Docx, words: str) -> None:
    """一、"""
    text(paper, words, "一级标题")


def second_heading(paper: Docx, words: str) -> None:
    """（一）"""
    text(paper, words, "二级标题")


def blank(paper: Docx) -> None:
    _line(paper, [])


def annex_note(paper: Docx, names: Sequence[str]) -> None:
    """附件说明: one blank line after the text, without a mark at the end."""
    blank(paper)
    if len(names) == 1:
        _line(paper, [f"附件：{names[0]}"], indent=2)
        return
    for number, name in enumerate(names, start=1):
        lead = "附件：" if number == 1 else "　　　"
        _line(paper, [f"{lead}{number}.{name}"], indent=2)


def signature(paper: Docx, name: str, day: date) -> None:
    """署名 and 成文日期: the day begins two characters to the right of the name."""
    blank(paper)
    blank(paper)
    right_of_name, right_of_day = signature_indents(len(name), len(spelled(day)), digits(day))
    _line(paper, [name], align=ALIGN.RIGHT, right=right_of_name)
    # A page never holds a signature without text.
    for paragraph in paper.paragraphs[-SIGNED_WITH:]:
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.keep_together = True
    _line(paper, [spelled(day)], align=ALIGN.RIGHT, right=right_of_day)


def signature_indents(name: float, day: float, half: int) -> tuple[float, float]:
    """How many characters both end from the right: the longer one two. `half` are half as wide."""
    wide = day - half / 2
    right_of_day = name - wide
    if right_of_day >= SIGNED_IN:
        return SIGNED_IN, right_of_day
    return wide + 2 * SIGNED_IN - name, SIGNED_IN


def digits(day: date) -> int:
    return sum(character.isdigit() for character in spelled(day))


def annex(paper: Docx, mark: str, name: str, *, landscape: bool = False) -> None:
    """附件 on a new page: its mark flush left, its title on the third line."""
    section = paper.add_section(WD_SECTION.NEW_PAGE)
    _shape(section, landscape=landscape)
    if landscape:
        _numbered_aside(section)
    _line(paper, [mark], "附件序号")
    blank(paper)
    _line(paper, [name], "公文标题", align=ALIGN.CENTER)


def _line(
    paper: Docx,
    words: Words,
    style: str = "Normal",
    *,
    align: ALIGN | None = None,
    indent: int = 0,
    right: float = 0,
) -> Paragraph:
    paragraph = paper.add_paragraph(style=style)
    # Justified, a line before a number that does not break is stretched, most with other fonts.
    paragraph.alignment = align or ALIGN.LEFT
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(indent * CHARACTER)
    if right:
        paragraph.paragraph_format.right_indent = Pt(right * CHARACTER)
    for part in words:
        if isinstance(part, Figure):
            _figure(paragraph, part)
        else:
            _run(paragraph, part)
    return paragraph


def _run(paragraph: Paragraph, words: str) -> None:
    run = paragraph.add_run(clean(words))
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(TIGHTER))
    run._r.get_or_add_rPr().append(spacing)  # noqa: SLF001


def _figure(paragraph: Paragraph, figure: Figure) -> None:
    number = str(next(free_numbers(paragraph.part.element.body)))
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), number)
    start.set(qn("w:name"), figure.mark)
    paragraph._p.append(start)  # noqa: SLF001
    _run(paragraph, str(figure.value))
    paragraph._p.append(end)  # noqa: SLF001


def free_numbers(body: Any) -> count[int]:
    """Those that are still free for bookmarks."""
    return count(len(body.xpath(".//w:bookmarkStart")) + 1)


def clean(words: str) -> str:
    return FORBIDDEN.sub("\ufffd", words)


def finished(paper: Docx) -> bytes:
    """The file; its archive tells no moment, so that the same paper is the same bytes."""
    written, again = io.BytesIO(), io.BytesIO()
    paper.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(again, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, WRITTEN_AT)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return again.getvalue()
