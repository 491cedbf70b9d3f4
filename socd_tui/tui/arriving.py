"""A service on this machine answers before Textual could be imported: its answers are drawn as they come."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress

from socd_tui.live.live import Live
from socd_tui.model.record import replace
from socd_tui.tui.first_picture import FirstPicture
from socd_tui.tui.first_screen import FirstScreen
from socd_tui.tui.opening import Opening, drawn
from socd_tui.tui.setup import Setup
from socd_tui.tui.ward import ward

LONGEST_S = 2.0
"""How long it is waited for answers before the app is there."""

PAUSE_S = 0.25
"""Between two pictures: each takes its time from what is still to come."""


async def arrived(live: Live, setup: Setup, opening: Opening, screen: FirstScreen) -> Opening:
    """Begins, and shows what is newer until all of it has come, or somebody presses a key.

    What is then still being kept for the next start changes nothing that is shown.
    """
    time = asyncio.get_running_loop().time
    before, drawn_at, is_asked = live.state, time(), False
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_S), aclosing(live.states()) as states:
            live.start()
            async for state in states:
                is_asked = is_asked or state.progress is not None
                has_ended = is_asked and state.progress is None
                if has_ended or state.question or screen.has_input():
                    break
                if time() - drawn_at >= PAUSE_S:
                    _shown(live, setup, screen)
                    drawn_at = time()
    picture = _shown(live, setup, screen)
    if screen.has_input():
        ward().quits = False  # it is read by the app, and may open what a q is for
    return replace(opening, lens=live.state.lens, picture=picture, before=before)


def _shown(live: Live, setup: Setup, screen: FirstScreen) -> FirstPicture:
    picture = drawn(live.state, setup, screen, live.now())
    if picture.scene.lens != live.state.lens:
        live.look(picture.scene.lens)
    return picture
