"""通报: drafted from what stood on a day, edited in its words, and issued by number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.days import spelled
from tracker.db import db
from tracker.registry.counting import next_number
from tracker.registry.queries import name_of_unit
from tracker.registry.settings import mark_of
from tracker.supervision import landing, numbering, states
from tracker.supervision.drafting import EXPECTED, LANDED, TASKS
from tracker.supervision.knowing import AsOf
from tracker.supervision.ladder import Rungs, is_named
from tracker.supervision.lateness import Lateness
from tracker.supervision.models import (
    Bulletin,
    BulletinLine,
    PaperCount,
    Urged,
    UrgeMove,
    UrgeReply,
)
from tracker.supervision.outcomes import CORRECTING, CORRECTING_WORD, MET, by_outcome, due
from tracker.supervision.overdue import overdue, overdue_ids
from tracker.supervision.queries import bulletin_of_day
from tracker.supervision.scoring import LATE, MISSING, ON_TIME, percent
from tracker.supervision.snapshots import OVERDUE
from tracker.tasks.moving import By, flush
from tracker.tasks.periods import owed_name
from tracker.tasks.picking import Picked
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said
from tracker.workdays import Workdays

PAPER = "bulletin"
FILED = "filed"
# What is counted, in the words of the first sentences; the order is theirs.
COUNTED: Mapping[str, str] = {
    EXPECTED: "已到期的应报事项",
    FILED: "已报送",
    **MET,
    CORRECTING: CORRECTING_WORD,
    OVERDUE: "逾期事项",
    TASKS: "推广任务",
    LANDED: "已落地",
}
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
    if found := bulletin_of_day(office_id, day):
        return found
    figures = counted(office_id, asked)
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
        return _drafted_meanwhile(office_id, day)
    annex = list(_annex(bulletin, asked, rungs, workdays))
    if annex:
        db.session.execute(insert(BulletinLine), annex)
    return bulletin


def _drafted_meanwhile(office_id: int, day: date) -> Bulletin:
    if found := bulletin_of_day(office_id, day):
        return found
    raise LookupError(f"no bulletin of {office_id} as of {day}")


def counted(office_id: int, asked: AsOf) -> dict[str, Any]:
    """Everything that has come due by the day, and all tasks: the ids behind each number."""
    ids = dict(by_outcome(due(asked, Picked(office=office_id))))
    tasks = landing.stands(asked, office_id)
    ids[TASKS] = [one.id for one in tasks]
    ids[LANDED] = [one.id for one in tasks if one.is_landed]
    return {"ids": ids}


def ids_of(bulletin: Bulletin) -> Mapping[str, Sequence[int]]:
    """What each of COUNTED counts; a bulletin of before was counted otherwise and tells none."""
    return _told(bulletin.figures) if "ids" in bulletin.figures else {}


def returned(bulletin: Bulletin) -> frozenset[int]:
    """What of its annex had been filed and sent back."""
    return frozenset(ids_of(bulletin).get(CORRECTING, ()))


def _told(figures: Mapping[str, Any]) -> Mapping[str, Sequence[int]]:
    ids: Mapping[str, Sequence[int]] = figures["ids"]
    filed = sorted([*ids[ON_TIME], *ids[LATE]])
    return {
        EXPECTED: sorted([*filed, *ids[MISSING]]),
        FILED: filed,
        **ids,
        OVERDUE: sorted([*ids[MISSING], *ids[CORRECTING]]),
    }


def opening(figures: Mapping[str, Any], day: date) -> str:
    """Totals and share done, in sentences that the office may change."""
    n = {name: len(own) for name, own in _told(figures).items()}
    back = f"已报送事项中{CORRECTING_WORD}{n[CORRECTING]}项；" if n[CORRECTING] else ""
    late = f"{back}逾期事项共{n[OVERDUE]}项，见附件。" if n[OVERDUE] else "没有逾期事项。"
    return (
        f"截至{spelled(day)}，各报告期已到期的应报事项共{n[EXPECTED]}项，"
        f"其中按时报送{n[ON_TIME]}项、逾期报送{n[LATE]}项、逾期未报{n[MISSING]}项"
        f"{_share('报送率', n[FILED], n[EXPECTED])}。{late}"
        f"推广任务共{n[TASKS]}项，已落地{n[LANDED]}项{_share('占', n[LANDED], n[TASKS])}。"
    )


def _share(word: str, done: int, of: int) -> str:
    return f"，{word}{percent(done, of)}" if of else ""


def _annex(
    bulletin: Bulletin, asked: AsOf, rungs: Rungs, workdays: Workdays
) -> Iterator[dict[str, Any]]:
    """Everything overdue; a unit is named as a whole, for whatever of it calls for naming."""
    picked = Picked(office=bulletin.office_id)
    lateness = Lateness(bulletin.as_of, workdays)
    urged = _urged(overdue_ids(asked, picked), asked)
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
            "owed": owed_name(row.period, row.kind),
            "awaited_by": row.awaited_by,
            "workdays_late": late[row.id],
            "urges": urged.get(row.id, Urging()).urges,
            "is_named": row.unit_id in named,
        }


def _urged(ids: Any, asked: AsOf) -> dict[int, Urging]:
    """Urges that had been sent by then and were not withdrawn; replies that had been given."""
    query = (
        select(
            Urged.obligation_id,
            func.count().label("urges"),
            func.max(UrgeReply.expected_on).label("expected_on"),
        )
        .outerjoin(UrgeReply, _reply_to(asked))
        .where(
            Urged.obligation_id.in_(ids),
            Urged.is_left_out.is_(False),
            Urged.urge_id.in_(_moved(asked, states.ISSUE)),
            Urged.urge_id.not_in(_moved(asked, states.WITHDRAW)),
        )
        .group_by(Urged.obligation_id)
    )
    return {
        row.obligation_id: Urging(
            urges=row.urges,
            is_answered=row.expected_on is not None and row.expected_on >= asked.day,
        )
        for row in db.session.execute(query)
    }


def _reply_to(asked: AsOf) -> ColumnElement[bool]:
    own = (UrgeReply.urge_id == Urged.urge_id) & (UrgeReply.obligation_id == Urged.obligation_id)
    return own if asked.known is None else own & (UrgeReply.replied_at < asked.known)


def _moved(asked: AsOf, event: str) -> Select[*tuple[int]]:
    query = select(UrgeMove.urge_id).where(UrgeMove.event == event)
    return query if asked.known is None else query.where(UrgeMove.recorded_at < asked.known)


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
    code = mark_of(bulletin.office_id)
    bulletin.mark = numbering.mark(numbering.BULLETIN, code=code, office_name=bulletin.office_name)
    bulletin.number = next_number(
        PaperCount, office_id=bulletin.office_id, paper=PAPER, year=bulletin.year
    )
    flush()


def drop(bulletin: Bulletin, *, note: str) -> None:
    state = states.bulletin_after(bulletin.state, states.DROP)
    bulletin.note = said(note, what="不予印发的理由", longest=LONGEST_NOTE)
    bulletin.state = state
    flush()
