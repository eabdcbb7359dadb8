"""Measures pages as a person gets them, beside a page of fifty rows from memory."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from flask import Flask, render_template_string
from flask.testing import FlaskClient

from tracker.operations.benching import Figure
from tracker.operations.demonstration import PASSWORD
from tracker.operations.migrating import is_initialised

FLOOR = "/bench/floor"
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


# The filer's and the reviewer's pages, as people of the demonstration open them.
VISITS = (
    *(Visit(path=p, account="shuiwu1", password=PASSWORD) for p in ("/", "/obligations")),
    *(Visit(path=p, account="guangzhou1", password=PASSWORD) for p in ("/", "/exemptions")),
    *(Visit(path=p, account="ziyou1", password=PASSWORD) for p in ("/", "/reviews", "/tasks")),
)


def measure_pages(app: Flask, rounds: int) -> list[Figure]:
    """The pages of a demonstration, at whatever size it has, beside the floor page."""
    with app.app_context():
        if not is_initialised():
            raise NotMeasured("系统尚未初始化，请先运行 tracker init --demo。")
    measured = bench_pages(app, rounds, VISITS)
    names = ["floor: 50 rows from memory", *(f"{visit.account} {visit.path}" for visit in VISITS)]
    return [
        Figure(what=name, milliseconds=page.milliseconds, ratio=page.ratio)
        for name, page in zip(names, measured, strict=True)
    ]


def bench_pages(app: Flask, rounds: int, visits: Sequence[Visit]) -> list[Page]:
    """The floor first. Rounds are interleaved, so that a noisy minute falls on all alike."""
    _add_floor(app)
    clients = {visit.account: _signed_in(app, visit) for visit in visits}
    looked = [(FLOOR, visits[0].account), *((visit.path, visit.account) for visit in visits)]
    for path, account in looked:
        _get(clients[account], path)
    taken: dict[tuple[str, str], list[float]] = {look: [] for look in looked}
    with _no_collection():
        for _ in range(rounds):
            for path, account in looked:
                taken[path, account].append(_get(clients[account], path))
    floor = median(taken[looked[0]])
    return [
        Page(path=path, milliseconds=median(times), ratio=median(times) / floor)
        for (path, _), times in taken.items()
    ]


def _add_floor(app: Flask) -> None:
    """Rows of text that are in memory already, in the layout of every page."""
    rows = [[f"第{row}行第{column}列" for column in range(COLUMNS)] for row in range(ROWS)]

    def floor() -> str:
        return render_template_string(PAGE, rows=rows)

    floor.access = ALLOWED  # type: ignore[attr-defined]
    if FLOOR not in {str(rule) for rule in app.url_map.iter_rules()}:
        app.add_url_rule(FLOOR, view_func=floor)


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
