"""督办设置: thresholds, rungs, weights and times of day; a change is in force at once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from datetime import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, StringField, ValidationError

from tracker.clock import now
from tracker.registry import settings
from tracker.registry.settings import (
    AT,
    BOUNDS,
    LONGEST_MARK,
    MARK,
    NUMBERS,
    TIMES,
    InForce,
    in_force,
    mark_of,
)
from tracker.supervision.timetable import RHYTHMS, TIMETABLE
from tracker.web import edge
from tracker.web.access import access
from tracker.web.forms import Form, WholeNumber, needed
from tracker.web.paging import number_in

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MARK_WORDS = re.compile(rf"[一-鿿A-Za-z]{{0,{LONGEST_MARK}}}")
OWN_MARK = "本单位文号代字"
WEIGHTS = tuple(name for name in NUMBERS if name.startswith("weight_"))
WHOLE = 100

LABELS = {
    "reminder_workdays": "提前几个工作日提醒（同时决定黄灯）",
    "urge_workdays": "逾期几个工作日后建议催办",
    "urge_reminders": "提醒几次未报后建议催办",
    "reply_workdays": "催办单要求几个工作日内回复",
    "bulletin_workdays": "逾期几个工作日后建议通报",
    "weight_completeness": "报送率",
    "weight_timeliness": "按时率",
    "weight_first_pass": "一次通过率",
    "weight_landed": "落地率",
    "weight_evidence": "佐证材料",
}

pages = Blueprint("supervision_settings", __name__)


class TimeOfDay:
    def __call__(self, _form: Form, field: StringField) -> None:
        if not CLOCK.fullmatch((field.data or "").strip()):
            raise ValidationError("请填写时刻，格式如 08:30。")


class MarkOfPapers:
    def __call__(self, _form: Form, field: StringField) -> None:
        if not MARK_WORDS.fullmatch((field.data or "").strip()):
            raise ValidationError(
                f"请只填写汉字或字母，不超过{LONGEST_MARK}个字；“催办”“通报”、年份和序号由系统编排。"
            )


class SettingsForm(Form):
    """Fields for numbers and times are added below, one for each setting."""

    seen = HiddenField()
    mark = StringField(OWN_MARK, [MarkOfPapers()])

    def validate_weight_evidence(self, _field: StringField) -> None:
        typed = [(self[name].data or "").strip() for name in WEIGHTS]
        total = sum(number_in(text) or 0 for text in typed)
        if total != WHOLE:
            raise ValidationError(f"各项权重之和应为{WHOLE}，现为{total}。")


for _name in NUMBERS:
    _checks = [needed(LABELS[_name]), WholeNumber(BOUNDS)]
    setattr(SettingsForm, _name, StringField(LABELS[_name], _checks))
for _job in TIMES:
    _label = f"{TIMETABLE[_job].name}（{RHYTHMS[TIMETABLE[_job].rhythm]}）"
    _field = StringField(_label, [needed("时刻"), TimeOfDay()])
    setattr(SettingsForm, _job.replace("-", "_"), _field)


@pages.get("/supervision-settings")
@access("set supervision")
def index() -> ResponseReturnValue:
    return _page(_as_they_stand())


@pages.post("/supervision-settings")
@access("set supervision")
def save() -> ResponseReturnValue:
    form = SettingsForm()
    if form.seen.data != _seen(in_force()):
        form.seen.data = _seen(in_force())
        return _page(form, conflict=_as_they_stand(), code=409)
    if not form.validate_on_submit():
        return _page(form, code=422)
    by: dict[str, Any] = {"person_id": current_user.id, "at": now()}
    changed = settings.change(_typed(form), **by)
    changed |= settings.set_mark(current_user.unit_id, (form.mark.data or "").strip(), **by)
    edge.commit("set supervision", _named(changed)[:200] or "没有改动", **changed)
    flash("已保存。时刻在一分钟内生效，提醒天数和红黄绿灯立即生效。" if changed else "没有改动。")
    return redirect(url_for("supervision_settings.index"))


def _typed(form: SettingsForm) -> InForce:
    numbers = {name: int(form[name].data) for name in NUMBERS}
    times = {job: time.fromisoformat(form[job.replace("-", "_")].data.strip()) for job in TIMES}
    return InForce(**numbers, times=times)


def _named(changed: Collection[str]) -> str:
    """The settings that changed, by the words of the page."""
    return "、".join(_called(setting) for setting in changed)


def _called(setting: str) -> str:
    if setting.startswith(MARK):
        return OWN_MARK
    return LABELS.get(setting) or TIMETABLE[setting.removeprefix(AT)].name


def _as_they_stand() -> SettingsForm:
    held = in_force()
    numbers = {name: str(getattr(held, name)) for name in NUMBERS}
    times = {job.replace("-", "_"): f"{at:%H:%M}" for job, at in held.times.items()}
    mark = mark_of(current_user.unit_id)
    return SettingsForm(formdata=None, **numbers, **times, mark=mark, seen=_seen(held))


def _seen(held: InForce) -> str:
    """Tells whether somebody changed a setting since the form was opened."""
    told = [getattr(held, name) for name in NUMBERS] + sorted(held.times.items())
    told.append(mark_of(current_user.unit_id))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _page(
    form: SettingsForm, *, conflict: SettingsForm | None = None, code: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "supervision/settings.html",
        form=form,
        conflict=conflict,
        bounds=BOUNDS,
        thresholds=[name for name in NUMBERS if name not in WEIGHTS],
        weights=WEIGHTS,
        times=[job.replace("-", "_") for job in TIMES],
    )
    return page, code
