"""Decides what became of everything that was owed: as acts of people, in order. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from random import Random

from tracker.operations import history_texts as texts
from tracker.operations.history_cast import Cast, Hands
from tracker.operations.history_courses import Course, Temper, next_body, temper_of
from tracker.operations.history_days import Days, chance_of, midnight, moment
from tracker.reports import states
from tracker.reports.bodies import Body
from tracker.tasks.periods import period_named
from tracker.tasks.states import LOCAL, PLAN, STOCKTAKING

WRITE, READ = "write", "read"

# Shares of what happens to one report.
DRAFT_LEFT, SIGNATURE_LEFT = 0.35, 0.55
EARLY = ((states.FILED, 0.05), (states.SIGNING, 0.08), (states.DRAFT, 0.13))
RETURNED, REFILED_IN_TIME, REFILED_LATE = 0.09, 0.70, 0.92
SLOW_REVIEW, SENT_BACK_INSIDE, WITH_THE_BATCH = 0.12, 0.03, 0.85
CORRECTION_WORKDAYS, HEARING_WORKDAYS = 10, 9


@dataclass(frozen=True, kw_only=True)
class Owed:
    """An obligation as it was opened, with the words that are needed to write about it."""

    id: int
    task_id: int
    notice_id: int
    unit_id: int
    office_id: int
    role: str
    kind: str
    period: str
    opens_on: date
    due_on: date
    key: str
    unit: str
    title: str
    may_reject: bool


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act of one person on a report. `body.done` holds positions of milestones."""

    at: datetime
    what: str
    by: int
    body: Body | None = None
    note: str = ""
    reasons: dict[str, str] = field(default_factory=dict)
    correct_by: date | None = None


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What deciding rests on: the last day, the workdays before and after it, the people."""

    eve: date
    limit: datetime
    days: Days
    cast: Cast

    @staticmethod
    def before(day: date, days: Days, cast: Cast) -> Scene:
        """The history ends with the day before: what is done today is done by living people."""
        eve = date.fromordinal(day.toordinal() - 1)
        return Scene(eve=eve, limit=midnight(day), days=days, cast=cast)


def acts_for(owed: Owed, course: Course, scene: Scene) -> list[Act]:
    """What people did about one obligation up to the eve, the first act first."""
    chance = chance_of(owed.key, owed.kind, owed.period, scene.eve)
    temper = temper_of(owed.unit)
    if _window(owed, scene) > scene.eve:
        acts = _early(owed, course, scene, chance)
    elif chance.random() < temper.never:
        acts = _never(owed, course, scene, chance)
    else:
        signed_on = _signed_on(owed, scene, temper, chance)
        acts = _whole(owed, course, scene, signed_on, chance)
    kept = [act for act in acts if act.at < scene.limit]
    course.remember(owed.kind, kept)
    return kept


def _window(owed: Owed, scene: Scene) -> date:
    """From when a report is written in earnest: progress after its period, the rest soon."""
    if owed.kind in (PLAN, STOCKTAKING):
        return scene.days.plus(owed.opens_on, HEARING_WORKDAYS)
    return scene.days.plus(_ends(owed.period), 1)


@cache
def _ends(period: str) -> date:
    return period_named(period).ends


def _signed_on(owed: Owed, scene: Scene, temper: Temper, chance: Random) -> date:
    if chance.random() < temper.late:
        return scene.days.plus(owed.due_on, chance.choice((1, 1, 2, 3, 5, 8, 13, 20)))
    day = scene.days.plus(owed.due_on, -_days_early(owed, chance))
    return max(day, _window(owed, scene))


def _days_early(owed: Owed, chance: Random) -> int:
    """A city files most of its returns for a notice on one day."""
    if owed.role == LOCAL and chance.random() < WITH_THE_BATCH:
        chance = chance_of(owed.unit, owed.notice_id, owed.period)
    return chance.randint(0, 6)


def _early(owed: Owed, course: Course, scene: Scene, chance: Random) -> Iterator[Act]:
    """Of a period that still runs a little is written already, and less is filed."""
    signed_on = scene.days.plus(scene.eve, -chance.randint(0, 5))
    drawn = chance.random()
    kept = next((state for state, share in EARLY if drawn < share), None)
    if kept is None or signed_on <= owed.opens_on:
        return
    acts = _whole(owed, course, scene, signed_on, chance)
    counts = {states.DRAFT: 1, states.SIGNING: 2, states.FILED: None}
    yield from list(acts)[: counts[kept]]


def _never(owed: Owed, course: Course, scene: Scene, chance: Random) -> Iterator[Act]:
    """Nothing was filed; perhaps a draft lies about, or waits for a signature."""
    drawn = chance.random()
    written_on = scene.days.plus(owed.due_on, -chance.randint(0, 3))
    acts = _whole(owed, course, scene, written_on, chance)
    count = 1 if drawn < DRAFT_LEFT else 2 if drawn < SIGNATURE_LEFT else 0
    yield from list(acts)[:count]


def _whole(
    owed: Owed, course: Course, scene: Scene, signed_on: date, chance: Random
) -> Iterator[Act]:
    """From the first word to the decision, and through a return if there was one."""
    hands = scene.cast.of(owed.unit_id, owed.office_id)
    written_on = scene.days.plus(signed_on, -chance.randint(0, 4))
    written_on = min(max(written_on, scene.days.plus(owed.opens_on, 1)), signed_on)
    began_at = moment(written_on, 9, chance)
    body = next_body(owed.kind, owed.title, owed.opens_on, began_at, course, chance)
    yield Act(at=began_at, what=WRITE, by=hands.filer, body=body)
    yield from _sent(signed_on, body, hands, chance)
    decided_on = scene.days.plus(signed_on, _review_days(chance))
    yield Act(at=moment(decided_on, 15, chance), what=READ, by=hands.reviewer)
    if chance.random() >= RETURNED or body.is_unchanged:
        yield Act(at=moment(decided_on, 16, chance), what=states.ACCEPT, by=hands.reviewer)
    else:
        yield from _returned(owed, body, decided_on, scene, chance)


def _sent(signed_on: date, body: Body, hands: Hands, chance: Random) -> Iterator[Act]:
    """送审 and 审签, now and then with a turn back inside the unit."""
    yield Act(at=moment(signed_on, 10, chance), what=states.SUBMIT, by=hands.filer)
    if chance.random() < SENT_BACK_INSIDE:
        note = texts.marked(texts.SENT_BACK)
        at = moment(signed_on, 11, chance)
        yield Act(at=at, what=states.SEND_BACK, by=hands.signer, note=note)
        yield Act(at=moment(signed_on, 12, chance), what=WRITE, by=hands.filer, body=body)
        yield Act(at=moment(signed_on, 13, chance), what=states.SUBMIT, by=hands.filer)
    yield Act(at=moment(signed_on, 14, chance), what=states.SIGN, by=hands.signer)


def _returned(owed: Owed, body: Body, day: date, scene: Scene, chance: Random) -> Iterator[Act]:
    """退回补正, put right in time, or late, or not yet."""
    hands = scene.cast.of(owed.unit_id, owed.office_id)
    correct_by = scene.days.plus(day, CORRECTION_WORKDAYS)
    yield Act(
        at=moment(day, 16, chance),
        what=states.RETURN,
        by=hands.reviewer,
        reasons=texts.reasons(chance),
        correct_by=correct_by,
    )
    drawn = chance.random()
    if drawn >= REFILED_LATE:
        return
    if drawn < REFILED_IN_TIME:
        again_on = scene.days.plus(day, chance.randint(2, CORRECTION_WORKDAYS))
    else:
        again_on = scene.days.plus(max(correct_by, owed.due_on), chance.randint(1, 8))
    better = texts.improved(body)
    yield Act(at=moment(again_on, 9, chance), what=WRITE, by=hands.filer, body=better)
    yield from _sent(again_on, better, hands, chance)
    decided_on = scene.days.plus(again_on, _review_days(chance))
    yield Act(at=moment(decided_on, 15, chance), what=READ, by=hands.reviewer)
    yield Act(at=moment(decided_on, 16, chance), what=states.ACCEPT, by=hands.reviewer)


def _review_days(chance: Random) -> int:
    return chance.randint(6, 25) if chance.random() < SLOW_REVIEW else chance.randint(1, 5)
