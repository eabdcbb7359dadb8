"""The forms by which the office keeps units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from tracker.registry import queries
from tracker.registry.editing import SUCCESSIONS, HandOver, Particulars
from tracker.registry.models import City, Succession, Unit
from tracker.web.admin.forms import TellingForm, options
from tracker.web.forms import at_most, needed
from tracker.web.words import KINDS, LEVELS

SURE = "已核实"


class UnitForm(TellingForm):
    level = SelectField("层级", choices=options(LEVELS.items()))
    kind = SelectField("类别", choices=options(KINDS.items()))
    city = SelectField("地市")
    parent = StringField("所属单位", [at_most(80)])
    credit_code = StringField("统一社会信用代码", [at_most(18)])
    sure = BooleanField(SURE)
    source = StringField("登记依据", [needed("登记依据"), at_most(200)])
    version = HiddenField()

    def __init__(self, cities: Sequence[City], **known: Any) -> None:
        super().__init__(**known)
        self._cities = {city.code: city.id for city in cities}
        self.city.choices = options([("", "不属于哪个地市"), *((c.code, c.name) for c in cities)])
        self._parent: Unit | None = None

    def validate_parent(self, field: StringField) -> None:
        name = (field.data or "").strip()
        self._parent = queries.units_named([name]).get(name) if name else None
        if name and self._parent is None:
            raise ValidationError("名录中没有这个单位，请填写单位全称，或留空。")

    def given(self) -> Particulars:
        return Particulars(
            level=self.level.data,
            kind=self.kind.data,
            city_id=self._cities.get(self.city.data),
            parent_id=self._parent.id if self._parent else None,
            credit_code=(self.credit_code.data or "").strip().upper(),
            sure=bool(self.sure.data),
            source=(self.source.data or "").strip(),
        )


class NewUnitForm(UnitForm):
    name = StringField("单位名称", [needed("单位名称"), at_most(80)])


class AliasForm(TellingForm):
    name = StringField("别称", [needed("别称"), at_most(80)])
    source = StringField("出处", [needed("出处"), at_most(200)])
    version = HiddenField()


class HandOverForm(TellingForm):
    day = DateField("承接日期", [Optional()])
    kind = SelectField("方式", choices=options(SUCCESSIONS.items()))
    source = StringField("依据", [needed("依据"), at_most(200)])
    note = StringField("备注", [at_most(200)])
    sure = BooleanField(SURE)
    version = HiddenField()

    def given(self) -> HandOver:
        return HandOver(
            day=self.day.data,
            kind=self.kind.data,
            source=(self.source.data or "").strip(),
            note=(self.note.data or "").strip(),
            sure=bool(self.sure.data),
        )


class NewHandOverForm(HandOverForm):
    direction = SelectField(
        "方向",
        choices=options([("to", "本单位的职责由对方承接"), ("from", "本单位承接对方的职责")]),
    )
    other = StringField("对方单位", [needed("对方单位"), at_most(80)])


def unit_as_it_stands(unit: Unit, cities: Sequence[City]) -> UnitForm:
    return UnitForm(
        cities,
        formdata=None,
        level=unit.level,
        kind=unit.kind,
        city=unit.city.code if unit.city else "",
        parent=unit.parent.name if unit.parent else "",
        credit_code=unit.credit_code,
        sure=unit.sure,
        source=unit.source,
        version=str(unit.version),
    )


def hand_over_as_it_stands(unit: Unit, succession: Succession) -> HandOverForm:
    return HandOverForm(
        formdata=None,
        day=succession.day,
        kind=succession.kind,
        source=succession.source,
        note=succession.note,
        sure=succession.sure,
        version=str(unit.version),
    )
