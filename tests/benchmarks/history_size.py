"""How large the history grows, and how long it takes: 50 keys over three years, 429s in every hour.

    python tests/benchmarks/history_size.py

The bound is 20 MB. Times are of one run on whatever machine this is.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from functools import partial
from pathlib import Path

from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint, Hour, Usage
from socd_tui.model.window import Window
from socd_tui.store.history import History
from socd_tui.store.snapshot import decode, encode

NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
EVENING = clock(23, 20)
ORIGIN = "https://socdefenders.ai"
BOUND = 20_000_000
CHANCE = random.Random(1)


def api_key(n: int) -> ApiKey:
    return ApiKey(
        id=f"00000000-0000-4000-8000-{n:012d}",
        name=Text(f"integration {n}"),
        prefix=Text(f"sk_live_k{n:03d}"),
    )


def busy(key_id: str, days: int, at: datetime, per_hour: int = 2_000) -> Usage:
    """An answer with everything in it that is remembered, each hour throttled."""
    window = Window.ending(at.date(), days)
    rows = tuple(
        Day(d, CHANCE.randrange(1_000_000), CHANCE.randrange(50_000), partial=d == at.date())
        for d in window.dates()
    )
    first = datetime.combine(window.start, datetime.min.time(), UTC)
    starts = (first + timedelta(hours=h) for h in range(24 * days))
    hours = tuple(Hour(start, CHANCE.randrange(per_hour)) for start in starts if start <= at)
    return Usage(
        key_id=key_id,
        window=window,
        fetched_at=at,
        observed_at=at,
        dialect="flat",
        requests=sum(row.requests or 0 for row in rows),
        throttled=sum(hour.throttled for hour in hours),
        avg_ms=CHANCE.uniform(1, 2000),
        p50_ms=CHANCE.uniform(1, 2000),
        p95_ms=CHANCE.uniform(1, 2000),
        p99_ms=CHANCE.uniform(1, 2000),
        endpoints=tuple(
            Endpoint(path=Text(f"/api/v1/endpoint/{n}"), requests=n, errors=n, avg_ms=1.5, throttled=n)
            for n in range(12)
        ),
        days=rows,
        hours=hours,
    )


def grown(history: History, keys: list[ApiKey], days: int) -> None:
    """A fetch every evening for so long; of the longer windows only the percentiles are new."""
    for ago in reversed(range(days)):
        at = datetime.combine(NOW.date() - timedelta(days=ago), EVENING, UTC)
        answers = (busy(key.id, 1, at) for key in keys)
        history.record(keys, (wider for answer in answers for wider in widened(answer, at)))


def widened(answer: Usage, at: datetime) -> tuple[Usage, ...]:
    longer = (Window.ending(at.date(), days) for days in (7, 30))
    return answer, *(replace(answer, window=window, days=None, hours=None) for window in longer)


def quiet(usages: dict[Slot, Usage]) -> dict[Slot, Usage]:
    return {slot: replace(usage, hours=()) for slot, usage in usages.items()}


def timed(what: str, act: Callable[[], object]) -> None:
    """The quickest of five, after one to warm up."""
    act()
    times = []
    for _ in range(5):
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    print(f"{min(times) * 1000:7.1f} ms  {what}")


def opened(folder: Path) -> History:
    return History(folder, ORIGIN, "account", clock=lambda: NOW)


def main() -> None:
    keys = [api_key(n) for n in range(50)]
    with tempfile.TemporaryDirectory() as folder:
        history = opened(Path(folder))
        grown(history, keys, 3 * 365)
        summary = history.summary()
        print(f"{summary.keys} keys, {summary.days:,} days: {summary.bytes_on_disk:,} bytes of {BOUND:,}")
        usages = {(key.id, days): busy(key.id, days, NOW) for key in keys for days in (7, 30, 90)}
        fleet = Fleet(mode="live", base_url=ORIGIN, keys=tuple(keys), usages=usages, listed_at=NOW)
        timed("record 50 keys x 3 windows", lambda: history.record(keys, usages.values()))
        timed("the same again", lambda: history.record(keys, usages.values()))
        timed("keep", lambda: history.keep(fleet))
        timed("last, opening the file first", opened(Path(folder)).last)
        timed("past of one key", lambda: history.past([keys[0].id]))
        timed("past of all keys", history.past)
    for count in (10, 50):
        slots = {slot: usage for slot, usage in usages.items() if int(slot[0][-4:]) < count}
        for name, kept in (("429s in every hour", slots), ("without hours", quiet(slots))):
            data = encode(
                Fleet(mode="live", base_url="", keys=tuple(keys[:count]), usages=kept, listed_at=NOW)
            )
            timed(f"decode {count} keys x 3 windows, {name} ({len(data):,} bytes)", partial(decode, data))


if __name__ == "__main__":
    main()
