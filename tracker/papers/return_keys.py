"""What a return 回报表 is recognised by: the form, and each row of it, sealed. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.notices.reading import words
from tracker.tasks import wording

MARK = "复制推广回报表"
LENGTH = 20
CELLS = 5
TOLD = 12
_KEY = re.compile(rf"(\d{{1,9}})-(\d{{1,9}})-([0-9a-f]{{{TOLD}}})-([0-9a-f]{{{LENGTH}}})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Form:
    """One download: whose it is, its number, and the day it was given out."""

    unit_id: int
    number: str
    issued: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """A row as it was given out: of what, over which version, and with which words in it."""

    obligation_id: int
    version: int
    told: str

    def is_untouched(self, cells: Sequence[str]) -> bool:
        return self.told == told_by(cells)


def told_by(cells: Sequence[str]) -> str:
    """The words of a row in short, the same whichever program saved the workbook."""
    read = (wording.clean(words.clean(cell)) for cell in cells)
    return hashlib.sha256("\x1f".join(read).encode()).hexdigest()[:TOLD]


def key_of(secret: str, form: Form, row: Given) -> str:
    seal = _seal(secret, form, row.obligation_id, row.version, row.told)
    return f"{row.obligation_id}-{row.version}-{row.told}-{seal}"


def read_key(secret: str, form: Form, text: str) -> Given | None:
    """None for what this form never held."""
    found = _KEY.fullmatch(text)
    if not found:
        return None
    row = Given(obligation_id=int(found[1]), version=int(found[2]), told=found[3])
    return row if hmac.compare_digest(text, key_of(secret, form, row)) else None


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


def _seal(secret: str, form: Form, *more: int | str) -> str:
    parts = (MARK, form.unit_id, form.number, form.issued, *more)
    words = "|".join(map(str, parts)).encode()
    return hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()[:LENGTH]
