"""A unit's filing through the pages: written, submitted, signed, and nothing lost on the way."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from tests.cast import MARITIME, TAX, open_on
from tests.web.conftest import Visit
from tests.web.filing import (
    FIELD,
    OPENED,
    REPORT,
    TEXT,
    add_person,
    form_of,
    ids_owed,
    owe,
    post_parts,
    sentences,
    sign,
    write,
)
from tracker.db import db
from tracker.permissions import FILER
from tracker.registry.models import Person, PersonRole
from tracker.reports.models import Backing, Evidence, Report, Revision
from tracker.tasks.models import Obligation, Waiver

PDF = b"%PDF-1.7 text"
Enter = Callable[[str], Visit]


@pytest.fixture(autouse=True)
def _owed(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(site)


@pytest.fixture
def owed(site: Flask) -> int:
    return ids_owed(site)[0]


@pytest.fixture
def signer(signed_in: Enter) -> Visit:
    return signed_in("shuiwu2")


def kept(site: Flask, owed: int) -> Report | None:
    with site.app_context():
        return db.session.scalar(select(Report).where(Report.obligation_id == owed))


def count(site: Flask, model: type) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_first_page_says_how_much_is_owed_and_by_when(filer: Visit) -> None:
    page = filer.page("/")
    assert "下一个报送期限" in page
    assert "逾期" in page
    assert "省税务局应报事项" in page


@pytest.mark.parametrize(("day", "word"), [("2026-04-20", "已逾期"), ("2026-04-13", "到期")])
def test_a_number_of_the_first_page_opens_the_list_of_that_many(
    monkeypatch: pytest.MonkeyPatch, signed_in: Enter, day: str, word: str
) -> None:
    monkeypatch.setenv("TRACKER_NOW", f"{day}T10:00")
    filer = signed_in("shuiwu1")
    (figure,) = lxml.html.fromstring(filer.page("/")).xpath(
        f'//dl/div[dt/a[contains(., "{word}")]]'
    )
    listed = lxml.html.fromstring(filer.page(figure.xpath("string(.//a/@href)")))
    number = int(figure.xpath("string(dd/text())"))
    assert 0 < number == len(listed.xpath("//tbody/tr"))
    chosen = listed.xpath('string(//nav[@class="tabs"]//a[@aria-current])')
    assert chosen.split() == [chosen.split()[0], str(number)]


def test_who_owes_nothing_is_told_what_to_do(site: Flask, signed_in: Enter) -> None:
    add_person(site, "kong1", "各企业", FILER)
    page = signed_in("kong1").page("/")
    assert "查看" in page
    assert "目前没有" in page


def test_a_report_is_written_submitted_and_signed(
    site: Flask, filer: Visit, signer: Visit, owed: int
) -> None:
    assert write(filer, owed, "submit").status_code == 302
    assert "待我审签" in signer.page("/")
    answer = sign(signer, owed)
    assert "/receipts/2026-" in answer.headers["Location"]
    receipt = signer.page(answer.headers["Location"])
    assert "报送回执" in receipt
    assert "逾期报送" in receipt


def test_a_double_click_files_once_and_lands_on_the_same_receipt(
    site: Flask, filer: Visit, signer: Visit, owed: int
) -> None:
    write(filer, owed, "submit")
    url = f"/obligations/{owed}"
    data = form_of(signer, url)
    answers = [signer.client.post(f"{url}/sign", data=data) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert count(site, Revision) == 1


def test_a_second_click_on_submit_changes_nothing(site: Flask, filer: Visit, owed: int) -> None:
    data = {**form_of(filer, f"/obligations/{owed}"), **REPORT, "action": "submit"}
    first, second = (filer.client.post(f"/obligations/{owed}", data=data) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    report = kept(site, owed)
    assert report is not None
    assert report.state == "signing"


def test_the_signer_signs_only_what_they_have_read(
    site: Flask, filer: Visit, signer: Visit, owed: int
) -> None:
    write(filer, owed, "submit")
    url = f"/obligations/{owed}"
    read = form_of(signer, url)
    filer.post(f"{url}/take-back")
    write(filer, owed, "submit", progress=TEXT + "又有新的进展。")
    answer = signer.client.post(f"{url}/sign", data=read)
    assert answer.status_code == 409
    assert "报告有过改动" in answer.text
    assert count(site, Revision) == 0


def test_nobody_signs_what_they_submitted_themselves(
    site: Flask, signed_in: Enter, owed: int
) -> None:
    add_person(site, "shuang1", TAX, FILER)
    with site.app_context():
        person = db.session.scalars(select(Person).where(Person.account == "shuang1")).one()
        db.session.add(PersonRole(person_id=person.id, role="signer"))
        db.session.commit()
    both = signed_in("shuang1")
    write(both, owed, "submit")
    answer = sign(both, owed)
    assert answer.status_code == 409
    assert "须由另一位审签人审签" in answer.text


def test_the_signer_sends_back_with_a_reason_and_the_filer_sees_it(
    site: Flask, filer: Visit, signer: Visit, owed: int
) -> None:
    write(filer, owed, "submit")
    url = f"/obligations/{owed}"
    empty = signer.post(f"{url}/send-back", form=url, note="")
    assert empty.status_code == 422
    assert "请填写退回修改的意见" in empty.text
    assert signer.post(f"{url}/send-back", form=url, note="请补充数字。").status_code == 302
    assert "请补充数字。" in filer.page("/")
    assert "请补充数字。" in filer.page(url)


@pytest.mark.parametrize("note", ["字" * 2000, "有\x01控制字符", "  "])
def test_a_bad_reason_is_refused_with_a_sentence(
    filer: Visit, signer: Visit, owed: int, note: str
) -> None:
    write(filer, owed, "submit")
    url = f"/obligations/{owed}"
    answer = signer.post(f"{url}/send-back", form=url, note=note)
    assert answer.status_code == 422
    assert sentences(answer.text)


def test_it_is_withdrawn_before_review_begins(filer: Visit, signer: Visit, owed: int) -> None:
    write(filer, owed, "submit")
    sign(signer, owed)
    url = f"/obligations/{owed}"
    assert "可以撤回" in filer.page(url)
    assert filer.post(f"{url}/withdraw").status_code == 302
    assert "送审" in filer.page(url)
    assert filer.post(f"{url}/withdraw").status_code == 409


def test_amending_what_is_not_accepted_is_refused_with_a_sentence(filer: Visit, owed: int) -> None:
    write(filer, owed)
    answer = filer.post(f"/obligations/{owed}/amend")
    assert answer.status_code == 409
    assert "不能更正" in answer.text


def test_a_draft_that_lacks_something_is_kept_and_says_what(
    site: Flask, filer: Visit, owed: int
) -> None:
    answer = write(filer, owed, "submit", stage="", percent="一半", progress="短")
    assert answer.status_code == 422
    assert "还有3处需要补充" in answer.text
    for sentence in ("请选择工作阶段", "0到100之间的整数", "请写明进展情况，不少"):
        assert answer.text.count(sentence) == 2, sentence
    report = kept(site, owed)
    assert report is not None
    assert report.body["progress"] == "短"
    assert report.state == "draft"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("progress", "字" * 4001, "请删减1字"),
        ("progress", TEXT + "\x01", "控制字符"),
        ("percent", "101", "不能超过100"),
        ("stage", "everything", "请选择工作阶段"),
        ("stage", "rejected", "只有借鉴事项"),
        ("document-day", "2026-13-45", "不是有效日期"),
        ("done", "99999", "不属于这项任务"),
    ],
)
def test_bad_input_is_answered_beside_its_field(
    filer: Visit, owed: int, field: str, value: str, said: str
) -> None:
    answer = write(filer, owed, "submit", **{field: value, "document-title": "通知"})
    assert answer.status_code == 422
    assert any(said in sentence for sentence in sentences(answer.text))


def test_too_many_documents_are_counted_not_cut_off(filer: Visit, owed: int) -> None:
    url = f"/obligations/{owed}"
    data = {**form_of(filer, url), **REPORT, "document-title": ["文"] * 31, "action": "submit"}
    answer = filer.client.post(url, data=data)
    assert answer.status_code == 422
    assert "最多填写30行" in answer.text


def test_a_foreign_or_forged_obligation_is_not_found(
    site: Flask, filer: Visit, signer: Visit
) -> None:
    foreign = ids_owed(site, MARITIME)[0]
    for owed in (foreign, 999_999):
        url = f"/obligations/{owed}"
        assert filer.get(url).status_code == 404
        for tail in ("", "/draft", "/merge", "/evidence", "/take-back", "/withdraw", "/amend"):
            assert filer.post(url + tail).status_code == 404, tail
        for tail in ("/sign", "/send-back"):
            assert signer.post(url + tail).status_code == 404, tail
    assert count(site, Report) == 0


def test_two_editors_lose_nothing(site: Flask, filer: Visit, signed_in: Enter, owed: int) -> None:
    add_person(site, "shuiwu3", TAX, FILER)
    colleague, url = signed_in("shuiwu3"), f"/obligations/{owed}"
    write(filer, owed, progress="开头的文字，不少于十个字。")
    mine, theirs = form_of(filer, url), form_of(colleague, url)
    filer.client.post(url, data={**theirs, **REPORT, "progress": "甲写的文字。"} | mine)
    answer = colleague.client.post(url, data={**theirs, **REPORT, "progress": "乙写的文字。"})
    assert answer.status_code == 409
    assert "甲写的文字。" in answer.text
    assert "乙写的文字。" in answer.text
    version = FIELD.search(answer.text)
    assert version
    sent = {**theirs, **REPORT, "version": version[1], "progress": "乙写的文字。"}
    done = colleague.client.post(f"{url}/merge", data={**sent, "choose-progress": "both"})
    assert done.status_code == 302
    report = kept(site, owed)
    assert report is not None
    assert report.body["progress"] == "甲写的文字。\n乙写的文字。"


def test_two_who_open_an_empty_form_lose_nothing_either(
    site: Flask, filer: Visit, signed_in: Enter, owed: int
) -> None:
    add_person(site, "shuiwu3", TAX, FILER)
    colleague, url = signed_in("shuiwu3"), f"/obligations/{owed}"
    forms = form_of(filer, url), form_of(colleague, url)
    filer.client.post(url, data={**forms[0], "progress": "甲写的文字。"})
    answer = colleague.client.post(url, data={**forms[1], "progress": "乙写的文字。"})
    assert answer.status_code == 409
    assert "乙写的文字。" in answer.text


def autosave(visit: Visit, owed: int, data: object):
    token = form_of(visit, f"/obligations/{owed}")["csrf_token"]
    return visit.client.post(
        f"/obligations/{owed}/draft", json=data, headers={"X-CSRFToken": token}
    )


def test_the_script_saves_what_is_typed(site: Flask, filer: Visit, owed: int) -> None:
    answer = autosave(filer, owed, {"version": "0", "progress": ["写了一半"]})
    assert answer.status_code == 200
    assert answer.json["version"] == 2
    report = kept(site, owed)
    assert report is not None
    assert report.body["progress"] == "写了一半"


def test_the_script_is_told_of_both_texts(filer: Visit, owed: int) -> None:
    autosave(filer, owed, {"version": "0", "progress": ["甲的"]})
    answer = autosave(filer, owed, {"version": "1", "progress": ["乙的"]})
    assert answer.status_code == 409
    assert answer.json["differences"] == [{"label": "进展情况", "mine": "乙的", "theirs": "甲的"}]


@pytest.mark.parametrize("data", [None, [], "text", {"progress": 7}, {"stage": [None]}])
def test_what_the_script_cannot_have_sent_is_refused(
    site: Flask, filer: Visit, owed: int, data: object
) -> None:
    assert autosave(filer, owed, data).status_code == 422
    assert count(site, Report) == 0


def attach(visit: Visit, owed: int, *files: tuple[bytes, str], **more: object):
    url = f"/obligations/{owed}"
    sent = [FileStorage(io.BytesIO(data), filename=name) for data, name in files]
    data = {**form_of(visit, url), **REPORT, "action": "upload", "files": sent, **more}
    return post_parts(visit, f"{url}/evidence", data)


def test_a_file_comes_with_the_text_that_is_being_typed(
    site: Flask, filer: Visit, owed: int
) -> None:
    assert attach(filer, owed, (PDF, "证明 材料.pdf"), progress="正在写").status_code == 302
    page = filer.page(f"/obligations/{owed}")
    assert "证明 材料.pdf" in page
    assert "正在写" in page


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"MZ\x90\x00", "假冒.pdf", "内容与扩展名不符"),
        (b"MZ\x90\x00", "程序.exe", "不接收"),
        (b"", "空.pdf", "是空文件"),
        (PDF, "字" * 300 + ".pdf", "文件名超过"),
        (PDF + b"0" * (60 * 1024 * 1024), "大.pdf", "超过50 MB"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field_and_good_ones_are_taken(
    site: Flask, filer: Visit, owed: int, data: bytes, name: str, said: str
) -> None:
    answer = attach(filer, owed, (data, name), (PDF, "好.pdf"))
    assert answer.status_code == 422
    assert any(said in sentence for sentence in sentences(answer.text))
    assert "好.pdf" in answer.text
    assert count(site, Evidence) == 1
    folder = site.config["TRACKER"].instance / "evidence"
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_two_hundred_files_are_refused_and_none_is_kept(
    site: Flask, filer: Visit, owed: int
) -> None:
    answer = attach(filer, owed, *((PDF + str(n).encode(), f"{n}.pdf") for n in range(200)))
    assert answer.status_code == 422
    assert "一次最多选择100个文件" in answer.text
    assert count(site, Evidence) == 0


def test_more_than_fits_is_answered_with_a_sentence(filer: Visit, owed: int) -> None:
    big = PDF + b"0" * (45 * 1024 * 1024)
    answer = attach(filer, owed, *((big, f"{n}.pdf") for n in range(5)))
    assert answer.status_code == 413
    assert "合计不能超过200 MB" in answer.text


def test_no_file_chosen_says_so_and_keeps_the_text(filer: Visit, owed: int) -> None:
    answer = attach(filer, owed, progress="正在写的文字")
    assert answer.status_code == 422
    assert "请先选择文件" in answer.text
    assert "正在写的文字" in answer.text


def test_earlier_evidence_is_used_again_and_removed(site: Flask, filer: Visit, owed: int) -> None:
    attach(filer, owed, (PDF, "共用.pdf"))
    other = ids_owed(site)[1]
    assert "共用.pdf" in filer.page(f"/obligations/{other}")
    assert attach(filer, other, action="pick", earlier="1").status_code == 302
    assert count(site, Backing) == 2
    url = f"/obligations/{other}"
    dropped = filer.client.post(f"{url}/evidence/1/drop", data={**form_of(filer, url), **REPORT})
    assert dropped.status_code == 302
    assert count(site, Backing) == 1


@pytest.mark.parametrize("chosen", ["999999", "x", "9" * 30])
def test_forged_evidence_is_refused(filer: Visit, owed: int, chosen: str) -> None:
    answer = attach(filer, owed, action="pick", earlier=chosen)
    assert answer.status_code in (302, 422)
    if chosen != "x":
        assert "不存在" in answer.text


def test_foreign_evidence_is_neither_used_nor_seen(
    site: Flask, filer: Visit, signed_in: Enter, owed: int
) -> None:
    attach(filer, owed, (PDF, "税务.pdf"))
    maritime, theirs = signed_in("haishi1"), ids_owed(site, MARITIME)[0]
    assert "不存在" in attach(maritime, theirs, action="pick", earlier="1").text
    assert maritime.get("/evidence/1").status_code == 404
    assert signed_in("ziyou1").get("/evidence/1").status_code == 404  # not filed yet


def test_evidence_leaves_as_a_download_that_can_do_nothing(
    filer: Visit, signer: Visit, signed_in: Enter, owed: int
) -> None:
    attach(filer, owed, (PDF, "证明 “一”.pdf"))
    answer = filer.get("/evidence/1")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E8%AF")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    write(filer, owed, "submit")
    sign(signer, owed)
    assert signed_in("ziyou1").get("/evidence/1").status_code == 200
    assert signed_in("fagai1").get("/evidence/1").status_code == 404


def test_the_office_reads_what_was_filed_not_what_is_being_written(
    filer: Visit, signer: Visit, signed_in: Enter, owed: int
) -> None:
    url, office = f"/obligations/{owed}", signed_in("ziyou1")
    write(filer, owed, progress="还没有报送的文字，请勿外传。")
    assert "请勿外传" not in office.page(url)
    write(filer, owed, "submit")
    sign(signer, owed)
    assert TEXT in office.page(url)
    for account in ("haishi1", "guangzhou1", "fagai1"):
        assert signed_in(account).get(url).status_code == 404, account


def test_a_receipt_is_found_by_its_number(filer: Visit, signer: Visit, owed: int) -> None:
    write(filer, owed, "submit")
    sign(signer, owed)
    assert filer.get("/receipts?number=2026-000001").headers["Location"] == "/receipts/2026-000001"
    assert "没有这个编号" in filer.page("/receipts?number=2026-999999")
    assert filer.get("/receipts/2026-999999").status_code == 404


def test_a_receipt_of_others_is_not_found(
    filer: Visit, signer: Visit, signed_in: Enter, owed: int
) -> None:
    write(filer, owed, "submit")
    sign(signer, owed)
    assert signed_in("haishi1").get("/receipts/2026-000001").status_code == 404
    assert "没有这个编号" in signed_in("haishi1").page("/receipts?number=2026-000001")


def next_period(site: Flask, owed: int) -> int:
    """The same task's obligation of the next quarter."""
    with site.app_context():
        task = db.session.get_one(Obligation, owed).task_id
        query = select(Obligation.id).where(
            Obligation.task_id == task,
            Obligation.kind == "progress",
            Obligation.period == "2026-Q2",
        )
        return db.session.scalars(query).one()


def test_last_periods_text_fills_what_is_empty(
    site: Flask, filer: Visit, signer: Visit, owed: int
) -> None:
    write(filer, owed, "submit", results="压减时限一半。")
    sign(signer, owed)
    following = next_period(site, owed)
    answer = write(filer, following, "carry", progress="已经写好的。", results="", stage="")
    assert answer.status_code == 302
    report = kept(site, following)
    assert report is not None
    assert (report.body["progress"], report.body["results"]) == ("已经写好的。", "压减时限一半。")


def test_no_change_is_one_click(site: Flask, filer: Visit, signer: Visit, owed: int) -> None:
    write(filer, owed, "submit")
    sign(signer, owed)
    following = next_period(site, owed)
    blank = {"stage": "", "percent": "", "progress": ""}
    assert write(filer, following, "unchanged", **blank).status_code == 302
    report = kept(site, following)
    assert report is not None
    assert report.state == "signing"
    assert report.body["is_unchanged"]


def test_a_first_report_cannot_be_without_change(filer: Visit, owed: int) -> None:
    answer = write(filer, owed, "unchanged", progress="")
    assert answer.status_code == 422
    assert "首次填报没有上期内容" in answer.text


def test_no_change_a_third_time_is_refused(site: Flask, filer: Visit, signer: Visit) -> None:
    with site.app_context():
        open_on(OPENED.replace(year=2027))
        db.session.commit()
        first = ids_owed(site)[0]
        task = db.session.get_one(Obligation, first).task_id
        query = select(Obligation.id).where(
            Obligation.task_id == task, Obligation.kind == "progress"
        )
        periods = list(db.session.scalars(query.order_by(Obligation.opens_on)))[:4]
    for number, one in enumerate(periods):
        answer = write(filer, one, "unchanged" if number else "submit", progress=TEXT)
        if number < 3:
            assert answer.status_code == 302
            sign(signer, one)
    assert answer.status_code == 422
    assert "最多连续填报2次" in answer.text


def test_several_are_signed_in_one_go(site: Flask, filer: Visit, signer: Visit) -> None:
    for owed in ids_owed(site)[:3]:
        write(filer, owed, "submit")
    page = signer.page("/signing")
    ticks = lxml.html.fromstring(page).xpath('//input[@name="report"]/@value')
    assert len(ticks) == 3
    answer = signer.post("/signing", form="/signing", report=ticks[:2])
    assert "已审签报送2项" in answer.text
    titles = lxml.html.fromstring(page).xpath('//td[@data-label="事项"]//a/text()')
    for title in titles[:2]:
        assert title in answer.text
    again = signer.post("/signing", form="/signing", report=[*ticks, "x", "9:9", f"{'9' * 40}:1"])
    assert "已审签报送1项" in again.text
    assert count(site, Revision) == 3


def test_the_queue_of_signatures_is_the_signers_alone(filer: Visit) -> None:
    assert filer.get("/signing").status_code == 404


def test_a_city_asks_to_be_exempt_for_many_at_once(site: Flask, signed_in: Enter) -> None:
    city = signed_in("guangzhou1")
    ids = lxml.html.fromstring(city.page("/exemptions")).xpath('//input[@name="task"]/@value')
    for wrong in ({"task": ids[:3], "reason": ""}, {"task": [], "reason": "没有口岸"}):
        assert city.post("/exemptions", form="/exemptions", **wrong).status_code == 422
    for reason in ("字" * 501, "有\x01字符"):
        answer = city.post("/exemptions", form="/exemptions", task=ids[:3], reason=reason)
        assert answer.status_code == 422
        assert sentences(answer.text)
    assert count(site, Waiver) == 0
    asked = city.post("/exemptions", form="/exemptions", task=ids[:3], reason="本市没有口岸。")
    assert asked.status_code == 302
    page = city.page("/exemptions")
    assert page.count("待统筹单位确认") == 3
    assert count(site, Waiver) == 3


def test_a_city_asks_only_for_its_own_tasks(site: Flask, signed_in: Enter, filer: Visit) -> None:
    city = signed_in("guangzhou1")
    for forged in (["999999"], ["x"], ["1"], ["9" * 30]):
        answer = city.post("/exemptions", form="/exemptions", task=forged, reason="没有口岸")
        assert answer.status_code == 404, forged
    assert count(site, Waiver) == 0


def test_json_that_is_no_json_is_refused(filer: Visit, owed: int) -> None:
    token = form_of(filer, f"/obligations/{owed}")["csrf_token"]
    answer = filer.client.post(
        f"/obligations/{owed}/draft",
        data=b"{",
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 422
    assert "保存草稿" in json.loads(answer.text)["sentence"]
