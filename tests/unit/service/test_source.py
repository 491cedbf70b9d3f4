"""A refresh: what is asked, in what case nothing is asked, and what one failure costs."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from socd_tui.model.errors import (
    Forbidden,
    Malformed,
    NotFound,
    SessionExpired,
    SocdError,
    Unreachable,
    UsageError,
)
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.progress import Progress
from socd_tui.service.answer import Answer
from socd_tui.service.calls import Calls
from socd_tui.service.changes import Change
from socd_tui.service.source import FRESH, STALLED_S, Update, refresh
from tests import virtual
from tests.documented import DETAIL, FLAT, KEY_ID, LIST, OTHER_ID, Json

NOW = datetime(2026, 5, 17, 9, 42, 11, tzinfo=UTC)
KEYS = "/api/v1/keys"
THIRD_ID = "00000000-0000-4000-8000-000000000789"
THREE: Json = {
    "data": [*LIST["data"], {**LIST["data"][0], "id": THIRD_ID, "key_prefix": "sk_live_3rd", "name": "Third"}]
}
WITH_LIMITS: Json = {
    "data": [{**row, "rate_limit_per_minute": 5, "rate_limit_per_day": 9} for row in THREE["data"]]
}
GONE = NotFound("The service has nothing at that address (404).")
ENDED = SessionExpired("The session has expired.", "Sign in again.")

Behaviour = Json | SocdError | Callable[[], Awaitable[Json]]


@dataclass
class Desk:
    """A service in memory: every path answers as told, and what was asked is kept."""

    answers: dict[str, Behaviour] = field(default_factory=dict)
    now: datetime = NOW
    behind: timedelta = timedelta()
    """By how much its clock is behind that of whoever asks."""
    asked: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    next_at: datetime | None = None

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        self.asked.append(path + (f"?{urlencode(params)}" if params else ""))
        answer = self.answers.get(path, DETAIL if path.count("/") == 4 else {"data": FLAT})
        if isinstance(answer, SocdError):
            raise type(answer)(answer.message, answer.next_step)  # one anew each time, as a client's
        try:
            payload = answer if isinstance(answer, dict) else await answer()
        except asyncio.CancelledError:
            self.cancelled.append(path)
            raise
        return Answer(payload, self.now, self.now - self.behind)

    def later(self, seconds: float) -> Desk:
        self.now += timedelta(seconds=seconds)
        self.asked.clear()
        return self


def desk(listed: Json = WITH_LIMITS, **answers: Behaviour) -> Desk:
    """Answers by key id's last digits: `usage_123`, `detail_123`."""
    paths: dict[str, Behaviour] = {KEYS: listed}
    for name, answer in answers.items():
        kind, _, digits = name.partition("_")
        paths[f"{KEYS}/{KEY_ID[:-3]}{digits}" + ("/usage" if kind == "usage" else "")] = answer
    return Desk(paths)


async def never() -> Json:
    await asyncio.Event().wait()
    return {}


def asked_of(*ids: str, days: int = 30) -> list[str]:
    return sorted(f"{KEYS}/{key_id}/usage?days={days}" for key_id in ids)


def asked(days: int | Wanted | None) -> Wanted | None:
    return Wanted((days,)) if isinstance(days, int) else days


def run(source: Desk, fleet: Fleet | None = None, days: int | Wanted | None = 30, **how: Any) -> list[Update]:
    async def collect() -> list[Update]:
        return [
            u async for u in refresh(source, fleet or Fleet(), asked(days), clock=lambda: source.now, **how)
        ]

    return asyncio.run(collect())


def test_one_list_and_one_usage_for_each_key_are_asked_and_progress_is_counted() -> None:
    source = desk()
    updates = run(source)
    assert source.asked[0] == KEYS
    assert sorted(source.asked[1:]) == asked_of(KEY_ID, OTHER_ID, THIRD_ID)
    assert (updates[0].progress, dict(updates[0].fleet.usages)) == (Progress(), {})
    assert [update.progress.done for update in updates] == sorted(update.progress.done for update in updates)
    assert updates[-1].progress == Progress(3, 3)
    fleet = updates[-1].fleet
    assert fleet.usages.keys() == {(key_id, 30) for key_id in (KEY_ID, OTHER_ID, THIRD_ID)}
    assert (fleet.listed_at, fleet.failures) == (NOW, {})


def test_a_detail_is_asked_only_of_keys_whose_limits_the_list_does_not_tell() -> None:
    listed: Json = {"data": [WITH_LIMITS["data"][0], *THREE["data"][1:]]}
    source = desk(listed)
    fleet = run(source)[-1].fleet
    assert sorted(path for path in source.asked if path.count("/") == 4) == [
        f"{KEYS}/{OTHER_ID}",
        f"{KEYS}/{THIRD_ID}",
    ]
    assert [key.limit_per_day for key in fleet.keys] == [9, 1_000_000, 1_000_000]
    run(source.later(120), fleet)
    assert all(path.count("/") != 4 for path in source.asked)


def test_nothing_else_is_asked_before_the_picture_is_whole_and_that_is_told() -> None:
    async def slow() -> Json:
        for _ in range(50):
            await asyncio.sleep(0)
        return {"data": FLAT}

    source = desk(THREE, usage_789=slow)
    updates = run(source, days=Wanted((30,), (90,)))
    picture = asked_of(KEY_ID, OTHER_ID, THIRD_ID)
    assert sorted(source.asked[1:4]) == picture
    assert all("days=90" in path or path.count("/") == 4 for path in source.asked[4:])
    assert len(source.asked) == 1 + 3 * 3
    [whole] = [update for update in updates if update.completes]
    assert whole.fleet.usages.keys() == {(key.id, 30) for key in whole.fleet.keys}


def test_limits_that_cannot_be_read_are_noted_until_they_can() -> None:
    source = desk(THREE, detail_456=Forbidden("Not allowed."))
    fleet = run(source)[-1].fleet
    assert [key.notes for key in fleet.keys] == [
        (),
        ("The key's limits could not be read (Not allowed.)",),
        (),
    ]
    assert fleet.failures == {}
    source.answers[f"{KEYS}/{OTHER_ID}"] = DETAIL
    assert {key.notes for key in run(source.later(120), fleet)[-1].fleet.keys} == {()}


def test_no_window_asks_for_the_keys_and_their_limits_only() -> None:
    source = desk(THREE)
    fleet = run(source, days=None)[-1].fleet
    assert sorted(source.asked) == [KEYS, *(f"{KEYS}/{key_id}" for key_id in (KEY_ID, OTHER_ID, THIRD_ID))]
    assert (dict(fleet.usages), len(fleet.keys)) == ({}, 3)


@pytest.mark.parametrize("error", [GONE, Malformed("Odd."), Unreachable("No connection.")])
def test_one_keys_failure_is_that_keys_problem_and_the_rest_arrives(error: SocdError) -> None:
    fleet = run(desk(usage_456=error))[-1].fleet
    assert fleet.usages.keys() == {(KEY_ID, 30), (THIRD_ID, 30)}
    problem = fleet.failure(OTHER_ID, 30)
    assert problem is not None
    assert (problem.kind, problem.message, problem.key_id) == (error.kind, str(error), OTHER_ID)
    assert len(fleet.failures) == 1


def test_an_answer_that_is_no_usage_is_that_keys_problem() -> None:
    fleet = run(desk(usage_456={"data": ["?"]}))[-1].fleet
    problem = fleet.failure(OTHER_ID, 30)
    assert problem is not None
    assert problem.kind == "malformed"


def test_the_last_good_usage_stays_while_a_newer_request_fails_and_the_problem_goes_with_success() -> None:
    source = desk()
    good = run(source)[-1].fleet
    source.answers[f"{KEYS}/{OTHER_ID}/usage"] = GONE
    failed = run(source.later(120), good)[-1].fleet
    assert failed.usage(OTHER_ID, 30) is good.usage(OTHER_ID, 30)
    assert failed.failure(OTHER_ID, 30) is not None
    assert failed.usage(KEY_ID, 30) is not good.usage(KEY_ID, 30)
    source.answers[f"{KEYS}/{OTHER_ID}/usage"] = {"data": FLAT}
    healed = run(source.later(120), failed)[-1].fleet
    assert healed.failures == {}
    assert healed.usage(OTHER_ID, 30) is not good.usage(OTHER_ID, 30)


def test_an_expired_session_stops_everything_and_cancels_what_is_under_way() -> None:
    source = desk(usage_123=ENDED, usage_456=never, usage_789=never)
    with pytest.raises(SessionExpired):
        run(source)
    assert sorted(source.cancelled) == [f"{KEYS}/{OTHER_ID}/usage", f"{KEYS}/{THIRD_ID}/usage"]


def test_a_session_that_expires_for_all_keys_at_once_leaves_no_stray_message(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR, "asyncio"), pytest.raises(SessionExpired):
        run(desk(THREE, usage_123=ENDED, usage_456=ENDED, usage_789=ENDED))
    gc.collect()
    assert caplog.messages == []


def test_a_reader_that_leaves_early_cancels_what_is_under_way() -> None:
    source = desk(usage_456=never, usage_789=never)

    async def leave() -> None:
        updates = refresh(source, Fleet(), Wanted((30,)), clock=lambda: NOW)
        async for update in updates:
            if update.progress.done:
                break
        await updates.aclose()

    asyncio.run(leave())
    assert len(source.cancelled) == 2


def test_a_list_that_cannot_be_had_is_the_refreshs_failure() -> None:
    for error in (ENDED, Unreachable("No connection.")):
        with pytest.raises(type(error)):
            run(Desk({KEYS: error}))


def test_answers_younger_than_a_minute_are_not_asked_again() -> None:
    source = desk()
    fleet = run(source)[-1].fleet
    assert run(source.later(FRESH.total_seconds() - 1), fleet) == []
    assert source.asked == []
    run(source.later(1), fleet)
    assert len(source.asked) == 4


def test_answers_of_the_future_are_asked_again_once() -> None:
    """The clock was set back since an earlier run noted when they came."""
    source = desk()
    fleet = run(source)[-1].fleet
    fleet = run(source.later(-3600), fleet)[-1].fleet
    assert len(source.asked) == 4
    assert run(source.later(1), fleet) == []


def test_the_fleet_knows_the_services_clock_at_its_newest_answer() -> None:
    source = desk()
    source.behind = timedelta(hours=3)
    fleet = run(source)[-1].fleet
    assert (fleet.observed_at, fleet.heard_at, fleet.at) == (NOW - source.behind, NOW, NOW - source.behind)
    assert {usage.observed_at for usage in fleet.usages.values()} == {NOW - source.behind}


def test_another_window_is_another_answer_but_the_same_list() -> None:
    source = desk()
    fleet = run(source)[-1].fleet
    fleet = run(source.later(1), fleet, days=7)[-1].fleet
    assert sorted(source.asked) == asked_of(KEY_ID, OTHER_ID, THIRD_ID, days=7)
    assert len(fleet.usages) == 6


def test_a_failed_key_is_asked_again_at_once_while_the_others_are_not() -> None:
    source = desk(usage_456=GONE)
    fleet = run(source)[-1].fleet
    run(source.later(1), fleet)
    assert source.asked == asked_of(OTHER_ID)


def test_force_asks_everything_again() -> None:
    source = desk()
    fleet = run(source)[-1].fleet
    assert run(source.later(1), fleet, since=source.now)[-1].progress.total == 3
    assert len(source.asked) == 4


def test_windows_to_be_subtracted_are_asked_together_and_the_background_after_all_of_them() -> None:
    source = desk()
    fleet = run(source, days=Wanted((30, 60), (90,)))[-1].fleet
    days = [path.rpartition("=")[2] for path in source.asked[1:]]
    assert days == ["30", "60"] * 3 + ["90"] * 3
    assert fleet.usages.keys() == {(key.id, days) for key in fleet.keys for days in (30, 60, 90)}


def test_one_stale_window_of_a_pair_asks_for_both() -> None:
    source = desk()
    fleet = run(source, days=30)[-1].fleet
    source.asked.clear()
    run(source, fleet, days=Wanted((30, 60)))
    assert sorted(source.asked) == sorted(
        [*asked_of(KEY_ID, OTHER_ID, THIRD_ID), *asked_of(KEY_ID, OTHER_ID, THIRD_ID, days=60)]
    )


def test_the_background_is_asked_again_after_ten_minutes_and_not_because_of_force() -> None:
    source = desk()
    fleet = run(source, days=Wanted((30,), (90,)))[-1].fleet
    source.asked.clear()
    source.now += timedelta(minutes=9)
    fleet = run(source, fleet, days=Wanted((30,), (90,)), since=source.now)[-1].fleet
    assert not any("days=90" in path for path in source.asked)
    source.now += timedelta(minutes=1)
    run(source, fleet, days=Wanted((30,), (90,)))
    assert sum("days=90" in path for path in source.asked) == 3


def test_selectors_ask_only_the_chosen_keys() -> None:
    source = desk()
    fleet = run(source, selectors=("Dev sandbox", "sk_live_zIc8"))[-1].fleet
    assert sorted(source.asked[1:]) == asked_of(KEY_ID, OTHER_ID)
    assert len(fleet.keys) == 3


def test_a_selector_that_names_no_key_is_refused_before_any_usage_is_asked() -> None:
    source = desk()
    with pytest.raises(UsageError):
        run(source, selectors=("Nobody",))
    assert source.asked == [KEYS]


class Hurried(asyncio.SelectorEventLoop):
    """A loop whose time a test can move on."""

    skipped_s = 0.0

    def time(self) -> float:
        return super().time() + self.skipped_s


def run_late(source: Desk, days: int | None, answers: int, stalled_s: float = STALLED_S) -> Update:
    """The last update of a refresh whose 45 seconds pass right after so many answers."""
    loop = Hurried()

    async def collect() -> Update:
        async for update in refresh(source, Fleet(), asked(days), clock=lambda: NOW, stalled_s=stalled_s):
            if update.progress.done == answers and update.progress.total:
                loop.skipped_s = STALLED_S
        return update

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(collect())


def test_after_the_deadline_the_keys_not_reached_say_so_and_the_rest_is_kept() -> None:
    source = desk(usage_456=never, usage_789=never)
    last = run_late(source, 30, answers=1)
    assert last.fleet.usages.keys() == {(KEY_ID, 30)}
    assert {slot: problem.kind for slot, problem in last.fleet.failures.items()} == {
        (OTHER_ID, 30): "timeout",
        (THIRD_ID, 30): "timeout",
    }
    assert last.progress == Progress(1, 3)
    assert len(source.cancelled) == 2


def test_a_deadline_that_only_limits_miss_is_no_keys_problem() -> None:
    assert run_late(desk(THREE, detail_123=never), 30, answers=5, stalled_s=0).fleet.failures == {}
    assert run_late(desk(THREE, detail_123=never), None, answers=2, stalled_s=0).fleet.failures == {}


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"data": {}},
        {"data": {"key_id": KEY_ID, "window_days": 30}},
        {"data": {"key": {"id": KEY_ID}, "period": {"days": 30}, "summary": {}, "breakdown": {}}},
        {"data": {"summary": {"totalRequests": None}, "total_requests": None}},
        {"data": {"colour": "green"}},
    ],
)
def test_an_answer_without_any_figure_is_that_keys_problem_and_the_good_ones_stay(nothing: Json) -> None:
    source = desk()
    good = run(source)[-1].fleet
    source.answers[f"{KEYS}/{KEY_ID}/usage"] = nothing
    fleet = run(source.later(60), good)[-1].fleet
    problem = fleet.failure(KEY_ID, 30)
    assert problem is not None
    assert (problem.kind, problem.message) == (
        "malformed",
        "The service's answer holds no usage figures.",
    )
    assert fleet.usage(KEY_ID, 30) is good.usage(KEY_ID, 30)
    assert fleet.failure(OTHER_ID, 30) is None


@pytest.mark.parametrize("figure", [{"total_requests": 0}, {"daily": []}, {"summary": {"totalRequests": 0}}])
def test_a_figure_of_nothing_is_an_answer(figure: Json) -> None:
    fleet = run(desk(usage_123={"data": figure}))[-1].fleet
    assert fleet.failures == {}


def test_of_a_key_that_is_gone_no_answer_stays_and_of_the_others_all_do() -> None:
    source = desk()
    good = run(source)[-1].fleet
    assert good.usage(KEY_ID, 30) is not None
    source.answers[KEYS] = {"data": [row for row in WITH_LIMITS["data"] if row["id"] != KEY_ID]}
    fleet = run(source.later(60), good)[-1].fleet
    assert [key.id for key in fleet.gone] == [KEY_ID]
    assert fleet.usages.keys() == {slot for slot in good.usages if slot[0] != KEY_ID}
    assert not any(key_id == KEY_ID for key_id, _ in fleet.failures)


def test_an_empty_list_after_one_with_keys_keeps_them_and_says_so() -> None:
    source = desk()
    good = run(source)[-1].fleet
    source.answers[KEYS] = {"data": []}
    fleet = run(source.later(60), good)[-1].fleet
    assert [key.id for key in fleet.keys] == [key.id for key in good.keys]
    assert fleet.gone == ()
    (problem,) = fleet.problems
    assert problem.message == "The service listed no keys; the 3 keys known before are still shown."
    assert "sign in again" in problem.next_step
    source.answers[KEYS] = WITH_LIMITS
    assert run(source.later(60), fleet)[-1].fleet.problems == ()


def test_an_empty_list_from_the_start_is_an_account_without_keys() -> None:
    fleet = run(desk({"data": []}))[-1].fleet
    assert (fleet.keys, fleet.problems) == ((), ())


def test_all_pages_of_the_list_are_keys() -> None:
    first: Json = {"data": WITH_LIMITS["data"][:2], "meta": {"next_cursor": "abc", "total": 3}}
    pages = iter((first, {"data": WITH_LIMITS["data"][2:]}))

    async def page() -> Json:
        return next(pages)

    source = desk()
    source.answers[KEYS] = page
    fleet = run(source)[-1].fleet
    assert [key.id for key in fleet.keys] == [KEY_ID, OTHER_ID, THIRD_ID]
    assert fleet.problems == ()


def test_what_the_picture_needs_comes_first_and_in_it_the_keys_that_waited_longest() -> None:
    source = desk(THREE)
    fleet = run(source, days=7)[-1].fleet
    fleet = run(source.later(300), fleet, days=7, selectors=(OTHER_ID,))[-1].fleet
    fleet = replace(
        fleet, usages={slot: usage for slot, usage in fleet.usages.items() if slot[0] != THIRD_ID}
    )
    run(source.later(300), fleet, days=Wanted((7,), (90,)))
    assert source.asked[1:4] == [asked_of(key_id, days=7)[0] for key_id in (THIRD_ID, KEY_ID, OTHER_ID)]
    assert sorted(source.asked[4:]) == asked_of(KEY_ID, OTHER_ID, THIRD_ID, days=90)


def test_the_rest_of_a_refresh_asks_for_what_it_has_not_brought() -> None:
    source = desk(usage_456=Unreachable("No connection."))
    fleet = run(source)[-1].fleet
    began = source.now
    source.answers[f"{KEYS}/{OTHER_ID}/usage"] = {"data": FLAT}
    fleet = run(source.later(1), fleet, since=began - timedelta(seconds=1))[-1].fleet
    assert source.asked == asked_of(OTHER_ID)
    assert fleet.failures == {}


def test_a_refresh_of_any_size_goes_on_while_answers_come() -> None:
    """A thousand keys, a second each, four at a time: four minutes."""
    listed: Json = {
        "data": [
            {**WITH_LIMITS["data"][0], "id": f"00000000-0000-4000-8000-{n:012}", "name": f"Key {n}"}
            for n in range(1_000)
        ]
    }

    class Slow(Desk):
        async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
            await asyncio.sleep(1)
            return await super().get(path, params)

    async def main() -> tuple[Update, float]:
        source = Slow({KEYS: listed})
        async for update in refresh(source, Fleet(), Wanted((30,)), clock=lambda: NOW):
            last = update
        return last, asyncio.get_running_loop().time()

    last, took_s = virtual.run(main)
    assert (last.progress, len(last.fleet.usages), last.fleet.failures) == (Progress(1_000, 1_000), 1_000, {})
    assert 250 < took_s < 270


def test_waiting_for_the_services_limit_is_told_and_is_no_silence() -> None:
    class Paced(Desk):
        async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
            if params:
                self.next_at = NOW + timedelta(minutes=5)
                await asyncio.sleep(300)
                self.next_at = None
            return await super().get(path, params)

    async def main() -> list[Progress]:
        source = Paced({KEYS: WITH_LIMITS})
        return [u.progress async for u in refresh(source, Fleet(), Wanted((30,)), clock=lambda: NOW)]

    told = virtual.run(main)
    assert Progress(0, 3, "keys", NOW + timedelta(minutes=5)) in told
    assert told[-1] == Progress(3, 3)


def test_a_failure_that_came_after_a_refresh_was_cancelled_is_not_that_of_the_next_one() -> None:
    async def main() -> Fleet:
        async def silent() -> Json:
            await asyncio.sleep(15)
            raise Unreachable("No answer.")

        source, calls = desk(), Calls[Change]()
        source.answers[KEYS] = silent

        async def refreshed() -> Fleet:
            fleet = Fleet()
            updates = refresh(source, fleet, Wanted((30,)), clock=lambda: source.now, calls=calls)
            async for update in updates:
                fleet = update.fleet
            return fleet

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await refreshed()
        await asyncio.sleep(600)
        source.answers[KEYS] = WITH_LIMITS
        return await refreshed()

    assert len(virtual.run(main).usages) == 3


def test_answers_that_came_after_a_refresh_was_cancelled_are_the_next_ones_and_not_asked_again() -> None:
    async def slow() -> Json:
        await asyncio.sleep(5)
        return {"data": FLAT}

    async def main() -> tuple[list[str], Fleet]:
        source, calls = desk(usage_123=slow), Calls[Change]()

        async def refreshed(fleet: Fleet) -> Fleet:
            async for update in refresh(source, fleet, Wanted((30,)), clock=lambda: source.now, calls=calls):
                fleet = update.fleet
                if len(fleet.usages) == 2:
                    break
            return fleet

        fleet = await refreshed(Fleet())
        await asyncio.sleep(10)
        return source.asked, await refreshed(fleet)

    asked_for, fleet = virtual.run(main)
    assert len(fleet.usages) == 3
    assert len(asked_for) == len(set(asked_for))
