"""Speaking through a group robot of the WeCom form, and reading what it answers."""

from __future__ import annotations

import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from tracker.delivery.answers import Answer, deferred, delivered, lost, refused

PATH = "/cgi-bin/webhook/send"
KEY = re.compile(r"[A-Za-z0-9_-]{4,200}")
SECONDS = (5.0, 10.0)
OK, TOO_MANY, BROKEN, UNAVAILABLE = 200, 429, 500, 503
MOST_READ = 64 * 1024
# -1 busy, 45009 too often, 45033 too many at once: later it may well be taken.
BUSY = frozenset({-1, 45009, 45033})
LOST = "内容已交出，没有得到回应，对方可能已经收到"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a robot listens. The key opens it and is told nowhere."""

    base_url: str
    key: str = field(repr=False)


def say(session: requests.Session, robot: Address, words: dict[str, Any]) -> Answer:
    """Speak once. What follows from silence differs: a robot does not know a message again."""
    session.trust_env = not is_inside(robot.base_url)
    try:
        response = session.post(
            robot.base_url.rstrip("/") + PATH,
            params={"key": robot.key},
            json=words,
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,
        )
        body = response.raw.read(MOST_READ, decode_content=True)
    except requests.RequestException as error:
        # Their texts hold the address with its key: ours are said instead.
        if _never_arrived(error):
            return deferred("无法连接机器人地址", is_line=True)
        return lost(LOST)
    except (HTTPError, OSError):
        return lost(LOST)
    finally:
        session.close()  # what is left of an endless answer is not waited for
    return _judged(response.status_code, body)


def _never_arrived(error: requests.RequestException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    known = (NewConnectionError, ConnectTimeoutError)
    return isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError) or isinstance(
        reason, known
    )


def _judged(status: int, body: bytes) -> Answer:
    if status in (TOO_MANY, UNAVAILABLE):
        return deferred(f"HTTP {status}", is_line=True)
    if status >= BROKEN:
        return lost(f"HTTP {status}，对方可能已经收到")
    if status != OK:
        return refused(f"HTTP {status}，请核对机器人地址")
    try:
        code, words = _errcode(json.loads(body))
    except (ValueError, TypeError, KeyError, AttributeError):
        return refused("回应不是机器人的格式，请核对机器人地址")
    said = f"errcode {code} {words}"
    if code == 0:
        return delivered(said)
    return deferred(said, is_line=True) if code in BUSY else refused(said)


def _errcode(answer: Any) -> tuple[int, str]:
    return int(answer["errcode"]), str(answer.get("errmsg", ""))


def new_session() -> requests.Session:
    """Never a second try of its own: the outbox alone counts them."""
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=0))
    return session


def is_inside(base_url: str) -> bool:
    """Whether an address is on this machine or in the intranet, by what it is written as."""
    host = urlsplit(base_url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host
    return address.is_loopback or address.is_private


def read_webhook(written: str) -> Address:
    """The address that a group shows for its robot, in its two parts; a ValueError says why not."""
    try:
        parts = urlsplit(written.strip())
        _ = parts.port
    except ValueError:
        raise ValueError("地址无法识别，请从群机器人的设置中整个复制过来。") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise ValueError("请填写以 https:// 开头的完整地址。")
    base_url = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(PATH)}"
    key = parse_qs(parts.query).get("key", [""])[0]
    if not parts.path.endswith(PATH) or not KEY.fullmatch(key):
        raise ValueError(f"地址中应有 {PATH}?key=…，请从群机器人的设置中整个复制过来。")
    if parts.scheme == "http" and not is_inside(base_url):
        raise ValueError("外网地址须以 https:// 开头；http:// 只用于本机或内网地址。")
    return Address(base_url=base_url, key=key)
