"""What the pages on messages show: letters to people of the demonstration, posted as jobs do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from tests.delivery.posts import letter, robot
from tests.smtp import Postbox, serving
from tracker.clock import now
from tracker.db import db, writing
from tracker.delivery import outbox, queries, sending
from tracker.delivery.letters import MAIL
from tracker.delivery.models import Message, Robot
from tracker.permissions import UNIT_SIDE
from tracker.registry.models import Unit

SUBJECT = "省税务局：逾期2项"


def told(site: Flask, about: str = "unit-digest:1", number: int = 1, **more: Any) -> None:
    """省税务局's filer and signer are told, with their addresses at demo.invalid."""
    with site.app_context(), writing():
        unit_id = db.session.scalars(select(Unit.id).where(Unit.name == "省税务局")).one()
        to = queries.addressees([unit_id], roles=UNIT_SIDE).by_unit[unit_id]
        for one in range(number):
            said = letter(subject=SUBJECT, **more)
            outbox.post(said, to=to, day=now().date(), about=f"{about}-{one}", at=now())
        db.session.commit()


def sent(site: Flask, *, after: timedelta = timedelta(), **answers: str) -> Postbox:
    """All that waits goes to a real server; `answers` are to RCPT, by account."""
    postbox = Postbox()
    for account, answer in answers.items():
        postbox.to_rcpt[f"{account}@demo.invalid"] = [answer] * 9
    with site.app_context(), serving(postbox) as server:
        sending.deliver(now() + after, mail=server, base_url="http://tracker.invalid")
        db.session.remove()
    return postbox


def ids(site: Flask, channel: str = MAIL) -> list[int]:
    with site.app_context():
        query = select(Message.id).where(Message.channel == channel).order_by(Message.id)
        return list(db.session.scalars(query))


def with_robot(site: Flask, base_url: str) -> int:
    with site.app_context(), writing():
        made = robot(base_url=base_url, free_at=datetime(2026, 1, 1, tzinfo=UTC))
        db.session.commit()
        return made.id


def robots(site: Flask) -> list[tuple[str, str, str, bool]]:
    with site.app_context():
        query = select(Robot.name, Robot.base_url, Robot.key, Robot.is_active)
        return [tuple(row) for row in db.session.execute(query.order_by(Robot.id))]
