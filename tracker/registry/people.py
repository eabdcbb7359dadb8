"""Adding, changing, locking and resetting people; what is wrong is told field by field."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from tracker.db import db
from tracker.registry import accounts
from tracker.registry.models import Person, PersonRole, Unit
from tracker.registry.policies import policies

ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_EMAIL = 254
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
LONGEST_NAME = 40
FIRST_PASSWORD = 12
# Without letters that are read for others: the password is handed over on paper or by voice.
LETTERS = (
    "".join(set(string.ascii_lowercase) - set("lo")),
    "".join(set(string.ascii_uppercase) - set("IO")),
    "23456789",
    "#%+=@",
)

WRONG_EMAIL = "邮箱须写成 name@example.gov.cn 的样子；没有邮箱就不填。"
TAKEN = "这个账号已有人使用，请换一个。"
ALONE = "系统、安全、审计管理员须各由专人担任，不能兼任其他角色。"
ON_ONESELF = "不能停用自己的账号，请由另一名系统管理员办理。"
OWN_ROLES = "不能调整自己的角色，请由另一名系统管理员办理。"
OWN_PASSWORD = "自己的密码请用“修改密码”更换。"  # noqa: S105

Wrong = dict[str, str]


class Refused(Exception):
    """What was asked cannot be done; a sentence for each field that is the reason."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


@dataclass(frozen=True, kw_only=True)
class Given:
    """A person as written down by an administrator."""

    name: str
    unit: Unit | None
    roles: frozenset[str]
    account: str | None = None
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleRules:
    """Which roles keep apart; the truth table above hands them in."""

    administrators: frozenset[str]
    office: frozenset[str]
    words: Mapping[str, str]


def wrongs(given: Given, rules: RoleRules) -> Wrong:
    """Everything that is wrong with a person as given, by field."""
    wrong: Wrong = {}
    if given.account is not None and not ACCOUNT.fullmatch(given.account):
        wrong["account"] = "账号用2至40个小写字母、数字、点、横线或下划线，以字母或数字开头。"
    if not given.name or len(given.name) > LONGEST_NAME or CONTROL.search(given.name):
        wrong["name"] = f"请填写姓名，不超过{LONGEST_NAME}个字。"
    if given.unit is None:
        wrong["unit"] = "名录中没有这个单位，请填写单位全称。"
    elif given.unit.kind == "class":
        wrong["unit"] = f"“{given.unit.name}”是一类单位，不能设账号，请选择具体单位。"
    if given.email and not (EMAIL.fullmatch(given.email) and len(given.email) <= LONGEST_EMAIL):
        wrong["email"] = WRONG_EMAIL
    if sentence := _wrong_roles(given, rules):
        wrong["roles"] = sentence
    return wrong


def _wrong_roles(given: Given, rules: RoleRules) -> str:
    if not given.roles:
        return "请至少选择一个角色。"
    if given.roles - set(rules.words):
        return f"角色须是：{'、'.join(rules.words.values())}。"
    if given.roles & rules.administrators and len(given.roles) > 1:
        return ALONE
    office = given.roles & rules.office
    if office and given.unit is not None and not given.unit.is_office:
        named = "、".join(word for role, word in rules.words.items() if role in office)
        return f"“{given.unit.name}”不是统筹单位，不能设{named}。"
    return ""


def known_accounts(among: Collection[str]) -> frozenset[str]:
    return frozenset(db.session.scalars(select(Person.account).where(Person.account.in_(among))))


def add(given: Given, rules: RoleRules) -> tuple[Person, str]:
    """A new person with a first password, which is told this once; the caller commits."""
    wrong = wrongs(given, rules)
    if "account" not in wrong and known_accounts([given.account or ""]):
        wrong["account"] = TAKEN
    if wrong or given.unit is None:
        raise Refused(wrong)
    password = first_password()
    try:
        with db.session.begin_nested():
            person = accounts.add_person(
                given.account or "",
                given.name,
                unit_id=given.unit.id,
                roles=given.roles,
                password=password,
                email=given.email,
            )
    except IntegrityError as error:  # somebody added the same account at the same moment
        raise Refused({"account": TAKEN}) from error
    return person, password


def change(person: Person, given: Given, rules: RoleRules, *, by: int | None) -> None:
    """Another name, a move to another unit, other roles; the version tells of two editors."""
    wrong = wrongs(given, rules)
    roles = frozenset(role.role for role in person.roles)
    if person.id == by and given.roles != roles:
        wrong["roles"] = OWN_ROLES
    if wrong or given.unit is None:
        raise Refused(wrong)
    stands = (person.name, person.unit_id, person.email, roles)
    if stands == (given.name, given.unit.id, given.email, given.roles):
        return
    person.name, person.unit_id, person.email = given.name, given.unit.id, given.email
    if given.roles != roles:
        person.roles = [PersonRole(role=role) for role in sorted(given.roles)]
    touch(person)


def touch(person: Person) -> None:
    """Another version also where only roles changed, which are rows of their own."""
    flag_modified(person, "name")
    db.session.flush()


def lock(person: Person, *, by: int | None) -> None:
    if person.id == by:
        raise Refused({"lock": ON_ONESELF})
    person.is_locked = True
    db.session.flush()


def unlock(person: Person) -> None:
    person.is_locked = False
    db.session.flush()


def reset(person: Person, *, by: int | None) -> str:
    """A new first password; every session of the person ends."""
    if person.id == by:
        raise Refused({"reset": OWN_PASSWORD})
    password = first_password()
    accounts.set_password(person, password, must_change=True)
    return password


def first_password() -> str:
    """Of all four kinds, and as long as the policy asks."""
    length = max(FIRST_PASSWORD, policies().shortest_password)
    found = [secrets.choice(letters) for letters in LETTERS]
    every = "".join(LETTERS[:3])
    found += [secrets.choice(every) for _ in range(length - len(found))]
    secrets.SystemRandom().shuffle(found)
    return "".join(found)


def add_all(listed: Collection[Given]) -> list[tuple[Person, str]]:
    """A list that was checked whole, with a first password for each; the caller commits."""
    made = []
    for given in listed:
        if given.unit is None or given.account is None:
            raise ValueError("a list is checked before it is added")
        password = first_password()
        person = accounts.add_person(
            given.account,
            given.name,
            unit_id=given.unit.id,
            roles=given.roles,
            password=password,
            email=given.email,
        )
        made.append((person, password))
    return made
