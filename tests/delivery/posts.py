"""Letters, and people with addresses, for tests that post."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from tests.cast import TAX, moment, unit
from tracker.db import db
from tracker.delivery import outbox, queries
from tracker.delivery.letters import Addressee, Attachment, Letter
from tracker.delivery.models import Message, Robot
from tracker.permissions import UNIT_SIDE
from tracker.registry.models import Person

DAY = date(2026, 4, 16)
FILE = Attachment(name="逾期清单.xlsx", data=b"PK a workbook")


def letter(**more: Any) -> Letter:
    given: dict[str, Any] = {
        "kind": "unit-digest",
        "subject": "省税务局：逾期2项，临近到期3项",
        "text": "逾期2项。\n.开头的一行也要送到。\n",
        "html": "<p>逾期2项。</p>",
        "link": "/digests/7",
        "brief": "逾期2项，临近到期3项",
    }
    return Letter(**{**given, **more})


def ways(name: str = TAX) -> tuple[Addressee, ...]:
    unit_id = unit(name).id
    return queries.addressees([unit_id], roles=UNIT_SIDE).by_unit[unit_id]


def post(about: str = "unit-digest:1:2026-04-16", to: Any = None, **more: Any) -> int:
    to = ways() if to is None else to
    return outbox.post(letter(**more), to=to, day=DAY, about=about, at=moment(DAY, 8))


def give_addresses() -> list[Person]:
    """Everyone of the cast gets an address that leads nowhere."""
    people = db.session.scalars(select(Person).order_by(Person.id)).all()
    for person in people:
        person.email = f"p{person.id}@people.invalid"
    db.session.flush()
    return list(people)


def robot(of: str = TAX, base_url: str = "http://127.0.0.1:9", **more: Any) -> Robot:
    given = {
        "name": "工作群",
        "key": "secret-key",
        "free_at": moment(date(2026, 1, 1)),
        "recent": [],
    }
    made = Robot(unit_id=unit(of).id, base_url=base_url, **{**given, **more})
    db.session.add(made)
    db.session.flush()
    return made


def messages(channel: str = "") -> list[Message]:
    query = select(Message).order_by(Message.id).execution_options(populate_existing=True)
    if channel:
        query = query.where(Message.channel == channel)
    return list(db.session.scalars(query))
