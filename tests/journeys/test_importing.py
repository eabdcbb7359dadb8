"""A reviewer takes a new notice in: from the file to the tasks, without a script."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import open_by, sign_in
from tests.operations.documents import TITLE, document
from tests.web.pages import OPEN, ROWS, UNKNOWN


def test_a_reviewer_takes_a_notice_in_and_sees_its_tasks(plain: Page, tmp_path: Path) -> None:
    file = tmp_path / "新通知.txt"
    file.write_text(document(*ROWS), "utf-8")
    sign_in(plain, "ziyou1")
    hand_in(plain, file)
    settle(plain)
    plain.get_by_role("button", name="确认导入").click()
    expect(plain.get_by_role("status")).to_contain_text("导入完成：新建通知1件")
    open_by(plain.get_by_role("link", name="查看任务"))
    see_the_tasks(plain)


def hand_in(page: Page, file: Path) -> None:
    menu = page.get_by_role("navigation", name="栏目")
    open_by(menu.get_by_role("link", name="通知与事项"))
    open_by(menu.get_by_role("link", name="导入通知"))
    page.get_by_label("通知文件").set_input_files(file)
    page.get_by_role("button", name="上传并读取").click()
    expect(page.get_by_role("heading", name="核对草稿")).to_be_visible()
    expect(page.get_by_text("还有1个单位待确定")).to_be_visible()


def settle(page: Page) -> None:
    question = page.get_by_role("group", name=UNKNOWN)
    question.get_by_label("记为别称，以后也认作").check()
    question.get_by_label("是哪个单位的别称").fill("省交通运输厅")
    cities = page.get_by_role("group", name=OPEN)
    for name in ("广州市", "湛江市"):
        cities.get_by_label(name).check()
    page.get_by_label("简称").fill("测试经验")
    page.get_by_role("button", name="保存并重新计算").click()
    expect(page.get_by_text("将产生单位任务4项、属地任务25项")).to_be_visible()


def see_the_tasks(page: Page) -> None:
    expect(page.get_by_text("共29项")).to_be_visible()
    table = page.get_by_role("table", name="任务")
    expect(table.get_by_role("link", name=UNKNOWN).first).to_be_visible()
    open_by(table.get_by_role("link", name="推行乙事项").first)
    expect(page.get_by_text("2个地市：广州市、湛江市")).to_be_visible()
    open_by(page.get_by_role("link", name="测试经验"))
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
