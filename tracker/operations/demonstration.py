"""The people of a demonstration: one for every role, with names that nobody takes for real."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tracker.db import db
from tracker.operations.history_cast import Hands
from tracker.permissions import (
    AUDIT,
    CHIEF,
    FILER,
    LEADER,
    REVIEWER,
    ROLES,
    SECURITY,
    SIGNER,
    SYSTEM,
)
from tracker.registry.accounts import add_person
from tracker.registry.models import Person, Unit

PASSWORD = "demo-2026"  # noqa: S105  known to everybody: refused where it matters


NOT_HERE = "正式环境不能载入演示人员，请去掉 --demo 后重试。"


class Refused(Exception):
    """Demonstration people have no place in a production installation."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    account: str
    name: str
    unit: str
    role: str

    @property
    def email(self) -> str:
        """At a name that is kept free for examples: no mail ever gets there."""
        return f"{self.account}@demo.invalid"


def _cast(account: str, name: str, unit: str, role: str) -> Cast:
    return Cast(account=account, name=f"演示·{name}", unit=unit, role=role)


CAST: Sequence[Cast] = (
    _cast("ziyou1", "自贸办审核人", "省商务厅自贸办", REVIEWER),
    _cast("ziyou2", "自贸办负责人", "省商务厅自贸办", CHIEF),
    _cast("fagai1", "发展改革审核人", "省发展改革委", REVIEWER),
    _cast("fagai2", "发展改革负责人", "省发展改革委", CHIEF),
    _cast("lingdao1", "商务厅分管领导", "省商务厅", LEADER),
    _cast("shuiwu1", "税务填报员", "省税务局", FILER),
    _cast("shuiwu2", "税务审签人", "省税务局", SIGNER),
    _cast("haishi1", "海事填报员", "广东海事局", FILER),
    _cast("guangzhou1", "广州填报员", "广州市人民政府", FILER),
    _cast("guangzhou2", "广州审签人", "广州市人民政府", SIGNER),
    _cast("xitong1", "系统管理员", "省商务厅", SYSTEM),
    _cast("anquan1", "安全管理员", "省商务厅", SECURITY),
    _cast("shenji1", "审计管理员", "省商务厅", AUDIT),
    _cast("sifa1", "司法填报员", "省司法厅", FILER),
    # A city whose department has people of its own: they give their part, the city signs it all.
    _cast("shenzhen1", "深圳填报员", "深圳市人民政府", FILER),
    _cast("shenzhen2", "深圳审签人", "深圳市人民政府", SIGNER),
    _cast("szshangwu1", "深圳商务局填报员", "深圳市商务局", FILER),
)

# Behind the made-up reports of units that have nobody who can sign in.
STAND_INS: Sequence[Cast] = (
    _cast("danwei1", "各单位填报员", "省商务厅", FILER),
    _cast("danwei2", "各单位审签人", "省商务厅", SIGNER),
)


def people(*, production: bool) -> int:
    """Add those who are not there yet, and say how many these were; the caller commits."""
    if production:
        raise Refused(NOT_HERE)
    known = set(db.session.scalars(select(Person.account)))
    missing = [member for member in CAST if member.account not in known]
    units = {row.name: row.id for row in db.session.execute(select(Unit.name, Unit.id))}
    for member in missing:
        add_person(
            member.account,
            member.name,
            unit_id=units[member.unit],
            roles=[member.role],
            password=PASSWORD,
            must_change=False,
            email=member.email,
        )
    return len(missing)


def hands() -> Hands:
    """Who acts in the history of units that have no people of their own; they never sign in."""
    known = {row.account: row.id for row in db.session.execute(select(Person.account, Person.id))}
    for member in STAND_INS:
        if member.account not in known:
            known[member.account] = _locked(member).id
    return Hands(filer=known["danwei1"], signer=known["danwei2"], reviewer=known["ziyou1"])


def _locked(member: Cast) -> Person:
    unit_id = db.session.scalars(select(Unit.id).where(Unit.name == member.unit)).one()
    person = add_person(
        member.account,
        member.name,
        unit_id=unit_id,
        roles=[member.role],
        password=secrets.token_urlsafe(),
    )
    person.is_locked = True
    db.session.flush()
    return person


def who_can_sign_in() -> list[str]:
    """The people as lines for an operator's screen."""
    lines = [f"可用以下账号登录，密码均为 {PASSWORD}："]
    lines.extend(
        f"  {member.account:<12}{ROLES[member.role]}，{member.unit}，{member.name}"
        for member in CAST
    )
    return lines
