"""Counters for programs that take every fall for a new beginning: they only rise, whatever happens."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socd_tui.store.counters import Counters, FinishedDay
from socd_tui.store.history import FILE, History
from tests.build import ago
from tests.unit.store.remembering import KEY, NOON, ORIGIN, TODAY, opened, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def counters(folder: Path) -> Counters:
    return opened(folder).counters()[KEY.id]


def daily(folder: Path) -> tuple[FinishedDay, ...]:
    return opened(folder).daily()[KEY.id]


def at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def test_counters_begin_on_the_first_day_and_have_today_so_far(folder: Path) -> None:
    hours = {at(ago(2), 9): 3, at(ago(2), 23): 2, at(TODAY, 8): 4}
    opened(folder).record([KEY], [told({ago(2): 500, ago(1): 70, TODAY: 30}, hours=hours)])
    expected = Counters(anchor=ago(2), requests=600, errors=60, throttled=9)
    assert counters(folder) == expected
    first, second = daily(folder)
    assert first == FinishedDay(
        date=ago(2),
        requests=500,
        errors=50,
        throttled=5,
        hours=(0, 0, 0, 0, 0, 0, 0, 0, 0, 3, *[0] * 13, 2),
    )
    assert (second.date, second.requests, second.throttled, second.hours) == (ago(1), 570, 5, (0,) * 24)


def test_days_before_the_anchor_that_are_told_later_do_not_make_it_jump(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(2): 500, ago(1): 70})])
    assert counters(folder).requests == 570
    opened(folder).record([KEY], [told({ago(n): 1000 for n in range(3, 80)}, window=90)])
    assert (counters(folder).requests, counters(folder).anchor) == (570, ago(2))
    assert [day.date for day in daily(folder)] == [ago(2), ago(1)]


def test_a_day_that_nobody_saw_is_made_up_for(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(3): 500, ago(1): 70})])
    assert counters(folder).requests == 570
    opened(folder).record([KEY], [told({ago(2): 5}, NOON + timedelta(hours=1))])
    assert counters(folder).requests == 575


def test_what_was_given_out_is_never_undercut_by_a_correction(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(2): 500, ago(1): 70})])
    assert counters(folder).requests == 570
    opened(folder).record([KEY], [told({ago(2): 300}, NOON + timedelta(hours=1))])
    held = counters(folder)
    assert (held.requests, held.errors) == (570, 57)
    assert daily(folder)[-1].requests == 370
    opened(folder).record([KEY], [told({TODAY: 150}, NOON + timedelta(hours=2))])
    assert counters(folder).requests == 570
    opened(folder).record([KEY], [told({TODAY: 250}, NOON + timedelta(hours=3))])
    assert counters(folder).requests == 620


def test_what_a_backfill_gave_out_is_not_undercut_either(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(2): 500, ago(1): 70})])
    assert daily(folder)[-1].requests == 570
    opened(folder).record([KEY], [told({ago(2): 300}, NOON + timedelta(hours=1))])
    assert counters(folder).requests == 570


def test_pruning_subtracts_nothing_and_days_told_again_add_nothing(folder: Path) -> None:
    answer = told({ago(n): 100 for n in range(1, 41)}, window=90)
    opened(folder).record([KEY], [answer])
    before, ends = counters(folder), daily(folder)
    assert opened(folder).prune(ago(10)) == 30
    assert counters(folder) == before
    assert daily(folder) == ends[30:]
    opened(folder).record([KEY], [answer])
    assert counters(folder) == before
    assert opened(folder).prune(ago(5)) == 35
    assert counters(folder) == before
    assert opened(folder).prune(ago(20)) == 0
    assert opened(folder).prune(TODAY) == 5
    assert counters(folder) == before
    assert daily(folder) == ()
    opened(folder).record([KEY], [told({TODAY: 7}, NOON + timedelta(hours=1))])
    assert counters(folder).requests == before.requests + 7


def test_429s_are_unknown_where_not_every_day_tells_them(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(2): 500}, hours={at(ago(2), 9): 3})])
    opened(folder).record([KEY], [told({ago(1): 70})])
    assert (counters(folder).requests, counters(folder).throttled) == (570, None)
    assert [day.throttled for day in daily(folder)] == [3, None]
    opened(folder).record([KEY], [told({ago(1): 70}, NOON + timedelta(hours=1), {at(ago(1), 9): 2})])
    assert counters(folder).throttled == 5
    opened(folder).prune(TODAY)
    assert counters(folder).throttled == 5


def test_429s_of_today_stay_when_a_newer_answer_does_not_tell_its_hours(folder: Path) -> None:
    opened(folder).record([KEY], [told({TODAY: 70}, hours={at(TODAY, 9): 3})])
    opened(folder).record([KEY], [told({TODAY: 80}, NOON + timedelta(minutes=1), throttled=5)])
    assert (counters(folder).requests, counters(folder).throttled) == (80, 3)


def test_a_key_gets_an_anchor_with_its_first_figures_and_not_before(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): None})])
    assert opened(folder).counters() == {}
    opened(folder).record([KEY], [told({ago(1): 5}, NOON + timedelta(hours=1))])
    opened(folder).record([KEY], [told({ago(3): 5})])
    assert counters(folder).anchor == ago(3)


def test_services_are_kept_apart(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    opened(folder, "http://127.0.0.1:8000").record([KEY], [told({ago(1): 6})])
    assert opened(folder).counters()[KEY.id].requests == 5
    assert opened(folder, "http://127.0.0.1:8000").counters()[KEY.id].requests == 6


def test_looking_for_counters_where_there_is_no_history_makes_none(folder: Path) -> None:
    assert opened(folder).counters() == {}
    assert opened(folder).daily() == {}
    assert not folder.exists()


@pytest.mark.parametrize(
    "damage",
    [
        "anchor = 'x'",
        "anchor = 9999999",
        "counted_from = anchor - 1",
        "pruned_requests = NULL",
        "pruned_errors = -1",
        "told_throttled = 1.5",
        "told_requests = x'00'",
    ],
)
def test_a_damaged_row_begins_anew(folder: Path, damage: str) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    before = counters(folder)
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.execute(f"UPDATE counter SET {damage}")
    assert counters(folder) == before


def test_damaged_days_add_nothing_and_endless_counts_are_no_error(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(2): 5, ago(1): 6})])
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.execute("UPDATE day SET requests = 'x' WHERE date = ?", (ago(2).toordinal(),))
    assert counters(folder).requests == 6
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.execute("UPDATE counter SET pruned_requests = ?", (2**63 - 1,))
    assert counters(folder).requests == 2**63 - 1


DAYS = st.dictionaries(st.integers(0, 9).map(ago), st.integers(0, 50), max_size=5)
STEPS = st.lists(DAYS | st.integers(0, 9).map(ago) | st.none(), max_size=8)


@settings(max_examples=25)
@given(STEPS)
def test_no_order_of_answers_corrections_and_pruning_makes_them_fall(
    steps: list[dict[date, int | None] | date | None],
) -> None:
    """A date prunes, None looks twice."""
    with tempfile.TemporaryDirectory() as name:
        history = History(Path(name), ORIGIN, clock=lambda: NOON + timedelta(hours=9))
        history.record([], [])
        with closing(
            sqlite3.connect(Path(name) / FILE)
        ) as open_too:  # else each step would write the log back
            open_too.execute("SELECT count(*) FROM day").fetchone()
            _never_fall(history, steps)


def _never_fall(history: History, steps: list[dict[date, int | None] | date | None]) -> None:
    least: Counters | None = None
    for number, step in enumerate(steps):
        if isinstance(step, date):
            history.prune(step)
        elif step is not None:
            history.record([KEY], [told(step, NOON + timedelta(hours=number))])
        found = history.counters().get(KEY.id)
        if least is not None:
            assert found is not None
            assert found.anchor == least.anchor
            assert found.requests >= least.requests
            assert (found.errors or 0) >= (least.errors or 0)
        requests = [day.requests for day in history.daily().get(KEY.id, ())]
        assert requests == sorted(requests)
        assert found == history.counters().get(KEY.id)
        least = found
