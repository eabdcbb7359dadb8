"""Confirming a draft: names are settled, notices go in, tasks come out. One transaction."""

from __future__ import annotations

from datetime import date

from sqlalchemy.exc import DataError, IntegrityError

from tracker.db import db, take_in_alone
from tracker.notices.drafting import Draft
from tracker.notices.handing_in import CONFIRMED, Settled, draft_of
from tracker.notices.importing import Particulars, Refused
from tracker.notices.models import Source
from tracker.notices.settling import settle_names
from tracker.tasks.adopting import Adopted, adopt

NOT_STORED = "文件中有内容过长或重复，无法登记，请核对“需要留意”所列各处，改正原文件后重新上传。"


def confirm(source: Source, data: bytes, *, on: date) -> Adopted:
    """Refused with a sentence while something is left to settle; the caller commits."""
    take_in_alone()
    settle_names(source)
    settled = Settled.of(source)
    draft = draft_of(data, settled)
    refuse_what_stops(draft)
    try:
        adopted = adopt(draft, _particulars(source, settled), source_id=source.id, on=on)
        source.state = CONFIRMED
        db.session.flush()
    except (DataError, IntegrityError) as error:
        raise Refused(NOT_STORED) from error
    return adopted


def refuse_what_stops(draft: Draft) -> None:
    for finding in draft.findings:
        if finding.stops:
            raise Refused(finding.message)


def _particulars(source: Source, settled: Settled) -> dict[int, Particulars]:
    return {
        int(index): Particulars(
            slug=f"{source.sha256[:8]}-{int(index) + 1}",
            short_title=answer["short_title"],
            office=answer.get("office", ""),
            forwards=answer.get("forwards", ""),
        )
        for index, answer in settled.notices.items()
    }
