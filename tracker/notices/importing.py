"""Writes a draft down as a new notice, with its lists and measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import insert, select

from tracker.db import Model, db
from tracker.notices.comparing import bare
from tracker.notices.drafting import Draft, DraftList, DraftMeasure, DraftMention, DraftNotice
from tracker.notices.models import Duty, Measure, MeasureList, Mention, Notice, Reach
from tracker.notices.remarking import remark
from tracker.registry.models import City, Unit
from tracker.registry.scopes import Scope

NAMED = 10
FORWARDS = "转发"


class Refused(Exception):
    """The draft cannot be confirmed as it stands; the message says what is left to settle."""


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a document does not say about its notice: settled by a person, or by seeds/."""

    slug: str
    short_title: str
    office: str = ""
    forwards: str = ""
    duties: Sequence[Mapping[str, str]] = ()
    gists: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Known:
    """Looked up once for a whole notice."""

    gists: Mapping[tuple[int, str], str]
    source_id: int | None
    cities: Mapping[str, int]
    forwarded: Mapping[str, int]


def enter(
    draft: Draft, index: int, particulars: Particulars, *, source_id: int | None, on: date
) -> Notice:
    """Write a new notice, its lists and measures. Refused while anything is left to settle."""
    own = [listed for listed in draft.lists if listed.notice == index]
    _refuse_unknown(draft)
    _refuse_tracked(draft.notices[index])
    notice = _notice(draft, index, particulars, on)
    _add(notice, "通知")
    _duties(notice, particulars.duties)
    known = _Known(
        gists=particulars.gists,
        source_id=source_id,
        cities={row.name: row.id for row in db.session.execute(select(City.name, City.id))},
        forwarded=_forwarded_measures(notice),
    )
    for position, listed in enumerate(own, start=1):
        _list(notice, position, listed, known)
    remark(draft, index, notice.id, source_id)
    return notice


def _refuse_unknown(draft: Draft) -> None:
    names = list(draft.unknown)
    if names:
        more = f"等{len(names)}个" if len(names) > NAMED else ""
        named = "、".join(names[:NAMED])
        raise Refused(f"还有单位没有确定：{named}{more}。请逐个选定后再确认。")


def _refuse_tracked(read: DraftNotice) -> None:
    """Someone else may have confirmed the same notice since this draft was made."""
    same = Notice.doc_no == read.doc_no if read.doc_no else Notice.title == read.title
    if db.session.scalar(select(Notice.id).where(same)) is not None:
        raise Refused(f"“{read.title}”刚刚已经导入，请重新打开文件查看。")


def _add(row: Notice | MeasureList, what: str) -> None:
    refuse_overlong(row, what)
    db.session.add(row)
    db.session.flush()


def refuse_overlong(row: Model, what: str) -> None:
    """A cell longer than its column is a table misread, and PostgreSQL would break off."""
    for column in row.__table__.columns:
        longest, value = getattr(column.type, "length", None), getattr(row, column.key)
        if longest and value and len(value) > longest:
            raise Refused(
                f"{what}有一格长达{len(value)}字，像是表格没有读对，请核对文件：“{value[:20]}…”。"
            )


def _forwarded_measures(notice: Notice) -> Mapping[str, int]:
    """A measure knows the State's measure it forwards: the one with the same title."""
    if notice.forwards_id is None:
        return {}
    above = select(Measure.id, Measure.title).where(Measure.notice_id == notice.forwards_id)
    return {bare(row.title): row.id for row in db.session.execute(above)}


def _notice(draft: Draft, index: int, particulars: Particulars, on: date) -> Notice:
    read = draft.notices[index]
    return Notice(
        slug=particulars.slug,
        title=read.title,
        short_title=particulars.short_title,
        doc_no=read.doc_no,
        issuer=read.issuer,
        issued_on=read.issued_on,
        level=read.level,
        city_id=_id_of(City, read.city),
        office_id=_id_of(Unit, particulars.office),
        forwards_id=_forwarded_id(particulars.forwards, read.title),
        is_reference=read.is_reference,
        confirmed_on=on,
    )


def _id_of(model: type[City] | type[Unit], name: str | None) -> int | None:
    if not name:
        return None
    found = db.session.scalar(select(model.id).where(model.name == name))
    if found is None:
        raise Refused(f"没有找到“{name}”，请先在单位名录中登记。")
    return found


def _forwarded_id(named: str, title: str) -> int | None:
    """The notice that this one forwards: as it is told, or as its own title says."""
    if named:
        is_it = (Notice.slug == named) | (Notice.doc_no == named)
        found = db.session.scalar(select(Notice.id).where(is_it))
        if found is None:
            raise Refused(f"没有找到被转发的通知“{named}”，请先导入该通知。")
        return found
    forwarded = bare(title.partition(FORWARDS)[2])
    tracked = db.session.execute(select(Notice.id, Notice.title)) if forwarded else ()
    return next((row.id for row in tracked if row.title and bare(row.title) in forwarded), None)


def _duties(notice: Notice, duties: Sequence[Mapping[str, str]]) -> None:
    db.session.add_all(
        Duty(notice_id=notice.id, position=position, **duty)
        for position, duty in enumerate(duties, start=1)
    )


def _list(notice: Notice, position: int, listed: DraftList, known: _Known) -> None:
    row = MeasureList(
        notice_id=notice.id,
        position=position,
        heading=listed.heading,
        adoption=listed.adoption,
        scope_raw=listed.scope_raw,
        scope_words=listed.scope_words,
    )
    _add(row, "清单标题")
    measures = [
        _measure(row, order, read, known) for order, read in enumerate(listed.measures, start=1)
    ]
    db.session.add_all(measures)
    db.session.flush()
    _mentions(measures, listed.measures)
    _reaches(measures, listed.measures, known.cities)


def _measure(row: MeasureList, order: int, read: DraftMeasure, known: _Known) -> Measure:
    measure = Measure(
        list_id=row.id,
        notice_id=row.notice_id,
        position=order,
        no=read.no,
        title=read.title,
        gist=known.gists.get((row.position, read.no), ""),
        content=read.content,
        group=read.group,
        section=read.section,
        units_raw=read.units_raw,
        is_open_ended=read.is_open_ended,
        scope_raw=read.scope_raw,
        scope_state=read.scope.state,
        note=read.note,
        deadline=read.deadline,
        is_deployed=read.is_deployed,
        source_id=known.source_id,
        place=str(read.place),
        forwards_id=known.forwarded.get(bare(read.title)),
    )
    refuse_overlong(measure, f"第{read.no}项")
    return measure


def _mentions(measures: Sequence[Measure], read: Sequence[DraftMeasure]) -> None:
    rows = [
        {
            "measure_id": measure.id,
            "unit_id": unit_id,
            "position": position,
            "printed": mention.printed,
            "role": mention.role,
        }
        for measure, draft in zip(measures, read, strict=True)
        for position, (unit_id, mention) in enumerate(_once(draft.mentions).items(), start=1)
    ]
    if rows:
        db.session.execute(insert(Mention), rows)


def _reaches(
    measures: Sequence[Measure], read: Sequence[DraftMeasure], cities: Mapping[str, int]
) -> None:
    rows = [
        {"measure_id": measure.id, "city_id": cities[name], "is_done_already": done}
        for measure, draft in zip(measures, read, strict=True)
        for name, done in _reached(draft.scope).items()
    ]
    if rows:
        db.session.execute(insert(Reach), rows)


def _reached(scope: Scope) -> dict[str, bool]:
    """Every city once; what is printed as done already is not owed, whatever else is printed."""
    return {**dict.fromkeys(scope.cities, False), **dict.fromkeys(scope.done, True)}


def _once(mentions: Sequence[DraftMention]) -> dict[int, DraftMention]:
    """A unit that one measure names twice is named once, where it stands first."""
    first: dict[int, DraftMention] = {}
    for mention in mentions:
        if mention.unit:
            first.setdefault(mention.unit.id, mention)
    return first
