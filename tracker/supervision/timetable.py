"""When each job runs: the day of each slot. Pure; times of day are settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.workdays import Workdays

DAILY, WORKDAILY, WEEKLY, MONTHLY, QUARTERLY, ALWAYS = (
    "daily",
    "workdaily",
    "weekly",
    "monthly",
    "quarterly",
    "always",
)
RHYTHMS = {
    DAILY: "每天",
    WORKDAILY: "每个工作日",
    WEEKLY: "每周首个工作日",
    MONTHLY: "每月首个工作日",
    QUARTERLY: "每季度首个工作日",
    ALWAYS: "每分钟",
}
# Of these only the newest missed slot runs: it tells everything that the older ones would have.
MERGING = frozenset({DAILY, WORKDAILY})
LONGEST_HOLIDAY = 31


@dataclass(frozen=True, kw_only=True)
class Planned:
    name: str
    rhythm: str


TIMETABLE: Mapping[str, Planned] = {
    "open-periods": Planned(name="产生应报事项", rhythm=DAILY),
    "check-tally": Planned(name="核对统计数", rhythm=DAILY),
    "sweep-evidence": Planned(name="清理未用附件", rhythm=DAILY),
    "remind-units": Planned(name="单位提醒", rhythm=WORKDAILY),
    "propose-urges": Planned(name="提出催办", rhythm=WORKDAILY),
    "summarise-offices": Planned(name="逾期汇总", rhythm=WEEKLY),
    "draft-bulletin": Planned(name="通报稿", rhythm=MONTHLY),
    "draft-situation": Planned(name="情况报告稿", rhythm=QUARTERLY),
    "deliver": Planned(name="发送消息", rhythm=ALWAYS),
    "seal-audit": Planned(name="封存日志", rhythm=ALWAYS),
}


def slots(rhythm: str, *, after: date, until: date, workdays: Workdays) -> list[date]:
    """The slots behind a day, up to and with another; each period has one at most."""
    if rhythm == DAILY:
        return list(_days(after + timedelta(days=1), until))
    if rhythm == WORKDAILY:
        return [day for day in _days(after + timedelta(days=1), until) if workdays.is_workday(day)]
    found = []
    start = next_start(rhythm, after)
    while start <= until:
        first = workdays.on_or_after(start)
        begun = next_start(rhythm, start)
        if start <= first < begun and first <= until:
            found.append(first)
        start = begun
    return found


def next_slot(rhythm: str, *, after: date, workdays: Workdays) -> date:
    """The first slot behind a day; a week of nothing but holidays has none."""
    reach = after
    while True:
        reach += timedelta(days=LONGEST_HOLIDAY)
        found = slots(rhythm, after=after, until=reach, workdays=workdays)
        if found:
            return found[0]


def first_workday_of_week(day: date, workdays: Workdays) -> date:
    """May lie in the next week where a whole week is free."""
    return workdays.on_or_after(day - timedelta(days=day.weekday()))


def starts(rhythm: str, day: date) -> date:
    """The first day of the week, month or quarter that a day lies in."""
    if rhythm == WEEKLY:
        return day - timedelta(days=day.weekday())
    if rhythm == MONTHLY:
        return day.replace(day=1)
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def next_start(rhythm: str, day: date) -> date:
    """The first day of the period after the one that a day lies in."""
    length = {WEEKLY: 7, MONTHLY: 31, QUARTERLY: 92}[rhythm]
    return starts(rhythm, starts(rhythm, day) + timedelta(days=length))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
