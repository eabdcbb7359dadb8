"""Scans of a paper report: those chosen just now, and those that wait for the rest of the form.

A form that comes back with a mistake keeps its scans: each is whole in `incoming/`, named in the
form by a signed token, and swept away after a day if nobody sends the form again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import current_app, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from tracker import storage
from tracker.reports import evidence
from tracker.reports.evidence import LARGEST, Rejected

GONE = "之前上传的扫描件已失效，请重新选择。"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """A file by its name: uploaded with this form, or waiting under its hash since an earlier."""

    name: str
    upload: FileStorage | None = None
    digest: str = ""

    def read(self) -> bytes:
        if self.upload is None:
            return _fetched(self.digest)
        self.upload.stream.seek(0)
        return self.upload.stream.read(LARGEST + 1)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A scan as the form shows it again."""

    name: str
    token: str


def folder() -> Path:
    kept: Path = current_app.config["TRACKER"].evidence
    return kept


def from_form() -> list[Scan]:
    waiting = list(_known(request.form.getlist("waiting")))
    chosen = [file for file in request.files.getlist("scan") if file.filename]
    return [*waiting, *(Scan(name=file.filename or "", upload=file) for file in chosen)]


def keep(scans: Sequence[Scan]) -> tuple[list[Waiting], list[str]]:
    """What can be taken waits for the form to come again; a sentence for each that cannot."""
    kept: dict[str, Waiting] = {}
    said = []
    for scan in scans:
        try:
            data = scan.read()
            name, _ = evidence.checked(data, scan.name)
        except Rejected as sentence:
            said.append(str(sentence))
            continue
        digest = storage.keep(folder(), data)
        token = _signer().dumps({"digest": digest, "name": name, "by": current_user.id})
        kept[digest] = Waiting(name=name, token=str(token))
    return list(kept.values()), said


def _known(tokens: Sequence[str]) -> Iterator[Scan]:
    """Only what this person's own form was given; anything else is nothing."""
    for token in tokens[: evidence.MOST_FILES + 1]:
        try:
            told = _signer().loads(token)
        except BadSignature:
            continue
        if told["by"] == current_user.id:
            yield Scan(name=told["name"], digest=told["digest"])


def _fetched(digest: str) -> bytes:
    try:
        return storage.fetch(folder(), digest)
    except FileNotFoundError:
        raise Rejected(GONE) from None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="waiting scan")
