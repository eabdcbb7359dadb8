"""代录: what comes on paper is entered with its scan, and somebody else reviews it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import MARITIME, TAX, WORDS
from tests.web.conftest import Visit
from tests.web.filed import begun, filed, opened, owed_id
from tracker.db import db
from tracker.reports import evidence
from tracker.reports.models import Evidence, Report, Revision
from tracker.tasks.models import Obligation

SignIn = Callable[[str], Visit]
PDF = b"%PDF-1.4 scan"


@pytest.fixture
def owing(site: Flask) -> int:
    opened(site)
    return owed_id(site, MARITIME)


def record(
    visit: Visit, owing: int, *, scan: bytes = PDF, name: str = "扫描件.pdf", **typed: object
):
    sent: dict[str, object] = {"stage": "advancing", "percent": "40", "progress": WORDS}
    sent |= {"received_on": "2026-10-15"} | typed
    if files := sent.pop("scan_files", None):
        sent["scan"] = files
    if name:
        sent["scan"] = (io.BytesIO(scan), name)
    return visit.post(f"/paper/{owing}", **sent)


def number(site: Flask, model: type) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_notice_unit_and_obligation_are_chosen_one_after_the_other(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    assert "第二步" not in reviewer.page("/paper")
    assert "广东海事局" in reviewer.page("/paper?notice=yfh-2023-59")
    with site.app_context():
        unit_id = db.session.get_one(Obligation, owing).unit_id
    assert f"/paper/{owing}" in reviewer.page(f"/paper?notice=yfh-2023-59&unit={unit_id}")
    assert "第二步" not in reviewer.page("/paper?notice=ybh-2019-376")


def test_a_paper_report_is_filed_with_a_receipt_and_counts_from_the_day_it_came(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    response = record(reviewer, owing)
    assert response.status_code == 302
    assert "回执编号" in reviewer.page(response.headers["Location"])
    with site.app_context():
        obligation = db.session.get_one(Obligation, owing)
        assert obligation.first_filed_on is not None
        assert obligation.first_filed_on.isoformat() == "2026-10-15"
        assert not obligation.is_late


def test_a_second_person_reviews_it(owing: int, reviewer: Visit, signed_in: SignIn) -> None:
    address = record(reviewer, owing).headers["Location"]
    own = reviewer.post(f"{address}/accept", revision="1")
    assert own.status_code == 409
    assert "代录，须由其他审核人审核" in own.text
    assert signed_in("ziyou2").post(f"{address}/accept", revision="1").status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"received_on": ""}, "请填写收到日期"),
        ({"received_on": "2090-01-01"}, "收到日期不能晚于今天"),
        ({"received_on": "2020-01-01"}, "收到日期不能早于本期开始的日期"),
        ({"name": ""}, "请选择纸质报告的扫描件"),
        ({"scan": b"MZ program"}, "内容与扩展名不符"),
        ({"scan": b""}, "是空文件"),
        ({"scan": PDF + bytes(60 * 1024 * 1024)}, "超过50 MB"),
        ({"name": "a.exe"}, "不接收"),
        ({"stage": "x"}, "请选择工作阶段"),
        ({"percent": "-1"}, "0到100之间的整数"),
        ({"progress": "短"}, "不少于10个字"),
        ({"progress": "长" * 4001}, "最多4000字"),
        ({"progress": WORDS + "\x07"}, "控制字符"),
    ],
)
def test_a_wrong_entry_is_told_beside_its_field_and_nothing_is_written(
    site: Flask, owing: int, reviewer: Visit, typed: dict[str, str], sentence: str
) -> None:
    response = record(reviewer, owing, **typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert [number(site, model) for model in (Report, Revision, Evidence)] == [0, 0, 0]


def test_all_that_is_wrong_is_told_at_once(owing: int, reviewer: Visit) -> None:
    page = record(reviewer, owing, received_on="", percent="x", name="").text
    for sentence in ("请填写收到日期", "请选择纸质报告的扫描件", "0到100之间的整数"):
        assert sentence in page


def token_in(page: str) -> str:
    return page.partition('name="waiting" value="')[2].partition('"')[0]


def test_a_scan_waits_while_the_rest_of_the_form_is_put_right(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    told = record(reviewer, owing, progress="短").text
    assert "扫描件.pdf" in told
    assert record(reviewer, owing, name="", waiting=token_in(told)).status_code == 302
    with site.app_context():
        kept = db.session.scalars(select(Evidence)).one()
        assert (kept.name, kept.size) == ("扫描件.pdf", len(PDF))


def test_of_several_scans_the_right_ones_wait(owing: int, reviewer: Visit) -> None:
    scans = [(io.BytesIO(PDF), "甲.pdf"), (io.BytesIO(b"MZ"), "乙.pdf")]
    page = record(reviewer, owing, name="", scan_files=scans).text
    assert "“乙.pdf”的内容与扩展名不符" in page
    assert page.count('name="waiting"') == 1


@pytest.mark.parametrize("account", ["ziyou1", "ziyou2"])
def test_a_scan_waits_for_who_chose_it_alone(
    site: Flask, owing: int, reviewer: Visit, signed_in: SignIn, account: str
) -> None:
    token = token_in(record(reviewer, owing, progress="短").text)
    forged = token if account == "ziyou2" else token[:-2]
    response = record(signed_in(account), owing, name="", waiting=forged)
    assert "请选择纸质报告的扫描件" in response.text
    assert number(site, Revision) == 0


def test_a_scan_that_nobody_came_back_for_is_swept_away(
    site: Flask, owing: int, reviewer: Visit
) -> None:
    token = token_in(record(reviewer, owing, progress="短").text)
    folder = site.config["TRACKER"].instance / "evidence"
    with site.app_context():
        # Files have the machine's own time.
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert evidence.sweep(folder, later).removed == 1
    response = record(reviewer, owing, name="", waiting=token)
    assert (response.status_code, number(site, Evidence)) == (422, 0)
    assert "扫描件已失效，请重新选择" in response.text


def test_more_scans_than_a_report_holds_are_refused_before_any_is_kept(
    owing: int, reviewer: Visit
) -> None:
    scans = [(io.BytesIO(PDF), f"{number}.pdf") for number in range(200)]
    page = record(reviewer, owing, name="", scan_files=scans)
    assert "最多附100个扫描件" in page.text
    assert "waiting" not in page.text


def test_what_its_unit_is_writing_is_not_taken_out_of_its_hands(
    site: Flask, reviewer: Visit
) -> None:
    opened(site)
    begun(site, TAX, "shuiwu1")
    owing = owed_id(site, TAX)
    assert "正在网上填写" in reviewer.page(f"/paper/{owing}")
    with site.app_context():
        unit_id = db.session.get_one(Obligation, owing).unit_id
    listed = reviewer.page(f"/paper?notice=yfh-2023-59&unit={unit_id}")
    assert f"/paper/{owing}" not in listed
    assert listed.count("单位正在填写") == 1
    assert record(reviewer, owing).status_code == 422
    assert number(site, Revision) == 0


def test_what_is_filed_already_cannot_be_recorded(site: Flask, reviewer: Visit) -> None:
    opened(site)
    filed(site)
    assert record(reviewer, owed_id(site, TAX)).status_code == 422
    assert number(site, Revision) == 1


def test_another_office_finds_nothing_to_record(owing: int, signed_in: SignIn) -> None:
    other = signed_in("fagai1")
    assert other.get(f"/paper/{owing}").status_code == 404
    assert record(other, owing).status_code == 404
