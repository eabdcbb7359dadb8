"""`tracker user`: who it makes can sign in, and must choose a password first."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tracker.db import db
from tracker.operations import people


@pytest.fixture
def password(site: Flask) -> str:
    with site.app_context():
        made = people.add("zhangsan", "张三", unit="省药监局", roles=["filer", "signer"])
        db.session.commit()
    return made


def test_who_is_added_signs_in_and_chooses_a_password(stranger: Visit, password: str) -> None:
    stranger.sign_in("zhangsan", password)
    assert stranger.get("/").headers["Location"] == "/password"


def test_a_reset_gives_a_new_password_to_be_changed(
    site: Flask, stranger: Visit, password: str
) -> None:
    with site.app_context():
        again = people.reset("zhangsan")
        db.session.commit()
    assert stranger.sign_in("zhangsan", password).status_code == 422
    assert stranger.sign_in("zhangsan", again).status_code == 302


def test_a_locked_account_is_opened_again(site: Flask, stranger: Visit, password: str) -> None:
    for is_locked, status in ((True, 422), (False, 302)):
        with site.app_context():
            people.lock("zhangsan", is_locked=is_locked)
            db.session.commit()
        assert stranger.sign_in("zhangsan", password).status_code == status


@pytest.mark.parametrize(
    ("account", "unit", "roles", "sentence"),
    [
        ("shuiwu1", "省税务局", ["filer"], "已经存在"),
        ("张三", "省税务局", ["filer"], "只能用字母和数字"),
        ("lisi", "没有的局", ["filer"], "单位名录中没有"),
        ("lisi", "省税务局", ["boss"], "没有角色"),
        ("lisi", "省税务局", ["system", "audit"], "不能兼任"),
        ("lisi", "省税务局", ["system", "filer"], "不能兼任"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    site: Flask, account: str, unit: str, roles: list[str], sentence: str
) -> None:
    with site.app_context(), pytest.raises(people.Refused, match=sentence):
        people.add(account, "李四", unit=unit, roles=roles)
