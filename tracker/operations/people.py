"""`tracker user`: accounts from the command line, the first of a real installation among them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from tracker.db import db
from tracker.permissions import ADMINISTRATORS, ROLES
from tracker.registry import accounts, queries
from tracker.registry.models import Person

LONGEST_ACCOUNT, LONGEST_NAME = 40, 40


class Refused(Exception):
    """The account cannot be made or changed as asked; the message says why."""


def add(account: str, name: str, *, unit: str, roles: Sequence[str]) -> str:
    """Make an account and return its first password; the caller commits."""
    if not account.isascii() or not account.isalnum() or len(account) > LONGEST_ACCOUNT:
        raise Refused(f"账号只能用字母和数字，不超过{LONGEST_ACCOUNT}个。")
    if not name or len(name) > LONGEST_NAME:
        raise Refused(f"姓名须填写，不超过{LONGEST_NAME}个字。")
    if queries.person_by_account(account) is not None:
        raise Refused(f"账号“{account}”已经存在。")
    _check_roles(roles)
    found = queries.roster().find(unit)
    if found is None:
        raise Refused(f"单位名录中没有“{unit}”。")
    password = _first_password()
    accounts.add_person(account, name, unit_id=found.id, roles=roles, password=password)
    return password


def _check_roles(roles: Sequence[str]) -> None:
    """三员: never one person, and none of them has business roles."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        listed = "、".join(f"{role}（{word}）" for role, word in ROLES.items())
        raise Refused(f"没有角色“{'、'.join(unknown)}”，可用的有：{listed}。")
    if ADMINISTRATORS & set(roles) and len(set(roles)) > 1:
        raise Refused("系统、安全、审计管理员须各由一人担任，不能兼任其他角色。")


def reset(account: str) -> str:
    """Give a new first password, which must be changed at the next sign-in."""
    password = _first_password()
    accounts.set_password(_person(account), password, must_change=True)
    return password


def lock(account: str, *, is_locked: bool) -> None:
    _person(account).is_locked = is_locked
    db.session.flush()


def _person(account: str) -> Person:
    person = queries.person_by_account(account)
    if person is None:
        raise Refused(f"没有账号“{account}”。")
    return person


def _first_password() -> str:
    return f"Aa1-{secrets.token_urlsafe(9)}"
