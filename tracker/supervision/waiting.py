"""待处理事项: what waits for the office to act, besides overdue reports and its review.

Each kind is one `Matter`: its words, the page that lists it, and a count as a value inside one
query. What another part of the work leaves to the office adds its matter to MATTERS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from tracker.coordinating import waiting as waiting_matters
from tracker.coordinating.cases import submitted
from tracker.coordinating.experience import SUBMITTED
from tracker.db import ask
from tracker.difficulties.queries import number_raised
from tracker.notices.handing_in import DRAFT
from tracker.notices.models import Notice, Source
from tracker.supervision import states
from tracker.supervision.models import Bulletin, Urge
from tracker.tasks.designations import undecided
from tracker.tasks.models import Obligation, Task, Waiver
from tracker.tasks.states import ASKED, UNASSIGNED

Count = Callable[[int], ColumnElement[int]]


@dataclass(frozen=True, kw_only=True)
class Matter:
    """`count` is for one office; `action` opens the page `endpoint` with `args`."""

    key: str
    words: str
    count: Count
    endpoint: str
    action: str
    args: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, kw_only=True)
class Waits:
    matter: Matter
    number: int


def _waivers(office: int) -> ColumnElement[int]:
    # Looked up for each: joined, PostgreSQL reads all tasks of an office for its few waivers.
    supervised = select(Notice.office_id).join(Task, Task.notice_id == Notice.id)
    of_waiver = supervised.where(Task.id == Waiver.task_id).scalar_subquery()
    query = select(func.count()).select_from(Waiver)
    return query.where(Waiver.state == ASKED, of_waiver == office).scalar_subquery()


def _without_unit(office: int) -> ColumnElement[int]:
    query = select(func.count()).select_from(Obligation)
    own = select(Notice.id).where(Notice.office_id == office)
    waiting = (Obligation.notice_id.in_(own), Obligation.status == UNASSIGNED)
    return query.where(*waiting).scalar_subquery()


def _drafts(_office: int) -> ColumnElement[int]:
    query = select(func.count()).select_from(Source)
    return query.where(Source.state == DRAFT).scalar_subquery()


def _urges(state: str) -> Count:
    def count(office: int) -> ColumnElement[int]:
        query = select(func.count()).select_from(Urge)
        return query.where(Urge.office_id == office, Urge.state == state).scalar_subquery()

    return count


def _bulletins(office: int) -> ColumnElement[int]:
    query = select(func.count()).select_from(Bulletin)
    own = Bulletin.office_id == office, Bulletin.state == states.DRAFT
    return query.where(*own).scalar_subquery()


MATTERS: Sequence[Matter] = (
    Matter(
        key="extensions",
        words="延期申请待决定",
        count=waiting_matters.number_of_extensions,
        endpoint="matters.index",
        action="rule matters",
        args={"kind": "extension"},
    ),
    Matter(
        key="disputes",
        words="归属异议待裁定",
        count=waiting_matters.number_of_disputes,
        endpoint="matters.index",
        action="rule matters",
        args={"kind": "dispute"},
    ),
    Matter(
        key="closings",
        words="销号申请待核对",
        count=waiting_matters.number_of_closings,
        endpoint="matters.index",
        action="rule matters",
        args={"kind": "closing"},
    ),
    Matter(
        key="difficulties",
        words="需协调事项待受理",
        count=number_raised,
        endpoint="difficulties.index",
        action="see difficulties",
        args={"state": "raised"},
    ),
    Matter(
        key="waivers",
        words="免报申请待确认",
        count=_waivers,
        endpoint="waivers.index",
        action="rule waivers",
    ),
    Matter(
        key="undecided",
        words="待指定地市或单位的事项",
        count=undecided,
        endpoint="designating.index",
        action="designate",
    ),
    Matter(
        key="unassigned",
        words="承接单位待明确的应报事项",
        count=_without_unit,
        endpoint="owed.index",
        action="see supervision",
        args={"which": "unassigned"},
    ),
    Matter(
        key="cases",
        words="经验做法待遴选",
        count=submitted,
        endpoint="collecting.index",
        action="rule cases",
        args={"state": SUBMITTED},
    ),
    Matter(
        key="proposed_urges",
        words="拟催办的单位",
        count=_urges(states.PROPOSED),
        endpoint="urging.index",
        action="prepare urges",
    ),
    Matter(
        key="answered_urges",
        words="已回复、待办结的催办单",
        count=_urges(states.ANSWERED),
        endpoint="urging.index",
        action="prepare urges",
        args={"state": states.ANSWERED},
    ),
    Matter(
        key="bulletins",
        words="待印发的通报",
        count=_bulletins,
        endpoint="bulletins.index",
        action="see supervision",
        args={"state": states.DRAFT},
    ),
    Matter(
        key="drafts",
        words="导入草稿待确认",
        count=_drafts,
        endpoint="uploading.index",
        action="import notices",
        args={"state": DRAFT},
    ),
)


def waiting(office: int, matters: Sequence[Matter] = MATTERS) -> list[Waits]:
    """How many there are of each, in one query; those of which nothing waits too."""
    if not matters:
        return []
    row = ask(_counts(office, tuple(matters))).one()
    return [Waits(matter=one, number=count) for one, count in zip(matters, row, strict=True)]


@lru_cache(maxsize=64)
def _counts(office: int, matters: tuple[Matter, ...]) -> Select[*tuple[Any, ...]]:
    """Putting it together takes longer than asking it: kept for who looks again."""
    return select(*[matter.count(office).label(matter.key) for matter in matters])
