"""What units have asked their office for, through the real actions: for pages and journeys."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.cast import CITY, EIGHTH, FORWARDED, LANDED, MARITIME, TAX, owed, tasks_of, unit
from tests.web.filed import PERIOD, by, file, opened
from tracker.clock import today
from tracker.coordinating import closing, disputing, extending
from tracker.coordinating.models import Extension
from tracker.db import db, writing
from tracker.notices.models import Notice
from tracker.reports import reviewing
from tracker.tasks import waiving
from tracker.tasks.models import Obligation, Task

REASON = "有关数据须待月底汇总后核定。"


def extensions(site: Flask, number: int) -> list[int]:
    """Asked for by so many obligations of the office that are not due yet."""
    with site.app_context(), writing():
        known = select(Extension.obligation_id)
        query = (
            select(Obligation)
            .join(Notice, Obligation.notice_id == Notice.id)
            .where(
                Notice.slug == FORWARDED,
                Obligation.unit_id != unit(CITY).id,
                Obligation.awaited_by > today(),
                Obligation.id.not_in(known),
            )
            .order_by(Obligation.unit_id != unit(TAX).id, Obligation.id)
            .limit(number)
        )
        asked = [ask_extension(one) for one in db.session.scalars(query).all()]
        db.session.commit()
        return asked


def ask_extension(owed: Obligation) -> int:
    assert owed.awaited_by
    wished = owed.awaited_by + timedelta(days=20)
    return extending.ask(owed, by("shuiwu1"), reason=REASON, wished_on=wished).id


def disputes(site: Flask, number: int) -> list[int]:
    with site.app_context(), writing():
        named, asked = unit(MARITIME), []
        for task in tasks_of(TAX, EIGHTH, role="lead")[:number]:
            signer = by("shuiwu2")
            one = disputing.ask(task, signer, unit_id=task.unit_id, reason=REASON, named=named)
            asked.append(one.id)
        db.session.commit()
        return asked


def landed(site: Flask, number: int) -> list[int]:
    """Tasks of the tax bureau that an accepted report calls landed."""
    with site.app_context(), writing():
        chosen = tasks_of(TAX, "ftz-10", role="lead")[:number]
        for task in chosen:
            found, day = owed(task, period=PERIOD), today() - timedelta(days=1)
            report = file(found, LANDED, people=("shuiwu1", "shuiwu2"), day=day)
            reviewing.accept(report, found, by("ziyou1"))
        db.session.commit()
        return [task.id for task in chosen]


def closings(site: Flask, number: int) -> list[int]:
    tasks = landed(site, number)
    with site.app_context(), writing():
        asked = []
        for number_ in tasks:
            task, signer = db.session.get_one(Task, number_), by("shuiwu2")
            one = closing.ask(task, signer, unit_id=task.unit_id, reason=REASON)
            asked.append(one.id)
        db.session.commit()
        return asked


def waivers(site: Flask, number: int) -> list[int]:
    with site.app_context(), writing():
        chosen = tasks_of(CITY, FORWARDED)[:number]
        asked = [waiving.ask(one, by("guangzhou1"), reason=REASON) for one in chosen]
        db.session.commit()
        return [one.id for one in asked]


def thirty(site: Flask) -> None:
    """Thirty matters of four kinds."""
    opened(site)
    extensions(site, 12)
    disputes(site, 4)
    closings(site, 4)
    waivers(site, 10)
