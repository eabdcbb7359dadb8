"""Who is looking: the signed-in person as pages and permissions know them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, g, session
from flask_login import LoginManager, UserMixin, current_user, login_user

from tracker.clock import now, today
from tracker.permissions import (
    ADMINISTRATORS,
    ROLES,
    Actor,
    Record,
    may,
    may_follow,
    office_seen_by,
)
from tracker.registry import queries
from tracker.registry.models import Person
from tracker.registry.policies import policies

STAMPED_EVERY = 60


@dataclass(frozen=True, kw_only=True)
class Visitor(UserMixin):  # type: ignore[misc]
    id: int
    account: str
    name: str
    unit_id: int
    unit: str
    is_of_office: bool
    roles: frozenset[str]
    must_change_password: bool
    key: str
    leads_office: int | None = None
    led_office: str = ""
    signs_for: frozenset[int] = frozenset()

    @cached_property
    def actor(self) -> Actor:
        return Actor(
            person_id=self.id,
            unit_id=self.unit_id,
            roles=self.roles,
            is_of_office=self.is_of_office,
            leads_office=self.leads_office,
            signs_for=self.signs_for,
        )

    @property
    def office(self) -> str:
        """The office whose notices alone are counted for this visitor; of others all are."""
        seen = office_seen_by(self.actor)
        if seen is None:
            return ""
        return self.unit if seen == self.unit_id else self.led_office

    @property
    def role_words(self) -> str:
        return "、".join(word for role, word in ROLES.items() if role in self.roles)

    @property
    def is_administrator(self) -> bool:
        return bool(self.roles & ADMINISTRATORS)

    def may(self, action: str) -> bool:
        return may(self.actor, action)

    def follows(self, unit_id: int, office_id: int | None) -> bool:
        """Whether more of a unit's task is shown than its stage and light."""
        return may_follow(self.actor, Record(unit_id=unit_id, office_id=office_id))


def install(app: Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # phones change their address while they move
    manager.user_loader(_load)
    app.context_processor(_context)


def enter(visitor: Visitor) -> None:
    """A new session for every sign-in: nothing of the old one is kept."""
    session.clear()
    session["seen"] = int(now().timestamp())
    session["key"] = visitor.key
    login_user(visitor)


def renew(visitor: Visitor) -> None:
    """After a change of password this session goes on, every other one ends."""
    session["key"] = visitor.key


def went_idle() -> bool:
    return bool(g.get("idle"))


def _load(person_id: str) -> Visitor | None:
    moment = int(now().timestamp())
    seen = session.get("seen", 0)
    if moment - seen > policies().idle_minutes * 60:
        g.idle = True
        return None
    person = queries.person(int(person_id))
    if person is None or person.is_locked or session.get("key") != _key(person):
        return None
    if moment - seen > STAMPED_EVERY:
        session["seen"] = moment
    return visitor_of(person)


def _key(person: Person) -> str:
    """Changes with the password, and tells nothing about it."""
    return hashlib.sha256(person.password_hash.encode()).hexdigest()[:16]


def visitor_of(person: Person) -> Visitor:
    below = queries.office_below(person.unit_id)
    return Visitor(
        id=person.id,
        account=person.account,
        name=person.name,
        unit_id=person.unit_id,
        unit=person.unit.name,
        is_of_office=person.unit.is_office,
        roles=frozenset(role.role for role in person.roles),
        must_change_password=person.must_change_password,
        key=_key(person),
        leads_office=below.id if below else None,
        led_office=below.name if below else "",
        signs_for=frozenset(queries.units_signed_for(person.id, today())),
    )


def _context() -> dict[str, object]:
    return {"visitor": current_user, "installation": queries.installation}
