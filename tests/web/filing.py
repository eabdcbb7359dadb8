"""A site in which something is owed: tracking began with 2026, and the periods are open."""

from __future__ import annotations

import re
from datetime import date

import lxml.html
from flask import Flask
from sqlalchemy import select
from werkzeug.test import encode_multipart

from tests.cast import EIGHTH, STARTED, TAX, follow_from, open_on, unit
from tests.web.conftest import TOKEN, Visit
from tracker.db import db, writing
from tracker.notices.models import Notice
from tracker.registry import accounts
from tracker.tasks.models import Obligation

OPENED = date(2026, 7, 2)
TEXT = "已在全省推开有关做法，办理时限压减一半。"
REPORT = {"stage": "advancing", "percent": "40", "progress": TEXT}
FIELD = re.compile(r'name="version" value="(\d+)"')


def owe(app: Flask, day: date = OPENED) -> None:
    """Real functions only: the office sets the day, and the job opens what is owed."""
    with app.app_context():
        with writing():
            follow_from(STARTED)
            open_on(STARTED)
            open_on(day)
            db.session.commit()
        db.session.remove()


def ids_owed(app: Flask, name: str = TAX, slug: str = EIGHTH, period: str = "2026-Q1") -> list[int]:
    with app.app_context():
        query = (
            select(Obligation.id)
            .join(Notice, Obligation.notice_id == Notice.id)
            .where(
                Obligation.unit_id == unit(name).id,
                Notice.slug == slug,
                Obligation.period == period,
            )
        )
        return list(db.session.scalars(query.order_by(Obligation.id)))


def add_person(app: Flask, account: str, unit_name: str, role: str) -> None:
    """A colleague beside the cast."""
    with app.app_context(), writing():
        accounts.add_person(
            account,
            account,
            unit_id=unit(unit_name).id,
            roles=[role],
            password="demo-2026",
            must_change=False,
        )
        db.session.commit()


def form_of(visit: Visit, url: str) -> dict[str, str]:
    """The token and version that a page's form carries."""
    page = visit.page(url)
    token, version = TOKEN.search(page), FIELD.search(page)
    assert token
    return {"csrf_token": token[1], "version": version[1] if version else "0"}


def write(visit: Visit, owed: int, action: str = "save", **more: str):
    """The report form as a browser sends it."""
    url = f"/obligations/{owed}"
    data = {**form_of(visit, url), **REPORT, "action": action, **more}
    return visit.client.post(url, data=data)


def sign(visit: Visit, owed: int):
    url = f"/obligations/{owed}"
    return visit.client.post(f"{url}/sign", data=form_of(visit, url))


def sentences(page: str) -> list[str]:
    """What stands in red."""
    found = lxml.html.fromstring(page).xpath('//*[contains(@class,"error")]')
    return [one.text_content().strip() for one in found]


def post_parts(visit: Visit, url: str, data: dict[str, object]):
    """Post as multipart, without the temporary file that the test client would leave open."""
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return visit.client.post(url, data=body, content_type=kind)
