"""Who may do what: one truth table. When something may be done stays with the action itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.registry.people import RoleRules

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

# What keeps roles apart: an administrator is nothing else, office roles need an office.
ROLE_RULES = RoleRules(administrators=ADMINISTRATORS, office=OFFICE_SIDE, words=ROLES)

# Each action and the roles that may take it.
TABLE: Mapping[str, frozenset[str]] = {
    "own account": EVERYONE,
    "read own messages": EVERYONE,
    "read measures": BUSINESS,
    "read units": EVERYONE,
    # On what the registry rests, and what of it is still to be verified.
    "read sources": OFFICE_SIDE | ADMINISTRATORS,
    "import notices": OFFICE_SIDE,
    # What a unit owes and files.
    "see own obligations": UNIT_SIDE,
    "file reports": frozenset({FILER}),
    "sign reports": frozenset({SIGNER}),
    "rule cases": OFFICE_SIDE,
    "see breakdowns": OFFICE_SIDE | {LEADER},
    "delegate": frozenset({SIGNER}),
    # What is filed: a record's own rule (`may_see_report`) decides further.
    "see reports": BUSINESS,
    # What the office does with it.
    "review reports": OFFICE_SIDE,
    "record paper reports": OFFICE_SIDE,
    "rule waivers": OFFICE_SIDE,
    "designate": OFFICE_SIDE,
    # What a unit asks its office for, and the office's rulings.
    "ask office": UNIT_SIDE,
    "see difficulties": BUSINESS,
    "answer difficulties": OFFICE_SIDE,
    "rule matters": frozenset({CHIEF}),
    "record checks": OFFICE_SIDE,
    "see checks": BUSINESS,
    "make calls": OFFICE_SIDE,
    "set calendars": frozenset({CHIEF}),
    # A notice that no office supervises, or that was on record only, taken up by a chief.
    "follow notices": frozenset({CHIEF}),
    "see calendars": BUSINESS,
    "keep holidays": OFFICE_SIDE,
    "see supervision": OFFICE_SIDE | {LEADER},
    # One's own unit's or office's; when they are made, and by which thresholds.
    "see digests": BUSINESS,
    "set supervision": frozenset({CHIEF}),
    "keep timetable": frozenset({CHIEF, SYSTEM}),
    "keep units": OFFICE_SIDE,
    # Urging and bulletins: prepared by anybody of the office, sent by its chief.
    "prepare urges": OFFICE_SIDE,
    "confirm urges": frozenset({CHIEF}),
    "answer urges": UNIT_SIDE,
    # One urge, bulletin or evaluation: the record's own rule decides further.
    "see urges": BUSINESS,
    "evaluate": OFFICE_SIDE,
    "see evaluations": BUSINESS,
    "keep robots": OFFICE_SIDE,
    # How messages fared, never their text: the office, and who keeps the machine.
    "see outbox": OFFICE_SIDE | {SYSTEM},
    # The three administrators, never one person.
    "keep people": frozenset({SYSTEM}),
    "keep policies": frozenset({SECURITY}),
    "read log": frozenset({AUDIT}),
}


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who asks: as much of a signed-in person as permissions care about."""

    person_id: int
    unit_id: int
    roles: frozenset[str]
    is_of_office: bool
    leads_office: int | None = None
    signs_for: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Record:
    """As much of an obligation or report as permissions care about."""

    unit_id: int
    office_id: int | None
    role: str = ""
    is_accepted: bool = False


def may(actor: Actor, action: str) -> bool:
    """Whether one of the actor's roles may take the action; office actions need an office."""
    # What no unit does is the office's; a reviewer outside of one may not.
    is_office_action = TABLE[action].isdisjoint(UNIT_SIDE)
    without = OFFICE_SIDE if is_office_action and not actor.is_of_office else frozenset[str]()
    return bool((actor.roles - without) & TABLE[action])


def may_follow(actor: Actor, record: Record) -> bool:
    """How a unit keeps its days, and all that happened: its own people, the office, its leaders.

    Everybody else sees of a task stage and light: no counts, no days, no urges, no history.
    """
    is_own = bool(actor.roles & UNIT_SIDE) and actor.unit_id == record.unit_id
    return is_own or is_office_of(actor, record)


def may_see_report(actor: Actor, record: Record, *, leads_measure: bool = False) -> bool:
    """Report text is for who may follow its unit.

    A lead of the measure sees what cities have had accepted for it.
    """
    if may_follow(actor, record):
        return True
    return leads_measure and record.role == "local" and record.is_accepted


@dataclass(frozen=True, kw_only=True)
class Raised:
    """As much of a difficulty as permissions care about; `shown_to` sees all of its kind."""

    unit_id: int
    office_id: int | None
    charged_unit_id: int | None
    shown_to: int | None


def may_see_difficulty(actor: Actor, raised: Raised) -> bool:
    """The unit's own people, who is charged with it, its office and that office's leaders."""
    theirs = {raised.unit_id, raised.charged_unit_id, raised.shown_to}
    if actor.roles & UNIT_SIDE and actor.unit_id in theirs:
        return True
    return is_office_of(actor, Record(unit_id=raised.unit_id, office_id=raised.office_id))


def may_see_urge(actor: Actor, record: Record, *, is_sent: bool) -> bool:
    """Who was urged sees it once it is sent; the office and its leaders from the first."""
    is_own = bool(actor.roles & UNIT_SIDE) and actor.unit_id == record.unit_id
    return (is_own and is_sent) or is_office_of(actor, record)


def may_write_report(actor: Actor, record: Record) -> bool:
    return FILER in actor.roles and actor.unit_id == record.unit_id


def may_sign_report(actor: Actor, record: Record) -> bool:
    """The unit's signer, or who stands in for one of that unit today."""
    own = SIGNER in actor.roles and actor.unit_id == record.unit_id
    return own or record.unit_id in actor.signs_for


def office_seen_by(actor: Actor) -> int | None:
    """Whose notices somebody supervises, or leads the supervision of."""
    if actor.roles & OFFICE_SIDE and actor.is_of_office:
        return actor.unit_id
    if LEADER in actor.roles:
        return actor.unit_id if actor.is_of_office else actor.leads_office
    return None


def is_office_of(actor: Actor, record: Record) -> bool:
    """The notice's own office reviews; leaders sit in the office or in its department."""
    if record.office_id is None:
        return False
    if actor.roles & OFFICE_SIDE and actor.is_of_office:
        return actor.unit_id == record.office_id
    return LEADER in actor.roles and record.office_id in (actor.unit_id, actor.leads_office)
