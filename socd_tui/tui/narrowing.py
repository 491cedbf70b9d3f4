"""Which rows of a pane, in which order, and over which window: what asks for it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from socd_tui.analysis.columns import Columns
from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.model.window import longer, shorter
from socd_tui.tui.filter_line import FilterLine
from socd_tui.tui.sort_line import LetterLine, SortLine, sort_by
from socd_tui.tui.window_line import WindowLine

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions


class Narrowing:
    """Asks in front of the active pane of an app, and has it look through the answer."""

    def __init__(self, app: Actions) -> None:
        self._app = app
        self._filters: defaultdict[str, list[str]] = defaultdict(list)
        """What was filtered by in this run, by view, the latest last."""

    def filter(self) -> None:
        if columns := self._columns():
            active = self._app.active
            self._app.push_screen(FilterLine(self._app, active, columns, self._filters[active.view.name]))

    def sort(self) -> None:
        if columns := self._columns():
            self._app.push_screen(SortLine(self._app, self._app.active, columns))

    def sort_by_letter(self) -> None:
        if columns := self._columns():
            self._app.push_screen(LetterLine(self._app, self._app.active, columns))

    def sort_by(self, column: str) -> None:
        """By the column whose heading was clicked; once more turns the order."""
        columns = self._columns()
        if columns and column in columns.names:
            sort_by(self._app, self._app.active.view, column)

    def _columns(self) -> Columns | None:
        """What the active pane can be narrowed by; says so when it has no rows."""
        view = self._app.active.view
        if view.measures is None:
            self._app.notify(f"{view.title} has no rows to filter or sort.", markup=False)
            return None
        return view.measures.names

    def step_window(self, step: int) -> None:
        """To the next window of the ladder: a longer one for a step above 0."""
        lens, remembered = self._app.lens, remembered_days(self._app.fleet)
        days = (longer if step > 0 else shorter)(lens.days, remembered)
        self._app.look(lens.looking_back(days))

    def choose_window(self) -> None:
        self._app.push_screen(WindowLine(self._app))
