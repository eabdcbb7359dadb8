"""Measures pages as a person gets them, beside a page of fifty rows from memory."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import Select, func, select

from tracker.db import db
from tracker.operations.benching import Figure
from tracker.operations.demonstration import PASSWORD
from tracker.operations.migrating import is_initialised
from tracker.tasks.models import Tally

FLOOR, TALLY = "/bench/floor", "/bench/tally"
KILOBYTE = 1024
ROWS, COLUMNS = 50, 8
ALLOWED = "own account"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
OK = 200
MILLISECONDS = 1_000

PAGE = """{% extends "layout.html" %}
{% block title %}基准{% endblock %}
{% block content %}
<table><tbody>
{% for row in rows %}
<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table>
{% endblock %}"""


class NotMeasured(Exception):
    """A page did not answer as a page; the message says which and how."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page, and who looks at it."""

    path: str
    account: str
    password: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """A median over the rounds, and how many times that of the floor it is."""

    path: str
    milliseconds: float
    ratio: float
    kilobytes: float


# Whose pages are measured, as people of the demonstration open them.
SEEN_BY: Mapping[str, Sequence[str]] = {
    "shuiwu1": ("/", "/obligations", "/units/34"),
    "guangzhou1": ("/", "/exemptions", "/cities/4401"),
    "ziyou1": ("/reviews", "/tasks", "/tasks/1", "/measures/60"),
    "ziyou2": (
        "/",
        "/dashboard?role=local&adoption=复制推广",
        "/dashboard?day=2026-10-20",
        "/dashboard/units",
        "/owed",
        "/owed?which=newly",
        "/owed?which=review",
        "/owed?which=missing",
        "/cities/4401",
        "/cities/4401/checklist",
        "/notices/yfh-2023-59/matrix",
    ),
    "lingdao1": ("/",),
}
VISITS = tuple(
    Visit(path=path, account=account, password=PASSWORD)
    for account, paths in SEEN_BY.items()
    for path in paths
)


def measure_pages(app: Flask, rounds: int) -> list[Figure]:
    """The pages of a demonstration, at whatever size it has, beside the floor page."""
    with app.app_context():
        if not is_initialised():
            raise NotMeasured("系统尚未初始化，请先运行 tracker init --demo。")
    measured = bench_pages(app, rounds, VISITS)
    floors = ["floor: 50 rows from memory", "a bare page of the tally"]
    names = [*floors, *(f"{visit.account} {visit.path}" for visit in VISITS)]
    return [
        Figure(
            what=name,
            milliseconds=round(page.milliseconds, 1),
            ratio=round(page.ratio, 2),
            kilobytes=round(page.kilobytes, 1),
        )
        for name, page in zip(names, measured, strict=True)
    ]


def bench_pages(app: Flask, rounds: int, visits: Sequence[Visit]) -> list[Page]:
    """The floors first. Rounds are interleaved, so that a noisy minute falls on all alike."""
    _add_floors(app)
    clients = {visit.account: _signed_in(app, visit) for visit in visits}
    first = visits[0].account
    looked = [
        *((floor, first) for floor in (FLOOR, TALLY)),
        *((visit.path, visit.account) for visit in visits),
    ]
    sizes = {look: _size(clients[look[1]], look[0]) for look in looked}
    taken: dict[tuple[str, str], list[float]] = {look: [] for look in looked}
    with _no_collection():
        for _ in range(rounds):
            for path, account in looked:
                taken[path, account].append(_get(clients[account], path))
    floor = median(taken[looked[0]])
    return [
        Page(
            path=look[0],
            milliseconds=median(times),
            ratio=median(times) / floor,
            kilobytes=sizes[look] / KILOBYTE,
        )
        for look, times in taken.items()
    ]


def _add_floors(app: Flask) -> None:
    """Rows of text that are in memory already, in the layout of every page; and of the tally."""
    rows = [[f"第{row}行第{column}列" for column in range(COLUMNS)] for row in range(ROWS)]

    def floor() -> str:
        return render_template_string(PAGE, rows=rows)

    def tally() -> str:
        return render_template_string(PAGE, rows=db.session.execute(_tally()).all())

    known = {str(rule) for rule in app.url_map.iter_rules()}
    for path, view in ((FLOOR, floor), (TALLY, tally)):
        view.access = ALLOWED  # type: ignore[attr-defined]
        if path not in known:
            app.add_url_rule(path, view_func=view)


def _tally() -> Select[*tuple[Any, ...]]:
    sums = (func.sum(one) for one in (Tally.expected, Tally.filed_on_time, Tally.filed_late))
    query = select(*[Tally.unit_id, *sums]).group_by(Tally.unit_id)
    return query.order_by(Tally.unit_id).limit(ROWS)


def _size(client: FlaskClient, path: str) -> int:
    """What goes over the wire to a browser."""
    answer = client.get(path, buffered=True, headers={"Accept-Encoding": "gzip"})
    if answer.status_code != OK:
        raise NotMeasured(f"{path} 返回 {answer.status_code}，不能测量。")
    return len(answer.data)


def _signed_in(app: Flask, visit: Visit) -> FlaskClient:
    client = app.test_client()
    token = TOKEN.search(client.get("/sign-in").text)
    form = {"account": visit.account, "password": visit.password}
    answer = client.post("/sign-in", data={**form, "csrf_token": token[1] if token else ""})
    if answer.status_code >= 400 or answer.location is None:  # noqa: PLR2004 a refusal
        raise NotMeasured(f"{visit.account} 不能登录（{answer.status_code}）。")
    return client


def _get(client: FlaskClient, path: str) -> float:
    """How long a whole page takes, in milliseconds."""
    began = perf_counter()
    answer = client.get(path, buffered=True)
    took = perf_counter() - began
    if answer.status_code != OK:
        raise NotMeasured(f"{path} 返回 {answer.status_code}，不能测量。")
    return took * MILLISECONDS


@contextmanager
def _no_collection() -> Iterator[None]:
    """A collection falls on whichever page happens to be next; it is left out."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
