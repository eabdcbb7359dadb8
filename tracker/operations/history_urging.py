"""The demonstration's urging: done by its people through the real acts, in the last weeks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from tracker.db import db
from tracker.operations.history_days import midnight
from tracker.registry.models import Person
from tracker.registry.queries import workdays
from tracker.registry.settings import in_force, set_mark
from tracker.supervision import bulletins, evaluating, evaluations, urging
from tracker.supervision.knowing import AsOf
from tracker.supervision.models import Urge
from tracker.supervision.overdue import overdue
from tracker.supervision.proposing import propose, rungs_of
from tracker.supervision.reminding import remember
from tracker.supervision.states import PROPOSED
from tracker.supervision.urging import Answer
from tracker.tasks.moving import By
from tracker.workdays import Workdays

# What the unit of each account did with its urge: nothing yet, 签收, or 签收 and 回复.
SENT, ACKNOWLEDGED, ANSWERED = range(3)
URGED = (
    ("ziyou2", "guangzhou1", ANSWERED),
    ("ziyou2", "haishi1", ACKNOWLEDGED),
    ("fagai2", "shuiwu1", SENT),
)
SAID = "有关数据正在汇总核对，经本单位审签后报送。"
PROPOSED_BEFORE, REMINDED_BEFORE = 4, (16, 11)  # workdays before today
MORNING = timedelta(hours=8, minutes=50)
CHIEFS = ("ziyou2", "fagai2")
# No real institution's 代字: whoever reads a number sees that it is made up.
MARKS = {"ziyou2": "演示自贸", "fagai2": "演示发改"}
MARKED_BEFORE = 60  # workdays before today


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The people by account, and the days by how many workdays they lie back."""

    day: date
    people: Mapping[str, Person]
    known: Workdays

    def back(self, count: int) -> date:
        day = self.day
        while count:
            day -= timedelta(days=1)
            count -= self.known.is_workday(day)
        return day

    def by(self, account: str, day: date, hour: int = 10) -> By:
        return By(person_id=self.people[account].id, at=midnight(day) + timedelta(hours=hour))


def tell(day: date) -> None:
    """Urges in every stage, an issued bulletin and a frozen evaluation, up to the eve of `day`."""
    accounts = {*CHIEFS, *(account for _, account, _ in URGED)}
    found = db.session.scalars(select(Person).where(Person.account.in_(accounts)))
    scene = Scene(day=day, people={one.account: one for one in found}, known=workdays())
    if len(scene.people) < len(accounts):
        return
    for chief, mark in MARKS.items():
        office_id, person_id = scene.people[chief].unit_id, scene.people[chief].id
        set_mark(office_id, mark, person_id=person_id, at=midnight(scene.back(MARKED_BEFORE)))
    _issue_bulletin(scene, CHIEFS[0])
    for count in REMINDED_BEFORE:
        _remind(scene.back(count))
    for chief in CHIEFS:
        _propose(scene, chief)
    for chief, account, how_far in URGED:
        _urge(chief, account, how_far, scene)
    _evaluate(scene, CHIEFS[0])


def _remind(day: date) -> None:
    remember(overdue(AsOf(day=day), limit=None), day=day)


def _propose(scene: Scene, chief: str) -> None:
    office_id = scene.people[chief].unit_id
    day = scene.back(PROPOSED_BEFORE)
    at = midnight(day) + MORNING
    propose(office_id, day, at=at, rungs=rungs_of(in_force()), workdays=scene.known)


def _urge(chief: str, account: str, how_far: int, scene: Scene) -> None:
    office_id, unit_id = scene.people[chief].unit_id, scene.people[account].unit_id
    own = Urge.office_id == office_id, Urge.unit_id == unit_id, Urge.state == PROPOSED
    urge = db.session.scalar(select(Urge).where(*own).order_by(Urge.id).limit(1))
    if urge is None:
        return
    day = scene.back(PROPOSED_BEFORE - 1)
    urging.issue(urge, scene.by(chief, day), scene.known)
    if how_far >= ACKNOWLEDGED:
        urging.acknowledge(urge, scene.by(account, scene.back(PROPOSED_BEFORE - 2)))
    if how_far >= ANSWERED:
        replied = scene.by(account, scene.back(PROPOSED_BEFORE - 3))
        answer = Answer(words=SAID, expected_on=scene.known.after(scene.day, 3))
        if asked := urging.to_answer(urge, replied.day):
            urging.reply(urge, replied, dict.fromkeys(asked, answer))


def _issue_bulletin(scene: Scene, chief: str) -> None:
    """Of the first workday of this month, or of the month before while that is still to come."""
    first = scene.known.on_or_after(scene.back(1).replace(day=1))
    if first >= scene.back(1):
        first = scene.known.on_or_after((first.replace(day=1) - timedelta(days=1)).replace(day=1))
    at = midnight(first) + MORNING
    bulletin = bulletins.draft(
        scene.people[chief].unit_id,
        AsOf(day=first, known=at),
        at=at,
        rungs=rungs_of(in_force()),
        workdays=scene.known,
    )
    bulletins.publish(bulletin, scene.by(chief, scene.known.after(first, 1), 15))


def _evaluate(scene: Scene, chief: str) -> None:
    office_id = scene.people[chief].unit_id
    period, eve = evaluating.latest_period(scene.day), scene.back(1)
    if period not in evaluations.periods(office_id):
        return
    by = scene.by(chief, eve, 16)
    weights = evaluating.weights_of(in_force())
    evaluating.show_to_units(evaluating.freeze(office_id, period, eve, by, weights=weights), by)
