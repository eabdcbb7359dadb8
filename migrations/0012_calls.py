"""calls"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_why", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_call_notice_id")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_call_office_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_call_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_notice_id"), ["notice_id"], unique=False)
        batch_op.create_index("ix_call_office_id_id", ["office_id", "id"], unique=False)
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.Integer(), nullable=True))
        batch_op.alter_column("task_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_foreign_key(
            batch_op.f("fk_obligation_call_id"), "call", ["call_id"], ["id"]
        )
        batch_op.create_index("ix_obligation_call_id_id", ["call_id", "id"], unique=False)


def downgrade() -> None:
    # What units answered has no place in the tables before this: it is not thrown away silently.
    if op.get_bind().scalar(sa.text('SELECT count(*) FROM "call"')):
        raise RuntimeError("calls have been made; restore a backup from before instead")
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.drop_index("ix_obligation_call_id_id")
        batch_op.drop_constraint(batch_op.f("fk_obligation_call_id"), type_="foreignkey")
        batch_op.alter_column("task_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("call_id")
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.drop_index("ix_call_office_id_id")
        batch_op.drop_index(batch_op.f("ix_call_notice_id"))
    op.drop_table("call")
