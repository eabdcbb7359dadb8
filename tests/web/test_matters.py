"""Asked for at the unit's desk, ruled on at the chief's: one page for everything that waits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import lxml.html
import pytest
from flask import Flask

from tests.cast import MARITIME, TAX, unit
from tests.conftest import DAY
from tests.web import asked
from tests.web.conftest import Visit
from tests.web.filed import opened, task_id
from tests.web.filing import ids_owed, sentences
from tests.web.test_people import logged
from tests.web.test_query_counts import counts
from tracker.clock import today
from tracker.coordinating.models import Closing, Dispute, Extension
from tracker.db import db
from tracker.tasks.models import Obligation, Task, Waiver

SignIn = Callable[[str], Visit]
WISHED = (DAY + timedelta(days=90)).isoformat()
NEXT = "2026-Q4"


@pytest.fixture
def chief(site: Flask, signed_in: SignIn) -> Visit:
    opened(site)
    return signed_in("ziyou2")


def rule(chief: Visit, ruling: str, matters: list[str], **more: str):
    return chief.post("/matters", form="/matters", matter=matters, ruling=ruling, **more)


def state_of(site: Flask, model: type, number: int) -> str:
    with site.app_context():
        return db.session.get_one(model, number).state


def test_an_extension_is_asked_for_and_both_days_are_shown_everywhere(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    owed = ids_owed(site, TAX, "yfh-2023-59", NEXT)[0]
    url = f"/obligations/{owed}/extension"
    answer = filer.post(url, form=url, reason=asked.REASON, wished_on=WISHED)
    assert answer.status_code == 302
    assert asked.REASON in chief.page("/matters")
    assert rule(chief, "grant", ["extension:1"], note="").status_code == 302
    with site.app_context():
        task = db.session.get_one(Obligation, owed).task_id
    day = today() + timedelta(days=90)
    for url in ("/requests", f"/tasks/{task}", f"/obligations/{owed}"):
        page = filer.page(url)
        assert f"{day.year}年{day.month}月{day.day}日" in page
        assert "2027年1月" in page
    assert "已同意延期" in filer.page("/messages")
    (late, *_) = ids_owed(site, TAX, "yfh-2023-59", "2026-Q3")
    for url in (f"/obligations/{late}", f"/obligations/{late}/extension"):
        assert "不能再申请延期" in filer.page(url)
        assert f'href="/obligations/{late}/extension"' not in filer.page(url)


def test_a_message_says_its_title_once(site: Flask, chief: Visit, filer: Visit) -> None:
    asked.extensions(site, 1)
    rule(chief, "grant", ["extension:1"])
    listed = filer.page("/messages")
    assert listed.count("已同意延期") == 1
    found = re.search(r'action="(/messages/\d+)/read"', listed)
    assert found
    message = filer.page(found[1])
    subject = re.search(r"<h1>(已同意延期：.*)</h1>", message)
    assert subject
    assert message.count(subject[1]) == 2  # the window's title and the heading


def test_many_are_refused_at_once_with_one_reason(site: Flask, chief: Visit) -> None:
    asked.extensions(site, 2)
    asked.disputes(site, 1)
    asked.waivers(site, 1)
    chosen = ["extension:1", "extension:2", "dispute:1", "waiver:1"]
    answer = rule(chief, "refuse", chosen, note="请按原分工和期限办理。")
    assert answer.status_code == 302
    assert "已不同意4项" in chief.page("/matters")
    assert [state_of(site, Extension, n) for n in (1, 2)] == ["refused"] * 2
    assert state_of(site, Dispute, 1) == "rejected"
    assert state_of(site, Waiver, 1) == "refused"


@pytest.mark.parametrize(
    ("matters", "note", "sentence"),
    [
        ([], "理由", "没有选择事项"),
        (["extension:1"], " ", "请写明不同意的理由"),
        (["extension:1"], "字" * 501, "理由最多500字，请删减1字"),
        (["x:1", "extension:x", "extension:99999999999"], "理由", "没有选择事项"),
        (["extension:999"], "理由", "已经处理"),
    ],
)
def test_what_is_wrong_with_a_ruling_is_said_and_nothing_is_written(
    site: Flask, chief: Visit, matters: list[str], note: str, sentence: str
) -> None:
    asked.extensions(site, 1)
    answer = rule(chief, "refuse", matters, note=note)
    assert answer.status_code == 422
    assert sentence in answer.text or "没有办理" in answer.text
    assert state_of(site, Extension, 1) == "asked"


def test_what_cannot_be_ruled_on_stays_ticked_and_the_rest_goes_through(
    site: Flask, chief: Visit
) -> None:
    asked.extensions(site, 1)
    asked.closings(site, 1)
    answer = rule(chief, "grant", ["extension:1", "closing:1"])
    assert answer.status_code == 422
    assert any("还有核对事项没有勾选" in one for one in sentences(answer.text))
    assert 'value="closing:1" checked' in answer.text
    assert state_of(site, Extension, 1) == "granted"
    assert state_of(site, Closing, 1) == "asked"


def test_a_checked_closing_is_closed_and_can_be_reopened(site: Flask, chief: Visit) -> None:
    asked.closings(site, 1)
    points = {f"closing-{point}-1": "1" for point in ("report", "evidence", "seen")}
    assert rule(chief, "grant", ["closing:1"], **points).status_code == 302
    with site.app_context():
        task = db.session.get_one(Closing, 1).task_id
    assert "已销号" in chief.page(f"/tasks/{task}")
    assert "/closings/1/reopen" in chief.page("/matters/closed")
    assert "<div>已落地</div>" in chief.page("/matters/closed")
    assert "回到第一页" in chief.page("/matters/closed?after=1")
    url, day = "/closings/1/reopen", (today() + timedelta(days=20)).isoformat()
    assert chief.post(url, form=url, day=day, reason="").status_code == 422
    assert chief.post(url, form=url, day=day, reason="核查发现尚未落地。").status_code == 302
    assert state_of(site, Closing, 1) == "reopened"
    assert state_of(site, Task, task) == "open"
    (entry,) = logged(site, "reopen task")
    assert entry.subject == f"{TAX}，第十批第3项“建立税源地图智能感知治理机制”"
    facts = chief.page(f"/tasks/{task}").partition('id="owed"')[0]
    assert "撤销销号：核查发现尚未落地。" in facts
    assert "此前报送的“已落地”不再计入，以新的报告为准。" in facts


def test_an_upheld_dispute_gives_the_task_to_the_unit_that_the_chief_names(
    site: Flask, chief: Visit
) -> None:
    asked.disputes(site, 1)
    day = (today() + timedelta(days=30)).isoformat()
    wrong = {"dispute-unit-1": "没有这个单位", "dispute-day-1": day}
    assert "名录中没有" in rule(chief, "grant", ["dispute:1"], **wrong).text
    assert rule(chief, "grant", ["dispute:1"], **{**wrong, "dispute-unit-1": MARITIME})
    with site.app_context():
        found = db.session.get_one(Dispute, 1)
        old, new = found.task_id, found.new_task_id
        assert found.given_to == unit(MARITIME).id
    assert f"改由{MARITIME}承担" in chief.page(f"/tasks/{old}")
    assert f"由{TAX}转来" in chief.page(f"/tasks/{new}")
    told = [one.subject for one in logged(site, "rule matter")]
    assert told[0].startswith(f"归属异议成立：{TAX}，第八批第")
    assert told[1].startswith(f"接办任务：{MARITIME}，第八批第")


def test_the_chief_of_another_office_neither_sees_nor_rules(
    site: Flask, chief: Visit, signed_in: SignIn
) -> None:
    asked.extensions(site, 1)
    other = signed_in("fagai2")
    assert asked.REASON not in other.page("/matters")
    assert "已经处理" in rule(other, "grant", ["extension:1"]).text
    assert state_of(site, Extension, 1) == "asked"


def test_only_the_unit_itself_asks_and_takes_back(
    site: Flask, chief: Visit, filer: Visit, signed_in: SignIn
) -> None:
    owed = ids_owed(site, TAX, "yfh-2020-146", NEXT)[0]
    asked.extensions(site, 1)
    stranger = signed_in("haishi1")
    for url in (f"/obligations/{owed}/extension", f"/tasks/{task_id(site)}/dispute"):
        assert stranger.get(url).status_code == 404
        assert filer.get(url).status_code == 200
    withdraw = "/requests/extension/1/withdraw"
    assert stranger.post(withdraw).status_code == 404
    assert filer.post(withdraw, form="/requests").status_code == 302
    assert state_of(site, Extension, 1) == "withdrawn"


def test_a_unit_disputes_and_asks_for_closing_from_the_task(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    task = asked.landed(site, 1)[0]
    close, dispute = f"/tasks/{task}/closing", f"/tasks/{task_id(site)}/dispute"
    assert filer.post(close, form=close, reason=asked.REASON).status_code == 302
    assert filer.post(dispute, form=dispute, reason="-", named=MARITIME).status_code == 302
    page = filer.page("/requests")
    assert "待统筹单位核对" in page
    assert "待统筹单位裁定" in page


def test_what_waits_for_the_office_stands_on_the_units_first_page_with_its_state(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    assert "等统筹单位办理" not in filer.page("/")
    asked.extensions(site, 1)
    asked.disputes(site, 1)
    asked.closings(site, 3)
    page = filer.page("/")
    assert "已提出、等统筹单位办理<span" in page
    assert "5项</span>" in page
    for word in ("待统筹单位决定", "待统筹单位裁定", "待统筹单位核对"):
        assert word in page
    rule(chief, "refuse", ["extension:1"], note="请按期报送。")
    assert "待统筹单位决定" not in filer.page("/")


@pytest.mark.parametrize(
    ("form", "sent", "sentence"),
    [
        ("extension", {"reason": "", "wished_on": WISHED}, "请写明申请延期的理由。"),
        ("extension", {"reason": "理由", "wished_on": "2026-02-30"}, "请填写希望延至的日期。"),
        ("extension", {"reason": "理由", "wished_on": "2026-11-25"}, "须晚于当前期限"),
        ("extension", {"reason": "\x00", "wished_on": WISHED}, "控制字符"),
        ("dispute", {"reason": "理由", "named": ""}, "请选择应当承担这项任务的单位。"),
        ("dispute", {"reason": "理由", "named": "某某单位"}, "名录中没有“某某单位”"),
        ("dispute", {"reason": "理由", "named": "各企业"}, "一类单位"),
        ("dispute", {"reason": "", "named": MARITIME}, "请写明不属本单位职责的理由。"),
        ("closing", {"reason": "理由"}, "才能申请销号"),
    ],
)
def test_a_request_that_lacks_something_gets_one_sentence_and_keeps_what_was_typed(
    site: Flask, chief: Visit, filer: Visit, form: str, sent: dict[str, str], sentence: str
) -> None:
    owed, task = ids_owed(site, TAX, "yfh-2023-59", NEXT)[0], task_id(site)
    url = f"/obligations/{owed}/extension" if form == "extension" else f"/tasks/{task}/{form}"
    answer = filer.post(url, form=url, **sent)
    assert answer.status_code == 422
    assert [one for one in sentences(answer.text) if sentence in one], sentences(answer.text)
    if form != "closing" and "\x00" not in sent["reason"]:
        assert sent["reason"] in answer.text


def test_the_page_asks_as_often_with_10_as_with_500_matters(site: Flask, chief: Visit) -> None:
    asked.extensions(site, 5)
    asked.waivers(site, 5)
    few = counts(site, chief, ("/matters", "/"))
    asked.extensions(site, 495)
    assert counts(site, chief, ("/matters", "/")) == few
    assert "这里列出最早的50项" in chief.page("/matters")


def test_what_does_not_fit_one_page_is_reached_page_by_page(site: Flask, chief: Visit) -> None:
    wanted = set(asked.extensions(site, 101))
    asked.waivers(site, 2)
    assert '延期 <span class="tab-number">101</span>' in chief.page("/matters")
    assert '全部 <span class="tab-number">103</span>' in chief.page("/matters")
    url, seen, turns = "/matters?kind=extension", list[int](), 0
    while url:
        page = chief.page(url)
        assert "项，共101项</span>" in page
        seen += [int(number) for number in re.findall(r'value="extension:(\d+)"', page)]
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url, turns = following[1].replace("&amp;", "&") if following else "", turns + 1
    assert (turns, len(seen), set(seen)) == (3, 101, wanted)
    last = f"/matters?kind=extension&after={seen[99]}"
    answer = chief.post(last, form=last, matter=[f"extension:{seen[100]}"], ruling="grant")
    assert answer.status_code == 302
    assert state_of(site, Extension, seen[100]) == "granted"


def test_a_leader_opens_what_waits_for_the_office_and_reads_each_of_it(
    site: Flask, signed_in: Callable[[str], Visit]
) -> None:
    opened(site)
    asked.extensions(site, 2)
    asked.disputes(site, 1)
    asked.closings(site, 1)
    asked.waivers(site, 2)
    leader = signed_in("lingdao1")
    tree = lxml.html.fromstring(leader.page("/dashboard/matters"))
    links = {
        one.get("href"): int(one.text)
        for one in tree.xpath('//a[@class="figure"][contains(@href, "/dashboard/matters/")]')
    }
    assert {
        f"/dashboard/matters/{kind}" for kind in ("extensions", "disputes", "closings", "waivers")
    } <= set(links)
    for href, number in links.items():
        rows = lxml.html.fromstring(leader.page(href)).xpath("//tbody/tr//a/@href")
        assert len(rows) == number, href
        assert all(leader.get(row).status_code == 200 for row in rows)
    assert leader.get("/matters").status_code == 404
    assert leader.get("/dashboard/matters/nothing").status_code == 404
