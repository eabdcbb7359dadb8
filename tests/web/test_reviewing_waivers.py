"""免报: asked for and ruled on, given by the office itself, and lifted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import CITY, EIGHTH, task_of, tasks_of
from tests.web.conftest import Visit
from tests.web.filed import by, opened
from tests.web.test_people import logged
from tracker.clock import today
from tracker.db import db, writing
from tracker.tasks import queries, waiving
from tracker.tasks.models import Task, Waiver

SignIn = Callable[[str], Visit]
REASON = "本市没有综合保税区，本地不涉及。"


@pytest.fixture
def asked(site: Flask) -> list[int]:
    """Three waivers that 广州市 asks for."""
    opened(site)
    with site.app_context(), writing():
        tasks = tasks_of(CITY, EIGHTH)[:3]
        ids = [waiving.ask(task, by("guangzhou1"), reason=REASON).id for task in tasks]
        db.session.commit()
        return ids


@pytest.fixture
def measure_id(site: Flask) -> int:
    opened(site)
    with site.app_context():
        return task_of(CITY).measure_id


def states(site: Flask) -> list[str]:
    with site.app_context():
        return list(db.session.scalars(select(Waiver.state).order_by(Waiver.id)))


def locals_of(site: Flask, measure_id: int) -> list[tuple[int, str]]:
    with site.app_context():
        return [(task.id, task.state) for task in queries.locals_of(measure_id)]


def test_what_is_asked_for_stands_with_its_reason(asked: list[int], reviewer: Visit) -> None:
    assert REASON in reviewer.page("/waivers")


def test_many_are_granted_at_once(site: Flask, asked: list[int], reviewer: Visit) -> None:
    reviewer.post("/waivers", waiver=[str(one) for one in asked], ruling="grant")
    assert states(site) == ["granted"] * 3
    assert "已同意3项" in reviewer.page("/waivers")
    told = [one.subject for one in logged(site, "rule matter")]
    assert [one[:13] for one in told] == [f"已同意免报：{CITY}"] * 3


def test_one_is_refused_with_a_note(site: Flask, asked: list[int], reviewer: Visit) -> None:
    reviewer.post("/waivers", waiver=str(asked[0]), ruling="refuse", note="请说明依据。")
    assert states(site) == ["refused", "asked", "asked"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"waiver": []}, "请先勾选"),
        ({"waiver": ["x", "9" * 30]}, "请先勾选"),
        ({"ruling": "refuse"}, "请写明不同意的理由"),
        ({"ruling": "refuse", "note": "长" * 501}, "最多500字"),
        ({"note": "坏\x07"}, "控制字符"),
    ],
)
def test_a_wrong_ruling_is_told_and_nothing_is_ruled(
    site: Flask, asked: list[int], reviewer: Visit, typed: dict[str, object], sentence: str
) -> None:
    sent = {"waiver": [str(one) for one in asked]} | typed
    response = reviewer.post("/waivers", **sent)
    assert response.status_code == 422
    assert sentence in response.text
    assert states(site) == ["asked"] * 3


def test_another_office_rules_on_none_of_them(
    site: Flask, asked: list[int], signed_in: SignIn
) -> None:
    other = signed_in("fagai1")
    assert REASON not in other.page("/waivers")
    assert other.post("/waivers", waiver=str(asked[0])).status_code == 422
    assert states(site) == ["asked"] * 3


def test_the_office_waives_a_measure_in_the_cities_it_ticks(
    site: Flask, measure_id: int, reviewer: Visit
) -> None:
    ticked = [str(task_id) for task_id, _ in locals_of(site, measure_id)[:4]]
    reviewer.post(f"/waivers/measures/{measure_id}", task=ticked, reason=REASON)
    found = [state for _, state in locals_of(site, measure_id)]
    assert found[:4] == ["exempt"] * 4
    assert "exempt" not in found[4:]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": ""}, "请写明免报的理由"),
        ({"reason": "长" * 501}, "最多500字"),
        ({"task": ["1"]}, "请至少勾选一个"),
        ({"task": []}, "请至少勾选一个"),
    ],
)
def test_a_wrong_waiver_is_told_and_nothing_is_waived(
    site: Flask, measure_id: int, reviewer: Visit, typed: dict[str, object], sentence: str
) -> None:
    first = str(locals_of(site, measure_id)[0][0])
    sent = {"task": [first], "reason": REASON} | typed
    response = reviewer.post(f"/waivers/measures/{measure_id}", **sent)
    assert response.status_code == 422
    assert sentence in response.text
    assert {state for _, state in locals_of(site, measure_id)} == {"open"}


def test_what_was_waived_is_lifted_with_a_day(
    site: Flask, asked: list[int], reviewer: Visit
) -> None:
    reviewer.post("/waivers", waiver=str(asked[0]))
    address = f"/waivers/{asked[0]}/lift"
    assert reviewer.post(address, day=today().isoformat()).status_code == 422
    day = today() + timedelta(days=90)
    assert reviewer.post(address, day=day.isoformat(), note="已设综合保税区").status_code == 302
    assert states(site)[0] == "lifted"
    with site.app_context():
        waiver = db.session.get_one(Waiver, asked[0])
        assert db.session.get_one(Task, waiver.task_id).state == "open"
    (entry,) = logged(site, "lift waiver")
    assert entry.subject.startswith(f"{CITY}，第八批第")
    assert reviewer.post(address, day=day.isoformat()).status_code == 422


def test_the_choice_of_a_measure_leads_to_its_cities(measure_id: int, reviewer: Visit) -> None:
    assert "第二步" in reviewer.page("/waivers/new?notice=yfh-2023-59")
    found = reviewer.get(f"/waivers/new?notice=yfh-2023-59&measure={measure_id}")
    assert found.headers["Location"].endswith(f"/waivers/measures/{measure_id}")
