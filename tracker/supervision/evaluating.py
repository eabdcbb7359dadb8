"""评估: freezes how units did in a period, as of a day, and counts it again when asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from itertools import groupby

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.registry.models import Unit
from tracker.registry.settings import InForce
from tracker.supervision import evaluated
from tracker.supervision.models import Evaluation, EvaluationLine, EvaluationRow
from tracker.supervision.scoring import PARTS, Figures, Line, score, summed
from tracker.tasks.moving import By, flush
from tracker.tasks.periods import period_named
from tracker.tasks.states import Forbidden

AT_ONCE = 5_000
FROZEN = "这个报告期在这一天已有评估，请直接查看。"


def weights_of(settings: InForce) -> dict[str, int]:
    return {part: getattr(settings, f"weight_{part}") for part in PARTS}


def freeze(
    office_id: int, period: str, as_of: date, by: By, *, weights: Mapping[str, int]
) -> Evaluation:
    """Count once and keep it: figures, the rows behind each of them, and the weights."""
    if as_of > by.day:
        raise Forbidden("截止日期不能晚于今天。")
    if period_named(period).starts > as_of:
        raise Forbidden("截止日期不能早于报告期开始的日期。")
    counted = evaluated.lines(office_id, period, as_of)
    if not counted:
        raise Forbidden("这个报告期没有应报事项，请选择其他报告期。")
    evaluation = Evaluation(
        office_id=office_id,
        period=period,
        as_of=as_of,
        weights=dict(weights),
        made_at=by.at,
        made_by=by.person_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(evaluation)
    except IntegrityError as error:
        raise Forbidden(FROZEN) from error
    _keep(evaluation, counted)
    return evaluation


def _keep(evaluation: Evaluation, counted: Sequence[Line]) -> None:
    lines = [{"evaluation_id": evaluation.id, **asdict(line)} for line in counted]
    for start in range(0, len(lines), AT_ONCE):
        db.session.execute(insert(EvaluationLine), lines[start : start + AT_ONCE])
    names = {row.id: row.name for row in db.session.execute(select(Unit.id, Unit.name))}
    rows = [
        {
            "evaluation_id": evaluation.id,
            "unit_id": unit_id,
            "role": role,
            "unit_name": names[unit_id],
            "score": score(figures, evaluation.weights),
            **asdict(figures),
        }
        for (unit_id, role), figures in by_unit(counted).items()
    ]
    db.session.execute(insert(EvaluationRow), rows)


def by_unit(counted: Iterable[Line]) -> dict[tuple[int, str], Figures]:
    def key(line: Line) -> tuple[int, str]:
        return line.unit_id, line.role

    return {who: summed(own) for who, own in groupby(sorted(counted, key=key), key=key)}


def show_to_units(evaluation: Evaluation, by: By) -> None:
    """From now on each unit sees its own figures and the median."""
    if evaluation.shown_at is not None:
        raise Forbidden("这次评估已向各单位公开。")
    evaluation.shown_at = by.at
    flush()


def differences(evaluation: Evaluation) -> int:
    """Count again from the events; how many rows would stand otherwise than they were frozen."""
    columns = [getattr(EvaluationLine, one.name) for one in fields(Line)]
    kept = select(*columns).where(EvaluationLine.evaluation_id == evaluation.id)
    frozen = {Line(**row) for row in db.session.execute(kept).mappings()}
    again = set(evaluated.lines(evaluation.office_id, evaluation.period, evaluation.as_of))
    return len({line.obligation_id for line in frozen ^ again}) + _rows_off(evaluation, again)


def _rows_off(evaluation: Evaluation, again: Iterable[Line]) -> int:
    """Of the unit rows, those whose figures or score do not follow from the lines."""
    query = select(EvaluationRow).where(EvaluationRow.evaluation_id == evaluation.id)
    kept = {(row.unit_id, row.role): row for row in db.session.scalars(query)}
    fresh = by_unit(again)
    return len(kept.keys() ^ fresh.keys()) + sum(
        not _is_same(kept[key], figures, evaluation.weights)
        for key, figures in fresh.items()
        if key in kept
    )


def _is_same(row: EvaluationRow, figures: Figures, weights: Mapping[str, int]) -> bool:
    told = {name: getattr(row, name) for name in asdict(figures)}
    return told == asdict(figures) and row.score == score(figures, weights)


def latest_period(day: date) -> str:
    """The last quarter that ended before the day: what an office would evaluate first."""
    quarter = (day.month - 1) // 3
    return f"{day.year}-Q{quarter}" if quarter else f"{day.year - 1}-Q4"
