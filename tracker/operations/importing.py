"""`tracker import`: read a document, say what it holds, and take it in where nothing is open."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app

from tracker.config import Settings
from tracker.db import db, take_in_alone
from tracker.notices import handing_in
from tracker.notices.drafting import Draft, DraftList, DraftMeasure
from tracker.notices.reading.files import LARGEST, TOO_LARGE, Unreadable
from tracker.notices.settling import settle_names
from tracker.operations.describing import described
from tracker.tasks.adopting import adopt

BY_COMMAND = "命令行"


def bytes_of(file: Path) -> bytes:
    """The file's bytes; one that is too large, or has no end, is refused and not read through."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(f"无法打开文件 {file}，请核对路径和权限。") from error
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    return data


def checked(file: Path) -> Draft:
    return handing_in.draft_of(bytes_of(file))


def confirm_file(file: Path, *, on: date, at: datetime, notice: Path | None = None) -> str:
    """Take a document in and say in one sentence what that did."""
    settings: Settings = current_app.config["TRACKER"]
    data = bytes_of(file)
    take_in_alone()
    source = handing_in.hand_in(data, name_of(file), folder=settings.sources, by=BY_COMMAND, at=at)
    if source.state == handing_in.CONFIRMED:
        return "此前已导入，内容未变，没有任何改动。"
    settle_names(source)
    draft = handing_in.draft_of(data, handing_in.Settled.of(source))
    draft, particulars = described(draft, source.sha256, notice)
    outcome = adopt(draft, particulars, source_id=source.id, on=on)
    source.state = handing_in.CONFIRMED
    db.session.flush()
    differences = sum(finding.code == "difference" for finding in draft.findings)
    told = f"补载原文{outcome.filled}项，新建通知{len(outcome.entered)}件"
    return f"{told}，与已跟踪内容不一致{differences}处。"


def name_of(file: Path) -> str:
    """The file's name, as far as it can be told: it may be in another encoding than ours."""
    return os.fsencode(file.name).decode("utf-8", "replace")


def as_json(draft: Draft) -> dict[str, Any]:
    """The draft in the form that `tracker import --json` promises."""
    return {
        "notices": [
            {
                "title": notice.title,
                "doc_no": notice.doc_no,
                "issued_on": notice.issued_on.isoformat() if notice.issued_on else None,
            }
            for notice in draft.notices
        ],
        "lists": [_list(listed) for listed in draft.lists],
        "findings": [finding.as_json() for finding in draft.findings],
        "tasks": {"unit": draft.unit_tasks, "local": draft.local_tasks},
    }


def _list(listed: DraftList) -> dict[str, Any]:
    return {
        "notice": listed.notice,
        "heading": listed.heading,
        "adoption": listed.adoption,
        "measures": [_measure(measure) for measure in listed.measures],
    }


def _measure(measure: DraftMeasure) -> dict[str, Any]:
    return {
        "no": measure.no,
        "title": measure.title,
        "content": measure.content,
        "group": measure.group,
        "units_raw": measure.units_raw,
        "units": [
            {
                "printed": mention.printed,
                "unit": mention.unit.name if mention.unit else None,
                "role": mention.role,
                "kind": mention.kind,
            }
            for mention in measure.mentions
        ],
        "open_ended": measure.is_open_ended,
        "scope_raw": measure.scope_raw,
        "cities": list(measure.scope.cities),
        "scope_state": measure.scope.state,
        "note": measure.note,
        "deadline": measure.deadline,
        "place": measure.place.as_json(),
    }
