"""a letter knows what it asks its readers to settle; what was settled before counts as read"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

REQUESTS = ("extension", "dispute", "closing")
KNOWN = "SELECT id, about FROM letter WHERE about LIKE :asked ORDER BY id"
NAME = "UPDATE letter SET waits_for = :matter WHERE id = :letter"
RULED = "SELECT id, ruled_at FROM {} WHERE state <> 'asked' AND ruled_at IS NOT NULL"
READ = """UPDATE message SET read_at = :at
 WHERE letter_id = :letter AND channel = 'inbox' AND read_at IS NULL"""


def upgrade() -> None:
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("waits_for", sa.String(length=40), nullable=True))
        batch.create_index(op.f("ix_letter_waits_for"), ["waits_for"])
    connection = op.get_bind()
    for kind in REQUESTS:
        asked = {"asked": f"{kind}:%:ask:%"}
        letters = {
            row.id: ":".join(row.about.split(":")[:2])
            for row in connection.execute(sa.text(KNOWN), asked)
        }
        ruled = {
            f"{kind}:{row.id}": row.ruled_at
            for row in connection.execute(sa.text(RULED.format(kind)))
        }
        names = [{"letter": letter, "matter": matter} for letter, matter in letters.items()]
        read = [
            {"letter": letter, "at": ruled[matter]}
            for letter, matter in letters.items()
            if matter in ruled
        ]
        for statement, rows in ((NAME, names), (READ, read)):
            if rows:
                connection.execute(sa.text(statement), rows)


def downgrade() -> None:
    with op.batch_alter_table("letter") as batch:
        batch.drop_index(op.f("ix_letter_waits_for"))
        batch.drop_column("waits_for")
