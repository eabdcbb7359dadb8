"""`tracker doctor`: each fault has a plain sentence, what is well is said, no secret is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import text, update

from tests.cast import OFFICE, STARTED, TAX, Desk, moment, unit
from tracker import storage
from tracker.config import MailServer, Settings
from tracker.db import db, writing
from tracker.operations.examining import CHECKS, examine
from tracker.permissions import ADMINISTRATORS
from tracker.registry.models import Installation, Person, PersonRole
from tracker.reports import evidence
from tracker.supervision import running
from tracker.tasks.models import Tally

AT = moment(STARTED)


@pytest.fixture
def well(desk: Desk, tmp_path: Path) -> Settings:
    """All administrators, a file, and a scheduler that was heard of a moment ago."""
    kept: Settings = desk.app.config["TRACKER"]
    chosen = replace(kept, instance=tmp_path, production=True, is_site_chosen=True)
    for role in ADMINISTRATORS:
        held = [PersonRole(role=role)]
        told = {"account": role, "name": role, "password_hash": "-"}
        db.session.add(Person(**told, unit_id=unit(OFFICE).id, roles=held))
    running.lead("here", AT)
    by = {"unit_id": unit(TAX).id, "by": desk.cast.filer, "at": AT}
    evidence.take(b"%PDF-1.7 proof", "证明.pdf", folder=chosen.evidence, **by)
    return chosen


def told(chosen: Settings) -> tuple[int, str]:
    said: list[str] = []
    db.session.flush()
    return examine(chosen, AT, said.append), "\n".join(said)


def gone(chosen: Settings) -> None:
    (file,) = (chosen.evidence / storage.INCOMING).iterdir()
    file.unlink()


def nobody(_chosen: Settings) -> None:
    db.session.execute(update(Person).values(is_locked=True))


def silent(_chosen: Settings) -> None:
    running.give_up("here", AT - timedelta(days=1))


def miscounted(_chosen: Settings) -> None:
    db.session.execute(update(Tally).values(expected=Tally.expected + 1))


def readable(chosen: Settings) -> None:
    (chosen.instance / "tracker.toml").touch(0o644)


def playing(_chosen: Settings) -> None:
    db.session.execute(update(Installation).values(is_demonstration=True))


def test_all_is_well(well: Settings) -> None:
    wrong, said = told(well)
    assert wrong == 0
    assert all(f"正常 {name}" in said for name in CHECKS)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (gone, "文件：有1个文件不在存储目录中（如“证明.pdf”）"),
        (nobody, "三类管理员：没有在用的系统管理员、安全管理员、审计管理员"),
        (silent, "定时服务：没有运行"),
        (miscounted, "分户汇总：有"),
        (readable, "文件权限："),
        (playing, "环境：这是演示环境"),
    ],
)
def test_each_fault_is_named_with_what_to_do(
    well: Settings, spoil: Callable[[Settings], None], sentence: str
) -> None:
    spoil(well)
    wrong, said = told(well)
    assert (wrong, f"需要处理 {sentence}" in said) == (1, True), said


def test_a_site_that_nobody_chose_is_a_fault_in_earnest_alone(well: Settings) -> None:
    assert (
        "需要处理 网址：没有设置 TRACKER_BASE_URL" in told(replace(well, is_site_chosen=False))[1]
    )
    assert told(replace(well, is_site_chosen=False, production=False))[0] == 0


def test_a_database_that_is_behind_is_asked_nothing_else(app: Flask) -> None:
    downgrade(revision="-1")
    chosen = app.config["TRACKER"]
    assert "需要处理 数据库变更：还有变更没有应用" in told(chosen)[1]
    with writing():
        db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        db.session.commit()
    wrong, said = told(chosen)
    assert wrong == 1
    assert said.splitlines()[-1].endswith("请把程序升级到同一版本。")


def test_what_is_set_is_shown_without_its_secrets(well: Settings) -> None:
    mail = MailServer(host="mail.invalid", port=25, sender="a@b.invalid", password="hidden1")
    url = "postgresql+psycopg://tracker:hidden2@db.invalid/tracker"
    _, said = told(replace(well, mail=mail, database_url=url, secret_key="hidden3"))
    assert "TRACKER_DATABASE_URL = postgresql+psycopg://tracker:***@db.invalid/tracker" in said
    assert "TRACKER_MAIL_URL = mail.invalid:25（none）" in said
    assert "hidden" not in said
