"""The window before beside this one: in every view, in its exports, and why it is missing where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from socd_tui.model.lens import Lens
from socd_tui.service.demo import DemoServer
from tests.clock import NOW, Clock
from tests.journeys.stage import named, readout, requests, service, visit
from tests.journeys.test_exporting import exported, timeless, twin

pytestmark = pytest.mark.anyio


def both(server: DemoServer, name: str, days: int = 14) -> tuple[int, int]:
    """How many requests a key made in the window, and in the equal one before it."""
    now, double = (server.truth.traffic(named(server, name), n, NOW).total for n in (days, 2 * days))
    return now, double - now


async def test_c_puts_the_window_before_beside_this_one_and_c_again_takes_it_away(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        alone = person.text
        await person.press("c")
        await person.rests()
        assert " vs 26 Oct–8 Nov " in person.lines[2]
        for name in ("Production SIEM", "threat-notebook", "MISP sync", "SOAR enrichment"):
            now, before = both(demo, name)
            assert f" {now:,} " in person.row(name)
            assert f" {now - before:+,} {'▲' if now > before else '▼'} " in person.row(name)
        now, before = both(demo, "Production SIEM")
        assert f"prev {before:,} ({now / before - 1:+.1%})" in readout(person)
        assert "/api/v1/iocs of threat-notebook#2zBT made 93.9% of the growth" in person.text
        await person.press("c")
        await person.rests()
        assert person.text == alone
        await person.press("c")
        await person.rests()  # the progress of a refresh would push aside what is clicked
        await person.click("vs 26 Oct–8 Nov")
        await person.rests()
        assert person.text == alone


@pytest.mark.parametrize("number", "1234567")
async def test_every_view_says_what_the_window_before_had(
    demo: DemoServer, tmp_path: Path, number: str
) -> None:
    key = named(demo, "MISP sync")
    now, double = (demo.truth.traffic(key, days, NOW) for days in (14, 28))
    before = {
        "3": double.by_path()["/api/v1/iocs/misp"] - now.by_path()["/api/v1/iocs/misp"],
        "4": double.by_status()[200] - now.by_status()[200],
        "5": double.by_status()[429] - now.by_status()[429],
    }.get(number, double.total - now.total)
    async with visit(demo, tmp_path, clock=Clock(), size=(200, 36)) as person:
        await person.press("z", "down", "down", number)
        assert f"prev {before:,} (" not in "\n".join(person.pane)
        await person.press("c")
        await person.rests()
        assert " vs 26 Oct–8 Nov " in person.lines[2]
        assert f"prev {before:,} (" in "\n".join(person.pane)


async def test_in_the_series_a_day_stands_beside_the_one_two_weeks_before(
    demo: DemoServer, tmp_path: Path
) -> None:
    daily = {day: n for day, n, _ in demo.truth.traffic(demo.truth.keys[0], 28, NOW).daily}
    then, now = (daily[NOW.date().replace(day=day)] for day in (6, 20))
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.press("2", "c")
        await person.rests()
        assert "not comparable: today is not over" in readout(person)
        await person.press("left", "left")
        assert f"{now:,} req" in readout(person)
        assert f"prev {then:,} ({now / then - 1:+.1%})" in readout(person)


async def test_comparing_asks_once_for_twice_the_window_and_then_goes_without_the_service(
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
            await person.press("c", "c")
            await person.rests()
            assert person.text == compared


async def test_a_window_whose_double_the_service_does_not_have_says_why_it_stays_alone(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), days=60) as person:
        await person.press("c")
        await person.rests()
        assert " not comparable " in person.lines[2]
        assert "the service looks back 90 days, 120 would be needed" in person.text
        assert " n/a " in person.row("MISP sync")
        assert f" {requests(demo, 'MISP sync', days=60)} " in person.row("MISP sync")
        await person.press("left_square_bracket")
        await person.rests()
        assert " vs 24 Sep–23 Oct " in person.lines[2]
        assert " n/a " not in person.row("MISP sync")


@pytest.mark.parametrize("view", ["overview", "endpoints"])
async def test_a_compared_view_exports_the_window_before_as_show_prints_it(tmp_path: Path, view: str) -> None:
    clock = Clock()
    with service(clock) as server:
        key = named(server, "MISP sync")
        now, double = (server.truth.traffic(key, days, clock()) for days in (14, 28))
        async with visit(
            server, tmp_path, clock=clock, lens=Lens(view=view, days=14, focus=key.id)
        ) as person:
            await person.press("c")
            await person.rests()
            ours = timeless(await exported(person, tmp_path))
        one = ("--key", key.id) if view == "endpoints" else ()
        assert ours == timeless(await twin(server, tmp_path, view, *one, "--days", "14", "--compare"))
    assert ours["lens"]["compare"] is True
    [row] = [row for row in ours["data"]["rows"] if row.get("key_id", key.id) == key.id][:1]
    was, is_ = (
        (double.total - now.total, now.total)
        if view == "overview"
        else (double.by_path()[row["path"]] - now.by_path()[row["path"]], now.by_path()[row["path"]])
    )
    assert (row["requests"], row["previous_requests"], row["change"]) == (is_, was, is_ - was)
    assert row["comparable"] is True
