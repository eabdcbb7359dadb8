"""Who gets where: every route × every kind of visitor, in one table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import MISPLACED, Visit
from tests.web.pages import hand_in
from tracker.operations.demonstration import CAST
from tracker.web.assets import digest

CASTS = {
    "unit": ("shuiwu1", "shuiwu2", "haishi1", "guangzhou1", "guangzhou2"),
    "office": ("ziyou1", "ziyou2", "fagai1", "fagai2"),
    "leader": ("lingdao1",),
    "administrator": ("xitong1", "anquan1", "shenji1"),
    "misplaced": (MISPLACED,),
}
COLUMNS = ("stranger", *CASTS)
ALL = dict.fromkeys(COLUMNS, 200)
EVERYONE = {**ALL, "stranger": 302}
BUSINESS = {**EVERYONE, "administrator": 404}
OFFICE = {
    "stranger": 302,
    "unit": 404,
    "office": 200,
    "leader": 404,
    "administrator": 404,
    "misplaced": 403,
}


def office(done: int) -> dict[str, int]:
    return {**OFFICE, "office": done}


# Endpoint and method → what each kind of visitor gets. A form without its fields answers 422.
TABLE: dict[tuple[str, str], tuple[str, dict[str, int]]] = {
    ("assets.static", "GET"): ("/static/{digest}/base.css", ALL),
    ("health.health", "GET"): ("/healthz", ALL),
    ("auth.sign_in", "GET"): ("/sign-in", {**dict.fromkeys(COLUMNS, 302), "stranger": 200}),
    ("auth.enter", "POST"): ("/sign-in", dict.fromkeys(COLUMNS, 422)),
    ("auth.password", "GET"): ("/password", EVERYONE),
    ("auth.password", "POST"): ("/password", {**dict.fromkeys(COLUMNS, 422), "stranger": 302}),
    ("home.home", "GET"): ("/", EVERYONE),
    ("notices.index", "GET"): ("/notices", BUSINESS),
    ("notices.notice", "GET"): ("/notices/yfh-2023-59", BUSINESS),
    ("measures.index", "GET"): ("/measures", BUSINESS),
    ("measures.measure", "GET"): ("/measures/1", BUSINESS),
    ("tasks.index", "GET"): ("/tasks", BUSINESS),
    ("units.index", "GET"): ("/units", EVERYONE),
    ("units.unit", "GET"): ("/units/1", EVERYONE),
    ("cities.index", "GET"): ("/cities", BUSINESS),
    ("cities.city", "GET"): ("/cities/4401", BUSINESS),
    ("uploading.index", "GET"): ("/imports", OFFICE),
    ("uploading.upload", "POST"): ("/imports", office(422)),
    ("drafts.show", "GET"): ("/imports/1", OFFICE),
    ("drafts.findings", "GET"): ("/imports/1/findings/unknown-unit", OFFICE),
    ("drafts.measures", "GET"): ("/imports/1/measures", OFFICE),
    ("drafts.answer", "POST"): ("/imports/1", office(409)),
    ("drafts.drop", "POST"): ("/imports/1/drop", office(302)),
    ("auth.sign_out", "POST"): ("/sign-out", dict.fromkeys(COLUMNS, 302)),
}


def test_every_route_stands_in_the_table(site: Flask) -> None:
    routes = {
        (rule.endpoint, method)
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(TABLE)


def test_the_cast_of_the_table_is_the_whole_cast() -> None:
    listed = {account for accounts in CASTS.values() for account in accounts}
    assert listed == {member.account for member in CAST} | {MISPLACED}


@pytest.mark.parametrize("column", COLUMNS)
def test_everyone_gets_where_the_table_says(
    site: Flask, signed_in: Callable[[str], Visit], column: str
) -> None:
    office = signed_in("ziyou1")
    site.config["WTF_CSRF_ENABLED"] = False  # what the door does, not what the token does
    wrong = {}
    for account in CASTS.get(column, ("",)):
        visit = signed_in(account) if account else Visit(site.test_client())
        hand_in(office)
        for key, (url, answers) in TABLE.items():
            status = ask(visit, key[1], url)
            if status != answers[column]:
                wrong[account, *key] = (status, answers[column])
    assert not wrong


def ask(visit: Visit, method: str, url: str) -> int:
    address = url.format(digest=digest("base.css"))
    return visit.client.open(address, method=method, data={}, buffered=True).status_code


def test_what_does_not_exist_is_not_found(reviewer: Visit) -> None:
    for url in ("/notices/x", "/measures/99999", "/units/99999", "/cities/x", "/imports/9", "/x"):
        assert reviewer.get(url).status_code == 404, url
    assert reviewer.get("/static/000000000000/base.css").status_code == 404


def test_numbers_too_large_for_the_database_ask_for_nothing(reviewer: Visit) -> None:
    huge = 10**30
    assert reviewer.get(f"/tasks?unit={huge}&after={huge}").status_code == 200
    for url in (f"/units/{huge}", f"/measures/{huge}", f"/imports/{huge}"):
        assert reviewer.get(url).status_code == 404, url


def test_a_form_without_its_token_is_refused_and_says_so(reviewer: Visit) -> None:
    response = reviewer.client.post("/sign-out")
    assert response.status_code == 400
    assert "页面已过期" in response.text
    assert reviewer.get("/").status_code == 200


def test_who_may_not_is_told_why_only_where_they_may_know(
    signed_in: Callable[[str], Visit],
) -> None:
    assert "不是统筹单位" in signed_in(MISPLACED).get("/imports").text
    assert "没有找到这一页" in signed_in("shuiwu1").get("/imports").text
