"""审签代理: who may stand in for a signer, for which days, and until when."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tests.web.test_people import id_of, logged
from tracker.db import db
from tracker.registry import queries
from tracker.registry.models import Delegation

DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", "2026-11-23T09:00")


@pytest.fixture
def signer(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("shuiwu2")


def name(visit: Visit, stand_in: object, first: object = DAY, last: object = DAY):
    given = {"stand_in": stand_in, "first_day": first, "last_day": last}
    return visit.post("/delegations", form="/delegations", **given)


def signed_for(site: Flask, account: str, day: date) -> list[int]:
    with site.app_context():
        person = queries.person_by_account(account)
        return list(queries.units_signed_for(person.id, day))


def rows(site: Flask) -> list[Delegation]:
    with site.app_context():
        return db.session.query(Delegation).all()


def test_a_stand_in_signs_for_the_unit_on_the_named_days_alone(signer: Visit, site: Flask) -> None:
    last = DAY + timedelta(days=2)
    assert name(signer, id_of(site, "shuiwu1"), DAY, last).status_code == 302
    assert len(signed_for(site, "shuiwu1", last)) == 1
    assert signed_for(site, "shuiwu1", last + timedelta(days=1)) == []
    assert signed_for(site, "shuiwu1", DAY - timedelta(days=1)) == []
    assert logged(site, "delegate")[0].account == "shuiwu2"


def test_ending_early_takes_effect_at_once_and_keeps_the_record(signer: Visit, site: Flask) -> None:
    name(signer, id_of(site, "shuiwu1"), DAY, DAY + timedelta(days=9))
    (row,) = rows(site)
    signer.post(f"/delegations/{row.id}/end")
    assert signed_for(site, "shuiwu1", DAY) == []
    assert "已结束" in signer.page("/delegations")
    assert len(rows(site)) == 1


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-11-22", "2026-11-23", "开始日期不能早于今天。"),
        ("2026-11-25", "2026-11-24", "结束日期不能早于开始日期。"),
        ("2026-11-25", "2028-11-24", "一次代理不超过一年"),
        ("", "2026-11-24", "请填写开始日期。"),
        ("next week", "2026-11-24", "日期"),
    ],
)
def test_days_that_cannot_be_are_told_beside_the_field(
    signer: Visit, site: Flask, first: str, last: str, sentence: str
) -> None:
    response = name(signer, id_of(site, "shuiwu1"), first, last)
    assert response.status_code == 422
    assert re.search(rf'class="error"[^>]*>[^<]*{sentence}', response.text)
    assert rows(site) == []


@pytest.mark.parametrize("account", ["shuiwu2", "haishi1", "xitong1"])
def test_only_people_of_the_unit_or_its_department_stand_in(
    signer: Visit, site: Flask, account: str
) -> None:
    response = name(signer, id_of(site, account))
    assert "请选择代理人。" in response.text
    assert rows(site) == []


def test_two_stand_ins_on_one_day_are_refused(signer: Visit, site: Flask) -> None:
    name(signer, id_of(site, "shuiwu1"))
    assert "已设有代理人" in name(signer, id_of(site, "shuiwu1")).text
    assert len(rows(site)) == 1


def test_nobody_ends_what_another_signer_set(
    signer: Visit, site: Flask, signed_in: Callable[[str], Visit]
) -> None:
    name(signer, id_of(site, "shuiwu1"))
    (row,) = rows(site)
    assert signed_in("guangzhou2").post(f"/delegations/{row.id}/end").status_code == 404
    assert signed_for(site, "shuiwu1", DAY)
