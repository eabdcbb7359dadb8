"""A reorganisation on its pages: tried out, saved, taken back; and where a split task goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import MARITIME, TAX, unit
from tests.web.conftest import Visit
from tests.web.filed import opened, owed_id
from tracker.clock import today
from tracker.db import db
from tracker.registry.models import Succession
from tracker.tasks.models import Obligation, Task
from tracker.tasks.states import DUE, UNASSIGNED

SignIn = Callable[[str], Visit]
GIVEN = {"direction": "to", "other": MARITIME, "kind": "merge", "source": "方案", "sure": "y"}


@pytest.fixture
def owing(site: Flask) -> int:
    opened(site)
    return owed_id(site, TAX)


def id_of(site: Flask, name: str) -> int:
    with site.app_context():
        return unit(name).id


def hand_over(site: Flask, visit: Visit, action: str = "save", **typed: str):
    form = f"/units/{id_of(site, TAX)}/successions/new"
    given = {**GIVEN, "day": today().isoformat(), "action": action}
    return visit.post(form, form=form, **{**given, **typed})


def owner(site: Flask, obligation_id: int) -> tuple[str, str]:
    with site.app_context():
        found = db.session.get_one(Obligation, obligation_id)
        names = {unit(name).id: name for name in (TAX, MARITIME)}
        return names.get(found.unit_id, "统筹单位"), found.status


def test_a_preview_says_what_would_move_and_moves_nothing(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    page = hand_over(site, reviewer, "preview").text
    assert f"项由{MARITIME}承接" in page
    assert "预览，尚未保存" in page
    assert owner(site, owing) == (TAX, DUE)
    with site.app_context():
        told = select(func.count()).where(Succession.old_id == unit(TAX).id)
        assert db.session.scalar(told) == 0


def test_saved_it_moves_what_is_open_and_taken_back_it_returns(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    answer = hand_over(site, reviewer)
    assert f"项由{MARITIME}承接" in reviewer.page(answer.headers["Location"])
    assert owner(site, owing) == (MARITIME, DUE)
    tried = take_back(site, reviewer, "preview-remove")
    assert "确认撤销这条承接" in tried.text
    assert owner(site, owing) == (MARITIME, DUE)
    assert take_back(site, reviewer, "remove").status_code == 302
    assert owner(site, owing) == (TAX, DUE)


def take_back(site: Flask, visit: Visit, action: str):
    with site.app_context():
        made = db.session.scalars(select(Succession).where(Succession.old_id == unit(TAX).id)).one()
        address = f"/units/{made.old_id}/successions/{made.id}"
    version = visit.page(address).partition('name="version"')[2].partition('value="')[2]
    given = {"day": today().isoformat(), "kind": "merge", "source": "方案", "sure": "y"}
    sent = {**given, "action": action, "version": version.partition('"')[0]}
    return visit.post(address, form=address, **sent)


def test_a_later_day_moves_nothing_yet(site: Flask, owing: int, reviewer: Visit) -> None:
    page = hand_over(site, reviewer, "preview", day="2027-03-01").text
    assert "承接日期到后，由系统自动调整" in page
    hand_over(site, reviewer, day="2027-03-01")
    assert owner(site, owing) == (TAX, DUE)


def split(site: Flask, visit: Visit) -> list[int]:
    """省税务局 is split; the tasks that wait for a person."""
    hand_over(site, visit, kind="split")
    with site.app_context():
        tasks = select(Task.id).join(Obligation, Obligation.task_id == Task.id)
        held = tasks.where(Obligation.status == UNASSIGNED, Task.unit_id == unit(TAX).id)
        return list(db.session.scalars(held.distinct().order_by(Task.id)))


def choose(visit: Visit, tasks: list[int], **typed: str):
    given = {"unit": MARITIME, "day": "2027-01-15"} | typed
    return visit.post("/successors", form="/successors", task=tasks, **given)


def test_after_a_split_a_person_says_where_each_task_goes(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    tasks = split(site, reviewer)
    assert owner(site, owing) == ("统筹单位", UNASSIGNED)
    assert MARITIME in reviewer.page("/successors")
    with site.app_context():
        mine = db.session.get_one(Obligation, owing).task_id
    assert choose(reviewer, [mine]).status_code == 302
    assert owner(site, owing) == (MARITIME, DUE)
    assert f"/tasks/{mine}" not in reviewer.page("/successors")
    assert f"/tasks/{mine}" in reviewer.page("/successors?state=chosen")
    assert len(tasks) > 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"unit": ""}, "名录中没有这个单位"),
        ({"unit": "不存在的局" * 50}, "名录中没有这个单位"),
        ({"unit": "各企业"}, "这是一类单位，不能交办"),
        ({"unit": "人民银行广州分行"}, "职责已由其他单位承接"),
        ({"day": ""}, "请填写晚于今天的日期"),
        ({"day": "2020-01-01"}, "请填写晚于今天的日期"),
        ({"day": "明天"}, "请填写晚于今天的日期"),
    ],
)
def test_a_wrong_choice_is_told_beside_the_field_and_moves_nothing(
    site: Flask, owing: int, reviewer: Visit, typed: dict[str, str], sentence: str
) -> None:
    tasks = split(site, reviewer)
    answer = choose(reviewer, tasks, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert owner(site, owing) == ("统筹单位", UNASSIGNED)


@pytest.mark.parametrize("task", ["", "0", "9" * 30, "-1", "一"])
def test_a_forged_task_is_no_task(site: Flask, owing: int, reviewer: Visit, task: str) -> None:
    split(site, reviewer)
    assert "没有选择任务" in choose(reviewer, [task]).text


def test_another_office_gives_nothing_away(site: Flask, owing: int, signed_in: SignIn) -> None:
    split(site, signed_in("ziyou1"))
    with site.app_context():
        mine = db.session.get_one(Obligation, owing).task_id
    assert "没有选择任务" in choose(signed_in("fagai1"), [mine]).text
    assert owner(site, owing) == ("统筹单位", UNASSIGNED)
