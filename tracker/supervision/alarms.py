"""What the office should know because numbers may be wrong, or messages may not arrive."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tracker.delivery.queries import addressees
from tracker.supervision.digest_queries import latest_runs
from tracker.supervision.running import FAILED
from tracker.supervision.sight import Sight
from tracker.supervision.timetable import TIMETABLE

TALLY = "check-tally"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A sentence, and the page on which it is put right."""

    sentence: str
    endpoint: str
    action: str
    words: str


def alarms(sight: Sight, owing: Collection[int], roles: Collection[str]) -> list[Alarm]:
    """`owing`: the units that something is awaited of; `roles`: whom a unit is told through."""
    return [*_jobs(), *_reach(owing, roles), *_holidays(sight)]


def _jobs() -> Iterator[Alarm]:
    """Whether the numbers of the nightly check agreed, and whether every job came to its end."""
    page = {"endpoint": "timetable.index", "action": "keep timetable", "words": "查看定时任务"}
    for job, run in latest_runs().items():
        if job == TALLY and run.result.get("differences"):
            number = run.result["differences"]
            yield Alarm(sentence=f"统计数与应报事项有{number}处不符，请联系运维人员核对。", **page)
        if job in TIMETABLE and run.state == FAILED:
            name = TIMETABLE[job].name
            yield Alarm(sentence=f"定时任务“{name}”最近一次没有完成。", **page)


def _reach(owing: Collection[int], roles: Collection[str]) -> Iterator[Alarm]:
    if number := len(addressees(owing, roles=roles).unreachable):
        yield Alarm(
            sentence=f"有应报事项的单位中，{number}个没有可以通知到的人员，提醒和汇总送不到。",
            endpoint="reach.index",
            action="keep robots",
            words="查看单位",
        )


def _holidays(sight: Sight) -> Iterator[Alarm]:
    """The years that due days of now fall in."""
    for year in (sight.day.year, sight.day.year + 1):
        if not sight.workdays.knows(year):
            yield Alarm(
                sentence=f"{year}年放假安排未公布，应报日期暂按周末推算，公布后自动重算。",
                endpoint="holidays.index",
                action="keep holidays",
                words="录入放假安排",
            )
