"""The state diagrams in README.md are those of the program."""

from __future__ import annotations

from tracker.config import ROOT
from tracker.coordinating import experience, states as matters
from tracker.delivery import states as delivery
from tracker.difficulties import states as difficulties
from tracker.operations import diagrams
from tracker.reports import parts, states as reports
from tracker.supervision import states as supervision
from tracker.tasks import states as tasks

# One state after each event; the obligation's table may name several.
TABLES = (
    reports.TRANSITIONS,
    tasks.TASK_TRANSITIONS,
    tasks.WAIVER_TRANSITIONS,
    tasks.DESIGNATION_TRANSITIONS,
    tasks.CALL_TRANSITIONS,
    parts.PART_TRANSITIONS,
    experience.CASE_TRANSITIONS,
    difficulties.TRANSITIONS,
    matters.EXTENSION_TRANSITIONS,
    matters.DISPUTE_TRANSITIONS,
    matters.CLOSING_TRANSITIONS,
    delivery.TRANSITIONS,
    supervision.URGE_TRANSITIONS,
    supervision.BULLETIN_TRANSITIONS,
)


def test_readme_shows_the_diagrams_as_the_program_moves() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert diagrams.BEGIN in readme
    assert readme == diagrams.put_into(readme), "run `make diagrams`"


def test_a_diagram_has_an_arrow_for_every_transition() -> None:
    arrows = sum(map(len, tasks.TRANSITIONS.values())) + sum(map(len, TABLES))
    assert diagrams.drawn().count("-->") == arrows
