"""Carries out what a person settled about names: aliases and new units enter the registry."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from tracker.db import db
from tracker.notices.handing_in import NEW, Settled
from tracker.notices.models import Source
from tracker.registry.models import Alias, City, Unit


def settle_names(source: Source) -> None:
    """Before a draft is confirmed; names that are known by now are left alone."""
    known = set(db.session.scalars(select(Unit.name))) | set(db.session.scalars(select(Alias.name)))
    for name, answer in Settled.of(source).names.items():
        if name in known:
            continue
        if NEW in answer:
            _add_unit(name, answer[NEW], source)
        elif answer.get("alias"):
            _add_alias(name, answer["alias"], source)
    db.session.flush()


def _add_unit(name: str, described: Mapping[str, str], source: Source) -> None:
    city = described.get("city", "")
    db.session.add(
        Unit(
            name=name,
            level=described["level"],
            kind=described["kind"],
            city_id=db.session.scalar(select(City.id).where(City.name == city)) if city else None,
            sure=True,
            source=_cited(source),
        )
    )


def _add_alias(name: str, unit_name: str, source: Source) -> None:
    unit_id = db.session.scalar(select(Unit.id).where(Unit.name == unit_name))
    if unit_id is not None:
        db.session.add(Alias(name=name, unit_id=unit_id, source=_cited(source)))


def _cited(source: Source) -> str:
    return f"导入文件：{source.name}"[:200]
