"""No query in a loop: a page asks as often with twice the data as with half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select

from tests.cast import follow_from, open_on
from tests.operations.documents import DAY, document
from tests.statements import asked
from tests.web.conftest import Visit
from tests.web.filed import FOLLOWED, opened
from tests.web.pages import OPEN, PAGES, UNKNOWN, hand_in
from tracker.clock import now, today
from tracker.db import db, writing
from tracker.notices.handing_in import draft_of
from tracker.notices.importing import Particulars
from tracker.notices.models import Notice
from tracker.registry.models import Unit
from tracker.reports.models import Report
from tracker.tasks.adopting import adopt
from tracker.tasks.models import Obligation

# A task's page tells its whole life, from a dozen tables.
MOST = 28


@contextmanager
def counted(site: Flask) -> Iterator[list[str]]:
    with site.app_context():
        engine = db.engine
    with asked(engine) as seen:
        yield seen


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


def test_the_queue_asks_as_often_with_10_as_with_500_reports(site: Flask, reviewer: Visit) -> None:
    """Filed in bulk rows: what the page reads is the same as what filing writes."""
    opened(site)
    many_waiting(site, 10)
    pages = ("/reviews", "/reviews?notice=yfh-2023-59&kind=progress", "/")
    few = counts(site, reviewer, pages)
    many_waiting(site, 490)
    assert counts(site, reviewer, pages) == few
    assert "待审核500份" in reviewer.page("/reviews")


GLANCES = (
    "/dashboard",
    "/dashboard/brief",
    "/dashboard/units",
    "/owed?which=awaited",
    "/owed?which=newly",
    "/owed?which=expected",
    "/owed?which=missing&day=2026-11-01",
    "/cities/4401",
    "/cities/4401/checklist",
    "/notices/yfh-2023-59/matrix",
    "/notices/yfh-2023-59",
    "/measures/60",
    "/units/31",
)


def test_what_is_seen_at_a_glance_is_asked_as_often_with_thousands_more(
    site: Flask, reviewer: Visit
) -> None:
    with site.app_context(), writing():
        follow_from(FOLLOWED)
        open_on(FOLLOWED)
        db.session.commit()
    few = counts(site, reviewer, GLANCES)
    opened(site)
    assert counts(site, reviewer, GLANCES) == few


def many_waiting(site: Flask, number: int) -> None:
    with site.app_context(), writing():
        known = select(Report.obligation_id)
        found = db.session.scalars(
            select(Obligation)
            .join(Notice, Obligation.notice_id == Notice.id)
            .where(Notice.office_id == office_id(), Obligation.id.not_in(known))
            .order_by(Obligation.id)
            .limit(number)
        )
        for owed in found.all():
            db.session.add(
                Report(
                    obligation_id=owed.id,
                    unit_id=owed.unit_id,
                    notice_id=owed.notice_id,
                    state="filed",
                    body={},
                    written_at=now(),
                    revision=1,
                    review_by=today(),
                )
            )
        db.session.commit()


def office_id() -> int:
    return db.session.scalars(select(Unit.id).where(Unit.name == "省商务厅自贸办")).one()
