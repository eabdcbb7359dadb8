"""Migrations: from nothing to now, down and up again, and several at once, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from psycopg import sql
from sqlalchemy import MetaData, Table, inspect, select, text
from sqlalchemy.exc import IntegrityError

from tracker.app import create_app
from tracker.config import Settings
from tracker.db import db
from tracker.operations import migrating
from tracker.supervision.models import Urge
from tracker.supervision.numbering import numbered
from tracker.workdays import Workdays

GROUND = "0001"
AT_ONCE = 4

# In UTC: the first is the morning of the 12th in Shanghai.
FILED = (datetime(2026, 10, 11, 23, tzinfo=UTC), datetime(2026, 11, 20, 2, tzinfo=UTC))

AT = {"created_at": FILED[0]}

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    server: str = request.getfixturevalue("postgres")
    name = f"tracker_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}".replace("://", "+psycopg://")
        finally:
            dropped = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            connection.execute(dropped)


@pytest.fixture
def unmade(empty: str, tmp_path: Path) -> Iterator[Flask]:
    """The application over an empty database."""
    settings = Settings(
        instance=tmp_path, database_url=empty, secret_key="test" * 16, production=False
    )
    app = create_app(settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_all_migrations_apply_to_an_empty_database(unmade: Flask) -> None:
    migrating.upgrade()
    assert set(db.metadata.tables) <= set(inspect(db.engine).get_table_names())


def test_models_and_migrations_agree(unmade: Flask) -> None:
    migrating.upgrade()
    assert migrating.difference() == ""


def test_upgrading_again_changes_nothing(app: Flask) -> None:
    before = rows()
    migrating.upgrade()
    assert rows() == before


def test_every_migration_can_be_taken_back_and_applied_again(unmade: Flask) -> None:
    migrating.upgrade()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    migrating.upgrade()
    assert migrating.difference() == ""


def test_going_down_to_the_ground_and_up_again_keeps_what_the_ground_holds(app: Flask) -> None:
    full = rows()
    downgrade(revision=GROUND)
    ground = rows()
    assert ground["measure"]
    assert ground == shared_part(full, ground)
    upgrade()
    assert shared_part(rows(), ground) == ground
    assert migrating.difference() == ""


def test_several_upgrades_at_once_do_not_collide(unmade: Flask, empty: str, tmp_path: Path) -> None:
    asked = [upgrade_process(empty, tmp_path) for _ in range(AT_ONCE)]
    said = [process.communicate(timeout=120)[1] for process in asked]
    assert [(p.returncode, s) for p, s in zip(asked, said, strict=True)] == [(0, "")] * AT_ONCE
    assert migrating.difference() == ""


def test_an_upgrade_waits_for_one_that_runs(unmade: Flask, empty: str, tmp_path: Path) -> None:
    migrating.upgrade()
    with db.engine.connect() as connection:
        hold_the_lock(connection)
        waiting = upgrade_process(empty, tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.communicate(timeout=4)
    assert waiting.communicate(timeout=60) == ("", "")
    assert waiting.returncode == 0


def hold_the_lock(connection: Any) -> None:
    """As migrations/environment/env.py does."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(7402019)"))


def upgrade_process(url: str, instance: Path) -> subprocess.Popen[str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")}
    own |= {"TRACKER_DATABASE_URL": url, "TRACKER_INSTANCE": str(instance)}
    return subprocess.Popen(
        [Path(sys.executable).with_name("tracker"), "db", "upgrade"],
        env=own,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def rows() -> Rows:
    """Every row of every table of ours that stands in the database, as it stands there."""
    standing = MetaData()
    with db.engine.connect() as connection:
        standing.reflect(connection)
        ours = {n: table for n, table in standing.tables.items() if n != "alembic_version"}
        return {name: rows_of(connection, table) for name, table in ours.items()}


def rows_of(connection: Any, table: Table) -> list[dict[str, Any]]:
    query = select(table).order_by(*table.primary_key.columns)
    return [dict(row) for row in connection.execute(query).mappings()]


def shared_part(full: Rows, ground: Rows) -> Rows:
    """As much of the rows as both know: the ground's tables, with the ground's columns."""
    return {
        name: [{column: row[column] for column in few[0]} for row in full[name]] if few else []
        for name, few in ground.items()
    }


def test_people_from_before_there_were_addresses_have_none(app: Flask) -> None:
    unit_id = rows()["unit"][0]["id"]
    downgrade(revision="0002")
    person = {
        "account": "earlier1",
        "name": "甲",
        "unit_id": unit_id,
        "password_hash": "-",
        "must_change_password": True,
        "is_locked": False,
        "version": 3,
    }
    with db.engine.begin() as connection:
        standing = MetaData()
        standing.reflect(connection, only=["person"])
        connection.execute(standing.tables["person"].insert(), person)
    upgrade()
    (kept,) = rows()["person"]
    assert kept == {**person, "id": kept["id"], "email": ""}


def test_a_notice_is_taken_up_once_and_nobody_had_before_it_was_recorded(app: Flask) -> None:
    tables = rows()
    unit_id, notice_id = tables["unit"][0]["id"], tables["notice"][0]["id"]
    person = {"account": "a1", "name": "甲", "unit_id": unit_id, "password_hash": "-"}
    downgrade(revision="0016")
    put(
        "person",
        person | {"must_change_password": True, "is_locked": False, "version": 1, "email": ""},
    )
    upgrade(revision="0017")
    known = rows()
    assert (known["following"], known["notice"]) == ([], tables["notice"])
    taken = {"notice_id": notice_id, "office_id": unit_id, "person_id": known["person"][0]["id"]}
    rest = {"with_cities": True, "was_reference": False, "source": "", "recorded_at": FILED[0]}
    put("following", taken | rest | {"starts_on": date(2026, 10, 1)})
    with pytest.raises(IntegrityError):
        put("following", taken | rest | {"starts_on": date(2026, 11, 1)})
    upgrade(revision="0022")
    (first,) = rows()["following"]
    assert (first["stopped_at"], first["stopped_why"]) == (None, "")
    stopped = {"stopped_by": taken["person_id"], "stopped_at": FILED[1], "stopped_why": "-"}
    put("following", taken | rest | stopped | {"starts_on": date(2026, 11, 1)})
    downgrade(revision="0021")
    upgrade()
    assert [row["starts_on"] for row in rows()["following"]] == [date(2026, 10, 1)]


def test_numbers_from_before_there_were_marks_stay_as_they_were(app: Flask) -> None:
    unit_id = rows()["unit"][0]["id"]
    downgrade(revision="0018")
    urge = {
        "office_id": unit_id,
        "unit_id": unit_id,
        "office_name": "甲",
        "unit_name": "乙",
        "state": "sent",
        "year": 2026,
        "number": 1,
        "reason": "-",
        "reply_by": date(2026, 11, 2),
        "proposed_on": date(2026, 10, 26),
        "issued_on": date(2026, 10, 26),
        "version": 1,
    }
    put("urge", urge)
    upgrade()
    (kept,) = rows()["urge"]
    assert kept == {**urge, "id": kept["id"], "mark": ""}
    assert numbered(Urge(**kept)) == "〔2026〕1号"


def put(table: str, *few: dict[str, Any]) -> None:
    with db.engine.begin() as connection:
        standing = MetaData()
        standing.reflect(connection, only=[table])
        connection.execute(standing.tables[table].insert(), few)


def test_filings_from_before_get_the_day_by_which_they_were_to_be_reviewed(app: Flask) -> None:
    """What waits keeps the day it was given, what was decided is reckoned."""
    tables = rows()
    unit_id, notice_id = tables["unit"][0]["id"], tables["notice"][0]["id"]
    person = {"account": "a1", "name": "甲", "unit_id": unit_id, "password_hash": "-"}
    flags = {"must_change_password": True, "is_locked": False, "version": 1, "email": ""}
    owed = {"unit_id": unit_id, "notice_id": notice_id, "role": "lead", "kind": "progress"}
    days = {"opens_on": date(2026, 10, 1), "due_on": date(2026, 10, 20), "status": "filed"}
    rest = {"period": "2026-Q3", "is_late": False, "version": 1}
    put("person", person | flags)
    put("obligation", owed | days | rest)
    person_id, owed_id = rows()["person"][0]["id"], rows()["obligation"][0]["id"]
    downgrade(revision="0019")
    written = {"body": {}, "written_by": person_id, "written_at": FILED[0], "remark": ""}
    report = {"obligation_id": owed_id, "unit_id": unit_id, "notice_id": notice_id}
    state = {"state": "filed", "revision": 2, "review_by": date(2026, 11, 30), "version": 1}
    put("report", report | written | state)
    report_id = rows()["report"][0]["id"]
    same = {"report_id": report_id, "body": {}, "stage": "advancing", "percent": 40}
    signed = {"is_unchanged": False, "unit_id": unit_id, "unit_name": "乙", "signed_by": person_id}
    for number, filed_at in enumerate(FILED, start=1):
        receipt = {"number": number, "filed_at": filed_at, "receipt": f"2026-00000{number}"}
        put("revision", same | signed | receipt)
    upgrade()
    reckoned = Workdays().after(date(2026, 10, 12), 5)
    assert [row["review_by"] for row in rows()["revision"]] == [reckoned, date(2026, 11, 30)]


def test_requests_that_were_ruled_on_before_letters_knew_them_count_as_read(app: Flask) -> None:
    """What still waits stays unread, and is settled by its ruling like any other."""
    unit_id = rows()["unit"][0]["id"]
    task_id = rows()["task"][0]["id"]
    person = {"account": "a1", "name": "甲", "unit_id": unit_id, "password_hash": "-"}
    flags = {"must_change_password": True, "is_locked": False, "version": 1, "email": ""}
    put("person", person | flags)
    person_id = rows()["person"][0]["id"]
    downgrade(revision="0020")
    asked = {"task_id": task_id, "unit_id": unit_id, "outcome": "landed", "checklist": {}}
    asked |= {"asked_by": person_id, "asked_at": FILED[0], "reason": "-", "note": "", "version": 1}
    ruled = {"state": "refused", "ruled_by": person_id, "ruled_at": FILED[1]}
    put("closing", asked | {"reopened_why": ""} | ruled)
    put("closing", asked | {"reopened_why": "", "state": "asked"})
    first, second = (row["id"] for row in rows()["closing"])
    abouts = [f"closing:{first}:ask:5:17", f"closing:{second}:ask:5:18", "urge:7:sent"]
    for number, about in enumerate(abouts, start=1):
        texts = {"kind": "matter", "subject": "-", "brief": "", "text": "", "html": "", "link": ""}
        put("letter", texts | {"about": about, "day": date(2026, 10, 12), "posted_at": FILED[0]})
        sent = {"unit_id": unit_id, "person_id": person_id, "recipient": f"person:{person_id}"}
        sent |= {"channel": "inbox", "address": "", "state": "sent", "tries": 0, "claim": ""}
        letter_id = rows()["letter"][-1]["id"]
        put("message", sent | {"letter_id": letter_id, "message_id": f"<{number}>"} | AT)
    upgrade()
    names = [row["waits_for"] for row in rows()["letter"]]
    assert names == [f"closing:{first}", f"closing:{second}", None]
    read = [row["read_at"] for row in rows()["message"]]
    assert read == [rows()["closing"][0]["ruled_at"], None, None]
    downgrade(revision="0020")
    assert [row["read_at"] for row in rows()["message"]] == read
