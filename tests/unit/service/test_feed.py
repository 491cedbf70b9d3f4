"""The whole way of a figure: the demo's truth, its HTTP service, the client, the reader, the Fleet."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from typing import Literal

import pytest

from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.model.session import Secret, Session
from socd_tui.service.demo import DemoServer
from socd_tui.service.feed import Feed

NOW = datetime(2026, 5, 20, 14, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize("dialect", ["flat", "nested"])
def test_over_real_http_every_figure_is_what_really_happened(dialect: Literal["flat", "nested"]) -> None:
    async def everything(server: DemoServer) -> Fleet:
        session = Session(Secret(server.token), server.base_url, server.expires_at, "demo")
        feed = Feed(session, lambda: NOW)
        try:
            return [update async for update in feed.refresh(Fleet(), Wanted((30,)))][-1].fleet
        finally:
            await feed.aclose()

    with DemoServer(clock=lambda: NOW, dialect=dialect) as server:
        fleet = asyncio.run(everything(server))
        truth = server.truth
    assert (fleet.problems, fleet.dialect(30)) == ((), dialect)
    assert [key.id for key in fleet.keys] == [key.id for key in truth.keys]
    for true, key in zip(truth.keys, fleet.keys, strict=True):
        traffic, usage = truth.traffic(true, 30, NOW), fleet.usage(key.id, 30)
        if true.role.missing:
            problem = fleet.failure(key.id, 30)
            assert usage is None
            assert problem is not None
            assert problem.kind == "not_found"
            continue
        assert (key.limit_per_minute, key.limit_per_day) == (true.limit_per_minute, true.limit_per_day)
        assert usage is not None
        assert (usage.window.start, usage.window.end) == (traffic.window.start, traffic.window.end)
        assert (usage.requests, usage.statuses) == (traffic.total, traffic.by_status())
        assert usage.successful == traffic.answered(200, 399)
        assert (usage.client_errors, usage.server_errors) == (
            traffic.answered(400, 499),
            traffic.answered(500, 599),
        )
        assert usage.throttled == traffic.answered(429, 429)
        assert [(day.date, day.requests, day.errors) for day in usage.days or ()] == traffic.daily
        assert [day.date for day in usage.days or () if day.partial] == [NOW.date()]
        assert {row.path.original: row.requests for row in usage.endpoints or ()} == traffic.by_path()
        latency = traffic.latency()
        assert usage.p95_ms == (round(latency.p95) if latency else None)
        if dialect == "flat":
            assert [(hour.start, hour.throttled) for hour in usage.hours or ()] == traffic.throttled_by_hour
            assert usage.peak_per_day == max(traffic.day_peaks)
        else:
            assert (usage.minute.current, usage.day.current) == truth.current(true, NOW)
        assert usage.notes == ()


def test_the_client_loads_neither_a_command_line_nor_looks_for_what_is_not_there() -> None:
    script = """
import sys
from socd_tui.service.client import httpx
assert {"click", "rich", "trio"}.isdisjoint(sys.modules)
assert {"certifi", "idna", "mimetypes", "shutil"}.isdisjoint(sys.modules)
assert {"anyio._backends._asyncio", "httpcore"} <= sys.modules.keys()
assert httpx.URL("https://bücher.example").raw_host == b"xn--bcher-kva.example"
assert "idna" in sys.modules
try:
    import sniffio
except ImportError:
    assert sys.modules["sniffio"] is None
"""
    subprocess.run([sys.executable, "-c", script], check=True)
