"""What a return 回报表 is recognised by: the form, and each row of it, sealed. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

MARK = "复制推广回报表"
LENGTH = 20
CELLS = 5
_KEY = re.compile(rf"(\d{{1,9}})-(\d{{1,9}})-([0-9a-f]{{{LENGTH}}})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One download: whose it is, its number, and the day it was given out."""

    unit_id: int
    number: str
    issued: str


def key_of(secret: str, form: Form, obligation_id: int, version: int) -> str:
    return f"{obligation_id}-{version}-{_seal(secret, form, obligation_id, version)}"


def read_key(secret: str, form: Form, text: str) -> tuple[int, int] | None:
    """Obligation and version; None for what this form never held."""
    found = _KEY.fullmatch(text)
    if not found:
        return None
    obligation_id, version = int(found[1]), int(found[2])
    is_ours = hmac.compare_digest(found[3], _seal(secret, form, obligation_id, version))
    return (obligation_id, version) if is_ours else None


def cells_of(secret: str, form: Form) -> tuple[str, ...]:
    return MARK, str(form.unit_id), form.number, form.issued, _seal(secret, form)


def read_form(secret: str, cells: Sequence[str]) -> Form | None:
    """None where the mark is missing or was changed."""
    if len(cells) != CELLS:
        return None
    mark, unit_id, number, issued, seal = cells
    if mark != MARK or not re.fullmatch(r"\d{1,9}", unit_id, re.ASCII):
        return None
    form = Form(unit_id=int(unit_id), number=number, issued=issued)
    is_ours = hmac.compare_digest(seal.encode(), _seal(secret, form).encode())
    return form if is_ours else None


def _seal(secret: str, form: Form, *more: int) -> str:
    parts = (MARK, form.unit_id, form.number, form.issued, *more)
    words = "|".join(map(str, parts)).encode()
    return hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()[:LENGTH]
