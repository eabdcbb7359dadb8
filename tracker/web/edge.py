"""The edge of a POST: what was done is logged and committed in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_login import current_user

from tracker.audit import chain
from tracker.clock import now
from tracker.db import db
from tracker.tasks.moving import By


def commit(action: str, subject: str, **detail: Any) -> None:
    """Log the act and commit it. Every POST that changes something ends here, once."""
    account = current_user.account if current_user.is_authenticated else ""
    commit_as(account, action, subject, **detail)


def note(action: str, subjects: Iterable[str]) -> None:
    """What a single POST does to each of many things; what follows commits it."""
    chain.record_each(action, subjects, account=current_user.account, at=now(), address=_address())


def commit_as(account: str, action: str, subject: str, **detail: Any) -> None:
    """The same for an account that is just signing in."""
    chain.record(action, subject, account=account, at=now(), address=_address(), detail=detail)
    db.session.commit()


def _address() -> str:
    return request.remote_addr or ""


def by() -> By:
    """The signed-in person, now: who moves an obligation or a report."""
    return By(person_id=current_user.id, at=now())
