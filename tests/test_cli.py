"""The `tracker` command as an operator runs it: a process, its exit code, and one sentence."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.commands import TRACKER, Ended, commands, environment
from tests.conftest import Databases
from tests.operations.documents import described, document, written
from tracker.config import Settings

Run = Callable[..., Ended]
DONE, REFUSED, USAGE = 0, 1, 2


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The command over an instance, with no settings but those that are given."""
    with commands(tmp_path_factory.mktemp("commands")) as made:
        yield made.run


@pytest.fixture
def tracker(settings: Settings, run: Run) -> Run:
    """The command over a seeded installation, on each database."""

    def command(*words: str | Path, **more: str) -> Ended:
        more.setdefault("TRACKER_DATABASE_URL", settings.database_url)
        return run(settings.instance, *words, **more)

    return command


on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def refused(ended: Ended, words: str) -> None:
    """Exit code 1, and one sentence for a person on stderr."""
    assert ended.returncode == REFUSED, ended.stderr
    assert words in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


# What each command says when all is well


def test_a_fresh_machine_is_set_up_and_exports_every_task(run: Run, tmp_path: Path) -> None:
    first, second = run(tmp_path / "new", "init"), run(tmp_path / "new", "init")
    told = run(tmp_path / "new", "export", "tasks", "--format", "json")
    assert (first.returncode, second.returncode, told.returncode) == (DONE, DONE, DONE)
    assert first.stdout == "名录和通知已就绪，本次新载入通知6件。\n"
    assert second.stdout == "名录和通知已就绪，本次新载入通知0件。\n"
    assert len(json.loads(told.stdout)) == 446 + 2696


def test_a_notice_is_checked_taken_in_and_recognised(tracker: Run, tmp_path: Path) -> None:
    file, head = written(tmp_path, document()), described(tmp_path)
    checked = tracker("import", file, "--check")
    taken = tracker("import", file, "--notice", head)
    again = tracker("import", file, "--notice", head)
    assert [one.returncode for one in (checked, taken, again)] == [DONE] * 3
    assert checked.stdout.endswith("将产生单位任务2项，属地任务21项。\n")
    assert taken.stdout == "补载原文0项，新建通知1件，与已跟踪内容不一致0处。\n"
    assert again.stdout == "此前已导入，内容未变，没有任何改动。\n"


def test_models_and_migrations_agree(tracker: Run) -> None:
    assert tracker("db", "upgrade").returncode == DONE
    told = tracker("db", "check")
    assert (told.returncode, told.stdout) == (DONE, "模型与迁移一致。\n")


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
@on_sqlite
def test_an_export_goes_into_a_file(tracker: Run, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"任务.{form}"
    told = tracker("export", "tasks", "--format", form, "--out", out)
    assert (told.returncode, told.stdout, told.stderr) == (DONE, "", "")
    assert out.stat().st_size > 10_000


def test_the_bench_prints_json(run: Run, tmp_path: Path) -> None:
    told = run(tmp_path, "bench", "import", "--rounds", "1", "--json")
    assert told.returncode == DONE
    assert [set(one) for one in json.loads(told.stdout)] == [{"what", "milliseconds", "ratio"}] * 4


@on_sqlite
def test_a_backup_is_made_examined_and_taken_back(tracker: Run, run: Run, tmp_path: Path) -> None:
    file, other = tmp_path / "备份.zip", tmp_path / "other"
    made, examined = tracker("backup", file), tracker("doctor")
    assert (made.returncode, made.stderr) == (DONE, "")
    assert examined.returncode == REFUSED
    assert "需要处理 三类管理员" in examined.stdout
    assert examined.stderr == "有1项需要处理，办法见上。\n"
    assert run(other, "restore", file).returncode == DONE
    refused(run(other, "restore", file), "备份只能恢复到空的系统")


# The shape that `import --check --json` promises


MEASURE = {
    "no", "title", "content", "group", "units_raw", "units", "open_ended", "scope_raw", "cities",
    "scope_state", "note", "deadline", "place",
}  # fmt: skip
# Each document: lists, measures, unit tasks, local tasks.
DOCUMENTS = [
    ("000_1d34981d45a5d16f.txt", [19], 57, 386),
    ("001_0685b62241645bfd.txt", [20], 30, 395),
    ("002_40acbc023e3b713a.txt", [38], 46, 37),
    ("003_f2e920760a957619.txt", [36, 37], 132, 660),
    ("004_32cdb170203ae6d8.txt", [13, 23, 11, 11], 181, 1218),
]


@pytest.mark.parametrize(("name", "sizes", "unit", "local"), DOCUMENTS)
@on_sqlite
def test_a_check_prints_what_the_contract_says(
    tracker: Run, shared: Path, name: str, sizes: list[int], unit: int, local: int
) -> None:
    told = tracker("import", shared / "seeds" / name, "--check", "--json")
    assert told.returncode == DONE
    found = json.loads(told.stdout)
    assert set(found) == {"notices", "lists", "findings", "tasks"}
    assert found["tasks"] == {"unit": unit, "local": local}
    assert [len(listed["measures"]) for listed in found["lists"]] == sizes
    check_shape(found)


def check_shape(found: dict[str, Any]) -> None:
    for notice in found["notices"]:
        assert set(notice) == {"title", "doc_no", "issued_on"}
    for listed in found["lists"]:
        assert set(listed) == {"notice", "heading", "adoption", "measures"}
        assert listed["notice"] < len(found["notices"])
        for measure in listed["measures"]:
            check_measure(measure)
    for finding in found["findings"]:
        assert set(finding) == {"code", "list", "no", "place", "message"}
        assert finding["message"].endswith("。")


def check_measure(measure: dict[str, Any]) -> None:
    assert set(measure) == MEASURE
    assert set(measure["place"]) == {"line"}
    assert isinstance(measure["open_ended"], bool)
    assert measure["scope_state"] in {"resolved", "waiting", "reference", "none"}
    for unit in measure["units"]:
        assert set(unit) == {"printed", "unit", "role", "kind"}
        assert unit["unit"] is not None
        assert (unit["role"], unit["kind"]) in {("lead", "unit"), ("lead", "class")}


@on_sqlite
def test_days_and_numbers_of_both_notices_of_a_file_are_told(tracker: Run, shared: Path) -> None:
    told = tracker("import", shared / "seeds" / DOCUMENTS[3][0], "--check", "--json")
    notices = json.loads(told.stdout)["notices"]
    assert [(one["doc_no"], one["issued_on"]) for one in notices] == [
        ("粤府函〔2020〕146号", "2020-08-16"),
        ("国函〔2020〕96号", "2020-06-28"),
    ]


# Files that cannot be read


def archive(**parts: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name.replace("__", "/"), data)
    return packed.getvalue()


BAD_FILES = {
    "empty.txt": (b"", "文件是空的"),
    "one-byte.txt": (b"x", "文件是空的"),
    "no-table.txt": ("只有一段话，没有表格。".encode(), "没有找到任务分工表"),
    "not-text.bin": (bytes(range(256)) * 4, "无法识别文件的文字编码"),
    "picture.docx": (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "这是图片文件"),
    "paper.pdf": (b"%PDF-1.7\n", "暂不能读取 PDF"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 999, "另存为 .docx"),
    "broken.docx": (b"PK\x03\x04 nothing more", "文件已损坏"),
    "other.zip": (archive(readme=b"x"), "压缩包里没有 Word 或 Excel 内容"),
    "bomb.docx": (archive(word__document=b"", x=b"\0" * 300_000_000), "文件解压后过大"),
    "large.txt": (b"x" * (21 * 1024 * 1024), "文件超过 20 MB"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@on_sqlite
def test_a_file_that_cannot_be_read_gets_a_sentence(
    tracker: Run, tmp_path: Path, name: str
) -> None:
    data, words = BAD_FILES[name]
    (tmp_path / name).write_bytes(data)
    refused(tracker("import", tmp_path / name, "--check", "--json"), words)


@pytest.mark.parametrize("name", ["missing.txt", ".", "/dev/zero"])
@on_sqlite
def test_what_is_no_file_gets_a_sentence(tracker: Run, tmp_path: Path, name: str) -> None:
    words = "文件超过 20 MB" if name == "/dev/zero" else "无法打开文件"
    refused(tracker("import", tmp_path / name), words)


@on_sqlite
def test_a_file_whose_name_is_in_another_encoding_is_taken_in(tracker: Run, tmp_path: Path) -> None:
    named = Path(os.fsdecode(os.fsencode(tmp_path) + "/通知.txt".encode("gb18030")))
    named.write_text(document(), "utf-8")
    told = tracker("import", named, "--notice", described(tmp_path))
    assert (told.returncode, told.stderr) == (DONE, "")


# What stands beside a new notice


BAD_HEADS = {
    "no-title": ('office = "省商务厅"\n', "没有写 short_title"),
    "empty-title": ('short_title = ""\n', "没有写 short_title"),
    "bad-toml": ("short_title = 测试\n", "不是可以读取的 TOML 文件"),
    "not-text": ("short_title = 3\n", "short_title 应是加引号的文字"),
    "no-day": ('short_title = "a"\nissued_on = "2026年"\n', "issued_on 应是不加引号的日期"),
    "bad-duty": ('short_title = "a"\n[[duty]]\nwho = "b"\n', "每个 [[duty]] 都要写"),
    "no-table": ('short_title = "a"\nduty = "b"\n', "每个 [[duty]] 都要写"),
    "too-long": (f'short_title = "{"长" * 61}"\n', "长达61字"),
}


@pytest.mark.parametrize("name", BAD_HEADS)
def test_a_notice_toml_that_does_not_do_gets_a_sentence(
    tracker: Run, tmp_path: Path, name: str
) -> None:
    text, words = BAD_HEADS[name]
    file = written(tmp_path, document())
    refused(tracker("import", file, "--notice", described(tmp_path, text)), words)


@on_sqlite
def test_a_notice_toml_that_is_no_utf_8_gets_a_sentence(tracker: Run, tmp_path: Path) -> None:
    head = tmp_path / "notice.toml"
    head.write_bytes('short_title = "测试"'.encode("gb18030"))
    refused(
        tracker("import", written(tmp_path, document()), "--notice", head),
        "不是可以读取的 TOML 文件",
    )


def test_unknown_units_are_told_by_name(tracker: Run, tmp_path: Path) -> None:
    text = document("1\t推行甲事项\t内容。\t省测试甲局、省测试乙局\t全省范围")
    ended = tracker("import", written(tmp_path, text), "--notice", described(tmp_path))
    refused(ended, "还有单位没有确定：省测试甲局、省测试乙局。")


# Places that cannot be written


@pytest.mark.parametrize("form", ["json", "csv", "xlsx"])
@pytest.mark.parametrize("folder", ["missing", "/proc/none", "a-file"])
@on_sqlite
def test_an_export_into_no_folder_gets_a_sentence(
    tracker: Run, tmp_path: Path, form: str, folder: str
) -> None:
    (tmp_path / "a-file").write_text("")
    out = tmp_path / folder / f"tasks.{form}"
    refused(tracker("export", "tasks", "--format", form, "--out", out), "无法写入")


@on_sqlite
def test_a_workbook_needs_a_file_to_go_into(tracker: Run) -> None:
    refused(tracker("export", "tasks", "--format", "xlsx"), "请用 --out 指定文件名")


# Installations that do not work


COMMANDS = [["init"], ["import", "x.txt"], ["export", "tasks"], ["db", "upgrade"], ["db", "check"]]


@pytest.mark.parametrize("words", COMMANDS[1:3], ids=" ".join)
def test_nothing_works_before_init(run: Run, tmp_path: Path, words: list[str]) -> None:
    refused(run(tmp_path, *words), "系统尚未初始化，请先运行 tracker init。")
    assert run(tmp_path, "db", "upgrade").returncode == DONE
    refused(run(tmp_path, *words), "系统尚未初始化，请先运行 tracker init。")


@pytest.mark.parametrize("folder", ["a-file", "/proc/none"])
def test_an_instance_that_cannot_be_written_gets_a_sentence(
    run: Run, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "a-file").write_text("")
    refused(run(tmp_path / folder, "init"), "无法读写系统目录")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_database_that_does_not_answer_gets_a_sentence(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"postgresql://u:secret@127.0.0.1:{nobody.getsockname()[1]}/d"
        ended = run(tmp_path, *words, TRACKER_DATABASE_URL=address)
    refused(ended, "无法打开数据库")
    assert "secret" not in ended.stderr


@pytest.mark.parametrize("kind", ["folder", "text"])
def test_a_database_file_that_is_none_gets_a_sentence(run: Run, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "tracker.sqlite3"
    if kind == "folder":
        file.mkdir()
    else:
        file.write_text("这不是数据库。" * 100, "utf-8")
    refused(run(tmp_path, "init"), "无法打开数据库")


@pytest.mark.parametrize("address", ["nonsense", "mysql://u@h/d"])
def test_an_address_of_no_database_gets_a_sentence(run: Run, tmp_path: Path, address: str) -> None:
    refused(run(tmp_path, "init", TRACKER_DATABASE_URL=address), "TRACKER_DATABASE_URL 无法识别")


def test_a_broken_settings_file_gets_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tracker.toml").write_text("TRACKER_ENV = production\n", "utf-8")
    refused(run(tmp_path, "init"), "tracker.toml 无法读取")


def test_production_refuses_a_frozen_clock(run: Run, tmp_path: Path) -> None:
    more = {"TRACKER_ENV": "production", "TRACKER_NOW": "2026-11-23"}
    refused(run(tmp_path, "init", **more), "正式环境不得设置 TRACKER_NOW")


def test_a_real_installation_takes_no_demonstration(tracker: Run) -> None:
    refused(tracker("init", "--demo"), "本系统已按正式环境建立，不能再载入演示数据")


# Two at once


def at_once(instance: Path, words: list[str | Path], **more: str) -> list[str]:
    """What two processes say that are started together, when both have ended well."""
    command, known = [str(TRACKER), *map(str, words)], environment(instance, **more)
    both = [
        subprocess.Popen(command, env=known, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [DONE, DONE]
    return sorted(told)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """The address of a database in which nothing stands."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    return databases.empty_postgres(request.getfixturevalue("postgres"))


def test_two_who_set_up_make_one_installation(tmp_path: Path, empty: str) -> None:
    told = at_once(tmp_path, ["init"], TRACKER_DATABASE_URL=empty)
    assert [line[-4:-1] for line in told] == ["0件。", "6件。"]


def test_two_who_take_in_one_document_make_one_notice(
    settings: Settings, tracker: Run, tmp_path: Path
) -> None:
    words = ["import", written(tmp_path, document()), "--notice", described(tmp_path)]
    told = at_once(settings.instance, words, TRACKER_DATABASE_URL=settings.database_url)
    assert [line[:5] for line in told] == ["此前已导入", "补载原文0"]


# Usage


@pytest.mark.parametrize(
    "words",
    [
        ["nothing"],
        ["import"],
        ["export", "nothing"],
        ["export", "tasks", "--format", "pdf"],
        ["export", "tasks", "--out", "/"],
        ["import", "x.txt", "--notice", "missing.toml"],
        ["init", "--sources", "missing"],
        ["bench", "import", "--rounds", "0"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two(run: Run, tmp_path: Path, words: list[str]) -> None:
    ended = run(tmp_path, *words)
    assert ended.returncode == USAGE
    assert "Traceback" not in ended.stderr


def test_help_is_in_chinese(run: Run, tmp_path: Path) -> None:
    told = run(tmp_path, "--help")
    assert told.returncode == DONE
    assert "复制推广工作跟踪系统" in told.stdout
