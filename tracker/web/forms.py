"""The form that all forms are: Chinese messages, a token, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

# No database or page can hold these, or nobody sees them; in one line no line ends either.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
BROKEN = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
HAS_UNSEEN = "有无法显示的控制字符，请删去后再提交。"
HAS_BREAK = "只能填写一行，请删去其中的换行后再提交。"


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whatever else a field takes, it takes no text that cannot be kept."""
        is_right: bool = super().validate(extra_validators)
        for field in self:
            if not field.errors and (sentence := _unkept(field)):
                field.errors, is_right = [sentence], False
        return is_right


def _unkept(field: Any) -> str:
    """Passwords are never kept as typed, and what is hidden is compared only."""
    is_text = isinstance(field, StringField) and not isinstance(field, HiddenField | PasswordField)
    text = field.data if is_text else None
    if not isinstance(text, str):
        return ""
    if UNSEEN.search(text):
        return HAS_UNSEEN
    is_one_line = not isinstance(field, TextAreaField)
    return HAS_BREAK if is_one_line and BROKEN.search(text.strip()) else ""


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
