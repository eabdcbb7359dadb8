"""复制推广工作情况报告 as an official paper: the quarter's figures, as they stood at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.clock import start_of
from tracker.days import spelled
from tracker.db import db
from tracker.difficulties.standing import standing
from tracker.papers import official_form as form, situation_difficulties as difficulties
from tracker.papers.digest_words import period
from tracker.papers.made import SITUATION, Figures, Made, once_more
from tracker.papers.official_form import Figure
from tracker.papers.official_table import Column, table
from tracker.registry.queries import names_of_units
from tracker.supervision import snapshots
from tracker.supervision.counting import cells
from tracker.supervision.dashboard import Line, summed, worst_first
from tracker.supervision.drafting import COUNTED, EXPECTED, LANDED, MEASURES, OF, TASKS
from tracker.supervision.knowing import AsOf
from tracker.supervision.outcomes import CORRECTING_WORD, MET
from tracker.supervision.scoring import LATE, MISSING, ON_TIME, percent
from tracker.supervision.selecting import Condition, found
from tracker.supervision.snapshots import OBLIGATIONS, OVERDUE, Page
from tracker.tasks.models import Obligation
from tracker.tasks.picking import Picked

READERS = {"province": "省人民政府", "ministry": "商务部"}
TITLE = "关于复制推广工作情况的报告"
BY_NOTICE, BY_UNIT = "各通知复制推广情况表", "各单位应报事项情况表"
CATCH_UP, GO_ON = "督促有关单位对照附件2逐项补报", "督促有关单位按期报送"
COORDINATE, TELL = "协调解决附件3所列困难和问题", "及时报告工作进展"
SOON, LATER = "临近到期", "期限未到"
WORST = 5
NOTICE_COLUMNS = (
    Column("通知", 50),
    *(Column(word, 16, is_centred=True) for word in COUNTED.values()),
)
UNIT_COLUMNS = (
    Column("序号", 11, is_centred=True),
    Column("单位", 50),
    Column(COUNTED[OVERDUE], 18, is_centred=True),
    Column(SOON, 18, is_centred=True),
    Column(LATER, 18, is_centred=True),
    Column("最早期限", 28, is_centred=True),
)


Put = Callable[[str], Figure]


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is reported on: an office's page of a day, and as of when it was counted.

    It leaves under the department's name: an office inside one reports to nobody above it.
    """

    office_id: int
    office_name: str
    signed_by: str
    page: Page
    asked: AsOf
    soon: date

    @property
    def first(self) -> date:
        return date.fromisoformat(self.page.facts["first"])

    @property
    def last(self) -> date:
        return date.fromisoformat(self.page.facts["last"])


def situation_paper(told: Situation, reader: str) -> Made:
    figures, day = Figures(), told.asked.day
    lines, raised = _lines(told), _raised(told)
    paper = form.begin(TITLE)
    form.title(paper, TITLE)
    form.addressee(paper, READERS[reader])
    form.first_heading(paper, "一、总体情况")
    form.text(paper, list(_whole(told, figures)))
    form.first_heading(paper, "二、各通知进展情况")
    _by_notice(paper, told, figures)
    form.first_heading(paper, "三、存在的主要问题")
    form.text(paper, list(_worst(lines, figures)))
    form.first_heading(paper, "四、需协调的困难和问题")
    for words in difficulties.paragraphs(raised, figures, since=told.first):
        form.text(paper, words)
    form.first_heading(paper, "五、下一步工作")
    form.text(paper, _next(lines, raised))
    form.text(paper, "专此报告。")
    form.annex_note(paper, [BY_NOTICE, BY_UNIT, *([difficulties.ANNEX] if raised else [])])
    form.signature(paper, told.signed_by, day)
    _annex(paper, 1, BY_NOTICE, day, NOTICE_COLUMNS, _notice_rows(told))
    _annex(paper, 2, BY_UNIT, day, UNIT_COLUMNS, _unit_rows(told, lines, figures))
    if raised:
        rows = difficulties.annex_rows(raised)
        _annex(paper, 3, difficulties.ANNEX, day, difficulties.COLUMNS, rows)
    return Made(
        kind=SITUATION,
        about=about(told.office_id, day, reader),
        office_id=told.office_id,
        title=TITLE,
        addressee=READERS[reader],
        as_of=day,
        data=form.finished(paper),
        figures=figures.found,
    )


def _annex(
    paper: Any,
    number: int,
    name: str,
    day: date,
    columns: Sequence[Column],
    rows: Iterable[form.Words],
) -> None:
    form.annex(paper, f"附件{number}", f"{name}（截至{spelled(day)}）", landscape=True)
    table(paper, columns, rows, landscape=True)


def about(office_id: int, day: date, reader: str) -> str:
    return f"{office_id}:{day.isoformat()}:{reader}"


def _lines(told: Situation) -> Sequence[Line]:
    """What is awaited of each unit: the dashboard's own count."""
    counted = cells(told.asked, told.soon, Picked(office=told.office_id))
    return worst_first(summed(counted, lambda cell: cell.unit_id))


def _raised(told: Situation) -> difficulties.Rows:
    return standing(told.office_id, since=start_of(told.first), known=told.asked.known)


def _next(lines: Sequence[Line], raised: difficulties.Rows) -> str:
    """What follows from the figures."""
    steps = [CATCH_UP if any(line.red for line in lines) else GO_ON]
    if difficulties.open_of(raised):
        steps.append(COORDINATE)
    return f"继续{'，'.join([*steps, TELL])}。"


def _whole(told: Situation, figures: Figures) -> Iterator[str | Figure]:
    own = told.page.figures
    put = _putting(told.page, figures)
    yield f"截至{spelled(told.asked.day)}，由{told.office_name}统筹的通知共"
    yield figures.put("_notices", "通知", len(told.page.notices))
    yield "件，复制推广"
    yield from _stood(put, own)
    yield period(snapshots.SITUATION, told.page)
    yield from _met(put)
    yield f"项。截至{spelled(told.asked.day)}，各报告期累计逾期"
    yield f"（含{CORRECTING_WORD}的，下同）的应报事项共"
    yield put(OVERDUE)
    yield "项。"


def _putting(page: Page, figures: Figures, notice: Mapping[str, Any] | None = None) -> Put:
    """Marks a number of the page, of all notices or of one, with what it counts."""
    numbers, notice_id = (notice, notice["id"]) if notice else (page.figures, None)
    lead = f"_n{notice_id}_" if notice else "_"

    def put(name: str) -> Figure:
        word = f"{notice['short_title']}{COUNTED[name]}" if notice else COUNTED[name]
        # A page of before tells numbers alone.
        ids = page.ids(name, notice_id) if page.counted else None
        return figures.put(f"{lead}{name}", word, numbers[name], ids, of=OF.get(name, OBLIGATIONS))

    return put


def _stood(put: Put, own: Mapping[str, Any]) -> Iterator[str | Figure]:
    """How many measures and tasks there are, and how many of these have landed."""
    yield "事项"
    yield put(MEASURES)
    yield "项，推广任务"
    yield put(TASKS)
    yield "项，已落地"
    yield put(LANDED)
    yield f"项，占{percent(own[LANDED], own[TASKS])}。" if own[TASKS] else "项。"


def _met(put: Put) -> Iterator[str | Figure]:
    """What fell due, and how it was met: the parts are all of it."""
    yield "到期的应报事项"
    yield put(EXPECTED)
    for lead, name in (("项，其中", ON_TIME), ("项、", LATE), ("项、", MISSING)):
        yield f"{lead}{MET[name]}"
        yield put(name)


def _by_notice(paper: Any, told: Situation, figures: Figures) -> None:
    for place, row in enumerate(told.page.notices):
        form.second_heading(paper, f"（{_chinese(place + 1)}）{row['short_title']}")
        put = _putting(told.page, figures, row)
        words = [*_stood(put, row), *_met(put), "项。累计逾期", put(OVERDUE), "项。"]
        form.text(paper, words)


def _chinese(number: int) -> str:
    """1 to 99."""
    ones = "〇一二三四五六七八九"
    tens, rest = divmod(number, 10)
    lead = "" if not tens else "十" if tens == 1 else f"{ones[tens]}十"
    return f"{lead}{ones[rest] if rest else ''}"


def _worst(lines: Sequence[Line], figures: Figures) -> Iterator[str | Figure]:
    late = [line for line in lines if line.red]
    if not late:
        yield "没有逾期的应报事项。"
        return
    names = names_of_units([line.id for line in late[:WORST]])
    yield "累计逾期的应报事项涉及"
    yield figures.put("_late_units", "涉及单位", len(late))
    yield "个单位，逾期较多的是"
    for place, line in enumerate(late[:WORST]):
        yield f"{'、' if place else ''}{names[line.id]}（"
        yield once_more(f"_u{line.id}", line.red)
        yield "项）"
    yield "，详见附件2。"


def _notice_rows(told: Situation) -> Iterator[form.Words]:
    for row in told.page.notices:
        yield [
            row["short_title"],
            *(once_more(f"_n{row['id']}_{name}", row[name]) for name in COUNTED),
        ]
    yield ["合计", *(once_more(f"_{name}", told.page.figures[name]) for name in COUNTED)]


def _unit_rows(told: Situation, lines: Sequence[Line], figures: Figures) -> Iterator[form.Words]:
    names, day = names_of_units([line.id for line in lines]), told.asked.day
    late = _by_unit(told, lambda then: then.awaited_by < day)
    soon = _by_unit(told, lambda then: then.awaited_by.between(day, told.soon))
    later = _by_unit(told, lambda then: then.awaited_by > told.soon)
    for place, line in enumerate(lines, start=1):
        name, mark = names[line.id], f"_u{line.id}"
        yield [
            str(place),
            name,
            figures.put(mark, f"{name}{COUNTED[OVERDUE]}", line.red, late.get(line.id, [])),
            figures.put(f"{mark}_soon", f"{name}{SOON}", line.yellow, soon.get(line.id, [])),
            figures.put(f"{mark}_later", f"{name}{LATER}", line.green, later.get(line.id, [])),
            spelled(line.oldest) if line.oldest else "",
        ]


def _by_unit(told: Situation, condition: Condition) -> Mapping[int, Sequence[int]]:
    """What a condition holds of, by the unit that it is awaited of."""
    rows = found(
        condition,
        told.asked,
        Picked(office=told.office_id),
        lambda then: [Obligation.id, then.unit_id.label("unit_id")],
    )
    own: dict[int, list[int]] = {}
    for row in db.session.execute(rows):
        own.setdefault(row.unit_id, []).append(row.id)
    return own
