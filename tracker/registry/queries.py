"""Reads of the registry."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from tracker.db import ask, db
from tracker.registry.models import (
    Alias,
    City,
    Delegation,
    HolidayYear,
    Installation,
    Person,
    PersonRole,
    SignIn,
    Succession,
    Unit,
)
from tracker.registry.roster import Roster, RosterUnit
from tracker.registry.scopes import Place
from tracker.workdays import Schedule, Workdays

PERSON = (joinedload(Person.unit), selectinload(Person.roles))
PERSON_STATES: Mapping[str, tuple[ColumnElement[bool], ...]] = {
    "active": (Person.is_locked.is_(False), Person.must_change_password.is_(False)),
    "new": (Person.is_locked.is_(False), Person.must_change_password.is_(True)),
    "locked": (Person.is_locked.is_(True),),
}


def roster() -> Roster:
    """All names and cities at once: one look-up table for a whole document."""
    found = db.session.execute(select(Unit.id, Unit.name, Unit.kind))
    units = {row.id: RosterUnit(id=row.id, name=row.name, kind=row.kind) for row in found}
    names = {unit.name: unit for unit in units.values()}
    for alias in db.session.execute(select(Alias.name, Alias.unit_id)):
        names[alias.name] = units[alias.unit_id]
    listed = cities()
    return Roster(
        names=names,
        places=[
            Place(name=c.name, in_bay_area=c.in_bay_area, has_ftz_area=bool(c.ftz_area))
            for c in listed
        ],
        city_names=tuple(city.name for city in listed),
    )


def cities() -> Sequence[City]:
    return db.session.scalars(select(City).order_by(City.position)).all()


@cache
def _city_choices() -> Select[*tuple[int, str, str]]:
    return select(City.id, City.code, City.name).order_by(City.position)


def city_choices() -> Sequence[Row[*tuple[Any, ...]]]:
    """Every city a person may choose from, in the customary order."""
    return ask(_city_choices()).all()


def city_named(name: str) -> City | None:
    return db.session.scalar(select(City).where(City.name == name))


def governments() -> dict[int, int]:
    """The city government of each city: who owes what is owed locally."""
    found = db.session.execute(select(Unit.city_id, Unit.id).where(Unit.kind == "government"))
    return {row.city_id: row.id for row in found if row.city_id is not None}


def government_units() -> Sequence[Row[int, str]]:
    """The city governments in the customary order of their cities."""
    query = select(Unit.id, City.name).join(City, Unit.city_id == City.id)
    return db.session.execute(query.where(Unit.kind == "government").order_by(City.position)).all()


def unit(unit_id: int) -> Unit | None:
    options = joinedload(Unit.city), joinedload(Unit.parent)
    return db.session.get(Unit, unit_id, options=options)


def offices() -> Sequence[Unit]:
    return db.session.scalars(select(Unit).where(Unit.is_office).order_by(Unit.id)).all()


def units_with(roles: Collection[str]) -> Sequence[int]:
    """The units in which somebody has one of these roles."""
    query = select(Person.unit_id).join(PersonRole, PersonRole.person_id == Person.id)
    return db.session.scalars(query.where(PersonRole.role.in_(roles)).distinct()).all()


def units_like(words: str, *, after: int, limit: int) -> Sequence[Unit]:
    """Units whose name or alias holds the words, by id, from behind `after`."""
    query = select(Unit).options(joinedload(Unit.city)).where(Unit.id > after)
    if words:
        printed = select(Alias.unit_id).where(Alias.name.contains(words, autoescape=True))
        named = Unit.name.contains(words, autoescape=True)
        query = query.where(named | Unit.id.in_(printed))
    return db.session.scalars(query.order_by(Unit.id).limit(limit)).all()


def unit_choices() -> Sequence[tuple[int, str]]:
    """Every unit a person may choose from, in the order of the registry."""
    found = db.session.execute(select(Unit.id, Unit.name).order_by(Unit.id))
    return [(row.id, row.name) for row in found]


def aliases_of(unit_id: int) -> Sequence[Alias]:
    return db.session.scalars(
        select(Alias).where(Alias.unit_id == unit_id).order_by(Alias.id)
    ).all()


def successions_of(unit_id: int) -> Sequence[Row[Succession, str, str]]:
    """Hand-overs from or to the unit, with both names."""
    old, new = aliased(Unit), aliased(Unit)
    query = (
        select(Succession, old.name.label("old_name"), new.name.label("new_name"))
        .join(old, Succession.old_id == old.id)
        .join(new, Succession.new_id == new.id)
        .where((Succession.old_id == unit_id) | (Succession.new_id == unit_id))
        .order_by(Succession.id)
    )
    return db.session.execute(query).all()


def installation() -> Installation | None:
    return db.session.get(Installation, 1)


def person(person_id: int) -> Person | None:
    return db.session.get(Person, person_id, options=PERSON)


def person_by_account(account: str) -> Person | None:
    query = select(Person).options(*PERSON).where(Person.account == account)
    return db.session.scalar(query)


def people() -> Sequence[Person]:
    query = select(Person).options(*PERSON).order_by(Person.id)
    return db.session.scalars(query).all()


def people_like(
    words: str,
    *,
    after: int,
    limit: int,
    unit_id: int | None = None,
    role: str = "",
    state: str = "",
) -> Sequence[Person]:
    """People whose account or name holds the words, by id, from behind `after`."""
    query = select(Person).options(*PERSON).where(Person.id > after)
    if words:
        account = Person.account.contains(words, autoescape=True)
        query = query.where(account | Person.name.contains(words, autoescape=True))
    if unit_id:
        query = query.where(Person.unit_id == unit_id)
    if role:
        having = select(PersonRole.person_id).where(PersonRole.role == role)
        query = query.where(Person.id.in_(having))
    if state in PERSON_STATES:
        query = query.where(*PERSON_STATES[state])
    return db.session.scalars(query.order_by(Person.id).limit(limit)).all()


def sign_ins_of(account: str, *, limit: int) -> Sequence[SignIn]:
    """The newest tries to sign in with an account."""
    query = select(SignIn).where(SignIn.account == account)
    return db.session.scalars(query.order_by(SignIn.at.desc(), SignIn.id.desc()).limit(limit)).all()


def units_named(names: Collection[str]) -> dict[str, Unit]:
    """Units by name or alias, for names a person typed."""
    # No unit is called so, and PostgreSQL cannot even be asked.
    names = [name for name in names if "\0" not in name]
    found = {one.name: one for one in db.session.scalars(select(Unit).where(Unit.name.in_(names)))}
    printed = select(Alias.name, Unit).join(Unit, Alias.unit_id == Unit.id)
    for name, unit in db.session.execute(printed.where(Alias.name.in_(names))):
        found.setdefault(name, unit)
    return found


def delegations_of(signer_id: int) -> Sequence[Delegation]:
    query = (
        select(Delegation)
        .options(joinedload(Delegation.stand_in).joinedload(Person.unit))
        .where(Delegation.signer_id == signer_id)
        .order_by(Delegation.first_day.desc(), Delegation.id.desc())
    )
    return db.session.scalars(query).all()


def workdays() -> Workdays:
    """The State's workdays, with the years that the office has uploaded."""
    return Workdays(
        {
            row.year: Schedule(
                free=frozenset(map(date.fromisoformat, row.free)),
                worked=frozenset(map(date.fromisoformat, row.worked)),
            )
            for row in db.session.execute(_uploaded_years())
        }
    )


@cache
def _uploaded_years() -> Select[*tuple[Any, ...]]:
    return select(HolidayYear.year, HolidayYear.free, HolidayYear.worked)


def units_signed_for(person_id: int, day: date) -> Sequence[int]:
    """The units whose signer a person stands in for on a day."""
    query = (
        select(Person.unit_id)
        .join(Delegation, Delegation.signer_id == Person.id)
        .where(
            Delegation.stand_in_id == person_id,
            Delegation.first_day <= day,
            Delegation.last_day >= day,
        )
    )
    return db.session.scalars(query).all()


def office_below(unit_id: int) -> Row[int, str] | None:
    """The office that belongs to a department: 省商务厅's is 省商务厅自贸办."""
    query = select(Unit.id, Unit.name).where(Unit.parent_id == unit_id, Unit.is_office)
    return db.session.execute(query.order_by(Unit.id).limit(1)).one_or_none()


def units_of_city(city_id: int) -> Sequence[Row[int, str, str]]:
    """The units that belong to a city, its government first."""
    query = select(Unit.id, Unit.name, Unit.kind).where(Unit.city_id == city_id)
    return db.session.execute(query.order_by(Unit.kind != "government", Unit.id)).all()


def city_with_code(code: str) -> City | None:
    return db.session.scalar(select(City).where(City.code == code))


def children_of(unit_id: int) -> Sequence[Row[int, str]]:
    query = select(Unit.id, Unit.name).where(Unit.parent_id == unit_id).order_by(Unit.id)
    return db.session.execute(query).all()


def name_of_unit(unit_id: int) -> str | None:
    return db.session.scalar(select(Unit.name).where(Unit.id == unit_id))


def department_of(office_id: int) -> str:
    """The name of the department that an office is part of, or of an office that is none's."""
    above = aliased(Unit)
    query = select(func.coalesce(above.name, Unit.name)).select_from(Unit)
    query = query.outerjoin(above, Unit.parent_id == above.id)
    return db.session.scalar(query.where(Unit.id == office_id)) or ""


def names_of_units(unit_ids: Collection[int]) -> dict[int, str]:
    query = select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))
    return {row.id: row.name for row in db.session.execute(query)}


def successors_of(unit_ids: Collection[int]) -> dict[int, list[str]]:
    """For each unit the names of those that are known to have taken over from it."""
    query = (
        select(Succession.old_id, Unit.name)
        .join(Unit, Succession.new_id == Unit.id)
        .where(Succession.old_id.in_(unit_ids))
        .order_by(Succession.id)
    )
    found: dict[int, list[str]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.old_id, []).append(row.name)
    return found
