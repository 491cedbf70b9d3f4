"""Figures that change, stop coming, or come from a session that has ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from textual.events import AppBlur, AppFocus

from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.payload import key_list, usage
from tests.clock import Clock
from tests.journeys.stage import requests, service, visit
from tests.loopback import Behaviour, Loopback, answer_json, refuse, silent

pytestmark = pytest.mark.anyio

HOUR = timedelta(hours=1)
WAITS = ("waiting for", "Waiting for")


async def test_r_brings_newer_figures_and_the_age_starts_over(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            old = requests(server, "MISP sync")
            clock.pass_by(HOUR / 2)
            await person.press("t")
            assert "as of 14:20 UTC (30 min" in person.lines[0]
            await person.press("r")
            await person.shows("as of 14:50 UTC (now)", requests(server, "MISP sync", now=clock()))
            assert old not in person.text


async def test_views_are_changed_without_asking_the_service_again(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            server.stop()
            await person.press("2", "3", "4", "5", "6", "7", "1")
            await person.rests()
            assert "could not be made" not in person.text
            assert requests(server, "MISP sync") in person.text


async def test_auto_refresh_brings_newer_figures_by_itself_until_it_is_stopped(
    tmp_path: Path, clock: Clock
) -> None:
    often = timedelta(milliseconds=50)
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock, refresh_every=often) as person:
            await person.press("R")
            await person.shows("Refreshing every")
            assert "● live" in person.lines[0]
            clock.pass_by(HOUR / 2)
            await person.shows("as of 14:50 UTC (now)", requests(server, "MISP sync", now=clock()))
            await person.press("R")
            await person.shows("No longer refreshing by itself.")
            assert "live" not in person.lines[0]


async def test_escape_stops_a_refresh_that_takes_too_long(tmp_path: Path, clock: Clock) -> None:
    with service(clock, latency_ms=60_000) as server:
        async with visit(server, tmp_path, clock=clock, patient=False) as person:
            await person.shows("fetching the key list")
            await person.press("escape")
            await person.shows("Refresh cancelled. Press r to start it again.")
            assert "fetching the key list" not in person.text
            await person.press("r")
            await person.shows("fetching the key list")


async def test_a_service_that_went_down_is_told_and_the_old_figures_stay(
    tmp_path: Path, clock: Clock
) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            server.stop()
            clock.pass_by(HOUR / 4)
            await person.press("r")
            await person.rests()
            await person.shows("The connection to 127.0.0.1", "Check the network")
            assert requests(server, "MISP sync") in person.text
            assert "as of 14:20 UTC (15 min" in person.lines[0]


async def test_a_service_that_came_back_takes_the_complaint_away(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            server.stop()
            await person.press("r")
            await person.rests()
            port = int(server.base_url.rsplit(":", 1)[1])
            with service(clock, port=port):
                await person.press("r")
                await person.rests()
                assert "127.0.0.1" not in person.lines[2]
                assert requests(server, "MISP sync") in person.text


async def test_an_answer_that_was_refused_is_told_with_what_to_do(
    demo: DemoServer, tmp_path: Path, clock: Clock
) -> None:
    answers = {"/api/v1/keys": refuse(403, "forbidden", "Owners only")}
    with Loopback(answers) as gate:
        async with visit(demo, tmp_path, clock=clock, origin=gate.origin) as person:
            assert "403" in person.lines[2]
            await person.shows("Owners only")


async def test_an_ended_session_keeps_the_figures_asks_once_and_goes_on_in_place(
    tmp_path: Path, clock: Clock
) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            await person.to("threat-notebook")
            await person.press("2", "left")
            clock.pass_by(HOUR * 2)
            await person.press("r")
            await person.shows("paste the token")
            assert "signed out" in person.lines[0]
            assert person.text.count("paste the token") == 1
            assert "Sat 21 Nov" in person.pane[-1]
            assert requests(server, "threat-notebook") in "\n".join(person.pane)
            server.stop()
            port = int(server.base_url.rsplit(":", 1)[1])
            with service(clock, port=port) as renewed:
                assert renewed.token != server.token
                await person.paste(renewed.token)
                await person.rests()
                await person.shows("as of 16:20 UTC (now)")
                now = requests(renewed, "threat-notebook", now=clock())
                assert now in "\n".join(person.pane)
                assert "Sat 21 Nov" in person.pane[-1]
                assert "paste the token" not in person.text
                assert "signed out" not in person.text


async def test_whoever_does_not_sign_in_again_is_not_nagged_but_told_how(
    tmp_path: Path, clock: Clock
) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            clock.pass_by(HOUR * 2)
            await person.press("r")
            await person.shows("paste the token")
            await person.press("escape", "right_square_bracket", "2")
            assert "paste the token" not in person.text
            assert "signed out" in person.lines[0]
            assert "Press r to sign in" in person.text
            await person.press("r")
            await person.shows("paste the token")


async def test_the_header_counts_the_session_down(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            for passed, told in ((56, "4 min"), (3, "1 min"), (2, "ended")):
                clock.pass_by(timedelta(minutes=passed))
                await person.press("t")
                assert told in person.lines[0].rpartition("session")[2]


async def test_a_running_refresh_shows_how_far_it_is_and_what_came_before_it_was_stopped(
    demo: DemoServer, tmp_path: Path, clock: Clock
) -> None:
    keys = demo.truth.keys
    answers: dict[str, Behaviour] = {f"/api/v1/keys/{key.id}/usage": silent for key in keys[1:]}
    answers |= {
        "/api/v1/keys": answer_json(key_list(demo.truth, clock())),
        f"/api/v1/keys/{keys[0].id}/usage": answer_json(usage(demo.truth, keys[0], 14, clock(), "flat")),
    }
    with Loopback(answers) as slow:
        async with visit(demo, tmp_path, clock=clock, origin=slow.origin, patient=False) as person:
            await person.shows(f"1 of {len(keys)} ", requests(demo, "Production SIEM"))
            await person.press("escape")
            await person.shows("Refresh cancelled")
            assert "1 of" not in person.lines[2]
            assert requests(demo, "Production SIEM") in person.text
            assert "MISP sync" in person.text


@pytest.mark.parametrize("view", ["1", "2", "6", "7"])
async def test_whoever_is_signed_out_is_not_told_to_wait_for_what_nobody_asks_for(
    tmp_path: Path, clock: Clock, view: str
) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            clock.pass_by(HOUR * 2)
            await person.press("r")
            await person.shows("paste the token")
            await person.press("escape", view)
            for key in ("c", *["right_square_bracket"] * 3):  # 30, 60 and 90 days
                await person.press(key)
                await person.rests()
                assert not [word for word in WAITS if word in person.text], person.text


async def test_a_refresh_that_was_stopped_is_told_until_it_is_begun_again(
    demo: DemoServer, tmp_path: Path, clock: Clock
) -> None:
    answers: dict[str, Behaviour] = {f"/api/v1/keys/{key.id}/usage": silent for key in demo.truth.keys}
    answers["/api/v1/keys"] = answer_json(key_list(demo.truth, clock()))
    with Loopback(answers) as slow:
        async with visit(demo, tmp_path, clock=clock, origin=slow.origin, patient=False) as person:
            await person.shows("Production SIEM")
            await person.press("0", "c", "2")
            await person.shows("Waiting for the figures of all 10 keys.")
            await person.press("escape", "escape", "escape")  # the view, comparing, and the refresh
            await person.press("2")
            await person.shows("The refresh was cancelled.")
            assert not [word for word in WAITS if word in person.text]
            await person.press("r")
            await person.shows("Waiting for the figures of all 10 keys.")


async def test_it_is_live_unasked_while_somebody_looks(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock, live=True) as person:
            assert "● live 60 s" in person.lines[0]
            person.app.post_message(AppBlur())
            await person.until(lambda: "○ paused" in person.lines[0])
            assert "live" not in person.lines[0]
            clock.pass_by(HOUR / 2)
            await person.rests()
            assert "as of 14:20" in person.text
            person.app.post_message(AppFocus())
            await person.shows("● live 60 s", "as of 14:50 UTC (now)")
            await person.press("R")
            assert "live" not in person.lines[0]
            person.app.post_message(AppBlur())
            person.app.post_message(AppFocus())
            await person.rests()
            assert "live" not in person.lines[0]


async def test_who_comes_back_before_a_refresh_is_due_is_not_asked_for(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock, live=True) as person:
            asked = person.app.live.state.fleet.observed_at
            person.app.post_message(AppBlur())
            await person.until(lambda: "○ paused" in person.lines[0])
            clock.pass_by(timedelta(seconds=20))
            person.app.post_message(AppFocus())
            await person.until(lambda: "● live 60 s" in person.lines[0])
            await person.rests()
            assert person.app.live.state.fleet.observed_at == asked


async def test_a_key_is_somebody_too_in_a_terminal_that_tells_of_no_return(
    tmp_path: Path, clock: Clock
) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock, live=True) as person:
            person.app.post_message(AppBlur())
            await person.until(lambda: "○ paused" in person.lines[0])
            clock.pass_by(HOUR / 2)
            await person.press("t")
            await person.shows("● live 60 s", "as of 14:50 UTC (now)")


async def test_what_was_asked_for_goes_on_whoever_looks(tmp_path: Path, clock: Clock) -> None:
    with service(clock) as server:
        async with visit(server, tmp_path, clock=clock) as person:
            await person.press("R")
            person.app.post_message(AppBlur())
            await person.rests()
            assert "● live 60 s" in person.lines[0]


async def test_unasked_an_account_of_many_keys_is_asked_less_often(tmp_path: Path, clock: Clock) -> None:
    with service(clock, keys=50) as server:
        async with visit(server, tmp_path, clock=clock, live=True) as person:
            assert "● live 100 s" in person.lines[0]
