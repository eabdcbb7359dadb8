"""The menu as data: groups of pages, each page with the action that opens it.

A new page adds one `Entry` to its group. A visitor sees the entries whose action is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, request
from flask_login import current_user


@dataclass(frozen=True)
class Entry:
    """A page of the menu; pages of the blueprints `own`, and of its own, are marked under it."""

    endpoint: str
    name: str
    action: str
    own: tuple[str, ...] = ()

    @property
    def blueprints(self) -> frozenset[str]:
        return frozenset({self.endpoint.split(".")[0], *self.own})


@dataclass(frozen=True)
class Group:
    name: str
    entries: Sequence[Entry]


GROUPS: Sequence[Group] = (
    Group("首页", (Entry("home.home", "首页", "own account"),)),
    Group(
        "报送",
        (
            Entry(
                "obligations.index",
                "应报事项",
                "see own obligations",
                ("reports", "sheets", "returns", "evidence"),
            ),
            Entry("calendar.month", "报送日历", "see own obligations"),
            Entry("signing.index", "审签", "sign reports"),
            Entry("parts.index", "协办材料", "see own obligations"),
            Entry("breakdown.index", "任务分解", "see own obligations"),
            Entry("cases.index", "经验做法", "see own obligations"),
            Entry("exemptions.index", "免报申请", "see own obligations"),
            Entry("delegations.index", "审签代理", "delegate"),
        ),
    ),
    Group(
        "审核",
        (
            Entry("reviews.index", "审核", "review reports", ("review",)),
            Entry("paper.choose", "代录纸质报告", "record paper reports"),
            Entry("waivers.index", "免报", "rule waivers", ("waiving",)),
        ),
    ),
    Group(
        "督办",
        (
            Entry("dashboard.index", "工作总览", "see supervision"),
            Entry("owed.index", "应报清单", "see supervision"),
            Entry("urging.index", "催办", "prepare urges", ("urge",)),
            Entry("urge.received", "收到的催办单", "answer urges"),
            Entry("bulletins.index", "通报", "see supervision"),
            Entry("evaluations.index", "评估", "see evaluations"),
            Entry("publicity.index", "宣传解读", "see supervision"),
            Entry("digests.index", "提醒与汇总", "see digests"),
            Entry("supervision_settings.index", "督办设置", "set supervision"),
        ),
    ),
    Group(
        "协调调度",
        (
            Entry("matters.index", "单位申请", "rule matters"),
            Entry("difficulties.index", "需协调事项", "see difficulties", ("acting",)),
            Entry("requests.index", "本单位申请", "ask office"),
            Entry("calling.index", "临时调度", "make calls"),
            Entry("checks.index", "督查核查", "see checks"),
            Entry("breakdowns.index", "地市任务分解", "see breakdowns"),
            Entry("collecting.index", "经验做法遴选", "rule cases"),
            Entry("cases.library", "经验做法库", "see reports"),
        ),
    ),
    Group(
        "通知与事项",
        (
            Entry("notices.index", "通知", "read measures", ("calendars", "following", "stopping")),
            Entry("measures.index", "事项", "read measures"),
            Entry("tasks.index", "任务", "read measures", ("task",)),
            Entry("designating.index", "待指定", "designate"),
            Entry("uploading.index", "导入通知", "import notices", ("drafts",)),
        ),
    ),
    Group(
        "单位与地市",
        (
            Entry("units.index", "单位", "read units", ("unit_editing", "successions")),
            Entry("successors.index", "待明确承接", "keep units"),
            Entry("cities.index", "地市", "read measures"),
        ),
    ),
    Group(
        "文书",
        (
            Entry("ledger.index", "台账", "see supervision"),
            Entry("papers.index", "公文", "see supervision"),
            Entry("receipts.find", "查找回执", "see reports"),
        ),
    ),
    Group(
        "系统",
        (
            Entry("people.index", "人员", "keep people", ("people_list",)),
            Entry("outbox.index", "发送记录", "see outbox"),
            Entry("robots.index", "群机器人", "keep robots"),
            Entry("reach.index", "联系不上的单位", "keep robots"),
            Entry("holidays.index", "放假安排", "keep holidays"),
            Entry("timetable.index", "定时任务", "keep timetable"),
            Entry("policies.index", "安全策略", "keep policies"),
            Entry("log.index", "审计日志", "read log"),
        ),
    ),
)


def install(app: Flask) -> None:
    app.jinja_env.globals.update(menu=menu, menu_entry=current)


def menu() -> list[Group]:
    """What the visitor may open; a group of one page bears that page's name."""
    own = (
        (group, tuple(entry for entry in group.entries if current_user.may(entry.action)))
        for group in GROUPS
    )
    return [
        Group(group.name if len(entries) > 1 else entries[0].name, entries)
        for group, entries in own
        if entries
    ]


def current(groups: Sequence[Group]) -> Entry | None:
    """The entry of this page: by its address, else by the part of the site that it belongs to."""
    entries = [entry for group in groups for entry in group.entries]
    exact = (entry for entry in entries if entry.endpoint == request.endpoint)
    near = (entry for entry in entries if request.blueprint in entry.blueprints)
    return next(exact, None) or next(near, None)
