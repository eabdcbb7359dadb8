"""已发汇总: the digests of the visitor's unit or office, and the lists behind their numbers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.papers import digest_letters
from tracker.papers.digest_words import on, period
from tracker.papers.situation_paper import READERS
from tracker.permissions import office_seen_by
from tracker.supervision import at_hand, digest_queries, queries, waiting
from tracker.supervision.drafting import COUNTED, OF
from tracker.supervision.knowing import as_made
from tracker.supervision.models import Bulletin, Digest
from tracker.supervision.snapshots import (
    BULLETIN,
    KINDS,
    LISTS,
    OBLIGATIONS,
    OVERDUE,
    SITUATION,
    UNIT,
    Page as Told,
    from_json,
)
from tracker.web import downloads
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after, number_asked, page_of
from tracker.web.supervising.behind import page_behind

pages = Blueprint("digests", __name__)


@pages.get("/digests")
@access("see digests")
def index() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    after = asked_after()
    found = digest_queries.digests_of(_recipients(), kind=kind, before=after, limit=PAGE + 1)
    page = page_of(found, after)
    return render_template("supervision/digests.html", page=page, kinds=KINDS, kind=kind)


@pages.get("/digests/<int:digest_id>")
@access("see digests")
def show(digest_id: int) -> ResponseReturnValue:
    digest, page = _found(digest_id)
    return render_template("supervision/digest.html", **_shown(digest, page))


@pages.get("/digests/<int:digest_id>/<which>")
@access("see digests")
def lines(digest_id: int, which: str) -> ResponseReturnValue:
    """The lines that one number of the digest counts, as they were told."""
    digest, page = _found(digest_id)
    if which not in LISTS:
        abort(404)
    unit_id, start = number_asked("unit"), asked_after()
    counted = _counted(page, which, unit_id)
    if not counted:
        abort(404)
    return render_template(
        "supervision/digest_lines.html",
        which=which,
        unit=counted[0].unit if unit_id else "",
        unit_id=unit_id,
        lines=counted[start : start + PAGE],
        start=start,
        size=PAGE,
        total=len(counted),
        **_shown(digest, page),
    )


@pages.get("/digests/<int:digest_id>/counted/<which>")
@access("see digests")
def counted(digest_id: int, which: str) -> ResponseReturnValue:
    """What one number of a draft counted, of all notices or of one, as it stood then."""
    digest, page = _found(digest_id)
    notice_id = number_asked("notice")
    ids = page.ids(which, notice_id)
    if which not in COUNTED or not ids:
        abort(404)
    of = OF.get(which, OBLIGATIONS)
    own = (row["short_title"] for row in page.notices if row["id"] == notice_id)
    return render_template(
        "supervision/counted.html",
        which=which,
        words=COUNTED,
        notice=next(own, ""),
        notice_id=notice_id,
        of=of,
        rows=page_behind(ids, of, as_made(digest.day, digest.made_at)),
        total=len(ids),
        **_shown(digest, page),
    )


@pages.get("/digests/<int:digest_id>/list.xlsx")
@access("see digests")
def workbook(digest_id: int) -> ResponseReturnValue:
    digest, page = _found(digest_id)
    name = digest.recipient.name
    file = digest_letters.attachment(digest.kind, name, digest.day, page) or abort(404)
    return downloads.workbook(file.data, file.name)


def _counted(page: Told, which: str, unit_id: int | None) -> list[Any]:
    if which == OVERDUE and not page.of(OVERDUE):
        return [line for line in digest_letters.latest(page) if unit_id in (None, line.unit_id)]
    return page.of(which, unit_id)


def _shown(digest: Digest, page: Told) -> dict[str, Any]:
    about = period(digest.kind, page) if digest.kind in (BULLETIN, SITUATION) else ""
    return {
        "digest": digest,
        "page": page,
        "late": digest_letters.latest(page),
        "about": about,
        "kinds": KINDS,
        "lists": LISTS,
        "on": on,
        "has_file": any(page.lists.values()),
        "readers": READERS if _makes_papers(digest) else {},
        "bulletin": _bulletin(digest),
        "matter_links": _matter_links(digest.kind),
    }


def _matter_links(kind: str) -> dict[str, str]:
    """Where the reader does what waits; a page that is not theirs is not linked."""
    if kind == UNIT:
        pages_of = [(key, one.endpoint, one.args) for key, one in at_hand.KINDS.items()]
        return {key: url_for(endpoint, **args) for key, endpoint, args in pages_of}
    return {
        one.key: url_for(one.endpoint, **one.args)
        for one in waiting.MATTERS
        if current_user.may(one.action)
    }


def _bulletin(digest: Digest) -> Bulletin | None:
    """What was drafted together with the digest, for the office to edit and issue."""
    if digest.kind != BULLETIN or not current_user.may("see supervision"):
        return None
    return queries.bulletin_of_day(digest.recipient_id, digest.day)


def _makes_papers(digest: Digest) -> bool:
    is_own = digest.recipient_id == office_seen_by(current_user.actor)
    return digest.kind == SITUATION and is_own


def _found(digest_id: int) -> tuple[Digest, Told]:
    """The visitor's own unit's or office's; anything else is not there for them."""
    digest = digest_queries.digest(digest_id)
    if digest is None or digest.recipient_id not in _recipients():
        abort(404)
    return digest, from_json(digest.page)


def _recipients() -> list[int]:
    own = (current_user.unit_id, current_user.leads_office)
    return [unit_id for unit_id in own if unit_id is not None]
