"""Reports that wait for review: filed by the people of the demonstration, through the real acts."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from tests.cast import BODY, EIGHTH, TAX, follow_from, moment, open_on, owed, task_of, tasks_of
from tracker.clock import today
from tracker.db import db, writing as to_write
from tracker.registry.models import Person
from tracker.reports import filing, queries, writing
from tracker.reports.bodies import Body
from tracker.reports.models import Report
from tracker.tasks.models import Obligation
from tracker.tasks.moving import By
from tracker.workdays import Workdays

FOLLOWED = date(2026, 7, 1)
PERIOD = "2026-Q3"


def person(account: str) -> int:
    return db.session.scalars(select(Person.id).where(Person.account == account)).one()


def by(account: str, day: date | None = None) -> By:
    return By(person_id=person(account), at=moment(day or today() - timedelta(days=1)))


def opened(site: Flask) -> None:
    """Everything is followed from July on, and open by today."""
    with site.app_context(), to_write():
        follow_from(FOLLOWED)
        open_on(today())
        db.session.commit()


def file(owed: Obligation, body: Body = BODY, *, people: tuple[str, str], day: date) -> Report:
    filer, signer = people
    report = writing.begin(owed, by=person(filer), at=moment(day))
    writing.save(report, body, version=report.version, by=person(filer), at=moment(day))
    filing.submit(report, queries.asked_of(owed), by(filer, day))
    filing.sign(report, owed, by(signer, day), Workdays())
    return report


def filed(
    site: Flask,
    *,
    unit: str = TAX,
    slug: str = EIGHTH,
    number: int = 1,
    body: Body = BODY,
    people: tuple[str, str] = ("shuiwu1", "shuiwu2"),
    day: date | None = None,
) -> list[int]:
    """The ids of so many reports of a unit, filed yesterday if no day is given."""
    with site.app_context(), to_write():
        ids = []
        for task in tasks_of(unit, slug)[:number]:
            report = file(
                owed(task, period=PERIOD), body, people=people, day=day or today() - timedelta(1)
            )
            ids.append(report.id)
        db.session.commit()
        return ids


def refiled(site: Flask, report_id: int, body: Body) -> None:
    """The unit puts a returned report right."""
    with site.app_context(), to_write():
        report = db.session.get_one(Report, report_id)
        found = queries.obligation(report.obligation_id)
        assert found
        file(found, body, people=("shuiwu1", "shuiwu2"), day=today())
        db.session.commit()


def task_id(site: Flask, unit: str = TAX, slug: str = EIGHTH) -> int:
    with site.app_context():
        return task_of(unit, slug).id


def begun(site: Flask, unit: str, account: str, *, period: str = PERIOD, body: Body = BODY) -> int:
    """A draft that its unit is writing: the report's id."""
    with site.app_context(), to_write():
        report = writing.begin(
            owed(task_of(unit), period=period), by=person(account), at=moment(today())
        )
        writing.save(report, body, version=report.version, by=person(account), at=moment(today()))
        db.session.commit()
        return report.id


def owed_id(site: Flask, unit: str, *, period: str = PERIOD) -> int:
    with site.app_context():
        return owed(task_of(unit), period=period).id
