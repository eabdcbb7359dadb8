"""Urging on pages: the office confirms, the unit acknowledges and replies, all of it on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import unit
from tests.web.conftest import Visit
from tests.web.filed import by, filed, opened
from tests.web.test_query_counts import counts
from tests.web.urged import acknowledge, answer, covered, proposed, send, urge, urge_to
from tracker.audit.models import Entry
from tracker.clock import now, today
from tracker.coordinating import disputing
from tracker.db import db, writing
from tracker.delivery.models import Message, Posted
from tracker.registry.models import Person, Unit
from tracker.reports import queries, reviewing
from tracker.reports.models import Report
from tracker.supervision import states
from tracker.supervision.models import Urge, Urged
from tracker.tasks.models import Obligation, Task

SignIn = Callable[[str], Visit]
FEW, MANY = 10, 200
LACKING = "逾期未回复"


@pytest.fixture
def chief(signed_in: SignIn) -> Visit:
    return signed_in("ziyou2")


def told(site: Flask, kind: str) -> list[str]:
    """Whom letters of a kind reached in their inbox."""
    with site.app_context():
        query = select(Message.recipient).join(Posted, Message.letter_id == Posted.id)
        return list(
            db.session.scalars(query.where(Posted.kind == kind, Message.channel == "inbox"))
        )


def logged(site: Flask) -> list[str]:
    with site.app_context():
        return list(db.session.scalars(select(Entry.action).order_by(Entry.id)))


def test_the_whole_way_from_the_proposal_to_the_reply(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    urge_id = proposed(site)
    assert "省税务局" in chief.page("/urges")
    send(chief, site, urge_id)
    assert urge(site, urge_id).number == 1
    assert f"/urges/{urge_id}" in filer.page("/")
    acknowledge(filer, urge_id)
    answer(filer, urge_id)
    assert urge(site, urge_id).state == states.ANSWERED
    assert "正在汇总，三日内报送。" in chief.page(f"/urges/{urge_id}")
    steps = ["issue urge", "acknowledge urge", "reply to urge"]
    assert [action for action in logged(site) if "urge" in action] == steps


def test_each_step_stands_in_the_inbox_of_whom_it_concerns(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    assert len(told(site, "urge")) == 2
    acknowledge(filer, urge_id)
    answer(filer, urge_id)
    assert len(told(site, "urge-receipt")) == len(told(site, "urge-reply")) == 2


def test_each_step_stands_on_the_task(site: Flask, chief: Visit, filer: Visit) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    acknowledge(filer, urge_id)
    answer(filer, urge_id)
    with site.app_context():
        task = db.session.get_one(Obligation, covered(site, urge_id)[0]).task_id
    life = chief.page(f"/tasks/{task}").partition('id="life"')[2]
    number = f"省商务厅自贸办催办〔{today().year}〕1号"
    for step in ("提醒", "提出催办", f"发出催办单{number}", f"签收催办单{number}", "正在汇总"):
        assert step in life, step
    assert "提出催办" not in filer.page(f"/tasks/{task}")


def test_a_returned_report_is_not_called_unfiled(site: Flask, chief: Visit, filer: Visit) -> None:
    task_id = returned_and_late(site)
    urge_id = proposed(site)
    send(chief, site, urge_id)
    paper = filer.page(f"/urges/{urge_id}")
    assert "退回后逾期未补正" in row_of(paper, task_id)
    assert "尚未报送" not in row_of(paper, task_id)
    assert "尚未报送" in paper
    assert "仍未报送或补正。请抓紧报送或补正，并逐项说明原因" in paper
    assert "应报日期" not in paper
    with site.app_context():
        mail = db.session.scalars(select(Posted).where(Posted.kind == "urge").limit(1)).one()
    for told in (paper, mail.html, mail.text):
        assert "报送（补正）期限" in told
    dispute(site, task_id)
    acknowledge(filer, urge_id)
    page = filer.page(f"/urges/{urge_id}")
    assert "归属待定" in row_of(page, task_id)
    assert "尚未报送" not in row_of(page, task_id)
    assert page.count('name="words-') == len(covered(site, urge_id)) - 1


def row_of(paper: str, task_id: int | None) -> str:
    return next(row for row in paper.split("<tr>") if f'/tasks/{task_id}"' in row)


def dispute(site: Flask, task_id: int | None) -> None:
    with site.app_context(), writing():
        task, named = db.session.get_one(Task, task_id), unit("广东海事局")
        why = "由海事部门办理。"
        disputing.ask(task, by("shuiwu2"), unit_id=task.unit_id, reason=why, named=named)
        db.session.commit()


def returned_and_late(site: Flask) -> int | None:
    """The task of a report that was returned, and not put right by the day that was set."""
    opened(site)
    day = today() - timedelta(days=12)
    report_id = filed(site, day=day)[0]
    with site.app_context(), writing():
        report = db.session.get_one(Report, report_id)
        owed = queries.obligation(report.obligation_id)
        assert owed
        reasons, correct_by = {"progress": "请补充数据。"}, day + timedelta(days=1)
        chief = by("ziyou2", day)
        reviewing.send_back(report, owed, chief, reasons=reasons, correct_by=correct_by)
        db.session.commit()
        return owed.task_id


def test_a_stranger_to_the_urge_does_not_find_it(
    site: Flask, chief: Visit, signed_in: SignIn
) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    for account in ("haishi1", "guangzhou1", "fagai2", "xitong1"):
        visit = signed_in(account)
        assert visit.get(f"/urges/{urge_id}").status_code == 404, account
        for act in ("acknowledge", "reply"):
            response = visit.post(f"/urges/{urge_id}/{act}", form="/password")
            assert response.status_code == 404, (account, act)
    assert urge(site, urge_id).state == states.SENT


def test_a_unit_cannot_reply_to_the_urge_of_another(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    proposed(site)
    other = urge_to(site, "广东海事局")
    send(chief, site, other)
    assert answer(filer, other).status_code == 404  # type: ignore[attr-defined]


def test_the_unit_sees_nothing_before_it_is_sent(site: Flask, filer: Visit) -> None:
    urge_id = proposed(site)
    assert filer.get(f"/urges/{urge_id}").status_code == 404
    assert f"/urges/{urge_id}" not in filer.page("/")


def test_a_reviewer_prepares_and_the_chief_confirms(site: Flask, reviewer: Visit) -> None:
    urge_id = proposed(site)
    keep = covered(site, urge_id)[0]
    later = (today() + timedelta(days=4)).isoformat()
    form = {"form": f"/urges/{urge_id}", "reason": "请补报。", "reply_by": later, "keep": keep}
    reviewer.post(f"/urges/{urge_id}/amend", **form)
    assert urge(site, urge_id).reason == "请补报。"
    assert "确认并发出" not in reviewer.page(f"/urges/{urge_id}")
    assert reviewer.post(f"/urges/{urge_id}/issue", **form).status_code == 404


def test_a_double_click_sends_one_urge_under_one_number(site: Flask, chief: Visit) -> None:
    urge_id = proposed(site)
    version = urge(site, urge_id).version
    for _ in range(2):
        chief.post("/urges/issue", form="/urges", urge=f"{urge_id}:{version}")
    assert (urge(site, urge_id).number, len(told(site, "urge"))) == (1, 2)
    assert logged(site).count("issue urge") == 1


def test_what_changed_after_the_list_was_opened_is_not_sent(site: Flask, chief: Visit) -> None:
    urge_id = proposed(site)
    response = chief.post("/urges/issue", form="/urges", urge=f"{urge_id}:99")
    assert "打开列表之后有变化" in chief.page(response.headers["Location"])
    assert urge(site, urge_id).state == states.PROPOSED


def test_a_unit_with_nobody_to_tell_is_told_before_and_after_it_is_urged(
    site: Flask, chief: Visit
) -> None:
    reached = proposed(site)
    with site.app_context():
        empty = Urge.unit_id.not_in(select(Person.unit_id))
        alone, name = db.session.execute(select(Urge.id, Urge.unit_name).where(empty)).first()
    nobody = "该单位没有可联系人员"
    assert "没有可联系人员" in chief.page("/urges")
    assert 'href="/reach"' in chief.page(f"/urges/{alone}").partition(nobody)[2]
    assert nobody not in chief.page(f"/urges/{reached}")
    rows = [f"{one}:{urge(site, one).version}" for one in (alone, reached)]
    chief.post("/urges/issue", form="/urges", urge=rows)
    assert f"已发出2份催办单。{name}没有可联系人员，请打开" in chief.page("/urges?state=sent")
    assert "没有人收到这份催办单" in chief.page(f"/urges/{alone}")


def test_many_are_sent_at_once_and_numbered_in_turn(site: Flask, chief: Visit) -> None:
    proposed(site)
    with site.app_context():
        rows = db.session.execute(select(Urge.id, Urge.version).order_by(Urge.id).limit(5)).all()
    chief.post("/urges/issue", form="/urges", urge=[f"{row.id}:{row.version}" for row in rows])
    assert [urge(site, row.id).number for row in rows] == [1, 2, 3, 4, 5]


def test_a_reply_without_words_or_day_says_so_beside_the_field(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    acknowledge(filer, urge_id)
    response = answer(filer, urge_id, words="", day="")
    first = covered(site, urge_id)[0]
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert f'id="words-{first}-error">请写明回复。' in response.text  # type: ignore[attr-defined]
    assert f'id="day-{first}-error">请填写预计报送日期' in response.text  # type: ignore[attr-defined]
    wrong = 2 * len(covered(site, urge_id))
    assert f"有{wrong}处需要改正" in response.text  # type: ignore[attr-defined]
    assert urge(site, urge_id).state == states.ACKNOWLEDGED


def test_an_overdue_reply_shows(
    site: Flask, chief: Visit, filer: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    later = urge(site, urge_id).reply_by + timedelta(days=1)
    monkeypatch.setenv("TRACKER_NOW", f"{later.isoformat()}T10:00")
    chief.sign_in("ziyou2")
    filer.sign_in("shuiwu1")
    assert all(LACKING in page for page in where_it_shows(chief, filer, urge_id))


def test_no_reply_is_called_overdue_while_it_is_open_whose_duty_all_of_it_is(
    site: Flask, chief: Visit, filer: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    with site.app_context():
        owing = [db.session.get_one(Obligation, one) for one in covered(site, urge_id)]
        tasks = [one.task_id for one in owing]
    later = urge(site, urge_id).reply_by + timedelta(days=1)
    monkeypatch.setenv("TRACKER_NOW", f"{later.isoformat()}T10:00")
    chief.sign_in("ziyou2")
    filer.sign_in("shuiwu1")
    for task_id in tasks[1:]:
        dispute(site, task_id)
    assert all(LACKING in page for page in where_it_shows(chief, filer, urge_id))
    dispute(site, tasks[0])
    assert not any(LACKING in page for page in where_it_shows(chief, filer, urge_id))


def where_it_shows(chief: Visit, filer: Visit, urge_id: int) -> list[str]:
    """The office's desk, the urge itself, what the unit received, and its first page."""
    offices = [chief.page("/urges?state=sent"), chief.page(f"/urges/{urge_id}")]
    return [*offices, filer.page("/urges/received"), filer.page("/")]


@pytest.mark.parametrize(
    ("act", "state"),
    [("withdraw", states.WITHDRAWN), ("close", states.CLOSED)],
)
def test_the_office_ends_an_urge_with_its_reason(
    site: Flask, chief: Visit, act: str, state: str
) -> None:
    urge_id = proposed(site)
    send(chief, site, urge_id)
    chief.post(f"/urges/{urge_id}/{act}", form=f"/urges/{urge_id}", note="已电话核实。")
    assert urge(site, urge_id).state == state
    assert "已电话核实。" in chief.page(f"/urges/{urge_id}")


def test_a_dismissal_without_a_reason_says_so(site: Flask, chief: Visit) -> None:
    urge_id = proposed(site)
    response = chief.post(f"/urges/{urge_id}/dismiss", form=f"/urges/{urge_id}", note="")
    assert response.status_code == 422
    assert "请写明不予催办的理由。" in response.text
    assert urge(site, urge_id).state == states.PROPOSED


def test_pages_ask_as_often_with_ten_as_with_two_hundred_rows(
    site: Flask, chief: Visit, filer: Visit
) -> None:
    """Rows in bulk: what the pages read is the same as what the rule writes."""
    urge_id = proposed(site)
    send(chief, site, urge_id)
    asked = []
    for number in (FEW, MANY):
        _many(site, number, urge_id)
        office = counts(site, chief, ("/urges", f"/urges/{urge_id}"))
        own = counts(site, filer, ("/", "/urges/received", f"/urges/{urge_id}"))
        asked.append((office, own))
    assert asked[0] == asked[1]


def _many(site: Flask, number: int, urge_id: int) -> None:
    """So many proposals of the office, and so many obligations in one urge."""
    with site.app_context(), writing():
        sent = db.session.get_one(Urge, urge_id)
        units = db.session.scalars(select(Unit.id).order_by(Unit.id).limit(number)).all()
        for unit_id in units:
            db.session.add(_like(sent, unit_id))
        known = select(Urged.obligation_id)
        query = select(Obligation.id).where(Obligation.id.not_in(known)).limit(number)
        for one in db.session.scalars(query).all():
            row = {"was_awaited_by": today(), "workdays_late": 1, "reminders": 2}
            db.session.add(Urged(urge_id=urge_id, obligation_id=one, **row))
        db.session.commit()


def _like(sent: Urge, unit_id: int) -> Urge:
    return Urge(
        office_id=sent.office_id,
        unit_id=unit_id,
        office_name=sent.office_name,
        unit_name="-",
        state=states.PROPOSED,
        reason="-",
        reply_by=now().date(),
        proposed_on=now().date(),
    )
