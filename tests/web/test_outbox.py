"""发送记录: what became of every message, and another try by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests.robot import Group, listening
from tests.web.conftest import Visit
from tests.web.delivering import SUBJECT, ids, robots, sent, told, with_robot
from tests.web.test_people import logged
from tests.web.test_query_counts import counts

WEBHOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"
NEW = {"unit": "省税务局", "name": "税务工作群", "webhook": WEBHOOK}


@pytest.fixture
def system(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("xitong1")


def test_a_dead_letter_shows_its_answer_and_is_sent_again_by_hand(
    reviewer: Visit, site: Flask
) -> None:
    told(site)
    sent(site, shuiwu1="550 5.1.1 no such user")
    (dead, _) = ids(site)
    assert SUBJECT in reviewer.page("/outbox?state=dead&channel=mail")
    page = reviewer.page(f"/outbox/{dead}")
    assert "550 5.1.1 no such user" in page
    assert "shuiwu1@demo.invalid" in page
    assert "逾期2项。" not in page
    assert "近30天有1条消息未送达" in reviewer.page("/dashboard")
    reviewer.post(f"/outbox/{dead}/resend", form=f"/outbox/{dead}")
    assert sent(site).to == ["shuiwu1@demo.invalid"]
    assert "决定重新发送" in reviewer.page(f"/outbox/{dead}")
    assert logged(site, "resend messages")[0].detail == {"number": 1}
    assert "消息未送达" not in reviewer.page("/dashboard")


def test_all_dead_letters_of_a_page_are_sent_again_at_once(reviewer: Visit, site: Flask) -> None:
    told(site, number=3)
    sent(site, shuiwu1="550 no", shuiwu2="550 no")
    assert "重新发送本页6条" in reviewer.page("/outbox?state=dead")
    chosen = [*map(str, ids(site)), "0", "x", "9" * 30]
    reviewer.post("/outbox/resend", form="/outbox", id=chosen)
    assert len(sent(site).mails) == 6
    # What has gone out stays so.
    reviewer.post("/outbox/resend", form="/outbox", id=chosen)
    assert sent(site).mails == []


def test_what_got_no_answer_is_marked_for_good(reviewer: Visit, site: Flask) -> None:
    with listening(Group()) as group:
        with_robot(site, group.base_url)
        group.is_cut = True
        told(site)
        sent(site)
        (unclear,) = ids(site, "robot")
        assert "请先到群里查看" in reviewer.page(f"/outbox/{unclear}")
        group.is_cut = False
        reviewer.post(f"/outbox/{unclear}/resend", form=f"/outbox/{unclear}")
        sent(site, after=timedelta(minutes=2))
        assert len(group.told) == 2
    assert "曾状态不明" in reviewer.page("/outbox?channel=robot&state=sent")


def test_who_keeps_the_machine_sees_how_messages_fared_and_no_counts_of_units(
    system: Visit, site: Flask
) -> None:
    told(site)
    sent(site, shuiwu1="550 no such user")
    (dead, _) = ids(site)
    for url in ("/outbox", f"/outbox/{dead}"):
        assert SUBJECT not in system.page(url)
        assert "本单位提醒" in system.page(url)
    assert "550 no such user" in system.page(f"/outbox/{dead}")


def test_without_a_mail_server_the_page_says_what_to_set(system: Visit) -> None:
    assert "TRACKER_MAIL_URL" in system.page("/outbox")


def test_a_test_mail_goes_to_who_asks_for_it(system: Visit, site: Flask) -> None:
    system.post("/outbox/test", form="/outbox")
    postbox = sent(site)
    assert postbox.to == ["xitong1@demo.invalid"]
    text = postbox.mails[0].read.get_body(("plain",))
    assert text is not None
    assert "测试消息" in text.get_content()


def test_a_robot_is_added_tried_paused_and_its_key_told_nobody(
    reviewer: Visit, site: Flask
) -> None:
    assert reviewer.post("/robots/new", form="/robots/new", **NEW).status_code == 302
    assert robots(site) == [("税务工作群", "https://qyapi.weixin.qq.com", "693a91f6-7xxx", True)]
    assert "693a91f6" not in reviewer.page("/robots") + reviewer.page("/robots/1")
    assert "693a91f6" not in str(logged(site, "add robot")[0].detail)
    reviewer.post("/robots/1/test", form="/robots")
    assert len(ids(site, "robot")) == 1
    reviewer.post("/robots/1/pause", form="/robots")
    reviewer.post("/robots/1/test", form="/robots")
    assert len(ids(site, "robot")) == 1
    reviewer.post("/robots/1/resume", form="/robots")
    assert robots(site)[0][3]


def test_a_changed_robot_keeps_its_address_where_none_is_given(
    reviewer: Visit, site: Flask
) -> None:
    reviewer.post("/robots/new", form="/robots/new", **NEW)
    changed = {**NEW, "name": "新名", "webhook": "", "version": "1"}
    assert reviewer.post("/robots/1", form="/robots/1", **changed).status_code == 302
    assert robots(site)[0][:3] == ("新名", "https://qyapi.weixin.qq.com", "693a91f6-7xxx")
    again = reviewer.post("/robots/1", form="/robots/1", **changed)
    assert again.status_code == 409
    assert "现存：新名" in again.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"unit": "没有这个单位"}, "名录中没有这个单位"),
        ({"name": ""}, "请填写名称。"),
        ({"name": "坏\x07名"}, "有无法显示的控制字符"),
        ({"webhook": ""}, "请填写机器人地址。"),
        ({"webhook": WEBHOOK.replace("https", "http")}, "外网地址须以 https:// 开头"),
        ({"webhook": "https://qyapi.weixin.qq.com"}, "请从群机器人的设置中整个复制过来"),
    ],
)
def test_a_robot_that_cannot_be_is_told_beside_the_field(
    reviewer: Visit, site: Flask, wrong: dict[str, str], sentence: str
) -> None:
    response = reviewer.post("/robots/new", form="/robots/new", **{**NEW, **wrong})
    assert response.status_code == 422
    assert sentence in response.text
    assert robots(site) == []


def test_the_pages_ask_as_often_with_many_messages_as_with_few(
    reviewer: Visit, filer: Visit, site: Flask
) -> None:
    told(site, "few", number=3)
    few = counts(site, reviewer, ("/outbox", "/robots")) | counts(site, filer, ("/messages",))
    for one in range(3):
        with_robot(site, f"https://r{one}.invalid")
    told(site, "many", number=60)
    many = counts(site, reviewer, ("/outbox", "/robots")) | counts(site, filer, ("/messages",))
    assert many == few
