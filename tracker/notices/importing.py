"""Writes a draft down: a new notice with its measures, or the official text of a tracked one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from tracker.db import db
from tracker.notices.comparing import bare
from tracker.notices.drafting import Draft, DraftList, DraftMeasure, DraftMention
from tracker.notices.findings import Finding
from tracker.notices.models import (
    Duty,
    Measure,
    MeasureList,
    Mention,
    Notice,
    Reach,
    Remark,
)
from tracker.registry.models import City, Unit


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


def enter(
    draft: Draft,
    index: int,
    particulars: Particulars,
    *,
    source_id: int | None,
    on: date,
) -> Notice:
    """Write a new notice, its lists and measures. Refused while a unit is not known."""
    unknown = draft.unknown
    if unknown:
        raise Refused(
            f"还有单位没有确定：{'、'.join(list(unknown)[:5])}。请逐个选定后再确认。"
        )
    notice = _notice(draft, index, particulars, on)
    db.session.add(notice)
    db.session.flush()
    _duties(notice, particulars.duties)
    own = [listed for listed in draft.lists if listed.notice == index]
    for position, listed in enumerate(own, start=1):
        _list(notice, position, listed, particulars.gists, source_id)
    link_forwarded(notice)
    _remark(draft, index, notice, source_id)
    return notice


def fill(draft: Draft, index: int, notice_id: int, *, source_id: int) -> int:
    """补载原文: give tracked measures their official text and place; facts stay as they are."""
    known = _measures_by_place(notice_id)
    filled = 0
    own = [listed for listed in draft.lists if listed.notice == index]
    for position, listed in enumerate(own, start=1):
        for read in listed.measures:
            if (position, read.no) in known:
                _fill(known[position, read.no], read, source_id)
                filled += 1
    notice = db.session.get_one(Notice, notice_id)
    _forget_remarks(notice_id, source_id)
    _remark(draft, index, notice, source_id)
    return filled


def _fill(measure: Measure, read: DraftMeasure, source_id: int) -> None:
    measure.content = read.content
    measure.deadline = read.deadline
    measure.section = read.section
    measure.source_id = source_id
    measure.place = str(read.place)


def link_forwarded(notice: Notice) -> None:
    """A measure knows the State's measure it forwards: the one with the same title."""
    if notice.forwards_id is None:
        return
    above = db.session.execute(
        select(Measure.id, Measure.title).where(Measure.notice_id == notice.forwards_id)
    )
    by_title = {bare(title): measure_id for measure_id, title in above}
    for measure in db.session.scalars(
        select(Measure).where(Measure.notice_id == notice.id)
    ):
        measure.forwards_id = by_title.get(bare(measure.title))
    db.session.flush()


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
        forwards_id=_forwarded_id(particulars.forwards),
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


def _forwarded_id(slug: str) -> int | None:
    return (
        db.session.scalar(select(Notice.id).where(Notice.slug == slug))
        if slug
        else None
    )


def _duties(notice: Notice, duties: Sequence[Mapping[str, str]]) -> None:
    db.session.add_all(
        Duty(notice_id=notice.id, position=position, **duty)
        for position, duty in enumerate(duties, start=1)
    )


def _list(
    notice: Notice,
    position: int,
    listed: DraftList,
    gists: Mapping[tuple[int, str], str],
    source_id: int | None,
) -> None:
    row = MeasureList(
        notice_id=notice.id,
        position=position,
        heading=listed.heading,
        adoption=listed.adoption,
        scope_raw=listed.scope_raw,
        scope_words=listed.scope_words,
    )
    db.session.add(row)
    db.session.flush()
    measures = [
        _measure(row, order, m, gists.get((position, m.no), ""), source_id)
        for order, m in enumerate(listed.measures, start=1)
    ]
    db.session.add_all(measures)
    db.session.flush()
    _mentions_and_reaches(measures, listed.measures)


def _measure(
    row: MeasureList, order: int, read: DraftMeasure, gist: str, source_id: int | None
) -> Measure:
    return Measure(
        list_id=row.id,
        notice_id=row.notice_id,
        position=order,
        no=read.no,
        title=read.title,
        gist=gist,
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
        source_id=source_id,
        place=str(read.place),
    )


def _mentions_and_reaches(
    measures: Sequence[Measure], read: Sequence[DraftMeasure]
) -> None:
    cities = {name: id_ for name, id_ in db.session.execute(select(City.name, City.id))}
    mentions: list[dict[str, Any]] = []
    reaches: list[dict[str, Any]] = []
    for measure, draft in zip(measures, read, strict=True):
        mentions.extend(
            {
                "measure_id": measure.id,
                "unit_id": mention.unit.id,
                "position": position,
                "printed": mention.printed,
                "role": mention.role,
            }
            for position, mention in enumerate(_once(draft.mentions), start=1)
            if mention.unit
        )
        reaches.extend(
            {"measure_id": measure.id, "city_id": cities[name], "is_done_already": done}
            for names, done in ((draft.scope.cities, False), (draft.scope.done, True))
            for name in names
        )
    for model, rows in ((Mention, mentions), (Reach, reaches)):
        if rows:
            db.session.execute(insert(model), rows)


def _once(mentions: Sequence[DraftMention]) -> list[DraftMention]:
    """A unit that one measure names twice is named once."""
    return list(
        {
            mention.unit.id: mention for mention in reversed(mentions) if mention.unit
        }.values()
    )[::-1]


def _measures_by_place(notice_id: int) -> dict[tuple[int, str], Measure]:
    """The notice's measures by list and number, all in one look."""
    found = db.session.execute(
        select(MeasureList.position, Measure)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .where(Measure.notice_id == notice_id)
    )
    return {(position, measure.no): measure for position, measure in found}


def _forget_remarks(notice_id: int, source_id: int) -> None:
    """Remarks made from the facts alone give way to those of the document itself."""
    old = (
        select(Remark)
        .where(Remark.notice_id == notice_id)
        .where((Remark.source_id.is_(None)) | (Remark.source_id == source_id))
    )
    for remark in db.session.scalars(old):
        db.session.delete(remark)


def _remark(draft: Draft, index: int, notice: Notice, source_id: int | None) -> None:
    ids = {
        place: measure.id for place, measure in _measures_by_place(notice.id).items()
    }
    first = next(
        (i for i, listed in enumerate(draft.lists) if listed.notice == index), 0
    )
    rows = [
        {
            "notice_id": notice.id,
            "measure_id": _about(finding, first, ids),
            "source_id": source_id,
            "code": finding.code,
            "place": finding.where[:120],
            "message": finding.message[:500],
        }
        for finding in draft.findings
        if _belongs(finding, draft, index)
    ]
    if rows:
        db.session.execute(insert(Remark), rows)


def _belongs(finding: Finding, draft: Draft, index: int) -> bool:
    return (
        draft.lists[finding.list].notice if finding.list is not None else 0
    ) == index


def _about(
    finding: Finding, first: int, ids: Mapping[tuple[int, str], int]
) -> int | None:
    if finding.list is None or finding.no is None:
        return None
    return ids.get((finding.list - first + 1, finding.no))
