"""What a person sees when a request cannot be answered: what happened, and what to do next."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from tracker.db import db

SENTENCES = {
    400: ("请求不完整", "请返回上一页，刷新后重新操作。"),
    403: ("不能办理", "这项工作由统筹单位办理，您所在的单位不是统筹单位。"),
    404: ("没有找到这一页", "地址可能已变更，或者不在您的工作范围内。请从上方栏目重新进入。"),
    405: ("没有找到这一页", "请从上方栏目重新进入。"),
    409: (
        "内容已被他人修改",
        "您提交之前，有人改过同一内容，本次没有保存。请返回上一页，刷新后核对再提交。",
    ),
    413: ("提交的内容过大", "请减小文件或内容后重新提交。"),
    429: ("暂缓打开", "无效的订阅地址使用次数过多，请15分钟后再试。"),
}
EXPIRED = ("页面已过期", "页面打开太久或已重新登录，本次没有保存。请返回上一页，刷新后重新提交。")


def install(app: Flask) -> None:
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(500, _broken)


def _known(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    code = error.code or 400
    return _page(SENTENCES.get(code, SENTENCES[400]), code)


def _expired(_error: CSRFError) -> ResponseReturnValue:
    return _page(EXPIRED, 400)


def _conflict(_error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(SENTENCES[409], 409)


def _page(said: tuple[str, str], code: int) -> ResponseReturnValue:
    title, sentence = said
    return render_template("errors/error.html", title=title, sentence=sentence), code


def _broken(_error: Exception) -> ResponseReturnValue:
    """Says nothing that needs the database: it may be what is broken."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
    return render_template("errors/broken.html"), 500
