"""One line to type into, over the footer: what it understands stands above it, and what it finds above that.

The desk stays in sight and makes room, so that no row is covered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.events import Click, Key, Resize
from textual.geometry import Size
from textual.widgets import Input

from socd_tui.charts.canvas import Line, Role, Span, justify
from socd_tui.model.target import RowTarget
from socd_tui.model.text import cell_width
from socd_tui.tui.bottom_drawing import hints_line, hit, said_lines
from socd_tui.tui.field import Field
from socd_tui.tui.lines import Lines
from socd_tui.tui.textual_screen import Front, written_at_once

if TYPE_CHECKING:
    from textual.suggester import Suggester

    from socd_tui.tui.actions import Actions

WIDE = 120
"""Columns in which a sentence needs one line."""

LOW = 16
"""Lines of a screen on which rows have no room to give: what is said takes one line, and no key is told."""

OVER_FOOTER = 3
"""Lines at the bottom that no message covers: footer, read-out and note. The style sheet has it, too."""

PAGE = 5
"""Hits that the pointer passes over at once."""

COUNTED = 18
"""Columns for "10 of 214" at the end of the line."""


class BottomLine(Front[None]):
    """`title` stands before what is typed. A subclass says what is understood, found, and done with it."""

    BINDINGS: ClassVar = [
        Binding("escape", "leave", "close"),
        Binding("up,ctrl+p", "step(-1)", "up"),
        Binding("down,ctrl+n", "step(1)", "down"),
        Binding("pageup", f"step({-PAGE})", "a page up"),
        Binding("pagedown", f"step({PAGE})", "a page down"),
        Binding("tab", "keep", "keep", priority=True),
    ]
    TAKES_TEXT: ClassVar[bool] = True
    """Whether one types into it; else its keys are its own, and nothing in it is chosen by a pointer."""
    POINTS: ClassVar[bool] = True
    """Whether one of what it finds can be chosen; else one looks through it."""
    COVERS: ClassVar[bool] = False
    """Whether it takes the whole screen, so that the desk need make no room."""
    SAYS: ClassVar[int] = 1
    """Lines there are for what it says, where the screen is no wider than `WIDE`; else one does."""
    COUNTS: ClassVar[bool] = False
    """Whether it says how many there are."""
    HINTS: ClassVar[tuple[tuple[str, str], ...]] = (("enter", "do"), ("esc", "close"))
    """What its keys do, for the footer."""

    def __init__(self, app: Actions, title: str, value: str = "") -> None:
        super().__init__()
        self._desk_app = app
        self.is_open = asyncio.Event()
        """Set when there is something to type into, where that is wanted."""
        self._title, self._value = f" {title}: ", value
        self._hits: Sequence[Line] = ()
        self._at = 0
        """Which hit the pointer is on."""
        self._said = Span("")
        self._count = ""
        self._laid_out: Size | None = None
        """For a screen of which size."""

    # --- for subclasses --------------------------------------------------------------------------

    def most_hits(self) -> int:
        """Lines for hits: a third of the screen at most."""
        return 0

    def suggester(self) -> Suggester | None:
        """What goes on with what is typed, for the right arrow to take."""
        return None

    def typed(self, text: str) -> None:
        """What is typed has changed."""

    def took(self, event: Key) -> bool:
        """Whether a key that was pressed is done with: at once, as the next is for what comes after it."""
        del event
        return False

    def entered(self, text: str) -> None:
        """It is meant so."""

    def stepped(self, by: int) -> None:
        """Up or down was pressed: the pointer moves, or what is found does."""
        last = len(self._hits) - (1 if self.POINTS else self.room)
        self._at = min(max(self._at + by, 0), max(last, 0))
        self.redraw()

    def kept(self, text: str) -> None:
        """Tab was pressed."""

    def learnt(self) -> None:
        """There may be more to find than before."""

    def rearranged(self) -> None:
        """The screen has another size."""
        self.redraw()

    def left(self) -> None:
        """Escape was pressed: it is closed."""

    def tell(
        self,
        said: str | None = None,
        role: Role = "faint",
        *,
        count: str | None = None,
        hits: Sequence[Line] | None = None,
    ) -> None:
        """Say what was understood, or is wrong; how many there are; and show what was found."""
        if said is not None:
            self._said = Span(said, role)
        if count is not None:
            self._count = count
        if hits is not None:
            self._hits, self._at = hits, 0
        self.redraw()

    def write(self, text: str) -> None:
        """Put this text into the line in place of what stands there."""
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    @property
    def room(self) -> int:
        """Lines there are for what it finds."""
        return max(self.query_one("#found").size.height - self._says, 0)

    @property
    def _says(self) -> int:
        """Lines there are for what it says."""
        size = self._laid_out or self.app.size
        return self.SAYS if size.width < WIDE and size.height >= LOW else 1

    @property
    def at(self) -> int:
        """Which hit the pointer is on, from 0."""
        return self._at

    # --- the screen ------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        glyphs = self._desk_app.desk.glyphs
        yield Lines(glyphs, id="found")
        if self.TAKES_TEXT:
            suggester = self.suggester()
            yield Field(self._value, self.submit, is_focused=self.app.app_focus, suggester=suggester)
        else:
            yield Lines(glyphs, id="title")
        yield Lines(glyphs, id="hints")

    def on_mount(self) -> None:
        if not self.children:  # the program was left before there was anything in the line
            return
        self._lay_out()
        self.typed(self._value)

    def opened(self) -> None:
        self.redraw()

    def on_descendant_focus(self) -> None:
        self.is_open.set()

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close it: the desk has all of its room again, and is painted in it once the key is done with."""
        app = self._desk_app
        app.desk.reserve(0)
        app.call_next(app.paint)
        closed = super().dismiss(result)
        app.desk.rearrange()
        return closed

    def redraw(self) -> None:
        """Show the newest of everything."""
        if not (self.is_whole and self.children) or self not in self.app.screen_stack:
            return  # there is nothing yet, or no longer, to show it in
        app, width = self._desk_app, self.app.size.width
        roles, glyphs = app.setup.styles(app.theme), app.desk.glyphs
        room, says = self.room, self._says
        first = min(max(self._at - room + 1, 0) if self.POINTS else self._at, max(len(self._hits) - room, 0))
        shown = [
            hit(line, n, glyphs.pointer if n == self._at and self.TAKES_TEXT and self.POINTS else "")
            for n, line in enumerate(self._hits[first : first + room], start=first)
        ]
        title: Line = (Span(self._title, "title"),)
        count = justify((Span(""),), (Span(f"{self._count} ", "faint"),), COUNTED) if self.COUNTS else ()
        pictures: dict[str, list[Line]] = {
            "found": [*shown, *[()] * (room - len(shown)), *said_lines(self._said, width, says, glyphs)],
            "title": [title],
            "hints": [hints_line(self.HINTS)],
        }
        taken = [(place, place.take(pictures[place.id or ""], roles)) for place in self.query(Lines)]
        fields = [field for field in self.query(Field) if field.surround(title, count, roles)]
        strips = (
            *((place, place.strips(ys)) for place, ys in taken if ys and place.display),
            *((field, field.strips()) for field in fields),
        )
        if not written_at_once(self, strips):
            for place, ys in taken:
                place.paint(ys)
            for field in fields:
                field.refresh()

    def _lay_out(self) -> None:
        """The desk keeps the lines above, this takes those below."""
        hits, size = self.most_hits(), self.app.size
        self._laid_out = size
        says = self._says
        self.query_one("#found").styles.height = hits + says
        for field in self.query(Field):
            field.leave_room(cell_width(self._title), COUNTED if self.COUNTS else 0, size.width)
        hints = self.query_one("#hints", Lines)
        hints.display = size.height >= LOW
        taken = 0 if self.COVERS else hits + says + hints.display
        self._desk_app.desk.reserve(taken)
        self._desk_app.desk.rearrange()
        for messages in self.query("ToastRack"):  # above the desk's read-out, as without it
            messages.styles.margin = (0, 0, taken + OVER_FOOTER, 0)

    # --- what happens ----------------------------------------------------------------------------

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._value:
            self._value = event.value
            self.typed(event.value)

    def submit(self, text: str) -> None:
        """At once, not by a message: the next key is already for what comes after it."""
        if self.is_active:  # an escape pressed in the same moment may have closed it
            if text != self._value:
                self._value = text
                self.typed(text)
            self.entered(text)

    @on(Lines.Picked)
    def _picked(self, event: Lines.Picked) -> None:
        event.stop()
        if isinstance(event.target, RowTarget) and self.POINTS and self.is_active:
            self._at = int(event.target.row)
            self.entered(self._value)

    @on(Lines.Scrolled)
    def _scrolled(self, event: Lines.Scrolled) -> None:
        event.stop()
        self.stepped(1 if event.down else -1)

    @on(Lines.Resized)
    def _resized(self, event: Lines.Resized) -> None:
        event.stop()
        self.redraw()

    def on_resize(self, _: Resize) -> None:
        if self.app.size != self._laid_out:
            self._lay_out()
            self.rearranged()

    def on_click(self, event: Click) -> None:
        """Above it is what it stands before."""
        if event.screen_y < min(lines.region.y for lines in self.query(Lines) if lines.display):
            self.action_leave()

    def action_step(self, by: int) -> None:
        self.stepped(by)

    def action_keep(self) -> None:
        self.kept(self._value)

    def action_leave(self) -> None:
        if self.is_active:
            self.left()
            self.dismiss(None)
