"""A letter is stored once, with one message for each way to each recipient."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.cast import CITY, CLASS, MARITIME, TAX, Desk, unit
from tests.delivery.posts import FILE, give_addresses, letter, messages, post, robot, ways
from tracker.audit.keeping import WrittenOnce
from tracker.db import db
from tracker.delivery import queries
from tracker.delivery.letters import INBOX, MAIL, ROBOT
from tracker.delivery.models import Choice, Enclosed, Posted
from tracker.permissions import SIGNER, UNIT_SIDE
from tracker.registry.models import Person


def channels(name: str = TAX) -> list[str]:
    return [way.channel for way in ways(name)]


def test_everyone_of_a_unit_can_be_told_in_the_inbox(desk: Desk) -> None:
    assert [(way.channel, way.person_id) for way in ways()] == [
        (INBOX, desk.cast.filer),
        (INBOX, desk.cast.signer),
    ]


def test_an_address_and_a_robot_are_more_ways(desk: Desk) -> None:
    give_addresses()
    robot()
    robot(name="停用的群", is_active=False)
    assert channels() == [INBOX, MAIL, INBOX, MAIL, ROBOT]


def test_who_switches_mail_off_gets_none(desk: Desk) -> None:
    give_addresses()
    db.session.add(Choice(person_id=desk.cast.filer, channel=MAIL, is_on=False))
    db.session.flush()
    assert [way.person_id for way in ways() if way.channel == MAIL] == [desk.cast.signer]


def test_only_the_roles_asked_for_are_told(desk: Desk) -> None:
    unit_id = unit(TAX).id
    reach = queries.addressees([unit_id], roles=[SIGNER])
    assert [way.person_id for way in reach.by_unit[unit_id]] == [desk.cast.signer]


def test_a_unit_without_anybody_is_told_apart_even_with_a_robot(desk: Desk) -> None:
    ids = [unit(name).id for name in (TAX, CITY, MARITIME, CLASS)]
    robot(CLASS)
    person = db.session.get(Person, desk.cast.maritime)
    assert person is not None
    person.is_locked = True
    db.session.flush()
    reach = queries.addressees(ids, roles=UNIT_SIDE)
    assert set(reach.by_unit) == set(ids)
    assert reach.unreachable == {unit(MARITIME).id, unit(CLASS).id}


def test_posting_again_posts_nothing(desk: Desk) -> None:
    give_addresses()
    assert post() == 4
    assert post() == 0
    assert post(subject="另一个标题") == 0
    assert len(messages()) == 4
    assert db.session.scalar(select(func.count()).select_from(Posted)) == 1


def test_who_joins_later_gets_the_letter_as_it_was_posted(desk: Desk) -> None:
    post(to=ways()[:1])
    assert post(to=ways(), subject="另一个标题") == 1
    assert {message.letter_id for message in messages()} == {messages()[0].letter_id}


def test_an_inbox_message_has_arrived_and_the_rest_waits(desk: Desk) -> None:
    give_addresses()
    robot()
    post()
    found = {message.channel: (message.state, message.sent_at is None) for message in messages()}
    assert found == {INBOX: ("sent", False), MAIL: ("pending", True), ROBOT: ("pending", True)}
    assert len({message.message_id for message in messages()}) == 5


def test_a_file_is_kept_beside_the_letter_once(desk: Desk) -> None:
    for _ in range(2):
        post(attachment=FILE)
    enclosed = db.session.scalars(select(Enclosed)).one()
    assert (enclosed.name, enclosed.data) == (FILE.name, FILE.data)


def test_a_posted_letter_never_changes(desk: Desk) -> None:
    post()
    db.session.scalars(select(Posted)).one().subject = "改过的标题"
    with pytest.raises(WrittenOnce):
        db.session.flush()


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "标题\r\nBcc: all@example.invalid"},
        {"subject": ""},
        {"link": "https://example.invalid/"},
        {"link": "//example.invalid/"},
        {"kind": "rumour"},
    ],
)
def test_a_letter_that_could_mislead_is_not_made(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="a "):
        letter(**wrong)
