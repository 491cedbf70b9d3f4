"""Help: the keys of the view first, then what each of its numbers means, searched while one types."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.events import Key as Pressed

from socd_tui.charts.canvas import Line, Span
from socd_tui.model.text import cell_width, clip, folded, inert, quoted
from socd_tui.tui.bottom_line import LOW, PAGE, BottomLine
from socd_tui.tui.keymap import Key, caption, keymap
from socd_tui.views.view import View

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

NAMES = 24
"""Columns of names at most: what is longer has a line of its own."""

CLOSING = ("?", "q")
"""What closes it where nothing has been typed before."""
SEARCHING = "/"
"""What one may begin a search with, as for a word that begins with "q"."""

Rows = Sequence[tuple[str, str, str]]
"""Name, words, and what else one may search it by."""


def sections(
    view: View, remapped: Mapping[str, str] | None = None, notes: Sequence[str] = ()
) -> list[tuple[str, Rows]]:
    """What is odd about the figures, the keys of the view, what its numbers mean, then every key."""
    meanings = [
        (each.number, f"{each.meaning} [{each.source}]" if each.source else each.meaning, "")
        for each in view.explained()
    ]
    keys = keymap(remapped)
    return [
        *([("Notes on these figures", [("-", note, "") for note in notes])] if notes else []),
        (f"{view.title}: {view.question}", [_row(key) for key in keys if key.serves(view)]),
        ("What the numbers mean [and the fields they are read from]", meanings),
        (
            "Every key of the keyboard (and its id for config.toml)",
            [_row(key, f" ({key.id})") for key in keys],
        ),
    ]


def _row(key: Key, after: str = "") -> tuple[str, str, str]:
    return caption(key), key.words + after, key.synonyms


class Help(BottomLine):
    """Takes the whole screen; what is typed leaves those lines in which all of its words are."""

    COVERS: ClassVar = True
    POINTS: ClassVar = False
    COUNTS: ClassVar = True
    HINTS: ClassVar = (("type", "to search"), ("↑↓ pgdn", "scroll"), ("esc q", "close"))
    BINDINGS: ClassVar = [
        Binding("f1", "leave_at_once", "close", priority=True),
        Binding("home", "step(-10000)", "the top", priority=True),
        Binding("end", "step(10000)", "the end", priority=True),
    ]

    def __init__(
        self,
        app: Actions,
        view: View,
        remapped: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        super().__init__(app, "search help")
        self._sections = sections(view, remapped, notes)
        self._searching = False

    def most_hits(self) -> int:
        height = self.app.size.height
        return max(height - (3 if height >= LOW else 2), 1)

    def typed(self, text: str) -> None:
        self._searching = text != ""
        words = folded(text.removeprefix(SEARCHING)).split()
        found = [
            (title, kept)
            for title, rows in self._sections
            if (kept := [row for row in rows if all(word in folded(" ".join(row)) for word in words)])
        ]
        width = self.app.size.width - 2
        lines = [line for title, rows in found for line in (*_lines(title, rows, width), ())]
        count, total = (sum(len(rows) for _, rows in each) for each in (found, self._sections))
        said = "type a word to search, esc closes"
        if not found:
            said = f"Nothing here is about {quoted(inert(text.strip())[:40])}; esc shows all of it."
        elif words:
            said = "esc shows all of it again"
        self.tell(said, "faint" if found else "warn", count=f"{count} of {total}", hits=lines)

    def took(self, event: Pressed) -> bool:
        """What closes it before anything is typed."""
        if not self._searching and event.character in CLOSING:
            self.action_leave_at_once()
            return True
        self._searching = self._searching or event.is_printable
        return False

    def stepped(self, by: int) -> None:
        """A page is what is in sight, but for a line."""
        super().stepped(max(self.room - 1, 1) * (by // PAGE) if abs(by) == PAGE else by)

    def rearranged(self) -> None:
        self.call_after_refresh(self.typed, self._value)

    def action_leave_at_once(self) -> None:
        super().action_leave()

    def action_leave(self) -> None:
        """A search first, then the help itself."""
        if self._value:
            self.write("")
        else:
            super().action_leave()


def _lines(title: str, rows: Rows, width: int) -> list[Line]:
    """A title, and below it names in a column with the words beside them wrapped under themselves."""
    names = min(max(cell_width(name) for name, _, _ in rows), NAMES, width // 2)
    lines: list[Line] = [(Span(clip(title, width), "title"),)]
    for name, words, _ in rows:
        room = max(width - names - 2, 10)
        # Most need one line: to look for its end takes longer than all the rest here.
        wrapped = [words] if len(words) <= room else textwrap.wrap(words, room) or [""]
        if cell_width(name) > names:
            lines.append((Span(clip(name, width), "accent"),))
            name = ""
        for row in wrapped:
            lines.append((Span(name + " " * (names + 2 - cell_width(name)), "accent"), Span(row)))
            name = ""
    return lines
