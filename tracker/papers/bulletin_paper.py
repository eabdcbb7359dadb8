"""逾期情况通报 as an official paper, from the bulletin as it was issued."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.days import spelled
from tracker.papers import official_form as form
from tracker.papers.made import BULLETIN, Figures, Made, longest_mark, row_mark
from tracker.papers.official_form import Figure
from tracker.papers.official_table import Column, table
from tracker.papers.workbook import workbook
from tracker.supervision.bulletins import COUNTED, ids_of, returned
from tracker.supervision.drafting import OF
from tracker.supervision.models import Bulletin, BulletinLine
from tracker.supervision.numbering import numbered
from tracker.supervision.snapshots import OBLIGATIONS

LIST, RETURNED = "逾期事项清单", "（退回补正）"
READERS = "各有关单位"
CHINESE = "一二三四五六七八九十"
ITEM = re.compile(r"^([一二三四五六七八九十]+)、")
COLUMNS = (
    Column("序号", 13, is_centred=True),
    Column("单位", 36),
    Column("通知", 26),
    Column("事项", 70),
    Column("应报内容", 40, is_centred=True),
    Column("报送（补正）期限", 42, is_centred=True),
    Column("逾期工作日", 16, is_centred=True),
    Column("催办次数", 14, is_centred=True),
    Column("点名", 13, is_centred=True),
)
# The words before a number in the first sentences → its figure. What the office reworded stays
# unmarked where the words or the number are no longer these.
PHRASES = {word: name for name, word in COUNTED.items()}
NUMBER = re.compile(f"({'|'.join(PHRASES)})(?:共)?(\\d+)(?=项)")


def bulletin_paper(bulletin: Bulletin, lines: Sequence[BulletinLine]) -> Made:
    figures = Figures()
    day = bulletin.issued_on or bulletin.as_of
    paper = form.begin(bulletin.title)
    form.title(paper, bulletin.title, numbered(bulletin))
    form.addressee(paper, READERS)
    sections = iter(CHINESE)
    form.first_heading(paper, f"{next(sections)}、总体情况")
    for paragraph in bulletin.opening.splitlines():
        form.text(paper, list(_opening(paragraph, bulletin, figures)))
    if named := list(_named(lines, figures)):
        form.first_heading(paper, f"{next(sections)}、点名通报")
        form.text(paper, ["以下单位予以点名通报：", *named])
    form.first_heading(paper, f"{next(sections)}、工作要求")
    form.text(paper, "\n".join(ITEM.sub(r"（\1）", one) for one in bulletin.demands.splitlines()))
    if lines:
        form.annex_note(paper, [LIST])
    form.signature(paper, bulletin.office_name, day)
    if lines:
        said = f"{LIST}（截至{spelled(bulletin.as_of)}）"
        form.annex(paper, "附件", said, landscape=True)
        back = returned(bulletin)
        rows = [_row(place, line, back) for place, line in enumerate(lines, start=1)]
        table(paper, COLUMNS, rows, landscape=True)
    return Made(
        kind=BULLETIN,
        about=str(bulletin.id),
        office_id=bulletin.office_id,
        title=bulletin.title,
        addressee=READERS,
        as_of=bulletin.as_of,
        data=form.finished(paper),
        figures=figures.found,
    )


def _opening(words: str, bulletin: Bulletin, figures: Figures) -> Iterator[str | Figure]:
    """The office's words, with a mark on each number that is still the one counted."""
    told, end = ids_of(bulletin), 0
    for found in NUMBER.finditer(words):
        word, value = found[1], int(found[2])
        name = PHRASES[word]
        if name not in told or len(told[name]) != value:
            continue
        yield words[end : found.start(2)]
        yield figures.put(f"_{name}", word, value, told[name], of=OF.get(name, OBLIGATIONS))
        end = found.end(2)
    yield words[end:]


def _named(lines: Sequence[BulletinLine], figures: Figures) -> Iterator[str | Figure]:
    """Unit by unit, the one that is late the longest first."""
    units: dict[int, list[BulletinLine]] = {}
    for line in lines:
        if line.is_named:
            units.setdefault(line.unit_id, []).append(line)
    order = sorted(units.items(), key=lambda one: (-_longest(one[1]), -len(one[1]), one[0]))
    for place, (unit_id, own) in enumerate(order, start=1):
        ids = [line.obligation_id for line in own]
        yield f"{own[0].unit_name}（"
        yield figures.put(f"_unit{unit_id}", f"{own[0].unit_name}逾期", len(own), ids)
        yield "项，最长逾期"
        latest = max(own, key=lambda line: line.workdays_late)
        yield Figure(longest_mark(latest.obligation_id), latest.workdays_late)
        yield f"个工作日）{'。' if place == len(order) else '；'}"


def _longest(lines: Sequence[BulletinLine]) -> int:
    return max(line.workdays_late for line in lines)


def annex_workbook(bulletin: Bulletin, lines: Sequence[BulletinLine]) -> bytes:
    """The same annex, to go along with a letter."""
    back = returned(bulletin)
    rows = ([place, *_words(line, back)] for place, line in enumerate(lines, start=1))
    return workbook(LIST, [(column.name, column.width // 2) for column in COLUMNS], rows)


def _row(place: int, line: BulletinLine, back: frozenset[int]) -> form.Words:
    return [Figure(row_mark(line.obligation_id), place), *_words(line, back)]


def _words(line: BulletinLine, back: frozenset[int]) -> list[str]:
    return [
        line.unit_name,
        line.notice,
        line.measure,
        f"{line.owed}{RETURNED if line.obligation_id in back else ''}",
        spelled(line.awaited_by),
        str(line.workdays_late),
        str(line.urges),
        "是" if line.is_named else "",
    ]
