"""Takes every screenshot of this folder from the demo: `python screenshots/take.py`.

The demo's clock stands still, so the same program gives the same pictures. Each view is written as an
SVG and as text; SVGs name no font to download.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture: what is looked at, and how."""

    stem: str
    lens: Lens
    size: tuple[int, int]
    glyphs: Glyphs = FULL
    colour: bool = True
    landing: bool = False
    """Whether the cursor is where the program puts it, rather than on the second key."""
    keys: tuple[str, ...] = ()
    """Keys that are pressed before it is taken."""


def shots() -> Iterator[Shot]:
    """Every view in two sizes, and what is no view."""
    for view in views():
        for width, height in SIZES:
            yield Shot(
                stem=f"{view.name}-{width}x{height}", lens=Lens(view=view.name, days=30), size=(width, height)
            )
    overview = Lens(view="overview", days=7)
    for width, height in SIZES:
        yield Shot(stem=f"landing-{width}x{height}", lens=overview, size=(width, height), landing=True)
    yield Shot(
        stem="goto-120x36", lens=overview, size=(120, 36), landing=True, keys=(":", *"soar"), glyphs=FULL
    )
    yield Shot(stem="overview-compared-120x36", lens=replace(overview, compare="same_length"), size=(120, 36))
    yield Shot(
        stem="heatmap-80x24-ascii",
        lens=Lens(view="heatmap", days=30),
        size=(80, 24),
        glyphs=ASCII,
        colour=False,
    )


async def take(server: DemoServer, shot: Shot) -> tuple[str, str]:
    """The screen as (SVG, text) once every answer has arrived."""
    session = Session(Secret(server.token), server.base_url, server.expires_at, "demo")
    fleet = Fleet(mode="demo", base_url=server.base_url)
    sources = Sources(fleet=fleet, clock=_now, session=session, windows=windows, preferences=PREFERENCES)
    focus = None if shot.landing else server.truth.keys[1].id
    live = Live(sources, replace(shot.lens, focus=focus))
    setup = Setup(
        origin=server.base_url,
        sign_in=_no_one,
        clock=_now,
        folder=FOLDER,
        glyphs=shot.glyphs,
        colour=shot.colour,
    )
    app = SocdApp(live, setup)
    async with app.run_test(size=shot.size) as pilot:
        await pilot.pause()
        while live.state.busy or app.shown is not live.state:
            await pilot.pause(0.01)
        await pilot.press(*shot.keys)
        await app.painted()
        await pilot.pause()
        svg = _FONT_FACES.sub("", app.export_screenshot(title="socd-tui", simplify=True))
        text = shown(app)
    return svg, text


def shown(app: SocdApp) -> str:
    """All of the screen, line by line, without trailing blanks."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(line.text.rstrip() for line in lines)


def _now() -> datetime:
    return NOW


def _no_one(_: str) -> Session:
    raise AssertionError("nobody signs in for a screenshot")


def main() -> int:
    with DemoServer(clock=lambda: NOW, requests_per_minute=1_000_000) as server:
        for shot in shots():
            svg, text = asyncio.run(take(server, shot))
            (FOLDER / f"{shot.stem}.svg").write_text(svg + "\n", encoding="utf-8")
            (FOLDER / f"{shot.stem}.txt").write_text(text + "\n", encoding="utf-8")
            print(shot.stem)
    return 0


if __name__ == "__main__":
    sys.exit(main())
