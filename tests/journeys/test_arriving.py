"""The first minutes: signing in, the first figures, and a tour of the views."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from socd_tui.service.demo import DemoServer
from socd_tui.service.demo.desk import session_token
from socd_tui.store.paths import Paths
from socd_tui.tui.setup import WANTS_DEMO
from tests.clock import NOW, Clock
from tests.journeys.stage import requests, service, visit

pytestmark = pytest.mark.anyio

ASKED = "paste the token"


async def test_without_a_token_one_is_asked_for_and_a_pasted_one_brings_the_figures(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False, live=True) as person:
        await person.shows(ASKED, "Sign in to see your keys' usage.", demo.base_url, "signed out")
        assert "live" not in person.lines[0], "who is signed out asks for nothing"
        await person.paste(demo.token)
        await person.shows("SOAR enrichment", requests(demo, "SOAR enrichment"), "● live 60 s")
        assert ASKED not in person.text
        assert "signed out" not in person.text
        assert demo.token[:12] not in person.text


async def test_a_signed_in_token_is_kept_in_a_private_file_for_the_next_run(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False) as person:
        await person.shows(ASKED)
        await person.paste(demo.token)
        await person.shows("SOAR enrichment")
    kept = Paths.under(tmp_path / "home").data / "session.json"
    assert demo.token in kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600


async def test_a_wrong_paste_is_refused_with_its_reason_and_can_be_corrected(
    demo: DemoServer, tmp_path: Path
) -> None:
    wrong = {
        "hello": "There is no session token",
        "sk_live_0123456789abcdefghij": "That is an API key",
        session_token(NOW - timedelta(hours=2), NOW - timedelta(hours=1)): "has expired",
        " ": "Nothing was pasted",
    }
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False) as person:
        await person.shows(ASKED)
        for pasted, reason in wrong.items():
            await person.paste(pasted)
            await person.shows(reason)
        await person.paste(demo.token)
        await person.shows("SOAR enrichment")


async def test_a_token_can_be_typed_and_does_not_show(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False) as person:
        await person.shows(ASKED)
        await person.write("sk_live_typed")
        assert "typed" not in person.text
        await person.press("enter")
        await person.shows("That is an API key")


async def test_a_copied_curl_command_of_many_lines_signs_in(demo: DemoServer, tmp_path: Path) -> None:
    command = (
        f"curl '{demo.base_url}/api/v1/keys' \\\n  -H 'accept: */*' \\\n"
        f"  -b 'theme=dark; sb-access-token={demo.token}; sb-refresh-token=canary' \\\n  --compressed\n"
    )
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False) as person:
        await person.shows(ASKED)
        await person.paste(command)
        await person.shows("SOAR enrichment")
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert "canary" not in files[0]


async def test_signing_in_can_wait(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False) as person:
        await person.shows(ASKED)
        await person.press("escape")
        assert ASKED not in person.text
        assert "signed out" in person.text
        await person.press("r")
        await person.shows(ASKED)


async def test_the_first_screen_lists_every_key_with_its_requests(demo: DemoServer, tmp_path: Path) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        for name in ("Production SIEM", "threat-notebook", "MISP sync", "Old dashboard"):
            assert f" {requests(demo, name)} " in person.row(name)
        assert sum("dev sandbox#" in line for line in person.table) == 2
        assert "not found" in person.row("ghost import")
        assert sum("not found" in line for line in person.table if "quiet" not in line) == 1
        assert "as of 14:20 UTC (now)" in person.lines[0]
        assert "session 1 h" in person.lines[0]


async def test_the_number_keys_open_each_view_for_the_key_under_the_cursor(
    demo: DemoServer, tmp_path: Path
) -> None:
    async with visit(demo, tmp_path, clock=Clock()) as person:
        await person.to("threat-notebook")
        sights = {
            "2": ("Series", "Sun 22 Nov", requests(demo, "threat-notebook")),
            "3": ("Endpoints", "/api/v1/iocs", requests(demo, "threat-notebook")),
            "4": ("Status", "429", requests(demo, "threat-notebook")),
            "5": ("429 map", "Sun 22 Nov", "19,688"),
            "6": ("Budget", "minute", "1,000"),
            "7": ("Bill", "est. $", requests(demo, "threat-notebook")),
            "1": ("Overview", "SOAR enrichment", requests(demo, "SOAR enrichment")),
        }
        seen = set()
        for key, (title, *words) in sights.items():
            await person.press(key)
            assert f"{key} {title}" in person.lines[1]
            assert ("all 10 keys" if key in "167" else "threat-notebook") in person.lines[0]
            assert all(word in "\n".join(person.pane) for word in words), person.text
            seen.add("\n".join(person.pane))
        assert len(seen) == 7


async def test_either_dialect_of_the_service_fills_the_same_rows(tmp_path: Path) -> None:
    with service(Clock(), dialect="nested") as nested:
        async with visit(nested, tmp_path, clock=Clock()) as person:
            assert f" {requests(nested, 'MISP sync')} " in person.row("MISP sync")


async def test_who_has_no_token_is_offered_the_demo_and_who_has_figures_is_not(
    demo: DemoServer, tmp_path: Path
) -> None:
    offer = "look around with simulated keys"
    async with visit(demo, tmp_path, clock=Clock(), signed_in=False, has_demo=True) as person:
        await person.shows(ASKED, f"ctrl+d {offer}")
        await person.press("d")
        assert person.app.return_code is None
        await person.click(offer)
        await person.until(lambda: person.app.return_code == WANTS_DEMO)
    async with visit(demo, tmp_path, clock=Clock(), has_demo=True) as person:
        await person.press("L")
        await person.shows(ASKED)
        assert offer not in person.text
        await person.press("ctrl+d")
        assert person.app.return_code is None
