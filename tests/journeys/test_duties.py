"""Each duty of the notices, from the person who owes it to the page where the office sees it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.cast import STARTED, TAX, follow_from, open_on, tracking_of
from tests.conftest import Databases
from tests.journeys.conftest import application, served, sign_in
from tests.journeys.doing import (
    Enter,
    accepted,
    answered,
    case,
    compiled,
    drafted,
    filed,
    owed,
    plan,
    review,
    seen,
    signed,
    situation,
    told,
    write,
)
from tests.journeys.duties import DUTIES, EIGHTH, FORWARDED, OLD, QIANHAI, STATE, TENTH
from tests.web.filing import OPENED, add_person, ids_owed
from tracker.config import ROOT, Settings
from tracker.db import db, writing
from tracker.operations import demonstration
from tracker.tasks import scheduling
from tracker.tasks.models import Obligation, Task

ENERGY, CUSTOMS = "省能源局", "海关总署广东分署"


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


def test_publicity_is_filed_read_and_counted(enter: Enter, app: Flask) -> None:
    for number, slug in enumerate((EIGHTH, FORWARDED), start=1):
        words = f"举办政策宣讲会{number}场。"
        url = filed(enter, app, slug, publicity=words)
        office = review(app, enter("ziyou1"), url)
        seen(office, words)
        office.goto("/publicity")
        row = office.get_by_role("row", name=re.compile(TAX))
        row.get_by_role("link", name=re.compile(rf"^{number}\s*次")).click()
        behind = office.get_by_role("table", name="宣传解读的内容").locator("tbody tr")
        expect(behind).to_have_count(number)
        seen(office, words)


def test_progress_is_filed_and_accepted(enter: Enter, app: Flask) -> None:
    url = filed(enter, app, EIGHTH, results="办理时限压减一半。")
    office = review(app, enter("ziyou1"), url)
    seen(office, "办理时限压减一半。")
    accepted(office)


def test_a_difficulty_comes_to_the_office(enter: Enter, app: Flask) -> None:
    words = "部门间数据没有共享，请协调。"
    filed(enter, app, EIGHTH, difficulties=words)
    office, answer = enter("ziyou1"), "已商数据主管部门，本月内开通接口。"
    answered(office, words, answer)
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
    drafted(app, OPENED + timedelta(days=1))
    assert f"）：{words}" in situation(office, "省人民政府")


def test_what_is_deployed_is_taken_stock_of(enter: Enter, app: Flask) -> None:
    url = owed(app, CUSTOMS, OLD, "stocktaking")
    write(enter("haiguan1"), url, results="已梳理三项制度。")
    signed(enter("haiguan2"), url)
    office = review(app, enter("fagai1"), url)
    seen(office, "梳理情况")
    seen(office, "已梳理三项制度。")


def test_a_city_names_who_leads_its_department_fills_its_part_and_the_city_signs_the_whole(
    enter: Enter, app: Flask
) -> None:
    department, words = "深圳市商务局", "本市窗口已全部推开，办理36件。"
    url = owed(app, "深圳市人民政府", OLD)
    with app.app_context():
        task = db.session.get_one(Obligation, int(url.rpartition("/")[2])).task_id
    city = enter("shenzhen1")
    city.goto("/breakdown")
    for word, text in (("lead", department), ("person", "王处长"), ("mechanism", "每月调度")):
        city.locator(f'[name="{word}-{task}"]').fill(text)
    city.get_by_role("button", name="保存", exact=True).click()
    seen(city, "更新1项")
    city.locator("summary", has_text="请市牵头部门提供本期材料").click()
    city.get_by_label("需要提供的内容").fill("请提供办件量。")
    city.get_by_label("提供材料的日期").fill(OPENED.isoformat())
    city.get_by_role("button", name="发出请求").click()
    seen(city, "已请市牵头部门提供")
    helper = enter("szshangwu1")
    helper.goto("/parts")
    helper.locator('main a[href^="/parts/"]').first.click()
    helper.get_by_label("协办材料").fill(words)
    helper.get_by_role("button", name="提供").click()
    seen(helper, "已提供")
    write(city, url)
    signed(enter("shenzhen2"), url)
    office = review(app, enter("fagai1"), url)
    seen(office, f"【{department}】{words}")
    office.goto("/breakdowns")
    expect(office.get_by_role("row", name=re.compile("深圳市"))).to_be_visible()
    office.goto(f"/tasks/{task}")
    seen(office, "责任人王处长")


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


def test_the_office_evaluates_and_reports_to_the_province(enter: Enter, app: Flask) -> None:
    office = enter("ziyou2")
    office.goto("/evaluations")
    office.get_by_role("button", name="冻结评估").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("评估")
    expect(office).to_have_url(re.compile(r"/evaluations/\d+"))
    drafted(app)
    told(situation(office, "省人民政府"), "省人民政府")


def test_the_office_supervises_checks_and_reports_to_both(enter: Enter, app: Flask) -> None:
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
    drafted(app)
    for reader in ("省人民政府", "商务部"):
        told(situation(office, reader), reader)


def test_the_other_office_coordinates_what_its_own_notice_asks(enter: Enter, app: Flask) -> None:
    url, words = owed(app, ENERGY, OLD), "报装接口没有开通，请协调。"
    write(enter("nengyuan1"), url, difficulties=words)
    signed(enter("nengyuan2"), url)
    other = enter("ziyou2")
    other.goto("/difficulties")
    expect(other.get_by_role("link", name=words)).to_have_count(0)
    answer = "已协调电网企业开通接口。"
    answered(enter("fagai2"), words, answer)
    seen_by_unit = enter("nengyuan1")
    seen_by_unit.goto("/difficulties")
    seen_by_unit.get_by_role("link", name=words).click()
    seen(seen_by_unit, answer)


def test_a_reference_notice_is_on_record_until_it_is_switched_on(enter: Enter) -> None:
    office = enter("ziyou1")
    office.goto(f"/notices/{STATE}")
    seen(office, "仅备案")
    office.get_by_role("link", name="查看报送周期和应报日期").click()
    seen(office, "这份通知仅备案，不定期收集进展，没有报送日历。")
    office.go_back()
    office.locator('main a[href^="/measures/"]').first.click()
    seen(office.get_by_role("main"), "仅备案")
    taken_up(enter("ziyou2"), STATE)


def taken_up(chief: Page, slug: str) -> None:
    """From the notice's page, after a look at what will be owed; the calendar stands."""
    chief.goto(f"/notices/{slug}")
    chief.get_by_role("link", name="纳入跟踪").click()
    chief.get_by_label("依据").fill("演示：专题会议纪要。")
    chief.get_by_role("button", name="预览", exact=True).click()
    seen(chief, "预览，尚未保存")
    expect(chief.get_by_role("row", name=re.compile("牵头单位"))).to_contain_text("季度")
    chief.get_by_role("button", name="纳入跟踪", exact=True).click()
    seen(chief, "已纳入跟踪")
    seen(chief, "牵头单位今后四期")
    chief.goto(f"/notices/{slug}")
    seen(chief, "依据：演示：专题会议纪要。")


def test_the_office_sets_a_calendar_where_none_is_printed(enter: Enter, app: Flask) -> None:
    office = enter("ziyou2")
    office.goto(f"/notices/{TENTH}/calendar")
    office.locator("#lead-due_workdays").fill("12")
    office.get_by_role("button", name="保存", exact=True).click()
    expect(office.get_by_role("status").first).to_contain_text("已保存")
    unit_page = enter("shuiwu1")
    unit_page.goto(f"/notices/{TENTH}/calendar")
    seen(unit_page, "报告期结束后第12个工作日")
    unit_page.goto(f"/obligations/{ids_owed(app, TAX, TENTH, '2026-Q2')[0]}")
    seen(unit_page, "2026年7月16日")


def test_a_notice_without_an_office_has_no_calendar_until_one_takes_it_up(enter: Enter) -> None:
    office = enter("ziyou2")
    office.goto(f"/notices/{QIANHAI}")
    seen(office, "未设统筹单位")
    office.get_by_role("link", name="查看报送周期和应报日期").click()
    seen(office, "这份通知没有统筹单位，尚不收集进展。")
    office.goto("/designations")
    waiting = office.get_by_role("table", name="未设统筹单位的通知")
    expect(waiting).to_contain_text("前海")
    taken_up(office, QIANHAI)
    office.goto("/designations")
    expect(waiting.get_by_text("前海")).to_have_count(0)


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
