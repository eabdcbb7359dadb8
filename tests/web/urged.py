"""Urges on a site, proposed by the rule after two reminders to 省税务局 and others."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.cast import OFFICE, TAX, WORKDAYS, moment, unit
from tests.supervision.urged import RUNGS, remind
from tests.web.conftest import Visit
from tests.web.filed import opened
from tracker.clock import today
from tracker.db import db, writing
from tracker.supervision.models import Urge, Urged
from tracker.supervision.proposing import propose

CITY = "广州市人民政府"


def proposed(site: Flask, name: str = TAX) -> int:
    """The id of the proposal to a unit; on the same site the others are proposed too."""
    opened(site)
    with site.app_context(), writing():
        remind(today() - timedelta(days=8), today() - timedelta(days=1))
        at = moment(today(), 0)
        propose(unit(OFFICE).id, today(), at=at, rungs=RUNGS, workdays=WORKDAYS)
        db.session.commit()
    return urge_to(site, name)


def urge_to(site: Flask, name: str = TAX) -> int:
    with site.app_context():
        query = select(Urge.id).where(Urge.unit_id == unit(name).id)
        return db.session.scalars(query.order_by(Urge.id.desc()).limit(1)).one()


def urge(site: Flask, urge_id: int) -> Urge:
    with site.app_context():
        return db.session.get_one(Urge, urge_id)


def covered(site: Flask, urge_id: int) -> list[int]:
    with site.app_context():
        query = select(Urged.obligation_id).where(Urged.urge_id == urge_id)
        return list(db.session.scalars(query.order_by(Urged.obligation_id)))


def send(chief: Visit, site: Flask, urge_id: int) -> None:
    """Many at once, with this one ticked."""
    version = urge(site, urge_id).version
    chief.post("/urges/issue", form="/urges", urge=f"{urge_id}:{version}")


def acknowledge(visit: Visit, urge_id: int) -> None:
    visit.post(f"/urges/{urge_id}/acknowledge", form=f"/urges/{urge_id}")


def answer(visit: Visit, urge_id: int, **typed: str) -> object:
    later = (today() + timedelta(days=3)).isoformat()
    data = {"words": "正在汇总，三日内报送。", "day": later, **typed}
    return visit.post(f"/urges/{urge_id}/reply", form=f"/urges/{urge_id}", **data)
