"""The UI over a service connection that a test makes of its own, for programs in a process of theirs."""

from __future__ import annotations

from pathlib import Path

from socd_tui.charts.glyphs import FULL
from socd_tui.live.sources import Sources
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.session import Secret, Session
from socd_tui.service.feed import Feed
from socd_tui.tui.setup import Setup
from socd_tui.views.frame.scene import windows
from tests.clock import going

ORIGIN = "http://127.0.0.1:9"


def fed(feed: type[Feed], token: str) -> tuple[Sources, Lens, Setup]:
    """Signed in with this token; nothing answers but the feed."""
    session = Session(Secret(token), ORIGIN, None, "environment")
    fleet = Fleet(mode="live", base_url=ORIGIN)
    sources = Sources(fleet=fleet, clock=going(), session=session, feed=feed, windows=windows)
    setup = Setup(origin=ORIGIN, sign_in=lambda _: session, clock=going(), folder=Path.cwd(), glyphs=FULL)
    return sources, Lens(), setup
