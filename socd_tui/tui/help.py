"""Help: the keys of the view first, then what each of its numbers means."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label

from socd_tui.model.text import cell_width
from socd_tui.tui.keymap import caption, keymap
from socd_tui.views.view import Details, View

WIDTH = 76
"""Columns of the box, which the style sheet sets."""
MARGINS = 6


class Help(ModalScreen[None]):
    """What is odd about the figures, the keys of the view, what its numbers mean, then every key."""

    BINDINGS: ClassVar = [Binding("escape,q,question_mark,f1", "dismiss(None)", "close")]

    def __init__(
        self, view: View, remapped: Mapping[str, str] | None = None, notes: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._view, self._notes = view, notes
        self._keys = keymap(remapped)

    def compose(self) -> ComposeResult:
        width = _inner(self.app.size.width)
        with Vertical(classes="box"), VerticalScroll():
            for title, rows in self.sections():
                yield Label(title, classes="title", markup=False)
                yield Label("\n".join(hanging(rows, width)) + "\n", markup=False)

    def sections(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Title, and rows of name and words."""
        meanings = [
            (each.number, f"{each.meaning} [{each.source}]" if each.source else each.meaning)
            for each in self._view.explained()
        ]
        keys = [(caption(key), key.words) for key in self._keys if key.serves(self._view)]
        every = [(caption(key), f"{key.words} ({key.id})") for key in self._keys]
        noted = [("Notes on these figures", [("-", note) for note in self._notes])] if self._notes else []
        return [
            *noted,
            (f"{self._view.title}: {self._view.question}", keys),
            ("What the numbers mean [and the fields they are read from]", meanings),
            ("Every key of the keyboard (and its id for config.toml)", every),
        ]


def _inner(width: int) -> int:
    """Columns inside the box on a screen so wide."""
    return max(min(width, WIDTH) - MARGINS, 20)


def hanging(rows: list[tuple[str, str]], width: int) -> list[str]:
    """Names in a column, and the words beside them wrapped under themselves."""
    column = max((cell_width(name) for name, _ in rows), default=0) + 2
    lines = []
    for name, words in rows:
        first, *rest = textwrap.wrap(words, max(width - column, 10)) or [""]
        lines += [name + " " * (column - cell_width(name)) + first, *(" " * column + line for line in rest)]
    return lines


class Figures(ModalScreen[None]):
    """Everything known of one row."""

    BINDINGS: ClassVar = [Binding("escape,enter,q", "dismiss(None)", "close")]

    def __init__(self, details: Details) -> None:
        super().__init__()
        self._details = details

    def compose(self) -> ComposeResult:
        rows = hanging(list(self._details.figures), _inner(self.app.size.width))
        with Vertical(classes="box"):
            yield Label(f"{self._details.title}\n", classes="title", markup=False)
            with VerticalScroll():
                yield Label("\n".join(rows), markup=False)
