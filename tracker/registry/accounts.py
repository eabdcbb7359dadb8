"""Who signs in: passwords, tries that are counted, and when an account is held."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select

from tracker.db import db
from tracker.registry import queries
from tracker.registry.models import Person, PersonRole, SignIn
from tracker.registry.policies import policies

OK, WRONG, HELD, LOCKED = "ok", "wrong", "held", "locked"
WINDOW = timedelta(minutes=15)
MOST_BY_ADDRESS = 20
NUMERALS = "零一两三四"
KINDS = ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")

_hasher = PasswordHasher()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a try came to; the person only where it succeeded."""

    outcome: str
    person: Person | None = None


def claim(account: str, *, address: str, at: datetime) -> SignIn:
    """Count the try before the password is looked at, so that no two tries pass side by side.

    The caller commits: from then on every other process sees it.
    """
    attempt = SignIn(account=account[:40], address=address[:45], at=at, outcome=WRONG)
    db.session.add(attempt)
    db.session.flush()
    return attempt


def judge(attempt: SignIn, password: str) -> Outcome:
    """Decide a claimed try. While an account or address is held, no password is looked at."""
    if _is_held(attempt):
        attempt.outcome = HELD
        return Outcome(outcome=HELD)
    person = queries.person_by_account(attempt.account)
    if not _is_right(person, password) or person is None:
        return Outcome(outcome=WRONG)
    attempt.outcome = LOCKED if person.is_locked else OK
    if person.is_locked:
        return Outcome(outcome=LOCKED)
    if _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
    return Outcome(outcome=OK, person=person)


def _is_held(attempt: SignIn) -> bool:
    since = attempt.at - WINDOW
    by_account = _failures(SignIn.account == attempt.account, _last_success(attempt, since))
    by_address = _failures(SignIn.address == attempt.address, since)
    return by_account > policies().failures_before_lock or by_address > MOST_BY_ADDRESS


def _failures(whose: object, since: datetime) -> int:
    query = select(func.count()).where(
        whose,  # type: ignore[arg-type]
        SignIn.outcome == WRONG,
        SignIn.at > since,
    )
    return db.session.scalar(query) or 0


def _last_success(attempt: SignIn, since: datetime) -> datetime:
    last = db.session.scalar(
        select(func.max(SignIn.at)).where(
            SignIn.account == attempt.account,
            SignIn.outcome == OK,
            SignIn.at > since,
        )
    )
    return last or since


def _is_right(person: Person | None, password: str) -> bool:
    """A stranger's password takes as long as anybody's."""
    kept = person.password_hash if person else _nobodys_hash()
    try:
        _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody")


def add_person(
    account: str,
    name: str,
    *,
    unit_id: int,
    roles: Iterable[str],
    password: str,
    must_change: bool = True,
    email: str = "",
) -> Person:
    person = Person(
        account=account,
        name=name,
        unit_id=unit_id,
        email=email,
        password_hash=_hasher.hash(password),
        must_change_password=must_change,
        roles=[PersonRole(role=role) for role in sorted(set(roles))],
    )
    db.session.add(person)
    db.session.flush()
    return person


def is_password_of(person: Person, password: str) -> bool:
    return _is_right(person, password)


def set_password(person: Person, password: str, *, must_change: bool = False) -> None:
    person.password_hash = _hasher.hash(password)
    person.must_change_password = must_change
    db.session.flush()


def rule_in_words() -> str:
    """What a new password must be, for whoever is about to choose one."""
    rule = policies()
    kinds = NUMERALS[rule.kinds_needed]
    return f"至少{rule.shortest_password}个字符，包含大写字母、小写字母、数字、符号中的{kinds}种。"


def weakness(password: str, account: str) -> str:
    """Why a new password will not do, in one sentence; empty where it will."""
    rule = policies()
    if len(password) < rule.shortest_password:
        return f"新密码至少需要{rule.shortest_password}个字符。"
    if sum(bool(re.search(kind, password)) for kind in KINDS) < rule.kinds_needed:
        kinds = NUMERALS[rule.kinds_needed]
        return f"新密码需包含大写字母、小写字母、数字、符号中的至少{kinds}种。"
    if account.lower() in password.lower():
        return "新密码不能包含账号。"
    return ""
