"""`tracker serve`: the one-machine way."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable
from wsgiref.types import WSGIApplication

import waitress

from tracker.config import Settings
from tracker.db import db
from tracker.operations import demonstration
from tracker.registry.queries import installation

Say = Callable[[str], None]


class Refused(Exception):
    """This installation must not be served as it is set; the message says why."""


def refuse_demonstration(*, production: bool) -> None:
    """Everybody knows the demonstration's password: it is never served in earnest."""
    known = installation()
    if production and known is not None and known.is_demonstration:
        raise Refused("这是演示环境，不能按正式环境运行，请另设 TRACKER_INSTANCE 后重新初始化。")


def site_at(host: str, port: int) -> str:
    """Where a browser on this machine finds what is served at a host and port."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def warn_of_links(settings: Settings, say: Say) -> None:
    """In earnest, people read their letters on other machines than this one."""
    if settings.production and not settings.is_site_chosen:
        say(
            "没有设置 TRACKER_BASE_URL，邮件、群机器人消息和日历中的链接将指向 "
            f"{settings.base_url}，其他电脑可能打不开；请设为用户打开本系统的网址，例如 https://tracker.example.gov.cn。"
        )


def warn_of_guess(settings: Settings, say: Say) -> None:
    """A command by hand does not know where another process serves."""
    if not settings.is_site_chosen:
        say(
            f"没有设置 TRACKER_BASE_URL，消息中的链接将指向 {settings.base_url}；"
            "系统不在这个网址上的，请先设置再运行。"
        )


def greet(host: str, port: int, say: Say) -> None:
    """Print where to look and, in a demonstration, who can sign in."""
    say(f"复制推广工作跟踪系统已启动，请用浏览器打开 {site_at(host, port)}/")
    known = installation()
    if known is not None and known.is_demonstration:
        for line in demonstration.who_can_sign_in():
            say(line)
    say("按 Ctrl+C 停止。")
    db.session.remove()


def serve(app: WSGIApplication, *, host: str, port: int, workers: int) -> None:
    _set_aside_what_is_loaded()
    with _listening(host, port) as listening:
        waitress.serve(app, sockets=[listening], threads=workers, ident=None)


def _set_aside_what_is_loaded() -> None:
    """Modules live to the end; a collection through them all would hold a page up for 0.2 s."""
    gc.collect()
    gc.freeze()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        where, why = f"{host}:{port}", error.strerror or error
        sentence = f"不能在 {where} 上提供服务（{why}），请用 --port 换一个端口。"
        raise Refused(sentence) from error
