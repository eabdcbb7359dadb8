"""临时调度 on the pages: from the office's form to the answers in one table."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from tests.cast import MARITIME, TAX, unit
from tests.web.conftest import Visit
from tests.web.filing import form_of, post_parts, sentences, sign
from tests.web.test_query_counts import counts
from tracker.clock import now, today
from tracker.db import db
from tracker.registry.models import Unit
from tracker.registry.queries import government_units
from tracker.tasks.models import Obligation

SignIn = Callable[[str], Visit]
ASKED = {
    "notice": "yfh-2023-59",
    "title": "请报送首季办件情况",
    "due_on": "2099-01-01",
    "label": ["办理多少件", "做法", "是否开展"],
    "kind": ["number", "text", "choice"],
    "choices": ["", "", "是、否"],
    "required": ["0"],
    "named": [TAX, MARITIME],
}

WITH_FILE = {
    "label": ["办理多少件", "印发的文件", "做法"],
    "kind": ["number", "file", "text"],
    "choices": ["", "", ""],
    "required": ["1"],
}


def call(office: Visit, **other: object):
    return office.post("/calls/new", form="/calls/new?notice=yfh-2023-59", **{**ASKED, **other})


def due(days: int = 10) -> str:
    return (today() + timedelta(days)).isoformat()


def made(office: Visit) -> str:
    response = call(office, due_on=due())
    assert response.status_code == 302, sentences(response.text)
    return response.headers["Location"]


def owed_by(site: Flask, name: str = TAX) -> int:
    with site.app_context():
        query = select(Obligation.id).where(
            Obligation.kind == "call", Obligation.unit_id == unit(name).id
        )
        return db.session.scalars(query).one()


def answer(visit: Visit, owed: int, *texts: str, action: str = "submit"):
    url = f"/obligations/{owed}"
    labels = ASKED["label"]
    data = {**form_of(visit, url), "answer-label": labels, "answer-text": list(texts)}
    return visit.client.post(url, data={**data, "action": action})


def test_a_call_reaches_the_unit_and_its_answer_the_table(site: Flask, signed_in: SignIn) -> None:
    office, filer, signer = (signed_in(who) for who in ("ziyou2", "shuiwu1", "shuiwu2"))
    url = made(office)
    assert "请报送首季办件情况" in filer.page("/")
    assert "临时调度：请报送首季办件情况" in filer.page("/messages")
    owed = owed_by(site)
    assert answer(filer, owed, "12", "=1+1", "是").status_code == 302
    assert "请报送首季办件情况" in signer.page("/signing")
    assert sign(signer, owed).status_code == 302
    page = office.page(url)
    assert "=1+1" in page
    assert "已回复1个" in page
    assert "请报送首季办件情况" in office.page("/reviews?kind=call")


def test_a_call_is_listed_by_its_title_and_opens_for_the_office(
    site: Flask, signed_in: SignIn
) -> None:
    office = signed_in("ziyou1")
    page = made(office)
    listed, linked = (
        signed_in("lingdao1").page("/owed?which=awaited"),
        office.page("/owed?which=awaited"),
    )
    assert f'<a href="{page}">{ASKED["title"]}</a>' in linked
    assert str(ASKED["title"]) in listed
    assert page not in listed


def test_answers_leave_as_excel_without_formulas(site: Flask, signed_in: SignIn) -> None:
    office, filer, signer = (signed_in(who) for who in ("ziyou2", "shuiwu1", "shuiwu2"))
    url = made(office)
    answer(filer, owed_by(site), "12", "=1+1", "是")
    sign(signer, owed_by(site))
    data = office.get(f"{url}/answers.xlsx").data
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    (tax,) = (row for row in rows if row[0] == TAX)
    assert tax[5:] == [12, "=1+1", "是"]


def test_the_files_of_an_answer_stand_under_the_question_that_asks_for_them(
    site: Flask, signed_in: SignIn
) -> None:
    office, filer, signer = (signed_in(who) for who in ("ziyou2", "shuiwu1", "shuiwu2"))
    url = call(office, due_on=due(), **WITH_FILE).headers["Location"]
    form = f"/obligations/{owed_by(site)}"
    asked = {"answer-label": ["办理多少件", "做法"], "answer-text": ["12", "一窗受理"]}
    names = ("通知.pdf", "细则.pdf")
    files = [FileStorage(io.BytesIO(b"%PDF-1.4 " + name.encode()), name) for name in names]
    data = {**form_of(filer, form), **asked, "action": "upload", "files": files}
    assert post_parts(filer, f"{form}/evidence", data).status_code == 302
    assert "通知.pdf" not in office.page(url)
    data = {**form_of(filer, form), **asked, "action": "submit"}
    assert filer.client.post(form, data=data).status_code == 302
    assert "通知.pdf" not in office.page(url)
    sign(signer, owed_by(site))
    page = office.page(url)
    found = dict(re.findall(r'<a href="(/evidence/[0-9]+)">([^<]+)</a>', page))
    assert sorted(found.values()) == sorted(names)
    assert [office.get(link).status_code for link in found] == [200, 200]
    assert page.index("办理多少件</th>") < page.index("印发的文件</th>") < page.index("做法</th>")
    table = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"{url}/answers.xlsx").data))
    lines = {row[0]: row[5:] for row in table.get_sheet_by_index(0).to_python()}
    assert lines[TAX] == [12, "通知.pdf、细则.pdf", "一窗受理"]
    assert not any(lines[MARITIME])


def test_a_wrong_answer_is_said_beside_its_question(site: Flask, signed_in: SignIn) -> None:
    made(signed_in("ziyou2"))
    refused = answer(signed_in("shuiwu1"), owed_by(site), "约十二件", "", "")
    assert refused.status_code == 422
    assert "请只填数字，例如 12 或 3.5。" in sentences(refused.text)
    assert 'value="约十二件"' in refused.text


def test_everything_wrong_with_a_call_is_said_at_once(signed_in: SignIn) -> None:
    office = signed_in("ziyou2")
    refused = call(office, title="", label=["甲"], kind=["choice"], named=["没有这样的单位"])
    assert refused.status_code == 422
    said = " ".join(sentences(refused.text))
    for sentence in ("请写明调度事项", "不能超过一年", "2至12个选项", "名录中没有"):
        assert sentence in said, sentence
    assert "没有这样的单位" in refused.text


def test_the_office_sees_how_often_it_asked_before_it_asks_again(
    site: Flask, signed_in: SignIn
) -> None:
    office = signed_in("ziyou2")
    made(office)
    with site.app_context():
        query = select(Unit.id).where(Unit.name == TAX)
        tax = db.session.scalars(query).one()
    assert f'href="/units/{tax}"' in office.page("/calls").partition("被调度次数")[2]


def test_a_call_is_recalled_with_its_reason(site: Flask, signed_in: SignIn) -> None:
    office = signed_in("ziyou2")
    url = made(office)
    assert office.post(f"{url}/recall", form=url, why="").status_code == 422
    assert office.post(f"{url}/recall", form=url, why="已从报告中得到。").status_code == 302
    assert "已从报告中得到。" in office.page(url)
    assert "请报送首季办件情况" not in signed_in("shuiwu1").page("/obligations")


def test_nobody_else_finds_a_call_or_its_answers(site: Flask, signed_in: SignIn) -> None:
    url = made(signed_in("ziyou2"))
    for account in ("fagai1", "shuiwu1", "lingdao1"):
        assert signed_in(account).get(url).status_code == 404, account
    assert signed_in("guangzhou1").get(f"/obligations/{owed_by(site)}").status_code == 404
    assert signed_in("fagai1").get(f"{url}/answers.xlsx").status_code == 404


def test_a_call_asks_the_database_as_often_for_2_units_as_for_all_cities(
    site: Flask, signed_in: SignIn
) -> None:
    office = signed_in("ziyou2")
    few = call(office, due_on=due(), **WITH_FILE).headers["Location"]
    with site.app_context():
        everyone = [row.id for row in government_units()]
    many = call(office, due_on=due(), **WITH_FILE, unit=everyone).headers["Location"]
    assert counts(site, office, (few,))[few] == counts(site, office, (many,))[many]
    assert len(everyone) == 21


def test_the_form_of_a_call_leads_nowhere_that_is_not_there(site: Flask, signed_in: SignIn) -> None:
    made(signed_in("ziyou2"))
    filer = signed_in("shuiwu1")
    page = filer.page(f"/obligations/{owed_by(site)}")
    links = set(re.findall(r'<a [^>]*href="(/[^"#]+)"', page))
    assert {url: filer.get(url).status_code for url in links} == dict.fromkeys(links, 200)


def test_a_call_is_put_off_for_one_unit_which_is_told(
    site: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, filer = signed_in("ziyou1"), signed_in("shuiwu1")
    url, owed = made(office), owed_by(site)
    refused = office.post(f"{url}/day", form=url, whom=str(owed), day=due(20), reason="")
    assert refused.status_code == 422
    assert any("请写明调整期限的理由。" in one for one in sentences(refused.text))
    assert f'value="{due(20)}"' in refused.text
    monkeypatch.setenv("TRACKER_NOW", (now() + timedelta(minutes=1)).isoformat())
    done = office.post(f"{url}/day", form=url, whom=str(owed), day=due(20), reason="会议改期。")
    assert done.status_code == 302
    assert "临时调度延期：" in filer.page("/messages")
    assert "应报日期" in filer.page(f"/obligations/{owed}")
    page = office.page(url)
    assert page.count('<span class="gist">延至') == 1
    table = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"{url}/answers.xlsx").data))
    days = {row[0]: row[2] for row in table.get_sheet_by_index(0).to_python()}
    assert (days["单位"], days[TAX], days[MARITIME]) == ("报送期限", due(20), due())


def test_a_unit_asks_for_a_later_day_and_the_chief_grants_it(
    site: Flask, signed_in: SignIn
) -> None:
    office, filer = signed_in("ziyou2"), signed_in("shuiwu1")
    call_url, owed = made(office), owed_by(site)
    url = f"/obligations/{owed}/extension"
    assert url in filer.page(f"/obligations/{owed}")
    asked = filer.post(url, form=url, reason="数据月底汇总。", wished_on=due(30))
    assert asked.status_code == 302
    assert "请报送首季办件情况" in filer.page("/requests")
    assert call_url in office.page("/matters")
    granted = office.post("/matters", form="/matters", matter="extension:1", ruling="grant")
    assert granted.status_code == 302
    assert "已同意延期：临时调度" in filer.page("/messages")
