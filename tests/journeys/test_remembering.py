"""What stays between two visits: the last known figures, longer windows, and past response times."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.live.memory import Memory
from socd_tui.model.session import Session
from socd_tui.model.target import KeyTarget
from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.payload import key_list, usage
from socd_tui.store.history import History
from tests.build import prepared
from tests.clock import NOW, Clock
from tests.fleets import fetched
from tests.journeys.stage import requests, visit
from tests.journeys.test_exporting import exported
from tests.loopback import Behaviour, Loopback, answer_json, silent

NOWHERE = "http://127.0.0.1:9"

pytestmark = pytest.mark.anyio


def kept_in(folder: Path) -> Memory:
    return Memory(History(folder / "data", "http://127.0.0.1:8000", "account", clock=lambda: NOW))


def remembers(folder: Path, *ago: int) -> None:
    """Visits of so many days ago have been kept."""
    for days in ago:
        kept_in(folder).keep(prepared(fetched(NOW - timedelta(days=days))))


async def test_the_next_visit_opens_on_the_last_figures_though_nobody_answers(
    demo: DemoServer, tmp_path: Path
) -> None:
    def memory(_: Session) -> Memory:
        return kept_in(tmp_path)

    async with visit(demo, tmp_path, clock=Clock(), memory=memory) as person:
        await person.shows("total 9 of 10")
        await person.rests()
    later = Clock(NOW + timedelta(hours=3))
    async with visit(demo, tmp_path, clock=later, memory=memory, origin=NOWHERE) as person:
        await person.shows(requests(demo, "Production SIEM"))
        await person.shows("as of 14:20 UTC (stale, 3 h)")
        assert "runs away" in person.text


async def test_an_export_says_that_its_figures_are_remembered_until_all_of_them_are_answered(
    demo: DemoServer, tmp_path: Path
) -> None:
    kept_in(tmp_path).keep(prepared(fetched(NOW - timedelta(hours=1))))
    keys = demo.truth.keys
    answers: dict[str, Behaviour] = {f"/api/v1/keys/{key.id}/usage": silent for key in keys[1:]}
    answers |= {
        "/api/v1/keys": answer_json(key_list(demo.truth, NOW)),
        f"/api/v1/keys/{keys[0].id}/usage": answer_json(usage(demo.truth, keys[0], 7, NOW, "flat")),
    }
    with Loopback(answers) as slow:
        async with visit(
            demo,
            tmp_path,
            clock=Clock(),
            days=7,
            memory=lambda _: kept_in(tmp_path),
            origin=slow.origin,
            patient=False,
        ) as person:
            await person.shows("1 of 10 ")
            assert (await exported(person, tmp_path))["source"]["mode"] == "cache"
            person.app.look(person.app.lens.at(KeyTarget(keys[0].id)))
            await person.press("2")
            assert (await exported(person, tmp_path))["source"]["mode"] == "live"
            await person.press("}")
            assert (await exported(person, tmp_path))["source"]["mode"] == "cache"


async def test_another_accounts_figures_are_not_shown(demo: DemoServer, tmp_path: Path) -> None:
    remembers(tmp_path, 0)

    def another(_: Session) -> Memory:
        return Memory(History(tmp_path / "data", "http://127.0.0.1:8000", "another", clock=lambda: NOW))

    async with visit(demo, tmp_path, clock=Clock(), memory=another, origin=NOWHERE) as person:
        assert "Production SIEM" not in person.text


async def test_windows_go_on_past_90_days_as_far_as_days_are_remembered(
    demo: DemoServer, tmp_path: Path
) -> None:
    remembers(tmp_path, 100, 50)
    async with visit(demo, tmp_path, clock=Clock(), days=90, memory=lambda _: kept_in(tmp_path)) as person:
        await person.press("]")
        await person.shows(" 180 d ")
        await person.shows(requests(demo, "Production SIEM", days=180))
        await person.press("]")
        await person.shows(" 190 d ")
        await person.press("2", "}")
        await person.shows("requests/day (UTC)")
        await person.press("[", "[")
        await person.shows(" 90 d ")


async def test_past_response_times_stand_below_the_days(demo: DemoServer, tmp_path: Path) -> None:
    remembers(tmp_path, 3, 2)
    async with visit(
        demo, tmp_path, clock=Clock(), memory=lambda _: kept_in(tmp_path), size=(160, 36)
    ) as person:
        await person.to("threat-notebook")
        await person.press("2")
        await person.shows("requests/day (UTC)")
        [line] = [line for line in person.pane if "  p95│" in line]
        assert sum(part.isdigit() for part in line.split()) >= 2
        await person.press("z", "left", "left", "left")
        await person.shows("Thu 19 Nov")
        await person.shows("p50/p95/p99")


async def test_a_disk_that_does_not_work_is_told_and_costs_nothing_else(
    demo: DemoServer, tmp_path: Path
) -> None:
    (tmp_path / "data").symlink_to(tmp_path / "nowhere")
    async with visit(demo, tmp_path, clock=Clock(), memory=lambda _: kept_in(tmp_path)) as person:
        await person.shows("total 9 of 10")
        await person.shows("Nothing is remembered")
