"""Which obligations are looked at: the filters that dashboards, exports and digests share."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, select

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

    def where(self, holder: ColumnElement[Any] | None = None) -> list[ColumnElement[bool]]:
        """Conditions on Obligation, whatever it is joined with.

        `holder` is the column of the unit that held it, where that is not who owes it now.
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
            plain.append(Obligation.task_id.in_(_tasks_of(self.adoption)))
        if self.office:
            supervised = select(Notice.id).where(Notice.office_id == self.office)
            plain.append(Obligation.notice_id.in_(supervised))
        return plain

    @property
    def chosen(self) -> dict[str, Any]:
        """Only what narrows, by name: as it stands in an address."""
        return {name: value for name, value in asdict(self).items() if value}


FILTERS = tuple(one.name for one in fields(Picked))
EVERYTHING = Picked()


def _tasks_of(adoption: str) -> Any:
    return (
        select(Task.id)
        .join(Measure, Task.measure_id == Measure.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .where(MeasureList.adoption == adoption)
    )
