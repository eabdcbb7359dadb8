"""公文: made from an urge, a bulletin or a situation, kept, and what its figures count."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker import storage
from tracker.clock import now
from tracker.papers import keeping, queries
from tracker.papers.keeping import Keep
from tracker.papers.made import BULLETIN, KINDS, URGE
from tracker.papers.models import Paper
from tracker.papers.situation_paper import READERS
from tracker.permissions import Record, is_office_of, office_seen_by
from tracker.supervision import digest_queries, states
from tracker.supervision.knowing import AsOf
from tracker.supervision.snapshots import OBLIGATIONS, SITUATION
from tracker.web import downloads, edge
from tracker.web.access import access
from tracker.web.paging import PAGE, asked_after, page_of
from tracker.web.supervising.behind import page_behind
from tracker.web.urging.own import bulletin_to_see, urge_to_see

NUMBER = "<int(max=2147483647):{}>"
ONE = "/papers/" + NUMBER.format("paper_id")
GONE = "文件不在存储目录中，请联系系统管理员从备份恢复。"

pages = Blueprint("papers", __name__)


def folder() -> Path:
    kept: Path = current_app.config["TRACKER"].papers
    return kept


@pages.get("/papers")
@access("see supervision")
def index() -> ResponseReturnValue:
    office = office_seen_by(current_user.actor) or abort(404)
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    after = asked_after()
    found = queries.papers_of(office, kind=kind, before=after, limit=PAGE + 1)
    page = page_of(found, after)
    return render_template("leaving/papers.html", page=page, kinds=KINDS, kind=kind)


@pages.post("/urges/" + NUMBER.format("urge_id") + "/paper")
@access("see urges")
def make_urge(urge_id: int) -> ResponseReturnValue:
    urge = urge_to_see(urge_id)
    if urge.state not in states.ISSUED:
        abort(404)
    return _made(keeping.of_urge(urge, _keep()))


@pages.post("/bulletins/" + NUMBER.format("bulletin_id") + "/paper")
@access("see urges")
def make_bulletin(bulletin_id: int) -> ResponseReturnValue:
    bulletin = bulletin_to_see(bulletin_id)
    if bulletin.state != states.PUBLISHED:
        abort(404)
    return _made(keeping.of_bulletin(bulletin, _keep()))


@pages.post("/digests/" + NUMBER.format("digest_id") + "/paper")
@access("see supervision")
def make_situation(digest_id: int) -> ResponseReturnValue:
    digest = digest_queries.digest(digest_id) or abort(404)
    office = office_seen_by(current_user.actor)
    if digest.kind != SITUATION or digest.recipient_id != office:
        abort(404)
    reader = request.form.get("reader", "")
    if reader not in READERS:
        flash("请选择主送机关。")
        return redirect(url_for("digests.show", digest_id=digest.id))
    return _made(keeping.of_digest(digest, reader, _keep()))


def _keep() -> Keep:
    return Keep(folder=folder(), at=now(), person_id=current_user.id)


def _made(paper: Paper) -> ResponseReturnValue:
    edge.commit("make paper", f"{paper.title}（{paper.addressee}）", paper=paper.id)
    storage.settle(folder(), paper.sha256)
    return redirect(url_for("papers.file", paper_id=paper.id))


@pages.get(f"{ONE}/file.docx")
@access("see urges")
def file(paper_id: int) -> ResponseReturnValue:
    paper = _paper_to_see(paper_id)
    try:
        data = storage.fetch(folder(), paper.sha256)
    except FileNotFoundError:
        abort(404, GONE)
    name = f"{paper.title}（{paper.addressee}）{paper.as_of.isoformat()}.docx"
    return downloads.document(data, name)


@pages.get(ONE)
@access("see urges")
def show(paper_id: int) -> ResponseReturnValue:
    """Its figures, each with what it counts."""
    return render_template("leaving/paper.html", paper=_paper_to_see(paper_id), kinds=KINDS)


@pages.get(f"{ONE}/figures/<mark>")
@access("see urges")
def figure(paper_id: int, mark: str) -> ResponseReturnValue:
    """What a figure counts, as it stands now."""
    paper = _paper_to_see(paper_id)
    counted = paper.figures.get(mark)
    if counted is None or counted["ids"] is None:
        abort(404)
    # Papers of before counted nothing but obligations.
    of = counted.get("of", OBLIGATIONS)
    return render_template(
        "leaving/figure.html",
        paper=paper,
        counted=counted,
        mark=mark,
        of=of,
        page=page_behind(counted["ids"], of, AsOf(day=paper.as_of)),
    )


def _paper_to_see(paper_id: int) -> Paper:
    """By who may see what it was made from; a situation is the office's and its leaders'."""
    paper = queries.paper(paper_id) or abort(404)
    if paper.kind == URGE:
        urge_to_see(int(paper.about))
    elif paper.kind == BULLETIN:
        bulletin_to_see(int(paper.about))
    elif not is_office_of(current_user.actor, Record(unit_id=0, office_id=paper.office_id)):
        abort(404)
    return paper
