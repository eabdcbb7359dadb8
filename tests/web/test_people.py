"""人员: who is added, moved, locked and reset, and what nobody may do to themselves."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.web.conftest import Visit
from tracker.audit.models import Entry
from tracker.db import db
from tracker.operations.demonstration import PASSWORD
from tracker.registry import accounts, people, queries
from tracker.registry.models import Person

SECRET = re.compile(r'<code class="secret">([^<]+)</code>')
VERSION = re.compile(r'name="version" type="hidden" value="(\d+)"')
NEW = {"account": "xinren1", "name": "新人", "unit": "省税务局", "roles": ["filer"]}


@pytest.fixture
def system(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("xitong1")


def person(site: Flask, account: str) -> Person | None:
    with site.app_context():
        return queries.person_by_account(account)


def id_of(site: Flask, account: str) -> int:
    found = person(site, account)
    assert found
    return found.id


def number_of_people(site: Flask) -> int:
    with site.app_context():
        return len(queries.people())


def logged(site: Flask, action: str) -> list[Entry]:
    with site.app_context():
        return list(db.session.scalars(select(Entry).where(Entry.action == action)))


def change(visit: Visit, person_id: int, **data: object):
    """As the form sends it, with the version that it was opened at."""
    url = f"/people/{person_id}/edit"
    data.setdefault("version", VERSION.search(visit.page(url))[1])
    return visit.post(url, form=url, **data)


def secret(page: str) -> str:
    return html.unescape(SECRET.search(page)[1])


def test_a_new_person_signs_in_with_the_password_shown_once_and_must_change_it(
    system: Visit, site: Flask
) -> None:
    shown = system.post("/people/new", form="/people/new", **NEW)
    visit = Visit(site.test_client())
    assert visit.sign_in("xinren1", secret(shown.text)).status_code == 302
    assert visit.get("/tasks").headers["Location"] == "/password"
    assert secret(shown.text) not in system.page(f"/people/{id_of(site, 'xinren1')}")
    assert logged(site, "add person")[0].subject == "xinren1"
    assert secret(shown.text) not in str(logged(site, "add person")[0].detail)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"account": ""}, "请填写账号。"),
        ({"account": "有空 格"}, "账号用2至40个小写字母"),
        ({"account": "a" * 41}, "不能超过40个字。"),
        ({"account": "shuiwu1"}, "这个账号已有人使用"),
        ({"name": "坏\x07名"}, "有无法显示的控制字符"),
        ({"name": "长" * 41}, "不能超过40个字。"),
        ({"unit": "没有这个单位"}, "名录中没有这个单位"),
        ({"unit": "各企业"}, "不能设账号"),
        ({"email": "没有"}, "邮箱须写成"),
        ({"email": "a@b.cn, c@d.cn"}, "邮箱须写成"),
        ({"email": "a@b.cn\r\nBcc: c@d.cn"}, "只能填写一行"),
        ({"roles": []}, "请至少选择一个角色。"),
        ({"roles": ["king"]}, "角色须是："),
        ({"roles": ["system", "audit"]}, "须各由专人担任"),
        ({"roles": ["security", "filer"]}, "须各由专人担任"),
        ({"roles": ["reviewer"]}, "不是统筹单位，不能设审核人"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nobody_is_added(
    system: Visit, site: Flask, wrong: dict[str, object], sentence: str
) -> None:
    before = number_of_people(site)
    response = system.post("/people/new", form="/people/new", **{**NEW, **wrong})
    assert response.status_code == 422
    assert sentence in response.text
    assert number_of_people(site) == before
    assert not logged(site, "add person")


def test_a_move_takes_a_person_to_another_unit_with_other_roles(system: Visit, site: Flask) -> None:
    number = id_of(site, "shuiwu1")
    moved = change(system, number, name="调动", unit="广东海事局", roles=["filer", "signer"])
    assert moved.status_code == 302
    found = person(site, "shuiwu1")
    assert found
    assert (found.unit.name, found.name) == ("广东海事局", "调动")
    assert {role.role for role in found.roles} == {"filer", "signer"}


def test_an_address_is_kept_with_the_person(system: Visit, site: Flask) -> None:
    number = id_of(site, "shuiwu1")
    same = {"name": "税务", "unit": "省税务局", "roles": ["filer"]}
    assert change(system, number, **same, email=" new@people.invalid ").status_code == 302
    assert person(site, "shuiwu1").email == "new@people.invalid"
    assert "new@people.invalid" in system.page(f"/people/{number}")


def test_of_two_who_change_one_person_the_second_sees_what_the_first_saved(
    system: Visit, site: Flask
) -> None:
    number = id_of(site, "shuiwu1")
    first = {"unit": "省税务局", "roles": ["filer", "signer"], "version": "1"}
    assert change(system, number, name="先存", **first).status_code == 302
    second = change(system, number, name="后存", **first)
    assert second.status_code == 409
    assert "现存：先存，省税务局" in second.text
    assert 'value="后存"' in second.text
    assert person(site, "shuiwu1").name == "先存"


def test_a_locked_person_stays_out_until_unlocked(system: Visit, site: Flask) -> None:
    number, visit = id_of(site, "shuiwu1"), Visit(site.test_client())
    system.post(f"/people/{number}/lock")
    assert "该账号已停用" in visit.sign_in("shuiwu1").text
    system.post(f"/people/{number}/unlock")
    assert visit.sign_in("shuiwu1").status_code == 302
    assert [logged(site, f"{act} person")[0].subject for act in ("lock", "unlock")] == [
        "shuiwu1"
    ] * 2


def test_a_reset_ends_open_sessions_and_shows_a_new_first_password(
    system: Visit, filer: Visit, site: Flask
) -> None:
    shown = system.post(f"/people/{id_of(site, 'shuiwu1')}/reset")
    assert filer.get("/").status_code == 302
    assert Visit(site.test_client()).sign_in("shuiwu1", PASSWORD).status_code == 422
    visit = Visit(site.test_client())
    visit.sign_in("shuiwu1", secret(shown.text))
    assert visit.get("/tasks").headers["Location"] == "/password"


@pytest.mark.parametrize("act", ["lock", "reset"])
def test_nobody_locks_or_resets_themselves(system: Visit, site: Flask, act: str) -> None:
    refused = system.post(f"/people/{id_of(site, 'xitong1')}/{act}")
    assert refused.status_code == 422
    assert "自己的" in refused.text
    assert system.get("/people").status_code == 200


def test_nobody_takes_or_gives_themselves_a_role(system: Visit, site: Flask) -> None:
    mine = {"name": "我", "unit": "省商务厅", "roles": ["audit"]}
    refused = change(system, id_of(site, "xitong1"), **mine)
    assert "不能调整自己的角色" in refused.text
    assert system.get("/people").status_code == 200


def test_the_list_is_narrowed_by_words_unit_role_and_state(system: Visit, site: Flask) -> None:
    with site.app_context():
        unit = queries.units_named(["省税务局"])["省税务局"].id
    assert "haishi1" not in system.page(f"/people?unit={unit}")
    assert "shuiwu2" not in system.page("/people?role=filer")
    assert "shuiwu1" in system.page("/people?words=税务&role=filer&state=active")
    assert "没有符合条件的人员" in system.page("/people?state=locked")
    assert "shuiwu1" in system.page("/people?state=x&role=y&unit=z&after=x")


def test_a_persons_page_tells_when_they_tried_to_sign_in(
    system: Visit, filer: Visit, stranger: Visit, site: Flask
) -> None:
    stranger.sign_in("shuiwu1", "wrong")
    page = system.page(f"/people/{id_of(site, 'shuiwu1')}")
    assert "最近2次" in page
    assert "密码不正确" in page


def test_first_passwords_are_never_alike_and_pass_the_rule(site: Flask) -> None:
    with site.app_context():
        made = {people.first_password() for _ in range(50)}
        assert len(made) == 50
        assert not any(accounts.weakness(one, "xinren1") for one in made)
