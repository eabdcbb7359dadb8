"""A letter that tells nothing, to see whether a channel works."""

from __future__ import annotations

from datetime import datetime

from flask import render_template

from tracker.clock import day_of
from tracker.delivery.letters import Addressee, Letter
from tracker.delivery.outbox import post
from tracker.web import site

SUBJECT = "复制推广工作跟踪系统：发送测试"
WORDS = "这是一条测试消息。收到它，说明这个渠道可以接收本系统的提醒，不需要办理任何事项。"


def try_out(way: Addressee, *, at: datetime) -> None:
    """Post the test letter by one way, however often a person asks for it."""
    address = site.in_letters()
    html = render_template(
        "mail/test.html", subject=SUBJECT, name=way.name, words=WORDS, address=address
    )
    letter = Letter(
        kind="test",
        subject=SUBJECT,
        text=f"{way.name}：\n\n{WORDS}\n\n系统地址：{address}\n",
        html=html,
        link="/",
        brief=WORDS,
    )
    about = f"test:{way.recipient}:{at.isoformat()}"
    post(letter, to=[way], day=day_of(at), about=about, at=at)
