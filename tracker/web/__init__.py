"""The pages. `install` wires them into the application."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect

from tracker.config import Settings
from tracker.notices.reading.files import LARGEST
from tracker.web import (
    access,
    assets,
    compressing,
    errors,
    headers,
    health,
    limits,
    menu,
    visitors,
    words,
)
from tracker.web.admin import (
    delegations,
    log,
    people,
    people_list,
    policies,
    successions,
    successors,
    units as unit_editing,
)
from tracker.web.auth import views as auth
from tracker.web.coordinating import acting, checks, difficulties, matters, requests
from tracker.web.delivering import messages, outbox, reach, robots
from tracker.web.desk import (
    cases,
    cities,
    dashboard,
    home,
    measures,
    notices,
    owed,
    task,
    tasks,
    units,
)
from tracker.web.filing import (
    breakdown,
    drafts as autosave,
    evidence,
    exemptions,
    moves,
    obligations,
    parts,
    receipts,
    reports,
    returns,
    sheets,
    signing,
)
from tracker.web.leaving import calendar, ledger, papers
from tracker.web.office import breakdowns, calling, collecting, designating, drafts, uploading
from tracker.web.reviewing import paper, queue, review, waivers, waiving
from tracker.web.scheduling import calendars, following, holidays, stopping
from tracker.web.supervising import digests, publicity, settings as supervision_settings, timetable
from tracker.web.urging import bulletins, desk as urging, evaluations, urge

PAGES = (
    assets,
    health,
    auth,
    home,
    dashboard,
    owed,
    notices,
    measures,
    tasks,
    task,
    units,
    cities,
    cases,
)
OFFICE_PAGES = (
    uploading,
    drafts,
    designating,
    calling,
    breakdowns,
    collecting,
    queue,
    review,
    paper,
    waivers,
    waiving,
    calendars,
    following,
    stopping,
    holidays,
)
MATTER_PAGES = (matters, difficulties, acting, requests, checks)
ADMIN_PAGES = (
    people,
    people_list,
    policies,
    log,
    delegations,
    unit_editing,
    successions,
    successors,
)
SUPERVISION_PAGES = (digests, publicity, timetable, supervision_settings)
FILING_PAGES = (
    obligations,
    reports,
    autosave,
    evidence,
    signing,
    receipts,
    moves,
    sheets,
    returns,
    exemptions,
    parts,
    breakdown,
)
URGING_PAGES = (urging, urge, bulletins, evaluations)
LEAVING_PAGES = (papers, ledger, calendar)
DELIVERY_PAGES = (messages, outbox, robots, reach)
ROOM_FOR_THE_FORM = 1024 * 1024


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="tracker",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.production,
        WTF_I18N_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST + ROOM_FOR_THE_FORM,
        MAX_FORM_MEMORY_SIZE=4 * ROOM_FOR_THE_FORM,
        MAX_FORM_PARTS=20_000,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    compressing.install(app)
    limits.install(app)
    visitors.install(app)
    # Access before CSRF: a stranger's form is sent to sign-in, not told about tokens.
    access.install(app)
    CSRFProtect(app)
    headers.install(app)
    words.install(app)
    menu.install(app)
    errors.install(app)
    for page in (
        *PAGES,
        *OFFICE_PAGES,
        *MATTER_PAGES,
        *SUPERVISION_PAGES,
        *URGING_PAGES,
        *ADMIN_PAGES,
        *FILING_PAGES,
        *DELIVERY_PAGES,
        *LEAVING_PAGES,
    ):
        app.register_blueprint(page.pages)
