"""Going anywhere by a part of its name."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.payload import key_list
from socd_tui.tui.keymap import keymap
from tests.clock import Clock
from tests.journeys.stage import Person, visit
from tests.loopback import Behaviour, Loopback, Request, answer_json, silent

pytestmark = pytest.mark.anyio


async def go(person: Person, typed: str, *, by: str = "colon") -> None:
    await person.press(by)
    await person.shows("go to:")
    await person.write(typed)
    await person.press("enter")


@pytest.mark.parametrize(
    ("typed", "view", "at"),
    [
        ("misp", "key", "MISP sync"),
        ("iocs/stats", "endpoints", "SOAR enrichment"),
        ("429 throttled", "status", ""),
        ("heatmap", "heatmap", None),
        ("4xx rate", "status", None),
    ],
)
async def test_keys_endpoints_codes_and_views_are_opened(
    demo: DemoServer, tmp_path: Path, typed: str, view: str, at: str | None
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await go(person, typed)
        await person.until(lambda: person.app.lens.view == view)
        assert at is None or person.at == at
        row = person.app.lens.rows.get(view)
        assert row is None or row in typed or typed in row


async def test_windows_of_any_length_and_themes_are_taken(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        for typed, days in (("30 d", 30), ("30d", 30), ("45d", 45), ("2w", 14)):
            await go(person, typed, by="ctrl+p")
            assert person.app.lens.days == days
        await go(person, "socd-light")
        assert person.app.theme == "socd-light"


@pytest.mark.parametrize(
    ("typed", "id_"),
    [
        ("previous", "compare"),
        ("last week", "compare"),
        ("local", "zone"),
        ("utc", "zone"),
        ("csv", "export.to"),
        ("json", "export"),
        ("login", "sign.in"),
        ("token", "sign.in"),
        ("exit", "quit"),
        ("grep", "filter"),
    ],
)
async def test_commands_are_found_by_what_people_call_them_and_tell_their_key(
    demo: DemoServer, tmp_path: Path, typed: str, id_: str
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(100, 30)) as person:
        await person.press("colon")
        await person.write(typed)
        (key,) = (key for key in keymap() if key.id == id_)
        line = next(line for line in person.lines if key.words[:30] in line)
        assert "command" in line


async def test_what_was_chosen_lately_comes_first(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await go(person, "idle")
        await person.press("colon")
        await person.until(lambda: any(line.startswith("▸key") for line in person.lines))
        assert "idle-lab" in next(line for line in person.lines if line.startswith("▸key"))


async def test_tab_keeps_what_was_typed_as_the_filter_and_escape_closes(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await person.press("colon")
        await person.write("dev sandbox")
        await person.press("tab")
        assert person.app.lens.filters["overview"] == "dev sandbox"
        await person.press("colon", "x", "escape")
        assert len(person.app.screen_stack) == 1


async def test_what_nothing_is_called_is_said(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), size=(80, 24)) as person:
        await go(person, "zzqq")
        await person.shows("Nothing is called 'zzqq'")


async def test_what_nothing_is_called_yet_is_found_when_it_comes(demo: DemoServer, tmp_path: Path) -> None:
    clock, typed = Clock(), Event()

    def list_late(request: Request) -> None:
        typed.wait()
        answer_json(key_list(demo.truth, clock()))(request)

    answers: dict[str, Behaviour] = {f"/api/v1/keys/{key.id}/usage": silent for key in demo.truth.keys}
    with Loopback({**answers, "/api/v1/keys": list_late}) as slow:
        async with visit(demo, tmp_path, clock=clock, origin=slow.origin, patient=False) as person:
            try:
                await person.press("colon")
                await person.write("misp")
                await person.shows("Nothing is called 'misp'")
            finally:
                typed.set()
            await person.shows("MISP sync", "1 of")
