"""reminders, urges, bulletins, evaluations"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_count",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_paper_count_office_id")),
        sa.PrimaryKeyConstraint("office_id", "paper", "year", name=op.f("pk_paper_count")),
    )
    op.create_table(
        "urge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("office_name", sa.String(length=80), nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_urge_office_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_urge_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge")),
        sa.UniqueConstraint(
            "office_id", "year", "number", name=op.f("uq_urge_office_id_year_number")
        ),
    )
    with op.batch_alter_table("urge", schema=None) as batch_op:
        batch_op.create_index(
            "ix_urge_office_id_state_id", ["office_id", "state", "id"], unique=False
        )
        batch_op.create_index("ix_urge_unit_id_state_id", ["unit_id", "state", "id"], unique=False)

    op.create_table(
        "bulletin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("office_name", sa.String(length=80), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opening", sa.String(length=4000), nullable=False),
        sa.Column("demands", sa.String(length=4000), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_by", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["issued_by"], ["person.id"], name=op.f("fk_bulletin_issued_by")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_bulletin_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("office_id", "as_of", name=op.f("uq_bulletin_office_id_as_of")),
        sa.UniqueConstraint(
            "office_id", "year", "number", name=op.f("uq_bulletin_office_id_year_number")
        ),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_evaluation_made_by")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_evaluation_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint(
            "office_id", "period", "as_of", name=op.f("uq_evaluation_office_id_period_as_of")
        ),
    )
    op.create_table(
        "urge_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("urge_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_urge_move_person_id")),
        sa.ForeignKeyConstraint(["urge_id"], ["urge.id"], name=op.f("fk_urge_move_urge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urge_move")),
    )
    with op.batch_alter_table("urge_move", schema=None) as batch_op:
        batch_op.create_index("ix_urge_move_urge_id_id", ["urge_id", "id"], unique=False)

    op.create_table(
        "evaluation_row",
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("on_time", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Integer(), nullable=False),
        sa.Column("first_pass", sa.Integer(), nullable=False),
        sa.Column("backed", sa.Integer(), nullable=False),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("landed", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_row_evaluation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_evaluation_row_unit_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "unit_id", "role", name=op.f("pk_evaluation_row")),
    )
    op.create_table(
        "bulletin_line",
        sa.Column("bulletin_id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_name", sa.String(length=80), nullable=False),
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("measure", sa.String(length=1000), nullable=False),
        sa.Column("owed", sa.String(length=40), nullable=False),
        sa.Column("awaited_by", sa.Date(), nullable=False),
        sa.Column("workdays_late", sa.Integer(), nullable=False),
        sa.Column("urges", sa.Integer(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bulletin_id"], ["bulletin.id"], name=op.f("fk_bulletin_line_bulletin_id")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_bulletin_line_obligation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bulletin_line_unit_id")),
        sa.PrimaryKeyConstraint("bulletin_id", "obligation_id", name=op.f("pk_bulletin_line")),
    )
    with op.batch_alter_table("bulletin_line", schema=None) as batch_op:
        batch_op.create_index("ix_bulletin_line_obligation_id", ["obligation_id"], unique=False)
        batch_op.create_index(
            "ix_bulletin_line_unit_id_bulletin_id", ["unit_id", "bulletin_id"], unique=False
        )

    op.create_table(
        "evaluation_line",
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("is_reviewed", sa.Boolean(), nullable=False),
        sa.Column("is_first_pass", sa.Boolean(), nullable=False),
        sa.Column("is_backed", sa.Boolean(), nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.Column("is_landed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_evaluation_line_evaluation_id")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_evaluation_line_obligation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_evaluation_line_unit_id")),
        sa.PrimaryKeyConstraint("evaluation_id", "obligation_id", name=op.f("pk_evaluation_line")),
    )
    with op.batch_alter_table("evaluation_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evaluation_line_unit",
            ["evaluation_id", "unit_id", "role", "obligation_id"],
            unique=False,
        )

    op.create_table(
        "reminder",
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("awaited_by", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_reminder_obligation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reminder_unit_id")),
        sa.PrimaryKeyConstraint("obligation_id", "day", name=op.f("pk_reminder")),
    )
    op.create_table(
        "urge_reply",
        sa.Column("urge_id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_urge_reply_obligation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_urge_reply_person_id")),
        sa.ForeignKeyConstraint(["urge_id"], ["urge.id"], name=op.f("fk_urge_reply_urge_id")),
        sa.PrimaryKeyConstraint("urge_id", "obligation_id", name=op.f("pk_urge_reply")),
    )
    with op.batch_alter_table("urge_reply", schema=None) as batch_op:
        batch_op.create_index("ix_urge_reply_obligation_id", ["obligation_id"], unique=False)

    op.create_table(
        "urged",
        sa.Column("urge_id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=True),
        sa.Column("was_awaited_by", sa.Date(), nullable=False),
        sa.Column("workdays_late", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("is_left_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_urged_obligation_id")
        ),
        sa.ForeignKeyConstraint(["urge_id"], ["urge.id"], name=op.f("fk_urged_urge_id")),
        sa.PrimaryKeyConstraint("urge_id", "obligation_id", name=op.f("pk_urged")),
        sa.UniqueConstraint(
            "obligation_id", "is_held", name=op.f("uq_urged_obligation_id_is_held")
        ),
    )


def downgrade() -> None:
    op.drop_table("urged")
    with op.batch_alter_table("urge_reply", schema=None) as batch_op:
        batch_op.drop_index("ix_urge_reply_obligation_id")

    op.drop_table("urge_reply")
    op.drop_table("reminder")
    with op.batch_alter_table("evaluation_line", schema=None) as batch_op:
        batch_op.drop_index("ix_evaluation_line_unit")

    op.drop_table("evaluation_line")
    with op.batch_alter_table("bulletin_line", schema=None) as batch_op:
        batch_op.drop_index("ix_bulletin_line_unit_id_bulletin_id")
        batch_op.drop_index("ix_bulletin_line_obligation_id")

    op.drop_table("bulletin_line")
    op.drop_table("evaluation_row")
    with op.batch_alter_table("urge_move", schema=None) as batch_op:
        batch_op.drop_index("ix_urge_move_urge_id_id")

    op.drop_table("urge_move")
    op.drop_table("evaluation")
    op.drop_table("bulletin")
    with op.batch_alter_table("urge", schema=None) as batch_op:
        batch_op.drop_index("ix_urge_unit_id_state_id")
        batch_op.drop_index("ix_urge_office_id_state_id")

    op.drop_table("urge")
    op.drop_table("paper_count")
