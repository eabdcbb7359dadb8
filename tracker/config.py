"""What an installation sets: environment first, then instance/tracker.toml."""

from __future__ import annotations

import os
import secrets
import tempfile
import tomllib
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
MIGRATIONS = ROOT / "migrations" / "environment"
TEMPLATES = ROOT / "templates"
SHORTEST_KEY = 32
WRONG_DATABASE = (
    "TRACKER_DATABASE_URL 无法识别，应写成 sqlite:///文件 或 "
    "postgresql://用户@主机:端口/数据库 的样子。"
)
WRONG_MAIL = (
    "TRACKER_MAIL_URL 无法识别，应写成 smtp://用户:密码@主机:端口?starttls 或 "
    "smtps://用户:密码@主机:端口 的样子。"
)
NO_SENDER = (
    "已设置 TRACKER_MAIL_URL，还缺少发件地址 TRACKER_MAIL_FROM，请一并设置，"
    "例如 TRACKER_MAIL_FROM=tracker@example.gov.cn。"
)
WRONG_SENDER = (
    "TRACKER_MAIL_FROM 须是发件地址，写成 tracker@example.gov.cn 或 "
    "跟踪系统 <tracker@example.gov.cn> 的样子。"
)
WRONG_SITE = "TRACKER_BASE_URL 须是用户打开本系统的网址，以 http:// 或 https:// 开头。"
LOCAL_SITE = "http://127.0.0.1:8000"
MAIL_SECONDS = 20


class Misconfigured(Exception):
    """A setting that this installation must not start with; the message is for its operator."""


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mail is handed in, and as whom. `security` is none, starttls or tls."""

    host: str
    port: int
    sender: str
    security: str = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout: float = MAIL_SECONDS


@dataclass(frozen=True, kw_only=True)
class Settings:
    instance: Path
    database_url: str
    secret_key: str
    production: bool
    mail: MailServer | None = None
    base_url: str = LOCAL_SITE
    # Whether somebody chose it; otherwise it is a guess that holds on this machine alone.
    is_site_chosen: bool = False

    @property
    def sources(self) -> Path:
        """Where source documents are kept, named by their hash."""
        return self.instance / "sources"

    @property
    def papers(self) -> Path:
        """Where official papers are kept, named by their hash."""
        return self.instance / "papers"

    @property
    def evidence(self) -> Path:
        """Where evidence is kept, named by its hash."""
        return self.instance / "evidence"

    @property
    def folders(self) -> tuple[Path, ...]:
        """All that is kept beside the database."""
        return self.sources, self.papers, self.evidence


def load(instance: Path | None = None, *, served_at: str = LOCAL_SITE) -> Settings:
    """Read the settings; `instance` overrides the folder for one call.

    `served_at` stands in for a TRACKER_BASE_URL that nobody set.
    """
    folder = instance or Path(os.environ.get("TRACKER_INSTANCE") or ROOT / "instance")
    try:
        return _load(_made(folder), served_at)
    except OSError as error:
        raise Misconfigured(
            f"无法读写系统目录 {folder}，请核对 TRACKER_INSTANCE 和目录权限。"
        ) from error


def _made(folder: Path) -> Path:
    """The folder, as a whole path: Flask-SQLAlchemy would look for a relative one elsewhere."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _load(folder: Path, served_at: str) -> Settings:
    chosen = _Chosen(folder)
    site = chosen.get("TRACKER_BASE_URL")
    production = chosen.get("TRACKER_ENV") == "production"
    _check_now(os.environ.get("TRACKER_NOW", ""), production)
    return Settings(
        instance=folder,
        database_url=_database_url(chosen.get("TRACKER_DATABASE_URL"), folder),
        secret_key=_secret_key(chosen.get("TRACKER_SECRET_KEY"), folder, production),
        production=production,
        mail=_mail(chosen.get("TRACKER_MAIL_URL"), chosen.get("TRACKER_MAIL_FROM")),
        base_url=_site(site or served_at),
        is_site_chosen=bool(site),
    )


def _check_now(frozen: str, production: bool) -> None:
    if frozen and production:
        raise Misconfigured("正式环境不得设置 TRACKER_NOW，请删除该环境变量后重新启动。")
    try:
        datetime.fromisoformat(frozen or "2026-11-23")
    except ValueError as error:
        raise Misconfigured(
            f"TRACKER_NOW 的值“{frozen}”不是时间，应写成 2026-11-23T09:00 的样子。"
        ) from error


class _Chosen:
    """One look-up over both places a setting can stand in."""

    def __init__(self, folder: Path) -> None:
        file = folder / "tracker.toml"
        try:
            self._written: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            self._written = {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise Misconfigured(f"设置文件 {file} 无法读取，请核对：{error}") from error

    def get(self, name: str) -> str:
        return os.environ.get(name) or str(self._written.get(name, ""))


def _database_url(given: str, folder: Path) -> str:
    if not given:
        return f"sqlite:///{folder / 'tracker.sqlite3'}"
    for short in ("postgresql://", "postgres://"):
        if given.startswith(short):
            # Without a driver SQLAlchemy 2.0 would take psycopg2, which is not among ours.
            given = "postgresql+psycopg://" + given.removeprefix(short)
    return _checked(given, folder)


def _checked(given: str, folder: Path) -> str:
    """The address, where it leads to one of the two databases."""
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as error:
        raise Misconfigured(WRONG_DATABASE) from error
    if url.drivername == "postgresql+psycopg":
        return _with_driver(given)
    if url.drivername != "sqlite" or url.database in (None, "", ":memory:"):
        raise Misconfigured(WRONG_DATABASE)
    return _beside(folder, url)


def _with_driver(given: str) -> str:
    if find_spec("psycopg") is None:
        raise Misconfigured("使用 PostgreSQL 需要先安装驱动：pip install 'psycopg[binary,pool]'。")
    return given


def _beside(folder: Path, url: URL) -> str:
    """Left relative, Flask-SQLAlchemy would put the file into a folder of its own choosing."""
    whole = folder / (url.database or "")
    return url.set(database=str(whole)).render_as_string(hide_password=False)


def _secret_key(given: str, folder: Path, production: bool) -> str:
    if given and production and len(given) < SHORTEST_KEY:
        raise Misconfigured(f"TRACKER_SECRET_KEY 过短，正式环境至少需要 {SHORTEST_KEY} 个字符。")
    return given or _kept_key(folder / "secret.key")


def _kept_key(file: Path) -> str:
    """A key made once for each installation, so that sessions outlive a restart."""
    if not file.exists():
        _make_key(file)
    key = file.read_bytes().decode("ascii", "replace").strip()
    if len(key) < SHORTEST_KEY:
        raise Misconfigured(f"密钥文件 {file} 不完整，请删除后重新启动。")
    return key


def _make_key(file: Path) -> None:
    """Whole or not at all: processes that start together must all read the same key."""
    handle, temporary = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w", encoding="ascii") as new:
        new.write(secrets.token_hex(SHORTEST_KEY))
    try:
        os.link(temporary, file)
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)


def _site(given: str) -> str:
    try:
        parts = urlsplit(given)
    except ValueError as error:
        raise Misconfigured(WRONG_SITE) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Misconfigured(WRONG_SITE)
    return given.rstrip("/")


def _mail(given: str, sender: str) -> MailServer | None:
    if not given:
        return None
    if not sender:
        raise Misconfigured(NO_SENDER)
    if "@" not in parseaddr(sender)[1] or "\n" in sender or "\r" in sender:
        raise Misconfigured(WRONG_SENDER)
    try:
        return _mail_server(urlsplit(given), sender)
    except ValueError as error:
        raise Misconfigured(WRONG_MAIL) from error


def _mail_server(url: SplitResult, sender: str) -> MailServer:
    asked = parse_qs(url.query, keep_blank_values=True)
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise ValueError(url.scheme)
    if set(asked) - {"starttls", "ca", "timeout"}:
        raise ValueError(url.query)
    plain = "starttls" if "starttls" in asked else "none"
    return MailServer(
        host=url.hostname,
        port=url.port or (465 if url.scheme == "smtps" else 25),
        sender=sender,
        security="tls" if url.scheme == "smtps" else plain,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        ca_file=asked.get("ca", [""])[0],
        timeout=float(asked.get("timeout", [str(MAIL_SECONDS)])[0]),
    )
