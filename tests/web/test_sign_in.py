"""Signing in: who gets in, who is held, and what a session is good for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.web.conftest import Visit
from tracker.db import db
from tracker.operations.demonstration import PASSWORD
from tracker.registry import accounts, queries
from tracker.registry.models import SignIn
from tracker.registry.policies import DEFAULTS

NEW = "Zhengshi-2026"


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setenv("TRACKER_NOW", moment.isoformat())


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    moment = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    at(monkeypatch, moment)
    return moment


def tries(site: Flask, outcome: str) -> int:
    with site.app_context():
        query = select(func.count()).select_from(SignIn).where(SignIn.outcome == outcome)
        return db.session.scalar(query) or 0


def change(site: Flask, account: str, **values: object) -> None:
    with site.app_context():
        person = queries.person_by_account(account)
        for name, value in values.items():
            setattr(person, name, value)
        db.session.commit()


def test_the_right_password_opens_the_first_page(stranger: Visit, site: Flask) -> None:
    response = stranger.sign_in("shuiwu1")
    assert response.headers["Location"] == "/"
    assert "省税务局应报事项" in stranger.page("/")
    assert tries(site, accounts.OK) == 1


@pytest.mark.parametrize("account", ["shuiwu1", "nobody"])
def test_a_wrong_password_and_an_unknown_account_read_alike(stranger: Visit, account: str) -> None:
    response = stranger.sign_in(account, "wrong")
    assert response.status_code == 422
    assert "账号或密码不正确。" in response.text


def test_an_empty_form_says_what_is_missing_beside_the_fields(stranger: Visit) -> None:
    response = stranger.sign_in("", "")
    assert response.status_code == 422
    assert "请填写账号。" in response.text
    assert "请填写密码。" in response.text


def test_an_account_is_held_after_five_failures(stranger: Visit) -> None:
    for _ in range(DEFAULTS.failures_before_lock):
        assert "不正确" in stranger.sign_in("shuiwu1", "wrong").text
    held = stranger.sign_in("shuiwu1")
    assert "登录失败次数过多，请15分钟后再试" in held.text
    assert stranger.sign_in("shuiwu2").status_code == 302


def test_a_held_account_opens_again_after_a_quarter_of_an_hour(
    stranger: Visit, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    for _ in range(DEFAULTS.failures_before_lock + 3):
        stranger.sign_in("shuiwu1", "wrong")
    at(monkeypatch, noon + timedelta(minutes=14))
    assert stranger.sign_in("shuiwu1").status_code == 422
    at(monkeypatch, noon + timedelta(minutes=15, seconds=1))
    assert stranger.sign_in("shuiwu1").status_code == 302


def test_failures_before_a_success_no_longer_count(
    stranger: Visit, site: Flask, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    for _ in range(4):
        stranger.sign_in("shuiwu1", "wrong")
    at(monkeypatch, noon + timedelta(seconds=1))
    assert stranger.sign_in("shuiwu1").status_code == 302
    other = Visit(site.test_client())
    at(monkeypatch, noon + timedelta(seconds=2))
    for _ in range(4):
        other.sign_in("shuiwu1", "wrong")
    assert other.sign_in("shuiwu1").status_code == 302


def test_an_address_is_held_after_twenty_failures(stranger: Visit) -> None:
    for number in range(accounts.MOST_BY_ADDRESS):
        stranger.sign_in(f"nobody{number}", "wrong")
    assert "登录失败次数过多" in stranger.sign_in("shuiwu1").text


def test_tries_side_by_side_are_all_counted(site: Flask, noon: datetime) -> None:
    """Ten claims stand before the first is judged: not one of them may guess on."""
    with site.app_context():
        claims = [accounts.claim("shuiwu1", address="10.0.0.1", at=noon) for _ in range(10)]
        db.session.commit()
        assert {accounts.judge(c, PASSWORD).outcome for c in claims[:3]} == {accounts.HELD}


def test_a_locked_account_is_told_so_only_with_the_right_password(
    stranger: Visit, site: Flask
) -> None:
    change(site, "shuiwu1", is_locked=True)
    assert "已停用" not in stranger.sign_in("shuiwu1", "wrong").text
    assert "该账号已停用" in stranger.sign_in("shuiwu1").text


def test_locking_ends_a_session_that_is_open(filer: Visit, site: Flask) -> None:
    change(site, "shuiwu1", is_locked=True)
    assert filer.get("/").status_code == 302


def test_half_an_hour_without_a_click_ends_the_session(
    filer: Visit, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    at(monkeypatch, noon + timedelta(minutes=29))
    assert filer.get("/").status_code == 200
    at(monkeypatch, noon + timedelta(minutes=58))
    assert filer.get("/").status_code == 200
    at(monkeypatch, noon + timedelta(minutes=89))
    assert filer.get("/").status_code == 302
    assert "超过30分钟没有操作" in filer.page("/sign-in")


def test_a_first_password_must_be_changed_before_anything_else(
    stranger: Visit, site: Flask
) -> None:
    change(site, "shuiwu1", must_change_password=True)
    stranger.sign_in("shuiwu1")
    for url in ("/", "/tasks"):
        assert stranger.get(url).headers["Location"] == "/password"
    assert "首次登录须先修改初始密码" in stranger.page("/password")
    changed = stranger.post("/password", old=PASSWORD, new=NEW, again=NEW)
    assert changed.headers["Location"] == "/"
    assert stranger.get("/tasks").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("wrong", NEW, NEW, "原密码不正确。"),
        (PASSWORD, "Ab1", "Ab1", "新密码至少需要8个字符。"),
        (PASSWORD, "onlyletters", "onlyletters", "至少三种"),
        (PASSWORD, "Shuiwu1-abc", "Shuiwu1-abc", "新密码不能包含账号。"),
        (PASSWORD, NEW, "other", "两次输入的新密码不一致。"),
        (PASSWORD, PASSWORD, PASSWORD, "新密码不能与原密码相同。"),
    ],
)
def test_a_new_password_that_will_not_do_is_told_beside_the_field(
    filer: Visit, old: str, new: str, again: str, sentence: str
) -> None:
    response = filer.post("/password", old=old, new=new, again=again)
    assert response.status_code == 422
    assert sentence in response.text


def test_changing_the_password_ends_every_other_session(filer: Visit, site: Flask) -> None:
    other = Visit(site.test_client())
    other.sign_in("shuiwu1")
    filer.post("/password", old=PASSWORD, new=NEW, again=NEW)
    assert filer.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_signing_out_ends_the_session(filer: Visit) -> None:
    assert filer.post("/sign-out").status_code == 302
    assert filer.get("/").headers["Location"] == "/sign-in"


def test_a_page_that_was_asked_for_comes_after_sign_in(stranger: Visit) -> None:
    asked = stranger.get("/tasks?role=lead&words=证")
    assert asked.headers["Location"].startswith("/sign-in?next=")
    page = stranger.page(asked.headers["Location"])
    assert "/tasks?role=lead" in page
    response = stranger.post(
        "/sign-in", form="/sign-in", account="shuiwu1", password=PASSWORD, next="/tasks?role=lead"
    )
    assert response.headers["Location"] == "/tasks?role=lead"


@pytest.mark.parametrize(
    "next_", ["//evil.cn", "https://evil.cn", "/\\evil.cn", "javascript:1", "/\t/evil.cn", "evil"]
)
def test_sign_in_leads_nowhere_outside(stranger: Visit, next_: str) -> None:
    response = stranger.post(
        "/sign-in", form="/sign-in", account="shuiwu1", password=PASSWORD, next=next_
    )
    assert response.headers["Location"] == "/"


def test_the_cookie_is_kept_from_scripts_and_other_sites(stranger: Visit) -> None:
    cookie = stranger.sign_in("shuiwu1").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_session_is_new_after_sign_in(stranger: Visit) -> None:
    stranger.get("/sign-in")
    with stranger.client.session_transaction() as session:
        session["left"] = "before"
        token = session["csrf_token"]
    stranger.sign_in("shuiwu1")
    with stranger.client.session_transaction() as session:
        assert "left" not in session
        assert session.get("csrf_token") != token
