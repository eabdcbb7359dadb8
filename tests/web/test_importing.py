"""The import page: hand in, settle, see what will arise, confirm once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.operations.documents import document
from tests.web.conftest import Visit
from tests.web.pages import OPEN, UNKNOWN, answers, hand_in, upload
from tracker.clock import now
from tracker.db import db
from tracker.notices.models import Measure, Notice
from tracker.registry.models import Alias, Unit
from tracker.tasks.models import Task

TAKEN = {"name-0": "take:省交通运输厅"}
CITIES = {"scope-0": ["广州市", "深圳市"]}


@pytest.fixture
def draft(reviewer: Visit) -> str:
    return hand_in(reviewer)


def send(visit: Visit, draft: str, **choices: object):
    return visit.client.post(draft, data=answers(visit.page(draft), **choices))


def numbers(page: str) -> dict[str, int]:
    """The counts on top of a page, by their words."""
    found = lxml.html.fromstring(page).xpath('//div[@class="count"]')
    return {count.findtext("dt"): int(count.findtext("dd").replace(",", "")) for count in found}


def stored(site: Flask, model: type) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def said(response: object) -> str:
    """The error on top of the page."""
    found = lxml.html.fromstring(response.text).xpath('//*[@role="alert"]')  # type: ignore[attr-defined]
    return found[0].text_content() if found else ""


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "文件是空的"),
        (b"x", "文件是空的"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 50, "图片文件"),
        ("没有表格的一段话。".encode(), "没有找到任务分工表"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_beside_the_field(
    reviewer: Visit, site: Flask, data: bytes, sentence: str
) -> None:
    response = upload(reviewer, data)
    assert response.status_code == 422
    error = lxml.html.fromstring(response.text).get_element_by_id("file-error")
    assert sentence in error.text_content()
    assert "还没有交来的文件" in reviewer.page("/imports")


def test_no_file_at_all_is_told_too(reviewer: Visit) -> None:
    assert "请先选择文件。" in reviewer.post("/imports", form="/imports").text


def test_a_file_that_is_too_large_is_told_in_the_same_place(reviewer: Visit) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    body = head + b"0" * (22 * 1024 * 1024) + b"\r\n--x--\r\n"
    response = reviewer.client.post(
        "/imports", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert response.status_code == 413
    assert "文件超过 20 MB" in response.text


def test_a_draft_shows_what_it_read_and_changes_nothing(
    reviewer: Visit, site: Flask, draft: str
) -> None:
    before = stored(site, Task), stored(site, Notice)
    page = reviewer.page(draft)
    assert f"单位名录中没有“{UNKNOWN}”" in page
    assert f"“{OPEN}”是哪些地市？" in page
    assert numbers(page)["将产生属地任务"] == 21
    assert (stored(site, Task), stored(site, Notice)) == before


def test_answers_are_saved_and_counted_anew(reviewer: Visit, draft: str) -> None:
    assert numbers(reviewer.page(draft))["待确定的单位"] == 1
    assert send(reviewer, draft, **TAKEN, **CITIES).status_code == 302
    page = reviewer.page(draft)
    assert numbers(page)["待确定的单位"] == 0
    assert numbers(page)["将产生属地任务"] == 21 + 2 * 2
    assert lxml.html.fromstring(page).xpath('//input[@value="take:省交通运输厅"][@checked]')


def test_confirming_makes_the_tasks_that_were_promised(
    reviewer: Visit, site: Flask, draft: str
) -> None:
    send(reviewer, draft, **TAKEN, **CITIES)
    promised = numbers(reviewer.page(draft))
    before = stored(site, Task)
    done = send(reviewer, draft, action="confirm", **TAKEN, **CITIES)
    assert done.status_code == 302
    made = stored(site, Task) - before
    assert made == promised["将产生单位任务"] + promised["将产生属地任务"]
    page = reviewer.page(draft)
    assert "导入完成：新建通知1件" in page
    assert "已导入" in page


def test_answers_that_change_the_counts_are_shown_before_they_are_confirmed(
    reviewer: Visit, site: Flask, draft: str
) -> None:
    before = stored(site, Notice)
    send(reviewer, draft, action="confirm", **TAKEN)
    assert stored(site, Notice) == before
    assert "回答有改动，已重新计算" in reviewer.page(draft)
    send(reviewer, draft, action="confirm", **TAKEN)
    assert stored(site, Notice) == before + 1


def test_nothing_is_confirmed_while_a_unit_is_unknown(
    reviewer: Visit, site: Flask, draft: str
) -> None:
    before = stored(site, Task)
    response = send(reviewer, draft, action="confirm")
    assert response.status_code == 422
    assert f"还有单位没有确定：{UNKNOWN}" in said(response)
    assert stored(site, Task) == before


def test_an_open_scope_may_stay_open(reviewer: Visit, site: Flask, draft: str) -> None:
    send(reviewer, draft, **TAKEN)
    send(reviewer, draft, action="confirm", **TAKEN)
    with site.app_context():
        query = select(Measure.scope_state).where(Measure.title.like("推行_事项"))
        states = sorted(db.session.scalars(query))
    assert states == ["resolved", "waiting", "waiting"]


def test_an_alias_goes_into_the_registry(reviewer: Visit, site: Flask, draft: str) -> None:
    choices = {"name-0": "alias", "name-0-unit": "省交通运输厅"}
    send(reviewer, draft, **choices)
    send(reviewer, draft, action="confirm", **choices)
    with site.app_context():
        found = db.session.scalars(select(Alias).where(Alias.name == UNKNOWN)).one()
        assert db.session.get_one(Unit, found.unit_id).name == "省交通运输厅"


def test_a_new_unit_goes_into_the_registry(reviewer: Visit, site: Flask, draft: str) -> None:
    choices = {"name-0": "new", "name-0-level": "province", "name-0-kind": "department"}
    send(reviewer, draft, **choices)
    send(reviewer, draft, action="confirm", **choices)
    with site.app_context():
        unit = db.session.scalars(select(Unit).where(Unit.name == UNKNOWN)).one()
        assert (unit.level, unit.kind) == ("province", "department")


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"name-0": "alias"}, "请选择单位。"),
        ({"name-0": "alias", "name-0-unit": "没有的局"}, "单位名录中没有“没有的局”"),
        ({"name-0": "new"}, "新增单位请选择层级和类别。"),
        (
            {"name-0": "new", "name-0-level": "city", "name-0-kind": "department"},
            "市级单位请选择所在地市。",
        ),
        ({"notice-0-short_title": ""}, "请填写简称"),
        ({"notice-0-short_title": "长" * 61}, "简称不能超过60个字。"),
    ],
)
def test_a_wrong_answer_is_told_beside_its_question_and_kept(
    reviewer: Visit, draft: str, choices: dict[str, str], sentence: str
) -> None:
    response = send(reviewer, draft, **choices)
    assert response.status_code == 422
    wrong = lxml.html.fromstring(response.text).find_class("question-wrong")
    assert len(wrong) == 1
    assert sentence in wrong[0].text_content()
    assert numbers(reviewer.page(draft))["待确定的单位"] == 1


def test_the_later_save_never_swallows_the_earlier(
    reviewer: Visit, signed_in: Callable[[str], Visit], draft: str
) -> None:
    chief = signed_in("ziyou2")
    mine, theirs = reviewer.page(draft), chief.page(draft)
    chief.client.post(draft, data=answers(theirs, **{"name-0": "take:省公安厅"}))
    late = reviewer.client.post(draft, data=answers(mine, **TAKEN))
    assert late.status_code == 409
    assert "有人改过这份草稿" in said(late)
    assert "他人已存：本文件中即“省公安厅”" in late.text
    assert lxml.html.fromstring(late.text).xpath('//input[@value="take:省交通运输厅"][@checked]')
    assert "take:省公安厅" in reviewer.page(draft)


def test_after_a_conflict_is_shown_one_can_save_knowingly(
    reviewer: Visit, signed_in: Callable[[str], Visit], draft: str
) -> None:
    page = reviewer.page(draft)
    send(signed_in("ziyou2"), draft, **{"name-0": "take:省公安厅"})
    late = reviewer.client.post(draft, data=answers(page, **TAKEN))
    assert reviewer.client.post(draft, data=answers(late.text, **TAKEN)).status_code == 302


def test_the_same_file_again_leads_to_its_draft(
    reviewer: Visit, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_NOW", (now() + timedelta(minutes=1)).isoformat())
    assert hand_in(reviewer, name="另一个名字.txt") == draft
    assert "请继续处理原有草稿" in reviewer.page(draft)


def test_the_same_file_after_import_says_when_it_came(reviewer: Visit, draft: str) -> None:
    send(reviewer, draft, **TAKEN)
    send(reviewer, draft, action="confirm", **TAKEN)
    assert hand_in(reviewer) == draft
    assert "不必重复导入" in reviewer.page(draft)


def test_a_dropped_draft_makes_nothing_and_can_be_taken_up_again(
    reviewer: Visit, site: Flask, draft: str
) -> None:
    before = stored(site, Task)
    reviewer.post(f"{draft}/drop", form=draft)
    assert "已放弃" in reviewer.page("/imports")
    assert stored(site, Task) == before
    assert hand_in(reviewer) == draft
    assert "核对草稿" in reviewer.page(draft)


def test_a_confirmed_draft_is_not_confirmed_again(reviewer: Visit, site: Flask, draft: str) -> None:
    send(reviewer, draft, **TAKEN)
    form = answers(reviewer.page(draft), action="confirm", **TAKEN)
    reviewer.client.post(draft, data=form)
    before = stored(site, Task)
    assert reviewer.client.post(draft, data=form).status_code == 302
    assert stored(site, Task) == before


def test_a_document_of_thousands_of_rows_is_still_one_usable_page(reviewer: Visit) -> None:
    rows = [f"{no}\t第{no}号\t一是。\t{UNKNOWN}\t{OPEN}" for no in range(1, 3001)]
    draft = hand_in(reviewer, document(*rows))
    page = reviewer.page(draft)
    assert len(page) < 200_000
    assert "查看全部3000处" in page
    assert "查看全部3000项" in page
    assert "第2801至3000条，共3000条" in reviewer.page(f"{draft}/measures?after=2800")
    assert "第1至200条，共3000条" in reviewer.page(f"{draft}/findings/unknown-unit")


def test_a_file_that_the_folder_lost_asks_for_the_upload_again(
    reviewer: Visit, site: Flask, draft: str
) -> None:
    for file in site.config["TRACKER"].sources.rglob("*"):
        if file.is_file():
            file.unlink()
    assert reviewer.get(draft).headers["Location"] == "/imports"
    assert "请重新上传同一文件" in reviewer.page("/imports")


def test_official_text_comes_to_measures_that_are_tracked(
    reviewer: Visit, site: Flask, shared: object
) -> None:
    before = stored(site, Task)
    for file in sorted((shared / "seeds").glob("*.txt")):  # type: ignore[operator]
        draft = hand_in(reviewer, file.read_text("utf-8"), file.name)
        assert numbers(reviewer.page(draft))["新增事项"] == 0
        assert send(reviewer, draft, action="confirm").status_code == 302
    assert stored(site, Task) == before
    page = reviewer.page("/measures/40")
    assert "来源：" in page
    assert "尚未载入原文" not in page
