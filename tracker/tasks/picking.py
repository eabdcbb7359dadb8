"""Which obligations are looked at: the filters that dashboards, exports and digests share."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from tracker.notices.models import Measure, MeasureList, Notice
from tracker.tasks.models import Obligation, Task


@dataclass(frozen=True, kw_only=True)
class Picked:
    """Ids and codes; what is empty narrows nothing. `office` supervises the notice."""

    notice: int | None = None
    unit: int | None = None
    city: int | None = None
    role: str = ""
    adoption: str = ""
    period: str = ""
    kind: str = ""
    office: int | None = None

    def where(
        self, holder: ColumnElement[Any] | None = None, *, among: Select[*tuple[int]] | None = None
    ) -> list[ColumnElement[bool]]:
        """Conditions on Obligation, whatever it is joined with.

        `holder` is the column of the unit that held it, where that is not who owes it now;
        `among` are notices that narrow further.
        """
        columns = {
            "notice": Obligation.notice_id,
            "unit": Obligation.unit_id if holder is None else holder,
            "city": Obligation.city_id,
            "role": Obligation.role,
            "period": Obligation.period,
            "kind": Obligation.kind,
        }
        plain = [columns[name] == value for name, value in self.chosen.items() if name in columns]
        if self.adoption:
            plain += _adopting(self.adoption)
        # All that narrows notices in one list, so that an index is entered by the shortest.
        if notices := self._notices(among):
            plain.append(Obligation.notice_id.in_(select(Notice.id).where(*notices)))
        return plain

    def _notices(self, among: Select[*tuple[int]] | None) -> list[ColumnElement[bool]]:
        narrowing = []
        if self.office:
            narrowing.append(Notice.office_id == self.office)
        if self.adoption:
            narrowing.append(Notice.id.in_(adopting(self.adoption)))
        if among is not None:
            narrowing.append(Notice.id.in_(among))
        return narrowing

    @property
    def chosen(self) -> dict[str, Any]:
        """Only what narrows, by name: as it stands in an address."""
        return {name: value for name, value in asdict(self).items() if value}


FILTERS = tuple(one.name for one in fields(Picked))
EVERYTHING = Picked()


def _adopting(adoption: str) -> list[ColumnElement[bool]]:
    """Most notices adopt all of their lists in one way: tasks are looked up in the others only.

    What has no role was called for and stands in no list.
    """
    other = Obligation.notice_id.in_(adopting_otherwise(adoption))
    return [
        Obligation.role != "",
        ~other | _measure().in_(_measures(adoption)),
    ]


def adopting(adoption: str) -> Select[*tuple[int]]:
    """As a subquery: the notices of which a list is adopted so."""
    return select(MeasureList.notice_id).where(MeasureList.adoption == adoption)


def adopting_otherwise(adoption: str) -> Select[*tuple[int]]:
    """As a subquery: the notices of which a list is adopted in another way."""
    return select(MeasureList.notice_id).where(MeasureList.adoption != adoption)


def _measure() -> ColumnElement[int]:
    """Looked up for each obligation: of all tasks there are a list would take longer to make."""
    own = select(Task.measure_id).where(Task.id == Obligation.task_id)
    return own.correlate(Obligation).scalar_subquery()


def _measures(adoption: str) -> Select[*tuple[int]]:
    query = select(Measure.id).join(MeasureList, Measure.list_id == MeasureList.id)
    return query.where(MeasureList.adoption == adoption)
