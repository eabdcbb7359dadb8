"""Many at once: all of a city's rows for one notice and period, on one page."""

from __future__ import annotations

from collections.abc import Callable

import lxml.html
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import CITY, moment, open_on, unit
from tests.operations.documents import DAY, document
from tests.web.conftest import Visit
from tests.web.filing import OPENED, TEXT, add_person, form_of, owe, post_parts, sentences
from tracker.db import db, writing
from tracker.notices.handing_in import draft_of
from tracker.notices.importing import Particulars
from tracker.notices.models import Notice
from tracker.permissions import FILER
from tracker.registry.models import Person
from tracker.reports.models import Report, Revision
from tracker.reports.states import DRAFT, SIGNING
from tracker.tasks import scheduling, waiving
from tracker.tasks.adopting import adopt
from tracker.tasks.models import Obligation, Task, Tracking
from tracker.tasks.moving import By

URL = "/sheets/yfh-2023-59/2026-H1"


@pytest.fixture(autouse=True)
def _owed(site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", f"{OPENED.isoformat()}T10:00")
    owe(site)


@pytest.fixture
def city(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("guangzhou1")


@pytest.fixture
def signer(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("guangzhou2")


def rows(page: str) -> list[str]:
    return lxml.html.fromstring(page).xpath('//input[@name="row"]/@value')


def filled(visit: Visit, url: str = URL, **more: str) -> dict[str, object]:
    """The sheet as a browser sends it, every row filled in the same way."""
    page = visit.page(url)
    form = lxml.html.fromstring(page)
    ids = rows(page)
    data: dict[str, object] = {"csrf_token": form_of(visit, url)["csrf_token"], "row": ids}
    for one in ids:
        (version,) = form.xpath(f'//input[@name="version-{one}"]/@value')
        data |= {
            f"version-{one}": version,
            f"stage-{one}": "advancing",
            f"percent-{one}": "40",
            f"progress-{one}": TEXT,
        }
    return {**data, **more}


def send(visit: Visit, data: dict[str, object], url: str = URL):
    return post_parts(visit, url, data)


def in_state(site: Flask, state: str) -> int:
    with site.app_context():
        query = select(func.count()).select_from(Report).where(Report.state == state)
        return db.session.scalar(query) or 0


def test_all_rows_are_saved_and_submitted_from_one_page(site: Flask, city: Visit) -> None:
    number = len(rows(city.page(URL)))
    assert number > 10
    assert send(city, filled(city, action="save")).status_code == 302
    assert in_state(site, DRAFT) == number
    assert send(city, filled(city, action="submit")).status_code == 302
    assert in_state(site, SIGNING) == number
    assert "都已送审" in city.page(URL)


def test_wrong_rows_stay_with_their_sentence_and_right_ones_go(site: Flask, city: Visit) -> None:
    data = filled(city, action="submit")
    first, second, *_ = data["row"]
    answer = send(city, data | {f"percent-{first}": "全部", f"progress-{second}": "短"})
    assert answer.status_code == 422
    assert "2项需要改正" in answer.text
    assert any("0到100之间的整数" in said for said in sentences(answer.text))
    assert rows(answer.text) == [first, second]
    assert 'value="全部"' in answer.text
    assert in_state(site, SIGNING) == len(data["row"]) - 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("stage", "everything", "请选择工作阶段"),
        ("stage", "rejected", "只有借鉴事项"),
        ("percent", "-1", "0到100之间的整数"),
        ("percent", "9" * 5_000, "100"),
        ("progress", "字" * 4001, "请删减1字"),
        ("progress", TEXT + "\x01", "控制字符"),
        ("progress", "", "请写明进展情况"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_in_the_row(
    site: Flask, city: Visit, field: str, value: str, said: str
) -> None:
    data = filled(city, action="submit")
    first = data["row"][0]
    answer = send(city, data | {f"{field}-{first}": value})
    assert answer.status_code == 422
    assert any(said in sentence for sentence in sentences(answer.text))
    assert rows(answer.text) == [first]


def test_a_second_click_submits_nothing_twice(site: Flask, city: Visit) -> None:
    data = filled(city, action="submit")
    send(city, data)
    assert send(city, data).status_code == 302
    assert in_state(site, SIGNING) == len(data["row"])


def test_a_row_that_a_colleague_saved_meanwhile_is_not_swallowed(
    site: Flask, city: Visit, signed_in: Callable[[str], Visit]
) -> None:
    add_person(site, "guangzhou3", CITY, FILER)
    colleague = signed_in("guangzhou3")
    mine, theirs = filled(city, action="save"), filled(colleague, action="save")
    first = mine["row"][0]
    send(city, mine | {f"progress-{first}": "甲写的文字，十个字以上。"})
    answer = send(colleague, theirs | {f"progress-{first}": "乙写的文字，十个字以上。"})
    assert answer.status_code == 422
    assert "乙写的文字" in answer.text
    assert any("刚被他人保存" in said and "甲写的文字" in said for said in sentences(answer.text))


@pytest.mark.parametrize("forged", ["999999", "x", "-1", "9" * 40])
def test_a_forged_row_changes_nothing(site: Flask, city: Visit, forged: str) -> None:
    data = filled(city, action="submit")
    data["row"] = [*data["row"], forged]
    assert send(city, data).status_code == 404
    assert in_state(site, SIGNING) == 0


def test_a_sheet_without_rows_is_not_found(city: Visit) -> None:
    for url in ("/sheets/none/2026-H1", "/sheets/yfh-2023-59/1999-H1", "/sheets/yfh-2023-59/x"):
        assert city.get(url).status_code == 404, url


def test_the_signer_signs_all_right_ones_in_one_go(site: Flask, city: Visit, signer: Visit) -> None:
    send(city, filled(city, action="submit"))
    url = f"{URL}/signing"
    page = signer.page(url)
    ticks = lxml.html.fromstring(page).xpath('//input[@name="report"][@checked]/@value')
    assert TEXT in page
    answer = signer.post(url, form=url, report=ticks)
    assert f"已审签报送{len(ticks)}项" in answer.text
    again = signer.post(url, form="/signing", report=ticks)
    assert again.status_code == 422
    assert "不会重复报送" in again.text or "已不在待审签状态" in again.text
    with site.app_context():
        assert db.session.scalar(select(func.count()).select_from(Revision)) == len(ticks)


def many(site: Flask, number: int) -> str:
    """One more notice with so many measures for every city; the address of its sheet."""
    slug = f"many-{number}"
    lines = [f"{no}\t第{no}号事项\t一是。\t省税务局\t全省范围" for no in range(1, number + 1)]
    text = document(
        *lines, number=f"粤府函〔2026〕{number}号", title=f"广东省人民政府关于{number}项的通知"
    )
    with site.app_context(), writing():
        particulars = {0: Particulars(slug=slug, short_title=slug, office="省发展改革委")}
        adopt(draft_of(text.encode()), particulars, source_id=None, on=DAY)
        notice = db.session.scalars(select(Notice).where(Notice.slug == slug)).one()
        scheduling.start(db.session.get_one(Tracking, notice.id), on=OPENED.replace(month=1, day=1))
        open_on(OPENED)
        db.session.commit()
        assert unit(CITY)
    return f"/sheets/{slug}/2026-H1"


def test_two_hundred_rows_and_a_thousand_fields_go_in_one_post(site: Flask, city: Visit) -> None:
    url = many(site, 220)
    data = filled(city, url, action="submit")
    assert len(data["row"]) == 220
    longest = "情" * 4000
    data |= {name: longest for name in data if name.startswith("progress-")}
    assert send(city, data, url).status_code == 302
    assert in_state(site, SIGNING) == 220


def test_one_that_was_waived_meanwhile_stays_whole_and_holds_up_nobody(
    site: Flask, city: Visit, signer: Visit
) -> None:
    send(city, filled(city, action="submit"))
    url = f"{URL}/signing"
    ticks = lxml.html.fromstring(signer.page(url)).xpath('//input[@name="report"]/@value')
    waived = int(ticks[0].partition(":")[0])
    with site.app_context(), writing():
        task = db.session.get_one(Task, db.session.get_one(Obligation, waived).task_id)
        chief = db.session.scalars(select(Person.id).where(Person.account == "ziyou2")).one()
        waiving.waive([task], By(person_id=chief, at=moment(OPENED)), reason="-")
        db.session.commit()
    answer = signer.post(url, form=url, report=ticks)
    assert f"已审签报送{len(ticks) - 1}项" in answer.text
    assert "当前状态是“免报”" in answer.text
    assert in_state(site, SIGNING) == 1
