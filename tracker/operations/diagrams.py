"""State diagrams for README.md, drawn from the tables by which the program itself moves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tracker.coordinating import experience, states as matters
from tracker.delivery import states as delivery
from tracker.difficulties import states as difficulties
from tracker.reports import parts, states as reports
from tracker.supervision import states as supervision
from tracker.tasks import states as tasks

BEGIN, END = "<!-- diagrams: begin -->", "<!-- diagrams: end -->"

Moves = Mapping[tuple[str, str], tuple[str, ...]]


def drawn() -> str:
    """Every diagram in mermaid, as it stands between the markers."""
    filed = {key: (after,) for key, after in reports.TRANSITIONS.items()}
    sent = {key: (after,) for key, after in delivery.TRANSITIONS.items()}
    waived = {key: (after,) for key, after in tasks.WAIVER_TRANSITIONS.items()}
    collected = {key: (after,) for key, after in experience.CASE_TRANSITIONS.items()}
    parted = {key: (after,) for key, after in parts.PART_TRANSITIONS.items()}
    called = {key: (after,) for key, after in tasks.CALL_TRANSITIONS.items()}
    designated = {key: (after,) for key, after in tasks.DESIGNATION_TRANSITIONS.items()}
    tasked = {key: (after,) for key, after in tasks.TASK_TRANSITIONS.items()}
    drawings = [
        _diagram("Tasks 任务", tasks.LABELS, tasks.TASK_EVENTS, tasked),
        _diagram("Obligations 应报事项", tasks.OBLIGATIONS, tasks.EVENTS, tasks.TRANSITIONS),
        _diagram("Reports 报告", reports.STATES, reports.EVENTS, filed),
        _diagram("Waivers 免报", tasks.WAIVERS, tasks.WAIVER_EVENTS, waived),
        _diagram("Designations 指定", tasks.DESIGNATIONS, tasks.DESIGNATION_EVENTS, designated),
        _diagram("Calls 临时调度", tasks.CALLS, tasks.CALL_EVENTS, called),
        _diagram("Parts 协办材料", parts.PARTS, parts.PART_EVENTS, parted),
        _diagram("Cases 经验做法", experience.CASES, experience.CASE_EVENTS, collected),
        *_matters(),
        _diagram("Messages 消息", delivery.STATES, delivery.EVENTS, sent),
    ]
    return "\n\n".join(drawings)


def _matters() -> Iterator[str]:
    for title, names, events, moves in (
        (
            "Difficulties 需协调事项",
            difficulties.STATES,
            difficulties.EVENTS,
            difficulties.TRANSITIONS,
        ),
        (
            "Extensions 延期",
            matters.EXTENSIONS,
            matters.EXTENSION_EVENTS,
            matters.EXTENSION_TRANSITIONS,
        ),
        (
            "Disputes 归属异议",
            matters.DISPUTES,
            matters.DISPUTE_EVENTS,
            matters.DISPUTE_TRANSITIONS,
        ),
        ("Closings 销号", matters.CLOSINGS, matters.CLOSING_EVENTS, matters.CLOSING_TRANSITIONS),
        (
            "Urges 催办单",
            supervision.URGES,
            supervision.URGE_EVENTS,
            supervision.URGE_TRANSITIONS,
        ),
        (
            "Bulletins 通报",
            supervision.BULLETINS,
            supervision.BULLETIN_EVENTS,
            supervision.BULLETIN_TRANSITIONS,
        ),
    ):
        yield _diagram(title, names, events, {key: (after,) for key, after in moves.items()})


def _diagram(title: str, names: Mapping[str, str], events: Mapping[str, str], moves: Moves) -> str:
    lines = [f"### {title}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {state}: {word}" for state, word in names.items()]
    lines += [f"    {line}" for line in _arrows(events, moves)]
    return "\n".join([*lines, "```"])


def _arrows(events: Mapping[str, str], moves: Moves) -> Iterator[str]:
    for (state, event), afters in moves.items():
        for after in afters:
            yield f"{state} --> {after}: {events[event]}"


def put_into(readme: str) -> str:
    """The text with the diagrams between its markers."""
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    return between.sub(lambda _found: f"{BEGIN}\n{drawn()}\n{END}", readme)


def write(file: Path) -> None:
    file.write_text(put_into(file.read_text("utf-8")), "utf-8")
