"""经验做法 on the pages: sent by a unit, chosen by its notice's office, read by everybody."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from flask import Flask
from werkzeug.datastructures import FileStorage

from tests.cast import EIGHTH, STARTED, TAX, moment, task_of, tracking_of, unit
from tests.web.conftest import TOKEN, Visit
from tests.web.filed import person
from tests.web.filing import post_parts, sentences
from tests.web.test_query_counts import counts
from tracker.coordinating.models import Case
from tracker.db import db, writing

SignIn = Callable[[str], Visit]
CASE = {"title": "一窗受理", "done": "整合窗口，一次受理。", "effect": "办理时限压减60%。"}


def write(site: Flask, visit: Visit, url: str = "/cases/new", **change: object):
    with site.app_context():
        about = f"notice-{tracking_of(EIGHTH).notice_id}"
    token = TOKEN.search(visit.page(url))
    return post_parts(visit, url, {"csrf_token": token[1], "about": about, **CASE, **change})


def signed(site: Flask, signed_in: SignIn, **change: object) -> str:
    made = write(site, signed_in("shuiwu1"), **change)
    assert made.status_code == 302, sentences(made.text)
    url = made.headers["Location"]
    signed_in("shuiwu2").post(f"{url}/sign", form=url, action="sign")
    return url


def test_a_case_is_signed_selected_compiled_and_open_to_everybody(
    site: Flask, signed_in: SignIn
) -> None:
    url = signed(site, signed_in)
    office, other = signed_in("ziyou2"), signed_in("haishi1")
    assert other.get(url).status_code == 404
    assert 'href="/cases/review?state=submitted">1<' in office.page("/")
    assert "报送经验做法：一窗受理" in office.page("/messages")
    office.post(f"{url}/rule", form=url, ruling="select")
    number = re.search(r'name="case" value="(\d+)"', office.page("/cases/review"))[1]
    made = office.post("/compilations", form="/cases/review", case=number, title="第一批经验")
    assert made.status_code == 302
    assert "一窗受理" in other.page("/library?words=一次受理")
    assert "办理时限压减60%。" in other.page(made.headers["Location"])
    assert other.get(url).status_code == 200


def test_its_files_are_for_its_own_people_and_office_until_it_is_compiled(
    site: Flask, signed_in: SignIn
) -> None:
    file = FileStorage(io.BytesIO(b"%PDF-1.4 x"), "证明.pdf")
    url = signed(site, signed_in, files=file)
    link = re.search(r"/evidence/\d+", signed_in("ziyou1").page(url))[0]
    assert signed_in("ziyou1").get(link).status_code == 200
    assert signed_in("fagai1").get(link).status_code == 404
    assert signed_in("haishi1").get(link).status_code == 404


def test_what_is_wrong_with_a_case_is_said_beside_its_fields(
    site: Flask, signed_in: SignIn
) -> None:
    filer = signed_in("shuiwu1")
    refused = write(site, filer, title="", effect="成效明显。", about="notice-9999")
    assert refused.status_code == 422
    assert "请选择所依据的通知或事项。" in sentences(refused.text)
    refused = write(site, filer, title="", effect="成效明显。")
    assert {"请写明案例名称。"} <= set(sentences(refused.text))
    assert "成效明显。" in refused.text
    refused = write(site, filer, files=FileStorage(io.BytesIO(b"MZ"), "x.exe"))
    assert refused.status_code == 422
    assert "一窗受理" not in filer.page("/cases")


def test_the_office_asks_for_more_and_the_unit_sees_why(site: Flask, signed_in: SignIn) -> None:
    url, office = signed(site, signed_in), signed_in("ziyou1")
    office.post(f"{url}/rule", form=url, ruling="ask more", note="")
    assert "没有办理：请写明理由" in office.page(url)
    office.post(f"{url}/rule", form=url, ruling="ask more", note="请补充同期数据。")
    filer = signed_in("shuiwu1")
    assert "1个案例需要补充" in filer.page("/")
    assert "经验做法需补充：一窗受理" in filer.page("/messages")
    assert "请补充同期数据。" in filer.page("/cases")
    again = write(site, filer, f"{url}/edit", effect="惠及3000家企业。")
    assert again.status_code == 302
    assert "惠及3000家企业。" in filer.page(url)
    assert "1个案例待我审签" in signed_in("shuiwu2").page("/")


def test_lists_ask_as_often_with_10_as_with_500_cases(site: Flask, signed_in: SignIn) -> None:
    office, filer = signed_in("ziyou1"), signed_in("shuiwu1")
    seen = ("/cases/review", "/library")
    many(site, 10)
    few = counts(site, office, seen), counts(site, filer, ("/cases",))
    many(site, 490)
    assert (counts(site, office, seen), counts(site, filer, ("/cases",))) == few


def many(site: Flask, number: int) -> None:
    """Bulk rows as `collecting` writes them, half of them selected."""
    with site.app_context(), writing():
        task, unit_id, writer = task_of(TAX), unit(TAX).id, person("shuiwu1")
        for order in range(number):
            db.session.add(
                Case(
                    **CASE,
                    notice_id=task.notice_id,
                    unit_id=unit_id,
                    state="submitted" if order % 2 else "selected",
                    written_by=writer,
                    written_at=moment(STARTED),
                    filed_at=moment(STARTED),
                )
            )
        db.session.commit()
