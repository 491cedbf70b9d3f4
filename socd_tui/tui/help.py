"""Help: the keys of this program, then what each number of the current view means."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Label

from socd_tui.model.text import cell_width
from socd_tui.tui.keymap import caption, keymap
from socd_tui.views.registry import AnyView
from socd_tui.views.view import Details


class Help(ModalScreen[None]):
    """Scrolls with the arrows; any of its own keys closes it."""

    BINDINGS: ClassVar = [Binding("escape,q,question_mark,f1", "dismiss(None)", "close")]

    def __init__(self, view: AnyView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"), VerticalScroll():
            yield Label(f"{self._view.title}: {self._view.question}", classes="title", markup=False)
            yield Label(self._meanings(), markup=False)
            yield Label("\nKeys", classes="title", markup=False)
            yield Label(self._keys(), markup=False)

    def _meanings(self) -> str:
        width = max(len(meaning.number) for meaning in self._view.meanings)
        return "\n".join(f"{each.number.ljust(width)}  {each.meaning}" for each in self._view.meanings)

    def _keys(self) -> str:
        width = max(len(key.id) for key in keymap())
        return "\n".join(f"{caption(key):<7}  {key.id:<{width}}  {key.words}" for key in keymap())


class Figures(ModalScreen[None]):
    """Everything known of one row."""

    BINDINGS: ClassVar = [Binding("escape,enter,q", "dismiss(None)", "close")]

    def __init__(self, details: Details) -> None:
        super().__init__()
        self._details = details

    def compose(self) -> ComposeResult:
        width = max((cell_width(name) for name, _ in self._details.figures), default=0)
        rows = [
            f"{name}{' ' * (width - cell_width(name))}  {figure}" for name, figure in self._details.figures
        ]
        with Vertical(classes="box"):
            yield Label(f"{self._details.title}\n", classes="title", markup=False)
            with VerticalScroll():
                yield Label("\n".join(rows), markup=False)
