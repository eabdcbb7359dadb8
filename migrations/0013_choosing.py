"""who goes on with a task after a split"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heir_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("chosen_on", sa.Date(), nullable=True))
        batch_op.create_index("ix_task_heir_id", ["heir_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_task_heir_id"), "unit", ["heir_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_task_heir_id"), type_="foreignkey")
        batch_op.drop_index("ix_task_heir_id")
        batch_op.drop_column("chosen_on")
        batch_op.drop_column("heir_id")
