"""应报清单: the lists behind the numbers of the dashboard, on a page and in Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.days import spelled
from tracker.papers import printed
from tracker.papers.printed import Sheet
from tracker.supervision import changes, listing
from tracker.supervision.lateness import Lateness
from tracker.supervision.sight import Sight
from tracker.tasks.lights import light
from tracker.tasks.periods import label_of
from tracker.tasks.states import KINDS, OBLIGATIONS, ROLES
from tracker.web import downloads
from tracker.web.access import access
from tracker.web.desk.looking import Look, choices, look
from tracker.web.filing.keys import DayPage, Key, asked_after
from tracker.web.paging import PAGE

COLUMNS = (
    ("通知", 18),
    ("序号", 6),
    ("事项", 44),
    ("单位", 22),
    ("角色", 6),
    ("地市", 8),
    ("报告期", 14),
    ("应报内容", 10),
    ("应报日期", 12),
    ("报送（补正）期限", 16),
    ("逾期工作日", 10),
    ("状态", 12),
)

REVIEWED_BY = ("审核期限", 12)

GROUPS = (
    ("待报送", (listing.OVERDUE, listing.NEAR, listing.GREEN, listing.AWAITED)),
    ("本周变化", tuple(one for one in listing.LISTS if one in changes.CHANGES)),
    ("审核和承接", (listing.REVIEW, listing.REVIEW_LATE, listing.WITHOUT_UNIT)),
    ("按报告期", (listing.EXPECTED, listing.ON_TIME, listing.LATE, listing.MISSING)),
    ("最近一期", (listing.LATEST_EXPECTED, listing.LATEST_ON_TIME)),
)

pages = Blueprint("owed", __name__)


@pages.get("/owed")
@access("see supervision")
def index() -> ResponseReturnValue:
    of, which = look(), _which()
    sight, after = of.sight, asked_after()
    then = listing.seen(which, sight)
    found = listing.rows(which, sight, after=after, limit=PAGE + 1)
    return render_template(
        "desk/owed.html",
        look=of,
        choices=choices(of),
        which=which,
        in_review=which in listing.IN_REVIEW,
        lists=listing.LISTS,
        groups=[(words, [(one, listing.LISTS[one]) for one in own]) for words, own in GROUPS],
        number=listing.number(which, sight),
        periods=listing.periods_of(which, sight),
        page=_page(which, found, after),
        then=then,
        until=_until(which, then),
        lateness=Lateness(then.day, then.workdays),
        light=lambda awaited_by: light(awaited_by, day=then.day, soon=then.soon),
    )


def _which() -> str:
    """What is not asked for is what is overdue; a list that there is not is not found."""
    which = request.args.get("which") or listing.OVERDUE
    return which if which in listing.LISTS else abort(404)


def _until(which: str, then: Sight) -> str:
    """Until when a list is told; how a week began is told as its Monday did."""
    return f"{spelled(then.day)}{'零时' if which == changes.BEFORE else ''}"


def _page(which: str, rows: Sequence[Any], after: Key | None) -> DayPage:
    """The key is the day of the list with the id; any day where a list has none."""
    shown = rows[:PAGE]
    last = listing.key_of(which, shown[-1]) if len(rows) > PAGE else None
    key = f"{last[0].isoformat()}.{last[1]}" if last else None
    return DayPage(rows=shown, is_first=after is None, next_after=key)


@pages.get("/owed.xlsx")
@access("see supervision")
def workbook() -> ResponseReturnValue:
    of, which = look(), _which()
    then = listing.seen(which, of.sight)
    sheet = Sheet(
        name=listing.LISTS[which],
        title=listing.LISTS[which],
        said=f"截至{_until(which, then)}，{current_user.unit}{_about(which, of)}{_only(of)}",
        columns=_columns(which),
        rows=_rows(which, of, then),
    )
    return downloads.workbook(
        printed.workbook([sheet]), f"{sheet.name}{of.sight.day.isoformat()}.xlsx"
    )


def _columns(which: str) -> Sequence[tuple[str, int]]:
    return (*COLUMNS, REVIEWED_BY) if which in listing.IN_REVIEW else COLUMNS


def _about(which: str, of: Look) -> str:
    periods = listing.periods_of(which, of.sight)
    return f"，{periods}" if periods else ""


def _only(of: Look) -> str:
    only = f"，只列：{of.narrowed_by}" if of.is_narrowed else ""
    return f"{only}。{of.unknown}" if of.unknown else only


def _rows(which: str, of: Look, then: Sight) -> Iterator[Sequence[Any]]:
    lateness = Lateness(then.day, then.workdays)
    for row in listing.every(which, of.sight):
        awaited_by = row.awaited_by
        late = awaited_by is not None and awaited_by < then.day
        cells = (
            row.short_title,
            row.no or "",
            row.title or "",
            row.unit,
            ROLES.get(row.role, ""),
            row.city or "",
            label_of(row.period),
            KINDS[row.kind],
            row.due_on,
            awaited_by or "",
            lateness.of(awaited_by) if late else "",
            OBLIGATIONS[row.status],
        )
        yield (*cells, row.review_by) if which in listing.IN_REVIEW else cells
