"""The window before beside this one: in every view, in its exports, and why it is missing where it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from socd_tui.analysis.pair import pair
from socd_tui.model.lens import Lens
from socd_tui.model.window import Window
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.day import DAY_S
from socd_tui.service.demo.fleet import DemoKey
from tests.clock import NOW, Clock
from tests.journeys.stage import named, readout, requests, service, visit
from tests.journeys.test_exporting import exported, timeless, twin

pytestmark = pytest.mark.anyio


def both(server: DemoServer, name: str, days: int = 14) -> tuple[int, int]:
    """How many requests a key made on the window's whole days, and on those of the window before."""
    chosen, key = pair("same_length", NOW.date(), days), named(server, name)
    now, before = (whole_days(server, key, window).total() for window in (chosen.now, chosen.before))
    return now, before


def whole_days(server: DemoServer, key: DemoKey, window: Window) -> Counter[tuple[str, int]]:
    """A key's requests of these days by path and status."""
    counts: Counter[tuple[str, int]] = Counter()
    for day in window.dates():
        counts.update(server.truth.day(key, day).counts(DAY_S))
    return counts


async def test_c_puts_the_window_before_beside_this_one_and_c_again_takes_it_away(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        alone = person.text
        await person.press("c")
        await person.rests()
        assert " vs 26 Oct–7 Nov " in person.lines[2]
        for name in ("Production SIEM", "threat-notebook", "MISP sync", "SOAR enrichment"):
            now, before = both(demo, name)
            assert f" {requests(demo, name)} " in person.row(name)
            assert f" {now - before:+,} {'▲' if now > before else '▼'} " in person.row(name)
        now, before = both(demo, "Production SIEM")
        assert f"13 whole days {now:,}, before {before:,} ({now / before - 1:+.1%})" in readout(person)
        assert "/api/v1/iocs of threat-notebook#2zBT made 80.8% of the growth" in person.text
        await person.press("c")
        await person.rests()
        assert " week 16 Nov–21 Nov vs 9 Nov–14 Nov " in person.lines[2]
        await person.press("c")
        await person.rests()
        assert person.text == alone
        await person.press("c")
        await person.rests()  # the progress of a refresh would push aside what is clicked
        await person.click("vs 26 Oct–7 Nov")
        await person.rests()
        assert " week 16 Nov–21 Nov vs 9 Nov–14 Nov " in person.lines[2]


@pytest.mark.parametrize("number", "1234567")
async def test_every_view_says_what_the_window_before_had(
    demo: DemoServer, tmp_path: Path, number: str
) -> None:
    told = whole_days(demo, named(demo, "MISP sync"), pair("same_length", NOW.date(), 14).before)
    before = {
        "3": sum(n for (path, _), n in told.items() if path == "/api/v1/iocs/misp"),
        "4": sum(n for (_, code), n in told.items() if code == 429),
        "5": sum(n for (_, code), n in told.items() if code == 429),
    }.get(number, told.total())
    async with visit(demo, tmp_path, clock=Clock(), size=(200, 36)) as person:
        await person.to("MISP sync")
        await person.press("z", number)
        assert f"before {before:,} (" not in "\n".join(person.pane)
        await person.press("c")
        await person.rests()
        assert " vs 26 Oct–7 Nov " in person.lines[2]
        assert f"before {before:,} (" in "\n".join(person.pane)


async def test_in_the_series_a_day_stands_beside_the_one_two_weeks_before(
    demo: DemoServer, tmp_path: Path
) -> None:
    daily = {day: n for day, n, _ in demo.truth.traffic(demo.truth.keys[0], 28, NOW).daily}
    then, now = (daily[NOW.date().replace(day=day)] for day in (6, 20))
    async with visit(demo, tmp_path, clock=Clock(), size=(99, 36)) as person:
        await person.press("2", "c")
        await person.rests()
        assert "not comparable: today is not over" in readout(person)
        await person.press("left", "left")
        assert f"{now:,} req" in readout(person)
        assert f"before {then:,} ({now / then - 1:+.1%})" in readout(person)


async def test_comparing_asks_once_for_the_windows_it_takes_and_then_goes_without_the_service(
    tmp_path: Path,
) -> None:
    with service(Clock(), keys=9) as server:  # a tenth, of which nothing is known, is asked for anew
        ids = [key.id for key in server.truth.keys]
        async with visit(server, tmp_path, clock=Clock()) as person:
            assert not any(person.app.fleet.usage(key_id, 28) for key_id in ids)
            await person.press("c")
            await person.rests()
            assert all(person.app.fleet.usage(key_id, 28) for key_id in ids)
            compared = person.text
            server.stop()
            await person.press("c", "c", "c")
            await person.rests()
            assert person.text == compared


async def test_a_window_whose_double_the_service_does_not_have_says_why_it_stays_alone(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), days=60) as person:
        await person.press("c")
        await person.rests()
        assert " not comparable " in person.lines[2]
        assert "the service looks back 90 days, not 120" in person.text
        assert " n/a " in person.row("MISP sync")
        assert f" {requests(demo, 'MISP sync', days=60)} " in person.row("MISP sync")
        await person.press("left_square_bracket")
        await person.rests()
        assert " vs 24 Sep–22 Oct " in person.lines[2]
        assert " n/a " not in person.row("MISP sync")


@pytest.mark.parametrize("view", ["overview", "endpoints"])
async def test_a_compared_view_exports_the_window_before_as_show_prints_it(tmp_path: Path, view: str) -> None:
    clock = Clock()
    with service(clock) as server:
        key = named(server, "MISP sync")
        chosen = pair("same_length", clock().date(), 14)
        now, before = (whole_days(server, key, window) for window in (chosen.now, chosen.before))
        asked = server.truth.traffic(key, 14, clock())
        async with visit(
            server, tmp_path, clock=clock, lens=Lens(view=view, days=14, focus=key.id)
        ) as person:
            await person.press("c")
            await person.rests()
            ours = timeless(await exported(person, tmp_path))
        one = ("--key", key.id) if view == "endpoints" else ()
        assert ours == timeless(await twin(server, tmp_path, view, *one, "--days", "14", "--compare"))
    assert (ours["lens"]["compare"], ours["lens"]["compare_kind"]) == (True, "same_length")
    assert {name: ours["compared"][name] for name in ("kind", "now", "before")} == {
        "kind": "same_length",
        "now": {"days": 13, "start": "2026-11-09", "end": "2026-11-21"},
        "before": {"days": 13, "start": "2026-10-26", "end": "2026-11-07"},
    }
    [row] = [row for row in ours["data"]["rows"] if row.get("key_id", key.id) == key.id][:1]
    was, is_ = (
        sum(n for (path, _), n in counts.items() if path == row.get("path", path)) for counts in (before, now)
    )
    assert (row["previous_requests"], row["compared_requests"], row["change"]) == (was, is_, is_ - was)
    assert row["requests"] == (asked.total if view == "overview" else asked.by_path()[row["path"]])
    if view == "overview":
        assert row["so_far_requests"] == row["requests"] - is_
        assert ours["compared"]["so_far"]["date"] == "2026-11-22"
    assert row["comparable"] is True
