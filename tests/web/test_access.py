"""Who gets where: every route × every kind of visitor, in one table."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from tests.web.conftest import MISPLACED, Visit
from tests.web.pages import hand_in
from tracker.db import db
from tracker.operations.demonstration import CAST
from tracker.web.assets import digest

CASTS = {
    "filer": ("shuiwu1", "haishi1", "sifa1", "guangzhou1", "shenzhen1", "szshangwu1"),
    "signer": ("shuiwu2", "guangzhou2", "shenzhen2"),
    "office": ("ziyou1", "ziyou2", "fagai1", "fagai2"),
    "leader": ("lingdao1",),
    "administrator": ("xitong1", "anquan1", "shenji1"),
    "misplaced": (MISPLACED,),
}
COLUMNS = ("stranger", *CASTS)
ALL = dict.fromkeys(COLUMNS, 200)
EVERYONE = {**ALL, "stranger": 302}
BUSINESS = {**EVERYONE, "administrator": 404}
OFFICE = {
    "stranger": 302,
    "filer": 404,
    "signer": 404,
    "office": 200,
    "leader": 404,
    "administrator": 404,
    "misplaced": 403,
}

SUPERVISION = {**OFFICE, "leader": 200}
# Of its own notices alone: 省发展改革委 is another one's office.
OWN_MATRIX = {**SUPERVISION, "fagai1": 404, "fagai2": 404}

# Nothing is owed on this site: records are not found by anybody. Who finds which stands in
# test_filing_access.py.
NO_RECORD = {**dict.fromkeys(COLUMNS, 404), "stranger": 302}
CHIEFS = {**NO_RECORD, "ziyou2": 200, "fagai2": 200}
NO_MATTER = {**NO_RECORD, "misplaced": 403}
UNIT = {**NO_RECORD, "filer": 200, "signer": 200}
SIGNER = {**NO_RECORD, "signer": 200}
FILING = {
    ("obligations.index", "GET"): ("/obligations", UNIT),
    ("reports.show", "GET"): ("/obligations/1", NO_RECORD),
    ("reports.write", "POST"): ("/obligations/1", NO_RECORD),
    ("reports.merge", "POST"): ("/obligations/1/merge", NO_RECORD),
    ("autosave.save", "POST"): ("/obligations/1/draft", NO_RECORD),
    ("evidence.upload", "POST"): ("/obligations/1/evidence", NO_RECORD),
    ("evidence.listed", "GET"): ("/obligations/1/evidence", NO_RECORD),
    ("evidence.drop", "POST"): ("/obligations/1/evidence/1/drop", NO_RECORD),
    ("evidence.download", "GET"): ("/evidence/1", NO_RECORD),
    ("moves.take_back", "POST"): ("/obligations/1/take-back", NO_RECORD),
    ("moves.withdraw", "POST"): ("/obligations/1/withdraw", NO_RECORD),
    ("moves.amend", "POST"): ("/obligations/1/amend", NO_RECORD),
    ("signing.index", "GET"): ("/signing", SIGNER),
    ("signing.sign_several", "POST"): ("/signing", {**SIGNER, "signer": 422}),
    ("signing.sign", "POST"): ("/obligations/1/sign", NO_RECORD),
    ("signing.send_back", "POST"): ("/obligations/1/send-back", NO_RECORD),
    ("receipts.find", "GET"): ("/receipts", BUSINESS),
    ("receipts.receipt", "GET"): ("/receipts/2026-000001", NO_RECORD),
    ("sheets.show", "GET"): ("/sheets/yfh-2023-59/2026-H1", NO_RECORD),
    ("sheets.write", "POST"): ("/sheets/yfh-2023-59/2026-H1", NO_RECORD),
    ("sheets.signing", "GET"): (
        "/sheets/yfh-2023-59/2026-H1/signing",
        {**NO_RECORD, "signer": 302},
    ),
    ("sheets.sign", "POST"): (
        "/sheets/yfh-2023-59/2026-H1/signing",
        {**NO_RECORD, "signer": 422},
    ),
    ("returns.index", "GET"): ("/returns", {**NO_RECORD, "filer": 200}),
    ("returns.form", "GET"): ("/returns/form.xlsx", NO_RECORD),
    ("returns.upload", "POST"): ("/returns", {**NO_RECORD, "filer": 422}),
    ("returns.copy", "POST"): ("/returns/annotated.xlsx", {**NO_RECORD, "filer": 400}),
    ("parts.index", "GET"): ("/parts", UNIT),
    ("parts.ask", "POST"): ("/obligations/1/parts", NO_RECORD),
    ("parts.show", "GET"): ("/parts/1", NO_RECORD),
    ("parts.give", "POST"): ("/parts/1", NO_RECORD),
    ("parts.send_back", "POST"): ("/parts/1/send-back", NO_RECORD),
    ("parts.cancel", "POST"): ("/parts/1/cancel", NO_RECORD),
    ("breakdown.index", "GET"): ("/breakdown", UNIT),
    # Of these units only the two cities have local tasks to break down.
    ("breakdown.save", "POST"): (
        "/breakdown",
        {**NO_RECORD, "guangzhou1": 302, "shenzhen1": 302},
    ),
    ("breakdown.form", "GET"): (
        "/breakdown.xlsx",
        {
            **NO_RECORD,
            **dict.fromkeys(("guangzhou1", "guangzhou2", "shenzhen1", "shenzhen2"), 200),
        },
    ),
    ("breakdown.upload", "POST"): (
        "/breakdown/upload",
        {**NO_RECORD, "guangzhou1": 422, "shenzhen1": 422},
    ),
    ("breakdown.ask", "POST"): (
        "/breakdown/ask",
        {**NO_RECORD, "guangzhou1": 422, "shenzhen1": 422},
    ),
    ("cases.index", "GET"): ("/cases", UNIT),
    ("cases.new", "GET"): ("/cases/new", {**NO_RECORD, "filer": 200}),
    ("cases.write", "POST"): ("/cases/new", {**NO_RECORD, "filer": 422}),
    ("cases.edit", "GET"): ("/cases/99/edit", NO_RECORD),
    ("cases.change", "POST"): ("/cases/99/edit", NO_RECORD),
    ("cases.show", "GET"): ("/cases/99", NO_RECORD),
    ("cases.sign", "POST"): ("/cases/99/sign", NO_RECORD),
    ("cases.library", "GET"): ("/library", BUSINESS),
    ("cases.compilation", "GET"): ("/compilations/99", NO_RECORD),
    ("exemptions.index", "GET"): ("/exemptions", UNIT),
    ("exemptions.ask", "POST"): ("/exemptions", {**NO_RECORD, "filer": 422}),
}


def office(done: int) -> dict[str, int]:
    return {**OFFICE, "office": done}


def only(account: str, done: int) -> dict[str, int]:
    """For one of the three administrators; the other two have no business there either."""
    return {**NO_RECORD, account: done}


SYSTEM, SECURITY, AUDIT = "xitong1", "anquan1", "shenji1"
ADMIN = {
    ("people.index", "GET"): ("/people", only(SYSTEM, 200)),
    ("people.new", "GET"): ("/people/new", only(SYSTEM, 200)),
    ("people.add", "POST"): ("/people/new", only(SYSTEM, 422)),
    ("people.person", "GET"): ("/people/14", only(SYSTEM, 200)),
    ("people.edit", "GET"): ("/people/14/edit", only(SYSTEM, 200)),
    ("people.change", "POST"): ("/people/14/edit", only(SYSTEM, 409)),
    ("people.lock", "POST"): ("/people/14/lock", only(SYSTEM, 302)),
    ("people.unlock", "POST"): ("/people/14/unlock", only(SYSTEM, 302)),
    ("people.reset", "POST"): ("/people/14/reset", only(SYSTEM, 200)),
    ("people_list.index", "GET"): ("/people/list", only(SYSTEM, 200)),
    ("people_list.template", "GET"): ("/people/list/template.xlsx", only(SYSTEM, 200)),
    ("people_list.upload", "POST"): ("/people/list", only(SYSTEM, 422)),
    ("people_list.passwords", "POST"): ("/people/list/passwords", only(SYSTEM, 400)),
    ("policies.index", "GET"): ("/policies", only(SECURITY, 200)),
    ("policies.save", "POST"): ("/policies", only(SECURITY, 409)),
    ("log.index", "GET"): ("/log", only(AUDIT, 200)),
    ("log.check", "POST"): ("/log/check", only(AUDIT, 200)),
    ("delegations.index", "GET"): ("/delegations", SIGNER),
    ("delegations.delegate", "POST"): ("/delegations", {**SIGNER, "signer": 422}),
    ("delegations.end", "POST"): ("/delegations/1/end", NO_RECORD),
    ("unit_editing.new", "GET"): ("/units/new", OFFICE),
    ("unit_editing.add", "POST"): ("/units/new", office(422)),
    ("unit_editing.edit", "GET"): ("/units/1/edit", OFFICE),
    ("unit_editing.change", "POST"): ("/units/1/edit", office(409)),
    ("unit_editing.add_alias", "POST"): ("/units/1/aliases", office(422)),
    ("unit_editing.remove_alias", "POST"): ("/units/1/aliases/9999/remove", office(404)),
    ("successions.new", "GET"): ("/units/1/successions/new", OFFICE),
    ("successions.add", "POST"): ("/units/1/successions/new", office(422)),
    ("successions.edit", "GET"): ("/units/1/successions/9999", office(404)),
    ("successions.change", "POST"): ("/units/1/successions/9999", office(404)),
    ("successors.index", "GET"): ("/successors", OFFICE),
    ("successors.choose", "POST"): ("/successors", office(422)),
}

# The same for the office: what is filed, asked for and owed stands in test_reviewing*.py.
REVIEWING = {
    ("reviews.index", "GET"): ("/reviews", OFFICE),
    ("reviews.accept", "POST"): ("/reviews/accept", office(302)),
    ("review.show", "GET"): ("/reviews/1", NO_MATTER),
    ("review.begin", "POST"): ("/reviews/1/begin", NO_MATTER),
    ("review.accept", "POST"): ("/reviews/1/accept", NO_MATTER),
    ("review.send_back", "POST"): ("/reviews/1/return", NO_MATTER),
    ("paper.choose", "GET"): ("/paper", OFFICE),
    ("paper.show", "GET"): ("/paper/1", NO_MATTER),
    ("paper.record", "POST"): ("/paper/1", NO_MATTER),
    ("waivers.index", "GET"): ("/waivers", OFFICE),
    ("waivers.rule", "POST"): ("/waivers", office(422)),
    ("waivers.lifting", "GET"): ("/waivers/1/lift", NO_MATTER),
    ("waivers.lift", "POST"): ("/waivers/1/lift", NO_MATTER),
    ("waiving.choose", "GET"): ("/waivers/new", OFFICE),
    ("waiving.show", "GET"): ("/waivers/measures/99999", NO_MATTER),
    ("waiving.waive", "POST"): ("/waivers/measures/99999", NO_MATTER),
    ("calendars.show", "GET"): ("/notices/yfh-2023-59/calendar", BUSINESS),
    # This notice has no office, and so nobody sets its calendar.
    ("calendars.save", "POST"): ("/notices/qianhai-6/calendar", NO_RECORD),
    # For the chief of an office that takes it up.
    ("following.show", "GET"): ("/notices/qianhai-6/follow", CHIEFS),
    ("following.follow", "POST"): (
        "/notices/qianhai-6/follow",
        {**CHIEFS, "ziyou2": 422, "fagai2": 422},
    ),
    # Nobody has taken it up.
    ("stopping.show", "GET"): ("/notices/qianhai-6/stop", NO_RECORD),
    ("stopping.stop", "POST"): ("/notices/qianhai-6/stop", NO_RECORD),
    ("designating.index", "GET"): ("/designations", OFFICE),
    # A notice without an office: any office settles what it leaves open.
    ("designating.show", "GET"): ("/designations/121/cities", OFFICE),
    ("designating.settle", "POST"): ("/designations/121/cities", office(422)),
    ("breakdowns.index", "GET"): ("/breakdowns", {**OFFICE, "leader": 200}),
    ("collecting.index", "GET"): ("/cases/review", OFFICE),
    ("collecting.rule", "POST"): ("/cases/99/rule", NO_MATTER),
    ("collecting.gather", "POST"): ("/compilations", office(422)),
    ("calling.index", "GET"): ("/calls", OFFICE),
    ("calling.new", "GET"): ("/calls/new?notice=yfh-2023-59", OFFICE),
    ("calling.make", "POST"): ("/calls/new", office(422)),
    ("calling.show", "GET"): ("/calls/1", NO_MATTER),
    ("calling.recall", "POST"): ("/calls/1/recall", NO_MATTER),
    ("calling.put_off", "POST"): ("/calls/1/day", NO_MATTER),
    ("calling.export", "GET"): ("/calls/1/answers.xlsx", NO_MATTER),
    ("holidays.index", "GET"): ("/holidays", OFFICE),
    ("holidays.keep", "POST"): ("/holidays", office(422)),
    ("task.show", "GET"): ("/tasks/1", BUSINESS),
}


# What was urged, issued or frozen stands in test_urging.py and test_evaluations.py.
CHIEF_ONLY = {**OFFICE, "office": 404, "misplaced": 404, "ziyou2": 302, "fagai2": 302}
URGING = {
    ("urging.index", "GET"): ("/urges", OFFICE),
    ("urging.issue", "POST"): ("/urges/issue", CHIEF_ONLY),
    ("urge.received", "GET"): ("/urges/received", UNIT),
    ("urge.show", "GET"): ("/urges/1", NO_RECORD),
    ("urge.amend", "POST"): ("/urges/1/amend", NO_MATTER),
    ("urge.issue", "POST"): ("/urges/1/issue", NO_RECORD),
    ("urge.dismiss", "POST"): ("/urges/1/dismiss", NO_RECORD),
    ("urge.withdraw", "POST"): ("/urges/1/withdraw", NO_RECORD),
    ("urge.close", "POST"): ("/urges/1/close", NO_RECORD),
    ("urge.acknowledge", "POST"): ("/urges/1/acknowledge", NO_RECORD),
    ("urge.reply", "POST"): ("/urges/1/reply", NO_RECORD),
    ("bulletins.index", "GET"): ("/bulletins", {**OFFICE, "leader": 200}),
    ("bulletins.draft", "POST"): ("/bulletins", office(302)),
    ("bulletins.show", "GET"): ("/bulletins/9", NO_RECORD),
    ("bulletins.counted", "GET"): ("/bulletins/9/counted/expected", NO_RECORD),
    ("bulletins.edit", "POST"): ("/bulletins/9/edit", NO_MATTER),
    ("bulletins.publish", "POST"): ("/bulletins/9/publish", NO_RECORD),
    ("bulletins.drop", "POST"): ("/bulletins/9/drop", NO_RECORD),
    ("evaluations.index", "GET"): ("/evaluations", BUSINESS),
    ("evaluations.freeze", "POST"): ("/evaluations", office(422)),
    ("evaluations.show", "GET"): ("/evaluations/1", NO_RECORD),
    ("evaluations.behind", "GET"): ("/evaluations/1/rows", NO_RECORD),
    ("evaluations.show_to_units", "POST"): ("/evaluations/1/show", NO_MATTER),
    ("evaluations.check", "POST"): ("/evaluations/1/check", NO_MATTER),
}


# How messages fared: for the office and who keeps the machine; one's own, for everybody.
OUTBOX = {**OFFICE, SYSTEM: 200}
NO_MESSAGE = {**OUTBOX, "office": 404, SYSTEM: 404}
MESSAGES = {
    ("messages.index", "GET"): ("/messages", EVERYONE),
    ("messages.show", "GET"): ("/messages/9999", NO_RECORD),
    ("messages.read", "POST"): ("/messages/9999/read", NO_RECORD),
    ("messages.read_all", "POST"): ("/messages/read", dict.fromkeys(COLUMNS, 302)),
    ("messages.channels", "GET"): ("/messages/channels", EVERYONE),
    ("messages.choose", "POST"): ("/messages/channels", dict.fromkeys(COLUMNS, 302)),
    ("outbox.index", "GET"): ("/outbox", OUTBOX),
    ("outbox.show", "GET"): ("/outbox/9999", NO_MESSAGE),
    ("outbox.resend", "POST"): ("/outbox/9999/resend", NO_MESSAGE),
    ("outbox.resend_several", "POST"): ("/outbox/resend", {**OUTBOX, "office": 302, SYSTEM: 302}),
    ("outbox.test", "POST"): ("/outbox/test", {**OUTBOX, "office": 302, SYSTEM: 302}),
    ("robots.index", "GET"): ("/robots", OFFICE),
    ("robots.new", "GET"): ("/robots/new", OFFICE),
    ("robots.add", "POST"): ("/robots/new", office(422)),
    ("robots.edit", "GET"): ("/robots/9999", office(404)),
    ("robots.change", "POST"): ("/robots/9999", office(404)),
    ("robots.pause", "POST"): ("/robots/9999/pause", office(404)),
    ("robots.resume", "POST"): ("/robots/9999/resume", office(404)),
    ("robots.test", "POST"): ("/robots/9999/test", office(404)),
    ("reach.index", "GET"): ("/reach", OFFICE),
}
CHIEF = CHIEFS
KEEPS_TIMETABLE = {**CHIEF, SYSTEM: 200}
SUPERVISING = {
    ("digests.index", "GET"): ("/digests", BUSINESS),
    ("digests.show", "GET"): ("/digests/1", NO_RECORD),
    ("digests.lines", "GET"): ("/digests/1/overdue", NO_RECORD),
    ("digests.counted", "GET"): ("/digests/1/counted/expected", NO_RECORD),
    ("digests.workbook", "GET"): ("/digests/1/list.xlsx", NO_RECORD),
    ("publicity.index", "GET"): ("/publicity", SUPERVISION),
    ("timetable.index", "GET"): ("/timetable", KEEPS_TIMETABLE),
    ("timetable.runs", "GET"): ("/timetable/deliver", KEEPS_TIMETABLE),
    ("timetable.run", "POST"): (
        "/timetable/deliver/run",
        {**NO_RECORD, **dict.fromkeys(("fagai2", "ziyou2", SYSTEM), 302)},
    ),
    ("supervision_settings.index", "GET"): ("/supervision-settings", CHIEF),
    ("supervision_settings.save", "POST"): (
        "/supervision-settings",
        {**NO_RECORD, "fagai2": 409, "ziyou2": 409},
    ),
}

# Papers that were made stand in tests/web/test_papers.py.
LEAVING = {
    # Who knows a secret needs no account: a stranger is told what everybody is told.
    ("calendar.feed", "GET"): ("/feeds/unknown.ics", dict.fromkeys(COLUMNS, 404)),
    ("calendar.month", "GET"): ("/calendar", UNIT),
    ("calendar.renew", "POST"): ("/calendar/address", UNIT),
    ("calendar.end", "POST"): ("/calendar/end", {**NO_RECORD, "filer": 302, "signer": 302}),
    ("ledger.index", "GET"): ("/ledger", SUPERVISION),
    ("ledger.as_workbook", "GET"): ("/ledger.xlsx", SUPERVISION),
    ("ledger.as_csv", "GET"): ("/ledger.csv", SUPERVISION),
    ("papers.index", "GET"): ("/papers", SUPERVISION),
    ("papers.make_urge", "POST"): ("/urges/1/paper", NO_RECORD),
    ("papers.make_bulletin", "POST"): ("/bulletins/9/paper", NO_RECORD),
    ("papers.make_situation", "POST"): ("/digests/1/paper", NO_MATTER),
    ("papers.show", "GET"): ("/papers/1", NO_RECORD),
    ("papers.file", "GET"): ("/papers/1/file.docx", NO_RECORD),
    ("papers.figure", "GET"): ("/papers/1/figures/_overdue", NO_RECORD),
}


def chief(done: int) -> dict[str, int]:
    """For who heads an office; others have no business there."""
    return {**NO_RECORD, "ziyou2": done, "fagai2": done}


# Nothing was asked for on this site: who finds which request stands in test_matters*.py.
MATTERS = {
    ("matters.index", "GET"): ("/matters", chief(200)),
    ("matters.rule", "POST"): ("/matters", chief(422)),
    ("matters.closed", "GET"): ("/matters/closed", chief(200)),
    ("matters.reopening", "GET"): ("/closings/1/reopen", NO_RECORD),
    ("matters.reopen", "POST"): ("/closings/1/reopen", NO_RECORD),
    ("difficulties.index", "GET"): ("/difficulties", BUSINESS),
    ("difficulties.new", "GET"): ("/difficulties/new", UNIT),
    ("difficulties.add", "POST"): (
        "/difficulties/new",
        {**NO_RECORD, "filer": 422, "signer": 422},
    ),
    ("difficulties.show", "GET"): ("/difficulties/1", NO_RECORD),
    ("acting.act", "POST"): ("/difficulties/1/answer", NO_RECORD),
    ("requests.index", "GET"): ("/requests", UNIT),
    ("requests.extension", "GET"): ("/obligations/1/extension", NO_RECORD),
    ("requests.ask_extension", "POST"): ("/obligations/1/extension", NO_RECORD),
    ("requests.dispute", "GET"): ("/tasks/99999/dispute", NO_RECORD),
    ("requests.ask_dispute", "POST"): ("/tasks/99999/dispute", NO_RECORD),
    ("requests.close", "GET"): ("/tasks/99999/closing", NO_RECORD),
    ("requests.ask_closing", "POST"): ("/tasks/99999/closing", NO_RECORD),
    ("requests.withdraw", "POST"): ("/requests/extension/1/withdraw", NO_RECORD),
    ("checks.index", "GET"): ("/checks", BUSINESS),
    ("checks.new", "GET"): ("/checks/new", OFFICE),
    ("checks.add", "POST"): ("/checks/new", office(422)),
    ("checks.show", "GET"): ("/checks/1", NO_RECORD),
    ("checks.download", "GET"): ("/checks/1/files/1", NO_RECORD),
}


# Endpoint and method → what each kind of visitor gets. A form without its fields answers 422.
TABLE: dict[tuple[str, str], tuple[str, dict[str, int]]] = {
    ("assets.static", "GET"): ("/static/{digest}/base.css", ALL),
    ("health.health", "GET"): ("/healthz", ALL),
    ("auth.sign_in", "GET"): ("/sign-in", {**dict.fromkeys(COLUMNS, 302), "stranger": 200}),
    ("auth.enter", "POST"): ("/sign-in", dict.fromkeys(COLUMNS, 422)),
    ("auth.password", "GET"): ("/password", EVERYONE),
    ("auth.password", "POST"): ("/password", {**dict.fromkeys(COLUMNS, 422), "stranger": 302}),
    ("home.home", "GET"): ("/", EVERYONE),
    ("dashboard.index", "GET"): ("/dashboard", SUPERVISION),
    ("dashboard.brief", "GET"): ("/dashboard/brief", SUPERVISION),
    ("dashboard.matters", "GET"): ("/dashboard/matters", SUPERVISION),
    ("dashboard.units", "GET"): ("/dashboard/units", SUPERVISION),
    ("owed.index", "GET"): ("/owed", SUPERVISION),
    ("owed.workbook", "GET"): ("/owed.xlsx", SUPERVISION),
    ("notices.index", "GET"): ("/notices", BUSINESS),
    ("notices.notice", "GET"): ("/notices/yfh-2023-59", BUSINESS),
    ("notices.matrix", "GET"): ("/notices/yfh-2023-59/matrix", OWN_MATRIX),
    ("measures.index", "GET"): ("/measures", BUSINESS),
    ("measures.measure", "GET"): ("/measures/1", BUSINESS),
    ("tasks.index", "GET"): ("/tasks", BUSINESS),
    ("units.index", "GET"): ("/units", EVERYONE),
    ("units.unit", "GET"): ("/units/1", EVERYONE),
    ("cities.index", "GET"): ("/cities", BUSINESS),
    ("cities.city", "GET"): ("/cities/4401", BUSINESS),
    ("cities.checklist", "GET"): ("/cities/4401/checklist", BUSINESS),
    ("cities.checklist_workbook", "GET"): ("/cities/4401/checklist.xlsx", BUSINESS),
    ("uploading.index", "GET"): ("/imports", OFFICE),
    ("uploading.upload", "POST"): ("/imports", office(422)),
    ("drafts.show", "GET"): ("/imports/1", OFFICE),
    ("drafts.findings", "GET"): ("/imports/1/findings/unknown-unit", OFFICE),
    ("drafts.measures", "GET"): ("/imports/1/measures", OFFICE),
    ("drafts.answer", "POST"): ("/imports/1", office(409)),
    ("drafts.drop", "POST"): ("/imports/1/drop", office(302)),
    **FILING,
    **REVIEWING,
    **URGING,
    **SUPERVISING,
    **LEAVING,
    **ADMIN,
    **MATTERS,
    **MESSAGES,
    ("auth.sign_out", "POST"): ("/sign-out", dict.fromkeys(COLUMNS, 302)),
}


def test_every_route_stands_in_the_table(site: Flask) -> None:
    routes = {
        (rule.endpoint, method)
        for rule in site.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(TABLE)


def test_the_cast_of_the_table_is_the_whole_cast() -> None:
    listed = {account for accounts in CASTS.values() for account in accounts}
    assert listed == {member.account for member in CAST} | {MISPLACED}


@pytest.mark.parametrize("column", COLUMNS)
def test_everyone_gets_where_the_table_says(
    site: Flask, signed_in: Callable[[str], Visit], column: str
) -> None:
    office = signed_in("ziyou1")
    site.config["WTF_CSRF_ENABLED"] = False  # what the door does, not what the token does
    wrong = {}
    for account in CASTS.get(column, ("",)):
        visit = signed_in(account) if account else Visit(site.test_client())
        hand_in(office)
        for key, (url, answers) in TABLE.items():
            status = ask(visit, key[1], url)
            wanted = answers.get(account, answers[column])
            if status != wanted:
                wrong[account, *key] = (status, wanted)
    assert not wrong


def ask(visit: Visit, method: str, url: str) -> int:
    address = url.format(digest=digest("base.css"))
    return visit.client.open(address, method=method, data={}, buffered=True).status_code


def test_what_does_not_exist_is_not_found(reviewer: Visit) -> None:
    for url in ("/notices/x", "/measures/99999", "/units/99999", "/cities/x", "/imports/9", "/x"):
        assert reviewer.get(url).status_code == 404, url
    assert reviewer.get("/static/000000000000/base.css").status_code == 404


def test_numbers_too_large_for_the_database_ask_for_nothing(reviewer: Visit) -> None:
    huge = 10**30
    assert reviewer.get(f"/tasks?unit={huge}&after={huge}").status_code == 200
    for url in (f"/units/{huge}", f"/measures/{huge}", f"/imports/{huge}"):
        assert reviewer.get(url).status_code == 404, url


def test_a_form_without_its_token_is_refused_and_says_so(reviewer: Visit) -> None:
    response = reviewer.client.post("/sign-out")
    assert response.status_code == 400
    assert "页面已过期" in response.text
    assert reviewer.get("/").status_code == 200


def test_who_may_not_is_told_why_only_where_they_may_know(
    signed_in: Callable[[str], Visit],
) -> None:
    assert "不是统筹单位" in signed_in(MISPLACED).get("/imports").text
    assert "没有找到这一页" in signed_in("shuiwu1").get("/imports").text


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_what_pages_ask_stays_prepared_from_one_page_to_the_next(
    site: Flask, reviewer: Visit
) -> None:
    for _ in range(7):
        reviewer.page("/")
    with site.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
