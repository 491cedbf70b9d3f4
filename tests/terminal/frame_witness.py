"""Run as a program: prints which modules are loaded when the UI has drawn its first frame, and leaves."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from socd_tui.charts.glyphs import FULL
from socd_tui.live.live import Live
from socd_tui.live.sources import Sources
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, Wanted
from socd_tui.model.session import Secret, Session
from socd_tui.service.feed import Feed
from socd_tui.tui.app import SocdApp
from socd_tui.tui.setup import Setup
from socd_tui.views.frame.scene import windows
from tests.clock import going

if TYPE_CHECKING:  # it needs pydantic
    from socd_tui.service.source import Update

ORIGIN = "http://127.0.0.1:9"


class Witness(Feed):
    """Asked for figures right after the first frame: notes what was on it, and what it took."""

    drawn = ""
    loaded: tuple[str, ...] = ()

    async def refresh(
        self,
        fleet: Fleet,
        wanted: Wanted | None,
        *,
        selectors: Sequence[str] = (),
        since: datetime | None = None,
    ) -> AsyncGenerator[Update, None]:
        Witness.drawn, Witness.loaded = app.desk.text(), tuple(sys.modules)
        app.exit()
        return
        yield


session = Session(Secret("token"), ORIGIN, None, "environment")
fleet = Fleet(mode="live", base_url=ORIGIN)
app = SocdApp(
    Live(Sources(fleet=fleet, clock=going(), session=session, feed=Witness, windows=windows), Lens()),
    Setup(origin=ORIGIN, sign_in=lambda _: session, clock=going(), folder=Path.cwd(), glyphs=FULL),
)
app.run(headless=True, size=(80, 24))
sys.stdout.write(json.dumps({"drawn": Witness.drawn, "loaded": Witness.loaded}))
