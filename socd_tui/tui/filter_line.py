"""The line of `/`: rows go and come while a filter is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from socd_tui.analysis.columns import Columns
from socd_tui.analysis.row_filter import parse_filter
from socd_tui.live.thread import in_thread
from socd_tui.model.errors import SocdError
from socd_tui.model.lens import Lens
from socd_tui.model.record import replace
from socd_tui.tui.background import in_background
from socd_tui.tui.bottom_line import BottomLine
from socd_tui.tui.painting import SLOW
from socd_tui.views.frame.scene import Built

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

REMEMBERED = 20
"""Filters of a view that the arrows walk through."""

SYNTAX = 'word  !word  "two words"  /regex/  err%>5  429>0  state=over; of several a row must meet all'


class FilterLine(BottomLine):
    """Looks through each filter that can be understood; escape looks as before."""

    SAYS: ClassVar = 2
    COUNTS: ClassVar = True
    HINTS: ClassVar = (("enter", "keep"), ("↑↓", "earlier filters"), ("esc", "undo"))

    def __init__(self, app: Actions, built: Built, columns: Columns, history: list[str]) -> None:
        self._of, self._columns = built.view.name, columns
        self._before, self._built = app.lens, built
        super().__init__(app, f"filter {built.view.title}", app.lens.filters.get(self._of, ""))
        self._history, self._back = history, 0
        self._draft = ""
        self._total: int | None = None

    def typed(self, text: str) -> None:
        try:
            understood = parse_filter(text, self._columns)
        except SocdError as error:
            self.tell(str(error), "bad", count="")
            self._look(self._before.filters.get(self._of, ""))
            return
        self.tell(understood.says if understood else SYNTAX, "ink" if understood else "faint")
        self._look(text.strip())
        in_background(self, self._tell_count, group=SLOW, alone=True)

    def _look(self, text: str) -> None:
        lens = self._desk_app.lens
        if text != lens.filters.get(self._of, ""):
            self._desk_app.look(filtered(lens, self._of, text))

    async def _tell_count(self) -> None:
        """How many rows are left, once they are drawn."""
        app = self._desk_app
        await app.painted()
        if self._total is None:
            whole = filtered(self._built.lens, self._of, "")
            known, view = app.live.state.known, self._built.view
            self._total = await in_thread(lambda: len(view.build(known, whole).rows_about()))
        if app.active.view.name == self._of and self.is_mounted:
            self.tell(count=f"{len(app.active.pane.rows_about()):,} of {self._total:,}")

    def entered(self, text: str) -> None:
        """Closes; what cannot be understood has been told and stays to be corrected."""
        app, text = self._desk_app, text.strip()
        try:
            parse_filter(text, self._columns)
        except SocdError:
            return
        if text:
            self._history[:] = [*(each for each in self._history if each != text), text][-REMEMBERED:]
        app.look(filtered(app.lens, self._of, text))
        self.dismiss(None)

    def stepped(self, by: int) -> None:
        if not self._back:
            self._draft = self._value
        self._back = min(max(self._back - by, 0), len(self._history))
        self.write(self._history[-self._back] if self._back else self._draft)

    def left(self) -> None:
        self._desk_app.look(self._before)


def filtered(lens: Lens, view: str, text: str) -> Lens:
    """The view's rows that match; all of them for an empty text."""
    return replace(lens, filters={**lens.filters, view: text})
