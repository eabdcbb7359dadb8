"""`tracker doctor`: what is wrong with this installation, in plain words, and how to mend it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import make_url, select, text

from tracker import storage
from tracker.audit import chain
from tracker.clock import day_of
from tracker.config import Settings
from tracker.db import db
from tracker.delivery import states as delivery
from tracker.delivery.queries import unsent_by_state
from tracker.notices.models import Source
from tracker.operations import migrating, serving
from tracker.papers.models import Paper
from tracker.permissions import AUDIT, ROLES, SECURITY, SYSTEM
from tracker.registry.models import Person, PersonRole
from tracker.registry.queries import workdays
from tracker.reports.models import Evidence
from tracker.supervision.models import Lease
from tracker.supervision.running import LEADER
from tracker.tasks import tallying

Say = Callable[[str], None]
Check = Callable[[Settings, datetime], str]
LEAST_ROOM = 1024**3
OTHERS = 0o077
HIDDEN = "已设置，不显示"
NOT_SET = "（未设置）"
SPOILT = "已损坏，请停止服务，用 tracker restore 恢复最近的备份。"
SILENT = "没有运行，提醒和汇总不会发出，请启动 tracker serve 或 tracker scheduler。"


def examine(settings: Settings, at: datetime, say: Say) -> int:
    """Say everything; the number of things that are wrong."""
    for name, value in in_force(settings).items():
        say(f"{name} = {value}")
    if sentence := _migrations(settings, at):
        # Nothing else can be asked of a database of another make.
        say(f"需要处理 数据库变更：{sentence}")
        return 1
    wrong = dict(_found(CHECKS, settings, at))
    notes = dict(_found(NOTES, settings, at))
    for name in CHECKS:
        if name in wrong:
            say(f"需要处理 {name}：{wrong[name]}")
        elif name not in notes:
            say(f"正常 {name}")
    for name, sentence in notes.items():
        say(f"请留意 {name}：{sentence}")
    return len(wrong)


def _found(
    checks: Mapping[str, Check], settings: Settings, at: datetime
) -> Iterator[tuple[str, str]]:
    for name, check in checks.items():
        if sentence := check(settings, at):
            yield name, sentence


def in_force(settings: Settings) -> dict[str, str]:
    """The settings by their names; what is secret only says that it is there."""
    mail = settings.mail
    return {
        "TRACKER_INSTANCE": str(settings.instance),
        "TRACKER_DATABASE_URL": make_url(settings.database_url).render_as_string(),
        "TRACKER_SECRET_KEY": HIDDEN,
        "TRACKER_ENV": "production" if settings.production else "（未设置，试用方式）",
        "TRACKER_MAIL_URL": f"{mail.host}:{mail.port}（{mail.security}）" if mail else NOT_SET,
        "TRACKER_MAIL_FROM": mail.sender if mail else NOT_SET,
        "TRACKER_BASE_URL": settings.base_url,
        "TRACKER_NOW": os.environ.get("TRACKER_NOW") or NOT_SET,
    }


def _migrations(_settings: Settings, _at: datetime) -> str:
    with db.engine.connect() as connection:
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))
    known = migrating.revisions()
    if revision not in known:
        return "数据库来自更新的程序，请把程序升级到同一版本。"
    return "" if revision == known[0] else "还有变更没有应用，请停止服务，运行 tracker db upgrade。"


def _whole(_settings: Settings, _at: datetime) -> str:
    if db.engine.dialect.name != "sqlite":
        return ""
    with db.engine.connect() as connection:
        answer = connection.scalar(text("PRAGMA quick_check(1)"))
    return "" if answer == "ok" else SPOILT


def _log(_settings: Settings, _at: datetime) -> str:
    broken = chain.verify().broken
    return "" if broken is None else f"编号{broken}的记录与封存时不一致，请立即保全数据库并报告。"


def _tally(_settings: Settings, _at: datetime) -> str:
    count = tallying.differences()
    return f"有{count}处与明细不符，请备份后联系开发人员。" if count else ""


def _files(settings: Settings, _at: datetime) -> str:
    gone: list[str] = []
    for model, folder in ((Evidence, settings.evidence), (Source, settings.sources)):
        rows = db.session.execute(select(model.sha256, model.name))
        gone += [row.name for row in rows if not storage.is_kept(folder, row.sha256)]
    papers = db.session.execute(select(Paper.sha256, Paper.title))
    gone += [row.title for row in papers if not storage.is_kept(settings.papers, row.sha256)]
    if not gone:
        return ""
    return f"有{len(gone)}个文件不在存储目录中（如“{gone[0]}”），请从备份中找回，放到原来的位置。"


def _private(settings: Settings, _at: datetime) -> str:
    if os.name != "posix":
        return ""
    files = (settings.instance / "secret.key", settings.instance / "tracker.toml")
    seen = [str(file) for file in files if file.exists() and file.stat().st_mode & OTHERS]
    return f"{'、'.join(seen)} 其他用户也能读，请用 chmod 600 收回权限。" if seen else ""


def _room(settings: Settings, _at: datetime) -> str:
    free = shutil.disk_usage(settings.instance).free
    return "" if free >= LEAST_ROOM else "数据文件夹所在磁盘剩余不足1 GB，请清理或扩容。"


def _administrators(_settings: Settings, _at: datetime) -> str:
    query = select(PersonRole.role).join(Person, PersonRole.person_id == Person.id)
    held = set(db.session.scalars(query.where(~Person.is_locked)))
    missing = [ROLES[role] for role in (SYSTEM, SECURITY, AUDIT) if role not in held]
    return f"没有在用的{'、'.join(missing)}，请用 tracker user add 新增。" if missing else ""


def _scheduler(_settings: Settings, at: datetime) -> str:
    lease = db.session.get(Lease, LEADER)
    if lease is None:
        return ""
    until = lease.until if lease.until.tzinfo else lease.until.replace(tzinfo=UTC)
    return "" if until >= at else SILENT


def _kind(settings: Settings, _at: datetime) -> str:
    try:
        serving.refuse_demonstration(production=settings.production)
    except serving.Refused as refusal:
        return str(refusal)
    return ""


def _site(settings: Settings, _at: datetime) -> str:
    said: list[str] = []
    serving.warn_of_links(settings, said.append)
    return "".join(said)


def _mail(settings: Settings, _at: datetime) -> str:
    return "" if settings.mail else "没有设置 TRACKER_MAIL_URL，邮件留在发送记录中，不会发出。"


def _unsent(_settings: Settings, _at: datetime) -> str:
    count = unsent_by_state().get(delivery.DEAD, 0)
    return f"有{count}条未送达，请在“发送记录”中查看原因并重发。" if count else ""


def _never(_settings: Settings, _at: datetime) -> str:
    return "" if db.session.get(Lease, LEADER) else "还没有运行过，启动 tracker serve 后开始。"


def _frozen(_settings: Settings, _at: datetime) -> str:
    return "时钟固定在 TRACKER_NOW，只用于试用。" if os.environ.get("TRACKER_NOW") else ""


def _holidays(_settings: Settings, at: datetime) -> str:
    return workdays().remark(day_of(at).year)


CHECKS: Mapping[str, Check] = {
    "数据库文件": _whole,
    "审计日志": _log,
    "分户汇总": _tally,
    "文件": _files,
    "文件权限": _private,
    "磁盘空间": _room,
    "三类管理员": _administrators,
    "定时服务": _scheduler,
    "环境": _kind,
    "网址": _site,
}
NOTES: Mapping[str, Check] = {
    "邮件": _mail,
    "消息": _unsent,
    "定时服务": _never,
    "时钟": _frozen,
    "放假安排": _holidays,
}
