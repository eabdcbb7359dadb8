"""What is wrong with numbers or messages: on the dashboard, and told to people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests.cast import OFFICE, TAX, WORKDAYS, Desk, moment, unit
from tests.delivery.posts import give_addresses
from tracker import jobs
from tracker.db import db
from tracker.delivery.models import Message, Posted
from tracker.permissions import UNIT_SIDE
from tracker.registry.models import Person, PersonRole
from tracker.supervision import running
from tracker.supervision.alarms import alarms
from tracker.supervision.counting import cells
from tracker.supervision.knowing import AsOf
from tracker.supervision.reaching import out_of_reach
from tracker.supervision.running import Slot
from tracker.supervision.sight import Sight
from tracker.tasks.models import Tally
from tracker.tasks.picking import Picked

DAY = date(2026, 4, 20)


def told() -> list[tuple[str, str]]:
    """Who was told of an alarm by which channel."""
    query = (
        select(Person.account, Message.channel)
        .join(Message, Message.person_id == Person.id)
        .join(Posted, Message.letter_id == Posted.id)
        .where(Posted.kind == "alarm")
    )
    return sorted(tuple(row) for row in db.session.execute(query))


@pytest.fixture
def off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A row of the tally says one more than there is; somebody keeps the system."""
    monkeypatch.setenv("TRACKER_NOW", f"{DAY}T03:00")
    row = db.session.scalars(select(Tally).limit(1)).one()
    key = Tally.unit_id == row.unit_id, Tally.notice_id == row.notice_id
    place = Tally.period == row.period, Tally.role == row.role
    db.session.execute(update(Tally).where(*key, *place).values(expected=row.expected + 1))
    keeper = Person(account="keeper", name="管理员", unit_id=unit(TAX).id, password_hash="-")
    keeper.roles = [PersonRole(role="system")]
    db.session.add(keeper)
    db.session.flush()
    give_addresses()
    return desk


def checked(day: date = DAY) -> dict[str, object]:
    """As the scheduler does it at night."""
    slot = Slot(job="check-tally", day=day)
    running.claim(slot, "test", moment(day, 3))
    found = jobs.JOBS["check-tally"](day)
    running.stamp(slot, "test", begun=moment(day, 3), now=moment(day, 3), told=found)
    return found


def sentences(day: date = DAY) -> list[str]:
    picked = Picked(office=unit(OFFICE).id)
    sight = Sight(asked=AsOf(day=day), picked=picked, workdays=WORKDAYS, reminder_workdays=5)
    owing = {cell.unit_id for cell in cells(sight.asked, sight.soon, picked)}
    return [alarm.sentence for alarm in alarms(sight, owing, UNIT_SIDE)]


def test_a_difference_found_at_night_reaches_chief_and_keeper_once_a_day(off: Desk) -> None:
    assert checked()["differences"] == 1
    everyone = [("chief", "inbox"), ("chief", "mail"), ("keeper", "inbox"), ("keeper", "mail")]
    assert told() == everyone
    assert jobs.JOBS["check-tally"](DAY)["messages"] == 0
    assert "统计数与应报事项有1处不符，请联系运维人员核对。" in sentences()
    checked(DAY + timedelta(days=1))
    assert told() == sorted(everyone * 2)


def test_numbers_that_agree_are_told_to_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", f"{DAY}T03:00")
    assert checked() == {"differences": 0}
    assert told() == []
    assert not [one for one in sentences() if "不符" in one]


def test_the_dashboard_and_the_page_count_the_units_without_people_alike(desk: Desk) -> None:
    found = out_of_reach(unit(OFFICE).id, roles=UNIT_SIDE)
    number = sum(one.people == 0 for one in found)
    assert number > 20
    assert f"有应报事项的单位中，{number}个没有可联系人员，提醒和汇总送不到。" in sentences()
