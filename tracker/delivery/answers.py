"""What a try came to, and what follows from it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.delivery.states import DEFER, DELIVER, GIVE_UP, LOSE

LONGEST_ANSWER = 500
# How long to wait after the first, second … try: the last of them ends almost three days later.
PAUSES = tuple(
    timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 720, 1440)
)
MOST_TRIES = len(PAUSES) + 1
# Due for so long without a try: nobody wants to read it any more without being asked.
STALE = timedelta(days=30)
CLAIMED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The event that a try is for its message, and the other side's words.

    `is_line` tells that not the message failed but the way to the other side.
    """

    event: str
    words: str
    is_line: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", one_line(self.words)[:LONGEST_ANSWER])


def one_line(words: str) -> str:
    return re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029\ud800-\udfff]+", " ", words).strip()


def delivered(words: str) -> Answer:
    return Answer(event=DELIVER, words=words)


def deferred(words: str, *, is_line: bool = False) -> Answer:
    return Answer(event=DEFER, words=words, is_line=is_line)


def lost(words: str) -> Answer:
    return Answer(event=LOSE, words=words, is_line=True)


def refused(words: str) -> Answer:
    return Answer(event=GIVE_UP, words=words)


def settled(answer: Answer, tries: int) -> Answer:
    """After the last try nothing more is tried by itself."""
    if tries < MOST_TRIES or answer.event not in (DEFER, LOSE):
        return answer
    return replace(answer, event=GIVE_UP, words=f"已尝试{tries}次：{answer.words}")


def pause_after(tries: int) -> timedelta:
    return PAUSES[min(max(tries, 1), len(PAUSES)) - 1]
