"""The security administrator's settings, each with its type, its bounds and a default."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from sqlalchemy import delete, select

from tracker.db import db
from tracker.registry.models import Policy

KEPT = "policies"
SIGNS_OWN = "may_sign_own:"


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What is in force. Numbers that nobody has set are the defaults."""

    shortest_password: int = 8
    kinds_needed: int = 3
    failures_before_lock: int = 5
    idle_minutes: int = 30
    may_sign_own: frozenset[int] = frozenset()


DEFAULTS = Policies()
BOUNDS: Mapping[str, tuple[int, int]] = {
    "shortest_password": (8, 64),
    "kinds_needed": (1, 4),
    "failures_before_lock": (3, 10),
    "idle_minutes": (5, 120),
}
NUMBERS = tuple(field.name for field in fields(Policies) if field.name in BOUNDS)


def policies() -> Policies:
    """One query a session, however often a request asks."""
    kept = db.session().info
    if KEPT not in kept:
        kept[KEPT] = _read()
    found: Policies = kept[KEPT]
    return found


def _read() -> Policies:
    rows = db.session.execute(select(Policy.name, Policy.value).order_by(Policy.name))
    values = {row.name: row.value for row in rows}
    numbers = {name: int(values[name]) for name in NUMBERS if name in values}
    signs_own = frozenset(
        int(name.removeprefix(SIGNS_OWN)) for name in values if name.startswith(SIGNS_OWN)
    )
    return Policies(**numbers, may_sign_own=signs_own)


def may_sign_own(unit_id: int) -> bool:
    """Whether a unit without a second person signs what its one person wrote."""
    return unit_id in policies().may_sign_own


def set_policies(*, numbers: Mapping[str, int], may_sign_own: Collection[int]) -> dict[str, str]:
    """Put new settings in force, and say what changed; the caller commits."""
    before = policies()
    after = Policies(**numbers, may_sign_own=frozenset(may_sign_own))
    changed = {
        field.name: _told(getattr(after, field.name))
        for field in fields(Policies)
        if getattr(before, field.name) != getattr(after, field.name)
    }
    db.session.execute(delete(Policy))
    db.session.add_all(Policy(name=name, value=str(getattr(after, name))) for name in NUMBERS)
    db.session.add_all(Policy(name=f"{SIGNS_OWN}{one}", value="1") for one in after.may_sign_own)
    db.session.flush()
    db.session().info.pop(KEPT, None)
    return changed


def _told(value: int | frozenset[int]) -> str:
    return ",".join(map(str, sorted(value))) if isinstance(value, frozenset) else str(value)
