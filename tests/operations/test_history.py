"""The made-up history: exactly what people's acts would have left, and believable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, select

from tests.cast import settings_of
from tests.conftest import DAY, Databases, _settings
from tests.operations.replaying import (
    TABLES,
    count,
    every,
    keep_only,
    people,
    replay,
    shown,
)
from tracker.app import create_app
from tracker.db import db
from tracker.operations.history import (
    NotADemonstration,
    demonstrate,
    first_day,
    tell_all,
    track_from,
    write_history,
)
from tracker.operations.history_days import midnight
from tracker.operations.history_story import Life, Story
from tracker.operations.history_texts import DEMO
from tracker.registry.models import Installation
from tracker.registry.queries import workdays
from tracker.reports.bodies import SECTIONS
from tracker.reports.models import (
    Milestone,
    ReceiptCount,
    Report,
    ReportMove,
    Review,
    Revision,
)
from tracker.tasks import states
from tracker.tasks.models import Move, Obligation, Tally, Task, Waiver
from tracker.tasks.opening import open_all
from tracker.tasks.tallying import NOT_EXPECTED, differences

AWAITED = {states.DUE, states.RETURNED}


@pytest.fixture
def second(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Another seeded installation, for people."""
    folder = tmp_path / "second"
    folder.mkdir()
    made = create_app(_settings(databases.sqlite(folder), folder))
    with made.app_context():
        people()
        db.session.commit()
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def once(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Story]]:
    """The history of every sixteenth task: all that happens, in a fraction of the time."""
    made = create_app(settings_of(request, databases, tmp_path_factory.mktemp("once")))
    with made.app_context():
        keep_only(every(16))
        told = tell_all(DAY, fallback=people())
        db.session.commit()
        db.session.remove()
    yield made, told
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def story(once: tuple[Flask, Story]) -> Iterator[Story]:
    """Told once for all who only look at it."""
    made, told = once
    with made.app_context():
        yield told
        db.session.rollback()
        db.session.remove()


@pytest.fixture(scope="module")
def chosen(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> set[int]:
    """Few tasks in whose lives everything happens that happens at all."""
    folder = tmp_path_factory.mktemp("chosen")
    made = create_app(_settings(databases.sqlite(folder), folder))
    with made.app_context():
        told = tell_all(DAY, fallback=people())
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    return _one_of_each({task_id: _traits(life) for task_id, life in told.lives.items()})


def test_people_who_do_the_same_leave_the_same_rows(
    app: Flask, second: Flask, chosen: set[int]
) -> None:
    keep_only(chosen)
    told = tell_all(DAY, fallback=people())
    assert count(Obligation) >= 40
    written = [shown(table) for table in TABLES]
    with second.app_context():
        keep_only(chosen)
        replay(told, DAY)
        for table, rows in zip(TABLES, written, strict=True):
            assert shown(table) == rows, table.__tablename__


def _one_of_each(traits: dict[int, set[object]]) -> set[int]:
    missing, chosen = set[object]().union(*traits.values()), set[int]()
    while missing:
        best = max(traits, key=lambda task_id: (len(traits[task_id] & missing), -task_id))
        chosen.add(best)
        missing -= traits[best]
    return chosen


def _traits(life: Life) -> set[object]:
    found: set[object] = {("waiver", life.asking.ruled_at is not None)} if life.asking else set()
    for one in life.played:
        status, state = one.obligation["status"], (one.report or {}).get("state")
        found |= {(one.owed.kind, status, state), ("late", one.obligation["is_late"])}
        found |= {move["event"] for move in one.report_moves}
        found |= {(review["reviewer_id"], review["is_own_unit"]) for review in one.reviews}
        for revision in one.revisions:
            found |= {revision["stage"], (one.owed.kind, len(one.revisions))}
            found |= {(revision["filed_by"], revision["signed_by"])}
            found |= {("unchanged", revision["is_unchanged"]), bool(revision["body"].done)}
    return found


def test_only_what_is_due_or_returned_is_awaited(story: Story) -> None:
    for owed in db.session.scalars(select(Obligation)):
        assert (owed.awaited_by is not None) == (owed.status in AWAITED)


def test_late_is_what_was_first_filed_after_its_day(story: Story) -> None:
    late = select(Obligation).where(Obligation.first_filed_on.is_not(None))
    for owed in db.session.scalars(late):
        assert owed.is_late == (owed.first_filed_on > (owed.extended_to or owed.due_on))
    assert not db.session.scalar(
        select(func.count()).where(Obligation.is_late, Obligation.first_filed_on.is_(None))
    )


def test_the_last_move_says_what_holds(story: Story) -> None:
    last = select(func.max(Move.id)).group_by(Move.obligation_id)
    moves = {
        move.obligation_id: move
        for move in db.session.scalars(select(Move).where(Move.id.in_(last)))
    }
    for owed in db.session.scalars(select(Obligation)):
        move = moves[owed.id]
        assert (move.status, move.awaited_by, move.unit_id) == (
            owed.status,
            owed.awaited_by,
            owed.unit_id,
        )


def test_moves_of_an_obligation_follow_each_other_in_time(story: Story) -> None:
    query = select(Move.obligation_id, Move.recorded_at).order_by(Move.obligation_id, Move.id)
    for before, after in pairwise(db.session.execute(query)):
        assert before.obligation_id != after.obligation_id or before.recorded_at < after.recorded_at


def test_receipts_are_given_one_after_the_other(story: Story) -> None:
    given = db.session.scalars(select(Revision.receipt).order_by(Revision.filed_at, Revision.id))
    by_year: dict[str, list[int]] = {}
    for receipt in given:
        by_year.setdefault(receipt[:4], []).append(int(receipt[5:]))
    counted = {str(row.year): row.last for row in db.session.scalars(select(ReceiptCount))}
    assert counted == {year: len(numbers) for year, numbers in by_year.items()}
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in by_year.values())


def test_the_tally_is_what_a_count_by_hand_gives(story: Story) -> None:
    counted: dict[tuple[object, ...], Counter[str]] = {}
    progress = select(Obligation).where(Obligation.kind == states.PROGRESS)
    for owed in db.session.scalars(progress):
        key = owed.unit_id, owed.notice_id, owed.period, owed.role
        counted.setdefault(key, Counter()).update(_counts(owed))
    for row in db.session.scalars(select(Tally)):
        found = counted.pop((row.unit_id, row.notice_id, row.period, row.role))
        assert {name: getattr(row, name) for name in found} == dict(found)
    assert not counted
    assert differences() == 0


def _counts(owed: Obligation) -> dict[str, int]:
    expected = owed.status not in NOT_EXPECTED
    filed = expected and owed.first_filed_on is not None
    return {
        "expected": expected,
        "filed_on_time": filed and not owed.is_late,
        "filed_late": filed and owed.is_late,
        "accepted": owed.status == states.ACCEPTED,
        "returned": owed.status == states.RETURNED,
        "waived": owed.status == states.WAIVED,
    }


def test_every_revision_but_a_waiting_one_has_its_review(story: Story) -> None:
    reviewed = set(db.session.scalars(select(Review.revision_id)))
    unreviewed = select(Revision).where(Revision.id.not_in(reviewed))
    waiting = {revision.report_id for revision in db.session.scalars(unreviewed)}
    filed = set(db.session.scalars(select(Report.id).where(Report.state == "filed")))
    assert waiting == filed


def test_nothing_happened_on_the_day_itself_or_later(story: Story) -> None:
    for column in (Move.recorded_at, ReportMove.recorded_at, Revision.filed_at, Waiver.asked_at):
        latest = db.session.scalar(select(func.max(column)))
        assert latest.replace(tzinfo=None) < story.scene.limit.replace(tzinfo=None)


def test_every_text_says_that_it_is_a_demonstration(story: Story) -> None:
    plain = ("stage", "percent", "is_unchanged", "done", "milestones", "documents")
    for body in db.session.scalars(select(Revision.body)):
        texts = [text for name, text in body.items() if name not in plain and text]
        texts += [row.get("title") or row["what"] for row in body["documents"] + body["milestones"]]
        assert all(text.startswith(DEMO) for text in texts)
    for reasons in db.session.scalars(select(Review.reasons)):
        assert set(reasons) <= set(SECTIONS)
        assert all(text.startswith(DEMO) for text in reasons.values())


def test_the_whole_year_is_believable(app: Flask) -> None:
    tell_all(DAY, fallback=people())
    overdue = count_where(Obligation.awaited_by < DAY)
    assert 0.005 < overdue / count_where(Obligation.due_on < DAY) < 0.1
    assert count_where(Obligation.status == "accepted", ~Obligation.is_late) > 0.6 * count_where(
        Obligation.due_on < DAY
    )
    for state, least in {"draft": 100, "signing": 50, "filed": 50, "returned": 20}.items():
        assert count_where(Report.state == state) >= least
    assert count(Milestone) > 300
    assert count_where(Milestone.done_on.is_not(None)) > 100
    assert count_where(Task.is_landed) > 300
    assert {"asked", "granted"} == set(db.session.scalars(select(Waiver.state)))


def test_a_few_units_are_clearly_worse_than_the_rest(app: Flask) -> None:
    keep_only(every(3))
    tell_all(DAY, fallback=people())
    overdue = select(func.count()).where(Obligation.awaited_by < DAY)
    by_unit = overdue.group_by(Obligation.unit_id)
    counts = sorted(db.session.scalars(by_unit), reverse=True)
    assert sum(counts[:3]) > sum(counts[3:])


def test_the_same_day_gives_the_same_history(app: Flask, second: Flask) -> None:
    keep_only(every(48))
    tell_all(DAY, fallback=people())
    here = [shown(table) for table in TABLES]
    with second.app_context():
        keep_only(every(48))
        tell_all(DAY, fallback=people())
        assert [shown(table) for table in TABLES] == here


def test_a_real_installation_takes_no_history(app: Flask) -> None:
    with pytest.raises(NotADemonstration):
        demonstrate(DAY, fallback=people())


def test_a_demonstration_gets_its_history_once_and_for_its_own_day(app: Flask) -> None:
    keep_only(every(60))
    db.session.get_one(Installation, 1).is_demonstration = True
    assert demonstrate(DAY, fallback=people())
    rows = count(Move)
    tomorrow = date.fromordinal(DAY.toordinal() + 1)
    assert not demonstrate(tomorrow, fallback=people())
    assert count(Move) == rows


def test_nothing_more_opens_on_the_day_after_the_history(story: Story) -> None:
    tomorrow = date.fromordinal(DAY.toordinal() + 1)
    assert open_all(tomorrow, at=midnight(tomorrow), workdays=workdays()) == 0


def test_what_is_open_already_gets_a_history_too(app: Flask) -> None:
    keep_only(every(60))
    since = first_day(DAY)
    track_from(since)
    open_all(DAY, at=midnight(DAY), workdays=workdays())
    written = write_history(DAY, fallback=people())
    assert written.reports == count(Report) > 0
    assert write_history(DAY, fallback=people()).reports == 0


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2026, 11, 23), date(2025, 7, 1)),
        (date(2027, 1, 5), date(2025, 10, 1)),
        (date(2026, 3, 31), date(2024, 10, 1)),
    ],
)
def test_tracking_began_with_a_quarter_fifteen_months_ago(day: date, first: date) -> None:
    assert first_day(day) == first


def count_where(*where: ColumnElement[bool]) -> int:
    return db.session.scalars(select(func.count()).where(*where)).one()
