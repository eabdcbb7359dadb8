"""breakdowns, parts and cases"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compilation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_compilation_made_by")),
        sa.ForeignKeyConstraint(["office_id"], ["unit.id"], name=op.f("fk_compilation_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compilation")),
    )
    with op.batch_alter_table("compilation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_compilation_office_id"), ["office_id"], unique=False)

    op.create_table(
        "experience_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("done", sa.String(length=4000), nullable=False),
        sa.Column("effect", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compilation_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compilation_id"], ["compilation.id"], name=op.f("fk_experience_case_compilation_id")
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measure.id"], name=op.f("fk_experience_case_measure_id")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_experience_case_notice_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_experience_case_unit_id")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_experience_case_written_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experience_case")),
    )
    with op.batch_alter_table("experience_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_experience_case_compilation_id"), ["compilation_id"], unique=False
        )
        batch_op.create_index(
            "ix_experience_case_notice_id_state_id", ["notice_id", "state", "id"], unique=False
        )
        batch_op.create_index("ix_experience_case_unit_id_id", ["unit_id", "id"], unique=False)

    op.create_table(
        "breakdown",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("lead", sa.String(length=80), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("mechanism", sa.String(length=500), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["unit.id"], name=op.f("fk_breakdown_lead_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_breakdown_task_id")),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_breakdown_written_by")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_breakdown")),
    )
    with op.batch_alter_table("breakdown", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breakdown_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "case_evidence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["experience_case.id"], name=op.f("fk_case_evidence_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_case_evidence_evidence_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "evidence_id", name=op.f("pk_case_evidence")),
    )
    op.create_table(
        "case_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["experience_case.id"], name=op.f("fk_case_move_case_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_case_move_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_move")),
    )
    with op.batch_alter_table("case_move", schema=None) as batch_op:
        batch_op.create_index("ix_case_move_case_id_id", ["case_id", "id"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obligation_id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=4000), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_part_asked_by")),
        sa.ForeignKeyConstraint(["asker_id"], ["unit.id"], name=op.f("fk_part_asker_id")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_part_given_by")),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["obligation.id"], name=op.f("fk_part_obligation_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_part_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_part")),
        sa.UniqueConstraint("obligation_id", "unit_id", name=op.f("uq_part_obligation_id_unit_id")),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(
            "ix_part_unit_id_state_wanted_by_id",
            ["unit_id", "state", "wanted_by", "id"],
            unique=False,
        )


def downgrade() -> None:

    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_index("ix_part_unit_id_state_wanted_by_id")

    op.drop_table("part")
    with op.batch_alter_table("case_move", schema=None) as batch_op:
        batch_op.drop_index("ix_case_move_case_id_id")

    op.drop_table("case_move")
    op.drop_table("case_evidence")
    with op.batch_alter_table("breakdown", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_breakdown_lead_id"))

    op.drop_table("breakdown")
    with op.batch_alter_table("experience_case", schema=None) as batch_op:
        batch_op.drop_index("ix_experience_case_unit_id_id")
        batch_op.drop_index("ix_experience_case_notice_id_state_id")
        batch_op.drop_index(batch_op.f("ix_experience_case_compilation_id"))

    op.drop_table("experience_case")
    with op.batch_alter_table("compilation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_compilation_office_id"))

    op.drop_table("compilation")
