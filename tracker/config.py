"""What an installation sets: environment first, then instance/tracker.toml."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
MIGRATIONS = ROOT / "migrations" / "environment"
TEMPLATES = ROOT / "templates"
SHORTEST_KEY = 32


class Misconfigured(Exception):
    """A setting that this installation must not start with; the message is for its operator."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    instance: Path
    database_url: str
    secret_key: str
    production: bool

    @property
    def sources(self) -> Path:
        """Where source documents are kept, named by their hash."""
        return self.instance / "sources"


def load(instance: Path | None = None) -> Settings:
    """Read the settings; `instance` overrides the folder for one call."""
    folder = instance or Path(os.environ.get("TRACKER_INSTANCE") or ROOT / "instance")
    folder.mkdir(parents=True, exist_ok=True)
    chosen = _Chosen(folder)
    production = chosen.get("TRACKER_ENV") == "production"
    if production and os.environ.get("TRACKER_NOW"):
        raise Misconfigured(
            "正式环境不得设置 TRACKER_NOW，请删除该环境变量后重新启动。"
        )
    return Settings(
        instance=folder,
        database_url=_database_url(chosen.get("TRACKER_DATABASE_URL"), folder),
        secret_key=_secret_key(chosen.get("TRACKER_SECRET_KEY"), folder, production),
        production=production,
    )


class _Chosen:
    """One look-up over both places a setting can stand in."""

    def __init__(self, folder: Path) -> None:
        file = folder / "tracker.toml"
        try:
            self._written: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            self._written = {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Misconfigured(f"设置文件 {file} 无法读取：{error}") from error

    def get(self, name: str) -> str:
        return os.environ.get(name) or str(self._written.get(name, ""))


def _database_url(given: str, folder: Path) -> str:
    if not given:
        return f"sqlite:///{folder / 'tracker.sqlite3'}"
    for short in ("postgresql://", "postgres://"):
        if given.startswith(short):
            # Without a driver SQLAlchemy 2.0 would take psycopg2, which is not among ours.
            return "postgresql+psycopg://" + given.removeprefix(short)
    return given


def _secret_key(given: str, folder: Path, production: bool) -> str:
    if given and production and len(given) < SHORTEST_KEY:
        raise Misconfigured(
            f"TRACKER_SECRET_KEY 过短，正式环境至少需要 {SHORTEST_KEY} 个字符。"
        )
    return given or _kept_key(folder / "secret.key")


def _kept_key(file: Path) -> str:
    """A key made once for each installation, so that sessions outlive a restart."""
    try:
        with open(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w"
        ) as new:
            new.write(secrets.token_hex(SHORTEST_KEY))
    except FileExistsError:
        pass
    return file.read_text("ascii").strip()
