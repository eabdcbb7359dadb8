"""Robots against a real HTTP server: every answer read, twenty a minute, never twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import moment
from tests.delivery.posts import DAY, messages, post, robot, ways
from tests.robot import Group, errcode, listening
from tests.smtp import closed_port
from tracker.db import db, writing
from tracker.delivery import robots, sending, stamping
from tracker.delivery.letters import ROBOT
from tracker.delivery.models import Attempt, Robot

NOW = moment(DAY, 8).astimezone(UTC)
SITE = "https://tracker.invalid"


@pytest.fixture
def group(house: Flask) -> Iterator[Group]:
    with listening(Group()) as listens:
        yield listens


def posted(base_url: str, number: int = 1, **more: str) -> None:
    with writing():
        robot(base_url=base_url, free_at=NOW)
        told = [way for way in ways() if way.channel == ROBOT]
        for one in range(number):
            post(f"unit-digest:{one}", to=told, **more)
        db.session.commit()


def deliver(after: timedelta = timedelta()) -> dict[str, int]:
    return dict(sending.deliver(NOW + after, mail=None, base_url=SITE))


def states() -> list[str]:
    return [message.state for message in messages(ROBOT)]


def test_a_robot_is_told_counts_and_the_link_only(group: Group) -> None:
    posted(group.base_url)
    deliver()
    deliver()
    assert group.words == [f"逾期2项，临近到期3项\n{SITE}/digests/7"]
    assert group.keys == ["/cgi-bin/webhook/send|secret-key"]
    assert states() == ["sent"]


def test_words_too_long_for_a_robot_are_cut_and_keep_the_link(group: Group) -> None:
    posted(group.base_url, brief="逾期" * 2000)
    deliver()
    assert len(group.words[0].encode()) <= 2048
    assert group.words[0].endswith("\n" + SITE + "/digests/7")


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        (errcode(93000, "invalid webhook url"), "dead", "errcode 93000 invalid webhook url"),
        (errcode(45009, "api freq out of limit"), "failed", "errcode 45009"),
        (errcode(-1, "system busy"), "failed", "errcode -1"),
        ((200, "<html>请登录</html>"), "dead", "不是机器人的格式"),
        ((200, "[]"), "dead", "不是机器人的格式"),
        ((404, ""), "dead", "HTTP 404"),
        ((302, ""), "dead", "HTTP 302"),
        ((503, ""), "failed", "HTTP 503"),
        ((502, ""), "unclear", "HTTP 502"),
    ],
)
def test_what_a_robot_answers_decides(
    group: Group, answer: tuple[int, str], state: str, words: str
) -> None:
    group.answers.append(answer)
    posted(group.base_url)
    deliver()
    assert states() == [state]
    assert words in last_answer()
    deliver(timedelta(minutes=2))
    assert states() == ["sent" if state == "failed" else state]


def last_answer() -> str:
    return db.session.scalars(select(Attempt.answer).order_by(Attempt.id.desc())).first() or ""


def test_a_robot_that_falls_silent_is_not_told_again_until_a_person_says_so(group: Group) -> None:
    group.is_cut = True
    posted(group.base_url)
    for days in range(3):
        deliver(timedelta(days=days))
    assert (states(), len(group.told)) == (["unclear"], 1)
    group.is_cut = False
    with writing():
        assert stamping.resend([messages(ROBOT)[0].id], by=1, at=NOW) == 1
        db.session.commit()
    deliver(timedelta(days=3))
    assert (states(), len(group.told)) == (["sent"], 2)


def test_a_robot_that_cannot_be_reached_is_tried_again_and_its_key_told_nowhere(
    house: Flask,
) -> None:
    with closed_port() as port:
        posted(f"http://127.0.0.1:{port}")
        deliver()
    assert states() == ["failed"]
    assert last_answer() == "无法连接机器人地址"


def test_a_robot_is_told_at_most_twenty_things_within_any_minute(group: Group) -> None:
    posted(group.base_url, 45)
    told = []
    for seconds in (0, 1, 30, 59, 75, 90, 134, 150):
        deliver(timedelta(seconds=seconds))
        told.append(len(group.told))
    assert told == [20, 20, 20, 20, 40, 40, 40, 45]


def test_one_robot_at_its_limit_holds_up_no_other(group: Group) -> None:
    posted(group.base_url, 25)
    with writing():
        robot("广东海事局", base_url=group.base_url, free_at=NOW)
        post("unit-digest:other", to=ways("广东海事局")[-1:])
        db.session.commit()
    deliver()
    assert states() == ["sent"] * 20 + ["pending"] * 5 + ["sent"]


def test_a_paused_robot_is_told_nothing(group: Group) -> None:
    posted(group.base_url)
    with writing():
        db.session.query(Robot).one().is_active = False
        db.session.commit()
    deliver()
    assert states() == ["pending"]


WEBHOOK = "/cgi-bin/webhook/send?key=693a91f6-7xxx"


@pytest.mark.parametrize(
    "base",
    ["https://qyapi.weixin.qq.com", "http://127.0.0.1:9000", "http://10.1.2.3/yzz", "http://yzz"],
)
def test_a_robots_address_is_taken_as_the_group_shows_it(base: str) -> None:
    found = robots.read_webhook(f" {base}{WEBHOOK} ")
    assert (found.base_url, found.key) == (base, "693a91f6-7xxx")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (f"http://qyapi.weixin.qq.com{WEBHOOK}", "须以 https://"),
        (f"http://8.8.8.8{WEBHOOK}", "须以 https://"),
        (f"ftp://10.1.2.3{WEBHOOK}", "以 https:// 开头"),
        (f"https://{WEBHOOK}", "以 https:// 开头"),
        (f"https://u:p@h.cn{WEBHOOK}", "以 https:// 开头"),
        ("https://h.cn/cgi-bin/webhook/send", "整个复制"),
        ("https://h.cn/cgi-bin/webhook/send?key=a b\r\n", "整个复制"),
        ("https://h.cn/other?key=693a91f6", "整个复制"),
        (f"https://h:x{WEBHOOK}", "无法识别"),
        ("", "以 https:// 开头"),
    ],
)
def test_an_address_that_is_none_is_refused_with_a_sentence(address: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        robots.read_webhook(address)


def test_the_key_is_never_shown_with_the_address() -> None:
    assert "geheim" not in repr(robots.Address(base_url="https://h.cn", key="geheim"))
