"""Units that owe something and cannot be told: the office's alarm."""

from __future__ import annotations

from tests.cast import CITY, MARITIME, OFFICE, TAX, Desk, unit
from tests.delivery.posts import give_addresses, robot
from tests.statements import asked
from tracker.db import db
from tracker.permissions import UNIT_SIDE
from tracker.registry.models import Person
from tracker.supervision.reaching import OutOfReach, out_of_reach


def found() -> dict[str, OutOfReach]:
    return {one.name: one for one in out_of_reach(unit(OFFICE).id, roles=UNIT_SIDE)}


def test_a_unit_without_people_is_an_alarm_and_one_without_addresses_a_note(desk: Desk) -> None:
    alarms = found()
    assert alarms["深圳市人民政府"].people == 0
    assert (alarms[TAX].people, alarms[MARITIME].people) == (2, 1)
    assert alarms[TAX].owed > 0
    numbers = [one.people for one in alarms.values()]
    # Those with nobody come first.
    assert [number > 0 for number in numbers] == sorted(number > 0 for number in numbers)


def test_an_address_or_a_robot_puts_a_unit_with_people_within_reach(desk: Desk) -> None:
    robot(CITY)
    assert CITY not in found()
    assert TAX in found()
    give_addresses()
    assert not {TAX, MARITIME, CITY} & set(found())


def test_a_robot_alone_is_nobody(desk: Desk) -> None:
    robot("深圳市人民政府")
    assert found()["深圳市人民政府"].people == 0


def test_a_locked_account_is_nobody(desk: Desk) -> None:
    give_addresses()
    db.session.get_one(Person, desk.cast.maritime).is_locked = True
    db.session.flush()
    assert found()[MARITIME].people == 0


def test_whatever_the_number_of_units_three_queries_find_them(desk: Desk) -> None:
    office = unit(OFFICE).id
    with asked() as statements:
        assert len(out_of_reach(office, roles=UNIT_SIDE)) > 20
    assert len(statements) == 3
