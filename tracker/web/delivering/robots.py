"""群机器人: which groups of units and offices are told, and trying them out."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField

from tracker.clock import now
from tracker.delivery import keeping, queries
from tracker.delivery.keeping import Given
from tracker.delivery.letters import ROBOT, Addressee
from tracker.delivery.models import Robot
from tracker.registry import queries as registry
from tracker.registry.people import Refused
from tracker.web import edge
from tracker.web.access import access
from tracker.web.admin.forms import TellingForm
from tracker.web.delivering.trying import try_out
from tracker.web.forms import at_most, needed

PAUSED = "该机器人已暂停，请先恢复再测试。"

pages = Blueprint("robots", __name__)
ONE = "/robots/<int(max=2147483647):robot_id>"


class RobotForm(TellingForm):
    unit = StringField("单位", [needed("单位"), at_most(80)])
    name = StringField("名称", [needed("名称"), at_most(40)])
    webhook = StringField("机器人地址", [at_most(400)])
    version = HiddenField()

    def given(self) -> Given:
        unit = (self.unit.data or "").strip()
        return Given(
            unit=registry.units_named([unit]).get(unit),
            name=(self.name.data or "").strip(),
            webhook=(self.webhook.data or "").strip(),
        )


@pages.get("/robots")
@access("keep robots")
def index() -> ResponseReturnValue:
    return render_template("delivering/robots.html", robots=queries.robots())


@pages.get("/robots/new")
@access("keep robots")
def new() -> ResponseReturnValue:
    return _form(RobotForm(formdata=None))


@pages.post("/robots/new")
@access("keep robots")
def add() -> ResponseReturnValue:
    form = RobotForm()
    if not form.validate_on_submit():
        return _form(form, code=422)
    try:
        robot = keeping.add_robot(form.given(), at=now())
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, code=422)
    return _done("add robot", robot, "已添加，可以先发一条测试消息。")


@pages.get(ONE)
@access("keep robots")
def edit(robot_id: int) -> ResponseReturnValue:
    robot = _robot(robot_id)
    form = RobotForm(
        formdata=None, unit=robot.unit.name, name=robot.name, version=str(robot.version)
    )
    return _form(form, robot)


@pages.post(ONE)
@access("keep robots")
def change(robot_id: int) -> ResponseReturnValue:
    robot, form = _robot(robot_id), RobotForm()
    if form.version.data != str(robot.version):
        form.version.data = str(robot.version)
        return _form(form, robot, conflict=True, code=409)
    if not form.validate_on_submit():
        return _form(form, robot, code=422)
    try:
        keeping.change_robot(robot, form.given())
    except Refused as refusal:
        form.tell(refusal.wrong)
        return _form(form, robot, code=422)
    return _done("change robot", robot, "已保存。")


@pages.post(f"{ONE}/pause")
@access("keep robots")
def pause(robot_id: int) -> ResponseReturnValue:
    robot = _robot(robot_id)
    keeping.set_active(robot, is_active=False)
    return _done("pause robot", robot, "已暂停，不再向该群发送。")


@pages.post(f"{ONE}/resume")
@access("keep robots")
def resume(robot_id: int) -> ResponseReturnValue:
    robot = _robot(robot_id)
    keeping.set_active(robot, is_active=True)
    return _done("resume robot", robot, "已恢复，从下一条消息起发送。")


@pages.post(f"{ONE}/test")
@access("keep robots")
def test(robot_id: int) -> ResponseReturnValue:
    robot = _robot(robot_id)
    if not robot.is_active:
        flash(PAUSED)
        return redirect(url_for("robots.index"))
    way = Addressee(channel=ROBOT, unit_id=robot.unit_id, robot_id=robot.id, name=robot.name)
    try_out(way, at=now())
    return _done("test robot", robot, "测试消息已放入待发送，一分钟内发到群里。")


def _robot(robot_id: int) -> Robot:
    return queries.robot(robot_id) or abort(404)


def _done(action: str, robot: Robot, sentence: str) -> ResponseReturnValue:
    """The log names the robot and where it listens, never the key that opens it."""
    edge.commit(action, robot.name, robot=robot.id, unit=robot.unit_id, address=robot.base_url)
    flash(sentence)
    return redirect(url_for("robots.index"))


def _form(
    form: RobotForm, robot: Robot | None = None, *, conflict: bool = False, code: int = 200
) -> ResponseReturnValue:
    units = registry.unit_choices()
    page = render_template(
        "delivering/robot.html", form=form, robot=robot, conflict=conflict, units=units
    )
    return page, code
