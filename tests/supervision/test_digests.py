"""Digests: who is told what on which morning, once, and a page that never changes."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from tests.cast import (
    EIGHTH,
    OFFICE as OFFICE_NAME,
    Q1_DUE,
    TAX,
    Desk,
    by,
    moment,
    owed,
    tasks_of,
    unit,
)
from tests.delivery.posts import give_addresses, messages
from tracker import jobs
from tracker.audit.keeping import WrittenOnce
from tracker.coordinating import disputing, extending
from tracker.db import db
from tracker.delivery.models import Enclosed, Posted
from tracker.papers.digest_words import brief
from tracker.registry import settings
from tracker.registry.settings import in_force
from tracker.reports import parting
from tracker.supervision.models import Digest
from tracker.supervision.snapshots import MET, NEWLY, OFFICE, REVIEW, UNIT, from_json
from tracker.tasks import moving

DAY = timedelta(days=1)
MONDAY, TUESDAY = date(2026, 4, 20), date(2026, 4, 21)
THURSDAY = Q1_DUE + DAY


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    def set_clock(day: date, hour: int = 9) -> None:
        monkeypatch.setenv("TRACKER_NOW", f"{day}T{hour:02}:00")

    return set_clock


def digest_of(name: str, kind: str, day: date) -> Digest | None:
    query = select(Digest).where(
        Digest.recipient_id == unit(name).id, Digest.kind == kind, Digest.day == day
    )
    return db.session.scalar(query)


def told(job: str, day: date, at: object) -> dict[str, object]:
    at(day)  # type: ignore[operator]
    return jobs.JOBS[job](day)


def test_a_unit_is_told_once_however_often_the_job_runs(desk: Desk, at: object) -> None:
    give_addresses()
    first = told("remind-units", Q1_DUE, at)
    sent = len(messages())
    assert first["digests"] > 20
    assert told("remind-units", Q1_DUE, at) == {"digests": 0, "messages": 0}
    assert len(messages()) == sent > 0


def test_a_morning_without_news_tells_nothing(desk: Desk, at: object) -> None:
    """3 April is eight workdays before the day; the next that come near do so on the 8th."""
    told("remind-units", date(2026, 4, 3), at)
    assert digest_of(TAX, UNIT, date(2026, 4, 3)) is None


def test_what_comes_near_is_due_today_or_became_overdue_is_told(desk: Desk, at: object) -> None:
    for day, what in ((date(2026, 4, 8), "near"), (Q1_DUE, "today"), (THURSDAY, "overdue")):
        told("remind-units", day, at)
        page = from_json(digest_of(TAX, UNIT, day).page)
        assert page.figures[what] == page.figures["fresh"] > 0, day
    told("remind-units", THURSDAY + DAY, at)
    assert digest_of(TAX, UNIT, THURSDAY + DAY) is None


def test_the_weeks_first_workday_brings_the_full_list(desk: Desk, at: object) -> None:
    told("remind-units", MONDAY, at)
    page = from_json(digest_of(TAX, UNIT, MONDAY).page)
    assert page.facts["is_full"]
    assert page.figures["overdue"] == len(page.of("overdue")) > 0
    assert {line.late for line in page.of("overdue")} == {3}


def test_a_return_is_told_the_next_morning_with_its_reason(desk: Desk, at: object) -> None:
    one = owed(tasks_of(TAX, EIGHTH)[0])
    desk.file(one, date(2026, 3, 2))
    desk.send_back(one, date(2026, 3, 3), date(2026, 3, 30))
    told("remind-units", date(2026, 3, 4), at)
    page = from_json(digest_of(TAX, UNIT, date(2026, 3, 4)).page)
    (line,) = page.of("changed")
    assert (line.obligation, line.day) == (one.id, "2026-03-03")
    assert "请补充数据" in line.remark


def test_the_office_is_told_what_is_new_met_and_waits_for_it(desk: Desk, at: object) -> None:
    four = [owed(task) for task in tasks_of(TAX, EIGHTH)[:4]]
    told("summarise-offices", MONDAY, at)
    desk.file(four[0], MONDAY)
    moving.waive(four[1], by(desk.cast.chief, TUESDAY), note="不涉及")
    told("summarise-offices", MONDAY + 7 * DAY, at)
    first = from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY).page)
    second = from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY + 7 * DAY).page)
    assert first.figures["newly"] == first.figures["overdue"] > second.figures["still"] > 0
    assert [line.obligation for line in second.of(MET)] == [four[0].id]
    assert second.figures["settled"] == 1
    assert [line.obligation for line in second.of(REVIEW)] == [four[0].id]
    assert second.of(NEWLY) == []


def test_an_office_without_anything_late_is_told_so(desk: Desk, at: object) -> None:
    told("summarise-offices", date(2026, 3, 2), at)
    found = digest_of(OFFICE_NAME, OFFICE, date(2026, 3, 2))
    assert found.subject.endswith("没有逾期事项")
    letter = db.session.scalars(select(Posted).where(Posted.kind == OFFICE)).first()
    assert "截至今日没有逾期事项" in letter.text


def test_a_robot_gets_counts_and_no_names(desk: Desk, at: object) -> None:
    told("summarise-offices", MONDAY, at)
    page = from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY).page)
    assert TAX not in brief(OFFICE, page)
    assert f"逾期{page.figures['overdue']}项" in brief(OFFICE, page)


def test_a_past_day_is_told_as_it_was_known_then(desk: Desk, at: object) -> None:
    four = [owed(task) for task in tasks_of(TAX, EIGHTH)[:4]]
    desk.file(four[0], TUESDAY)
    at(TUESDAY + DAY)
    jobs.JOBS["summarise-offices"](MONDAY)
    page = from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY).page)
    assert four[0].id in [line.obligation for line in page.of(NEWLY)]
    assert page.of(REVIEW) == []


def test_a_digest_never_changes(desk: Desk, at: object) -> None:
    told("summarise-offices", MONDAY, at)
    found = digest_of(OFFICE_NAME, OFFICE, MONDAY)
    found.subject = "另一个"
    with pytest.raises(WrittenOnce):
        db.session.flush()
    db.session.expunge(found)


def test_drafts_count_the_month_and_the_quarter_before(desk: Desk, at: object) -> None:
    told("draft-bulletin", date(2026, 5, 6), at)
    month = from_json(digest_of(OFFICE_NAME, "bulletin", date(2026, 5, 6)).page)
    assert month.figures["expected"] == month.figures["missing"] > 0
    assert month.facts["month"] == "2026-04-01"
    assert month.figures["overdue"] == len(month.of("overdue"))
    told("draft-situation", date(2026, 7, 1), at)
    quarter = from_json(digest_of(OFFICE_NAME, "situation", date(2026, 7, 1)).page)
    assert quarter.figures["expected"] >= month.figures["expected"]
    assert {row["short_title"] for row in quarter.notices} >= {"第八批"}


def test_a_past_draft_is_told_by_the_rung_and_the_lateness_of_its_day(
    desk: Desk, at: object
) -> None:
    """Later the rung was moved, and what had been filed on time was taken back and filed late."""
    first, day = owed(tasks_of(TAX, EIGHTH)[0]), date(2026, 5, 6)
    desk.file(first, Q1_DUE)
    desk.withdraw(first, day + DAY)
    desk.file(first, day + 2 * DAY)
    moved = replace(in_force(), bulletin_workdays=3)
    settings.change(moved, person_id=None, at=moment(day + DAY))
    at(day + 7 * DAY)
    jobs.JOBS["draft-bulletin"](day)
    page = from_json(digest_of(OFFICE_NAME, "bulletin", day).page)
    assert page.facts["rung"] == 15
    assert page.ids("on_time") == [first.id]
    assert page.ids("late") == []


def test_nothing_fell_due_and_nothing_is_late_no_bulletin(desk: Desk, at: object) -> None:
    nothing = {"digests": 0, "messages": 0, "bulletins": 0}
    assert told("draft-bulletin", date(2026, 3, 2), at) == nothing


def test_the_offices_mail_is_useful_by_itself(desk: Desk, at: object) -> None:
    """Counts in the subject, the ten latest by name, the table by unit, links, the list."""
    give_addresses()
    told("summarise-offices", MONDAY, at)
    query = select(Posted).where(Posted.kind == OFFICE).order_by(Posted.id)
    letter = db.session.scalars(query).first()
    late = from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY).page).figures["overdue"]
    assert letter.subject.startswith(f"逾期汇总（2026年4月20日）：逾期{late}项，新增{late}项")
    for words in ("逾期最久的10项", "各单位逾期情况", f"{TAX}：", letter.link):
        assert words in letter.text, words
    assert "10. " in letter.text
    assert "11. " not in letter.text
    assert f"{letter.link}/overdue?unit={unit(TAX).id}" in letter.html
    assert db.session.get(Enclosed, letter.id).name.endswith("2026-04-20.xlsx")


def test_a_units_mail_lists_what_its_subject_counts(desk: Desk, at: object) -> None:
    """Also on a Tuesday, when one return alone is new: text, HTML and the attached table."""
    one = owed(tasks_of(TAX, EIGHTH)[0])
    desk.file(one, MONDAY)
    desk.send_back(one, MONDAY, TUESDAY)
    told("remind-units", TUESDAY, at)
    page = from_json(digest_of(TAX, UNIT, TUESDAY).page)
    late = page.figures["overdue"]
    assert (page.facts["is_full"], late > 1) == (False, True)
    letter = db.session.scalars(select(Posted).where(Posted.subject.startswith(TAX))).one()
    assert letter.subject == f"{TAX}：逾期{late}项，临近到期1项，新变动1项"
    for form in (letter.text, letter.html):
        for part in (f"逾期（{late}项）", "临近到期（1项）", "新变动（1项）"):
            assert part in form, part
    assert letter.text.count("，逾期4个工作日") == min(late, 20)
    file = io.BytesIO(db.session.get(Enclosed, letter.id).data)
    kinds = [row[0] for row in openpyxl.load_workbook(file).active.iter_rows(values_only=True)]
    assert [kinds.count(kind) for kind in ("逾期", "临近", "新变动")] == [late, 1, 1]


def test_what_is_new_stands_first_and_is_marked(desk: Desk, at: object) -> None:
    one = owed(tasks_of(TAX, EIGHTH)[0])
    desk.file(one, MONDAY)
    desk.send_back(one, MONDAY, TUESDAY)
    told("remind-units", TUESDAY + DAY, at)
    letter = db.session.scalars(select(Posted).where(Posted.subject.startswith(TAX))).one()
    first = letter.text.partition("\n1. ")[2].partition("\n2. ")[0]
    assert "（今日新提醒）" in first
    assert letter.text.count("（今日新提醒）") == 1


def test_the_office_is_told_what_waits_for_its_ruling(desk: Desk, at: object) -> None:
    signer = by(desk.cast.signer, date(2026, 4, 10))
    task, other = tasks_of(TAX, EIGHTH)[:2]
    soon = owed(other)
    extending.ask(soon, signer, reason="数据月底汇总。", wished_on=MONDAY + 30 * DAY)
    named = unit("广东海事局")
    disputing.ask(task, signer, unit_id=task.unit_id, reason="不属本单位职责。", named=named)
    told("summarise-offices", MONDAY, at)
    page = from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY).page)
    matters = {one["words"]: one["number"] for one in page.facts["matters"]}
    assert (matters["延期申请待决定"], matters["归属异议待裁定"]) == (1, 1)
    letter = db.session.scalars(select(Posted).where(Posted.kind == OFFICE)).first()
    assert letter.text.count("待本单位办理：延期申请待决定1项，归属异议待裁定1项") == 1
    assert "延期申请待决定<b>1</b>项" in letter.html


def test_a_unit_is_told_what_waits_for_it_beside_its_reports(desk: Desk, at: object) -> None:
    """Asked for a part, it is told with the week's list although nothing of its own is due."""
    helper, filer = unit("省司法厅"), by(desk.cast.filer, date(2026, 3, 5))
    one = owed(tasks_of(TAX, EIGHTH)[0])
    parting.ask([one], [helper.id], filer, words="请提供数据。", wanted_by=date(2026, 3, 20))
    told("remind-units", date(2026, 3, 6), at)
    assert digest_of("省司法厅", UNIT, date(2026, 3, 6)) is None
    told("remind-units", date(2026, 3, 9), at)
    found = digest_of("省司法厅", UNIT, date(2026, 3, 9))
    assert from_json(found.page).facts["matters"] == [
        {"key": "parts", "words": "协办材料待提供", "number": 1}
    ]
    assert found.subject.endswith("其他待办理1项")


def test_a_replayed_day_tells_nothing_of_what_waits_now(desk: Desk, at: object) -> None:
    one = owed(tasks_of(TAX, EIGHTH)[0])
    signer = by(desk.cast.signer, date(2026, 4, 10))
    extending.ask(one, signer, reason="数据月底汇总。", wished_on=MONDAY + 30 * DAY)
    at(TUESDAY)
    jobs.JOBS["summarise-offices"](MONDAY)
    assert from_json(digest_of(OFFICE_NAME, OFFICE, MONDAY).page).facts["matters"] == []
