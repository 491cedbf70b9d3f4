"""What stands around the panes of a State: header, tabs or the way here, rule and footer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from socd_tui.charts.canvas import Canvas, Line, line_width
from socd_tui.live.state import State
from socd_tui.model.lens import visible
from socd_tui.model.trail import Trail
from socd_tui.tui import chrome
from socd_tui.tui.crumbs import crumbs
from socd_tui.tui.keymap import Key
from socd_tui.views.frame.scene import Built, Scene


def framed(
    scene: Scene,
    active: Built,
    state: State,
    trail: Trail,
    keys: list[Key],
    now: datetime,
    room: Canvas,
    *,
    profile: str = "",
) -> Mapping[str, Line]:
    """The lines by their places; `active` is the view that keys act on, `now` the service's clock."""
    known, lens, width = scene.known, active.lens, room.width
    total = len(visible(known.fleet, lens))
    chips = (
        *chrome.gone_keys(known.fleet, lens),
        *chrome.comparing(known, lens, asks=state.session is not None),
        *chrome.narrowing(lens),
        *chrome.marks(lens, total),
    )
    # Who is signed out asks for nothing.
    due, every = (state.next_refresh, state.every) if state.session else (None, None)
    message = (
        () if state.progress else chrome.trouble(known.fleet, state.error, width - line_width(chips) - 2)
    )
    header = chrome.header(
        known, lens, state.session, now, width, due, every, paused=state.paused, profile=profile
    )
    return {
        "header": header,
        "tabs": crumbs(known, state.lens, trail, width, room.glyphs) or chrome.tabs(lens, width),
        "rule": chrome.rule(width, room.glyphs, state.progress, message=message, chips=chips),
        "footer": chrome.footer(keys, width, active.view.hints),
    }
