"""Refreshing by itself: by default while somebody looks, otherwise as it is asked for."""

from __future__ import annotations

from datetime import timedelta

from textual.app import App

from socd_tui.live.live import Live
from socd_tui.tui.setup import Setup


class KeepingUp(App[None]):
    """An app that refreshes unasked where its Setup says so, not while its terminal has lost the focus."""

    live: Live
    setup: Setup
    unasked = False
    """Whether it refreshes by itself without anybody having pressed a key for it."""

    def begin_keeping_up(self) -> None:
        """From now on, if that is wanted."""
        self.unasked = self.setup.live
        if self.unasked:
            self.live.every(self._pause)

    def keep_up(self) -> None:
        """As often as the number of keys allows."""
        if self.unasked and self.live.state.every != self._pause:
            self.live.every(self._pause)

    @property
    def _pause(self) -> timedelta:
        return self.setup.unasked_pause(len(self.live.state.fleet.keys))

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
