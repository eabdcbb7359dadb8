"""the mark that each number of an urge and a bulletin begins with"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("urge", "bulletin")


def upgrade() -> None:
    """Numbers that were given before have none, and stay as they are."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            column = sa.Column("mark", sa.String(length=100), nullable=False, server_default="")
            batch.add_column(column)
        with op.batch_alter_table(table) as batch:
            batch.alter_column("mark", server_default=None)


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("mark")
