"""The lines of `s` and `S`: an order for the rows, found by the headings on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.events import Key

from socd_tui.analysis.columns import Columns
from socd_tui.analysis.go_to import Candidate, Finder
from socd_tui.charts.canvas import Line, Span, line_width
from socd_tui.live.thread import in_thread
from socd_tui.model.lens import Lens, Sort
from socd_tui.model.record import replace
from socd_tui.model.text import cell_width, folded
from socd_tui.tui.background import in_background
from socd_tui.tui.bottom_line import BottomLine
from socd_tui.tui.painting import SLOW
from socd_tui.views.frame.scene import Built
from socd_tui.views.view import View

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

OWN_ORDER = "own order"


class SortLine(BottomLine):
    """Finds a column by its heading, or by its name in files."""

    COUNTS: ClassVar = True
    HINTS: ClassVar = (("enter", "sort; once more turns it"), ("↑↓", "column"), ("esc", "close"))

    def __init__(self, app: Actions, built: Built, columns: Columns) -> None:
        super().__init__(app, f"sort {built.view.title} by")
        self._built = built
        self._finder = Finder[str | None](
            [
                *(
                    Candidate[str | None](
                        name=columns.heading(name),
                        about=name,
                        also=" ".join((name, *columns.called(name))),
                        place=name,
                    )
                    for name in columns.on_screen_first
                ),
                Candidate(name=OWN_ORDER, about="as the view has them", also="none off default", place=None),
            ]
        )
        self._found: Sequence[Candidate[str | None]] = ()

    def most_hits(self) -> int:
        return min(len(self._finder), max(self.app.size.height // 3, 1))

    def typed(self, text: str) -> None:
        found = self._finder.find(text, most=len(self._finder))
        self._found = found.best
        width = max((cell_width(each.name) for each in self._finder.candidates), default=0)
        none = (
            f"No column is called so. There are: {', '.join(each.name for each in self._finder.candidates)}."
        )
        self.tell(
            "" if found.count else none,
            "bad",
            count=f"{found.count} of {len(self._finder)}",
            hits=[self._line(each, width) for each in self._found],
        )

    def _line(self, each: Candidate[str | None], width: int) -> Line:
        sort = self._desk_app.lens.sorts.get(self._built.view.name)
        now = ""
        if sort and sort.column == each.place:
            now = "falling now" if sort.descending else "rising now"
        pad = " " * (width - cell_width(each.name))
        about = each.about if each.about != each.name else ""
        return (Span(f"{each.name}{pad}", "title"), Span(f"  {about}", "faint"), Span(f"  {now}"))

    def entered(self, text: str) -> None:
        del text
        if self._found:
            self.dismiss(None)
            sort_by(self._desk_app, self._built.view, self._found[self.at].place)


class LetterLine(BottomLine):
    """One key press sorts by the column whose letter it is."""

    TAKES_TEXT: ClassVar = False
    HINTS: ClassVar = (("letter", "sort; once more turns it"), ("S", "turn"), ("esc", "close"))

    def __init__(self, app: Actions, built: Built, columns: Columns) -> None:
        super().__init__(app, f"sort {built.view.title} by")
        self._built = built
        self._letters = letters(columns)
        self._lines: list[Line] = []

    def most_hits(self) -> int:
        """As many lines as the letters take beside each other."""
        width = self.app.size.width
        self._lines = [()]
        for letter, heading in ((letter, heading) for letter, (_, heading) in self._letters.items()):
            hint = (Span(letter, "accent"), Span(f" {heading}  ", "ink"))
            if line_width(self._lines[-1]) + line_width(hint) >= width:
                self._lines.append(())
            self._lines[-1] = (*self._lines[-1], *hint)
        return len(self._lines)

    def typed(self, text: str) -> None:
        del text
        self.tell(hits=self._lines)

    def on_key(self, event: Key) -> None:
        """Every letter is a choice and none is text."""
        letter = event.character or ""
        if not letter.isprintable() or not letter:
            return
        event.stop()
        app, view = self._desk_app, self._built.view
        if letter in self._letters:
            self.dismiss(None)
            sort_by(app, view, self._letters[letter][0])
        elif letter == "S" and (sort := app.lens.sorts.get(view.name)):
            self.dismiss(None)
            sort_by(app, view, sort.column)
        elif letter == "S":
            self.tell("There is no order to turn yet: press a letter.", "bad")
        else:
            self.tell(f"No column has the letter '{letter}'.", "bad")


def letters(columns: Columns) -> dict[str, tuple[str, str]]:
    """A letter for each column with a heading, and its name and heading: the first one that is still free.

    Each begins with its own first letter if that is free when its turn comes, from left to right.
    """
    taken: dict[str, tuple[str, str]] = {}
    waiting = []
    for name, heading in columns.headings.items():
        first = folded(heading)[:1]
        if first in taken:
            waiting.append((name, heading))
        else:
            taken[first] = (name, heading)
    for name, heading in waiting:
        spare = (*folded(heading), *folded(name), *"abcdefghijklmnopqrstuvwxyz0123456789")
        letter = next((each for each in spare if each.isalnum() and each not in taken), None)
        if letter is not None:
            taken[letter] = (name, heading)
    return taken


def sort_by(app: Actions, view: View, column: str | None) -> None:
    """Order the view's rows by the column, or turn the order they have by it; the cursor goes to the first.

    Without a column they stand in the view's own order.
    """
    assert view.measures is not None
    now = app.lens.sorts.get(view.name)
    wanted = None
    if column is not None and now is not None and now.column == column:
        wanted = Sort(column, not now.descending)
    elif column is not None:
        wanted = view.measures.names.sort(column)
    in_background(app, partial(_show_top, app, view, wanted), group=SLOW)


async def _show_top(app: Actions, view: View, wanted: Sort | None) -> None:
    """The view is built in a thread to see which row is first; painting takes it over from there."""
    known, lens = app.live.state.known, replace(sorted_by(app.lens, view.name, wanted), view=view.name)
    first = await in_thread(lambda: next(iter(view.build(known, lens).rows_about()), None))
    ordered = sorted_by(app.lens, view.name, wanted)
    app.look(ordered if first is None else ordered.at(first))


def sorted_by(lens: Lens, view: str, sort: Sort | None) -> Lens:
    """The view's rows in this order; in the view's own without one."""
    others = {name: each for name, each in lens.sorts.items() if name != view}
    return replace(lens, sorts={**others, view: sort} if sort else others)
