"""`tracker user`: people kept from the machine itself, each act in the log like any other."""

from __future__ import annotations

from collections.abc import Collection

from tracker.audit import chain
from tracker.clock import now
from tracker.db import db, writing
from tracker.permissions import ROLE_RULES
from tracker.registry import people, queries
from tracker.registry.models import Person
from tracker.registry.people import Given, Refused

OPERATOR = "tracker"
NOBODY = "没有这个账号，请核对。"


def add(account: str, name: str, *, unit: str, roles: Collection[str], email: str = "") -> str:
    with writing():
        given = Given(
            account=account,
            name=name,
            unit=queries.units_named([unit]).get(unit),
            roles=frozenset(roles),
            email=email,
        )
        _person, password = people.add(given, ROLE_RULES)
        _commit("add person", account)
    return _told(account, password)


def lock(account: str) -> str:
    with writing():
        people.lock(_known(account), by=None)
        _commit("lock person", account)
    return f"账号{account}已停用。"


def unlock(account: str) -> str:
    with writing():
        people.unlock(_known(account))
        _commit("unlock person", account)
    return f"账号{account}已恢复使用。"


def reset(account: str) -> str:
    with writing():
        password = people.reset(_known(account), by=None)
        _commit("reset password", account)
    return _told(account, password)


def _known(account: str) -> Person:
    person = queries.person_by_account(account)
    if person is None:
        raise Refused({"account": NOBODY})
    return person


def _commit(action: str, account: str) -> None:
    chain.record(action, account, account=OPERATOR, at=now())
    db.session.commit()


def _told(account: str, password: str) -> str:
    return f"账号{account}的初始密码：{password}（只显示这一次，首次登录后须修改）"
