"""The log is a chain: whoever changes, removes or swaps an entry is found out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from tests.cast import at_once
from tracker.audit import chain
from tracker.audit.keeping import WrittenOnce
from tracker.audit.models import Entry, Head
from tracker.db import db

AT = datetime(2026, 4, 1, 2, 30, 15, 123456, UTC)


def log(count: int) -> list[int]:
    """As many sealed entries, and their ids in the order of the chain."""
    for number in range(count):
        chain.record(
            "file",
            f"report {number}",
            account="zhangsan",
            at=AT + timedelta(minutes=number),
            address="10.0.0.1",
            detail={"receipt": f"2026-{number:06d}", "names": ["张三", 2]},
        )
    db.session.flush()
    while chain.seal():
        pass
    return list(db.session.scalars(select(Entry.id).order_by(Entry.link)))


def tamper(statement: str, **values: Any) -> None:
    """As someone with the database in their hands would, behind the program's back."""
    db.session.execute(text(statement), values)


@pytest.fixture
def sealed(ground: Flask) -> list[int]:
    return log(6)


def test_an_untouched_chain_holds(sealed: list[int]) -> None:
    verdict = chain.verify()
    assert (verdict.checked, verdict.broken) == (6, None)


def test_an_empty_log_holds(ground: Flask) -> None:
    assert chain.seal() == 0
    assert chain.verify().broken is None


def test_entries_are_sealed_once_in_their_order(sealed: list[int]) -> None:
    assert sealed == sorted(sealed)
    assert chain.seal() == 0


def test_what_is_recorded_later_goes_on_where_the_chain_ended(sealed: list[int]) -> None:
    log(3)
    assert chain.verify().checked == 9
    assert chain.verify().broken is None


def test_an_entry_is_not_part_of_the_chain_before_it_is_sealed(sealed: list[int]) -> None:
    chain.record("sign in", "zhangsan", account="zhangsan", at=AT)
    db.session.flush()
    assert chain.verify().checked == 6


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", "2026-04-01 02:31:16"),
        ("account", "lisi"),
        ("address", "10.0.0.2"),
        ("action", "accept"),
        ("subject", "report 99"),
        ("detail", '{"receipt": "2026-999999"}'),
        ("digest", "0" * 64),
        ("link", 99),
        ("id", 999_999),
    ],
)
@pytest.mark.parametrize("place", [0, 3, 5])
def test_a_change_of_any_column_is_found_and_the_first_broken_entry_named(
    sealed: list[int], column: str, value: object, place: int
) -> None:
    entry = sealed[place]
    tamper(f"UPDATE audit_entry SET {column} = :value WHERE id = :id", value=value, id=entry)
    broken = chain.verify().broken
    # An entry whose own number was changed goes by the new one; one put last leaves its gap.
    named = {"id": 999_999, "link": sealed[place + 1] if place < 5 else entry}
    assert broken == named.get(column, entry)


@pytest.mark.parametrize("place", [0, 3])
def test_a_removed_entry_is_found_at_the_next_one(sealed: list[int], place: int) -> None:
    tamper("DELETE FROM audit_entry WHERE id = :id", id=sealed[place])
    assert chain.verify().broken == sealed[place + 1]


@pytest.mark.parametrize("count", [1, 2, 6])
def test_entries_removed_from_the_end_are_missed(sealed: list[int], count: int) -> None:
    tamper("DELETE FROM audit_entry WHERE id > :id", id=sealed[-1] - count)
    assert chain.verify().broken == sealed[-1]


def test_removed_entries_are_missed_after_the_log_went_on(sealed: list[int]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = :id", id=sealed[-1])
    later = log(2)
    assert chain.verify().broken == later[-2]


def test_the_end_of_the_chain_is_itself_missed(sealed: list[int]) -> None:
    tamper("DELETE FROM audit_head")
    assert chain.verify().broken == sealed[-1]


def test_an_entry_taken_out_of_the_chain_is_missed(sealed: list[int]) -> None:
    tamper("UPDATE audit_entry SET link = NULL, digest = '' WHERE id = :id", id=sealed[-1])
    assert chain.verify().broken == sealed[-1]
    chain.seal()
    assert chain.verify().broken is not None


def test_two_swapped_entries_are_found_at_the_first(sealed: list[int]) -> None:
    one, other = sealed[1], sealed[4]
    for taken, link in ((one, -1), (other, 2), (one, 5)):
        tamper("UPDATE audit_entry SET link = :link WHERE id = :id", link=link, id=taken)
    assert chain.verify().broken == other


def test_swapped_contents_are_found_too(sealed: list[int]) -> None:
    subjects = dict(db.session.execute(select(Entry.id, Entry.subject)).all())
    for taken, given in ((sealed[1], sealed[4]), (sealed[4], sealed[1])):
        statement = "UPDATE audit_entry SET subject = :subject WHERE id = :id"
        tamper(statement, subject=subjects[given], id=taken)
    assert chain.verify().broken == sealed[1]


def test_an_entry_put_in_by_hand_is_found(sealed: list[int]) -> None:
    tamper(
        "INSERT INTO audit_entry (at, account, address, action, subject, detail, link, digest)"
        " SELECT at, account, address, action, subject, detail, 7, digest FROM audit_entry"
        " WHERE id = :id",
        id=sealed[-1],
    )
    assert chain.verify().broken not in (None, *sealed)


def test_an_entry_of_a_transaction_that_was_rolled_back_is_gone(sealed: list[int]) -> None:
    undone = db.session.begin_nested()
    chain.record("file", "never happened", account="zhangsan", at=AT)
    db.session.flush()
    undone.rollback()
    assert chain.seal() == 0
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 6


def test_an_entry_is_gone_with_its_transaction_and_leaves_no_gap(app: Flask) -> None:
    log(1)
    db.session.commit()
    chain.record("file", "never happened", account="zhangsan", at=AT)
    db.session.flush()
    db.session.rollback()
    log(1)
    db.session.commit()
    assert (chain.verify().checked, chain.verify().broken) == (2, None)


@pytest.mark.parametrize("before", [0, 1])
def test_two_sealers_at_once_seal_each_entry_once(app: Flask, before: int) -> None:
    log(before)
    for number in range(40):
        chain.record("file", str(number), account="zhangsan", at=AT)
    db.session.commit()

    def sealing() -> Iterator[None]:
        db.session.scalar(select(func.count()).select_from(Entry))
        yield
        chain.seal()

    assert at_once(app, sealing, sealing, sealing) == [None] * 3
    assert (chain.verify().checked, chain.verify().broken) == (40 + before, None)


@pytest.mark.parametrize(
    "typed", ["x" * 5_000, "zhang\x00san", "\ud800", "'; DROP TABLE audit_entry; --"]
)
def test_whatever_is_typed_at_the_door_is_logged_and_sealed(ground: Flask, typed: str) -> None:
    chain.record(typed, typed, account=typed, address=typed, at=AT, detail={"typed": typed})
    db.session.flush()
    assert chain.seal() == 1
    assert chain.verify().broken is None
    assert len(db.session.scalars(select(Entry.account)).one()) <= 40


def test_details_of_any_shape_come_back_as_they_were_sealed(ground: Flask) -> None:
    odd = {"10": 1, "2": [1.5, None, True, {"中": "文"}], "": "", "tuple": (1, 2)}
    chain.record("file", "-", account="zhangsan", at=AT, detail=odd)
    chain.record("file", "-", account="zhangsan", at=AT, detail={10: "ten", 2: "two"})
    db.session.flush()
    assert chain.seal() == 2
    assert chain.verify().broken is None


@pytest.mark.parametrize("column", ["account", "subject", "detail", "at", "link", "digest"])
def test_the_program_itself_cannot_change_a_sealed_entry(sealed: list[int], column: str) -> None:
    entry = db.session.get_one(Entry, sealed[2])
    values = {"detail": {}, "at": AT + timedelta(days=9), "link": 77}
    setattr(entry, column, values.get(column, "changed"))
    with pytest.raises(WrittenOnce):
        db.session.flush()


def test_the_program_itself_cannot_remove_an_entry(sealed: list[int]) -> None:
    db.session.delete(db.session.get_one(Entry, sealed[2]))
    with pytest.raises(WrittenOnce):
        db.session.flush()


def test_the_program_itself_cannot_change_entries_in_bulk(sealed: list[int]) -> None:
    with pytest.raises(WrittenOnce):
        db.session.execute(update(Entry).values(subject="changed"))


def test_the_head_knows_the_last_link(sealed: list[int]) -> None:
    head = db.session.scalars(select(Head)).one()
    assert (head.link, head.entry_id) == (6, sealed[-1])
