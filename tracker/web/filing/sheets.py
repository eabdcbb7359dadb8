"""Many at once: all of a unit's progress on one notice for one period, on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.notices import queries as notices
from tracker.notices.models import Notice
from tracker.reports import desk, queries, sheets
from tracker.reports.bodies import Body, Mistake
from tracker.reports.sheets import Typed
from tracker.reports.states import EDITABLE, REJECTED, STAGES
from tracker.tasks.periods import label_of
from tracker.tasks.states import LOCAL
from tracker.web import edge
from tracker.web.access import access
from tracker.web.days import lights
from tracker.web.filing import records, signed
from tracker.web.limits import takes
from tracker.web.paging import number_in, numbers_ticked

SHEET = "/sheets/<slug>/<period>"
MOST = 1_000
# A thousand rows of 4,000 characters each, in UTF-8.
ROOM = 16 * 1024 * 1024

pages = Blueprint("sheets", __name__)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the page: what is asked, what is written, and what is wrong with it."""

    owed: Any
    body: Body
    wrong: Mapping[str, str]
    version: int

    @property
    def is_open(self) -> bool:
        return self.owed.report_state is None or self.owed.report_state in EDITABLE


@pages.get(SHEET)
@access("file reports")
def show(slug: str, period: str) -> ResponseReturnValue:
    return _page(_notice(slug), period, {}, {})


@pages.post(SHEET)
@access("file reports")
@takes(content=ROOM, text=ROOM)
def write(slug: str, period: str) -> ResponseReturnValue:
    notice, submits = _notice(slug), request.form.get("action") == "submit"
    owed = sheets.of_unit(current_user.unit_id, notice.id, period) or abort(404)
    typed = _typed({one.id for one in owed})
    if len(request.form.getlist("row")) != len(typed):
        abort(404)  # a row that is not this unit's, or not of this sheet
    outcome = sheets.save(owed, typed, edge.by(), submits=submits)
    if outcome.saved or outcome.wrong:
        subject = f"{notice.short_title} {label_of(period)}"
        edge.commit("save sheet", subject, submitted=len(outcome.submitted))
    if outcome.wrong:
        return _page(_notice(slug), period, outcome.wrong, typed, sent=outcome.submitted), 422
    flash(_said(outcome, submits=submits))
    return redirect(url_for("sheets.show", slug=slug, period=period))


def _said(outcome: sheets.Outcome, *, submits: bool) -> str:
    if submits:
        return f"已送审{len(outcome.submitted)}项，等待本单位审签人审签；审签后才算报送。"
    return f"已保存{len(outcome.saved)}项草稿。"


def _typed(ids: set[int]) -> dict[int, Typed]:
    return {number: _row(number) for number in numbers_ticked("row", MOST) if number in ids}


def _row(number: int) -> Typed:
    field = request.form
    return Typed(
        version=number_in(field.get(f"version-{number}", "")) or 0,
        stage=field.get(f"stage-{number}", ""),
        percent=field.get(f"percent-{number}", ""),
        progress=field.get(f"progress-{number}", ""),
        is_unchanged=field.get(f"unchanged-{number}") == "1",
    )


def _notice(slug: str) -> Notice:
    return notices.notice(slug) or abort(404)


def _page(
    notice: Notice,
    period: str,
    wrong: Mapping[int, Sequence[Mistake]],
    typed: Mapping[int, Typed],
    *,
    sent: Sequence[int] = (),
) -> str:
    rows = queries.local_sheet(current_user.unit_id, notice.id, period) or abort(404)
    lines = [_line(row, wrong.get(row.id, ()), typed.get(row.id)) for row in rows]
    return render_template(
        "filing/sheet.html",
        notice=notice,
        period=period,
        lines=[line for line in lines if line.is_open],
        signing=[line for line in lines if not line.is_open],
        wrong=sum(bool(line.wrong) for line in lines),
        sent=len(sent),
        stages={code: word for code, word in STAGES.items() if code != REJECTED},
        is_local=any(row.role == LOCAL for row in rows),
        light=lights(),
    )


def _line(row: Any, mistakes: Sequence[Mistake], typed: Typed | None) -> Line:
    kept = Body.of(row.body or {})
    wrong: dict[str, str] = {}
    for mistake in mistakes:
        name = mistake.field if mistake.field in ("stage", "percent") else "progress"
        wrong[name] = wrong.get(name, "") + mistake.message
    return Line(
        owed=row,
        body=typed.over(kept) if typed and wrong else kept,
        wrong=wrong,
        version=row.report_version or 0,
    )


@pages.get(f"{SHEET}/signing")
@access("see own obligations")
def signing(slug: str, period: str) -> ResponseReturnValue:
    notice = _notice(slug)
    units = records.units_signed_for()
    rows = desk.waiting(units, limit=MOST, slug=slug, period=period)
    if not rows:
        return redirect(url_for("signing.index"))
    bodies = {row.id: Body.of(row.body) for row in rows}
    return render_template(
        "filing/sheet_signing.html",
        notice=notice,
        period=period,
        rows=rows,
        bodies=bodies,
        stages=STAGES,
    )


@pages.post(f"{SHEET}/signing")
@access("see own obligations")
def sign(slug: str, period: str) -> ResponseReturnValue:
    notice, units = _notice(slug), records.units_signed_for()
    outcome = signed.several(signed.ticked(request.form.getlist("report")), units)
    if outcome.receipts:
        edge.commit(
            "sign reports", f"{notice.short_title} {label_of(period)}", receipts=outcome.receipts
        )
    return render_template("filing/signed.html", outcome=outcome), 200 if outcome.receipts else 422
