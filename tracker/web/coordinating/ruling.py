"""Ruling on many matters at once: each alone goes through or stays, with a sentence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import Row

from tracker.coordinating import closing, disputing, extending, waiting
from tracker.coordinating.models import Closing, Dispute, Extension
from tracker.coordinating.states import CHECKLIST, OUTCOMES
from tracker.days import spelled
from tracker.db import db
from tracker.delivery.keeping import settle
from tracker.papers.matter_letters import Told
from tracker.registry.queries import name_of_unit, workdays
from tracker.tasks import waiving
from tracker.tasks.models import Obligation, Task, Waiver
from tracker.tasks.states import Forbidden
from tracker.web import edge
from tracker.web.coordinating.requests import named_unit
from tracker.web.coordinating.telling import Subject, of_owed, of_task, tell_unit
from tracker.web.days import typed
from tracker.web.paging import PAGE

LONGEST = 500
EXTENSION, DISPUTE, CLOSING, WAIVER = "extension", "dispute", "closing", "waiver"
WORDS = {EXTENSION: "延期", DISPUTE: "归属异议", CLOSING: "销号", WAIVER: "免报"}
WAITING: Mapping[str, Callable[..., Sequence[Row[Any]]]] = {
    EXTENSION: waiting.extensions,
    DISPUTE: waiting.disputes,
    CLOSING: waiting.closings,
    WAIVER: waiting.waivers,
}


@dataclass(frozen=True, kw_only=True)
class Ruled:
    """What went through, as “kind:number”, and what stayed, with the reason."""

    done: Sequence[str]
    stayed: Mapping[str, str]


def ticked(values: Collection[str]) -> dict[str, list[int]]:
    """“kind:number” as the page wrote it; anything else is nothing."""
    found: dict[str, list[int]] = {}
    for value in values:
        kind, _, number = value.partition(":")
        if (
            kind in WAITING
            and number.isascii()
            and number.isdigit()
            and len(number) < len("9" * 10)
        ):
            found.setdefault(kind, []).append(int(number))
    return {kind: sorted(set(numbers))[: 2 * PAGE] for kind, numbers in found.items()}


def rule_all(
    office_id: int, chosen: Mapping[str, Sequence[int]], *, grants: bool, note: str
) -> Ruled:
    done: list[str] = []
    stayed: dict[str, str] = {}
    for kind, numbers in chosen.items():
        rows = {
            row.request_id: row for row in WAITING[kind](office_id, limit=2 * PAGE, only=numbers)
        }
        for number in numbers:
            key = f"{kind}:{number}"
            try:
                if number not in rows:
                    raise Forbidden("这个事项已经处理，或者不再需要处理，请刷新页面。")
                with db.session.begin_nested():
                    RULE[kind](number, grants, note)
            except Forbidden as sentence:
                stayed[key] = str(sentence)
            else:
                done.append(key)
    settle(done, at=edge.by().at)
    return Ruled(done=done, stayed=stayed)


def _field(name: str, number: int) -> str:
    return request.form.get(f"{name}-{number}", "")


def _extension(number: int, grants: bool, note: str) -> None:
    asked = db.session.get_one(Extension, number)
    owed = db.session.get_one(Obligation, asked.obligation_id)
    if not grants:
        extending.refuse(asked, edge.by(), note=note)
        return _ruled(asked, of_owed(owed), "未同意延期", note)
    text = _field("extension-day", number)
    day = typed(text)
    if text.strip() and day is None:
        raise Forbidden("延至的日期不是有效日期。")
    extending.grant(asked, owed, edge.by(), day=day, note=note)
    given = asked.granted_to or asked.wished_on
    return _ruled(asked, of_owed(owed), "已同意延期", f"延至{spelled(given)}", note)


def _dispute(number: int, grants: bool, note: str) -> None:
    asked = db.session.get_one(Dispute, number)
    task = db.session.get_one(Task, asked.task_id)
    if not grants:
        disputing.reject(asked, task, edge.by(), workdays=workdays(), note=note)
        told = (note, "未逾期的应报事项恢复计时。")
        return _ruled(asked, of_task(task.id), "归属异议不成立", *told)
    unit = named_unit(_field("dispute-unit", number))
    day = typed(_field("dispute-day", number))
    new = disputing.uphold(asked, task, edge.by(), unit=unit, day=day, note=note)
    _ruled(asked, of_task(task.id), "归属异议成立", "任务改由其他单位承担。", note)
    return _ruled(asked, of_task(new.id), "接办任务", asked.reason, note, unit_id=new.unit_id)


def _closing(number: int, grants: bool, note: str) -> None:
    asked = db.session.get_one(Closing, number)
    if not grants:
        closing.refuse(asked, edge.by(), note=note)
        return _ruled(asked, of_task(asked.task_id), "未同意销号", note)
    checked = [
        point for point in CHECKLIST[asked.outcome] if _field(f"closing-{point}", number) == "1"
    ]
    task = db.session.get_one(Task, asked.task_id)
    closing.close(asked, task, edge.by(), checked=checked, note=note)
    return _ruled(asked, of_task(asked.task_id), "已销号", f"结果：{OUTCOMES[asked.outcome]}", note)


def _waiver(number: int, grants: bool, note: str) -> None:
    waiver = db.session.get_one(Waiver, number)
    task = db.session.get_one(Task, waiver.task_id)
    if grants:
        waiving.grant(waiver, task, edge.by(), note=note)
    else:
        waiving.refuse(waiver, edge.by(), note=note)
    step = "已同意免报" if grants else "未同意免报"
    _ruled(waiver, of_task(task.id), step, note, unit_id=task.unit_id)


RULE: Mapping[str, Callable[[int, bool, str], None]] = {
    EXTENSION: _extension,
    DISPUTE: _dispute,
    CLOSING: _closing,
    WAIVER: _waiver,
}


def tell_reopened(found: Closing) -> None:
    what = "已撤销销号，任务继续办理"
    _tell(found, of_task(found.task_id), what, found.reopened_why, "本期起须按期报送。")


def _ruled(asked: Any, subject: Subject, step: str, *lines: str, unit_id: int = 0) -> None:
    """Told to the unit, and on record by what was decided on whose behalf."""
    unit = name_of_unit(unit_id or asked.unit_id)
    edge.note("rule matter", [f"{step}：{unit}，{subject.title}"])
    _tell(asked, subject, step, *lines, unit_id=unit_id)


def _tell(asked: Any, subject: Subject, step: str, *lines: str, unit_id: int = 0) -> None:
    about = f"{asked.__tablename__}:{asked.id}:{step}"
    told = Told(about=about, step=step, title=subject.title, lines=lines, link=subject.link)
    tell_unit(unit_id or asked.unit_id, told, edge.by())
