"""A history of many keys over years, as no service answers at once: made day by day of answers of our own.

    python -m tests.benchmarks.history_size FOLDER KEYS DAYS [SHARE=0.1]

makes one there, with 429s in every hour of this share of the keys, and prints how large it is.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint, Hour, Usage
from socd_tui.model.window import Window
from socd_tui.store.history import History

NOW = datetime(2026, 11, 22, 23, 20, tzinfo=UTC)
LAST, EVENING = NOW.date(), clock(23, 20)
ORIGIN, ACCOUNT = "https://socdefenders.ai", "account"
BOUND = 20_000_000
"""Bytes that 50 keys over three years may take, with 429s in every hour."""

THROTTLED = 0.1
"""The share of keys that have them, in a usual account."""

TOGETHER = 5
"""Keys that are recorded in one step."""


def api_key(n: int) -> ApiKey:
    return ApiKey(
        id=f"00000000-0000-4000-8000-{n:012d}",
        name=Text(f"integration {n}"),
        prefix=Text(f"sk_live_k{n:03d}"),
    )


def busy(key_id: str, at: datetime, chance: random.Random) -> Usage:
    """A day's answer with everything in it that is remembered, each hour throttled."""
    window = Window.ending(at.date(), 1)
    midnight = datetime.combine(at.date(), clock(), UTC)
    hours = tuple(Hour(midnight + timedelta(hours=hour), chance.randrange(2_000)) for hour in range(24))
    requests, errors = chance.randrange(1_000_000), chance.randrange(50_000)
    return Usage(
        key_id=key_id,
        window=window,
        fetched_at=at,
        observed_at=at,
        dialect="flat",
        requests=requests,
        throttled=sum(hour.throttled for hour in hours),
        avg_ms=chance.uniform(1, 2000),
        p50_ms=chance.uniform(1, 2000),
        p95_ms=chance.uniform(1, 2000),
        p99_ms=chance.uniform(1, 2000),
        endpoints=tuple(
            Endpoint(path=Text(f"/api/v1/endpoint/{n}"), requests=n, errors=n, avg_ms=1.5, throttled=n)
            for n in range(12)
        ),
        days=(Day(at.date(), requests, errors, partial=True),),
        hours=hours,
    )


def every_evening(key: ApiKey, days: int, last: date, *, throttled: bool) -> Iterator[Usage]:
    """What is answered each evening for so long; of the longer windows only the percentiles are new."""
    chance = random.Random(key.id)
    for ago in reversed(range(days)):
        at = datetime.combine(last - timedelta(days=ago), EVENING, UTC)
        answer = busy(key.id, at, chance)
        yield answer if throttled else replace(answer, throttled=0, hours=())
        for longer in (7, 30):
            yield replace(answer, window=Window.ending(at.date(), longer), days=None, hours=None)


def grown(
    history: History, keys: Sequence[ApiKey], days: int, last: date = LAST, *, throttled: float = 1.0
) -> None:
    """Records it all; `throttled` is the share of the keys that have 429s, in every hour."""
    with_429s = {key.id for key in keys[: round(len(keys) * throttled)]}
    for first in range(0, len(keys), TOGETHER):
        some = keys[first : first + TOGETHER]
        answers = (every_evening(key, days, last, throttled=key.id in with_429s) for key in some)
        history.record(some, (usage for each in answers for usage in each))


def opened(folder: Path) -> History:
    return History(folder, ORIGIN, ACCOUNT, clock=lambda: NOW)


def main() -> None:
    folder, keys, days = Path(sys.argv[1]), *map(int, sys.argv[2:4])
    throttled = float(sys.argv[4]) if len(sys.argv) > 4 else THROTTLED
    history = opened(folder)
    grown(history, [api_key(n) for n in range(keys)], days, throttled=throttled)
    print(f"{history.summary().bytes_on_disk:,} bytes; {BOUND:,} are the most for 50 keys over three years")


if __name__ == "__main__":
    main()
