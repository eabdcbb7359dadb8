"""Papers of bulletins and situations, by page and by command: their figures are their pages'."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import Flask

from tests.papers.test_official import marks, words
from tests.web.conftest import Visit
from tests.web.test_supervising import COUNT, TAG, digest_id, drafts
from tests.web.urged import proposed, send
from tracker.db import db
from tracker.operations import papering
from tracker.operations.papering import Refused
from tracker.supervision.models import Bulletin, BulletinLine

SignedIn = Callable[[str], Visit]
OFFICE = "省商务厅自贸办"
SITUATION_DAY = date(2027, 4, 1)
OPENS = re.compile(r'href="(/papers/\d+/figures/\w+)" aria-label="查看(.*?)的(\d+)项"')

__all__ = ["drafts"]


def made(visit: Visit, page: str, **typed: str) -> str:
    """The address of the file that a page makes."""
    response = visit.post(f"{page}/paper", form=page, **typed)
    assert response.status_code == 302
    return str(response.location)


def read(visit: Visit, file: str) -> Any:
    return Document(io.BytesIO(visit.get(file).data))


def situation_page(drafts: Flask) -> str:
    return f"/digests/{digest_id(drafts, 'situation', OFFICE)}"


def published(drafts: Flask, signed_in: SignedIn) -> str:
    """The chief issues the month's bulletin as it was drafted."""
    with drafts.app_context():
        bulletin = db.session.query(Bulletin).filter_by(office_name=OFFICE).one()
        page = f"/bulletins/{bulletin.id}"
        text = {"title": bulletin.title, "opening": bulletin.opening, "demands": bulletin.demands}
    chief = signed_in("ziyou2")
    assert chief.post(f"{page}/publish", form=page, **text).status_code == 302
    return page


def opens_what_it_counts(visit: Visit, file: str) -> dict[str, int]:
    """Each figure of a paper's page whose list is opened; the list is as long as the figure."""
    page = visit.page(file.removesuffix("/file.docx"))
    for url, word, number in OPENS.findall(page):
        listed = visit.page(url)
        assert f"{number}项</span></h1>" in listed, word
        assert len(re.findall(r'data-label="事项"', listed)) == min(int(number), 50), word
    return {word: int(number) for _, word, number in OPENS.findall(page)}


def test_a_situations_figures_are_those_of_its_page(drafts: Flask, signed_in: SignedIn) -> None:
    visit, page = signed_in("ziyou1"), situation_page(drafts)
    told = [(TAG.sub("", word), number) for word, number in COUNT.findall(visit.page(page))]
    said = [int(number.replace(",", "")) for _, number in told]
    file = made(visit, page, reader="province")
    held = marks(read(visit, file))
    names = ("measures", "tasks", "landed", "expected", "on_time", "late", "missing", "overdue")
    assert [int(held[f"_{name}"]) for name in names] == said
    assert sum(said[4:7]) == said[3]
    opened = opens_what_it_counts(visit, file)
    assert opened["累计逾期"] == said[7]
    assert opened["任务"] == said[1]


@pytest.mark.parametrize(("reader", "name"), [("province", "省人民政府"), ("ministry", "商务部")])
def test_a_situation_goes_to_whom_it_is_for_and_leaves_under_the_departments_name(
    drafts: Flask, signed_in: SignedIn, reader: str, name: str
) -> None:
    visit, page = signed_in("ziyou1"), situation_page(drafts)
    paper = read(visit, made(visit, page, reader=reader))
    lines = words(paper).splitlines()
    assert f"{name}：" in lines
    assert lines[lines.index("2027年4月1日") - 1] == "省商务厅"
    assert any("由省商务厅自贸办统筹的通知" in line for line in lines)
    assert visit.post(f"{page}/paper", form=page, reader="nobody").location.endswith(page)


def test_a_bulletins_figures_are_one_population(drafts: Flask, signed_in: SignedIn) -> None:
    page, visit = published(drafts, signed_in), signed_in("ziyou1")
    file = made(visit, page)
    paper = read(visit, file)
    held = marks(paper)
    numbers = {name: int(held[f"_{name}"]) for name in ("expected", "on_time", "late", "missing")}
    assert numbers["expected"] == numbers["on_time"] + numbers["late"] + numbers["missing"]
    with drafts.app_context():
        own = {"bulletin_id": int(page.rpartition("/")[2])}
        assert int(held["_overdue"]) == db.session.query(BulletinLine).filter_by(**own).count()
    assert len(paper.tables[0].rows) == int(held["_overdue"]) + 1
    assert "省商务厅自贸办通报〔2027〕1号" in words(paper)
    assert opens_what_it_counts(visit, file)["已到期的应报事项"] == numbers["expected"]


def test_the_commands_write_the_files_that_the_pages_hand_out(
    drafts: Flask, signed_in: SignedIn, tmp_path: Path
) -> None:
    bulletin, visit, out = published(drafts, signed_in), signed_in("ziyou1"), tmp_path / "a.docx"
    with drafts.app_context():
        assert "SHA-256" in papering.situation(OFFICE, SITUATION_DAY, "ministry", out)
        situation = out.read_bytes()
        papering.bulletin(int(bulletin.rpartition("/")[2]), out)
        db.session.remove()
    assert situation == visit.get(made(visit, situation_page(drafts), reader="ministry")).data
    assert out.read_bytes() == visit.get(made(visit, bulletin)).data


def test_the_commands_refuse_what_is_not_there(drafts: Flask, tmp_path: Path) -> None:
    out = tmp_path / "a.docx"
    with drafts.app_context():
        draft = db.session.query(Bulletin.id).filter_by(office_name=OFFICE).scalar()
        for refused, sentence in (
            (lambda: papering.urge(99, out), "没有这件已发出的催办单"),
            (lambda: papering.bulletin(draft, out), "没有这件已印发的通报"),
            (lambda: papering.situation("省税务局", SITUATION_DAY, "ministry", out), "统筹单位"),
            (lambda: papering.situation(OFFICE, date(2027, 5, 1), "ministry", out), "不能晚于"),
            (
                lambda: papering.situation(OFFICE, SITUATION_DAY, "ministry", tmp_path / "b" / "c"),
                "无法写入",
            ),
        ):
            with pytest.raises(Refused, match=sentence):
                refused()
            db.session.rollback()
    assert not out.exists()


def test_the_command_writes_the_urge_that_the_page_hands_out(
    site: Flask, signed_in: SignedIn, tmp_path: Path
) -> None:
    urge_id, out = proposed(site), tmp_path / "urge.docx"
    with site.app_context(), pytest.raises(Refused):
        papering.urge(urge_id, out)
    send(signed_in("ziyou2"), site, urge_id)
    with site.app_context():
        papering.urge(urge_id, out)
        db.session.remove()
    visit = signed_in("shuiwu1")
    assert out.read_bytes() == visit.get(made(visit, f"/urges/{urge_id}")).data
    assert words(Document(str(out))).count("项应报事项逾期") == 1
