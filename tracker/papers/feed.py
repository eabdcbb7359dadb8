"""The calendar of due days as .ics, read by whoever knows its secret address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event
from sqlalchemy import Row, select

from tracker.db import db
from tracker.papers.models import Feed
from tracker.registry.models import Person, Unit
from tracker.tasks.periods import owed_name

MAKER = "-//replication-tracker//due days//ZH"
# Before the day begins: at nine o'clock of that many days earlier.
ALARMS = (timedelta(days=-5, hours=9), timedelta(days=-1, hours=9))


def renew(person_id: int, at: datetime) -> str:
    """A new secret; the address before it opens nothing from now on. Only its hash is kept."""
    secret = secrets.token_urlsafe(32)
    feed = db.session.get(Feed, person_id) or Feed(person_id=person_id)
    feed.secret_hash, feed.made_at = hashed(secret), at
    db.session.add(feed)
    db.session.flush()
    return secret


def end(person_id: int) -> None:
    feed = db.session.get(Feed, person_id)
    if feed is not None:
        db.session.delete(feed)
        db.session.flush()


def made_at(person_id: int) -> datetime | None:
    return db.session.scalar(select(Feed.made_at).where(Feed.person_id == person_id))


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def unit_for(secret: str) -> Row[int, str] | None:
    """Whose days a secret opens: the unit of a person who may still sign in."""
    query = (
        select(Unit.id, Unit.name)
        .join(Person, Person.unit_id == Unit.id)
        .join(Feed, Feed.person_id == Person.id)
        .where(Feed.secret_hash == hashed(secret), Person.is_locked.is_(False))
    )
    return db.session.execute(query).one_or_none()


def written(unit: str, rows: Iterable[Row[*tuple[Any, ...]]], *, site: str, at: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{unit}应报事项")
    for row in rows:
        calendar.add_component(_event(row, site, at))
    data: bytes = calendar.to_ical()
    return data


def told(row: Row[*tuple[Any, ...]]) -> str:
    """Which reports of which notice, and how many."""
    return f"{row.notice} {owed_name(row.period, row.kind)}（{row.number}项）"


def _event(row: Row[*tuple[Any, ...]], site: str, at: datetime) -> Event:
    """The same reports keep their identity when their number changes."""
    day: date = row.day
    event = Event()
    event.add("uid", f"{row.notice_id}-{row.kind}-{row.period}-{day.isoformat()}@tracker")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", f"报送期限：{told(row)}")
    event.add("url", f"{site.rstrip('/')}/obligations")
    event.add("transp", "TRANSPARENT")
    for before in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{on_day(day)}前报送：{told(row)}")
        alarm.add("trigger", before)
        event.add_component(alarm)
    return event


def on_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
