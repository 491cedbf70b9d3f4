"""Run as a program: prints which modules are loaded when the UI has drawn its first frame, and leaves."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from socd_tui.live.live import Live
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Wanted
from socd_tui.service.feed import Feed
from socd_tui.tui.app import SocdApp
from tests.terminal.fed import fed

if TYPE_CHECKING:  # it needs pydantic
    from socd_tui.service.source import Update


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


sources, lens, setup = fed(Witness, "token")
app = SocdApp(Live(sources, lens), setup)
app.run(headless=True, size=(80, 24))
sys.stdout.write(json.dumps({"drawn": Witness.drawn, "loaded": Witness.loaded}))
