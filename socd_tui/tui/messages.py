"""What is said in passing: one message at a time, above the lines one reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding
from textual.notifications import Notify, SeverityLevel
from textual.widgets import Input

from socd_tui.tui.keymap import caption, keymap

if TYPE_CHECKING:
    from socd_tui.tui.desk import Desk
    from socd_tui.tui.setup import Setup

SAME_WITHIN = timedelta(seconds=5)
"""A message that is said again so soon is counted instead."""


class Messages(App[None]):
    """An app that says one thing at a time: what is newer takes the place of what was said before."""

    BINDINGS: ClassVar = [Binding("ctrl+c", "help_quit", show=False, priority=True)]

    setup: Setup
    desk: Desk
    _said: tuple[str, datetime, int] | None = None
    """The newest message, when, and how often it was said."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something, in the words as they are unless `markup` is asked for."""
        now, times = self.setup.clock(), 1
        if self._said is not None and self._said[0] == message and now - self._said[1] <= SAME_WITHIN:
            times += self._said[2]
        self._said = (message, now, times)
        told = f"{message} (x{times})" if times > 1 else message
        super().notify(told, title=title, severity=severity, timeout=timeout, markup=markup)

    @on(Notify)
    def make_room(self) -> None:
        """Called before Textual adds the message, which it would stack upon others.

        What holds a message stays when Textual takes the message out of it: for ever, and takes part in
        every layout.
        """
        self.clear_notifications()
        for screen in self.screen_stack:
            screen.query("ToastHolder").remove()

    def action_help_quit(self) -> None:
        """What ctrl+c says, which is pressed without thinking: before a question q is a letter."""
        key = next(key for key in keymap(self.setup.keys) if key.id == "quit")
        if self.screen is self.desk:
            self.notify(f"Press {caption(key).split(' ')[0]} to quit.")
        else:
            self.notify("Press ctrl+q to quit, esc closes.")

    @property
    def has_marked_text(self) -> bool:
        """Whether ctrl+c is to copy."""
        marked = self.focused.selected_text if isinstance(self.focused, Input) else ""
        return bool(marked or self.screen.get_selected_text())
