"""The window before, fetched over real HTTP, is what really happened in it."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Literal

import pytest

from socd_tui.analysis.pair import pair
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Wanted, shown_windows
from socd_tui.model.session import Secret, Session
from socd_tui.model.usage import COUNTS
from socd_tui.model.window import Window
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.day import DAY_S
from socd_tui.service.demo.fleet import DemoKey
from socd_tui.service.demo.truth import Truth
from socd_tui.service.feed import Feed
from tests.build import prepared

NOW = datetime(2026, 11, 22, 14, 20, 5, tzinfo=UTC)


def fetched(server: DemoServer, asked: Wanted) -> Fleet:
    async def everything() -> Fleet:
        session = Session(Secret(server.token), server.base_url, server.expires_at, "demo")
        feed = Feed(session, lambda: NOW)
        try:
            return [update async for update in feed.refresh(Fleet(), asked)][-1].fleet
        finally:
            await feed.aclose()

    return asyncio.run(everything())


def happened(truth: Truth, key: DemoKey, window: Window) -> Counter[tuple[str, int]]:
    """Requests by (path, status), counted day by day over these whole days."""
    counts: Counter[tuple[str, int]] = Counter()
    for date in window.dates():
        counts.update(truth.day(key, date).counts(DAY_S))
    return counts


@pytest.mark.parametrize("days", [1, 7, 45])
@pytest.mark.parametrize("dialect", ["flat", "nested"])
def test_totals_codes_endpoints_and_days_are_the_truth(dialect: Literal["flat", "nested"], days: int) -> None:
    with DemoServer(clock=lambda: NOW, dialect=dialect) as server:
        fleet = fetched(server, shown_windows(Lens(days=days, compare="same_length")))
        truth = server.truth
    for key in truth.keys:
        shown = fleet.key(key.id)
        assert shown
        told = prepared(fleet, Lens(days=days, compare="same_length")).before([shown])
        if key.role.missing:
            assert told.reasons[""] == "there is no answer for this window"
            continue
        chosen = pair("same_length", NOW.date(), days)
        counts = happened(truth, key, chosen.before)
        assert told.change("requests").now == happened(truth, key, chosen.now).total()
        assert told.pair == chosen

        def of(first: int, last: int, counts: Counter[tuple[str, int]] = counts) -> int:
            return sum(n for (_, status), n in counts.items() if first <= status <= last)

        assert told.usage
        assert {name: told.change(name).previous for name in COUNTS} == {
            "requests": counts.total(),
            "successful": of(200, 399),
            "client_errors": of(400, 499),
            "server_errors": of(500, 599),
            "throttled": of(429, 429),
        }
        codes, paths = Counter[int](), Counter[str]()
        for (path, status), n in counts.items():
            codes[status] += n
            paths[path] += n
        assert {code: n for code, n in (told.usage.statuses or {}).items() if n} == codes
        assert {
            row.path.original: row.requests for row in told.usage.endpoints or () if row.requests
        } == paths
        assert sum(day.requests or 0 for day in told.usage.days or ()) == counts.total()
        assert told.reasons == {}
