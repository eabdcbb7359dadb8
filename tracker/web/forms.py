"""The form that all forms are: Chinese messages, a token, nothing else."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, Length


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        locales = ("zh",)


def needed(what: str) -> InputRequired:
    return InputRequired(message=f"请填写{what}。")


def at_most(length: int) -> Length:
    return Length(max=length, message=f"不能超过{length}个字。")
