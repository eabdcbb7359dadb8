"""The readings and drafts of the real documents, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.notices import ground
from tracker.notices.drafting import Draft
from tracker.notices.reading.document import Reading, read


@pytest.fixture(scope="session")
def readings(shared: Path) -> dict[str, Reading]:
    return {no: read(ground.source(shared, no).read_bytes()) for no in ground.SOURCES}


@pytest.fixture(scope="session")
def drafts(readings: dict[str, Reading]) -> dict[str, Draft]:
    """As they are drafted where all notices are tracked already."""
    known = ground.tracked()
    return {no: ground.drafted(reading, known) for no, reading in readings.items()}
