"""Which rows of a pane, in which order, and over which window: asking for it, and the Lens that follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from socd_tui.analysis.columns import Columns
from socd_tui.analysis.remembered_window import remembered_days
from socd_tui.analysis.row_filter import parse_filter
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.window import longer, parse_window, shorter
from socd_tui.tui.prompts import Choice, Prompt

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

T = TypeVar("T")

OWN_ORDER = "(the view's own order)"


class Narrowing:
    """Asks in front of the active pane of an app, and has it look through the answer."""

    def __init__(self, app: Actions) -> None:
        self._app = app

    def filter(self) -> None:
        columns, view = self._columns(), self._app.active.view
        if columns is None:
            return

        def accept(text: str) -> str:
            parse_filter(text, columns)
            return text.strip()

        def matching(text: str) -> Lens:
            return filtered(self._app.lens, view.name, text)

        prompt = Prompt(
            f"Show only the rows of {view.title} that match",
            accept,
            value=self._app.lens.filters.get(view.name, ""),
            hint="text, !text, /regex/, or comparisons: requests>=10k err%<5 state=over; empty for all",
            live=True,
        )
        self._ask(prompt, matching)

    def sort(self) -> None:
        columns, view = self._columns(), self._app.active.view
        if columns is None:
            return

        def ordered(name: str) -> Lens:
            return sorted_by(self._app.lens, view.name, None if name == OWN_ORDER else columns.sort(name))

        self._ask(Choice(f"Sort {view.title} by", [OWN_ORDER, *columns.names]), ordered)

    def reverse(self) -> None:
        name = self._app.active.view.name
        sort = self._app.lens.sorts.get(name)
        if self._columns() is None:
            return
        if sort is None:
            self._app.notify("Sort by a column first: press s.", markup=False)
        else:
            turned = Sort(sort.column, not sort.descending)
            self._app.look(sorted_by(self._app.lens, name, turned))

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
        self._app.look(replace(lens, days=days))

    def choose_window(self) -> None:
        remembered = remembered_days(self._app.fleet)

        def over(days: int) -> Lens:
            return replace(self._app.lens, days=days)

        prompt = Prompt(
            "Window in days",
            lambda typed: parse_window(typed, remembered),
            value=str(self._app.lens.days),
            hint=f"any up to 90; longer, or all ({remembered}), as far as days are remembered here",
            live=True,
        )
        self._ask(prompt, over)

    def _ask(self, screen: Screen[T | None], answered: Callable[[T], Lens]) -> None:
        def take(answer: T | None) -> None:
            if answer is not None:
                self._app.look(answered(answer))

        self._app.push_screen(screen, take)


def filtered(lens: Lens, view: str, text: str) -> Lens:
    """The view's rows that match; all of them for an empty text."""
    return replace(lens, filters={**lens.filters, view: text})


def sorted_by(lens: Lens, view: str, sort: Sort | None) -> Lens:
    """The view's rows in this order; in the view's own without one."""
    others = {name: each for name, each in lens.sorts.items() if name != view}
    return replace(lens, sorts={**others, view: sort} if sort else others)
