"""Between two runs: the second opens on what the first knew, and days reach further back than the service."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from socd_tui.analysis.recalled import recalled
from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.live.memory import Memory
from socd_tui.model.errors import Problem
from socd_tui.model.lens import Lens
from socd_tui.model.window import Window
from socd_tui.store.history import FILE, History
from tests.build import prepared
from tests.fleets import NOW, TRUTH, fetched

ORIGIN = "https://example.org"


def memory(folder: Path, account: str = "account") -> Memory:
    return Memory(History(folder, ORIGIN, account, clock=lambda: NOW))


def test_a_run_opens_on_what_the_last_one_knew(tmp_path: Path) -> None:
    before = fetched(NOW - timedelta(hours=18))
    memory(tmp_path).keep(prepared(before))
    known = memory(tmp_path).last()
    assert known
    assert [key.id for key in known.keys] == [key.id for key in before.keys]
    assert {slot: usage.requests for slot, usage in known.usages.items()} == {
        slot: usage.requests for slot, usage in before.usages.items()
    }
    assert {usage.fetched_at for usage in known.usages.values()} == {NOW - timedelta(hours=18)}


def test_what_another_process_kept_meanwhile_is_not_lost_and_is_told(tmp_path: Path) -> None:
    memory(tmp_path).keep(prepared(fetched(NOW - timedelta(days=2))))
    own, later = memory(tmp_path), fetched(NOW)
    assert own.last()
    memory(tmp_path).keep(prepared(later))
    own.keep(prepared(fetched(NOW - timedelta(hours=1))))
    opened = memory(tmp_path).last()
    assert opened
    assert {usage.fetched_at for usage in opened.usages.values()} == {NOW}
    told = own.newer()
    assert told
    assert {usage.fetched_at for usage in told.usages.values()} == {NOW}
    assert own.newer() is None


@pytest.mark.parametrize("reads", [True, False])
def test_what_another_process_keeps_between_a_look_and_a_save_is_not_lost_and_is_told(
    tmp_path: Path, reads: bool
) -> None:
    others = [prepared(fetched(NOW - timedelta(minutes=each))) for each in (0, 1)]

    class Overtaken(History):
        """Each of the others keeps something just before something is stored here."""

        def record(self, *arguments: Any, **named: Any) -> list[str] | None:
            if others:
                memory(tmp_path).keep(others.pop())
            return super().record(*arguments, **named)

    memory(tmp_path).keep(prepared(fetched(NOW - timedelta(days=2))))
    own = Memory(Overtaken(tmp_path, ORIGIN, "account", clock=lambda: NOW))
    if reads:
        assert own.last()
    own.keep(prepared(fetched(NOW - timedelta(hours=1))))
    opened, told = memory(tmp_path).last(), own.newer()
    assert opened
    assert told
    for fleet in (opened, told):
        assert {usage.fetched_at for usage in fleet.usages.values()} == {NOW}
    assert own.newer() is None


@pytest.mark.parametrize("runs", [(0,), (150, 75, 0), (1, 0)])
def test_what_was_found_out_is_known_again_with_and_without_what_is_remembered(
    tmp_path: Path, runs: tuple[int, ...]
) -> None:
    for ago in runs:
        answers, run = fetched(NOW - timedelta(days=ago)), memory(tmp_path)
        run.keep(prepared(answers))
        key, asked = answers.keys[0].id, answers.usages
        newer = replace(asked[key, 7], fetched_at=NOW + timedelta(minutes=1))  # one more answer comes
        run.keep(prepared(replace(answers, usages={**asked, (key, 7): newer}, past=run.past())))
    opened = memory(tmp_path).last()
    assert opened
    for fleet in (opened, replace(opened, past=memory(tmp_path).past())):
        known, anew = prepared(fleet), prepared(replace(fleet, analysed=None))
        for key_id, facts in known.by_key.items():
            assert recalled(fleet.analysed, facts.ground)
            assert facts.findings == anew.by_key[key_id].findings
            assert facts.assessment.tier == anew.assessment(key_id).tier


def test_what_an_earlier_run_asked_more_is_part_of_what_was_found_out(tmp_path: Path) -> None:
    before = fetched(NOW - timedelta(hours=2))
    key = before.keys[0].id
    wider = replace(before.usages[key, 90], window=Window.ending(NOW.date(), 30))
    memory(tmp_path).keep(prepared(replace(before, usages={**before.usages, (key, 30): wider})))
    memory(tmp_path).keep(prepared(fetched(NOW)))
    opened = memory(tmp_path).last()
    assert opened
    assert (key, 30) in opened.usages
    known = prepared(opened)
    assert all(recalled(opened.analysed, facts.ground) for facts in known.by_key.values())


def test_another_account_or_nobody_knows_nothing_of_it(tmp_path: Path) -> None:
    memory(tmp_path).keep(prepared(fetched(NOW)))
    assert memory(tmp_path, "another").last() is None
    assert memory(tmp_path, "").last() is None


def test_runs_add_up_to_more_days_than_the_service_tells(tmp_path: Path) -> None:
    for ago in (150, 75, 0):
        memory(tmp_path).keep(prepared(fetched(NOW - timedelta(days=ago))))
    fleet = replace(fetched(NOW), past=memory(tmp_path).past())
    assert remembered_days(fleet) == 240
    key = fleet.keys[0].id
    usage = prepared(fleet, Lens(days=240)).usage(key)
    assert usage
    assert usage.days
    true = TRUTH.traffic(TRUTH.keys[0], 240, NOW)
    assert [(day.date, day.requests) for day in usage.days] == [(on, n) for on, n, _ in true.daily]
    assert usage.requests == true.total


def test_forecasts_are_written_down_and_judged_when_their_day_is_over(tmp_path: Path) -> None:
    for ago in (20, 19, 1):
        memory(tmp_path).keep(prepared(fetched(NOW - timedelta(days=ago))))
    foretold = memory(tmp_path).past()[TRUTH.keys[0].id].foretold
    assert foretold[1] == 2
    assert 0 <= foretold[0] <= 2


def test_a_forecast_waits_for_the_days_that_tell_what_is_usual(tmp_path: Path) -> None:
    before = fetched(NOW - timedelta(days=8))
    key = before.keys[0].id
    usual = before.usages[key, 90]
    fewer = replace(usual, window=Window.ending(usual.window.end, 30), days=(usual.days or ())[-30:])
    stopped = Problem(kind="cancelled", message="The refresh was cancelled.", key_id=key)
    short = replace(before, usages={(key, 30): fewer}, failures={(key, 90): stopped})
    kept = memory(tmp_path)
    kept.keep(prepared(short))
    memory(tmp_path).keep(prepared(fetched(NOW)))
    assert memory(tmp_path).past()[key].foretold == (0, 0)
    kept.keep(prepared(before))
    assert memory(tmp_path).past()[key].foretold[1] == 1


def test_a_smaller_count_of_a_finished_day_is_told_once(tmp_path: Path) -> None:
    fleet = fetched(NOW)
    kept = memory(tmp_path)
    kept.keep(prepared(fleet))
    assert kept.notices() == []
    key, day = fleet.keys[0].id, NOW.date() - timedelta(days=3)
    usage = fleet.usages[key, 7]
    fewer = tuple(each._replace(requests=1) if each.date == day else each for each in usage.days or ())
    later = NOW + timedelta(minutes=5)
    kept.keep(prepared(replace(fleet, usages={(key, 7): replace(usage, days=fewer, observed_at=later)})))
    [told] = kept.notices()
    assert "Production SIEM#dSsJ" in told
    assert kept.notices() == []


@pytest.mark.parametrize("name", ["history.sqlite3", "."])
def test_a_disk_that_does_not_work_costs_the_memory_and_is_told_once(tmp_path: Path, name: str) -> None:
    target = tmp_path / "elsewhere"
    target.mkdir()
    folder = tmp_path / "data"
    if name == ".":
        folder.symlink_to(target)
    else:
        folder.mkdir(mode=0o700)
        (folder / name).symlink_to(target / "other")
    fleet, kept = fetched(NOW), memory(folder)
    assert kept.last() is None
    kept.keep(prepared(fleet))
    assert kept.past() == {}
    [told] = kept.notices()
    assert told.startswith("Nothing is remembered: ")
    assert list(target.iterdir()) == []


def test_a_save_that_met_a_locked_file_is_made_up_for_by_the_next(tmp_path: Path) -> None:
    first, second = fetched(NOW - timedelta(days=1)), fetched(NOW)
    kept = Memory(History(tmp_path, ORIGIN, "account", clock=lambda: NOW, busy_s=0.01))
    kept.keep(prepared(first))
    with sqlite3.connect(tmp_path / FILE, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        kept.keep(prepared(second))
        kept.keep(prepared(second))
        other.execute("ROLLBACK")
    other.close()
    [told] = kept.notices()
    assert "in use by another" in told
    kept.keep(prepared(second))
    assert kept.notices() == []
    last = memory(tmp_path).last()
    assert last
    assert {usage.fetched_at for usage in last.usages.values()} == {NOW}
    key = second.keys[0].id
    assert memory(tmp_path).past()[key].days[-1].day.date == NOW.date()


def test_what_another_run_asked_for_on_the_same_day_stays_beside_what_this_one_does(tmp_path: Path) -> None:
    whole = fetched(NOW)
    first, second = whole.keys[0].id, whole.keys[1].id
    memory(tmp_path).keep(prepared(replace(whole, usages={(first, 7): whole.usages[first, 7]})))
    memory(tmp_path).keep(prepared(replace(whole, usages={(first, 90): whole.usages[first, 90]})))
    memory(tmp_path).keep(prepared(replace(whole, usages={(second, 7): whole.usages[second, 7]})))
    known = memory(tmp_path).last()
    assert known
    assert known.usages.keys() == {(first, 7), (first, 90), (second, 7)}


def test_a_window_of_another_day_gives_way_to_a_newer_one_that_tells_its_days(tmp_path: Path) -> None:
    before, now = fetched(NOW - timedelta(days=3)), fetched(NOW)
    first, second = now.keys[0].id, now.keys[1].id
    memory(tmp_path).keep(prepared(before))
    memory(tmp_path).keep(prepared(replace(now, usages={(first, 90): now.usages[first, 90]})))
    known = memory(tmp_path).last()
    assert known
    assert (first, 7) not in known.usages
    assert known.usages[second, 7].window.end == before.usages[second, 7].window.end
