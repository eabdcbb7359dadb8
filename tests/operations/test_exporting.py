"""`tracker export`: one table in three forms, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from tests.cast import TAX, Desk, owed, people, task_of
from tests.delivery.posts import give_addresses, post
from tests.statements import Broken, asked, broken_at
from tracker.db import db, writing
from tracker.notices.models import Measure
from tracker.operations.exporting import Refused, export

FORMS = ["json", "csv", "xlsx"]
EVERY = 446 + 2696


def as_json(file: Path) -> list[list[str]]:
    rows = json.loads(file.read_text("utf-8"))
    return [list(rows[0]), *[[str(value) for value in row.values()] for row in rows]]


def as_csv(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def as_xlsx(file: Path) -> list[list[str]]:
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0)
    return [[plain(value) for value in row] for row in sheet.to_python()]


def plain(value: Any) -> str:
    """Excel knows no whole numbers."""
    return str(int(value)) if isinstance(value, float) else str(value)


def exported(tmp_path: Path, form: str) -> Path:
    out = tmp_path / f"tasks.{form}"
    export("tasks", form, out)
    return out


def with_title(title: str) -> None:
    db.session.execute(update(Measure).values(title=title))
    db.session.flush()


def test_the_three_forms_say_the_same(app: Flask, tmp_path: Path) -> None:
    json_rows = as_json(exported(tmp_path, "json"))
    assert as_csv(exported(tmp_path, "csv")) == json_rows
    assert as_xlsx(exported(tmp_path, "xlsx")) == json_rows
    assert len(json_rows) == 1 + EVERY


def test_each_task_tells_notice_list_no_title_unit_role_and_city(
    app: Flask, tmp_path: Path
) -> None:
    rows = json.loads(exported(tmp_path, "json").read_text("utf-8"))
    one = next(row for row in rows if row["city"] == "梅州市" and row["notice"] == "第十批")
    assert {key: one[key] for key in ("list", "no", "title", "unit", "role")} == {
        "list": 1,
        "no": "1",
        "title": "推行“交地即交证”",
        "unit": "梅州市人民政府",
        "role": "local",
    }


def test_the_first_lead_of_each_measure_is_marked(app: Flask, tmp_path: Path) -> None:
    rows = json.loads(exported(tmp_path, "json").read_text("utf-8"))
    assert sum(row["first"] for row in rows) == 208
    assert {row["role"] for row in rows if row["first"]} == {"lead"}


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8(app: Flask, tmp_path: Path) -> None:
    assert exported(tmp_path, "csv").read_bytes().startswith(b"\xef\xbb\xbfnotice,list,no,")


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\t=1", "\r=1"])
def test_csv_text_starts_no_formula(app: Flask, tmp_path: Path, start: str) -> None:
    with_title(start)
    assert {row[3] for row in as_csv(exported(tmp_path, "csv"))[1:]} == {f"'{start}"}


@pytest.mark.parametrize("start", ["=1+1", "http://example.org", "mailto:a@b", "internal:A1"])
def test_text_in_a_workbook_is_neither_formula_nor_link(
    app: Flask, tmp_path: Path, start: str
) -> None:
    with_title(start)
    rows = as_xlsx(exported(tmp_path, "xlsx"))
    assert {row[3] for row in rows[1:]} == {start}
    with zipfile.ZipFile(tmp_path / "tasks.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    assert b"hyperlink" not in sheet
    assert b"<f>" not in sheet


@pytest.mark.parametrize("form", FORMS)
def test_an_export_that_breaks_off_leaves_the_old_file(
    app: Flask, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"tasks.{form}"
    out.write_text("old")
    with broken_at("SELECT"), pytest.raises(Broken):
        export("tasks", form, out)
    assert out.read_text() == "old"
    assert list(tmp_path.glob(f"*tasks.{form}*")) == [out]


@pytest.mark.parametrize("form", FORMS)
def test_an_export_replaces_the_old_file_when_it_is_whole(
    app: Flask, tmp_path: Path, form: str
) -> None:
    out = tmp_path / f"tasks.{form}"
    out.write_text("old")
    export("tasks", form, out)
    assert out.stat().st_size > EVERY
    assert list(tmp_path.glob(f"*tasks.{form}*")) == [out]


@pytest.mark.parametrize("form", FORMS)
def test_others_may_read_the_file_as_the_system_is_set(
    app: Flask, tmp_path: Path, form: str
) -> None:
    mask = os.umask(0o022)
    try:
        assert exported(tmp_path, form).stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(mask)


@pytest.mark.parametrize("form", FORMS)
def test_a_folder_that_is_not_there_is_not_made(app: Flask, tmp_path: Path, form: str) -> None:
    with pytest.raises(Refused, match=f"无法写入 .*/missing/tasks.{form}"):
        export("tasks", form, tmp_path / "missing" / f"tasks.{form}")
    assert not (tmp_path / "missing").exists()


def test_the_number_of_queries_does_not_grow_with_the_table(app: Flask, tmp_path: Path) -> None:
    with asked() as seen:
        exported(tmp_path, "json")
    assert len([one for one in seen if one.startswith("SELECT")]) == 1


def test_obligations_are_exported_as_they_were_on_a_day(desk: Desk, tmp_path: Path) -> None:
    first = owed(task_of(TAX))
    desk.file(first, date(2026, 4, 17))
    desk.accept(first, date(2026, 4, 20))
    told = []
    for day in (date(2026, 4, 1), date(2026, 4, 16), date(2026, 4, 19), date(2026, 4, 20)):
        export("obligations", "json", tmp_path / "o.json", on=day)
        rows = json.loads((tmp_path / "o.json").read_text("utf-8"))
        assert len({row["id"] for row in rows}) == len(rows) > 100
        told += [row for row in rows if row["id"] == first.id]
    assert [
        (row["status"], row["awaited_by"], row["workdays_late"], row["filed_on"]) for row in told
    ] == [
        ("due", "2026-04-15", 0, ""),
        ("due", "2026-04-15", 1, ""),
        ("filed", "", 0, "2026-04-17"),
        ("accepted", "", 0, "2026-04-17"),
    ]
    assert (told[0]["unit"], told[0]["due_on"], told[0]["opens_on"]) == (
        TAX,
        "2026-04-15",
        "2026-01-01",
    )


def test_messages_are_exported_with_how_they_fared_and_without_their_text(
    app: Flask, tmp_path: Path
) -> None:
    with writing():
        people()
        give_addresses()
        post()
        db.session.commit()
    export("messages", "json", tmp_path / "messages.json")
    rows = json.loads((tmp_path / "messages.json").read_text("utf-8"))
    assert [(row["channel"], row["state"]) for row in rows] == [
        ("inbox", "sent"),
        ("mail", "pending"),
    ] * 2
    assert rows[1]["address"].endswith("@people.invalid")
    assert rows[0]["sent_at"] == "2026-04-16T08:00:00+08:00"
    assert "开头的一行" not in str(rows)
