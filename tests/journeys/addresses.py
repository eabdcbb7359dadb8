"""Addresses to which no first link leads: records in each state, filters that are set."""

from __future__ import annotations

import io
import re

from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from tests.cast import EIGHTH, OFFICE, TAX, unit
from tests.conftest import DAY
from tests.web.conftest import Visit
from tests.web.filing import form_of, post_parts
from tests.web.pages import PAGES, hand_in
from tracker import jobs
from tracker.coordinating import checks
from tracker.coordinating.experience import MORE
from tracker.coordinating.models import Case
from tracker.db import db
from tracker.notices.models import Notice
from tracker.registry.models import Succession, Unit
from tracker.reports.models import Report, Revision
from tracker.reports.states import DRAFT
from tracker.supervision.models import Bulletin, Digest
from tracker.supervision.snapshots import SITUATION
from tracker.supervision.states import PUBLISHED
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import DUE, LEAD, LOCAL, OPEN

GUANGZHOU = "广州市人民政府"
OWED, EVIDENCE = "/obligations/{}", "/obligations/{}/evidence"


def addresses(app: Flask) -> dict[str, list[str]]:
    """By account. A page that no link reaches gets its address here."""
    this_morning(app)
    draft = hand_in(visit(app, "ziyou1"))
    with app.app_context():
        owed, city = reports_of(TAX), reports_of(GUANGZHOU)
        found = {
            "ziyou1": [draft, *filtered(), *tasks(), succession(), measure(), paper(), *drafted()],
            "shuiwu1": [
                *map(OWED.format, owed.values()),
                EVIDENCE.format(owed[DRAFT]),
                receipt(),
                *requests(),
            ],
            "guangzhou1": [*map(OWED.format, city.values()), case()],
        }
    attach(app, owed[DRAFT])
    found["ziyou1"] += [check(app), *issued_paper(app)]
    found["fagai2"] = [taken_up(app)]
    found[""] = [feed(app)]
    return found


def visit(app: Flask, account: str) -> Visit:
    made = Visit(app.test_client())
    made.sign_in(account)
    return made


def this_morning(app: Flask) -> None:
    """The digests of the day, as the scheduler would make them."""
    with app.app_context():
        for job in ("remind-units", "summarise-offices"):
            jobs.run(job, DAY)
        db.session.remove()


def attach(app: Flask, owed: int) -> None:
    """Evidence that the made-up reports have none of."""
    tax, file = visit(app, "shuiwu1"), FileStorage(io.BytesIO(b"%PDF-1.4 "), "佐证.pdf")
    data = {**form_of(tax, OWED.format(owed)), "files": file}
    answer = post_parts(tax, EVIDENCE.format(owed), data)
    assert answer.status_code == 302


def issued_paper(app: Flask) -> list[str]:
    """A bulletin that was issued, as its official document."""
    with app.app_context():
        number = db.session.scalar(
            select(func.min(Bulletin.id))
            .join(Unit, Bulletin.office_id == Unit.id)
            .where(Bulletin.state == PUBLISHED, Unit.name == OFFICE)
        )
    page = f"/bulletins/{number}"
    answer = visit(app, "ziyou1").post(f"{page}/paper", form=page)
    assert answer.status_code == 302
    file = answer.headers["Location"]
    return [file, file.removesuffix("/file.docx")]


def taken_up(app: Flask) -> str:
    """Where a notice that was on record only, and is followed now, is let go again."""
    page = "/notices/gh-2020-96/follow"
    typed = {"starts_on": "2027-01-01", "source": "演示：会议纪要。", "with_cities": "1"}
    answer = visit(app, "fagai2").post(page, form=page, action="save", **typed)
    assert answer.status_code == 302
    return page.replace("follow", "stop")


def feed(app: Flask) -> str:
    """The tax bureau's days, behind the secret address that is shown once."""
    told = visit(app, "shuiwu1").post("/calendar/address", form="/calendar").text
    found = re.search(r"/feeds/[^\s\"<]+\.ics", told)
    assert found
    return found[0]


def requests() -> list[str]:
    """What the tax bureau may ask for about one of its open tasks."""
    query = select(func.min(Task.id)).where(Task.unit_id == unit(TAX).id, Task.state == OPEN)
    number = db.session.scalar(query.where(Task.role == LEAD))
    return [f"/tasks/{number}/dispute", f"/tasks/{number}/closing"]


def check(app: Flask) -> str:
    """Of a city, with a file that the made-up checks have none of."""
    office, file = visit(app, "ziyou1"), FileStorage(io.BytesIO(b"%PDF-1.4 "), "现场.pdf")
    seen = {"city": "4401", "made_on": DAY.isoformat(), "made_by": "演示·甲", "seen": "已推开。"}
    data = {**form_of(office, "/checks/new"), **seen, "is_fine": "1", "files": file}
    answer = post_parts(office, "/checks/new", data)
    assert answer.status_code == 302
    found = answer.headers["Location"]
    return f"{found}/files/{file_of(app, int(found.rpartition('/')[2]))}"


def file_of(app: Flask, check_id: int) -> int:
    with app.app_context():
        return checks.files_of(check_id)[0].id


def filtered() -> list[str]:
    return [url for url in PAGES if "?" in url or url.startswith("/imports/1/")]


def reports_of(name: str) -> dict[str, int]:
    """One obligation of a unit for each state that its reports are in."""
    first = func.min(Report.obligation_id)
    query = select(Report.state, first).where(Report.unit_id == unit(name).id)
    found = db.session.execute(query.group_by(Report.state))
    return {row[0]: row[1] for row in found}


def tasks() -> list[str]:
    """One of each role in each state."""
    query = select(func.min(Task.id)).group_by(Task.role, Task.state)
    return [f"/tasks/{number}" for number in db.session.scalars(query)]


def succession() -> str:
    found = db.session.scalars(select(Succession).order_by(Succession.id)).first()
    assert found
    return f"/units/{found.old_id}/successions/{found.id}"


def receipt() -> str:
    query = select(func.min(Revision.receipt)).where(Revision.unit_id == unit(TAX).id)
    return f"/receipts/{db.session.scalar(query)}"


def measure() -> str:
    """Of the visitor's own office, with local tasks, for a waiver without an application."""
    query = select(func.min(Task.measure_id)).join(Notice, Task.notice_id == Notice.id)
    chosen = query.where(Notice.slug == EIGHTH, Task.role == LOCAL)
    return f"/waivers/measures/{db.session.scalar(chosen)}"


def case() -> str:
    """Of 广州市, to be written anew as the office asked."""
    return f"/cases/{db.session.scalars(select(Case.id).where(Case.state == MORE)).first()}/edit"


def paper() -> str:
    """What is owed to that office still, for a report that came on paper."""
    query = select(func.min(Obligation.id)).join(Notice, Obligation.notice_id == Notice.id)
    chosen = query.where(Notice.slug == EIGHTH, Obligation.status == DUE)
    return f"/paper/{db.session.scalar(chosen)}"


def drafted() -> list[str]:
    """The latest draft of a situation report, and what one of its numbers counts."""
    query = select(func.max(Digest.id)).where(Digest.kind == SITUATION)
    number = db.session.scalar(query.where(Digest.recipient_id == unit(OFFICE).id))
    return [f"/digests/{number}", f"/digests/{number}/counted/expected"]
