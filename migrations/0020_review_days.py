"""each filing keeps the day by which the office was to review it"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from tracker.clock import day_of
from tracker.workdays import Schedule, Workdays

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

USUAL = 5
AT_ONCE = 500
FILED = """SELECT v.id, v.filed_at, v.number, r.revision, r.review_by, t.review_workdays
 FROM revision v JOIN report r ON r.id = v.report_id JOIN obligation o ON o.id = r.obligation_id
 LEFT JOIN tracking t ON t.notice_id = o.notice_id ORDER BY v.id"""


def upgrade() -> None:
    """What waits keeps its day; of what was decided it is reckoned by the setting of now."""
    with op.batch_alter_table("revision") as batch:
        batch.add_column(sa.Column("review_by", sa.Date(), nullable=True))
    connection = op.get_bind()
    known, days = _workdays(connection), dict[date, list[int]]()
    for row in connection.execute(sa.text(FILED)).all():
        is_waiting = row.review_by is not None and row.number == row.revision
        day = _date(row.review_by) if is_waiting else _reckoned(row, known)
        days.setdefault(day, []).append(row.id)
    table = sa.table("revision", sa.column("id", sa.Integer), sa.column("review_by", sa.Date))
    for day, ids in days.items():
        for some in _parts(ids):
            connection.execute(table.update().where(table.c.id.in_(some)).values(review_by=day))
    with op.batch_alter_table("revision") as batch:
        batch.alter_column("review_by", existing_type=sa.Date(), nullable=False)


def _reckoned(row: sa.Row, known: Workdays) -> date:
    filed_at = row.filed_at
    moment = datetime.fromisoformat(filed_at) if isinstance(filed_at, str) else filed_at
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return known.after(day_of(moment), row.review_workdays or USUAL)


def _date(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _workdays(connection: sa.Connection) -> Workdays:
    kept = sa.table(
        "holiday_year",
        sa.column("year", sa.Integer),
        sa.column("free", sa.JSON),
        sa.column("worked", sa.JSON),
    )
    return Workdays(
        {
            row.year: Schedule(
                free=frozenset(map(date.fromisoformat, row.free)),
                worked=frozenset(map(date.fromisoformat, row.worked)),
            )
            for row in connection.execute(sa.select(kept))
        }
    )


def _parts(ids: list[int]) -> Iterable[list[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def downgrade() -> None:
    with op.batch_alter_table("revision") as batch:
        batch.drop_column("review_by")
