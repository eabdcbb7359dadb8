"""待指定: what notices leave open, and the office's decision about each, changed when need be."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from tracker.db import db
from tracker.notices import queries as notices
from tracker.notices.models import Measure
from tracker.papers.matter_letters import Told
from tracker.registry import queries as registry
from tracker.registry.queries import workdays
from tracker.tasks import designations, following
from tracker.tasks.designating import (
    LONGEST_SOURCE,
    LONGEST_WORDS,
    Decision,
    Effect,
    Question,
    decide,
    latest,
    undo,
)
from tracker.tasks.designations import Open
from tracker.tasks.states import CITIES, Forbidden
from tracker.tasks.wording import said
from tracker.web import edge
from tracker.web.access import access
from tracker.web.coordinating.telling import tell_units
from tracker.web.office import choosing

ONE = "/designations/<int(max=2147483647):measure_id>/<key>"
UNDO = "undo"
WORDS = {"source": ("依据", LONGEST_SOURCE), "words": ("决定内容", LONGEST_WORDS)}

pages = Blueprint("designating", __name__)


@pages.get("/designations")
@access("designate")
def index() -> ResponseReturnValue:
    rows = designations.open_for(current_user.unit_id)
    decided = [one.decision for one in rows if one.decision]
    return render_template(
        "office/designations.html",
        waiting=[one for one in rows if not one.is_decided],
        decided=[one for one in rows if one.is_decided],
        names=designations.names_of(decided),
        without_office=following.without_office(),
    )


@pages.get(ONE)
@access("designate")
def show(measure_id: int, key: str) -> ResponseReturnValue:
    return _page(*_found(measure_id, key))


@pages.post(ONE)
@access("designate")
def settle(measure_id: int, key: str) -> ResponseReturnValue:
    measure, one = _found(measure_id, key)
    undoes = request.form.get("action") == UNDO
    chosen, unknown = _chosen(one)
    wrong = _wrong_words()
    if unknown and not undoes:
        wrong["chosen"] = unknown
    if wrong:
        return _page(measure, one, wrong=wrong)
    try:
        effect = _settle(measure, one, chosen, undoes=undoes)
        action = "undo designation" if undoes else "designate"
        edge.commit(action, _decided(measure, one, chosen, undoes=undoes), key=key)
    except Forbidden as sentence:
        db.session.rollback()
        return _page(*_found(measure_id, key), wrong={"chosen": str(sentence)})
    flash(_said(effect, undoes=undoes))
    return redirect(url_for("designating.index"))


def _wrong_words() -> dict[str, str]:
    wrong = {}
    for name, (what, longest) in WORDS.items():
        try:
            said(request.form.get(name, ""), what=what, longest=longest)
        except Forbidden as sentence:
            wrong[name] = str(sentence)
    return wrong


def _settle(measure: Measure, one: Open, chosen: Sequence[int], *, undoes: bool) -> Effect:
    decision = Decision(
        chosen=chosen,
        source=request.form.get("source", ""),
        words=request.form.get("words", ""),
        seen=request.form.get("seen", 0, type=int),
    )
    act, by = undo if undoes else decide, edge.by()
    effect = act(_question(measure, one), decision, by, workdays())
    told = Told(
        about=f"designation:{measure.id}",
        step="统筹单位撤销指定" if undoes else "统筹单位指定",
        title=measure.title,
        lines=(decision.words,),
        link=url_for("measures.measure", measure_id=measure.id),
    )
    tell_units(effect.units, told, by)
    return effect


def _decided(measure: Measure, one: Open, chosen: Sequence[int], *, undoes: bool) -> str:
    """The measure, and whom it was given to or taken back from, for the log."""
    held = one.decision.chosen if undoes and one.decision else chosen
    if one.subject == CITIES:
        names = [city.name for city in registry.cities() if city.id in held]
    else:
        names = choosing.names_of(held)
    return f"{'、'.join(names)}：{measure.title}"


def _said(effect: Effect, *, undoes: bool) -> str:
    done = "已撤销指定" if undoes else "已按指定办理"
    made = f"新增或恢复任务{effect.begun}项，" if effect.begun else ""
    return f"{done}：{made}终止任务{effect.ended}项，已报送的内容保留。"


def _question(measure: Measure, one: Open) -> Question:
    return Question(
        measure=measure, notice=measure.notice, subject=one.subject, class_id=one.class_id
    )


def _found(measure_id: int, key: str) -> tuple[Measure, Open]:
    """The office's own; where a notice has no office, any office may settle it."""
    measure = notices.measure(measure_id) or abort(404)
    office_id, is_reference = measure.notice.office_id, measure.notice.is_reference
    if is_reference or office_id not in (None, current_user.unit_id):
        abort(404)
    found = (one for one in designations.open_of(measure_id) if one.key == key)
    return measure, next(found, None) or abort(404)


def _chosen(one: Open) -> tuple[Sequence[int], str]:
    if one.subject != CITIES:
        return choosing.units(request.form)
    return choosing.cities(request.form), ""


def _page(
    measure: Measure, one: Open, *, wrong: dict[str, str] | None = None
) -> ResponseReturnValue:
    standing = latest(_question(measure, one))
    held = list(standing.chosen) if standing else []
    is_sent = request.method == "POST"
    page = render_template(
        "office/designate.html",
        measure=measure,
        one=one,
        wrong=wrong or {},
        seen=standing.id if standing else 0,
        cities=registry.cities() if one.subject == CITIES else [],
        ticked=set(choosing.cities(request.form)) if is_sent else set(held),
        units=[] if one.subject == CITIES else registry.unit_choices(),
        named=request.form.getlist("unit") if is_sent else choosing.names_of(held),
        rows=choosing.EMPTY_ROWS,
        told=designations.told(measure.id),
    )
    return page, 422 if wrong else 200
