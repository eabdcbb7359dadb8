"""How a command runs: inside the application, and what refuses becomes one sentence."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar

import click
from sqlalchemy.exc import DBAPIError

from tracker.app import create_app
from tracker.config import Misconfigured
from tracker.notices import importing as notice_importing
from tracker.notices.reading.files import Unreadable
from tracker.operations import (
    archive,
    demonstration,
    exporting,
    history,
    initialising,
    migrating,
    papering,
    serving,
)
from tracker.registry.people import Refused as PersonRefused

Command = TypeVar("Command", bound=Callable[..., Any])
REFUSALS = (
    Misconfigured,
    Unreadable,
    archive.Refused,
    demonstration.Refused,
    exporting.Refused,
    initialising.Refused,
    papering.Refused,
    notice_importing.Refused,
    history.NotADemonstration,
    PersonRefused,
    serving.Refused,
)
NOT_READY = "系统尚未初始化，请先运行 tracker init。"


class Stop(Exception):
    """End with exit code 1; the message goes to stderr in one sentence."""


def in_app(command: Command) -> Command:
    """Run a command inside the application, and turn refusals into one sentence."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            with create_app().app_context():
                return command(*args, **kwargs)
        except (*REFUSALS, Stop) as refusal:
            end_with(str(refusal))
        except (DBAPIError, sqlite3.Error) as error:
            end_with(f"数据库操作失败，没有写入任何内容：{getattr(error, 'orig', error)}")

    return run  # type: ignore[return-value]


def end_with(sentence: str) -> NoReturn:
    """Exit code 1, and one line on stderr whatever a library's message looks like."""
    click.echo(" ".join(sentence.split()), err=True)
    sys.exit(1)


def warn(sentence: str) -> None:
    click.echo(sentence, err=True)


def needs_database() -> None:
    if not migrating.is_initialised():
        raise Stop(NOT_READY)
