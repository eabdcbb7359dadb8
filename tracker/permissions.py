"""Who may do what: one truth table. When something may be done stays with the action itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FILER, SIGNER = "filer", "signer"
REVIEWER, CHIEF, LEADER = "reviewer", "chief", "leader"
SYSTEM, SECURITY, AUDIT = "system", "security", "audit"

ROLES: Mapping[str, str] = {
    FILER: "填报员",
    SIGNER: "审签人",
    REVIEWER: "审核人",
    CHIEF: "统筹单位负责人",
    LEADER: "分管领导",
    SYSTEM: "系统管理员",
    SECURITY: "安全管理员",
    AUDIT: "审计管理员",
}

UNIT_SIDE = frozenset({FILER, SIGNER})
OFFICE_SIDE = frozenset({REVIEWER, CHIEF})
BUSINESS = UNIT_SIDE | OFFICE_SIDE | {LEADER}
ADMINISTRATORS = frozenset({SYSTEM, SECURITY, AUDIT})
EVERYONE = BUSINESS | ADMINISTRATORS

# Each action and the roles that may take it.
TABLE: Mapping[str, frozenset[str]] = {
    "own account": EVERYONE,
    "read measures": BUSINESS,
    "read units": EVERYONE,
    "import notices": OFFICE_SIDE,
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: as much of a signed-in person as permissions care about."""

    person_id: int
    unit_id: int
    roles: frozenset[str]
    is_of_office: bool


def may(actor: Actor, action: str) -> bool:
    """Whether one of the actor's roles may take the action; office actions need an office."""
    is_office_action = TABLE[action] <= OFFICE_SIDE
    return bool(actor.roles & TABLE[action]) and (actor.is_of_office or not is_office_action)
