"""审计日志: every act and sign-in is there, nothing of reports is, and tampering shows."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, text

from tests.web.conftest import Visit
from tests.web.test_people import id_of, logged
from tracker.audit.models import Entry
from tracker.config import ROOT
from tracker.db import db
from tracker.operations.demonstration import PASSWORD
from tracker.web.admin.words import ACTIONS, OBJECTS, object_in_words

# `f'obligation {owed.id}'` as the source has it.
CODE = re.compile(r"^f'([a-z]+) \{")


@pytest.fixture(autouse=True)
def _just_after_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_NOW", "2026-11-23T00:30")


@pytest.fixture
def auditor(signed_in: Callable[[str], Visit]) -> Visit:
    return signed_in("shenji1")


def test_every_way_a_sign_in_can_end_is_logged(
    stranger: Visit, signed_in: Callable[[str], Visit], site: Flask
) -> None:
    signed_in("xitong1").post(f"/people/{id_of(site, 'shuiwu2')}/lock")
    stranger.sign_in("shuiwu1", "wrong")
    stranger.sign_in("shuiwu2")
    stranger.sign_in("shuiwu1")
    stranger.post("/sign-out")
    for _ in range(6):
        stranger.sign_in("haishi1", "wrong")
    for action, account in (
        ("sign in wrong", "shuiwu1"),
        ("sign in locked", "shuiwu2"),
        ("sign in", "shuiwu1"),
        ("sign out", "shuiwu1"),
        ("sign in held", "haishi1"),
    ):
        assert account in [entry.account for entry in logged(site, action)], action


def test_no_password_is_ever_in_the_log(filer: Visit, site: Flask) -> None:
    filer.post("/password", old=PASSWORD, new="Zhengshi-2026", again="Zhengshi-2026")
    filer.post("/password", old=PASSWORD, new="Other-2026", again="x")
    with site.app_context():
        told = str([(e.subject, e.detail) for e in db.session.scalars(select(Entry))])
    assert "2026" not in told
    assert len(logged(site, "change password")) == 1


def test_the_chain_holds_after_acts_in_the_pages(auditor: Visit, filer: Visit) -> None:
    checked = auditor.post("/log/check", form="/log")
    assert "已核验2条，前后相连，没有发现改动。" in checked.text
    assert "待封存1条" in auditor.page("/log")


def test_an_entry_that_was_changed_in_the_database_is_named(
    auditor: Visit, filer: Visit, site: Flask
) -> None:
    auditor.post("/log/check", form="/log")
    with site.app_context():
        number = db.session.scalar(select(Entry.id).where(Entry.account == "shuiwu1"))
        db.session.execute(
            text("UPDATE audit_entry SET account = 'x' WHERE id = :n"), {"n": number}
        )
        db.session.commit()
    assert f"编号{number}的记录与封存时不一致" in auditor.post("/log/check", form="/log").text


def test_the_log_is_narrowed_by_account_action_and_day(
    auditor: Visit, filer: Visit, stranger: Visit
) -> None:
    stranger.sign_in("guangzhou1", "wrong")
    page = auditor.page("/log?action=sign+in+wrong&account=guangzhou1&day=2026-11-23")
    assert "2026年11月23日 00:30" in page
    assert "没有符合条件的记录" in auditor.page("/log?day=2026-11-22&account=guangzhou1")
    assert "shuiwu1" in auditor.page("/log?day=9999-12-31x&action=x&after=x")


def test_the_log_goes_on_page_by_page(auditor: Visit, stranger: Visit) -> None:
    for number in range(60):
        stranger.sign_in(f"nobody{number}", "wrong")
    page = auditor.page("/log")
    assert "nobody59" in page
    assert "nobody1<" not in page
    further = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "nobody1<" in auditor.page(further)


@pytest.mark.parametrize(
    ("action", "subject", "words"),
    [
        ("sign reports", "several", "多份报告"),
        ("sign report", "obligation 7", "应报事项7"),
        ("sign reports", "sheet yfh-2023-59 2026-Q3", "批量填报表yfh-2023-59 2026-Q3"),
        ("give part", "part 3", "协办材料3"),
        ("take return", "return 12", "回报表12"),
        ("ask exemption", "unit 9", "单位9"),
        ("ask extension", "5", "延期申请5"),
        ("accept report", "3份报告", "3份报告"),
        ("add unit", "省新设局", "省新设局"),
    ],
)
def test_what_an_entry_is_about_is_told_in_words(action: str, subject: str, words: str) -> None:
    assert object_in_words(action, subject) == words


def test_every_code_by_which_pages_name_an_object_has_a_word() -> None:
    found = set()
    for file in (ROOT / "tracker" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "edge.commit":
                found |= {*CODE.findall(ast.unparse(node.args[1]))}
    assert found
    assert found - set(OBJECTS) == set()


def test_every_action_that_pages_log_has_a_word() -> None:
    found = set()
    for file in (ROOT / "tracker" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "edge.commit":
                found |= {n.value for n in ast.walk(node.args[0]) if isinstance(n, ast.Constant)}
    assert found - set(ACTIONS) == set()
