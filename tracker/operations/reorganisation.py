"""`tracker succeed`: a reorganisation, tried out, carried out and undone from the machine."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from tracker.audit import chain
from tracker.clock import now, today
from tracker.db import db, writing
from tracker.operations.staffing import OPERATOR
from tracker.registry import editing, queries
from tracker.registry.editing import HandOver
from tracker.registry.models import Succession, Unit
from tracker.registry.people import Refused
from tracker.tasks import reorganising
from tracker.tasks.moving import By


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A hand-over between two units by their names."""

    old: str
    new: str
    given: HandOver


def preview(asked: Asked) -> str:
    old, new = _units(asked)
    day = max(asked.given.day or today(), today())
    with writing():
        found = reorganising.foreseen(
            day, lambda: editing.add_succession(old, old, new, asked.given)
        )
        db.session.rollback()
    return f"（预览，没有写入）{reorganising.in_words(found)}"


def succeed(asked: Asked) -> str:
    with writing():
        old, new = _units(asked)
        editing.add_succession(old, old, new, asked.given)
        return _settled("add succession", asked)


def undo(asked: Asked) -> str:
    """What the heir has not filed meanwhile goes back."""
    with writing():
        old, new = _units(asked)
        pair = Succession.old_id == old.id, Succession.new_id == new.id
        known = db.session.scalar(select(Succession).where(*pair))
        if known is None:
            raise Refused({"other": "这两个单位之间没有登记职责承接。"})
        editing.remove_succession(old, known)
        return _settled("remove succession", asked)


def _settled(action: str, asked: Asked) -> str:
    at = now()
    found = reorganising.settle(today(), By(person_id=None, at=at), queries.workdays())
    detail = {"other": asked.new, "moved": len(found)}
    chain.record(action, asked.old, account=OPERATOR, at=at, detail=detail)
    db.session.commit()
    return reorganising.in_words(found)


def _units(asked: Asked) -> tuple[Unit, Unit]:
    known = queries.units_named([asked.old, asked.new])
    for name in (asked.old, asked.new):
        if name not in known:
            raise Refused({"other": f"名录中没有“{name}”，请填写单位全称。"})
    return known[asked.old], known[asked.new]
