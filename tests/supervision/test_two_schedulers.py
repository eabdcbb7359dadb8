"""Two schedulers on one database for 200 days, one of them killed again and again.

What must be told comes from the brute-force oracle; what was told, from the raw rows; what
arrived, from a real SMTP server. The test takes long because two hundred days are in it.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, select, text, update

from tests.cast import (
    CITY,
    EIGHTH,
    MARITIME,
    OLD,
    STARTED,
    TAX,
    WORKDAYS,
    Desk,
    by,
    calendar_of,
    follow_from,
    people,
    settings_of,
    tasks_of,
)
from tests.delivery.posts import give_addresses
from tests.smtp import Postbox, serving
from tests.supervision.oracle import Oracle, at, day_of
from tests.supervision.schedulers import Scheduler
from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db, writing
from tracker.registry import settings as supervision
from tracker.registry.settings import in_force
from tracker.reports import queries
from tracker.tasks import moving, scheduling
from tracker.tasks.models import Obligation, Task

DAYS, KILLS, SEED = 200, 30, 20260105
FIRST = date(2026, 1, 5)
DAY, SOON = timedelta(days=1), timedelta(minutes=3)
MORNING = {"remind-units", "summarise-offices", "draft-bulletin", "draft-situation"}


@dataclass(frozen=True)
class World:
    """The house, its mail, and where both schedulers are started from."""

    desk: Desk
    settings: Settings
    engine: Engine
    postbox: Postbox
    # How long the mornings took so far, in seconds.
    pace: list[float] = field(default_factory=lambda: [0.2])


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, databases: Any, tmp_path: Path) -> Iterator[World]:
    postbox = Postbox()
    with serving(postbox) as server:
        settings = replace(settings_of(request, databases, tmp_path), mail=server)
        app, engine = create_app(settings), create_engine(settings.database_url)
        with app.app_context():
            with writing():
                desk = small(app)
                db.session.commit()
            db.session.remove()
            yield World(desk, settings, engine, postbox)
            db.session.remove()
            db.engine.dispose()
        engine.dispose()


def small(app: Flask) -> Desk:
    """A few units of two offices; lead agencies of 第八批 report every month."""
    cast = people()
    give_addresses()
    follow_from(STARTED)
    kept = [tasks_of(TAX, EIGHTH)[:4], tasks_of(MARITIME, EIGHTH)[:2], tasks_of(CITY, EIGHTH)[:3]]
    kept.append(tasks_of(TAX, OLD)[:2])
    open_ids = [task.id for some in kept for task in some]
    db.session.execute(update(Task).where(Task.id.not_in(open_ids)).values(state="ended"))
    monthly = calendar_of(EIGHTH, "lead")
    scheduling.change(monthly, by(None, STARTED), WORKDAYS, cadence="month", due_workdays=5)
    held = in_force()
    morning = {**held.times, **dict.fromkeys(MORNING, held.times["remind-units"])}
    supervision.change(replace(held, times=morning), person_id=None, at=at(STARTED, 0))
    return Desk(cast, app)


def test_every_digest_once_and_every_message_arrives(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    begun, chance = time.monotonic(), random.Random(SEED)
    oracle = Oracle(world.engine, WORKDAYS, told_at=at(FIRST - 3 * DAY, 0))
    mondays = range(7, DAYS, 7)  # there is always something to tell and to send
    kills = set(chance.sample(mondays, KILLS - 8))
    kills |= set(chance.sample([n for n in range(1, DAYS) if n % 7], 8))
    pair = Scheduler(world.settings, "first"), Scheduler(world.settings, "second")
    at_work = 0
    try:
        for number in range(DAYS):
            day = FIRST + number * DAY
            at_work += one_day(world, oracle, pair, day, chance, is_fatal=number in kills)
        flush(pair, FIRST + DAYS * DAY)
    finally:
        for scheduler in pair:
            scheduler.end()
    told = compare(world, oracle)
    with capsys.disabled():
        spent = time.monotonic() - begun
        line = f"{world.engine.dialect.name}: {DAYS}天，中断{KILLS}次（{at_work}次正在办理），"
        sys.stdout.write(f"\n{line}{told}，用时{spent:.0f}秒\n")


def one_day(
    world: World,
    oracle: Oracle,
    pair: tuple[Scheduler, Scheduler],
    day: date,
    chance: random.Random,
    *,
    is_fatal: bool,
) -> int:
    """Night, morning and afternoon; whether the kill met the first one at work."""
    if day.day == 1:  # something opens before anybody is told anything
        together(pair, at(day, 0, 20))
    oracle.look(day, at(day, 8, 31))
    killed = 0
    if is_fatal:
        killed = kill(pair[0], at(day, 8, 31), chance.uniform(0, 1.1) * world.pace[-1])
        together(pair, at(day, 8, 31) + SOON)
    else:
        begun = time.monotonic()
        if any(together(pair, at(day, 8, 31))):
            world.pace.append(time.monotonic() - begun)
    if chance.random() < 0.6:
        afternoon(world.desk, day, chance)
    return killed


def together(pair: tuple[Scheduler, Scheduler], moment: Any) -> list[Any]:
    for scheduler in pair:
        scheduler.tell(moment)
    answers = [scheduler.wait() for scheduler in pair]
    assert None in answers or answers.count([]) >= 1, answers
    return answers


def kill(victim: Scheduler, moment: Any, delay: float) -> bool:
    """Somewhere in what a morning takes on this machine."""
    victim.tell(moment)
    time.sleep(delay)
    return victim.kill()


def flush(pair: tuple[Scheduler, Scheduler], day: date) -> None:
    """Whatever a kill left in the middle of sending goes out when its claim has run out."""
    for hour in (0, 1, 2):
        together(pair, at(day, 0, 5) + timedelta(hours=hour / 4))


def afternoon(desk: Desk, day: date, chance: random.Random) -> None:
    """Somebody files, or the office decides: through the real actions."""
    with writing():
        query = select(Obligation.id, Obligation.status).order_by(Obligation.id)
        open_ones = [
            row
            for row in db.session.execute(query).all()
            if row.status in ("due", "filed", "returned")
        ]
        for row in chance.sample(open_ones, min(2, len(open_ones))):
            act(desk, queries.obligation(row.id), day, chance)
        db.session.commit()
    db.session.remove()


def act(desk: Desk, owed: Obligation | None, day: date, chance: random.Random) -> None:
    assert owed is not None
    office = by(desk.cast.chief, day)
    if owed.status == "filed":
        if chance.random() < 0.7:
            desk.accept(owed, day)
        else:
            desk.send_back(owed, day, WORKDAYS.after(day, 5))
    elif chance.random() < 0.75:
        desk.file(owed, day)
    elif chance.random() < 0.5:
        moving.extend(owed, office, day=WORKDAYS.after(max(day, owed.awaited_by), 4), note="延期")
    else:
        moving.waive(owed, office, note="本地不涉及")


def compare(world: World, oracle: Oracle) -> str:
    """Expected and told, sent and arrived; the numbers in one line."""
    with world.engine.connect() as connection:
        digests = connection.execute(text("SELECT kind, recipient_id, day, page FROM digest")).all()
        messages = connection.execute(
            text("SELECT message_id, state FROM message WHERE channel = 'mail'")
        ).all()
        interrupted = set(
            connection.execute(
                text(
                    "SELECT m.message_id FROM attempt a JOIN message m ON m.id = a.message_id"
                    " WHERE a.outcome = 'lose'"
                )
            ).scalars()
        )
    told = Counter((row.kind, row.recipient_id, day_of(row.day)) for row in digests)
    assert told == Counter(oracle.expected.keys())
    for row in digests:
        page = json.loads(row.page) if isinstance(row.page, str) else row.page
        wanted = oracle.expected[row.kind, row.recipient_id, day_of(row.day)]
        figures = {name: page["figures"][name] for name in wanted}
        assert figures == wanted, (row.kind, row.recipient_id, row.day)
    arrived = Counter(world.postbox.ids)
    assert {row.state for row in messages} == {"sent"}
    assert set(arrived) == {row.message_id for row in messages}
    twice = {message_id for message_id, times in arrived.items() if times > 1}
    assert twice <= interrupted
    kinds = Counter(kind for kind, _, _ in told)
    listed = "，".join(f"{kind} {number}" for kind, number in sorted(kinds.items()))
    return (
        f"应有汇总{len(oracle.expected)}份、实有{len(digests)}份（{listed}），"
        f"邮件{len(messages)}封、到达{sum(arrived.values())}次（发送中断{len(interrupted)}封，"
        f"其中到达两次{len(twice)}封）"
    )
