"""What the office should know because numbers may be wrong, or messages may not arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.clock import start_of
from tracker.delivery.queries import given_up_since, unreachable
from tracker.supervision.digest_queries import latest_runs
from tracker.supervision.running import FAILED
from tracker.supervision.sight import Sight
from tracker.supervision.timetable import TIMETABLE
from tracker.workdays import ROUGHLY

TALLY = "check-tally"
NEWS = timedelta(days=30)
OFF = "统计数与应报事项有{}处不符，请联系运维人员核对。"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A sentence, and the page on which it is put right."""

    sentence: str
    endpoint: str
    action: str
    words: str


def alarms(sight: Sight, owing: Collection[int], roles: Collection[str]) -> list[Alarm]:
    """`owing`: the units that something is awaited of; `roles`: whom a unit is told through."""
    return [*_jobs(), *_unsent(sight.day), *_reach(owing, roles), *_holidays(sight)]


def _jobs() -> Iterator[Alarm]:
    """Whether the numbers of the nightly check agreed, and whether every job came to its end."""
    page = {"endpoint": "timetable.index", "action": "keep timetable", "words": "查看定时任务"}
    for job, run in latest_runs().items():
        if job == TALLY and run.result.get("differences"):
            number = run.result["differences"]
            yield Alarm(sentence=OFF.format(number), **page)
        if job in TIMETABLE and run.state == FAILED:
            name = TIMETABLE[job].name
            yield Alarm(sentence=f"定时任务“{name}”最近一次没有完成。", **page)


def _unsent(day: date) -> Iterator[Alarm]:
    """What was given up of late; what nobody sent again in a month is past being news."""
    if number := given_up_since(start_of(day - NEWS)):
        yield Alarm(
            sentence=f"近{NEWS.days}天有{number}条消息未送达，系统不再重发。",
            endpoint="outbox.index",
            action="see outbox",
            words="核对地址后人工重发",
        )


def _reach(owing: Collection[int], roles: Collection[str]) -> Iterator[Alarm]:
    if number := len(unreachable(owing, roles=roles)):
        yield Alarm(
            sentence=f"有应报事项的单位中，{number}个没有可联系人员，提醒和汇总送不到。",
            endpoint="reach.index",
            action="keep robots",
            words="查看单位",
        )


def _holidays(sight: Sight) -> Iterator[Alarm]:
    """The years that due days of now fall in."""
    for year in (sight.day.year, sight.day.year + 1):
        if not sight.workdays.knows(year):
            yield Alarm(
                sentence=f"{year}年放假安排未公布，应报日期{ROUGHLY}，公布后自动重算。",
                endpoint="holidays.index",
                action="keep holidays",
                words="录入放假安排",
            )
