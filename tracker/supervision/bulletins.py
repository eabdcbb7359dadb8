"""通报: drafted from what stood on a day, edited in its words, and issued by number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.registry.counting import next_number
from tracker.registry.queries import name_of_unit
from tracker.supervision import states
from tracker.supervision.evaluated import lines
from tracker.supervision.evaluating import by_unit
from tracker.supervision.knowing import AsOf
from tracker.supervision.ladder import Rungs, is_named
from tracker.supervision.lateness import Lateness
from tracker.supervision.models import Bulletin, BulletinLine, PaperCount, Urge, Urged, UrgeReply
from tracker.supervision.overdue import overdue, overdue_ids
from tracker.supervision.scoring import Figures, share, total
from tracker.tasks.moving import By, flush
from tracker.tasks.periods import label_of
from tracker.tasks.picking import Picked
from tracker.tasks.states import KINDS, Forbidden
from tracker.tasks.wording import said
from tracker.workdays import Workdays

PAPER = "bulletin"
LONGEST_TITLE, LONGEST_TEXT, LONGEST_NOTE = 200, 4_000, 500
TITLE = "关于复制推广工作报送情况的通报"
DEMANDS = (
    "一、被点名的单位要对照附件逐项核对，抓紧补报，并说明逾期原因。\n"
    "二、确有困难、需要协调或者延期的，请在系统中提出。\n"
    "三、各单位要按报送日历按期报送，报送内容须经本单位审签。"
)


@dataclass(frozen=True, kw_only=True)
class Urging:
    """How often an obligation was urged, and whether a reply still holds for it."""

    urges: int = 0
    is_answered: bool = False


def draft(
    office_id: int, asked: AsOf, *, at: datetime, rungs: Rungs, workdays: Workdays
) -> Bulletin:
    """An office's bulletin as of a day: made once, found again whenever asked for."""
    day = asked.day
    known = select(Bulletin).where(Bulletin.office_id == office_id, Bulletin.as_of == day)
    if found := db.session.scalar(known):
        return found
    figures = counted(office_id, day)
    bulletin = Bulletin(
        office_id=office_id,
        office_name=name_of_unit(office_id) or "",
        as_of=day,
        state=states.DRAFT,
        title=TITLE,
        opening=opening(figures, day),
        demands=DEMANDS,
        figures=figures,
        drafted_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(bulletin)
    except IntegrityError:
        return db.session.scalars(known).one()
    annex = list(_annex(bulletin, asked, rungs, workdays))
    if annex:
        db.session.execute(insert(BulletinLine), annex)
    return bulletin


def counted(office_id: int, day: date) -> dict[str, Any]:
    """The year's reports so far, in all and by unit; in January those of the year before."""
    year = str(day.year - (day.month == 1))
    own = by_unit(lines(office_id, year, day))
    units: dict[int, list[Figures]] = {}
    for (unit_id, _role), figures in own.items():
        units.setdefault(unit_id, []).append(figures)
    return {
        "year": year,
        "all": asdict(total(own.values())),
        "units": {str(unit_id): asdict(total(each)) for unit_id, each in sorted(units.items())},
    }


def opening(figures: Mapping[str, Any], day: date) -> str:
    """Totals and share done, in sentences that the office may change."""
    whole = Figures(**figures["all"])
    filed, due = whole.parts["completeness"]
    landed, tasks = whole.parts["landed"]
    return (
        f"截至{day.year}年{day.month}月{day.day}日，{figures['year']}年度已到期应报事项{due}项，"
        f"已报送{filed}项{_percent('报送率', filed, due)}，其中按时报送{whole.on_time}项、"
        f"逾期报送{whole.late}项，逾期未报{whole.missing}项。"
        f"纳入统计的任务{tasks}项，已落地{landed}项{_percent('占', landed, tasks)}。"
    )


def _percent(word: str, done: int, of: int) -> str:
    known = share(done, of)
    return "" if known is None else f"，{word}{known:g}%"


def _annex(
    bulletin: Bulletin, asked: AsOf, rungs: Rungs, workdays: Workdays
) -> Iterator[dict[str, Any]]:
    """Everything overdue; a unit is named as a whole, for whatever of it calls for naming."""
    picked = Picked(office=bulletin.office_id)
    lateness = Lateness(bulletin.as_of, workdays)
    urged = _urged(overdue_ids(asked, picked), bulletin.as_of)
    rows = overdue(asked, picked, limit=None)
    late = {row.id: lateness.of(row.awaited_by) for row in rows}
    named = {
        row.unit_id
        for row in rows
        if is_named(
            workdays_late=late[row.id],
            urges=urged.get(row.id, Urging()).urges,
            answered=urged.get(row.id, Urging()).is_answered,
            rungs=rungs,
        )
    }
    for row in rows:
        yield {
            "bulletin_id": bulletin.id,
            "obligation_id": row.id,
            "unit_id": row.unit_id,
            "unit_name": row.unit,
            "notice": row.short_title,
            "measure": row.title or "",
            "owed": f"{label_of(row.period)}{KINDS[row.kind]}",
            "awaited_by": row.awaited_by,
            "workdays_late": late[row.id],
            "urges": urged.get(row.id, Urging()).urges,
            "is_named": row.unit_id in named,
        }


def _urged(ids: Any, day: date) -> dict[int, Urging]:
    query = (
        select(
            Urged.obligation_id,
            func.count().label("urges"),
            func.max(UrgeReply.expected_on).label("expected_on"),
        )
        .join(Urge, Urged.urge_id == Urge.id)
        .outerjoin(
            UrgeReply,
            (UrgeReply.urge_id == Urged.urge_id) & (UrgeReply.obligation_id == Urged.obligation_id),
        )
        .where(
            Urged.obligation_id.in_(ids),
            Urged.is_left_out.is_(False),
            Urge.state.in_(states.ISSUED - {states.WITHDRAWN}),
        )
        .group_by(Urged.obligation_id)
    )
    return {
        row.obligation_id: Urging(
            urges=row.urges, is_answered=row.expected_on is not None and row.expected_on >= day
        )
        for row in db.session.execute(query)
    }


def edit(
    bulletin: Bulletin, *, title: str, opening: str, demands: str, named: Collection[int]
) -> None:
    """The words, and which units are named; figures and annex stay as counted."""
    bulletin.state = states.bulletin_after(bulletin.state, states.EDIT)
    bulletin.title = said(title, what="标题", longest=LONGEST_TITLE)
    bulletin.opening = said(opening, what="总体情况", longest=LONGEST_TEXT)
    bulletin.demands = said(demands, what="工作要求", longest=LONGEST_TEXT)
    flush()
    own = BulletinLine.bulletin_id == bulletin.id
    is_chosen = BulletinLine.unit_id.in_(named)
    db.session.execute(update(BulletinLine).where(own).values(is_named=is_chosen))


def publish(bulletin: Bulletin, by: By) -> None:
    """印发: numbered and dated, told to the units that are named."""
    state = states.bulletin_after(bulletin.state, states.PUBLISH)
    if by.day < bulletin.as_of:
        raise Forbidden("印发日期不能早于统计截止日期。")
    bulletin.state = state
    bulletin.issued_on, bulletin.issued_by, bulletin.issued_at = by.day, by.person_id, by.at
    flush()
    bulletin.year = by.day.year
    bulletin.number = next_number(
        PaperCount, office_id=bulletin.office_id, paper=PAPER, year=bulletin.year
    )
    flush()


def drop(bulletin: Bulletin, *, note: str) -> None:
    state = states.bulletin_after(bulletin.state, states.DROP)
    bulletin.note = said(note, what="不予印发的理由", longest=LONGEST_NOTE)
    bulletin.state = state
    flush()
