"""Bulletins: drafted as of a day, frozen in figures and annex, issued under a number."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.cast import (
    EIGHTH,
    MARITIME,
    OFFICE,
    TAX,
    WORKDAYS,
    Desk,
    by,
    moment,
    owed,
    task_of,
    tasks_of,
    unit,
)
from tests.supervision.test_evaluating import story
from tests.supervision.urged import DAY, FIFTH, RUNGS, answered, held, owed_to_office, sent
from tracker.jobs import urges
from tracker.registry.settings import in_force
from tracker.reports import queries as reports
from tracker.supervision import bulletins, queries, states
from tracker.supervision.knowing import AsOf
from tracker.supervision.models import Bulletin
from tracker.tasks.states import Forbidden

AS_OF = FIFTH + 8 * DAY
LATER = FIFTH + timedelta(days=60)


def drafted(day: date = AS_OF) -> Bulletin:
    office, asked = unit(OFFICE).id, AsOf(day=day)
    return bulletins.draft(office, asked, at=moment(day), rungs=RUNGS, workdays=WORKDAYS)


def named(bulletin: Bulletin) -> set[str]:
    return {line.unit_name for line in queries.bulletin_lines(bulletin.id) if line.is_named}


def test_the_annex_is_everything_overdue_on_the_day(desk: Desk) -> None:
    lines = queries.bulletin_lines(drafted().id)
    own = [line.obligation_id for line in lines if line.unit_name == TAX]
    assert [line.unit_id for line in lines] == sorted(line.unit_id for line in lines)
    assert sorted(own) == owed_to_office(TAX, AS_OF)
    assert {line.workdays_late for line in lines} == {WORKDAYS.between(date(2026, 4, 15), AS_OF)}


def test_it_names_whom_an_urge_did_not_move(desk: Desk) -> None:
    sent(desk)
    assert named(drafted()) == {TAX}


def test_it_does_not_name_whose_reply_still_holds(desk: Desk) -> None:
    answered(desk)
    assert named(drafted()) == set()
    assert TAX in named(drafted(AS_OF + 5 * DAY))


def test_it_names_who_is_very_late_though_never_urged(desk: Desk) -> None:
    assert {TAX, MARITIME} <= named(drafted(LATER))


def numbers(bulletin: Bulletin) -> dict[str, int]:
    """What its first sentences say, by the words before each number."""
    words = "|".join(bulletins.COUNTED.values())
    return {one[1]: int(one[2]) for one in re.finditer(f"({words})共?(\\d+)项", bulletin.opening)}


def test_the_first_sentences_count_one_population_and_the_annex_is_part_of_it(desk: Desk) -> None:
    story(desk)
    desk.file(owed(tasks_of(TAX, EIGHTH)[7], period="2026-Q1"), date(2026, 4, 2))
    bulletin = drafted()
    said = numbers(bulletin)
    filed = said["按时报送"] + said["逾期报送"]
    assert said["已到期的应报事项"] == filed + said["逾期未报"]
    assert said["逾期事项"] == said["逾期未报"] + said["退回后逾期未补正"]
    annex = {line.obligation_id for line in queries.bulletin_lines(bulletin.id)}
    assert annex == set(bulletins.ids_of(bulletin)["overdue"])
    assert len(annex) == said["逾期事项"]
    assert (said["按时报送"], said["逾期报送"], said["退回后逾期未补正"]) == (4, 1, 1)


def test_what_is_filed_before_its_day_has_not_come_due(desk: Desk) -> None:
    early = owed(task_of(TAX))
    desk.file(early, date(2026, 4, 2))
    before = bulletins.ids_of(drafted(date(2026, 4, 15)))
    assert early.id not in before["expected"]
    assert early.id in bulletins.ids_of(drafted())["on_time"]


def test_a_past_day_knows_neither_later_urges_nor_later_replies(desk: Desk) -> None:
    answered(desk)
    asked = AsOf(day=AS_OF, known=moment(FIFTH, 9))
    bulletin = bulletins.draft(
        unit(OFFICE).id, asked, at=moment(LATER), rungs=RUNGS, workdays=WORKDAYS
    )
    assert {line.urges for line in queries.bulletin_lines(bulletin.id)} == {0}


def test_it_is_drafted_once_and_stands_as_it_was(desk: Desk) -> None:
    urge = sent(desk)
    before = drafted()
    annex = [line.obligation_id for line in queries.bulletin_lines(before.id)]
    desk.file(reports.obligation(held(urge)[0]), AS_OF)
    again = drafted()
    assert again.id == before.id
    assert [line.obligation_id for line in queries.bulletin_lines(again.id)] == annex


def test_the_office_edits_words_and_names_and_issues_it_by_number(desk: Desk) -> None:
    bulletin, only = drafted(LATER), unit(TAX).id
    bulletins.edit(bulletin, title="通报", opening="总体。", demands="要求。", named=[only])
    bulletins.publish(bulletin, by(desk.cast.chief, LATER))
    assert (bulletin.year, bulletin.number, bulletin.issued_on) == (2026, 1, LATER)
    assert named(bulletin) == {TAX}
    with pytest.raises(Forbidden, match="已印发"):
        bulletins.publish(bulletin, by(desk.cast.chief, LATER))


def test_a_publication_that_fails_takes_no_number(desk: Desk) -> None:
    first, second = drafted(), drafted(LATER)
    with pytest.raises(Forbidden, match="不能早于"):
        bulletins.publish(second, by(desk.cast.chief, AS_OF))
    bulletins.publish(first, by(desk.cast.chief, AS_OF))
    assert (first.number, second.number) == (1, None)


def test_a_draft_that_is_dropped_says_why(desk: Desk) -> None:
    bulletin = drafted()
    with pytest.raises(Forbidden, match="请写明"):
        bulletins.drop(bulletin, note="")
    bulletins.drop(bulletin, note="本月不通报。")
    assert bulletin.state == states.DROPPED


def test_the_job_drafts_what_is_there_once(desk: Desk) -> None:
    ids, asked, at = [unit(OFFICE).id], AsOf(day=AS_OF), moment(AS_OF)
    for _ in range(2):
        assert urges.draft_bulletins(ids, asked, in_force(), at=at) == 1
    assert len(queries.bulletins_of_office(ids[0])) == 1
