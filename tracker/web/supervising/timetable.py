"""定时任务: each job's last and next run, what it came to, and a button to run it now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.clock import day_of, now
from tracker.registry.queries import workdays
from tracker.registry.settings import InForce, in_force
from tracker.supervision import digest_queries, running
from tracker.supervision.models import JobRun
from tracker.supervision.timetable import ALWAYS, RHYTHMS, TIMETABLE, next_slot
from tracker.web import edge
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after, page_of
from tracker.workdays import Workdays

RESULTS = {
    "opened": "产生应报事项{}项",
    "digests": "汇总{}份",
    "messages": "消息{}条",
    "sealed": "封存{}条",
    "differences": "与应报事项不符{}处",
    "settled": "归位附件{}件",
    "removed": "清理附件{}件",
    "sent": "送达{}条",
    "dead": "未送达{}条",
    "proposed": "建议催办{}件",
}

pages = Blueprint("timetable", __name__)


@dataclass(frozen=True, kw_only=True)
class Shown:
    job: str
    name: str
    rhythm: str
    at: str
    last: JobRun | None
    next_at: datetime | None


@pages.get("/timetable")
@access("keep timetable")
def index() -> ResponseReturnValue:
    moment, settings, known = now(), in_force(), workdays()
    last, reached = digest_queries.latest_runs(), running.last_slots()
    shown = [
        _shown(job, last.get(job), _next(job, reached, moment, settings, known), settings)
        for job in TIMETABLE
    ]
    return render_template(
        "supervision/timetable.html",
        jobs=shown,
        is_running=_is_running(moment),
        remark=known.remark(day_of(moment).year + 1),
        states=running.STATES,
        told=told,
    )


@pages.get("/timetable/<job>")
@access("keep timetable")
def runs(job: str) -> ResponseReturnValue:
    planned = TIMETABLE.get(job) or abort(404)
    after = asked_after()
    found = digest_queries.runs_of(job, before=after, limit=PAGE + 1)
    return render_template(
        "supervision/runs.html",
        job=job,
        planned=planned,
        page=page_of(found, after),
        states=running.STATES,
        told=told,
    )


@pages.post("/timetable/<job>/run")
@access("keep timetable")
def run(job: str) -> ResponseReturnValue:
    """Whoever leads the timetable does it at the next beat: no page waits for a job."""
    planned = TIMETABLE.get(job) or abort(404)
    moment = now()
    running.ask(job, day_of(moment), moment)
    edge.commit("run job", planned.name)
    flash(f"已安排“{planned.name}”，一分钟内办理，办完后本页显示结果。")
    return redirect(url_for("timetable.index"))


def told(run: JobRun) -> str:
    """What a run did, in words."""
    parts = [
        words.format(run.result[key])
        for key, words in RESULTS.items()
        if isinstance(run.result.get(key), int)
    ]
    return "，".join(parts)


def _shown(job: str, last: JobRun | None, next_at: datetime | None, settings: InForce) -> Shown:
    planned, at = TIMETABLE[job], settings.times.get(job)
    return Shown(
        job=job,
        name=planned.name,
        rhythm=RHYTHMS[planned.rhythm],
        at=f"{at:%H:%M}" if at else "",
        last=last,
        next_at=next_at,
    )


def _next(
    job: str, reached: Mapping[str, date], moment: datetime, settings: InForce, known: Workdays
) -> datetime | None:
    """The moment of the first slot that has no row yet; None for what runs every minute."""
    rhythm = TIMETABLE[job].rhythm
    if rhythm == ALWAYS:
        return None
    after = reached.get(job) or day_of(moment)
    return running.at_time(next_slot(rhythm, after=after, workdays=known), job, settings)


def _is_running(moment: datetime) -> bool:
    lease = digest_queries.leader()
    if lease is None:
        return False
    until = lease.until if lease.until.tzinfo else lease.until.replace(tzinfo=UTC)
    return until > moment
