"""who stopped following a notice, and why; it can be taken up again"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ONCE = "uq_following_notice_id"
PERSON = "fk_following_stopped_by"
FOUND = "ix_following_notice_id"


def upgrade() -> None:
    with op.batch_alter_table("following") as batch:
        why = sa.Column("stopped_why", sa.String(length=200), nullable=False, server_default="")
        batch.add_column(sa.Column("stopped_by", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(why)
        batch.drop_constraint(op.f(ONCE), type_="unique")
        batch.create_index(op.f(FOUND), ["notice_id"])
        batch.create_foreign_key(op.f(PERSON), "person", ["stopped_by"], ["id"])
    with op.batch_alter_table("following") as batch:
        batch.alter_column("stopped_why", server_default=None)


def downgrade() -> None:
    """Only what is being followed was known."""
    op.execute("DELETE FROM following WHERE stopped_at IS NOT NULL")
    with op.batch_alter_table("following") as batch:
        batch.drop_constraint(op.f(PERSON), type_="foreignkey")
        batch.drop_index(op.f(FOUND))
        batch.create_unique_constraint(op.f(ONCE), ["notice_id"])
        batch.drop_column("stopped_why")
        batch.drop_column("stopped_at")
        batch.drop_column("stopped_by")
