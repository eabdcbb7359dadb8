"""Keeps the findings of a document with its notice."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select

from tracker.db import db
from tracker.notices.drafting import Draft
from tracker.notices.findings import Finding
from tracker.notices.models import Measure, MeasureList, Remark


def remark(draft: Draft, index: int, notice_id: int, source_id: int | None) -> None:
    """Findings stay on record, until the notice is read anew from another file."""
    ids = _ids_by_place(notice_id)
    first = next((i for i, listed in enumerate(draft.lists) if listed.notice == index), 0)
    rows = [
        {
            "notice_id": notice_id,
            "measure_id": _about(finding, first, ids),
            "source_id": source_id,
            "code": finding.code,
            "place": finding.where[:120],
            "message": finding.message[:500],
        }
        for finding in draft.findings
        if _belongs(finding, draft, index)
    ]
    if rows:
        db.session.execute(insert(Remark), rows)


def _ids_by_place(notice_id: int) -> dict[tuple[int, str], int]:
    found = db.session.execute(
        select(MeasureList.position, Measure.no, Measure.id)
        .join(MeasureList, Measure.list_id == MeasureList.id)
        .where(Measure.notice_id == notice_id)
    )
    return {(position, no): measure_id for position, no, measure_id in found}


def _belongs(finding: Finding, draft: Draft, index: int) -> bool:
    return (draft.lists[finding.list].notice if finding.list is not None else 0) == index


def _about(finding: Finding, first: int, ids: Mapping[tuple[int, str], int]) -> int | None:
    if finding.list is None or finding.no is None:
        return None
    return ids.get((finding.list - first + 1, finding.no))
