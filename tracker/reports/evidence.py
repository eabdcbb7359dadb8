"""佐证材料: checked by content, named by hash, kept outside the web root, used again at will."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from tracker import storage
from tracker.db import db, insert
from tracker.reports.models import Backing, Evidence, FiledBacking, Report
from tracker.reports.states import EDITABLE, STATES
from tracker.tasks.wording import clean

LARGEST = 50 * 1024 * 1024
MOST_FILES = 100
LONGEST_NAME = 200
PACKAGE = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# ending → (first bytes, media type). A file must begin as its ending says.
KINDS: dict[str, tuple[tuple[bytes, ...], str]] = {
    "pdf": ((b"%PDF-",), "application/pdf"),
    "ofd": ((PACKAGE,), "application/ofd"),
    "docx": (
        (PACKAGE,),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xlsx": (
        (PACKAGE,),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    "pptx": (
        (PACKAGE,),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
    "zip": ((PACKAGE,), "application/zip"),
    "doc": ((OLE,), "application/msword"),
    "xls": ((OLE,), "application/vnd.ms-excel"),
    "wps": ((OLE,), "application/vnd.ms-works"),
    "jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    "jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    "png": ((b"\x89PNG\r\n\x1a\n",), "image/png"),
}
PROGRAMMES = (".exe", ".dll", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jar")
# Control, format (such as writing backwards), surrogate and private characters, line ends.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
INSIDE = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/", "ofd": "OFD.xml"}


class Rejected(Exception):
    """The file is not taken; the message says why and what to do."""


def take(data: bytes, name: str, *, folder: Path, unit_id: int, by: int, at: datetime) -> Evidence:
    """Keep a file for a unit. The same bytes are kept once, whatever they are called.

    Once the row is committed the caller settles the file: `storage.settle(folder, sha256)`.
    """
    shown, media_type = checked(data, name)
    evidence = Evidence(
        unit_id=unit_id,
        sha256=storage.keep(folder, data),
        name=shown,
        media_type=media_type,
        size=len(data),
        uploaded_at=at,
        uploaded_by=by,
    )
    return _known(evidence) or _added(evidence)


def _known(evidence: Evidence) -> Evidence | None:
    same = Evidence.unit_id == evidence.unit_id, Evidence.sha256 == evidence.sha256
    return db.session.scalar(select(Evidence).where(*same))


def _added(evidence: Evidence) -> Evidence:
    try:
        with db.session.begin_nested():
            db.session.add(evidence)
    except IntegrityError:
        # A colleague uploaded the same file at the same moment.
        return _known(evidence) or evidence
    return evidence


def back(report: Report, evidence: Sequence[Evidence]) -> None:
    """Let a report being written refer to evidence of its own unit."""
    _check_editable(report)
    if any(item.unit_id != report.unit_id for item in evidence):
        raise Rejected("只能引用本单位上传的佐证材料。")
    there = set(
        db.session.scalars(select(Backing.evidence_id).where(Backing.report_id == report.id))
    )
    new = {item.id for item in evidence} - there
    if len(there) + len(new) > MOST_FILES:
        raise Rejected(f"一份报告最多引用{MOST_FILES}个佐证材料，请合并后再上传。")
    rows = [{"report_id": report.id, "evidence_id": evidence_id} for evidence_id in sorted(new)]
    if rows:
        db.session.execute(insert(Backing).values(rows).on_conflict_do_nothing())


def drop(report: Report, evidence_id: int) -> None:
    """The draft refers to it no longer; the file stays with its unit and with what was filed."""
    _check_editable(report)
    dropped = Backing.report_id == report.id, Backing.evidence_id == evidence_id
    db.session.execute(delete(Backing).where(*dropped))


def _check_editable(report: Report) -> None:
    if report.state not in EDITABLE:
        raise Rejected(f"报告当前是“{STATES[report.state]}”，不能增减佐证材料，请刷新页面后再看。")


def sweep(folder: Path, older_than: datetime) -> storage.Swept:
    """After a crash: what has its row goes to its place, what has none goes away."""
    known = set(db.session.scalars(select(Evidence.sha256).distinct()))
    return storage.sweep(folder, known, older_than)


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
    """The name alone, without the folders some browsers send and without what cannot be seen."""
    last = re.split(r"[/\\]", clean(name))[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in UNSEEN).strip()
    if not shown:
        raise Rejected("文件没有名称，请重命名后再上传。")
    if len(shown) > LONGEST_NAME:
        raise Rejected(f"文件名超过{LONGEST_NAME}字，请改短后再上传。")
    return shown


def checked(data: bytes, name: str) -> tuple[str, str]:
    """The name as it will be shown and the media type, or why the file is not taken."""
    shown = _name(name)
    return shown, _media_type(data, shown)


def _media_type(data: bytes, name: str) -> str:
    ending = name.rpartition(".")[2].lower()
    if not data:
        raise Rejected(f"“{name}”是空文件，请核对后重新上传。")
    if len(data) > LARGEST:
        raise Rejected(f"“{name}”超过50 MB，请压缩或拆分后再上传。")
    if ending not in KINDS:
        raise Rejected(f"不接收“.{ending}”类型的文件，请上传 PDF、OFD、Office 文档、图片或 ZIP。")
    starts, media_type = KINDS[ending]
    if not data.startswith(starts) or not _holds(data, ending):
        raise Rejected(f"“{name}”的内容与扩展名不符，请上传原始文件。")
    return media_type


def _holds(data: bytes, ending: str) -> bool:
    """A package must hold what its ending says, and nothing of it may be a programme by name."""
    if PACKAGE not in KINDS[ending][0]:
        return True
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error):
        return False
    wanted = INSIDE.get(ending, "")
    if any(name.lower().endswith(PROGRAMMES) for name in names):
        return False
    return any(name.startswith(wanted) for name in names)
