"""The notice around a table: title, number, issuer, day and body, however they are set."""

from __future__ import annotations

from datetime import date

import pytest

from tests.notices.ground import reading_of
from tests.notices.tables import FIRST, ROWS, table
from tracker.notices.reading.document import ReadNotice

TITLE = "广东省商务厅关于推广示范区第一批经验的通知"
NUMBER = "粤商务函〔2027〕12号"
ADDRESSED = "各地级以上市人民政府："
END = "请认真落实。\n广东省商务厅\n2027年3月4日\n附件"


def notice(head: str, end: str = END) -> ReadNotice:
    [found] = reading_of(f"{head}\n\n{ADDRESSED}\n{end}\n{table(*ROWS)}").notices
    return found


def head_of(found: ReadNotice) -> tuple[str, str, str, date | None]:
    return (found.title, found.doc_no, found.issuer, found.issued_on)


EXPECTED = (TITLE, NUMBER, "广东省商务厅", date(2027, 3, 4))


@pytest.mark.parametrize(
    "head",
    [
        f"{TITLE}\n{NUMBER}",
        f"广东省商务厅文件\n{NUMBER}\n\n{TITLE}",
        f"{NUMBER}\n\n{TITLE}",
        "广东省商务厅\n关于推广示范区第一批经验的通知\n" + NUMBER,
        "广东省商务厅关于推广\n示范区第一批经验的通\n知" + NUMBER,
        f"（以下节录自某网站\nhttp://example.cn/1）\n附录\n{TITLE}\n{NUMBER}",
        f"广东省商务厅　　{NUMBER}\n{TITLE}",
        f"**{TITLE}**\n粤商务函〔2027〕 12 号",
        f"{TITLE}\n\n\n{NUMBER}\n",
    ],
)
def test_title_and_number_may_stand_in_many_ways(head: str) -> None:
    assert head_of(notice(head)) == EXPECTED


def test_a_title_without_a_number_is_known_by_its_issuer() -> None:
    found = notice("广东省商务厅关于推广\n示范区第一批经验的通知")
    assert head_of(found) == (TITLE, "", "广东省商务厅", date(2027, 3, 4))
    assert "请认真落实" in found.body


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("2027年3月4日", date(2027, 3, 4)),
        ("2027 年 3 月 4 日", date(2027, 3, 4)),
        ("２０２７年３月４日", date(2027, 3, 4)),
        ("二〇二七年三月四日", date(2027, 3, 4)),
        ("二○二七年十二月三十一日", date(2027, 12, 31)),
        ("二零二七年十月二十日", date(2027, 10, 20)),
        ("2027年2月30日", None),
        ("2027年3月", None),
    ],
)
def test_the_day_is_read_where_it_is_one(printed: str, day: date | None) -> None:
    assert notice(f"{TITLE}\n{NUMBER}", f"请落实。\n{printed}\n附件").issued_on == day


def test_a_number_inside_a_sentence_begins_no_notice() -> None:
    body = "根据省政府《某通知》\n（粤府函〔2020〕146号\n）要求，请落实。\n附件"
    assert notice(f"{TITLE}\n{NUMBER}", body).doc_no == NUMBER


def test_two_notices_in_one_file_each_have_their_lists() -> None:
    above = "国务院关于做好示范区第一批经验推广工作的通知\n国函〔2027〕3号"
    parts = [f"{TITLE}\n{NUMBER}\n{END}", table(*ROWS), above, END, table(FIRST, title="国家表")]
    reading = reading_of("\n\n".join(parts))
    assert [n.doc_no for n in reading.notices] == [NUMBER, "国函〔2027〕3号"]
    assert [(each.notice, each.heading) for each in reading.lists][1] == (1, "国家表")
    assert [n.is_state for n in reading.notices] == [False, True]


def test_the_body_leaves_the_tables_out() -> None:
    body = notice(f"{TITLE}\n{NUMBER}").body
    assert "请认真落实" in body
    assert FIRST[1] not in body


def test_a_table_without_a_notice_is_known_by_its_own_title() -> None:
    [found] = reading_of(table(*ROWS, title="附件\n第九批任务分工表")).notices
    assert head_of(found) == ("第九批任务分工表", "", "", None)
