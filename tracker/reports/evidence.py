"""佐证材料: checked by content, named by hash, kept outside the web root, used again at will."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select

from tracker import storage
from tracker.db import db
from tracker.reports.bodies import clean
from tracker.reports.models import Backing, Evidence, FiledBacking, Report

LARGEST = 50 * 1024 * 1024
MOST_FILES = 100
LONGEST_NAME = 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# ending → (first bytes, media type). A file must begin as its ending says.
KINDS: dict[str, tuple[tuple[bytes, ...], str]] = {
    "pdf": ((b"%PDF-",), "application/pdf"),
    "ofd": ((b"PK\x03\x04",), "application/ofd"),
    "docx": (
        (b"PK\x03\x04",),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (
        (b"PK\x03\x04",),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pptx": (
        (b"PK\x03\x04",),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "zip": ((b"PK\x03\x04",), "application/zip"),
    "doc": ((OLE,), "application/msword"),
    "xls": ((OLE,), "application/vnd.ms-excel"),
    "wps": ((OLE,), "application/vnd.ms-works"),
    "jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    "jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    "png": ((b"\x89PNG\r\n\x1a\n",), "image/png"),
}
INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "ofd": "OFD.xml"}


class Rejected(Exception):
    """The file is not taken; the message says why and what to do."""


def take(
    data: bytes, name: str, *, folder: Path, unit_id: int, by: int, at: datetime
) -> Evidence:
    """Keep a file for a unit. The same bytes are kept once, whatever they are called."""
    shown = _name(name)
    media_type = _checked(data, shown)
    digest = storage.keep(folder, data)
    known = db.session.scalar(
        select(Evidence).where(Evidence.unit_id == unit_id, Evidence.sha256 == digest)
    )
    if known is not None:
        return known
    evidence = Evidence(
        unit_id=unit_id,
        sha256=digest,
        name=shown,
        media_type=media_type,
        size=len(data),
        uploaded_at=at,
        uploaded_by=by,
    )
    db.session.add(evidence)
    db.session.flush()
    return evidence


def back(report: Report, evidence: Sequence[Evidence]) -> None:
    """Let a report being written refer to evidence of its own unit."""
    if any(item.unit_id != report.unit_id for item in evidence):
        raise Rejected("只能引用本单位上传的佐证材料。")
    there = set(
        db.session.scalars(
            select(Backing.evidence_id).where(Backing.report_id == report.id)
        )
    )
    new = {item.id for item in evidence} - there
    if len(there) + len(new) > MOST_FILES:
        raise Rejected(f"一份报告最多引用{MOST_FILES}个佐证材料，请合并后再上传。")
    rows = [
        {"report_id": report.id, "evidence_id": evidence_id}
        for evidence_id in sorted(new)
    ]
    if rows:
        db.session.execute(insert(Backing), rows)


def of_report(report_id: int) -> Sequence[Evidence]:
    query = select(Evidence).join(Backing, Backing.evidence_id == Evidence.id)
    return db.session.scalars(
        query.where(Backing.report_id == report_id).order_by(Evidence.id)
    ).all()


def of_revision(revision_id: int) -> Sequence[Evidence]:
    query = select(Evidence).join(FiledBacking, FiledBacking.evidence_id == Evidence.id)
    return db.session.scalars(
        query.where(FiledBacking.revision_id == revision_id).order_by(Evidence.id)
    ).all()


def _name(name: str) -> str:
    shown = clean(name).replace("/", "_").replace("\\", "_").replace("\n", " ")
    if not shown:
        raise Rejected("文件没有名称，请重命名后再上传。")
    if len(shown) > LONGEST_NAME:
        raise Rejected(f"文件名超过{LONGEST_NAME}字，请改短后再上传。")
    return shown


def _checked(data: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    if not data:
        raise Rejected(f"“{name}”是空文件，请核对后重新上传。")
    if len(data) > LARGEST:
        raise Rejected(f"“{name}”超过50 MB，请压缩或拆分后再上传。")
    if ending not in KINDS:
        raise Rejected(
            f"不接收“.{ending}”类型的文件，请上传 PDF、OFD、Office 文档、图片或 ZIP。"
        )
    starts, media_type = KINDS[ending]
    if not data.startswith(starts) or not _holds(data, ending):
        raise Rejected(f"“{name}”的内容与扩展名不符，请上传原始文件。")
    return media_type


def _holds(data: bytes, ending: str) -> bool:
    """A package must hold what its ending says, and nothing of it may be a programme by name."""
    if ending not in INSIDE:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return any(name.startswith(INSIDE[ending]) for name in package.namelist())
    except zipfile.BadZipFile:
        return False
