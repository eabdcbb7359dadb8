"""安全策略: settings that take effect at once, and what is refused."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from tests.web.conftest import Visit
from tests.web.test_people import logged
from tracker.operations.demonstration import PASSWORD
from tracker.registry.policies import DEFAULTS, may_sign_own, policies

SEEN = re.compile(r'name="seen" type="hidden" value="([^"]*)"')
GIVEN = {
    "shortest_password": "10",
    "kinds_needed": "4",
    "failures_before_lock": "3",
    "idle_minutes": "10",
    "may_sign_own": "广东海事局",
}


@pytest.fixture
def security(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("anquan1")


def save(visit: Visit, **data: str):
    data.setdefault("seen", html.unescape(SEEN.search(visit.page("/policies"))[1]))
    return visit.post("/policies", form="/policies", **{**GIVEN, **data})


def test_before_anybody_sets_them_the_defaults_hold(site: Flask, security: Visit) -> None:
    with site.app_context():
        assert policies() == DEFAULTS
    assert 'value="8"' in security.page("/policies")


def test_a_stricter_password_rule_holds_from_the_next_change(security: Visit, filer: Visit) -> None:
    assert save(security).status_code == 302
    short = filer.post("/password", old=PASSWORD, new="Abc-12345", again="Abc-12345")
    assert "新密码至少需要10个字符。" in short.text
    plain = filer.post("/password", old=PASSWORD, new="Abcde12345", again="Abcde12345")
    assert "至少四种" in plain.text
    assert "至少10个字符" in filer.page("/password")


def test_an_account_is_held_after_as_many_failures_as_the_policy_says(
    security: Visit, stranger: Visit
) -> None:
    save(security)
    for _ in range(3):
        assert "不正确" in stranger.sign_in("shuiwu2", "wrong").text
    assert "登录失败次数过多" in stranger.sign_in("shuiwu2").text


def test_a_session_ends_after_as_many_idle_minutes_as_the_policy_says(
    security: Visit, signed_in: Callable[[str], Visit], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(security)
    noon = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    monkeypatch.setenv("TRACKER_NOW", noon.isoformat())
    visit = signed_in("shuiwu1")
    monkeypatch.setenv("TRACKER_NOW", (noon + timedelta(minutes=11)).isoformat())
    assert visit.get("/").status_code == 302
    assert "超过10分钟没有操作" in visit.page("/sign-in")


def test_a_unit_that_may_sign_itself_is_named_on_the_page(security: Visit, site: Flask) -> None:
    save(security)
    with site.app_context():
        (unit_id,) = policies().may_sign_own
        assert may_sign_own(unit_id)
    assert "广东海事局</textarea>" in security.page("/policies")
    told = logged(site, "set policies")[0]
    assert told.account == "anquan1"
    assert told.detail["idle_minutes"] == "10"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("shortest_password", "", "请填写密码最短长度。"),
        ("shortest_password", "7", "请填写8至64之间的整数。"),
        ("kinds_needed", "5", "请填写1至4之间的整数。"),
        ("failures_before_lock", "many", "请填写3至10之间的整数。"),
        ("failures_before_lock", "９", "请填写3至10之间的整数。"),
        ("idle_minutes", "9" * 5000, "请填写5至120之间的整数。"),
        ("idle_minutes", "-5", "请填写5至120之间的整数。"),
        ("may_sign_own", "没有的局", "名录中没有：没有的局"),
    ],
)
def test_what_is_no_setting_is_told_beside_its_field_and_changes_nothing(
    security: Visit, site: Flask, field: str, value: str, sentence: str
) -> None:
    response = save(security, **{field: value})
    assert response.status_code == 422
    assert sentence in response.text
    with site.app_context():
        assert policies() == DEFAULTS


def test_of_two_who_set_policies_the_second_sees_what_the_first_saved(
    security: Visit, site: Flask
) -> None:
    seen = html.unescape(SEEN.search(security.page("/policies"))[1])
    assert save(security, seen=seen).status_code == 302
    second = save(security, seen=seen, idle_minutes="60")
    assert second.status_code == 409
    assert "现存无操作自动退出（分钟）：10" in second.text
    with site.app_context():
        assert policies().idle_minutes == 10
