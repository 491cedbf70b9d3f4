"""Takes every screenshot of this folder from the demo: `python screenshots/take.py`.

The demo's clock stands still, so the same program gives the same pictures. Each view is written as an
SVG and as text; SVGs name no font to download.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from socd_tui.charts.glyphs import ASCII, FULL, Glyphs
from socd_tui.live.live import Live
from socd_tui.live.sources import Sources
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.session import Secret, Session
from socd_tui.service.demo import DemoServer
from socd_tui.tui.app import SocdApp
from socd_tui.tui.setup import Setup
from socd_tui.views.frame.scene import windows
from socd_tui.views.registry import views

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
SIZES = ((160, 45), (80, 24))
_FONT_FACES = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


PREFERENCES = Preferences({"Ann Lee": ("Production SIEM", "SOAR *"), "Data team": ("threat-*", "MISP *")})


def shots() -> Iterator[tuple[str, Lens, tuple[int, int], Glyphs, bool]]:
    """File stem, Lens, size, glyphs, and colour of each picture."""
    for view in views():
        for size in SIZES:
            yield f"{view.name}-{size[0]}x{size[1]}", Lens(view=view.name, days=30), size, FULL, True
    yield (
        "overview-compared-120x36",
        Lens(view="overview", days=7, compare="same_length"),
        (120, 36),
        FULL,
        True,
    )
    yield "heatmap-80x24-ascii", Lens(view="heatmap", days=30), (80, 24), ASCII, False


async def take(
    server: DemoServer, lens: Lens, size: tuple[int, int], glyphs: Glyphs, colour: bool
) -> tuple[str, str]:
    """The screen as (SVG, text) once every answer has arrived."""
    session = Session(Secret(server.token), server.base_url, server.expires_at, "demo")
    fleet = Fleet(mode="demo", base_url=server.base_url)
    sources = Sources(fleet=fleet, clock=_now, session=session, windows=windows, preferences=PREFERENCES)
    live = Live(sources, replace(lens, focus=server.truth.keys[1].id))
    setup = Setup(
        origin=server.base_url, sign_in=_no_one, clock=_now, folder=FOLDER, glyphs=glyphs, colour=colour
    )
    app = SocdApp(live, setup)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        while live.state.busy or app.shown is not live.state:
            await pilot.pause(0.01)
        await pilot.pause()
        svg = _FONT_FACES.sub("", app.export_screenshot(title="socd-tui", simplify=True))
        text = app.desk.text()
    return svg, text


def _now() -> datetime:
    return NOW


def _no_one(_: str) -> Session:
    raise AssertionError("nobody signs in for a screenshot")


def main() -> int:
    with DemoServer(clock=lambda: NOW, requests_per_minute=1_000_000) as server:
        for stem, lens, size, glyphs, colour in shots():
            svg, text = asyncio.run(take(server, lens, size, glyphs, colour))
            (FOLDER / f"{stem}.svg").write_text(svg + "\n", encoding="utf-8")
            (FOLDER / f"{stem}.txt").write_text(text + "\n", encoding="utf-8")
            print(stem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
