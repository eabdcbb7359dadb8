"""The forms by which people are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.permissions import ROLES
from tracker.registry import queries
from tracker.registry.models import Person
from tracker.registry.people import Given
from tracker.web.forms import Form, at_most, needed


class TellingForm(Form):
    """A form that can be told, field by field, what the action found wrong."""

    def tell(self, wrong: Mapping[str, str]) -> None:
        for name, sentence in wrong.items():
            self[name].errors = [sentence]


def options(words: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, word) for value, word in words]


def ticks(label: str, choices: list[tuple[str, str]]) -> Any:
    """Boxes to tick; what is not among them is told by the action itself."""
    return SelectMultipleField(
        label,
        choices=options(choices),
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class ChangeForm(TellingForm):
    name = StringField("姓名", [needed("姓名"), at_most(40)])
    unit = StringField("单位", [needed("单位"), at_most(80)])
    email = StringField("邮箱", [at_most(254)])
    roles = ticks("角色", list(ROLES.items()))
    version = HiddenField()

    def given(self) -> Given:
        unit = (self.unit.data or "").strip()
        return Given(
            name=(self.name.data or "").strip(),
            unit=queries.units_named([unit]).get(unit),
            roles=frozenset(self.roles.data or []),
            email=(self.email.data or "").strip(),
        )


class AddForm(ChangeForm):
    account = StringField("账号", [needed("账号"), at_most(40)])

    def given(self) -> Given:
        changed = super().given()
        return Given(
            account=(self.account.data or "").strip(),
            name=changed.name,
            unit=changed.unit,
            roles=changed.roles,
            email=changed.email,
        )


class ListForm(Form):
    file = FileField("人员名单", [FileRequired(message="请先选择文件。")])


def as_it_stands(person: Person) -> ChangeForm:
    """The form as a person's record fills it."""
    return ChangeForm(
        formdata=None,
        name=person.name,
        unit=person.unit.name,
        email=person.email,
        roles=[role.role for role in person.roles],
        version=str(person.version),
    )
