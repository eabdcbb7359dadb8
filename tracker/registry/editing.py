"""Keeping units: their particulars, the names they are printed under, and hand-overs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from tracker.db import db
from tracker.registry.models import Alias, Succession, Unit
from tracker.registry.people import CONTROL, Refused, Wrong

CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODE_LENGTH = 18
CLASS, GOVERNMENT = "class", "government"
SUCCESSIONS = {
    "successor": "职责承接",
    "rename": "更名",
    "split": "拆分",
    "merge": "合并",
    "plate": "加挂牌子",
    "refounded": "重新组建",
    "abolished": "撤销",
}
TAKEN = "这个名称已是其他单位的名称或别称，请核对。"


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What the office keeps about a unit."""

    level: str
    kind: str
    city_id: int | None
    parent_id: int | None
    credit_code: str
    sure: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """What is known of a succession, apart from the two units."""

    day: date | None
    kind: str
    source: str
    sure: bool
    note: str = ""


def add_unit(name: str, given: Particulars) -> Unit:
    wrong = _wrongs(given, None)
    if sentence := wrong_name(name):
        wrong["name"] = sentence
    if wrong:
        raise Refused(wrong)
    unit = Unit(name=name, **_values(given))
    try:
        with db.session.begin_nested():
            db.session.add(unit)
    except IntegrityError as error:
        raise Refused({"name": TAKEN}) from error
    return unit


def change_unit(unit: Unit, given: Particulars) -> None:
    if wrong := _wrongs(given, unit):
        raise Refused(wrong)
    for name, value in _values(given).items():
        if getattr(unit, name) != value:
            setattr(unit, name, value)
    db.session.flush()


def _values(given: Particulars) -> dict[str, object]:
    return {field.name: getattr(given, field.name) for field in fields(given)}


def _wrongs(given: Particulars, unit: Unit | None) -> Wrong:
    wrong: Wrong = {}
    if given.credit_code and not is_credit_code(given.credit_code):
        wrong["credit_code"] = "统一社会信用代码为18位，请核对是否抄错。"
    if given.kind == GOVERNMENT and (sentence := _wrong_government(given, unit)):
        wrong["city"] = sentence
    if unit is not None and unit.kind != given.kind and CLASS in (unit.kind, given.kind):
        wrong["kind"] = "一类单位与具体单位不能互改，请另行新增单位。"
    if unit is not None and given.parent_id and unit.id in _line_of(given.parent_id):
        wrong["parent"] = "所属单位不能是本单位或其内设机构。"
    return wrong


def _wrong_government(given: Particulars, unit: Unit | None) -> str:
    query = select(Unit.id).where(Unit.kind == GOVERNMENT, Unit.city_id == given.city_id)
    others = set(db.session.scalars(query)) - {unit.id if unit else None}
    if given.city_id is None:
        return "" if given.level != "city" else "市人民政府须选择地市。"
    return "这个地市已有人民政府，请核对。" if others else ""


def _line_of(unit_id: int | None) -> set[int]:
    """A unit and everything it belongs to."""
    found: set[int] = set()
    while unit_id is not None and unit_id not in found:
        found.add(unit_id)
        unit_id = db.session.scalar(select(Unit.parent_id).where(Unit.id == unit_id))
    return found


def is_credit_code(code: str) -> bool:
    """GB 32100: 18 letters, the last of which follows from the others."""
    if len(code) != CODE_LENGTH or set(code) - set(CODE_LETTERS):
        return False
    places = len(CODE_LETTERS)
    total = sum(
        CODE_LETTERS.index(letter) * pow(3, place, places)
        for place, letter in enumerate(code[: CODE_LENGTH - 1])
    )
    return CODE_LETTERS[-total % places] == code[-1]


def wrong_name(name: str) -> str:
    """Why a name cannot stand for one more unit; every name stands for one only."""
    if not name or CONTROL.search(name):
        return "请填写名称。"
    for column in (Unit.name, Alias.name):
        if db.session.scalar(select(column).where(column == name)):
            return TAKEN
    return ""


def add_alias(unit: Unit, name: str, source: str) -> None:
    if sentence := wrong_name(name):
        raise Refused({"name": sentence})
    try:
        with db.session.begin_nested():
            db.session.add(Alias(name=name, unit_id=unit.id, source=source))
    except IntegrityError as error:
        raise Refused({"name": TAKEN}) from error
    touch(unit)


def remove_alias(unit: Unit, alias: Alias) -> None:
    db.session.delete(alias)
    touch(unit)


def add_succession(unit: Unit, old: Unit, new: Unit, given: HandOver) -> None:
    """`unit` is the one on whose page it is written down; it is the old or the new one."""
    if old.id == new.id:
        raise Refused({"other": "对方单位不能是本单位。"})
    if new.id in _after(old.id, only=True):
        raise Refused({"other": "这两个单位之间已登记职责承接，请在原记录上修改。"})
    if old.id in _after(new.id):
        raise Refused({"other": "对方的职责已由本单位承接，不能再反向登记，请核对方向。"})
    db.session.add(
        Succession(
            old_id=old.id,
            new_id=new.id,
            day=given.day,
            kind=given.kind,
            source=given.source,
            sure=given.sure,
            note=given.note,
        )
    )
    touch(unit)


def _after(unit_id: int, *, only: bool = False) -> set[int]:
    """The units that follow upon a unit; `only` those right after it."""
    pairs = [(row.old_id, row.new_id) for row in db.session.execute(_PAIRS)]
    found, waiting = set[int](), [unit_id]
    while waiting:
        step = {new for old, new in pairs if old in waiting} - found
        found |= step
        waiting = [] if only else list(step)
    return found


_PAIRS = select(Succession.old_id, Succession.new_id)


def change_succession(unit: Unit, succession: Succession, given: HandOver) -> None:
    for field in fields(given):
        setattr(succession, field.name, getattr(given, field.name))
    touch(unit)


def remove_succession(unit: Unit, succession: Succession) -> None:
    db.session.delete(succession)
    touch(unit)


def touch(unit: Unit) -> None:
    """Another version of the unit: its names and hand-overs are edited with it."""
    flag_modified(unit, "source")
    db.session.flush()
