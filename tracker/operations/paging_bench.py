"""Measures pages as a person's browser gets them, beside a page of fifty rows from memory."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask, render_template_string
from sqlalchemy import Select, func, select

from tracker.db import db
from tracker.operations.benching import Figure
from tracker.operations.browsing import Answer, Browser, SignInRefused, served
from tracker.operations.demonstration import PASSWORD
from tracker.operations.migrating import is_initialised
from tracker.tasks.models import Tally

FLOOR, TALLY = "/bench/floor", "/bench/tally"
KILOBYTE = 1024
ROWS, COLUMNS = 50, 8
# A morning's first looks: five pass until the driver prepares a statement, five more until
# PostgreSQL keeps a plan for it.
WARM = 11
ALLOWED = "own account"
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
    """A median over the rounds, how many times that of the floor it is, and what is sent."""

    path: str
    milliseconds: float
    ratio: float
    kilobytes: float
    first_kilobytes: float


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
            first_kilobytes=round(page.first_kilobytes, 1),
        )
        for name, page in zip(names, measured, strict=True)
    ]


def bench_pages(app: Flask, rounds: int, visits: Sequence[Visit]) -> list[Page]:
    """The floors first. Rounds are interleaved, so that a noisy minute falls on all alike."""
    _add_floors(app)
    first = visits[0].account
    looked = [
        *((floor, first) for floor in (FLOOR, TALLY)),
        *((visit.path, visit.account) for visit in visits),
    ]
    with ExitStack() as stack:
        port = stack.enter_context(served(app))
        browsers = {
            visit.account: stack.enter_context(closing(_signed_in(port, visit))) for visit in visits
        }
        sent = {look: _sent(browsers[look[1]], look[0]) for look in looked}
        taken: dict[tuple[str, str], list[float]] = {look: [] for look in looked}
        with _no_collection():
            for turn in range(-_warming(rounds), rounds):
                for path, account in looked:
                    took = _get(browsers[account], path)
                    if turn >= 0:
                        taken[path, account].append(took)
    floor = median(taken[looked[0]])
    return [
        Page(
            path=look[0],
            milliseconds=median(times),
            ratio=median(times) / floor,
            kilobytes=sent[look][0] / KILOBYTE,
            first_kilobytes=sent[look][1] / KILOBYTE,
        )
        for look, times in taken.items()
    ]


def _warming(rounds: int) -> int:
    """Rounds that do not count. One alone is asked for to see that every page answers."""
    return WARM if rounds > 1 else 0


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


def _signed_in(port: int, visit: Visit) -> Browser:
    browser = Browser(port)
    try:
        browser.sign_in(visit.account, visit.password)
    except SignInRefused as refusal:
        raise NotMeasured(str(refusal)) from refusal
    return browser


def _sent(browser: Browser, path: str) -> tuple[int, int]:
    """Bytes of a page, and of its first visit with all that it loads; by this it is warm."""
    page = _page(browser, path)
    return len(page.sent), len(page.sent) + browser.loaded_by(page)


def _get(browser: Browser, path: str) -> float:
    """How long a whole page takes, in milliseconds."""
    began = perf_counter()
    _page(browser, path)
    return (perf_counter() - began) * MILLISECONDS


def _page(browser: Browser, path: str) -> Answer:
    answer = browser.get(path)
    if answer.status != OK:
        raise NotMeasured(f"{path} 返回 {answer.status}，不能测量。")
    return answer


@contextmanager
def _no_collection() -> Iterator[None]:
    """A collection falls on whichever page happens to be next; it is left out."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
