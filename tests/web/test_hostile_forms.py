"""People, units, policies: whatever is typed is answered beside its field, nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.web.conftest import Visit
from tracker.db import db
from tracker.registry.models import Alias, Person, PersonRole, Policy, Succession, Unit

SignIn = Callable[[str], Visit]
UNSEEN = ("\x00", "甲\x00乙", "甲\u2028乙", "甲\ufffe乙")
TOO_LONG = ("9" * 4_300, "字" * 30_000)
NO_DAYS = ("2026-13-45", "0000-00-00", "99999-01-01", "明天")
KEPT = (Alias, Person, PersonRole, Policy, Succession, Unit)


@dataclass(frozen=True, kw_only=True)
class Hostile:
    """A form and what fills it rightly; each field is then spoilt, one after the other."""

    page: str
    to: str
    account: str
    right: dict[str, str]


FORMS = (
    Hostile(
        page="/people/new",
        to="/people/new",
        account="xitong1",
        right={
            "account": "xinren1",
            "name": "新人",
            "unit": "省税务局",
            "email": "",
            "roles": "filer",
        },
    ),
    Hostile(
        page="/people/1/edit",
        to="/people/1/edit",
        account="xitong1",
        right={"name": "新人", "unit": "省税务局", "email": "", "roles": "filer"},
    ),
    Hostile(
        page="/units/new",
        to="/units/new",
        account="ziyou1",
        right={
            "name": "省新设局",
            "level": "province",
            "kind": "department",
            "city": "",
            "parent": "",
            "credit_code": "",
            "source": "某通知",
        },
    ),
    Hostile(
        page="/units/1/edit",
        to="/units/1/aliases",
        account="ziyou1",
        right={"name": "又一别称", "source": "某通知"},
    ),
    Hostile(
        page="/units/1/successions/new",
        to="/units/1/successions/new",
        account="ziyou1",
        right={
            "day": "2026-12-01",
            "kind": "rename",
            "direction": "to",
            "other": "省税务局",
            "source": "公告",
            "note": "",
        },
    ),
    Hostile(
        page="/policies",
        to="/policies",
        account="anquan1",
        right={
            "shortest_password": "10",
            "kinds_needed": "3",
            "failures_before_lock": "5",
            "idle_minutes": "30",
            "may_sign_own": "",
        },
    ),
)


def kept(site: Flask) -> list[int]:
    with site.app_context():
        return [db.session.scalar(select(func.count()).select_from(model)) or 0 for model in KEPT]


def hidden_in(page: str) -> dict[str, str]:
    """What the form carries unseen: its token, and the version it was opened at."""
    found = lxml.html.fromstring(page).xpath('//main//input[@type="hidden"]')
    return {one.get("name"): one.get("value") or "" for one in found}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.to)
def test_whatever_is_typed_is_answered_and_nothing_is_kept(
    site: Flask, signed_in: SignIn, form: Hostile
) -> None:
    visit = signed_in(form.account)
    right = form.right | hidden_in(visit.page(form.page))
    before, broken = kept(site), []
    for name in form.right:
        for bad in (*UNSEEN, *TOO_LONG, *(NO_DAYS if name == "day" else ())):
            code = visit.client.post(form.to, data=right | {name: bad}).status_code
            if code not in (404, 409, 422):
                broken.append((name, bad[:8], len(bad), code))
    assert broken == []
    assert kept(site) == before
