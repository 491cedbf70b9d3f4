"""What was observed is remembered once, whoever wrote it and in which order; nothing else is."""

from __future__ import annotations

import ast
import fcntl
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socd_tui import store
from socd_tui.model.errors import StoreError
from socd_tui.model.past import Foretold, Latency, Past, answered_rows, merged_days, observed_rows
from socd_tui.model.text import Text
from socd_tui.model.usage import Hour, Usage
from socd_tui.model.window import Window
from socd_tui.store.history import History
from tests.benchmarks.history_size import BOUND, api_key, grown
from tests.build import ago
from tests.cost import counted
from tests.fleets import demo
from tests.terminal.pseudo import ROOT
from tests.unit.store.remembering import KEY, NOON, ORIGIN, TODAY, opened, told

NAMES = ("history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm")


@pytest.fixture(autouse=True)
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def past(folder: Path) -> Past:
    return opened(folder).past().get(KEY.id, Past())


def foretold(history: History, key_id: str) -> tuple[int, int]:
    """How many of the key's forecasts came true, and of how many."""
    return history.past().get(key_id, Past()).foretold


def requests(folder: Path) -> dict[date, int | None]:
    return {day.date: day.requests for day, _ in past(folder).days}


def parts(past: Past) -> tuple[object, ...]:
    return past.days, past.hours, past.latencies


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o7777


# --- what is remembered ----------------------------------------------------------------------------


def test_what_an_answer_told_is_remembered_by_the_next_run(folder: Path) -> None:
    hour = datetime.combine(ago(2), time(9), UTC)
    usage = replace(told({ago(2): 500, ago(1): 700}, hours={hour: 3}), requests=1200, p95_ms=250, p50_ms=12.5)
    assert opened(folder).record([KEY], [usage]) == []
    found = past(folder)
    assert [*observed_rows(found.days)] == [*answered_rows(usage)]
    assert found.hours == usage.hours
    assert found.latencies == (
        Latency(date=TODAY, days=7, requests=1200, avg_ms=None, p50_ms=12.5, p95_ms=250, p99_ms=None),
    )


def test_the_demo_accounts_answers_are_remembered_as_they_were(folder: Path) -> None:
    fleet = demo()
    opened(folder).record(fleet.keys, fleet.usages.values())
    found = opened(folder).past()
    for (key_id, _), answer in fleet.usages.items():
        assert [*observed_rows(found[key_id].days)] == [*answered_rows(answer)]
        assert list(found[key_id].hours) == [hour for hour in answer.hours or () if hour.throttled]
    assert set(opened(folder).past([fleet.keys[0].id])) == {fleet.keys[0].id}


def test_the_newer_observation_of_a_day_wins_whichever_is_written_first(folder: Path, tmp_path: Path) -> None:
    answers = [told({TODAY: 10}, NOON), told({TODAY: 30}, NOON + timedelta(hours=2))]
    for number, order in enumerate((answers, answers[::-1])):
        for answer in order:
            opened(tmp_path / str(number)).record([KEY], [answer])
        assert requests(tmp_path / str(number)) == {TODAY: 30}


def test_what_a_newer_answer_leaves_unsaid_stays(folder: Path) -> None:
    hour = datetime.combine(ago(1), time(9), UTC)
    opened(folder).record([KEY], [told({ago(2): 5, ago(1): 70}, hours={hour: 7})])
    opened(folder).record([KEY], [told({ago(2): None, ago(1): 70}, NOON + timedelta(hours=1))])
    assert requests(folder) == {ago(2): 5, ago(1): 70}
    assert [day.throttled for day, _ in past(folder).days] == [0, 7]
    assert past(folder).hours == (Hour(hour, 7),)


def test_a_day_that_is_told_again_is_as_new_as_the_answer_and_no_other_is(folder: Path) -> None:
    days: dict[date, int | None] = {ago(n): 10 * n for n in range(1, 7)}
    opened(folder).record([KEY], [told(days)])
    later = NOON + timedelta(hours=1)
    again = {on: n for on, n in days.items() if on != ago(3)}
    opened(folder).record([KEY], [told(again, later), told({ago(1): 10}, later - timedelta(minutes=5))])
    assert requests(folder) == days
    assert [at for _, at in past(folder).days] == [NOON if on == ago(3) else later for on in sorted(days)]


@pytest.mark.parametrize(("seen_at", "hit_at"), [("9e15", "'never'"), ("1.5", "1e12"), ("'x'", "NULL")])
@pytest.mark.parametrize("hours", [None, {}])
def test_a_moment_out_of_all_reason_gives_way_when_its_day_is_told_again(
    folder: Path, hours: dict[datetime, int] | None, seen_at: str, hit_at: str
) -> None:
    opened(folder).record([KEY], [told({ago(2): 5, ago(1): 6})])
    edited(folder, f"UPDATE day SET seen_at = {seen_at}, hit_at = {hit_at}")
    later = NOON + timedelta(hours=1)
    opened(folder).record([KEY], [told({ago(2): 5, ago(1): 6}, later, hours=hours)])
    assert [at for _, at in past(folder).days] == [later, later]


def test_a_list_of_hours_that_was_cut_short_does_not_replace_a_whole_one(folder: Path) -> None:
    first, second = (datetime.combine(ago(1), time(hour), UTC) for hour in (9, 10))
    opened(folder).record([KEY], [told({ago(1): 70}, hours={first: 7, second: 1})])
    opened(folder).record([KEY], [told({ago(1): 70}, NOON + timedelta(hours=1), {first: 7}, throttled=8)])
    assert past(folder).days[0].day.throttled == 8
    assert past(folder).hours == (Hour(first, 7), Hour(second, 1))


def test_429s_counted_before_a_day_was_over_do_not_stand_beside_its_final_requests(folder: Path) -> None:
    hour = datetime.combine(TODAY, time(9), UTC)
    opened(folder).record([KEY], [told({TODAY: 70}, hours={hour: 7})])
    assert past(folder).days[0].day.throttled == 7
    opened(folder).record([KEY], [told({TODAY: 200}, NOON + timedelta(days=1))])
    assert (past(folder).days[0].day.requests, past(folder).days[0].day.throttled) == (200, None)
    assert past(folder).hours == (Hour(hour, 7),)


def test_a_gap_stays_a_gap(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(9): 5, ago(3): 0})])
    assert requests(folder) == {ago(9): 5, ago(3): 0}
    summary = opened(folder).summary()
    assert (summary.keys, summary.days, summary.gaps) == (1, 2, 5)
    assert (summary.first, summary.last) == (ago(9), ago(3))


def test_days_ahead_of_the_service_or_out_of_all_reason_are_not_remembered(folder: Path) -> None:
    sane = [date(2000, 1, 1), ago(1), TODAY]
    absurd = [date(1999, 12, 31), date.min, TODAY + timedelta(days=1), date.max]
    opened(folder).record([KEY], [told(dict.fromkeys([*sane, *absurd], 1))])
    assert list(requests(folder)) == sane


def test_a_service_whose_clock_is_far_ahead_cannot_overrule_what_comes_later(folder: Path) -> None:
    ahead = replace(told({ago(1): 999}), observed_at=NOON + timedelta(days=400))
    opened(folder).record([KEY], [ahead])
    opened(folder).record([KEY], [told({ago(1): 5})])
    assert requests(folder) == {ago(1): 5}


def test_a_finished_day_that_now_counts_less_is_said_once(folder: Path) -> None:
    assert opened(folder).record([KEY], [told({date(2026, 11, 12): 5102})]) == []
    for hours, said in ((1, 1), (2, 0)):
        answer = told({date(2026, 11, 12): 4900}, NOON + timedelta(hours=hours))
        assert (
            opened(folder).record([KEY], [answer])
            == ["Production SIEM#zIc8: 12 Nov counted 5,102 requests, now 4,900; the newer figure is kept."][
                :said
            ]
        )
    assert requests(folder) == {date(2026, 11, 12): 4900}


def test_many_finished_days_that_now_count_less_are_one_sentence(folder: Path) -> None:
    other = replace(KEY, id="other")
    once: dict[date, int | None] = {ago(n): 100 for n in range(1, 61)}
    now: dict[date, int | None] = dict.fromkeys(once, 99)
    for counts, at in ((once, NOON), (now, NOON + timedelta(hours=1))):
        both = [told(counts, at, window=90), replace(told(counts, at, window=90), key_id="other")]
        said = opened(folder).record([KEY, replace(other, name=Text("Other"))], both)
    first, last = ago(60), ago(1)
    days = f"{first.day} {first:%b} to {last.day} {last:%b}"
    assert said == [
        f"2 keys: 120 days, {days}, counted 12,000 requests, now 11,880; the newer figures are kept."
    ]


def test_answers_that_contradict_each_other_in_turn_are_said_once(folder: Path) -> None:
    said: list[str] = []
    for minute, count in enumerate((5102, 4900, 5102, 4900, 4950)):
        answer = told({ago(3): count}, NOON + timedelta(minutes=minute))
        said += opened(folder).record([KEY], [answer]) or []
    assert len(said) == 1


def test_the_day_a_rolling_window_begins_in_is_not_remembered(folder: Path) -> None:
    """Its figures are only those after the window's first moment."""
    begins = ago(7)
    first, second = (datetime.combine(begins, time(hour), UTC) for hour in (9, 20))
    whole = told({begins: 1000, ago(6): 1000}, hours={first: 7, second: 2}, window=90)
    cut = told({begins: 400, ago(6): 1000}, NOON + timedelta(minutes=1), {second: 2})
    cut = replace(cut, window=Window(7, begins, TODAY, "period"))
    assert opened(folder).record([KEY], [whole]) == []
    assert opened(folder).record([KEY], [cut]) == []
    assert requests(folder) == {begins: 1000, ago(6): 1000}
    assert past(folder).hours == (Hour(first, 7), Hour(second, 2))


def test_a_day_that_was_not_over_may_count_less_without_a_word(folder: Path) -> None:
    opened(folder).record([KEY], [told({TODAY: 100})])
    assert opened(folder).record([KEY], [told({TODAY: 90}, NOON + timedelta(hours=1))]) == []


def test_only_windows_that_are_compared_keep_their_percentiles_the_newest_of_a_date(folder: Path) -> None:
    for hours, p95 in ((0, 100.0), (3, 300.0), (2, 200.0), (-24, 50.0)):
        for window in (1, 7, 14, 30, 90):
            answer = told({}, NOON + timedelta(hours=hours), window=window)
            opened(folder).record([KEY], [replace(answer, p95_ms=p95 + window)])
    opened(folder).record([KEY], [told({}, NOON + timedelta(hours=5))])
    found = [(each.date, each.days, each.p95_ms) for each in past(folder).latencies]
    assert found == [(ago(1), n, 50.0 + n) for n in (1, 7, 30)] + [(TODAY, n, 300.0 + n) for n in (1, 7, 30)]


def test_hours_and_response_times_cost_nothing_until_somebody_looks_at_them(folder: Path) -> None:
    """With those of three years and 50 keys a look back would take ten times as long."""
    hours = {datetime.combine(ago(n), time(hour), UTC): 3 for n in range(1, 90) for hour in range(24)}
    answer = told({ago(n): 100 for n in range(1, 90)}, window=90, hours=hours)
    opened(folder).record([KEY], [answer])
    opened(folder).record([KEY], [replace(told({}, window=30), p95_ms=9.5)])
    history = opened(folder)
    found, calls = counted(history.past)
    assert calls < 10 * len(found[KEY.id].days)
    assert len(found[KEY.id].hours) == len(hours)
    assert [each.p95_ms for each in found[KEY.id].latencies] == [9.5]
    later = history.past()[KEY.id].latencies
    (folder / NAMES[0]).write_bytes(b"no history" * 1000)
    assert later == ()


def test_services_are_kept_apart(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    other = opened(folder, "http://127.0.0.1:8000")
    assert other.past() == {}
    assert other.summary().keys == 0
    other.record([KEY], [told({ago(1): 6})])
    assert other.prune(TODAY) == 1
    assert requests(folder) == {ago(1): 5}


def test_foreign_names_and_endless_counts_are_taken_as_they_come(folder: Path) -> None:
    key = replace(KEY, name=Text("\x1b[2J\ud800\0"), prefix=Text("日本"))
    hours = {datetime.combine(ago(1), time(hour), UTC): 2**62 for hour in range(24)}
    opened(folder).record([key], [told({ago(1): 10**12}, hours=hours)])
    assert opened(folder).summary().per_key[0].key == key
    assert sum(hour.throttled for hour in past(folder).hours) == 24 * 2**62
    assert past(folder).days[0].day.requests == 10**12


# --- in any order ----------------------------------------------------------------------------------

COUNTS = st.none() | st.integers(0, 3)
MOMENTS = st.integers(0, 4 * 24).map(lambda hour: NOON - timedelta(days=2) + timedelta(hours=hour))


@st.composite
def answers(draw: st.DrawFn) -> Usage:
    at = draw(MOMENTS)
    days = st.sampled_from([ago(n) for n in range(-2, 4)])
    starts = st.builds(lambda day, hour: datetime.combine(day, time(hour), UTC), days, st.integers(0, 2))
    usage = told(
        draw(st.dictionaries(days, COUNTS, max_size=4)),
        at,
        draw(st.none() | st.dictionaries(starts, st.integers(0, 3), max_size=3)),
        window=draw(st.sampled_from([1, 7, 30])),
        throttled=draw(st.none() | st.integers(0, 4)),
    )
    return replace(usage, requests=draw(COUNTS), avg_ms=draw(COUNTS), p99_ms=draw(COUNTS))


@settings(max_examples=60)
@given(st.data())
def test_any_order_of_recording_the_same_gives_the_same_past(data: st.DataObject) -> None:
    """Also when some answers come together and some twice."""
    told_in_turn = data.draw(st.lists(answers(), min_size=1, max_size=5))
    mixed = data.draw(st.permutations([*told_in_turn, told_in_turn[0]]))
    cut = data.draw(st.integers(0, len(mixed)))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        for usage in told_in_turn:
            opened(Path(one)).record([KEY], [usage])
        for some in (mixed[:cut], mixed[cut:]):
            opened(Path(other)).record([KEY], some)
        assert parts(past(Path(one))) == parts(past(Path(other)))


@settings(max_examples=60)
@given(st.lists(answers(), min_size=1, max_size=5, unique_by=lambda usage: usage.observed_at))
def test_counts_are_what_the_model_makes_of_the_same_answers(usages: list[Usage]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened(Path(folder)).record([KEY], usages)
        found = {day.date: day for day, _ in past(Path(folder)).days}
    sane = (
        each
        for usage in usages
        for each in answered_rows(usage)
        if each[1] <= (usage.observed_at + timedelta(days=2)).toordinal()
    )
    expected = merged_days(sane)
    assert list(found) == [each.date for each in expected]
    for each in expected:
        if each.requests is not None:
            assert found[each.date]._replace(throttled=None) == each._replace(throttled=None)


@settings(max_examples=60)
@given(st.dictionaries(st.integers(0, 23), st.integers(0, 2**10) | st.integers(0, 2**53), min_size=1))
def test_hours_come_back_whatever_they_count_and_none_that_was_not_sent(counts: dict[int, int]) -> None:
    hours = {datetime.combine(ago(1), time(hour), UTC): n for hour, n in counts.items()}
    usage = told({ago(1): 5}, hours=hours)
    with tempfile.TemporaryDirectory() as folder:
        opened(Path(folder)).record([KEY], [usage])
        assert past(Path(folder)).hours == usage.hours


# --- what a forecast was worth ---------------------------------------------------------------------


def test_forecasts_are_judged_by_the_days_that_came_out(folder: Path) -> None:
    history = opened(folder)
    made = ago(5)
    for target, low, high in (
        (ago(4), 5, 10),
        (ago(3), 5, 10),
        (ago(2), 5, 10),
        (TODAY, 5, 10),
        (ago(1), 0, 1),
    ):
        history.record(forecasts=[Foretold(KEY.id, made, target, low, 7, high)])
    assert foretold(history, KEY.id) == (0, 0)
    history.record([KEY], [told({ago(4): 10, ago(3): 11, ago(2): None, TODAY: 7})])
    assert foretold(history, KEY.id) == (1, 2)
    assert foretold(history, "another key") == (0, 0)
    assert foretold(opened(folder, "http://127.0.0.1:1"), KEY.id) == (0, 0)


def test_what_was_forecast_first_on_a_day_stays(folder: Path) -> None:
    opened(folder).record(forecasts=[Foretold(KEY.id, ago(5), ago(1), 5, 7, 10)])
    opened(folder).record(forecasts=[Foretold(KEY.id, ago(5), ago(1), 50, 70, 100)])
    opened(folder).record(forecasts=[Foretold(KEY.id, ago(5), ago(1), float("nan"), 70, float("inf"))])
    opened(folder).record(forecasts=[Foretold(KEY.id, ago(4), ago(1), 50, 70, 100)])
    opened(folder).record([KEY], [told({ago(1): 8})])
    assert foretold(opened(folder), KEY.id) == (1, 2)


def test_forecasts_are_kept_for_120_days(folder: Path) -> None:
    for made_on in (ago(121), ago(120), TODAY):
        opened(folder).record(forecasts=[Foretold(KEY.id, made_on, ago(100), 5, 7, 10)])
    opened(folder).record([KEY], [told({ago(100): 8})])
    assert foretold(opened(folder), KEY.id) == (2, 2)


# --- the last known Fleet --------------------------------------------------------------------------


def test_the_last_fleet_is_opened_again_by_the_same_account_only(folder: Path) -> None:
    opened(folder).record(fleet=replace(demo(), keys=()))
    opened(folder).record(fleet=demo())
    found = opened(folder).last()
    assert found is not None
    assert found.keys == demo().keys
    assert opened(folder, account="you").last() is None
    assert opened(folder, "http://127.0.0.1:1").last() is None


def test_while_the_account_is_unknown_nothing_is_kept(folder: Path) -> None:
    opened(folder, account="").record(fleet=demo())
    assert opened(folder, account="").last() is None
    assert not folder.exists()


def test_a_kept_fleet_that_cannot_be_read_is_none_and_told(folder: Path) -> None:
    opened(folder).record(fleet=demo())
    edited(folder, "UPDATE fleet SET data = x'00'")
    history = opened(folder)
    assert history.last() is None
    assert history.notices == [
        "The history's figures of the last run cannot be read; newer answers replace them."
    ]


def test_a_kept_fleet_of_the_day_after_tomorrow_is_none(folder: Path) -> None:
    """It would be newer than every answer to come."""
    opened(folder).record(fleet=replace(demo(), listed_at=NOON + timedelta(days=3)))
    assert opened(folder).last() is None


# --- what is left out -------------------------------------------------------------------------------


def test_rows_that_are_left_out_are_told_until_the_next_answer_takes_their_place(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(2): 5, ago(1): 6}), told({ago(80): 4}, window=90)])
    edited(
        folder,
        f"UPDATE day SET requests = 'many' WHERE date = {ago(80).toordinal()}",
        f"UPDATE day SET date = 9999999 WHERE date = {ago(2).toordinal()}",
        "INSERT INTO latency VALUES (1, 'x', CAST(x'ff' AS TEXT), 0, 0, 0, 0, 0, 0)",
    )
    history = opened(folder)
    assert [day.date for day, _ in history.past()[KEY.id].days] == [ago(1)]
    assert history.notices == ["The history has 3 unreadable rows; newer answers replace what they can."]
    history.record([KEY], [told({ago(1): 7})])
    healed = opened(folder)
    assert healed.past()[KEY.id].days
    assert healed.notices == []


def test_hours_of_more_bytes_than_a_count_has_are_left_out(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 6}, hours={datetime.combine(ago(1), time(9), UTC): 3})])
    edited(folder, "UPDATE day SET hours = randomblob(240000)")
    assert past(folder).hours == ()


def test_a_text_that_is_none_costs_its_key_and_no_other(folder: Path) -> None:
    other = replace(KEY, id="00000000-0000-4000-8000-000000000002")
    opened(folder).record([KEY, other], [told({ago(1): 6})])
    edited(folder, f"UPDATE key SET name = CAST(x'22ff22' AS TEXT) WHERE key_id = '\"{other.id}\"'")
    assert opened(folder).past()[KEY.id].days


# --- forgetting ------------------------------------------------------------------------------------


def test_pruned_days_are_gone_and_the_file_shrinks(folder: Path) -> None:
    hours = {datetime.combine(ago(n), time(h), UTC): 1000 for n in range(1, 800) for h in range(24)}
    answer = told({ago(n): 5 for n in range(1, 800)}, hours=hours)
    opened(folder).record([KEY], [answer, replace(answer, p50_ms=1.0)])
    opened(folder).record(forecasts=[Foretold(KEY.id, ago(90), ago(80), 1, 5, 9)])
    before = opened(folder).summary().bytes_on_disk
    assert opened(folder).prune(ago(10)) == 789
    summary = opened(folder).summary()
    assert (summary.days, summary.first) == (10, ago(10))
    assert summary.bytes_on_disk < before / 2
    assert foretold(opened(folder), KEY.id) == (0, 0)
    assert opened(folder).prune(ago(10)) == 0


# --- the file --------------------------------------------------------------------------------------


def test_looking_makes_no_file(folder: Path) -> None:
    history = opened(folder)
    assert history.past() == {}
    assert history.summary().keys == history.summary().bytes_on_disk == 0
    assert history.last() is None
    assert history.prune(TODAY) == 0
    assert foretold(history, KEY.id) == (0, 0)
    assert not folder.exists()


def test_looking_at_what_is_damaged_or_gone_makes_no_file_either(folder: Path) -> None:
    history = opened(folder)
    for spoiled in (spoil, lambda folder: (folder / NAMES[0]).unlink()):
        history.record([KEY], [told({ago(1): 5})])
        spoiled(folder)
        for look in (opened(folder).past, opened(folder).summary, opened(folder).last):
            look()
            assert not (folder / NAMES[0]).exists()


def test_everything_is_private_while_it_is_written_and_after(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    assert mode(folder) == 0o700
    assert mode(folder / NAMES[0]) == 0o600
    with sqlite3.connect(folder / NAMES[0]) as held:
        assert held.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        opened(folder).record([KEY], [told({ago(2): 5})])
        assert {path.name: mode(path) for path in folder.iterdir()} == dict.fromkeys(NAMES, 0o600)
    held.close()


def test_a_loose_history_is_tightened_and_told_once(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    folder.chmod(0o755)
    (folder / NAMES[0]).chmod(0o644)
    history = opened(folder)
    history.past()
    history.past()
    assert [mode(folder), mode(folder / NAMES[0])] == [0o700, 0o600]
    assert len(history.notices) == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_symbolic_link_is_refused_not_followed(folder: Path, tmp_path: Path, name: str) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "target")
    for use in (opened(folder).past, lambda: opened(folder).record([KEY], [])):
        with pytest.raises(StoreError, match="symbolic link"):
            use()
    assert not (tmp_path / "target").exists()


def test_a_file_with_a_second_name_is_neither_used_nor_changed(folder: Path, tmp_path: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    (folder / NAMES[0]).rename(tmp_path / "victim")
    (folder / NAMES[0]).hardlink_to(tmp_path / "victim")
    (tmp_path / "victim").chmod(0o644)
    before = (tmp_path / "victim").read_bytes()
    with pytest.raises(StoreError, match="second name"):
        opened(folder).record([KEY], [told({ago(1): 6})])
    assert ((tmp_path / "victim").read_bytes(), mode(tmp_path / "victim")) == (before, 0o644)


def test_what_is_no_plain_file_is_refused(folder: Path) -> None:
    for make in (Path.mkdir, os.mkfifo):
        (folder).mkdir(exist_ok=True)
        make(folder / NAMES[0])
        with pytest.raises(StoreError, match="not a plain file"):
            opened(folder).past()
        (folder / NAMES[0]).rename(folder / "away")
        (folder / "away").rename(folder.parent / make.__name__)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_history_is_refused(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    os.chown(folder / NAMES[0], 54321, -1)
    with pytest.raises(StoreError, match="another user"):
        opened(folder).past()


def edited(folder: Path, *statements: str) -> None:
    with sqlite3.connect(folder / NAMES[0]) as db:
        for statement in statements:
            db.execute(statement)
    db.close()


def spoil(folder: Path) -> None:
    path = folder / NAMES[0]
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)


@pytest.mark.parametrize(
    "spoiled",
    [
        spoil,
        lambda folder: (folder / NAMES[0]).write_bytes(b"not a database" * 1000),
        lambda folder: os.truncate(folder / NAMES[0], 5000),
        lambda folder: edited(folder, "PRAGMA user_version = 1"),
        lambda folder: edited(folder, "DROP TABLE day", "CREATE TABLE day (other TEXT)"),
        lambda folder: edited(folder, "CREATE TABLE bomb (a CHECK (length(randomblob(900000000)) > 0))"),
        lambda folder: edited(folder, "CREATE TRIGGER t AFTER INSERT ON day BEGIN DELETE FROM key; END"),
        lambda folder: edited(folder, "CREATE VIEW v AS SELECT 1"),
    ],
    ids=["spoiled", "text", "cut", "no such version", "foreign", "costly", "trigger", "view"],
)
def test_what_is_no_history_moves_aside_and_the_program_goes_on(
    folder: Path, spoiled: Callable[[Path], object]
) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    spoiled(folder)
    was = (folder / NAMES[0]).read_bytes()
    history = opened(folder)
    assert history.past() == {}
    assert len(history.notices) == 1
    assert "starts anew" in history.notices[0]
    history.record([KEY], [told({ago(1): 6})])
    assert requests(folder) == {ago(1): 6}
    (aside,) = folder.glob("history-corrupt-*Z.sqlite3")
    assert str(aside) in history.notices[0]
    assert aside.read_bytes() == was


def test_three_damaged_histories_are_kept_the_newest(folder: Path) -> None:
    folder.mkdir()
    for second in range(5):
        (folder / NAMES[0]).write_text(f"damaged {second}")
        (folder / NAMES[1]).write_text("its log")
        moment = NOON + timedelta(seconds=second)
        History(folder, ORIGIN, clock=partial(datetime.fromtimestamp, moment.timestamp(), UTC)).past()
    kept = sorted(path.read_text() for path in folder.glob("history-corrupt-*.sqlite3"))
    assert kept == ["damaged 2", "damaged 3", "damaged 4"]
    assert len(list(folder.glob("history-corrupt-*"))) <= 6


def test_damage_in_mid_run_is_a_sentence_then_moved_aside(folder: Path) -> None:
    history = opened(folder)
    history.record([KEY], [told({ago(1): 5})])
    spoil(folder)
    with pytest.raises(StoreError, match="is damaged"):
        history.past()
    assert history.past() == {}
    assert history.notices


def test_a_history_that_was_deleted_meanwhile_is_made_anew(folder: Path) -> None:
    history = opened(folder)
    history.record([KEY], [told({ago(1): 5})])
    (folder / NAMES[0]).unlink()
    assert history.past() == {}
    history.record([KEY], [told({ago(2): 5})])
    assert requests(folder) == {ago(2): 5}
    assert mode(folder / NAMES[0]) == 0o600


def test_while_another_program_holds_it_the_sentence_says_so(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    history = History(folder, ORIGIN, clock=lambda: NOON, busy_s=0.05)
    with closing(sqlite3.connect(folder / NAMES[0], isolation_level=None)) as held:
        held.execute("BEGIN IMMEDIATE")
        assert list(history.past()) == [KEY.id], "reading goes on"
        with pytest.raises(StoreError, match="in use"):
            history.record([KEY], [told({ago(1): 6})])
    assert requests(folder) == {ago(1): 5}


def test_a_stopped_program_that_holds_the_folder_is_not_waited_for_without_end(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    history = History(folder, ORIGIN, clock=lambda: NOON, busy_s=0.05)
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(StoreError, match="in use"):
        history.past()
    os.close(held)
    assert list(history.past()) == [KEY.id]


def test_a_history_without_end_moves_aside_unread(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    os.truncate(folder / NAMES[0], 5 << 30)
    history = opened(folder)
    assert history.past() == {}
    assert "was larger than 4 GiB" in history.notices[0]


def test_the_log_of_a_file_that_a_kill_kept_from_moving_aside_is_not_left(folder: Path) -> None:
    folder.mkdir()
    (folder / "history-corrupt-20260101T000000000000Z.sqlite3-wal").write_text("left")
    (folder / NAMES[0]).write_text("damaged")
    opened(folder).past()
    assert len(list(folder.glob("history-corrupt-*"))) == 1


PROLOGUE = """
import os, sys
from datetime import timedelta
from pathlib import Path
from socd_tui.model.errors import StoreError
from tests.unit.store.test_history import *
folder = Path(sys.argv[1])
"""


def python(code: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROLOGUE + code, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_disk_that_fills_up_leaves_what_was_there(folder: Path) -> None:
    opened(folder).record([KEY], [told({ago(1): 5})])
    code = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try: opened(folder).record([KEY], [told({ago(n): n for n in range(1, 9000)})])
except StoreError as error: print(error.message, "|", error.next_step)
"""
    with python(code, folder) as run:
        out, _ = run.communicate()
    assert str(folder) in out
    assert out.rpartition("|")[2].strip()
    assert requests(folder) == {ago(1): 5}


def test_a_folder_that_cannot_be_written_is_a_sentence() -> None:
    # Not in pytest's own folder, which each session that starts closes to all other users.
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "data"
        folder.mkdir(mode=0o500)
        if os.geteuid() == 0:
            os.chown(folder, 54321, 54321)
        code = """
if os.geteuid() == 0: os.setuid(54321)
try: opened(folder).record([KEY], [told({ago(1): 5})])
except StoreError as error: print(error)
"""
        with python(code, folder) as run:
            out, _ = run.communicate()
    assert "could not be used: Permission denied. Check who may write there" in out


def test_processes_and_threads_recording_at_once_lose_nothing(folder: Path) -> None:
    """They all start on a file that is not there yet."""
    code = """
number = int(sys.stdin.readline())
for n in range(20):
    opened(folder).record([KEY], [told({ago(1 + 20 * number + n): n})])
"""
    writers = [python(code, folder) for _ in range(4)]
    for number, writer in enumerate(writers):
        assert writer.stdin is not None
        writer.stdin.write(f"{number}\n")
        writer.stdin.flush()
    history = opened(folder)

    def write(number: int) -> None:
        for n in range(20):
            history.record([KEY], [told({ago(1 + 20 * number + n): n})])

    threads = [threading.Thread(target=write, args=(number,)) for number in (4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert requests(folder) == {ago(1 + n): n % 20 for n in range(120)}
    assert history.notices == []


def test_processes_that_find_one_damaged_file_move_it_aside_once(folder: Path) -> None:
    folder.mkdir()
    (folder / NAMES[0]).write_bytes(b"not a database" * 1000)
    code = "number = int(sys.stdin.readline()); opened(folder).record([KEY], [told({ago(1 + number): 5})])"
    writers = [python(code, folder) for _ in range(4)]
    for number, writer in enumerate(writers):
        assert writer.stdin is not None
        writer.stdin.write(f"{number}\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert requests(folder) == {ago(1 + n): 5 for n in range(4)}
    assert len(list(folder.glob("history-corrupt-*.sqlite3"))) == 1


def test_a_writer_killed_in_mid_transaction_takes_nothing_committed_with_it(folder: Path) -> None:
    """Its changes had already reached the log when it died."""
    counts: dict[date, int | None] = {ago(n): n for n in range(2000)}
    opened(folder).record([KEY], [told(counts)])
    code = """
db = sqlite3.connect(folder / NAMES[0], isolation_level=None)
db.execute("PRAGMA cache_size = 2")
db.execute("BEGIN IMMEDIATE")
db.execute("UPDATE day SET requests = -1")
db.execute("DELETE FROM key")
os.write(1, b"written\\n")
sys.stdin.readline()
"""
    with python(code, folder) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        assert (folder / NAMES[1]).stat().st_size > 0
        writer.send_signal(signal.SIGKILL)
    history = opened(folder)
    assert history.record([KEY], []) == []
    assert requests(folder) == counts
    assert history.notices == []


def test_a_kill_at_any_moment_leaves_all_that_was_recorded(folder: Path) -> None:
    code = """
for n in range(2000):
    opened(folder).record([KEY], [told({ago(n): n})])
    os.write(1, b"\\n")
"""
    chance = random.Random(20261122)
    for _ in range(4):
        with python(code, folder) as writer:
            assert writer.stdout is not None
            done = chance.randrange(1, 30)
            for _ in range(done):
                writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)
        found = requests(folder)
        assert {ago(n): n for n in range(done)}.items() <= found.items()
        assert all(ago(count or 0) == day for day, count in found.items())


def test_three_years_of_fifty_keys_fit_in_20_mb(folder: Path) -> None:
    """Extrapolated from two keys over 150 days; `tests/benchmarks/history_size.py` grows all of it."""
    keys = [api_key(n) for n in range(2)]
    grown(opened(folder), keys, 30)
    before = opened(folder).summary().bytes_on_disk
    shutil.rmtree(folder)
    grown(opened(folder), keys, 180)
    per_day = (opened(folder).summary().bytes_on_disk - before) / (150 * len(keys))
    assert per_day * 50 * 3 * 365 < BOUND


def test_connections_are_opened_by_keyword_as_python_3_15_demands() -> None:
    calls = [
        node
        for path in sorted(Path(store.__file__).parent.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sqlite3.connect"
    ]
    assert calls
    assert [ast.unparse(call) for call in calls if len(call.args) != 1] == []
