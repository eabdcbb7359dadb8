"""What people do on the way of a journey, a verb each, in their own browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from docx import Document
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.cast import TAX, tasks_of, tracking_of, unit
from tests.journeys.conftest import open_by
from tests.web.filing import OPENED, TEXT
from tracker import jobs
from tracker.db import db
from tracker.reports.models import Report
from tracker.tasks.models import Obligation, Task

Enter = Callable[[str], Page]
Also = Callable[[Page], object]


def nothing(page: Page) -> None:
    """No more than the plain report."""


def owed(app: Flask, name: str, slug: str, kind: str = "progress") -> str:
    """The address of something a unit owes that nobody has written on."""
    with app.app_context():
        written = select(Report.obligation_id)
        task = select(Task.id).where(Task.id.in_([one.id for one in tasks_of(name, slug)]))
        query = select(Obligation.id).where(
            Obligation.task_id.in_(task),
            Obligation.kind == kind,
            Obligation.status == "due",
            Obligation.unit_id == unit(name).id,
            Obligation.id.not_in(written),
        )
        return f"/obligations/{db.session.scalars(query.order_by(Obligation.id)).first()}"


def write(page: Page, url: str, also: Also = nothing, **more: str) -> None:
    page.goto(url)
    also(page)
    page.get_by_label("推进中").check()
    page.get_by_label("完成进度").fill("40")
    page.locator("#progress").fill(TEXT)
    for name, text in more.items():
        page.locator(f"#{name}").fill(text)
    submit(page)


def submit(page: Page) -> None:
    page.get_by_role("button", name="送审", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已送审")


def signed(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_role("button", name="审签报送").click()
    expect(page.get_by_role("heading", name="报送回执")).to_be_visible()


def filed(enter: Enter, app: Flask, slug: str, **more: str) -> str:
    """省税务局's filer and signer send a report; its address."""
    url = owed(app, TAX, slug)
    write(enter("shuiwu1"), url, **more)
    signed(enter("shuiwu2"), url)
    return url


def review(app: Flask, page: Page, url: str) -> Page:
    """The office opens the report in its queue."""
    with app.app_context():
        number = int(url.rpartition("/")[2])
        query = select(Report.id).where(Report.obligation_id == number)
        report_id = db.session.scalars(query).one()
    page.goto("/reviews")
    expect(page.locator(f'a[href="/reviews/{report_id}"]')).to_be_visible()
    page.goto(f"/reviews/{report_id}")
    return page


def seen(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible()


def plan(page: Page, url: str, what: str) -> None:
    page.goto(url)
    page.get_by_label("工作安排").fill(TEXT)
    page.get_by_label("第1个时间节点的工作内容").fill(what)
    page.get_by_label("第1个时间节点的完成日期").fill("2026-12-01")
    submit(page)


def accepted(page: Page) -> None:
    page.get_by_role("button", name="通过", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已通过")


def answered(office: Page, words: str, answer: str) -> None:
    """The office finds a difficulty in its list and answers it."""
    office.goto("/difficulties")
    open_by(office.get_by_role("link", name=words))
    office.locator("summary", has_text="答复").click()
    office.get_by_label("答复内容").fill(answer)
    office.get_by_role("button", name="答复", exact=True).click()
    seen(office, answer)


def case(enter: Enter, app: Flask, slug: str, title: str) -> str:
    """A city writes and signs a case; its address."""
    city = enter("guangzhou1")
    city.goto("/cases/new")
    with app.app_context():
        notice_id = tracking_of(slug).notice_id
    city.get_by_label("依据的通知或事项").select_option(f"notice-{notice_id}")
    city.get_by_label("案例名称").fill(title)
    city.get_by_label("主要做法").fill("整合窗口，一次受理。")
    city.get_by_label("取得成效").fill("办理时限压减60%。")
    city.get_by_role("button", name="提交审签").click()
    expect(city).to_have_url(re.compile(r"/cases/\d+$"))
    signer = enter("guangzhou2")
    signer.goto(city.url)
    signer.get_by_role("button", name="审签报送").click()
    seen(signer, "待遴选")
    return city.url


def compiled(office: Page, title: str) -> None:
    office.goto("/cases/review")
    open_by(office.get_by_role("link", name=title))
    open_by(office.get_by_role("button", name="入选", exact=True))
    office.get_by_label(re.compile(title)).check()
    office.get_by_label("汇编名称").fill(f"{title}等经验汇编")
    office.get_by_role("button", name="汇编并推广").click()
    expect(office.get_by_role("heading", name=f"{title}等经验汇编")).to_be_visible()


def drafted(app: Flask, day: date = OPENED) -> None:
    """The quarter's draft, as the scheduler makes it on a day at noon."""
    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setenv("TRACKER_NOW", f"{day.isoformat()}T12:00")
        jobs.run("draft-situation", day)
        db.session.remove()


def situation(office: Page, reader: str) -> str:
    """The office makes the paper of its newest draft and downloads it; its words."""
    office.goto("/digests?kind=situation")
    office.locator('main a[href^="/digests/"]').first.click()
    with office.expect_download() as got:
        office.get_by_role("button", name=f"生成报{reader}的公文").click()
    paper = Document(str(got.value.path()))
    return "\n".join(paragraph.text for paragraph in paper.paragraphs)


def told(paper: str, reader: str) -> None:
    """By whom to whom, with figures."""
    assert f"\n{reader}：\n" in paper
    assert "由省商务厅自贸办统筹的通知" in paper
    assert re.search(r"已落地\d+项", paper)
