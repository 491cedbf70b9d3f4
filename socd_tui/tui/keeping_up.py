"""Refreshing by itself: by default while somebody looks, otherwise as it is asked for."""

from __future__ import annotations

from datetime import timedelta

from textual.app import App

from socd_tui.live.live import Live
from socd_tui.tui.setup import Setup

PER_KEY = timedelta(seconds=2)
"""Nobody asked for it: of an account with many keys it is done so much less often."""


class KeepingUp(App[None]):
    """An app that refreshes unasked where its Setup says so, not while its terminal has lost the focus."""

    live: Live
    setup: Setup
    unasked = False
    """Whether it refreshes by itself without anybody having pressed a key for it."""

    def begin_keeping_up(self) -> None:
        """From now on, if that is wanted."""
        self.unasked = self.setup.live
        self.keep_up()

    def keep_up(self) -> None:
        """As often as the number of keys allows."""
        pause = max(self.setup.refresh_every, len(self.live.state.fleet.keys) * PER_KEY)
        if self.unasked and self.live.state.every != pause:
            self.live.every(pause)

    def watch_app_focus(self, focus: bool) -> None:
        """While nobody looks nothing is asked for nobody; what has become due meanwhile is asked for at once.

        A key that is pressed is somebody, too, in a terminal that does not tell of their return.
        """
        if focus:
            self.live.resume()
            self.live.come_back()
        else:
            self.live.leave()
            if self.unasked:
                self.live.pause()

    def action_auto_refresh(self) -> None:
        """On or off, whoever looks."""
        self.unasked = False
        self.live.resume()
        pause = None if self.live.state.every else self.setup.refresh_every
        self.live.every(pause)
        started = f"Refreshing every {self.setup.refresh_every.total_seconds():.0f} s. Press R to stop."
        self.notify(started if pause else "No longer refreshing by itself.", markup=False)
