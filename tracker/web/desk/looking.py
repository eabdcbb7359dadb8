"""What the visitor looks at, as the address says: own notices, narrowed, as of a day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import abort, request, url_for
from flask_login import current_user
from sqlalchemy import Row

from tracker.clock import today
from tracker.permissions import office_seen_by
from tracker.registry import queries as registry
from tracker.registry.settings import in_force
from tracker.supervision import counted
from tracker.supervision.knowing import as_of
from tracker.supervision.listing import LISTS
from tracker.supervision.sight import Sight
from tracker.tasks.periods import period_named
from tracker.tasks.picking import Picked
from tracker.tasks.states import LEAD, LOCAL, ROLES
from tracker.web.days import typed
from tracker.web.paging import number_asked

OWING = (LEAD, LOCAL)
ADOPTIONS = ("复制推广", "借鉴")
FILTERS = {
    "notice": "通知",
    "unit": "单位",
    "period": "报告期",
    "role": "角色",
    "adoption": "方式",
    "city": "地市",
}
PERIOD = re.compile(r"[12][0-9]{3}(-(Q[1-4]|H[12]|M(0[1-9]|1[0-2])))?")


@dataclass(frozen=True)
class Pages:
    """Addresses that a page needs in every row, looked up once; `0` stands for the number."""

    list: str
    workbook: str
    board: str
    units: str
    unit: str
    task: str
    city: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """A sight, what of it stands in the address, and what can be chosen from."""

    filters = FILTERS

    sight: Sight
    asked: Mapping[str, Any]
    notices: Sequence[Row[Any]]
    cities: Sequence[Row[Any]]
    units: Mapping[int, str]
    today: date
    pages: Pages
    # The day as typed, and what is wrong with it.
    typed_day: str = ""
    wrong_day: str = ""
    # Which filters were asked for by a value that there is not.
    unknown: str = ""

    def to(self, which: str, **more: Any) -> str:
        """The list behind a number: the same filters and day, and what the number adds to them."""
        return _address(self.pages.list, {"which": which, **self.asked, **more})

    @cached_property
    def lists(self) -> Mapping[str, str]:
        """The same for rows: each adds a few letters of its own to the address of a list."""
        return {which: self.to(which) for which in LISTS}

    def workbook(self, which: str) -> str:
        return _address(self.pages.workbook, {"which": which, **self.asked})

    def bare(self, which: str) -> str:
        return _address(self.pages.list, {"which": which})

    def board(self, **more: Any) -> str:
        return _address(self.pages.board, {**self.asked, **more})

    def board_units(self) -> str:
        return _address(self.pages.units, self.asked)

    def now(self) -> str:
        """The same page as of today."""
        return _address(request.path, {**request.args.to_dict(), "day": "", "after": ""})

    def unit(self, unit_id: int) -> str:
        return _address(f"{self.pages.unit}{unit_id}", {"day": self.asked["day"]})

    def task(self, task_id: int) -> str:
        return f"{self.pages.task}{task_id}"

    def city(self, code: str) -> str:
        return f"{self.pages.city}{code}"

    @property
    def kept(self) -> dict[str, Any]:
        """What of the address goes on from page to page."""
        return {name: value for name, value in self.asked.items() if value}

    @property
    def opens_calls(self) -> bool:
        return bool(current_user.may("make calls"))

    @property
    def office(self) -> str:
        return str(current_user.office)

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.asked.items() if name != "day")

    @property
    def narrowed_by(self) -> str:
        """What is chosen, in words."""
        asked = self.asked
        words = [
            next((one.short_title for one in self.notices if one.slug == asked["notice"]), ""),
            self.units.get(asked["unit"], ""),
            period_named(asked["period"]).label if asked["period"] else "",
            ROLES.get(asked["role"], ""),
            asked["adoption"],
            next((city.name for city in self.cities if city.code == asked["city"]), ""),
        ]
        return "、".join(word for word in words if word)

    @property
    def is_past(self) -> bool:
        return self.sight.day < self.today

    @property
    def looked_at(self) -> Sequence[Row[Any]]:
        """The notices that are counted: one's own, or the one that is chosen."""
        return [notice for notice in self.notices if self.asked["notice"] in ("", notice.slug)]


def _address(page: str, asked: Mapping[str, Any]) -> str:
    kept = urlencode({name: value for name, value in asked.items() if value})
    return f"{page}?{kept}" if kept else page


def _pages() -> Pages:
    return Pages(
        list=url_for("owed.index"),
        workbook=url_for("owed.workbook"),
        board=url_for("dashboard.index"),
        units=url_for("dashboard.units"),
        unit=url_for("units.unit", unit_id=0).removesuffix("0"),
        task=url_for("task.show", task_id=0).removesuffix("0"),
        city=url_for("cities.city", code="0").removesuffix("0"),
    )


def look() -> Look:
    """From the address; what means nothing is left out and named. 404 to who supervises nothing."""
    office = office_seen_by(current_user.actor) or abort(404)
    own, units = counted.notices_of(office), counted.units_in(office)
    cities = registry.city_choices()
    asked = _asked(own, cities, units)
    day = today()
    return Look(
        sight=Sight(
            asked=as_of(typed(asked["day"]) or day, today=day),
            picked=_picked(asked, office, own, cities),
            workdays=registry.workdays(),
            reminder_workdays=in_force(typed(asked["day"])).reminder_workdays,
        ),
        asked=asked,
        notices=own,
        cities=cities,
        units=units,
        today=day,
        pages=_pages(),
        typed_day=request.args.get("day", "")[:20],
        wrong_day=_wrong_day(day),
        unknown=_unknown(asked),
    )


def _unknown(asked: Mapping[str, Any]) -> str:
    """An old address may name a unit that owes nothing any more: what is shown is not narrowed."""
    words = [word for name, word in FILTERS.items() if request.args.get(name) and not asked[name]]
    named = "、".join(words)
    return f"没有找到所选的{named}，以下没有按{named}筛选。" if words else ""


def _wrong_day(today: date) -> str:
    """Why the day that was asked for is not looked at: today is, instead."""
    text = request.args.get("day", "").strip()
    day = typed(text)
    if text and day is None:
        return "历史时点请写成2026-10-31这样的日期，以下是今天的情况。"
    return "历史时点不能晚于今天，以下是今天的情况。" if day and day > today else ""


def sight(*, day: date | None = None, **picked: Any) -> Sight:
    """Of what an office supervises its own, of what nobody does everything; by default today."""
    return Sight(
        asked=as_of(day or today(), today=today()),
        picked=Picked(**{"office": office_seen_by(current_user.actor), **picked}),
        workdays=registry.workdays(),
        reminder_workdays=in_force(day).reminder_workdays,
    )


def past_day() -> tuple[date | None, str]:
    """The day that has passed and is asked for, or why what is asked for is none."""
    day, now = typed(request.args.get("day", "")), today()
    return (day if day and day < now else None), _wrong_day(now)


def _asked(
    own: Sequence[Row[Any]], cities: Sequence[Row[Any]], units: Mapping[int, str]
) -> dict[str, Any]:
    word = request.args.get
    unit, day = number_asked("unit"), typed(word("day", ""))
    known: dict[str, tuple[str, ...]] = {
        "notice": tuple(notice.slug for notice in own),
        "role": OWING,
        "adoption": ADOPTIONS,
        "city": tuple(city.code for city in cities),
    }
    asked = {name: word(name, "") if word(name) in known[name] else "" for name in known}
    period = word("period", "")
    return {
        **asked,
        "unit": unit if unit in units else None,
        "period": period if PERIOD.fullmatch(period) else "",
        "day": day.isoformat() if day and day < today() else "",
    }


def _picked(
    asked: Mapping[str, Any], office: int, own: Sequence[Row[Any]], cities: Sequence[Row[Any]]
) -> Picked:
    slugs = {notice.slug: notice.id for notice in own}
    codes = {city.code: city.id for city in cities}
    return Picked(
        office=office,
        notice=slugs.get(asked["notice"]),
        unit=asked["unit"],
        city=codes.get(asked["city"]),
        role=asked["role"],
        adoption=asked["adoption"],
        period=asked["period"],
    )


def choices(of: Look) -> dict[str, Sequence[tuple[Any, str]]]:
    """What each filter offers."""
    return {
        "notice": [(notice.slug, notice.short_title) for notice in of.notices],
        "unit": list(of.units.items()),
        "period": counted.periods_in(of.sight.picked.office),
        "role": [(role, ROLES[role]) for role in OWING],
        "adoption": [(word, word) for word in ADOPTIONS],
        "city": [(city.code, city.name) for city in of.cities],
    }
