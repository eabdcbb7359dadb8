"""Sending what is due: claim, commit, send, stamp; one message after the other.

Each turn is one transaction: it stamps the message just sent and claims the next. So a crash
leaves one message of which nobody knows whether it arrived, and a second process takes others.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import requests

from tracker.config import MailServer
from tracker.db import db, writing
from tracker.delivery import claiming, composing, lapsing, robots
from tracker.delivery.answers import Answer, refused
from tracker.delivery.claiming import Claimed
from tracker.delivery.mailing import MailLine
from tracker.delivery.stamping import stamp

LONGEST_RUN = timedelta(minutes=4)

Claim = Callable[[datetime], Claimed | None]
Send = Callable[[Claimed], Answer]


@dataclass(frozen=True, kw_only=True)
class _Clock:
    """The moment that a run was given, and what has passed since."""

    start: datetime
    begun: float

    def now(self) -> datetime:
        return self.start + timedelta(seconds=time.monotonic() - self.begun)


@dataclass(frozen=True, kw_only=True)
class _Done:
    held: Claimed
    answer: Answer


def deliver(now: datetime, *, mail: MailServer | None, base_url: str) -> Mapping[str, int]:
    """Send everything that is due, and count what the tries came to.

    It commits by itself, turn by turn, and wants a session with nothing begun. Without a mail
    server mail waits.
    """
    clock = _Clock(start=now.astimezone(UTC), begun=time.monotonic())
    told: Counter[str] = Counter()
    with writing():
        told["lapsed"] = lapsing.let_lapse(clock.now())
        told["expired"] = lapsing.expire(clock.now())
        db.session.commit()
    if mail is not None:
        with MailLine(mail, base_url=base_url) as line:
            told += _run(_claim_mail(line), lambda held: line.send(held.outgoing), clock)
    with robots.new_session() as session:
        told += _run(claiming.claim_robot, _speaking(session, base_url), clock)
    return dict(told)


def _claim_mail(line: MailLine) -> Claim:
    """While the server cannot be reached the rest waits untried for the next run."""
    return lambda at: None if line.is_down else claiming.claim_mail(at)


def _speaking(session: requests.Session, base_url: str) -> Send:
    def speak(held: Claimed) -> Answer:
        if held.robot is None:
            raise ValueError("what is claimed for a robot knows where it listens")
        words = composing.robot_words(held.outgoing, base_url=base_url)
        return robots.say(session, held.robot, words)

    return speak


def _run(claim: Claim, send: Send, clock: _Clock) -> Counter[str]:
    """Turn by turn until nothing is due, or the run has lasted long enough."""
    told: Counter[str] = Counter()
    held = _turn(claim, None, clock)
    while held is not None:
        answer = _sent(send, held)
        is_over = clock.now() - clock.start > LONGEST_RUN
        stamped = _Done(held=held, answer=answer)
        held = _turn(None if is_over else claim, stamped, clock)
        told[stamped.answer.event] += 1
    return told


def _turn(claim: Claim | None, done: _Done | None, clock: _Clock) -> Claimed | None:
    """Stamp what was sent and claim the next, in one transaction."""
    with writing():
        if done is not None:
            stamp(done.held, done.answer, clock.now())
        held = claim(clock.now()) if claim else None
        db.session.commit()
    return held


def _sent(send: Send, held: Claimed) -> Answer:
    """A fault in one message must not hold up the others."""
    try:
        return send(held)
    except Exception as error:
        return refused(f"内部错误：{type(error).__name__}")
