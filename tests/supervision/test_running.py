"""The ledger of the timetable: one leader, each slot once, missed ones caught up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.cast import OFFICE as OFFICE_NAME, Desk, unit
from tests.delivery.posts import give_addresses
from tracker import jobs
from tracker.clock import SHANGHAI
from tracker.db import db
from tracker.delivery.models import Message
from tracker.jobs import timetable
from tracker.registry import settings
from tracker.registry.settings import in_force
from tracker.supervision import running
from tracker.supervision.models import Digest, JobRun

A, B = "first", "second"
FRIDAY, MONDAY, TUESDAY = date(2026, 4, 17), date(2026, 4, 20), date(2026, 4, 21)
Beat = Callable[..., list[str]]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def beat(alone: Desk, monkeypatch: pytest.MonkeyPatch) -> Beat:
    """A beat of one scheduler at a moment; what it ran."""
    give_addresses()
    db.session.commit()

    def tick(moment: datetime, holder: str = A) -> list[str]:
        monkeypatch.setenv("TRACKER_NOW", moment.isoformat())
        told = timetable.beat(holder, moment.astimezone(SHANGHAI))
        return ["-"] if told is None else [f"{one['job']} {one['day'][5:]}" for one in told]

    return tick


def runs(job: str) -> list[tuple[str, str]]:
    found = db.session.scalars(select(JobRun).where(JobRun.job == job).order_by(JobRun.slot))
    return [(f"{run.slot:%m-%d}", run.state) for run in found]


def digests() -> Counter[tuple[str, int, date]]:
    return Counter(
        (one.kind, one.recipient_id, one.day) for one in db.session.scalars(select(Digest))
    )


def test_a_slot_runs_once_when_its_time_has_come(beat: Beat) -> None:
    assert "remind-units 04-20" not in beat(at(MONDAY, 8, 29))
    assert beat(at(MONDAY, 8, 31)) == ["remind-units 04-20"]
    assert beat(at(MONDAY, 8, 32)) == []
    assert beat(at(MONDAY, 9)) == ["propose-urges 04-20", "summarise-offices 04-20"]


def test_only_the_leader_runs_until_its_lease_has_run_out(beat: Beat) -> None:
    beat(at(MONDAY, 8))
    assert beat(at(MONDAY, 8, 1), B) == ["-"]
    assert "remind-units 04-20" in beat(at(MONDAY, 8, 31), B)
    assert beat(at(MONDAY, 8, 31), A) == ["-"]


def test_off_from_friday_to_tuesday_is_caught_up_once(beat: Beat) -> None:
    """The weekly summary of Monday runs; of the daily ones only Tuesday's does."""
    beat(at(FRIDAY - timedelta(days=1)))
    beat(at(TUESDAY, 10))
    assert runs("remind-units")[1:] == [
        ("04-16", "done"),
        ("04-17", "merged"),
        ("04-20", "merged"),
        ("04-21", "done"),
    ]
    assert runs("summarise-offices")[1:] == [("04-20", "done")]
    assert {day for kind, _, day in digests() if kind == "office-digest"} == {MONDAY}
    assert max(digests().values()) == 1
    assert beat(at(TUESDAY, 11)) == []


def test_what_happened_while_it_was_off_is_told_by_the_newest(beat: Beat) -> None:
    """Due on Wednesday, overdue on Thursday: told by Thursday's digest or, if off, by Friday's."""
    beat(at(date(2026, 4, 14)))
    beat(at(FRIDAY))
    page = db.session.scalars(select(Digest).where(Digest.day == FRIDAY)).first().page
    assert page["figures"]["fresh"] == page["figures"]["overdue"] > 0


def test_a_clock_set_back_repeats_nothing(beat: Beat) -> None:
    beat(at(MONDAY))
    told, sent = digests(), db.session.query(Message).count()
    for moment in (at(MONDAY, 8), at(FRIDAY), at(FRIDAY, 23), at(MONDAY, 9, 5)):
        assert beat(moment) == []
    assert (digests(), db.session.query(Message).count()) == (told, sent)


def test_a_lease_of_a_clock_set_back_is_nobodys(beat: Beat) -> None:
    beat(at(MONDAY))
    assert beat(at(FRIDAY), B) == []


def test_what_a_dead_scheduler_left_claimed_the_next_one_does(beat: Beat) -> None:
    beat(at(FRIDAY))
    running.claim(running.Slot(job="remind-units", day=MONDAY), A, at(MONDAY, 8, 30))
    db.session.commit()
    assert "remind-units 04-20" in beat(at(MONDAY, 8, 35), B)
    assert runs("remind-units")[-1] == ("04-20", "done")


def test_a_run_that_was_taken_away_has_no_effect(
    beat: Beat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on after a long sleep, while another one has claimed its slot."""
    beat(at(FRIDAY))
    summarise = jobs.JOBS["summarise-offices"]

    def slow(day: date) -> dict[str, object]:
        told = summarise(day)
        slot = running.Slot(job="summarise-offices", day=day)
        running.claim(slot, B, at(MONDAY, 8, 45))
        return told

    monkeypatch.setitem(jobs.JOBS, "summarise-offices", slow)
    assert "summarise-offices 04-20" not in beat(at(MONDAY))
    assert not [kind for kind, _, _ in digests() if kind == "office-digest"]


def test_a_failed_run_says_so_and_is_tried_again(
    beat: Beat, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(at(FRIDAY))
    with monkeypatch.context() as broken:
        broken.setitem(jobs.JOBS, "remind-units", lambda _day: {}["nothing"])
        beat(at(MONDAY, 8, 31))
    (run,) = db.session.scalars(select(JobRun).where(JobRun.state == "failed"))
    assert run.error == "办理时出错，系统将自动重试（KeyError）。"
    assert beat(at(MONDAY, 8, 32)) == []
    assert beat(at(MONDAY, 8, 37)) == ["remind-units 04-20"]


def test_a_time_changed_on_the_page_holds_at_the_next_beat(beat: Beat) -> None:
    beat(at(FRIDAY))
    now = in_force()
    later = replace(now, times={**now.times, "remind-units": time(9, 30)})
    settings.change(later, person_id=None, at=at(FRIDAY, 12))
    db.session.commit()
    assert "remind-units 04-20" not in beat(at(MONDAY, 9))
    assert beat(at(MONDAY, 9, 31)) == ["remind-units 04-20"]


def test_what_a_person_asked_for_runs_at_the_next_beat(beat: Beat) -> None:
    beat(at(TUESDAY))
    running.ask("summarise-offices", TUESDAY, at(TUESDAY, 10))
    db.session.commit()
    assert beat(at(TUESDAY, 10, 1)) == ["summarise-offices 04-21"]
    assert digests()["office-digest", unit(OFFICE_NAME).id, TUESDAY] == 1
    assert "summarise-offices 04-27" in beat(at(date(2026, 4, 27)))


def test_runs_by_hand_for_other_days_do_not_move_the_timetable(beat: Beat) -> None:
    beat(at(FRIDAY))
    for day in (date(2026, 1, 5), date(2026, 12, 7)):
        timetable.by_hand("summarise-offices", day, at(FRIDAY, 12))
    assert "summarise-offices 04-20" in beat(at(MONDAY))


def test_the_day_from_which_a_job_counts_can_be_run_by_hand(beat: Beat) -> None:
    beat(at(FRIDAY))
    yesterday = FRIDAY - timedelta(days=1)
    assert ("04-16", "begun") in runs("check-tally")
    assert timetable.by_hand("check-tally", yesterday, at(FRIDAY, 12))["differences"] == 0
    running.ask("open-periods", yesterday, at(FRIDAY, 12))
    db.session.commit()
    assert beat(at(FRIDAY, 12, 1)) == ["open-periods 04-16"]


def test_what_runs_every_minute_keeps_one_row_a_day_and_holds_nothing_up(beat: Beat) -> None:
    for minute in (0, 1, 2):
        beat(at(FRIDAY, 9, minute))
        timetable.always(FRIDAY, at(FRIDAY, 9, minute))
    assert runs("deliver") == runs("seal-audit") == [("04-17", "done")]
    assert "remind-units 04-20" in beat(at(MONDAY))
