"""the tally by notice"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INDEX = "ix_tally_notice_id_unit_id_period_role"


def upgrade() -> None:
    op.create_index(INDEX, "tally", ["notice_id", "unit_id", "period", "role"])


def downgrade() -> None:
    op.drop_index(INDEX, "tally")
