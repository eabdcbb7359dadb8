"""No query in a loop: a page asks as often with twice the data as with half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from tests.operations.documents import DAY, document
from tests.web.conftest import Visit
from tests.web.pages import OPEN, PAGES, UNKNOWN, hand_in
from tracker.db import db
from tracker.notices.handing_in import draft_of
from tracker.notices.importing import Particulars
from tracker.tasks.adopting import adopt

MOST = 20


@contextmanager
def counted(site: Flask) -> Iterator[list[str]]:
    asked: list[str] = []
    with site.app_context():
        engine = db.engine

    def note(*args: object) -> None:
        asked.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def counts(site: Flask, visit: Visit, pages: tuple[str, ...]) -> dict[str, int]:
    found = {}
    for url in pages:
        with counted(site) as asked:
            visit.get(url)
        found[url] = len(asked)
    return found


def rows(number: int) -> list[str]:
    return [
        f"{no}\t推行第{no}号事项\t一是办好。\t省税务局、省公安厅、{UNKNOWN}{no}\t{OPEN}{no}"
        for no in range(1, number + 1)
    ]


def test_a_page_asks_as_often_whatever_the_number_of_rows(site: Flask, reviewer: Visit) -> None:
    small = hand_in(reviewer, document(*rows(2)))
    large = hand_in(reviewer, document(*rows(300), number="粤府函〔2026〕902号"))
    few, many = counts(site, reviewer, (small,))[small], counts(site, reviewer, (large,))[large]
    assert few == many


def test_lists_ask_as_often_after_many_more_tasks(site: Flask, reviewer: Visit) -> None:
    hand_in(reviewer)
    before = counts(site, reviewer, PAGES)
    with site.app_context():
        _twice_as_many_tasks()
    after = counts(site, reviewer, PAGES)
    assert after == before
    assert max(after.values()) <= MOST


def _twice_as_many_tasks() -> None:
    """One more notice with two hundred measures for every city."""
    lines = [f"{no}\t第{no}号事项\t一是。\t省税务局、省公安厅\t全省范围" for no in range(1, 201)]
    text = document(*lines, number="粤府函〔2026〕903号", title="广东省人民政府关于大通知的通知")
    particulars = {0: Particulars(slug="many", short_title="多", office="省发展改革委")}
    adopt(draft_of(text.encode()), particulars, source_id=None, on=DAY)
    db.session.commit()
