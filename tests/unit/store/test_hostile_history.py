"""A history that somebody has damaged or planted: it is read as far as it makes sense, and heals."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from socd_tui.analysis.known import prepare
from socd_tui.charts.canvas import Canvas
from socd_tui.charts.glyphs import FULL
from socd_tui.model.errors import StoreError
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.usage import Usage
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_keys
from socd_tui.store.history import FILE, History
from socd_tui.views.registry import views
from tests.account import TODAY, flat, key_id, key_row
from tests.clock import NOW, Clock

HOSTILE = (
    None, "", "x", b"", b"\x00\xff", -1, 0, 1, 2**31, 2**53 + 1, 2**63 - 1, 1e308, -1.5, 3652059, 3652058,
    719163, 253402300799, "[", '"a', '{"a": 1}', "9999-12-31",
)  # fmt: skip
COLUMNS = {
    "key": ("origin", "key_id", "name", "prefix"),
    "day": ("date", "seen_at", "requests", "errors", "hit_at", "throttled", "hours", "told"),
    "latency": ("days", "date", "seen_at", "requests", "avg_ms", "p50_ms", "p95_ms", "p99_ms"),
    "forecast": ("made_on", "target", "low", "middle", "high"),
    "fleet": ("data",),
}


def answers(at: datetime = NOW) -> list[Usage]:
    hours = [{"hour": f"{TODAY - timedelta(days=1)}T10:00:00Z", "count": 4}]
    sent = {
        days: flat([100] * days, [4] * days, rate_limit_hits_by_hour=hours, latency_p95_ms=20)
        for days in (1, 7, 90)
    }
    return [
        read_usage({"data": payload}, key_id(1), days, fetched_at=at, observed_at=at)
        for days, payload in sent.items()
    ]


def keys() -> tuple[ApiKey, ...]:
    return read_keys({"data": [key_row(1)]}).keys


def opened(folder: Path) -> History:
    return History(folder, "https://example.com", "me", clock=Clock())


def written(folder: Path) -> History:
    history = opened(folder)
    fleet = Fleet(
        keys=keys(), usages={(key_id(1), each.window.days): each for each in answers()}, listed_at=NOW
    )
    history.record(keys(), answers())
    history.note_forecast(key_id(1), TODAY - timedelta(days=9), TODAY - timedelta(days=2), 1.0, 2.0, 3.0)
    history.keep(fleet)
    return history


def drawn(history: History) -> None:
    """As the next start does it: everything that is remembered, in every view."""
    last = history.last() or Fleet()
    fleet = Fleet(keys=last.keys or keys(), usages=last.usages, listed_at=last.listed_at, past=history.past())
    history.summary()
    for days in (7, 180):
        known = prepare(fleet, Lens(days=days), Preferences(), None)
        for view in views():
            pane = view.build(known, Lens(days=days))
            pane.draw(Canvas(80, 24, FULL))
            pane.sheet()
            pane.json()


@pytest.mark.parametrize("table", COLUMNS)
def test_no_value_in_the_history_prevents_a_start_and_the_next_answer_heals_it(
    table: str, tmp_path: Path
) -> None:
    random = Random(table)
    for number in range(8):
        folder = tmp_path / f"{table}{number}"
        written(folder)
        with sqlite3.connect(folder / FILE) as db:
            for column in random.sample(COLUMNS[table], k=min(2, len(COLUMNS[table]))):
                db.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (random.choice(HOSTILE),))
        db.close()
        drawn(opened(folder))
        healed = opened(folder)
        healed.record(keys(), answers(NOW + timedelta(hours=1)))
        days = {day.date: day.requests for day, _ in healed.past()[key_id(1)].days}
        assert days[TODAY - timedelta(days=3)] == 100
        drawn(healed)


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_to_the_file_prevents_a_start(seed: int, tmp_path: Path) -> None:
    written(tmp_path)
    random, file = Random(seed), tmp_path / FILE
    data = bytearray(file.read_bytes())
    if seed % 3 == 0:
        del data[random.randrange(len(data)) :]
    for _ in range(random.choice((1, 20, 400)) if data else 0):
        data[random.randrange(len(data))] = random.randrange(256)
    file.write_bytes(data)
    with suppress(StoreError):  # one sentence, and nothing is remembered
        drawn(opened(tmp_path))
    written(tmp_path)
    drawn(opened(tmp_path))


def test_rows_that_are_left_out_are_told(tmp_path: Path) -> None:
    written(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE day SET requests = 'many' WHERE date = ?", (TODAY.toordinal() - 3,))
    db.close()
    history = opened(tmp_path)
    past = history.past()[key_id(1)]
    assert TODAY - timedelta(days=3) not in [day.date for day, _ in past.days]
    assert history.notices == ["The history has 1 unreadable row; newer answers replace what they can."]
