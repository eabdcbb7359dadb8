"""Settings: environment first, then instance/tracker.toml; what cannot work is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker import config
from tracker.config import MailServer, Misconfigured, load

LONG = "k" * 32


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "SECRET_KEY", "ENV", "NOW", "MAIL_URL", "MAIL_FROM", "BASE_URL"):
        monkeypatch.delenv(f"TRACKER_{name}", raising=False)
    monkeypatch.setenv("TRACKER_INSTANCE", str(tmp_path / "instance"))


def write(tmp_path: Path, text: str) -> None:
    (tmp_path / "instance").mkdir(exist_ok=True)
    (tmp_path / "instance" / "tracker.toml").write_text(text, "utf-8")


def test_without_settings_the_database_is_a_file_of_the_instance(tmp_path: Path) -> None:
    assert load().database_url == f"sqlite:///{tmp_path}/instance/tracker.sqlite3"


def test_the_instance_is_made_where_it_is_missing(tmp_path: Path) -> None:
    assert load(tmp_path / "a" / "b").instance.is_dir()


def test_a_relative_instance_is_the_one_below_the_present_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_INSTANCE", "mine")
    assert load().database_url == f"sqlite:///{tmp_path}/mine/tracker.sqlite3"


def test_a_relative_database_file_stands_in_the_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", "sqlite:///other.sqlite3")
    assert load().database_url == f"sqlite:///{tmp_path}/instance/other.sqlite3"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_postgresql_takes_our_driver(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"{scheme}://u:p%40w@h:5432/d")
    assert load().database_url == "postgresql+psycopg://u:p%40w@h:5432/d"


@pytest.mark.parametrize(
    "address", ["nonsense", "mysql://u@h/d", "sqlite://", "postgresql://u@h:port/d"]
)
def test_an_address_of_no_known_database_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("TRACKER_DATABASE_URL", address)
    with pytest.raises(Misconfigured, match=r"TRACKER_DATABASE_URL 无法识别，应写成"):
        load()


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, f'TRACKER_SECRET_KEY = "{"f" * 40}"\n')
    assert load().secret_key == "f" * 40
    monkeypatch.setenv("TRACKER_SECRET_KEY", LONG)
    assert load().secret_key == LONG


@pytest.mark.parametrize("text", ["not toml", "a = ", "\ufeffa = 1"])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    write(tmp_path, text)
    with pytest.raises(Misconfigured, match=r"tracker\.toml 无法读取"):
        load()


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "instance" / "tracker.toml").mkdir(parents=True)
    with pytest.raises(Misconfigured, match=r"tracker\.toml 无法读取"):
        load()


def test_a_file_in_place_of_the_instance_is_refused(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("")
    with pytest.raises(Misconfigured, match="无法读写系统目录"):
        load()


def test_production_refuses_a_frozen_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", "2026-11-23")
    assert not load().production
    monkeypatch.setenv("TRACKER_ENV", "production")
    with pytest.raises(Misconfigured, match="正式环境不得设置 TRACKER_NOW"):
        load()


def test_production_can_be_set_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'TRACKER_ENV = "production"\n')
    assert load().production
    monkeypatch.setenv("TRACKER_NOW", "2026-11-23")
    with pytest.raises(Misconfigured, match="TRACKER_NOW"):
        load()


def test_a_clock_that_is_set_to_no_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", "tomorrow")
    with pytest.raises(Misconfigured, match="TRACKER_NOW 的值“tomorrow”不是时间"):
        load()


def test_production_refuses_a_short_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_ENV", "production")
    monkeypatch.setenv("TRACKER_SECRET_KEY", LONG[1:])
    with pytest.raises(Misconfigured, match="至少需要 32 个字符"):
        load()
    monkeypatch.setenv("TRACKER_SECRET_KEY", LONG)
    assert load().secret_key == LONG


def test_a_key_is_made_once_and_outlives_a_restart(tmp_path: Path) -> None:
    first = load().secret_key
    kept = tmp_path / "instance" / "secret.key"
    assert load().secret_key == first
    assert len(first) == 64
    assert kept.stat().st_mode & 0o077 == 0


def test_of_processes_that_start_together_the_first_makes_the_key(tmp_path: Path) -> None:
    first = load().secret_key
    config._make_key(tmp_path / "instance" / "secret.key")
    assert load().secret_key == first
    assert [file.name for file in (tmp_path / "instance").iterdir()] == ["secret.key"]


def test_a_key_file_that_is_cut_short_is_refused_and_not_used(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "secret.key").write_text("")
    with pytest.raises(Misconfigured, match=r"secret\.key 不完整"):
        load()


def mail_at(monkeypatch: pytest.MonkeyPatch, url: str, sender: str = "a@b.cn") -> MailServer:
    monkeypatch.setenv("TRACKER_MAIL_URL", url)
    monkeypatch.setenv("TRACKER_MAIL_FROM", sender)
    found = load().mail
    assert found
    return found


def test_a_mail_server_is_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    found = mail_at(monkeypatch, "smtp://u:p%40w@mail.cn:587?starttls&ca=/etc/ca.pem&timeout=5")
    assert (found.host, found.port, found.security) == ("mail.cn", 587, "starttls")
    assert (found.user, found.password, found.ca_file, found.timeout) == (
        "u",
        "p@w",
        "/etc/ca.pem",
        5,
    )
    assert "p@w" not in repr(found)
    assert mail_at(monkeypatch, "smtps://mail.cn").port == 465
    assert mail_at(monkeypatch, "smtp://mail.cn").security == "none"


@pytest.mark.parametrize(
    ("url", "sender", "says"),
    [
        ("mail.cn:25", "a@b.cn", "TRACKER_MAIL_URL"),
        ("smtp://mail.cn:port", "a@b.cn", "TRACKER_MAIL_URL"),
        ("smtp://mail.cn?tls", "a@b.cn", "TRACKER_MAIL_URL"),
        ("smtp://mail.cn?timeout=soon", "a@b.cn", "TRACKER_MAIL_URL"),
        (
            "smtp://mail.cn",
            "",
            "还缺少发件地址 TRACKER_MAIL_FROM，请一并设置，例如 TRACKER_MAIL_FROM=",
        ),
        ("smtp://mail.cn", "a@b.cn\nBcc: c@d.cn", "TRACKER_MAIL_FROM"),
    ],
)
def test_a_mail_server_that_cannot_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, url: str, sender: str, says: str
) -> None:
    with pytest.raises(Misconfigured, match=says):
        mail_at(monkeypatch, url, sender)


@pytest.mark.parametrize("address", ["tracker.cn", "ftp://tracker.cn", "https://", "http://["])
def test_the_address_of_the_site_is_one_that_people_open(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("TRACKER_BASE_URL", "https://tracker.cn/")
    assert load().base_url == "https://tracker.cn"
    monkeypatch.setenv("TRACKER_BASE_URL", address)
    with pytest.raises(Misconfigured, match="TRACKER_BASE_URL"):
        load()


def test_what_is_served_stands_in_for_an_address_that_nobody_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guessed = load(served_at="http://127.0.0.1:9000")
    assert (guessed.base_url, guessed.is_site_chosen) == ("http://127.0.0.1:9000", False)
    monkeypatch.setenv("TRACKER_BASE_URL", "https://tracker.cn")
    chosen = load(served_at="http://127.0.0.1:9000")
    assert (chosen.base_url, chosen.is_site_chosen) == ("https://tracker.cn", True)
