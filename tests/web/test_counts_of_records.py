"""No query in a loop on the pages of records: of little they ask as often as of much."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import TAX, unit
from tests.web.conftest import Visit
from tests.web.test_at_size import many
from tests.web.test_query_counts import counted
from tracker.clock import now, today
from tracker.db import db
from tracker.delivery.letters import INBOX
from tracker.delivery.models import Message
from tracker.jobs import timetable
from tracker.registry.models import Person
from tracker.supervision.models import Bulletin, Digest

SignIn = Callable[[str], Visit]
LEADS = "省税务局、省公安厅、省商务厅、省司法厅、省交通运输厅、省市场监管局"
# A Monday's morning, and what has come about by then: two units that owe little, or many much.
MORNINGS = {
    "2026-07-20T09:30": {"number": 2},
    "2026-07-27T09:30": {"number": 40, "leads": LEADS, "scope": "全省范围"},
}
QUARTER = "2026-Q2"
OWN = ("/calendar", "/messages", "/digests", "/returns", "/requests", "/parts", "/urges/received")
OFFICE = (
    "/ledger",
    "/owed.xlsx?which=overdue",
    "/dashboard/units",
    "/papers",
    "/digests",
    "/matters",
    "/matters/closed",
    "/checks",
    "/urges",
    "/bulletins",
    "/evaluations",
    "/outbox",
    "/messages",
    "/timetable",
    "/timetable/remind-units",
)


def test_pages_of_records_ask_as_often_for_2_units_as_for_27(
    site: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    for morning, notice in MORNINGS.items():
        monkeypatch.setenv("TRACKER_NOW", morning)
        many(site, **notice)
        with site.app_context():
            for job in ("remind-units", "summarise-offices", "draft-situation"):
                timetable.by_hand(job, today(), now())
            db.session.remove()
        asked.append(asked_of(site, signed_in("fagai2"), signed_in("shuiwu1")))
    few, lots = asked
    assert lots == few
    assert {"a unit's digest", "an evaluation's rows", "a bulletin", "a paper", "the feed"} <= set(
        few
    )


def asked_of(site: Flask, chief: Visit, filer: Visit) -> dict[str, int]:
    """By the name of the page: the addresses of records differ."""
    office = {page: page for page in OFFICE} | _of_office(site, chief)
    own = {f"own {page}": page for page in OWN} | _of_unit(site, filer)
    told = {}
    for visit, pages in ((chief, office), (filer, own)):
        for name, page in pages.items():
            with counted(site) as seen:
                assert visit.get(page).status_code == 200, (name, page)
            told[name] = len(seen)
    return told


def _of_office(site: Flask, chief: Visit) -> dict[str, str]:
    """An evaluation, an issued bulletin and its paper, the summary: of what there is today."""
    given = {"period": QUARTER, "as_of": today().isoformat()}
    evaluation = chief.post("/evaluations", form="/evaluations", **given).headers["Location"]
    bulletin = chief.post("/bulletins", form="/bulletins").headers["Location"]
    _publish(site, chief, bulletin)
    file = chief.post(f"{bulletin}/paper", form=bulletin).headers["Location"]
    paper = file.removesuffix("/file.docx")
    digest = f"/digests/{_latest(site, 'office-digest', '省发展改革委')}"
    figures = re.findall(rf'href="({paper}/figures/[^"?]+)"', chief.page(paper))
    return {
        "an evaluation": evaluation,
        "an evaluation's rows": f"{evaluation}/rows?figure=expected",
        "a bulletin": bulletin,
        "a paper": paper,
        "a paper's figure": figures[0],
        "an office's digest": digest,
        "an office's digest's rows": f"{digest}/overdue",
        "an office's digest as workbook": f"{digest}/list.xlsx",
    }


def _of_unit(site: Flask, filer: Visit) -> dict[str, str]:
    digest = f"/digests/{_latest(site, 'unit-digest', TAX)}"
    feed = re.search(
        r"/feeds/[^\s\"<]+\.ics", filer.post("/calendar/address", form="/calendar").text
    )
    assert feed
    with site.app_context():
        mine = Message.channel == INBOX, Person.account == "shuiwu1"
        query = select(func.max(Message.id)).join(Person, Message.person_id == Person.id)
        message = db.session.scalars(query.where(*mine)).one()
    return {
        "a unit's digest": digest,
        "a unit's digest's rows": f"{digest}/overdue",
        "a unit's digest as workbook": f"{digest}/list.xlsx",
        "a message": f"/messages/{message}",
        "the feed": feed[0],
    }


def _publish(site: Flask, chief: Visit, bulletin: str) -> None:
    with site.app_context():
        draft = db.session.get_one(Bulletin, int(bulletin.rpartition("/")[2]))
        typed = {"title": draft.title, "opening": draft.opening, "demands": "请抓紧补报。"}
        named = unit(TAX).id
    answer = chief.post(f"{bulletin}/publish", form=bulletin, named=named, **typed)
    assert answer.status_code == 302


def _latest(site: Flask, kind: str, name: str) -> int:
    with site.app_context():
        query = select(func.max(Digest.id)).where(
            Digest.kind == kind, Digest.recipient_id == unit(name).id
        )
        return db.session.scalars(query).one()
