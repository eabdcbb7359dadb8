"""The form that all forms are: Chinese messages, a token, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError
from wtforms.validators import InputRequired, Length


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)


def needed(what: str) -> InputRequired:
    return InputRequired(message=f"请填写{what}。")


def at_most(length: int) -> Length:
    return Length(max=length, message=f"不能超过{length}个字。")


class WholeNumber:
    """A whole number within the bounds of the setting that the field is named for."""

    def __init__(self, bounds: Mapping[str, tuple[int, int]]) -> None:
        self._bounds = bounds

    def __call__(self, _form: Form, field: StringField) -> None:
        lowest, highest = self._bounds[field.name]
        written = (field.data or "").strip()
        fits = written.isascii() and written.isdigit() and len(written) <= len(str(highest))
        if not (fits and lowest <= int(written) <= highest):
            raise ValidationError(f"请填写{lowest}至{highest}之间的整数。")
