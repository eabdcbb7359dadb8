"""Ten or five hundred: a page asks as often, and an act writes in as many statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import open_on
from tests.operations.documents import DAY, document
from tests.web.conftest import Visit
from tests.web.filing import OPENED, owe
from tests.web.test_filing_sheets import filled, send
from tests.web.test_query_counts import MOST, counted, counts
from tracker.db import db, writing
from tracker.notices.handing_in import draft_of
from tracker.notices.importing import Particulars
from tracker.notices.models import Notice
from tracker.reports.models import Report
from tracker.reports.receipts import next_receipt
from tracker.reports.states import ACCEPTED, FILED, SIGNING
from tracker.tasks import scheduling
from tracker.tasks.adopting import adopt
from tracker.tasks.models import Obligation, Task, Tracking, Waiver
from tracker.tasks.states import GRANTED, WAIVED

SIZES = (10, 500)


@dataclass
class Desks:
    """The city's filer and signer, a lead's filer, and the office that reviews."""

    site: Flask
    city: Visit
    signer: Visit
    lead: Visit
    office: Visit

    def asks(self, visit: Visit, *pages: str) -> dict[str, int]:
        found = counts(self.site, visit, pages)
        assert max(found.values()) <= MOST
        return {page.replace("many-500", "many-10"): asked for page, asked in found.items()}

    def says(self, act: Callable[[], object]) -> int:
        with counted(self.site) as said:
            act()
        return len(said)


@pytest.fixture
def desks(site: Flask, signed_in: Callable[[str], Visit], monkeypatch: pytest.MonkeyPatch) -> Desks:
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(site)
    visits = map(signed_in, ("guangzhou1", "guangzhou2", "shuiwu1", "fagai1"))
    return Desks(site, *visits)


def many(site: Flask, number: int, *, leads: str = "省税务局", scope: str = "广州市") -> str:
    """One more notice with so many measures for 广州 and a lead; the address of its sheet."""
    slug = f"many-{number}"
    lines = [f"{no}\t第{no}号事项\t一是。\t{leads}\t{scope}" for no in range(1, number + 1)]
    title = f"广东省人民政府关于{number}项的通知"
    text = document(*lines, number=f"粤府函〔2026〕{number}号", title=title)
    with site.app_context(), writing():
        particulars = {0: Particulars(slug=slug, short_title=slug, office="省发展改革委")}
        adopt(draft_of(text.encode()), particulars, source_id=None, on=DAY)
        notice = db.session.scalars(select(Notice).where(Notice.slug == slug)).one()
        scheduling.start(db.session.get_one(Tracking, notice.id), on=OPENED.replace(month=1, day=1))
        open_on(OPENED)
        db.session.commit()
    return f"/sheets/{slug}/2026-H1"


def ticks(visit: Visit, url: str, name: str = "report") -> list[str]:
    return lxml.html.fromstring(visit.page(url)).xpath(f'//input[@name="{name}"]/@value')


def in_state(site: Flask, state: str) -> list[Report]:
    with site.app_context():
        query = select(Report).where(Report.state == state).order_by(Report.id)
        return list(db.session.scalars(query))


def test_a_period_asks_and_writes_as_often_for_500_rows_as_for_10(desks: Desks) -> None:
    with desks.site.app_context(), writing():
        next_receipt(OPENED.year)  # the year's first number takes longer
        db.session.commit()
    few, lots = (told_of(desks, number) for number in SIZES)
    assert lots == few


def told_of(desks: Desks, number: int) -> dict[str, int]:
    """Every page on a sheet's way to acceptance, and every act, with its number of statements."""
    url = many(desks.site, number)
    told = desks.asks(desks.city, url, "/", "/obligations", "/exemptions")
    told |= {f"lead {page}": said for page, said in desks.asks(desks.lead, "/", "/tasks").items()}
    told["report"] = one_of(desks, desks.city, f"/obligations/{first_owed(desks, url)}")
    told["save"] = saved(desks, url, "save")
    told["submit"] = saved(desks, url, "submit")
    assert len(in_state(desks.site, SIGNING)) == number
    told |= desks.asks(desks.signer, "/", "/signing", f"{url}/signing")
    told["sign"] = signed(desks, url)
    assert len(in_state(desks.site, FILED)) == number
    told |= {f"office {p}": n for p, n in desks.asks(desks.office, "/", "/reviews").items()}
    told["review"] = one_of(desks, desks.office, f"/reviews/{in_state(desks.site, FILED)[0].id}")
    told["accept"] = accepted(desks)
    return told


def one_of(desks: Desks, visit: Visit, page: str) -> int:
    return desks.asks(visit, page)[page]


def first_owed(desks: Desks, url: str) -> str:
    return ticks(desks.city, url, "row")[0]


def saved(desks: Desks, url: str, action: str) -> int:
    data = filled(desks.city, url, action=action)
    return desks.says(lambda: send(desks.city, data, url))


def signed(desks: Desks, url: str) -> int:
    page = f"{url}/signing"
    form = lxml.html.fromstring(desks.signer.page(page))
    data = {
        "csrf_token": form.xpath('//input[@name="csrf_token"]/@value')[0],
        "report": form.xpath('//input[@name="report"]/@value'),
    }
    return desks.says(lambda: send(desks.signer, data, page))


def accepted(desks: Desks) -> int:
    """A hundred at most go in one; five hundred take five, each in as many statements."""
    acts = list(batches(desks))
    said = [desks.says(act) for act in acts]
    assert in_state(desks.site, FILED) == []
    assert len(set(said)) == 1
    return said[0]


def batches(desks: Desks) -> Iterator[Callable[[], object]]:
    waiting = [f"{report.id}:{report.revision}" for report in in_state(desks.site, FILED)]
    token = (
        desks.office.page("/reviews").partition('name="csrf_token" value="')[2].partition('"')[0]
    )
    for start in range(0, len(waiting), 100):
        data = {"csrf_token": token, "report": waiting[start : start + 100]}
        yield lambda data=data: desks.office.client.post("/reviews/accept", data=data)


def test_waivers_are_asked_for_and_granted_in_as_many_statements(desks: Desks) -> None:
    many(desks.site, 110)
    said = [(asked(desks, number), granted(desks, number)) for number in (10, 100)]
    assert said[0] == said[1]
    with desks.site.app_context():
        held = select(func.count()).where(Waiver.state == GRANTED)
        waived = select(func.count()).where(Obligation.status == WAIVED)
        # Two half-years have begun by then.
        assert (db.session.scalar(held), db.session.scalar(waived)) == (110, 220)


def asked(desks: Desks, number: int) -> int:
    with desks.site.app_context():
        free = select(Task.id).join(Notice, Task.notice_id == Notice.id)
        free = free.where(Notice.slug == "many-110", Task.role == "local")
        taken = select(Waiver.task_id)
        ids = list(db.session.scalars(free.where(Task.id.not_in(taken)).limit(number)))
    page = "/exemptions"
    return desks.says(
        lambda: desks.city.post(page, form=page, task=ids, reason="本地没有这项业务。")
    )


def granted(desks: Desks, number: int) -> int:
    with desks.site.app_context():
        ids = list(db.session.scalars(select(Waiver.id).where(Waiver.state != GRANTED)))
    assert len(ids) == number
    return desks.says(lambda: desks.office.post("/waivers", waiver=ids, ruling="grant"))


def test_accepted_reports_are_accepted(desks: Desks) -> None:
    told_of(desks, 10)
    assert len(in_state(desks.site, ACCEPTED)) == 10
