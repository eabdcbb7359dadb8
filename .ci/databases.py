"""`tracker db upgrade` and `tracker db check`, on an empty database of each kind."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

SERVER = os.environ.get(
    "TRACKER_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
NOTHING_LEFT_OUT = os.environ.get("TRACKER_TEST_ALL") == "1"
TRACKER = Path(sys.executable).with_name("tracker")


def agree(instance: str, url: str) -> None:
    """Run both commands in an environment in which no other setting of ours stands."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("TRACKER_")}
    own |= {"TRACKER_INSTANCE": instance, "TRACKER_DATABASE_URL": url}
    for command in ("upgrade", "check"):
        subprocess.run([TRACKER, "db", command], env=own, check=True)


@contextmanager
def empty_database() -> Iterator[str]:
    name = f"tracker_check_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(SERVER, autocommit=True, connect_timeout=5) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{SERVER.rsplit('/', 1)[0]}/{name}"
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def main() -> None:
    with tempfile.TemporaryDirectory() as instance:
        agree(instance, "")
        try:
            with empty_database() as url:
                agree(instance, url)
        except psycopg.OperationalError as error:
            left_out = (
                f"PostgreSQL left out: no server answers at TRACKER_TEST_POSTGRES_URL ({error})"
            )
            if NOTHING_LEFT_OUT:
                sys.exit(left_out)
            sys.stderr.write(f"{left_out}\n")


try:
    main()
except subprocess.CalledProcessError as failed:
    sys.exit(failed.returncode)
