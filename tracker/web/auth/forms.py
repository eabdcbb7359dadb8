"""The forms of signing in."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo

from tracker.registry import accounts
from tracker.registry.models import Person
from tracker.web.forms import Form, at_most, needed


class SignInForm(Form):
    account = StringField("账号", [needed("账号"), at_most(40)])
    password = PasswordField("密码", [needed("密码"), at_most(200)])
    next = HiddenField()


class PasswordForm(Form):
    old = PasswordField("原密码", [needed("原密码"), at_most(200)])
    new = PasswordField("新密码", [needed("新密码"), at_most(200)])
    again = PasswordField(
        "再输入一次新密码",
        [needed("新密码"), EqualTo("new", message="两次输入的新密码不一致。")],
    )

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person

    def validate_old(self, field: PasswordField) -> None:
        if not accounts.is_password_of(self.person, field.data or ""):
            raise ValidationError("原密码不正确。")

    def validate_new(self, field: PasswordField) -> None:
        sentence = accounts.weakness(field.data or "", self.person.account)
        if sentence:
            raise ValidationError(sentence)
        if field.data == self.old.data:
            raise ValidationError("新密码不能与原密码相同。")
