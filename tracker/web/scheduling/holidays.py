"""放假安排: the years that are known, and a year that the office hands in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.clock import today
from tracker.registry import holidays
from tracker.registry.holidays import WrongLine
from tracker.registry.queries import workdays
from tracker.tasks import scheduling
from tracker.tasks.states import Forbidden
from tracker.tasks.wording import said
from tracker.web import edge
from tracker.web.access import access
from tracker.workdays import ESTIMATED, PUBLISHED_YEARS, Schedule

LARGEST = 64 * 1024
FIRST_YEAR, LAST_YEAR = 2004, 2099
LONGEST_SOURCE = 200
FEWEST = 7
SHOWN_BEFORE = 2
WRONG_LINES = "以下各行需要改正，本次没有保存。"

Wrong = dict[str, str]

pages = Blueprint("holidays", __name__)


@pages.get("/holidays")
@access("keep holidays")
def index() -> ResponseReturnValue:
    return _page()


@pages.post("/holidays")
@access("keep holidays")
def keep() -> ResponseReturnValue:
    """Everything is right and kept, or nothing is; then days to come are computed anew."""
    text, wrong = _text()
    year = _year()
    wrong |= _wrong_fields(year, text, wrong)
    if wrong:
        return _page(wrong=wrong, text=text)
    found = holidays.read(text, year)
    if found.wrong:
        return _page(
            wrong={"days": "以下各行需要改正，本次没有保存。"}, lines=found.wrong, text=text
        )
    if sentence := _too_few(found.schedule):
        return _page(wrong={"days": sentence}, text=text)
    source = said(request.form["source"], what="依据", longest=LONGEST_SOURCE)
    holidays.keep(year, found.schedule, source=source)
    moved = scheduling.recompute(edge.by(), workdays())
    edge.commit("keep holidays", str(year), moved=moved)
    flash(f"已保存{year}年放假安排，{moved}项尚未填报的应报事项改了日期。")
    return redirect(url_for("holidays.index"))


def _text() -> tuple[str, Wrong]:
    """What was pasted, or the file where one is chosen."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return request.form.get("days", ""), {}
    data = file.stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return "", {"file": "文件超过64 KB，请核对是否选错了文件。"}
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), {}
        except UnicodeDecodeError:
            continue
    return "", {"file": "文件不是文本或 CSV，请另存为 CSV 后再上传。"}


def _year() -> int:
    text = request.form.get("year", "").strip()
    year = int(text) if text.isascii() and text.isdigit() and len(text) == len("2026") else 0
    return year if FIRST_YEAR <= year <= LAST_YEAR else 0


def _wrong_fields(year: int, text: str, found: Wrong) -> Wrong:
    wrong: Wrong = {}
    if not year:
        wrong["year"] = f"请填写{FIRST_YEAR}到{LAST_YEAR}之间的年份。"
    if not found and not text.strip():
        wrong["days"] = "请粘贴放假安排，或选择文件。"
    elif len(text) > LARGEST or text.count("\n") > holidays.MOST_LINES:
        wrong["days"] = f"最多{holidays.MOST_LINES}行，请核对内容。"
    try:
        said(request.form.get("source", ""), what="依据", longest=LONGEST_SOURCE)
    except Forbidden as sentence:
        wrong["source"] = str(sentence)
    return wrong


def _too_few(schedule: Schedule) -> str:
    if len(schedule.free) < FEWEST:
        return f"只有{len(schedule.free)}天写“休”，一年的法定节假日不会这样少，请核对是否完整。"
    return ""


def _page(
    *, wrong: Wrong | None = None, lines: Sequence[WrongLine] = (), text: str = ""
) -> ResponseReturnValue:
    year = today().year
    kept = {row.year: row for row in holidays.kept()}
    shown = sorted({*kept, *range(year - SHOWN_BEFORE, year + SHOWN_BEFORE + 1)}, reverse=True)
    page = render_template(
        "scheduling/holidays.html",
        years=shown,
        kept=kept,
        published=PUBLISHED_YEARS,
        estimated=ESTIMATED,
        this_year=year,
        wrong=wrong or {},
        lines=lines,
        text=text[:LARGEST],
    )
    return page, 422 if wrong else 200
