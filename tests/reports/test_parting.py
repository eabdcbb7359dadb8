"""协办材料: other units give their part, it flows in named, and no day moves by it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.cast import BODY, MARITIME, TAX, Desk, by, unit
from tracker.db import db
from tracker.reports import collected, parting
from tracker.reports.bodies import Body, Given
from tracker.reports.models import Part, Revision
from tracker.tasks.models import Obligation
from tracker.tasks.states import Forbidden

DAY, WANTED = date(2026, 4, 1), date(2026, 4, 8)


def asked(desk: Desk, owed: Obligation, name: str = MARITIME) -> Part:
    who = by(desk.cast.filer, DAY)
    parting.ask([owed], [unit(name).id], who, words="请提供首季数据。", wanted_by=WANTED)
    query = select(Part).where(Part.obligation_id == owed.id, Part.unit_id == unit(name).id)
    return db.session.scalars(query).one()


def given(desk: Desk, part: Part, text: str = "办理12件。") -> None:
    parting.give(part, by(desk.cast.maritime, DAY), text=text, version=part.version)


def filed(owed: Obligation) -> Body:
    query = select(Revision.body).order_by(Revision.id.desc()).limit(1)
    return Body.of(db.session.scalars(query).one())


def test_asking_for_parts_never_moves_the_day_of_the_report(desk: Desk, first: Obligation) -> None:
    before = first.awaited_by, first.status, first.unit_id
    part = asked(desk, first)
    given(desk, part)
    assert (first.awaited_by, first.status, first.unit_id) == before


def test_what_was_given_is_filed_with_the_report_under_its_units_name(
    desk: Desk, first: Obligation
) -> None:
    given(desk, asked(desk, first))
    desk.file(first, DAY, BODY)
    assert filed(first).parts == (Given(unit=MARITIME, text="办理12件。"),)
    assert filed(first).progress == BODY.progress


def test_what_is_still_wanted_or_cancelled_does_not_flow_in(desk: Desk, first: Obligation) -> None:
    part = asked(desk, first)
    given(desk, part)
    parting.cancel(part)
    asked(desk, first, "省公安厅")
    desk.file(first, DAY, BODY)
    assert filed(first).parts == ()


def test_a_part_is_sent_back_with_what_is_missing_and_given_anew(
    desk: Desk, first: Obligation
) -> None:
    part = asked(desk, first)
    given(desk, part)
    parting.send_back(part, note="请补充同比。")
    assert collected.number_wanted(unit(MARITIME).id) == 1
    given(desk, part, "办理12件，同比增长两成。")
    desk.file(first, DAY, BODY)
    assert filed(first).parts[0].text.endswith("两成。")


def test_a_unit_is_asked_once_for_one_report_and_never_asks_itself(
    desk: Desk, first: Obligation
) -> None:
    asked(desk, first)
    with pytest.raises(Forbidden, match="没有新的请求"):
        asked(desk, first)
    with pytest.raises(Forbidden, match="没有新的请求"):
        asked(desk, first, TAX)
    with pytest.raises(Forbidden, match="一类单位"):
        asked(desk, first, "各企业")


def test_nothing_more_is_asked_once_the_report_is_filed(desk: Desk, first: Obligation) -> None:
    desk.file(first, DAY, BODY)
    with pytest.raises(Forbidden, match="已经报送"):
        asked(desk, first)


def test_two_colleagues_do_not_overwrite_each_others_part(desk: Desk, first: Obligation) -> None:
    part = asked(desk, first)
    seen = part.version
    given(desk, part)
    with pytest.raises(Forbidden, match="同事提交过"):
        parting.give(part, by(desk.cast.maritime, DAY), text="另一份。", version=seen)
    assert part.text == "办理12件。"
