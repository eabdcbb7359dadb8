"""`tracker bench import`: the project measures itself, on made-up data in its own folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from secrets import token_hex
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from sqlalchemy import insert

from tracker.app import create_app
from tracker.config import SEEDS, Settings
from tracker.db import db, writing
from tracker.notices import facts, handing_in, queries
from tracker.notices.drafting import draft
from tracker.notices.models import Measure, MeasureList, Notice
from tracker.notices.reviewing import reviewed
from tracker.operations import importing
from tracker.operations.initialising import initialise
from tracker.registry.queries import governments, roster
from tracker.tasks.models import Task
from tracker.tasks.states import LEAD, LOCAL, OPEN

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, tzinfo=UTC)
MEASURES, CITIES = 200, 20
TASKS = MEASURES * (1 + CITIES)
CONTENT = "推动事项落地见效。" * 20

INIT = "init on a fresh SQLite database"
READING, CHECKING = "reading and checking the documents", "checking the built-in facts"
FLOOR = f"floor: bulk insert of {MEASURES} measures and {TASKS:,} tasks"
IMPORT = f"import of {MEASURES} measures with {TASKS:,} tasks"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A median over the rounds, how many times its floor that is, and what went over the wire:
    for the page, and for it and all that it loads where nothing of it was kept yet.
    """

    what: str
    milliseconds: float
    ratio: float | None = None
    kilobytes: float | None = None
    first_kilobytes: float | None = None


def measure_import(*, sources: Path | None, rounds: int) -> list[Figure]:
    """Rounds are interleaved, so that a noisy minute falls on all figures alike."""
    taken: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder:
        for number in range(rounds):
            place = Path(folder) / str(number)
            for what, milliseconds in _round(place, sources):
                taken.setdefault(what, []).append(milliseconds)
    medians = {what: median(times) for what, times in taken.items()}
    return [_figure(what, medians) for what in medians]


def as_json(figures: list[Figure]) -> str:
    """What was not measured is left out; the ratio stays, whether there is a floor or not."""
    told = [asdict(figure) for figure in figures]
    for one in told:
        for name in ("kilobytes", "first_kilobytes"):
            if one[name] is None:
                del one[name]
    return json.dumps(told, indent=1)


def as_table(figures: list[Figure]) -> str:
    longest = max(len(figure.what) for figure in figures)
    return "\n".join(
        f"{figure.what:<{longest}}  {figure.milliseconds:>9.1f} ms"
        + (f"  {figure.ratio:.2f} × floor" if figure.ratio is not None else "")
        + (f"  {figure.kilobytes:.1f} KB" if figure.kilobytes is not None else "")
        + (f", first {figure.first_kilobytes:.1f} KB" if figure.first_kilobytes is not None else "")
        for figure in figures
    )


def _figure(what: str, medians: dict[str, float]) -> Figure:
    ratio = medians[IMPORT] / medians[FLOOR] if what == IMPORT else None
    return Figure(
        what=what,
        milliseconds=round(medians[what], 1),
        ratio=None if ratio is None else round(ratio, 2),
    )


def _round(place: Path, sources: Path | None) -> Iterator[tuple[str, float]]:
    place.mkdir()
    with _installation(place):
        yield INIT, _timed(_initialise)
        db.session.remove()
        yield READING if sources else CHECKING, _timed(lambda: _read_all(sources))
    for what, work in ((FLOOR, _insert_bare), (IMPORT, _import)):
        copied = place / what.split(maxsplit=1)[0]
        copied.mkdir()
        shutil.copy(place / "tracker.sqlite3", copied)
        with _installation(copied) as settings:
            yield what, _timed(work(settings))


@contextmanager
def _installation(folder: Path) -> Iterator[Settings]:
    settings = Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'tracker.sqlite3'}",
        secret_key=token_hex(),
        production=False,
    )
    with create_app(settings).app_context():
        yield settings
        db.session.remove()
        db.engine.dispose()


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _initialise() -> None:
    initialise(demonstration=False, on=DAY, sources=None, say=lambda _line: None)


def _read_all(sources: Path | None) -> None:
    """The documents where they are given, else the facts, which need no reading."""
    if sources is not None:
        for file in sorted(path for path in sources.iterdir() if path.is_file()):
            handing_in.draft_of(importing.bytes_of(file))
        return
    names, tracked = roster(), queries.tracked()
    for folder in sorted((SEEDS / "notices").iterdir()):
        reading = facts.load(folder).reading
        drafted = draft(reading, roster=names, tracked=tracked)
        reviewed(drafted, reading, roster=names, tracked=tracked)


def _import(settings: Settings) -> Callable[[], None]:
    """From a file on disk to the end of the transaction."""
    document = settings.instance / "made-up.txt"
    document.write_text(_document(), "utf-8")
    head = settings.instance / "notice.toml"
    head.write_text('short_title = "测量用"\n', "utf-8")

    def work() -> None:
        with writing():
            importing.confirm_file(document, on=DAY, at=NOW, notice=head)
            db.session.commit()

    return work


def _document() -> str:
    rows = "".join(
        f"{number}\t测量事项{number}\t{CONTENT}\t省税务局\t全省除深圳市以外的地区\n"
        for number in range(1, MEASURES + 1)
    )
    return f"测量用任务分工表\n\n序号\t事项\t主要内容\t牵头部门\t推广范围\n{rows}"


def _insert_bare(_settings: Settings) -> Callable[[], None]:
    """The same rows with nothing read, looked up or checked: what no import can undercut."""

    def work() -> None:
        with writing():
            notice = Notice(
                slug="floor", title="", short_title="", level="province", confirmed_on=DAY
            )
            db.session.add(notice)
            db.session.flush()
            listed = MeasureList(notice_id=notice.id, position=1, heading="", adoption="")
            db.session.add(listed)
            db.session.flush()
            _insert_rows(notice.id, listed.id)
            db.session.commit()

    return work


def _insert_rows(notice_id: int, list_id: int) -> None:
    measures = [_bare_measure(number, notice_id, list_id) for number in range(1, MEASURES + 1)]
    ids = db.session.scalars(insert(Measure).returning(Measure.id), measures).all()
    leads: list[tuple[int | None, int]] = [(None, roster().names["省税务局"].id)]
    owing = [*leads, *list(governments().items())[:CITIES]]
    tasks = [
        _bare_task(measure_id, notice_id, city_id, unit_id)
        for measure_id in ids
        for city_id, unit_id in owing
    ]
    db.session.execute(insert(Task), tasks)


def _bare_measure(number: int, notice_id: int, list_id: int) -> dict[str, Any]:
    return {
        "list_id": list_id,
        "notice_id": notice_id,
        "position": number,
        "no": str(number),
        "title": f"测量事项{number}",
        "content": CONTENT,
        "units_raw": "省税务局",
        "scope_state": "resolved",
    }


def _bare_task(
    measure_id: int, notice_id: int, city_id: int | None, unit_id: int
) -> dict[str, Any]:
    return {
        "measure_id": measure_id,
        "notice_id": notice_id,
        "unit_id": unit_id,
        "city_id": city_id,
        "role": LOCAL if city_id else LEAD,
        "position": 1,
        "printed": "省税务局",
        "state": OPEN,
        "allocated_on": DAY,
    }
