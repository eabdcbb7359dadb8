"""`tracker import FILE --notice notice.toml`: a notice that nobody here has seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.operations.documents import (
    DAY,
    NUMBER,
    TITLE,
    contents,
    count,
    described,
    document,
    table,
    take_in,
    written,
)
from tracker.db import db
from tracker.notices import queries
from tracker.notices.importing import Refused
from tracker.notices.models import Duty, Measure, Mention, Notice
from tracker.operations import importing
from tracker.registry.models import City, Unit
from tracker.tasks.models import Task
from tracker.tasks.states import HELD, LEAD, LOCAL, SUPPORT

STATES = "国务院关于做好自由贸易试验区第九批测试经验复制推广工作的通知"
FORWARDING = f"广东省人民政府转发{STATES}"
HEADS = '[[notice]]\nshort_title = "省转发"\n\n[[notice]]\nshort_title = "国家"\n'


def ours(number: str = NUMBER) -> Notice:
    return db.session.scalars(select(Notice).where(Notice.doc_no == number)).one()


def owing(role: str) -> list[tuple[str, int]]:
    """Who has a task in this role under our notice, in order."""
    query = select(Unit.name, Task.position).join(Unit, Task.unit_id == Unit.id)
    query = query.where(Task.notice_id == ours().id, Task.role == role)
    return [tuple(row) for row in db.session.execute(query.order_by(Task.id))]


def row(units: str, scope: str = "全省范围") -> str:
    return f"1\t推行甲事项\t一是办好甲事项。\t{units}\t{scope}"


def test_it_becomes_a_notice_with_its_list_and_measures(app: Flask, tmp_path: Path) -> None:
    told = take_in(written(tmp_path, document()), described(tmp_path))
    notice = ours()
    [listed] = queries.lists(notice.id)
    [measure] = queries.measures(notice.id)
    assert told == "补载原文0项，新建通知1件，与已跟踪内容不一致0处。"
    assert (notice.title, notice.short_title, notice.level) == (TITLE, "测试", "province")
    assert (notice.issuer, notice.confirmed_on) == ("广东省人民政府", DAY)
    assert (listed.heading, listed.adoption) == ("测试经验任务分工表", "复制推广")
    assert (measure.no, measure.title, measure.content) == ("1", "推行甲事项", "一是办好甲事项。")


def test_each_unit_and_each_city_gets_one_task(app: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document()), described(tmp_path))
    assert owing(LEAD) == [("省税务局", 1), ("省公安厅", 2)]
    assert len(set(owing(LOCAL))) == 21


def test_the_count_that_a_check_tells_is_the_count_that_arises(app: Flask, tmp_path: Path) -> None:
    file = written(tmp_path, document(row("省税务局、各企业、省药监局、省药品监管局")))
    draft = importing.checked(file)
    before = count(select(Task))
    take_in(file, described(tmp_path))
    assert (draft.unit_tasks, draft.local_tasks) == (3, 21)
    assert count(select(Task)) - before == 24


def test_a_unit_named_twice_in_one_row_has_one_task_where_it_stands_first(
    app: Flask, tmp_path: Path
) -> None:
    text = document(row("省税务局、省公安厅、省税务局"))
    take_in(written(tmp_path, text), described(tmp_path))
    assert owing(LEAD) == [("省税务局", 1), ("省公安厅", 2)]


def test_lead_and_support_are_told_apart(app: Flask, tmp_path: Path) -> None:
    text = document(row("省税务局牵头，省公安厅、省司法厅配合"))
    take_in(written(tmp_path, text), described(tmp_path))
    assert owing(LEAD) == [("省税务局", 1)]
    assert [name for name, _ in owing(SUPPORT)] == ["省公安厅", "省司法厅"]


def test_a_class_is_held_by_the_office(app: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document(row("省税务局、各企业"))), described(tmp_path))
    states = select(Task.printed).where(Task.notice_id == ours().id, Task.state == HELD)
    assert db.session.scalars(states).all() == ["各企业"]


def test_office_and_duties_come_from_notice_toml(app: Flask, tmp_path: Path) -> None:
    duty = '[[duty]]\nwho = "各牵头单位"\nwhat = "制订工作方案"\nwords = "抓紧制订"\n'
    head = described(tmp_path, f'short_title = "测试"\noffice = "省商务厅自贸办"\n{duty}')
    take_in(written(tmp_path, document()), head)
    office = select(Unit.name).where(Unit.id == ours().office_id)
    assert db.session.scalar(office) == "省商务厅自贸办"
    assert [one.who for one in queries.duties(ours().id)] == ["各牵头单位"]


def test_what_the_document_leaves_out_comes_from_notice_toml(app: Flask, tmp_path: Path) -> None:
    head = described(
        tmp_path,
        'short_title = "测试"\ndoc_no = "粤府函〔2026〕902号"\nissuer = "广东省人民政府"\n'
        "issued_on = 2026-11-02\n",
    )
    take_in(written(tmp_path, table()), head)
    notice = ours("粤府函〔2026〕902号")
    assert (notice.issuer, notice.issued_on.isoformat()) == ("广东省人民政府", "2026-11-02")


def test_notice_toml_must_not_contradict_the_document(app: Flask, tmp_path: Path) -> None:
    head = described(tmp_path, 'short_title = "测试"\ndoc_no = "粤府函〔2026〕1号"\n')
    with pytest.raises(Refused, match="文号“粤府函〔2026〕1号”与文件中的“粤府函〔2026〕901号”"):
        take_in(written(tmp_path, document()), head)


def test_without_notice_toml_it_is_refused_and_nothing_stays(app: Flask, tmp_path: Path) -> None:
    before = contents()
    with pytest.raises(Refused, match=f"“{TITLE}”是新的通知，请用 --notice"):
        take_in(written(tmp_path, document()))
    assert contents() == before


def test_unknown_units_are_refused_by_name_and_nothing_stays(app: Flask, tmp_path: Path) -> None:
    before = contents()
    with pytest.raises(Refused, match="还有单位没有确定：省测试甲局、省测试乙局。"):
        take_in(written(tmp_path, document(row("省测试甲局、省测试乙局"))), described(tmp_path))
    assert contents() == before


def test_a_number_that_stands_twice_in_a_list_means_two_measures(
    app: Flask, tmp_path: Path
) -> None:
    text = document(row("省税务局"), row("省公安厅").replace("甲", "乙"))
    take_in(written(tmp_path, text), described(tmp_path))
    assert [one.title for one in queries.measures(ours().id)] == ["推行甲事项", "推行乙事项"]
    assert owing(LEAD) == [("省税务局", 1), ("省公安厅", 1)]


def test_a_cell_that_cannot_be_what_its_column_says_is_refused(app: Flask, tmp_path: Path) -> None:
    text = document(f"1\t推行甲事项\t内容。\t省税务局\t{'全省' * 200}")
    with pytest.raises(Refused, match="第1项有一格长达400字，像是表格没有读对"):
        take_in(written(tmp_path, text), described(tmp_path))


def test_an_office_that_nobody_knows_is_refused(app: Flask, tmp_path: Path) -> None:
    head = described(tmp_path, 'short_title = "测试"\noffice = "省测试办"\n')
    with pytest.raises(Refused, match="没有找到“省测试办”"):
        take_in(written(tmp_path, document()), head)


def test_the_same_notice_in_another_file_is_taken_for_the_same(app: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document()), described(tmp_path))
    again = take_in(written(tmp_path, document() + "\n（此件公开发布）\n"))
    assert again == "补载原文1项，新建通知0件，与已跟踪内容不一致0处。"
    assert count(select(Notice).where(Notice.doc_no == NUMBER)) == 1


def both(tmp_path: Path) -> Path:
    """The province forwards the State's notice in one file, as 粤府函〔2020〕146号 does."""
    states_row = "1\t推行甲事项\t国家的做法。\t税务总局\t全国"
    forwarding = document(title=FORWARDING)
    states = document(states_row, title=STATES, number="国函〔2026〕96号")
    return written(tmp_path, forwarding + "\n" + states)


def test_the_one_that_forwards_knows_the_other(app: Flask, tmp_path: Path) -> None:
    take_in(both(tmp_path), described(tmp_path, HEADS))
    states = ours("国函〔2026〕96号")
    assert ours().forwards_id == states.id
    assert (ours().short_title, states.short_title) == ("省转发", "国家")
    assert states.is_reference


def test_its_measures_know_those_they_forward(app: Flask, tmp_path: Path) -> None:
    take_in(both(tmp_path), described(tmp_path, HEADS))
    [measure] = queries.measures(ours().id)
    [original] = queries.measures(ours("国函〔2026〕96号").id)
    assert measure.forwards_id == original.id
    assert not queries.without_heir(original.notice_id)


def test_a_single_head_for_two_notices_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"文件中有2件新的通知.*\[\[notice\]\]"):
        take_in(both(tmp_path), described(tmp_path))


def test_one_that_came_in_a_file_of_its_own_is_found(app: Flask, tmp_path: Path) -> None:
    states = document(
        "1\t推行甲事项\t国家。\t税务总局\t全国", title=STATES, number="国函〔2026〕96号"
    )
    take_in(written(tmp_path, states), described(tmp_path))
    take_in(written(tmp_path, document(title=FORWARDING), "2.txt"), described(tmp_path))
    assert ours().forwards_id == ours("国函〔2026〕96号").id


def test_one_that_is_named_but_not_tracked_is_refused(app: Flask, tmp_path: Path) -> None:
    head = described(tmp_path, 'short_title = "测试"\nforwards = "国函〔2026〕97号"\n')
    with pytest.raises(Refused, match="没有找到被转发的通知“国函〔2026〕97号”"):
        take_in(written(tmp_path, document()), head)


def test_scopes_that_no_document_defines_make_no_local_task(app: Flask, tmp_path: Path) -> None:
    text = document(row("省税务局", "全省海关特殊监管区域"))
    take_in(written(tmp_path, text), described(tmp_path))
    assert owing(LOCAL) == []
    assert [one.scope_state for one in queries.measures(ours().id)] == ["waiting"]


@pytest.mark.parametrize(
    ("printed", "owed", "done"),
    [
        ("全省除深圳市以外的地区（深圳市已复制推广）", 20, ["深圳市"]),
        ("全省除深圳市以外的地区（珠海市已复制推广）", 19, ["珠海市"]),
        ("粤港澳大湾区九市", 9, []),
        ("广东自贸试验区", 3, []),
        ("广州、深圳", 2, []),
    ],
)
def test_a_city_that_is_done_already_is_shown_and_owes_nothing(
    app: Flask, tmp_path: Path, printed: str, owed: int, done: list[str]
) -> None:
    take_in(written(tmp_path, document(row("省税务局", printed))), described(tmp_path))
    [measure] = queries.measures(ours().id)
    assert len(owing(LOCAL)) == owed
    assert [name for name, already in queries.reaches(measure.id) if already] == done


def test_mentions_stand_in_the_order_of_print(app: Flask, tmp_path: Path) -> None:
    take_in(written(tmp_path, document(row("省公安厅、省税务局、省教育厅"))), described(tmp_path))
    names = [
        name
        for _, name in queries.mentions(
            db.session.scalars(select(Measure.id).where(Measure.notice_id == ours().id)).one()
        )
    ]
    assert names == ["省公安厅", "省税务局", "省教育厅"]
    assert count(select(Mention).join(Measure).where(Measure.notice_id == ours().id)) == 3
    assert count(select(Duty).where(Duty.notice_id == ours().id)) == 0
    assert count(select(City)) == 21
