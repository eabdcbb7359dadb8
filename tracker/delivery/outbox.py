"""Posting: a letter and its messages are stored in the transaction of what they tell."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from tracker.db import db, insert
from tracker.delivery.letters import INBOX, Addressee, Letter
from tracker.delivery.models import Enclosed, Message, Posted
from tracker.delivery.states import PENDING, SENT


def post(letter: Letter, *, to: Sequence[Addressee], day: date, about: str, at: datetime) -> int:
    """Put a letter into the outbox for everyone in `to`, and say how many messages are new.

    `about` names what is told, once and for good (“unit-digest:17:2026-11-23”, “urge:5”): nobody
    gets two messages of one `about` by one channel, whoever posts it how often. The first letter
    posted under it stands; who is posted to later gets that one. The caller commits.
    """
    if not to:
        return 0
    at = at.astimezone(UTC)
    letter_id = _letter_id(letter, day=day, about=about, at=at)
    rows = [_message(letter_id, addressee, at) for addressee in to]
    new = insert(Message).on_conflict_do_nothing().returning(Message.id)
    return len(db.session.scalars(new, rows).all())


def _letter_id(letter: Letter, *, day: date, about: str, at: datetime) -> int:
    """Of the letter under this name, which is stored now if it was not yet."""
    row = {
        "about": about,
        "kind": letter.kind,
        "day": day,
        "subject": letter.subject,
        "brief": letter.brief,
        "text": letter.text,
        "html": letter.html,
        "link": letter.link,
        "waits_for": letter.waits_for or None,
        "posted_at": at,
    }
    new = insert(Posted).values(row).on_conflict_do_nothing().returning(Posted.id)
    letter_id = db.session.scalar(new)
    if letter_id is None:
        return db.session.scalars(select(Posted.id).where(Posted.about == about)).one()
    if letter.attachment is not None:
        file = letter.attachment
        db.session.execute(
            insert(Enclosed).values(
                letter_id=letter_id, name=file.name, media_type=file.media_type, data=file.data
            )
        )
    return letter_id


def _message(letter_id: int, addressee: Addressee, at: datetime) -> dict[str, Any]:
    """What goes to the inbox has arrived with the commit; the rest waits to be sent."""
    arrives = addressee.channel == INBOX
    return {
        "letter_id": letter_id,
        "unit_id": addressee.unit_id,
        "person_id": addressee.person_id,
        "robot_id": addressee.robot_id,
        "recipient": addressee.recipient,
        "channel": addressee.channel,
        "address": addressee.address,
        "message_id": f"<{uuid.uuid4().hex}@replication-tracker>",
        "state": SENT if arrives else PENDING,
        "tries": 0,
        "created_at": at,
        "next_try_at": None if arrives else at,
        "claim": "",
        "sent_at": at if arrives else None,
    }
