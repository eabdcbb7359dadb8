"""审核: who sees what waits, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import BODY, CITY, OLD, TENTH
from tests.conftest import DAY
from tests.web.conftest import Visit
from tests.web.filed import begun, filed, opened, refiled
from tracker.days import spelled
from tracker.db import db
from tracker.reports.models import Report, Review
from tracker.tasks.models import Obligation

SignIn = Callable[[str], Visit]
LATER = (DAY + timedelta(days=10)).isoformat()
BETTER = replace(BODY, progress="已在全省开展有关工作，覆盖21个地市，并取得明显进展。")


@pytest.fixture
def waiting(site: Flask) -> int:
    """One report of 省税务局 that waits for 自贸办."""
    opened(site)
    return filed(site)[0]


def state(site: Flask, report_id: int) -> str:
    with site.app_context():
        return db.session.get_one(Report, report_id).state


def decisions(site: Flask) -> int:
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(Review)) or 0


def send_back(visit: Visit, report_id: int, **typed: str):
    sent = {"revision": "1", "section": "progress", "reason-progress": "请补充数据。"}
    sent |= {"correct_by": LATER} | typed
    return visit.post(f"/reviews/{report_id}/return", **sent)


def accept(visit: Visit, report_id: int, revision: int = 1):
    return visit.post(f"/reviews/{report_id}/accept", revision=str(revision))


def test_the_queue_shows_what_waits_with_its_deadline_and_light(
    waiting: int, reviewer: Visit
) -> None:
    page = reviewer.page("/reviews")
    assert "待审核1份" in page
    assert "省税务局" in page
    assert "临近" in page


def test_another_office_sees_nothing_of_it(waiting: int, signed_in: SignIn) -> None:
    other = signed_in("fagai1")
    assert "没有待审核的报告" in other.page("/reviews")
    assert other.get(f"/reviews/{waiting}").status_code == 404
    for act in ("begin", "accept", "return"):
        assert other.post(f"/reviews/{waiting}/{act}", revision="1").status_code == 404


def test_each_notice_is_reviewed_by_its_own_office(
    site: Flask, waiting: int, signed_in: SignIn
) -> None:
    report_id = filed(site, slug=OLD)[0]
    assert signed_in("fagai1").get(f"/reviews/{report_id}").status_code == 200
    assert signed_in("ziyou1").get(f"/reviews/{report_id}").status_code == 404


def test_looking_does_not_begin_the_review(site: Flask, waiting: int, reviewer: Visit) -> None:
    reviewer.page(f"/reviews/{waiting}")
    with site.app_context():
        assert db.session.get_one(Report, waiting).reviewer_id is None
    reviewer.post(f"/reviews/{waiting}/begin")
    with site.app_context():
        assert db.session.get_one(Report, waiting).reviewer_id is not None
    assert "开始审核后，单位不能再自行撤回" not in reviewer.page(f"/reviews/{waiting}")


def test_an_accepted_report_leaves_the_queue(site: Flask, waiting: int, reviewer: Visit) -> None:
    assert accept(reviewer, waiting).status_code == 302
    assert state(site, waiting) == "accepted"
    assert "没有待审核的报告" in reviewer.page("/reviews")


def test_a_returned_report_carries_its_reasons_and_its_day(
    site: Flask, waiting: int, reviewer: Visit, signed_in: SignIn
) -> None:
    assert send_back(reviewer, waiting).status_code == 302
    assert state(site, waiting) == "returned"
    page = reviewer.page(f"/reviews/{waiting}")
    assert "请补充数据。" in page
    with site.app_context():
        report = db.session.get_one(Report, waiting)
        owed = db.session.get_one(Obligation, report.obligation_id)
        assert owed.awaited_by is not None
        assert owed.awaited_by.isoformat() == LATER
    assert "下一个补正期限" in signed_in("shuiwu1").page("/")


def test_a_correction_day_before_the_due_day_is_told_with_the_day_that_counts(
    site: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_NOW", "2026-10-09T10:00")
    opened(site)
    report_id = filed(site, day=date(2026, 10, 8))[0]
    with site.app_context():
        owed_id = db.session.get_one(Report, report_id).obligation_id
        due = spelled(db.session.get_one(Obligation, owed_id).due_on)
    reviewer = signed_in("ziyou1")
    send_back(reviewer, report_id, correct_by="2026-10-12")
    told = reviewer.page("/reviews")
    assert f"补正期限{due}。所填2026年10月12日早于应报日期，按较晚的应报日期计算。" in told
    seen = signed_in("shuiwu1").page(f"/obligations/{owed_id}")
    assert f"请于{due}前补正" in seen


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"section": "", "reason-progress": ""}, "请至少勾选一个栏目"),
        ({"reason-progress": " "}, "请写明“进展情况”的退回理由"),
        ({"reason-progress": "长" * 1001}, "最多1000字，请删减1字"),
        ({"reason-progress": "坏\x07字"}, "控制字符"),
        ({"section": "nonsense", "reason-progress": ""}, "请至少勾选一个栏目"),
        ({"correct_by": ""}, "请填写补正期限"),
        ({"correct_by": "明天"}, "请填写补正期限"),
        ({"correct_by": "0001-01-01"}, "请填写补正期限"),
        ({"correct_by": "2026-01-01"}, "补正期限须晚于今天"),
        ({"correct_by": DAY.isoformat()}, "补正期限须晚于今天"),
        ({"correct_by": "2090-01-01"}, "补正期限不能超过一年"),
    ],
)
def test_a_wrong_return_is_told_beside_the_field_and_writes_nothing(
    site: Flask, waiting: int, reviewer: Visit, typed: dict[str, str], sentence: str
) -> None:
    response = send_back(reviewer, waiting, **typed)
    assert response.status_code == 422
    assert sentence in response.text
    assert state(site, waiting) == "filed"
    assert decisions(site) == 0


def test_the_corrected_report_stands_beside_the_last_one(
    site: Flask, waiting: int, reviewer: Visit
) -> None:
    send_back(reviewer, waiting)
    refiled(site, waiting, BETTER)
    page = reviewer.page(f"/reviews/{waiting}")
    assert '<ins><span class="mark-word">新增：</span>覆盖21个地市，</ins>' in page
    assert "第2稿" in page


def test_the_second_of_two_reviewers_is_told(
    site: Flask, waiting: int, reviewer: Visit, signed_in: SignIn
) -> None:
    second = signed_in("ziyou2")
    accept(reviewer, waiting)
    for told in (accept(second, waiting), send_back(second, waiting)):
        assert told.status_code == 409
        assert "刚由其他审核人处理" in told.text
    assert decisions(site) == 1
    assert state(site, waiting) == "accepted"


def test_nobody_decides_on_a_text_they_have_not_seen(
    site: Flask, waiting: int, reviewer: Visit
) -> None:
    send_back(reviewer, waiting)
    refiled(site, waiting, BETTER)
    told = accept(reviewer, waiting, revision=1)
    assert told.status_code == 409
    assert "重新报送过" in told.text
    assert state(site, waiting) == "filed"


def test_nobody_reviews_what_they_signed(site: Flask, signed_in: SignIn) -> None:
    opened(site)
    report_id = filed(site, people=("shuiwu1", "ziyou1"))[0]
    told = accept(signed_in("ziyou1"), report_id)
    assert told.status_code == 409
    assert "须由其他审核人审核" in told.text
    assert accept(signed_in("ziyou2"), report_id).status_code == 302


def test_several_are_accepted_at_once(site: Flask, reviewer: Visit) -> None:
    opened(site)
    ids = filed(site, number=3)
    ticked = [f"{report_id}:1" for report_id in ids]
    reviewer.post("/reviews/accept", report=ticked)
    assert {state(site, report_id) for report_id in ids} == {"accepted"}
    assert "已通过3份报告" in reviewer.page("/reviews")


def test_one_that_cannot_be_accepted_does_not_hold_up_the_others(
    site: Flask, reviewer: Visit
) -> None:
    opened(site)
    first, second = filed(site, number=2)
    reviewer.post("/reviews/accept", report=[f"{first}:9", f"{second}:1"])
    assert (state(site, first), state(site, second)) == ("filed", "accepted")
    assert "有1份没有通过" in reviewer.page("/reviews")


def test_forged_numbers_are_not_found(site: Flask, waiting: int, signed_in: SignIn) -> None:
    other = signed_in("fagai1")
    for ticked in (f"{waiting}:1", "99999:1", "x", "9" * 30):
        assert other.post("/reviews/accept", report=[ticked]).status_code == 404
    assert state(site, waiting) == "filed"


def test_nothing_ticked_is_said(waiting: int, reviewer: Visit) -> None:
    reviewer.post("/reviews/accept")
    assert "请先勾选" in reviewer.page("/reviews")


def test_the_own_departments_report_is_marked(site: Flask, reviewer: Visit) -> None:
    opened(site)
    report_id = filed(site, unit="省商务厅", slug=TENTH)[0]
    assert "本单位" in reviewer.page("/reviews")
    accept(reviewer, report_id)
    with site.app_context():
        assert db.session.scalars(select(Review.is_own_unit)).one()


def test_filters_narrow_the_queue(site: Flask, waiting: int, reviewer: Visit) -> None:
    assert "没有符合条件" in reviewer.page("/reviews?notice=ftz-10")
    assert "没有符合条件" in reviewer.page("/reviews?kind=plan")
    assert "省税务局" in reviewer.page("/reviews?notice=yfh-2023-59&kind=progress")
    assert "省税务局" in reviewer.page("/reviews?notice=x&kind=y&unit=z&after=w")


def test_a_late_report_stays_late_when_it_is_accepted(
    site: Flask, waiting: int, reviewer: Visit
) -> None:
    accept(reviewer, waiting)
    page = reviewer.page(f"/reviews/{waiting}")
    assert "逾期报送" in page
    assert "按时报送" not in page


def test_unit_and_leader_and_administrators_have_no_business_in_the_queue(
    waiting: int, signed_in: SignIn
) -> None:
    for account in ("shuiwu1", "shuiwu2", "lingdao1", "xitong1", "guangzhou1"):
        visit = signed_in(account)
        assert visit.get("/reviews").status_code == 404
        assert visit.get(f"/reviews/{waiting}").status_code == 404


def test_a_draft_is_not_to_be_seen_by_the_office(site: Flask, reviewer: Visit) -> None:
    opened(site)
    report_id = begun(site, CITY, "guangzhou1", period="2026-H2")
    assert reviewer.get(f"/reviews/{report_id}").status_code == 404
