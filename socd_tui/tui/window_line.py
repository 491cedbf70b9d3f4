"""The line of `w`: over which days, with what such a window has while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.charts.number import date_range
from socd_tui.model.days import MAX_DAYS
from socd_tui.model.errors import SocdError
from socd_tui.model.text import counted
from socd_tui.model.typed_window import FORMS, parse_window
from socd_tui.model.window import Window, beyond_service
from socd_tui.tui.bottom_line import BottomLine

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

BEYOND = (
    f"beyond the service's {MAX_DAYS}: days remembered here, without codes, endpoints, latencies, caps, "
    "states, some 429s"
)
BRIEFLY = "without codes, caps, states"
"""The same where it would be cut."""
ROOMY = 80
"""Columns from which it is whole."""


class WindowLine(BottomLine):
    """Says which dates are meant before enter takes them."""

    SAYS: ClassVar = 2
    HINTS: ClassVar = (("enter", "look"), ("esc", "close"))

    def __init__(self, app: Actions) -> None:
        super().__init__(app, "window", str(app.lens.days))
        self._remembered = remembered_days(app.fleet)
        self._today = (app.fleet.at or app.live.now()).date()

    def typed(self, text: str) -> None:
        if not text.strip():
            self.tell(f"{FORMS} ({counted(self._remembered, 'day')})", "faint")
            return
        try:
            days = parse_window(text, self._remembered, self._today)
        except SocdError as error:
            self.tell(str(error), "bad")
            return
        window = Window.ending(self._today, days)
        dates = f"{counted(days, 'day')}, {date_range(window.start, window.end)} UTC"
        if beyond_service(days):
            whole = self.app.size.width >= ROOMY
            self.tell(f"{dates}; {BEYOND}" if whole else f"{counted(days, 'day')}, {BRIEFLY}", "warn")
        else:
            self.tell(f"{dates}. Write {FORMS}.", "ink")

    def entered(self, text: str) -> None:
        try:
            days = parse_window(text, self._remembered, self._today)
        except SocdError as error:
            self.tell(str(error), "bad")
            return
        self._desk_app.look(self._desk_app.lens.looking_back(days))
        self.dismiss(None)
