"""需协调事项 and 督查核查 as pages: who sees which, and what each may do about it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from tests.cast import BODY, task_of
from tests.conftest import DAY
from tests.web.conftest import Visit
from tests.web.filed import by, filed, opened, task_id
from tests.web.filing import form_of, post_parts, sentences
from tests.web.test_query_counts import counts
from tracker.clock import today
from tracker.db import db, writing
from tracker.difficulties import raising, states
from tracker.difficulties.moving import Step, record_all
from tracker.tasks.models import Task

SignIn = Callable[[str], Visit]
WORDS = "需调整本省有关规章后才能推开。"
SOON = (DAY + timedelta(days=20)).isoformat()
LIST, ONE = "/difficulties", "/difficulties/1"


@pytest.fixture
def raised(site: Flask) -> None:
    """One of the legal kind, in a report of the tax bureau."""
    opened(site)
    filed(site, body=replace(BODY, difficulties=WORDS, difficulty_kind="legal"))


def act(visit: Visit, step: str, **more: str):
    return visit.post(f"{ONE}/{step}", form=ONE, **more)


@pytest.mark.parametrize("account", ["shuiwu1", "shuiwu2", "ziyou1", "ziyou2", "lingdao1", "sifa1"])
def test_the_unit_its_office_its_leader_and_the_unit_for_laws_see_it(
    site: Flask, raised: None, signed_in: SignIn, account: str
) -> None:
    visit = signed_in(account)
    assert WORDS in visit.page(LIST)
    assert WORDS in visit.page(ONE)


@pytest.mark.parametrize("account", ["haishi1", "guangzhou1", "fagai1", "fagai2"])
def test_nobody_else_sees_it(site: Flask, raised: None, signed_in: SignIn, account: str) -> None:
    visit = signed_in(account)
    assert WORDS not in visit.page(LIST)
    assert visit.get(ONE).status_code == 404
    assert visit.post(f"{ONE}/answer", note="答复").status_code == 404


def test_of_another_kind_it_is_not_shown_to_the_unit_for_laws(
    site: Flask, signed_in: SignIn
) -> None:
    opened(site)
    filed(site, body=replace(BODY, difficulties=WORDS, difficulty_kind="money"))
    assert signed_in("sifa1").get(ONE).status_code == 404


def test_each_step_is_taken_on_its_page_and_told(
    site: Flask, raised: None, signed_in: SignIn, filer: Visit
) -> None:
    chief, laws = signed_in("ziyou2"), signed_in("sifa1")
    assert act(chief, "charge", unit="省司法厅", answer_by=SOON).status_code == 302
    assert "由本单位承办，等待答复" in laws.page("/")
    assert act(laws, "answer", note="已列入今年的修改计划。").status_code == 302
    assert "已答复，等待本单位办结" in filer.page("/")
    assert act(filer, "press", note="请明确修改时间。").status_code == 302
    assert act(chief, "answer", note="今年十二月底前修改。").status_code == 302
    assert act(filer, "settle").status_code == 302
    page = filer.page(ONE)
    for said in ("明确承办", "仍未解决，再次提出", "今年十二月底前修改。", "已办结"):
        assert said in page
    assert "需协调事项：明确承办" in filer.page("/messages")
    assert "需协调事项：仍未解决" in chief.page("/messages")


@pytest.mark.parametrize(
    ("account", "step", "sent", "sentence"),
    [
        ("ziyou1", "answer", {"note": ""}, "请写明答复内容。"),
        ("ziyou1", "answer", {"note": "字" * 4001}, "最多4000字"),
        ("ziyou1", "charge", {"unit": "某单位", "answer_by": SOON}, "名录中没有这个单位"),
        ("ziyou1", "charge", {"answer_by": SOON}, "一个承办单位，或一名承办人"),
        ("ziyou1", "charge", {"unit": "省司法厅", "answer_by": "x"}, "请填写答复期限"),
        ("ziyou1", "charge", {"person": "999", "answer_by": SOON}, "请选择本单位的承办人"),
        ("ziyou1", "sort", {"kind": "x"}, "请选择需协调事项的类别。"),
        ("ziyou1", "sort", {"kind": "legal"}, "没有变化"),
        ("ziyou1", "settle", {}, "当前是“待受理”，不能办结"),
        ("shuiwu1", "withdraw", {"note": " "}, "请写明撤回的理由。"),
    ],
)
def test_a_step_that_lacks_something_gets_one_sentence(
    site: Flask,
    raised: None,
    signed_in: SignIn,
    account: str,
    step: str,
    sent: dict[str, str],
    sentence: str,
) -> None:
    answer = act(signed_in(account), step, **sent)
    assert answer.status_code == 422
    if step != "settle":
        assert any(sentence in one for one in sentences(answer.text))


def test_a_step_that_is_not_theirs_is_not_found(
    site: Flask, raised: None, filer: Visit, signed_in: SignIn
) -> None:
    assert act(filer, "answer", note="自己答复").status_code == 404
    assert act(signed_in("lingdao1"), "answer", note="-").status_code == 404
    assert act(filer, "nothing").status_code == 404


def test_it_is_raised_beside_the_reports(site: Flask, filer: Visit) -> None:
    opened(site)
    url, task = f"{LIST}/new", str(task_id(site))
    for sent, sentence in (
        ({}, "请选择任务。"),
        ({"task": task}, "请选择需协调事项的类别。"),
        ({"task": task, "kind": "money"}, "请写明需协调的事项。"),
    ):
        answer = filer.post(url, form=url, **sent)
        assert (answer.status_code, sentence in answer.text) == (422, True)
    assert filer.post(url, form=url, task=task, kind="money", words=WORDS).status_code == 302
    assert WORDS in filer.page(f"/tasks/{task}")


def test_the_filters_of_the_list_stand_in_the_address(
    site: Flask, raised: None, filer: Visit
) -> None:
    assert WORDS in filer.page(f"{LIST}?state=open&kind=legal")
    for narrow in ("state=settled", "kind=money", "important=1", "unit=1", "notice=999"):
        assert WORDS not in filer.page(f"{LIST}?{narrow}")
    assert WORDS in filer.page(f"{LIST}?state=x&kind=x&notice=x&after=x")


def test_units_are_offered_where_more_than_one_raised_something(
    site: Flask, raised: None, reviewer: Visit
) -> None:
    assert 'name="unit"' not in reviewer.page(LIST)
    with site.app_context(), writing():
        other = task_of("广东海事局")
        raising.raise_alone(other, by("haishi1"), unit_id=other.unit_id, kind="money", words=WORDS)
        db.session.commit()
    choice = reviewer.page(LIST).partition('name="unit"')[2].partition("</select>")[0]
    assert choice.count("<option") == 3
    assert "广东海事局" in choice


def test_the_list_asks_as_often_with_10_as_with_500(site: Flask, reviewer: Visit) -> None:
    opened(site)
    many(site, 10)
    few = counts(site, reviewer, (LIST, f"{LIST}?state=open&kind=money", "/"))
    many(site, 490)
    assert counts(site, reviewer, tuple(few)) == few
    assert "下一页" in reviewer.page(LIST)


def many(site: Flask, number: int) -> None:
    with site.app_context(), writing():
        task = db.session.get_one(Task, task_id(site))
        before = len(raising._open_of([task.id]))
        filer = by("shuiwu1")
        raised = [
            raising._new(
                filer,
                task_id=task.id,
                notice_id=task.notice_id,
                unit_id=task.unit_id,
                kind="money",
                words=f"事项{n}",
            )
            for n in range(before, before + number)
        ]
        steps = [Step(difficulty=one, event=states.RAISE, note=one.words) for one in raised]
        record_all(steps, filer)
        db.session.commit()


def test_a_check_is_recorded_with_its_evidence_and_shown_to_whom_it_concerns(
    site: Flask, reviewer: Visit, filer: Visit, signed_in: SignIn
) -> None:
    opened(site)
    url, task = "/checks/new", task_id(site)
    file = FileStorage(io.BytesIO(b"%PDF-1.4 "), "现场照片.pdf")
    sent = {"task": str(task), "made_on": today().isoformat(), "made_by": "演示·甲"}
    data = {**form_of(reviewer, url), **sent, "seen": "窗口已办理。", "is_fine": "0", "files": file}
    assert post_parts(reviewer, url, data).status_code == 302
    for visit in (reviewer, filer, signed_in("lingdao1")):
        assert "窗口已办理。" in visit.page("/checks/1")
        assert visit.get("/checks/1/files/1").data == b"%PDF-1.4 "
    assert signed_in("haishi1").get("/checks/1").status_code == 404
    assert "发现问题" in filer.page(f"/tasks/{task}")
    assert signed_in("fagai1").get(f"/checks/new?task={task}").status_code == 404


def test_a_check_of_a_city_is_shown_to_it(site: Flask, reviewer: Visit, signed_in: SignIn) -> None:
    sent = {"city": "4401", "made_on": today().isoformat(), "made_by": "演示·甲", "is_fine": "1"}
    answer = reviewer.post("/checks/new", form="/checks/new", **sent)
    assert (answer.status_code, "请写明核查情况。" in answer.text) == (422, True)
    assert (
        reviewer.post("/checks/new", form="/checks/new", **sent, seen="已推开。").status_code == 302
    )
    assert "已推开。" in signed_in("guangzhou1").page("/checks")
    assert "已推开。" not in signed_in("shuiwu1").page("/checks")
