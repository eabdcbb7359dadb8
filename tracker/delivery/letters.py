"""What is told, and to whom: values that whoever tells something makes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAIL, ROBOT, INBOX = "mail", "robot", "inbox"
CHANNELS = {INBOX: "站内消息", MAIL: "邮件", ROBOT: "群机器人"}

# Kinds of letters and their words; whoever tells something new adds a line.
KINDS = {
    "unit-digest": "本单位提醒",
    "office-digest": "逾期汇总",
    "bulletin": "通报稿",
    "situation": "情况报告稿",
    "issued-bulletin": "通报",
    "urge": "催办单",
    "urge-receipt": "催办签收",
    "urge-reply": "催办回复",
    "matter": "协调事项办理",
    "alarm": "系统告警",
    "test": "测试",
}

LONGEST_SUBJECT = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes along by mail."""

    name: str
    data: bytes
    media_type: str = XLSX


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is told, in every form: mail takes text and HTML, robot and inbox the brief.

    `brief` is counts in a few words, without names; `link` a path on this site (“/digests/7”),
    to which mail and robots add the site's address. `waits_for` names what its readers are asked
    to settle (“extension:17”), for a letter that is more than news.
    """

    kind: str
    subject: str
    text: str
    html: str
    link: str
    brief: str
    attachment: Attachment | None = None
    waits_for: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a letter of kind {self.kind} has no word in KINDS")
        if CONTROL.search(self.subject) or not 0 < len(self.subject) <= LONGEST_SUBJECT:
            raise ValueError("a subject is one line, neither empty nor too long")
        if self.link and not (self.link.startswith("/") and not self.link.startswith("//")):
            raise ValueError("a link is a path on this site")


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """One way to one person or robot. `unit_id` says on whose behalf they are told."""

    channel: str
    unit_id: int
    person_id: int | None = None
    robot_id: int | None = None
    address: str = ""
    name: str = ""

    @property
    def recipient(self) -> str:
        """Who this is, in one word: what makes a message unique beside its letter and channel."""
        return f"robot:{self.robot_id}" if self.robot_id else f"person:{self.person_id}"


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Who can be told what concerns some units; every unit asked for is among them."""

    by_unit: dict[int, tuple[Addressee, ...]]
    # Units in which nobody at all can be told: an alarm, whatever robots they have.
    unreachable: frozenset[int]
