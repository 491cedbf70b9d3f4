"""Fleets for tests: the demo account at a fixed clock, and accounts at the edges of what can be drawn.

None of them takes HTTP: the demo's payloads go straight into the wire reader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal

from socd_tui.analysis.known import Known, prepare
from socd_tui.model.errors import NotFound, Problem, TimedOut
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint, Hour, Meter, Usage
from socd_tui.model.window import Window
from socd_tui.service.demo import payload
from socd_tui.service.demo.fleet import DemoKey, demo_keys
from socd_tui.service.demo.truth import Truth
from socd_tui.service.wire import read_usage
from socd_tui.service.wire_keys import read_detail, read_keys

NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
"""A Sunday afternoon; the clock of the screenshots."""

TRUTH = Truth(demo_keys(1, NOW, 10), 1, NOW)
"""What really happened in the demo account, drawn once for all tests."""

BASE_URL = "http://127.0.0.1:8000"

TRILLION = 10**12

WIDE_NAME = "東京セキュリティ監視センター連携キー"
LONG_NAME = ("a service account with a name as long as the documentation allows it to be " * 2)[:100]
LONG_PATH = "/api/taxii2/" + "/".join(f"collection-{n}-of-a-very-long-path" for n in range(6)) + "/objects/"


@cache
def demo(dialect: Literal["flat", "nested"] = "flat", days: int = 30, *more: int) -> Fleet:
    """The demo's ten keys in one window and any more; the last one's usage cannot be found, as over HTTP."""
    listed = read_keys(payload.key_list(TRUTH, NOW)).keys
    keys: list[ApiKey] = []
    usages: dict[Slot, Usage] = {}
    failures: dict[Slot, Problem] = {}
    for key, told in zip(TRUTH.keys, listed, strict=True):
        windows = [(key.id, each) for each in (days, *more)]
        if key.role.missing:
            keys.append(told)
            failures |= dict.fromkeys(windows, _not_found(key.id))
        else:
            keys.append(read_detail(payload.key_detail(TRUTH, key, NOW), told))
            usages |= {(key_id, each): _answer(key, each, dialect) for key_id, each in windows}
    return Fleet(
        mode="demo", base_url=BASE_URL, keys=tuple(keys), usages=usages, failures=failures, listed_at=NOW
    )


@cache
def _answer(key: DemoKey, days: int, dialect: Literal["flat", "nested"]) -> Usage:
    answer = payload.usage(TRUTH, key, days, NOW, dialect)
    return read_usage(answer, key.id, days, fetched_at=NOW, observed_at=NOW)


def whole() -> Fleet:
    """The windows the program asks for when it shows 30 days: what is usual is known too."""
    return demo("flat", 30, 90, 7)


def compared() -> Fleet:
    """All that is asked for when 7 days are compared with the 7 before."""
    return demo("flat", 7, 14, 1, 8, 30, 90)


def fetched(now: datetime) -> Fleet:
    """What the demo's service would have answered at that moment."""
    told = read_keys(payload.key_list(TRUTH, now)).keys
    keys = [
        read_detail(payload.key_detail(TRUTH, key, now), each)
        for key, each in zip(TRUTH.keys, told, strict=True)
    ]
    usages = {
        (key.id, days): read_usage(
            payload.usage(TRUTH, key, days, now, "flat"), key.id, days, fetched_at=now, observed_at=now
        )
        for key in TRUTH.keys
        for days in (7, 90)
    }
    return Fleet(mode="live", base_url=BASE_URL, keys=tuple(keys), usages=usages, listed_at=now)


def nested() -> Fleet:
    """The same account in the other payload shape: no hours, no peaks, meters instead."""
    return demo("nested", 30, 90, 7)


def starting() -> Fleet:
    """Nothing has been answered yet, not even the key list."""
    return Fleet(mode="live", base_url=BASE_URL)


def loading() -> Fleet:
    """The keys are listed; none of their figures has arrived."""
    return replace(demo(), usages={}, failures={})


def empty() -> Fleet:
    """An account without keys."""
    return Fleet(mode="live", base_url=BASE_URL, listed_at=NOW)


def one_day() -> Fleet:
    """A window of one day, which is not over."""
    return demo(days=1)


def failing() -> Fleet:
    """Every key's usage call failed, for one of two reasons."""
    keys = demo().keys
    problems = [_not_found(key.id) if n % 2 else _timed_out(key.id) for n, key in enumerate(keys)]
    failures = {(key.id, 30): problem for key, problem in zip(keys, problems, strict=True)}
    return replace(demo(), usages={}, failures=failures)


def stale() -> Fleet:
    """Every key has an older answer and a newer failure."""
    return replace(demo(), failures={(key.id, 30): _timed_out(key.id) for key in demo().keys})


def all_unknown() -> Fleet:
    """Every key answered, and no answer holds a figure; not even the tier says a limit."""
    keys = tuple(
        replace(key, tier=None, limit_per_minute=None, limit_per_day=None, lifetime_requests=None)
        for key in demo().keys
    )
    window = Window.ending(NOW.date(), 30)
    usages = {
        (key.id, 30): Usage(key_id=key.id, window=window, fetched_at=NOW, observed_at=NOW) for key in keys
    }
    return replace(demo(), keys=keys, usages=usages, failures={})


@cache
def huge() -> Fleet:
    """50 keys over 90 days with counts up to 10¹², names of every width, and everything the wire can say."""
    keys = tuple(_huge_key(n) for n in range(50))
    usages = {(key.id, 90): _huge_usage(key, n) for n, key in enumerate(keys)}
    return Fleet(mode="live", base_url=BASE_URL, keys=keys, usages=usages, failures={}, listed_at=NOW)


FLEETS: dict[str, tuple[Callable[[], Fleet], int]] = {
    "flat": (whole, 30),
    "compared": (compared, 7),
    "nested": (nested, 30),
    "starting": (starting, 30),
    "loading": (loading, 30),
    "empty": (empty, 30),
    "one_day": (one_day, 1),
    "failing": (failing, 30),
    "stale": (stale, 30),
    "all_unknown": (all_unknown, 30),
    "huge": (huge, 90),
}
"""Every Fleet by name, with the window length its answers are of."""

COMPARED = ("compared", "stale")
"""Those that are looked at beside the window before; the second one has none."""


@cache
def looked_at(name: str) -> tuple[Known, Lens]:
    """What is derived of the fleet of that name, once for all tests, and a Lens on all its keys."""
    make, days = FLEETS[name]
    lens = Lens(days=days, compare="same_length" if name in COMPARED else None)
    return prepare(make(), lens), lens


def _not_found(key_id: str) -> Problem:
    return Problem.of(NotFound("The service does not know this key.", "Refresh the key list."), key_id)


def _timed_out(key_id: str) -> Problem:
    return Problem.of(TimedOut("The service did not answer within 30 s.", "Refresh to try again."), key_id)


def _huge_key(n: int) -> ApiKey:
    name = (WIDE_NAME, LONG_NAME, "namesake", f"key {n}", f"café ünïcode {n}")[n % 5]
    return ApiKey(
        id=f"00000000-0000-4000-8000-{n:012d}",
        name=Text(name),
        prefix=Text(f"sk_live_k{n:03d}"),
        tier=Text("pro"),
        created_at=NOW - timedelta(days=400),
        limit_per_minute=TRILLION,
        limit_per_day=TRILLION,
    )


def _huge_usage(key: ApiKey, n: int) -> Usage:
    window = Window.ending(NOW.date(), 90)
    throttled, server_errors = TRILLION // 50, TRILLION // 100
    days = tuple(
        Day(day, TRILLION // 90 + i * n, TRILLION // 1000 + i, partial=day == NOW.date())
        for i, day in enumerate(window.dates())
    )
    paths = [f"/api/v1/endpoint/{i}" for i in range(40)] + [LONG_PATH, f"/api/v1/{WIDE_NAME}"]
    return Usage(
        key_id=key.id,
        window=window,
        fetched_at=NOW,
        observed_at=NOW,
        dialect="mixed",
        requests=TRILLION,
        successful=TRILLION - 2 * throttled - server_errors,
        client_errors=2 * throttled,
        server_errors=server_errors,
        throttled=throttled,
        avg_ms=123_456.7,
        p50_ms=0.25,
        p95_ms=1e6,
        p99_ms=1e7,
        peak_per_minute=TRILLION,
        peak_per_day=2 * TRILLION,
        minute=Meter(TRILLION, TRILLION - n),
        day=Meter(TRILLION, n),
        statuses={
            200 + code: TRILLION // 100 + code for code in (0, 4, 101, 200, 201, 203, 204, 229, 300, 399)
        },
        endpoints=tuple(
            Endpoint(path=Text(path), requests=TRILLION // 43, errors=i, avg_ms=1e6, throttled=i * n)
            for i, path in enumerate(paths)
        ),
        throttled_by_endpoint=tuple((Text(path), i) for i, path in enumerate(paths)),
        days=days,
        hours=tuple(Hour(NOW - timedelta(hours=i, minutes=20), 10 ** (i % 10)) for i in range(80)),
        notes=("the service counts in trillions", "and says so twice"),
    )
