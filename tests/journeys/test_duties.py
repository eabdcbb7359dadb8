"""Each duty of the notices, from the person who owes it to the page where the office sees it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tests.cast import STARTED, TAX, follow_from, open_on, tasks_of, tracking_of, unit
from tests.conftest import Databases
from tests.journeys.conftest import application, served, sign_in
from tests.journeys.duties import DUTIES, EIGHTH, FORWARDED, OLD, QIANHAI, STATE, TENTH
from tests.web.filing import OPENED, TEXT, add_person
from tracker.config import ROOT, Settings
from tracker.db import db, writing
from tracker.operations import demonstration
from tracker.reports.models import Report
from tracker.tasks import scheduling
from tracker.tasks.models import Obligation, Task

ENERGY, CUSTOMS = "省能源局", "海关总署广东分署"
Enter = Callable[[str], Page]


@pytest.fixture(scope="module")
def app(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One site for all journeys: everything is owed, plans and stock-taking are asked for."""
    folder = tmp_path_factory.mktemp("duties")
    url = databases.sqlite(folder)
    settings = Settings(instance=folder, database_url=url, secret_key="test" * 16, production=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
        made = application(settings)
        prepare(made)
        yield made


def prepare(made: Flask) -> None:
    with made.app_context(), writing():
        demonstration.people(production=False)
        follow_from(STARTED)
        for slug in (EIGHTH, OLD):
            scheduling.ask(tracking_of(slug), plan=True, stocktaking=True, on=STARTED)
        open_on(STARTED)
        open_on(OPENED)
        db.session.commit()
    for account, name in (("nengyuan", ENERGY), ("haiguan", CUSTOMS)):
        add_person(made, f"{account}1", name, "filer")
        add_person(made, f"{account}2", name, "signer")


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as found:
        yield found


@pytest.fixture(scope="module")
def browsers(browser: Browser, address: str) -> Iterator[dict[str, BrowserContext]]:
    known: dict[str, BrowserContext] = {}
    yield known
    for context in known.values():
        context.close()


@pytest.fixture
def enter(browser: Browser, address: str, browsers: dict[str, BrowserContext]) -> Enter:
    """Everyone signs in once; each journey opens a page of its own."""

    def entered(account: str) -> Page:
        if account not in browsers:
            browsers[account] = browser.new_context(base_url=address, locale="zh-CN")
            sign_in(browsers[account].new_page(), account)
        return browsers[account].new_page()

    return entered


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


def test_a_lead_plans_with_milestones(enter: Enter, app: Flask) -> None:
    url = owed(app, TAX, EIGHTH, "plan")
    plan(enter("shuiwu1"), url, "印发实施细则")
    signed(enter("shuiwu2"), url)
    office = review(app, enter("ziyou1"), url)
    seen(office, "印发实施细则")
    task = office.get_by_role("link", name="任务全过程").get_attribute("href")
    accepted(office)
    office.goto(task or "")
    seen(office.get_by_label("时间节点"), "印发实施细则")


def test_every_measure_has_its_own_plan(enter: Enter, app: Flask) -> None:
    url = owed(app, ENERGY, OLD, "plan")
    plan(enter("nengyuan1"), url, "完成系统改造")
    signed(enter("nengyuan2"), url)
    seen(review(app, enter("fagai1"), url), "完成系统改造")


def test_publicity_is_filed_and_read(enter: Enter, app: Flask) -> None:
    for slug in (EIGHTH, FORWARDED):
        url = filed(enter, app, slug, publicity="举办政策宣讲会三场。")
        seen(review(app, enter("ziyou1"), url), "举办政策宣讲会三场。")


def test_progress_is_filed_and_accepted(enter: Enter, app: Flask) -> None:
    url = filed(enter, app, EIGHTH, results="办理时限压减一半。")
    office = review(app, enter("ziyou1"), url)
    seen(office, "办理时限压减一半。")
    accepted(office)


def test_a_difficulty_comes_to_the_office(enter: Enter, app: Flask) -> None:
    words = "部门间数据没有共享，请协调。"
    filed(enter, app, EIGHTH, difficulties=words)
    office = enter("ziyou1")
    office.goto("/difficulties")
    office.get_by_role("link", name=words).click()
    answer = "已商数据主管部门，本月内开通接口。"
    office.locator("summary", has_text="答复").click()
    office.get_by_label("答复内容").fill(answer)
    office.get_by_role("button", name="答复", exact=True).click()
    unit_page = enter("shuiwu1")
    unit_page.goto(office.url)
    seen(unit_page, answer)


def test_documents_and_the_states_measure_stand_together(enter: Enter, app: Flask) -> None:
    url = owed(app, TAX, FORWARDED)
    title = "专项措施细化方案"
    write(enter("shuiwu1"), url, lambda page: page.get_by_label("第1份文件的名称").fill(title))
    signed(enter("shuiwu2"), url)
    office = review(app, enter("ziyou1"), url)
    seen(office, "专项措施细化方案")
    with app.app_context():
        task = db.session.get_one(Obligation, int(url.rpartition("/")[2])).task_id
        measure = db.session.get_one(Task, task).measure_id
    office.goto(f"/measures/{measure}")
    seen(office, "国家原事项")


def test_a_rule_to_be_changed_comes_to_the_office_by_its_kind(enter: Enter, app: Flask) -> None:
    url, kind = owed(app, TAX, FORWARDED), "需调整地方性法规、政府规章"
    words = "须调整有关规章的办理条件。"
    chosen = "需协调事项的类别"
    write(
        enter("shuiwu1"),
        url,
        lambda page: page.get_by_label(chosen).select_option(label=kind),
        difficulties=words,
    )
    signed(enter("shuiwu2"), url)
    seen(review(app, enter("ziyou1"), url), f"【{kind}】")
    office = enter("ziyou2")
    office.goto("/difficulties")
    office.get_by_label("类别").select_option(label=kind)
    office.get_by_role("button", name="查看").click()
    expect(office.get_by_role("link", name=words)).to_be_visible()


def test_an_important_matter_is_marked_for_the_office(enter: Enter, app: Flask) -> None:
    url, words = owed(app, ENERGY, OLD), "出现须报告省政府的情况。"
    important = "属于重要情况"
    write(
        enter("nengyuan1"),
        url,
        lambda page: page.get_by_label(important).check(),
        difficulties=words,
    )
    signed(enter("nengyuan2"), url)
    seen(review(app, enter("fagai1"), url), "【重要情况】")
    office = enter("fagai2")
    office.goto("/difficulties?important=1")
    expect(office.get_by_role("link", name=words)).to_be_visible()


def test_what_is_deployed_is_taken_stock_of(enter: Enter, app: Flask) -> None:
    url = owed(app, CUSTOMS, OLD, "stocktaking")
    write(enter("haiguan1"), url, results="已梳理三项制度。")
    signed(enter("haiguan2"), url)
    office = review(app, enter("fagai1"), url)
    seen(office, "梳理情况")
    seen(office, "已梳理三项制度。")


def test_a_city_names_who_leads_and_the_office_sees_it(enter: Enter, app: Flask) -> None:
    city = enter("guangzhou1")
    city.goto("/breakdown")
    row = city.get_by_role("row").nth(1)
    for word, text in (("市牵头部门", "市商务局"), ("责任人", "王处长")):
        row.get_by_label(re.compile(f"的{word}$")).fill(text)
    city.get_by_role("button", name="保存", exact=True).click()
    seen(city, "更新1项")
    task = city.get_by_role("row").nth(1).get_by_role("link").first.get_attribute("href")
    office = enter("fagai1")
    office.goto("/breakdowns")
    expect(office.get_by_role("row", name=re.compile("广州市"))).to_be_visible()
    office.goto(task or "")
    seen(office, "责任人王处长")


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
    signer = enter("guangzhou2")
    signer.goto(city.url)
    signer.get_by_role("button", name="审签报送").click()
    seen(signer, "待遴选")
    return city.url


def compiled(office: Page, title: str) -> None:
    office.goto("/cases/review")
    office.get_by_role("link", name=title).click()
    office.get_by_role("button", name="入选", exact=True).click()
    office.get_by_label(re.compile(title)).check()
    office.get_by_label("汇编名称").fill(f"{title}等经验汇编")
    office.get_by_role("button", name="汇编并推广").click()
    expect(office.get_by_role("heading", name=f"{title}等经验汇编")).to_be_visible()


def test_a_city_sends_a_case_and_the_office_compiles_it(enter: Enter, app: Flask) -> None:
    case(enter, app, EIGHTH, "一窗通办")
    compiled(enter("ziyou2"), "一窗通办")
    reader = enter("haishi1")
    reader.goto("/library?words=一窗通办")
    expect(reader.get_by_role("link", name="一窗通办", exact=True)).to_be_visible()


def test_a_case_goes_to_the_office_of_its_own_notice(enter: Enter, app: Flask) -> None:
    case(enter, app, OLD, "水电气报装联办")
    other = enter("ziyou2")
    other.goto("/cases/review")
    expect(other.get_by_text("水电气报装联办")).to_have_count(0)
    compiled(enter("fagai2"), "水电气报装联办")


def test_the_office_evaluates(enter: Enter) -> None:
    office = enter("ziyou2")
    office.goto("/evaluations")
    office.get_by_role("button", name="冻结评估").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("评估")
    expect(office).to_have_url(re.compile(r"/evaluations/\d+"))


def test_the_office_supervises_checks_and_evaluates(enter: Enter) -> None:
    office = enter("ziyou2")
    office.goto("/dashboard")
    seen(office, "逾期")
    office.goto("/checks/new")
    office.get_by_label("核查的地市").select_option(label="广州市")
    office.get_by_label("核查日期").fill(OPENED.isoformat())
    office.get_by_label("核查人员").fill("演示核查组")
    office.get_by_label("核查情况").fill("到政务大厅查看，与报告一致。")
    office.get_by_label("未发现问题").check()
    office.get_by_role("button", name="保存记录").click()
    seen(office, "到政务大厅查看，与报告一致。")


def test_the_other_office_has_the_same_desk(enter: Enter) -> None:
    office = enter("fagai2")
    for url in ("/", "/reviews", "/calls", "/cases/review", "/breakdowns", "/designations"):
        office.goto(url)
        expect(office.get_by_role("heading", level=1)).to_be_visible()


def test_a_reference_notice_is_on_record(enter: Enter) -> None:
    office = enter("ziyou1")
    office.goto(f"/notices/{STATE}")
    seen(office, "仅备案")


def test_the_office_sets_a_calendar_where_none_is_printed(enter: Enter) -> None:
    office = enter("ziyou2")
    office.goto(f"/notices/{TENTH}/calendar")
    expect(office.get_by_role("heading", name="报送日历")).to_be_visible()
    expect(office.get_by_role("button", name="保存")).to_be_visible()


def test_a_notice_without_an_office_has_no_calendar(enter: Enter) -> None:
    office = enter("ziyou2")
    office.goto(f"/notices/{QIANHAI}")
    seen(office, "未设统筹单位")


def printed() -> set[tuple[str, str, str]]:
    """Every duty that seeds/ has, and the notices that print none."""
    found = set()
    for file in sorted((ROOT / "seeds" / "notices").glob("*/notice.toml")):
        duties = tomllib.loads(file.read_text("utf-8")).get("duty", [])
        found |= {(file.parent.name, duty["who"], duty["what"]) for duty in duties}
        if not duties:
            found.add((file.parent.name, "", ""))
    return found


def test_the_table_holds_every_duty_that_a_notice_prints() -> None:
    assert {(duty.slug, duty.who, duty.what) for duty in DUTIES} == printed()


def test_every_duty_has_a_journey_that_is_run() -> None:
    tree = ast.parse(Path(__file__).read_text("utf-8"))
    here = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    about_the_table = {name for name in here if name.startswith(("test_the_table", "test_every_d"))}
    tests = {name for name in here if name.startswith("test_")} - about_the_table
    assert {duty.journey for duty in DUTIES} == tests
