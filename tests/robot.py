"""A real HTTP server on loopback that answers as a WeCom group robot does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FINE = (200, '{"errcode":0,"errmsg":"ok"}')


class Group:
    """What the robot was told, and what it is to answer instead of taking it."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answers: list[tuple[int, str]] = []
        self.is_cut = False
        self.base_url = ""

    @property
    def words(self) -> list[str]:
        return [one["text"]["content"] for one in self.told]


def errcode(number: int, words: str = "no") -> tuple[int, str]:
    return 200, json.dumps({"errcode": number, "errmsg": words})


@contextmanager
def listening(group: Group) -> Iterator[Group]:
    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            asked = urlsplit(self.path)
            group.keys.append(asked.path + "|" + parse_qs(asked.query)["key"][0])
            group.told.append(json.loads(self.rfile.read(length)))
            if group.is_cut:
                self.close_connection = True
                return
            status, body = group.answers.pop(0) if group.answers else FINE
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    group.base_url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield group
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
