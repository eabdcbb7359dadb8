"""任务分解 and 协办材料 on the pages: many at once, by Excel, asked, given, and flowing in."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from tests.cast import CITY, EIGHTH, MARITIME, TAX, tasks_of, unit
from tests.web.conftest import TOKEN, Visit
from tests.web.filing import ids_owed, owe, post_parts, sentences, sign, write
from tests.web.test_query_counts import counts
from tracker.clock import now, today
from tracker.db import db, writing
from tracker.reports.models import Part
from tracker.tasks.models import Breakdown, Obligation

SignIn = Callable[[str], Visit]
ORDER = {"lead": "市商务局", "person": "张处长", "mechanism": "每月调度。"}


@pytest.fixture
def city(site: Flask, signed_in: SignIn) -> Visit:
    return signed_in("guangzhou1")


def tasks(site: Flask) -> list[int]:
    with site.app_context():
        return [task.id for task in tasks_of(CITY, EIGHTH, role="local")]


def rows(ids: list[int], **order: str) -> dict[str, str]:
    return {f"{name}-{one}": text for one in ids for name, text in {**ORDER, **order}.items()}


def save(visit: Visit, ids: list[int], **order: str):
    return visit.post("/breakdown", form="/breakdown", **rows(ids, **order))


def kept(site: Flask) -> int:
    with site.app_context():
        return len(list(db.session.scalars(select(Breakdown.task_id))))


def test_all_rows_are_saved_in_one_go_and_the_office_sees_them(
    site: Flask, city: Visit, signed_in: SignIn
) -> None:
    ids = tasks(site)
    assert save(city, ids).status_code == 302
    assert kept(site) == len(ids)
    office = signed_in("ziyou1")
    assert "部分明确" in office.page("/breakdowns")
    assert "责任人张处长" in office.page(f"/tasks/{ids[0]}")


def test_one_wrong_row_keeps_all_back_and_is_said_beside_it(site: Flask, city: Visit) -> None:
    ids = tasks(site)
    refused = city.post("/breakdown", form="/breakdown", **rows(ids) | {f"person-{ids[3]}": ""})
    assert refused.status_code == 422
    assert "请填写责任人。" in sentences(refused.text)
    assert kept(site) == 0


def filled(visit: Visit, **cells: str) -> FileStorage:
    """The form as it is downloaded, with every row filled and some cells spoilt."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务分解"
    for row in table(visit):
        sheet.append(row)
    for number in range(2, sheet.max_row + 1):
        for column, text in zip("EFG", ORDER.values(), strict=True):
            sheet[f"{column}{number}"] = text
    for cell, text in cells.items():
        sheet[cell] = text
    file = io.BytesIO()
    book.save(file)
    return FileStorage(io.BytesIO(file.getvalue()), "任务分解表.xlsx")


def table(visit: Visit) -> list[list[object]]:
    data = visit.get("/breakdown.xlsx").data
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def upload(visit: Visit, file: FileStorage):
    token = TOKEN.search(visit.page("/breakdown"))
    return post_parts(visit, "/breakdown/upload", {"csrf_token": token[1], "file": file})


def test_the_form_is_downloaded_filled_and_uploaded(site: Flask, city: Visit) -> None:
    assert upload(city, filled(city)).status_code == 302
    assert kept(site) == len(table(city)) - 1


def test_every_wrong_cell_is_named_with_what_to_write(site: Flask, city: Visit) -> None:
    refused = upload(city, filled(city, A3="9999999", F4="", G5="字" * 501))
    assert refused.status_code == 422
    for cell in ("A3", "F4", "G5"):
        assert f"<div>{cell}</div>" in refused.text, cell
    assert "请填写责任人。" in refused.text
    assert kept(site) == 0


def test_what_is_no_form_is_refused_with_a_sentence(city: Visit) -> None:
    refused = upload(city, FileStorage(io.BytesIO(b"nothing"), "x.xlsx"))
    assert refused.status_code == 422
    assert "请下载任务分解表" in refused.text


@pytest.mark.parametrize(
    ("typed", "sentence", "field"),
    [
        (
            {"words": "请提供办件量。", "day": ""},
            "没有发出：请填写提供材料的日期",
            'id="day-error"',
        ),
        ({"words": "", "day": today().isoformat()}, "请写明需要提供的内容", 'id="words-error"'),
    ],
)
def test_a_request_that_lacks_something_stays_open_with_what_was_typed(
    site: Flask, city: Visit, typed: dict[str, str], sentence: str, field: str
) -> None:
    refused = city.post("/breakdown/ask", form="/breakdown", **typed)
    assert refused.status_code == 422
    assert '<details class="fold" id="ask" open>' in refused.text
    assert any(sentence in one for one in sentences(refused.text))
    assert field in refused.text
    assert typed["words"] in refused.text
    assert f'name="day" value="{typed["day"]}"' in refused.text


def test_a_request_beside_a_report_stays_open_with_what_was_typed(
    site: Flask, signed_in: SignIn
) -> None:
    owe(site)
    filer, owed = signed_in("shuiwu1"), ids_owed(site)[0]
    typed = {"unit": MARITIME, "words": "请提供船舶办件量。", "wanted_by": ""}
    url = f"/obligations/{owed}"
    refused = filer.post(f"{url}/parts", form=url, **typed)
    assert refused.status_code == 422
    assert "没有发出：请填写提供材料的日期" in refused.text
    assert typed["words"] in refused.text
    assert f'value="{MARITIME}"' in refused.text


def test_a_part_is_asked_given_and_filed_with_the_report(site: Flask, signed_in: SignIn) -> None:
    owe(site)
    filer, helper = signed_in("shuiwu1"), signed_in("haishi1")
    owed = ids_owed(site)[0]
    asked = {"unit": MARITIME, "words": "请提供数据。", "wanted_by": today().isoformat()}
    filer.post(f"/obligations/{owed}/parts", form=f"/obligations/{owed}", **asked)
    with site.app_context():
        part = db.session.scalars(select(Part.id)).one()
    assert "请本单位提供协办材料" in helper.page("/")
    assert "请提供协办材料" in helper.page("/messages")
    url = f"/parts/{part}"
    given = helper.post(url, form=url, text="船舶办件36件。", version="1")
    assert given.status_code == 302
    assert "船舶办件36件。" in filer.page(f"/obligations/{owed}")
    assert "已提供协办材料" in filer.page("/messages")
    write(filer, owed, "submit")
    assert sign(signed_in("shuiwu2"), owed).status_code == 302
    page = signed_in("ziyou1").page("/reviews/1")
    assert "【广东海事局】船舶办件36件。" in page


def test_a_part_is_found_by_who_was_asked_and_by_nobody_else(
    site: Flask, signed_in: SignIn
) -> None:
    owe(site)
    filer, owed = signed_in("shuiwu1"), ids_owed(site)[0]
    asked = {"unit": MARITIME, "words": "请提供数据。", "wanted_by": today().isoformat()}
    filer.post(f"/obligations/{owed}/parts", form=f"/obligations/{owed}", **asked)
    for account in ("shuiwu1", "guangzhou1", "ziyou1"):
        assert signed_in(account).get("/parts/1").status_code == 404, account
    haishi = signed_in("haishi1")
    assert haishi.get("/parts/1").status_code == 200
    assert haishi.post("/parts/1/cancel", form="/parts/1").status_code == 404


def test_the_pages_ask_as_often_with_10_as_with_500_parts(site: Flask, signed_in: SignIn) -> None:
    owe(site)
    helper, city = signed_in("haishi1"), signed_in("guangzhou1")
    many(site, 10)
    pages = ("/parts", "/")
    few = counts(site, helper, pages), counts(site, city, ("/breakdown",))
    many(site, 490)
    save(city, tasks(site))
    assert (counts(site, helper, pages), counts(site, city, ("/breakdown",))) == few


def many(site: Flask, number: int) -> None:
    """Asked in bulk rows, as `parting` writes them."""
    with site.app_context(), writing():
        known = set(db.session.scalars(select(Part.obligation_id)))
        owed = [
            one
            for one in db.session.scalars(select(Obligation.id).order_by(Obligation.id))
            if one not in known
        ][:number]
        helper, asker = unit(MARITIME).id, unit(TAX).id
        for one in owed:
            db.session.add(
                Part(
                    obligation_id=one,
                    asker_id=asker,
                    unit_id=helper,
                    state="asked",
                    words="请提供。",
                    wanted_by=today(),
                    asked_at=now(),
                )
            )
        db.session.commit()
