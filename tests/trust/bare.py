"""Run as a program: what Textual does when nobody takes care: a line to type in, and `r`, which is stuck.

python -m tests.trust.bare KIND
"""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tests.terminal.stuck import KINDS


class Question(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield Vertical(Static("filter Overview"), Input())


class Bare(App[None]):
    BINDINGS: ClassVar = [
        Binding("q", "quit"),
        Binding("r", "hold"),
        Binding("slash", "ask"),
        Binding("t", "repaint"),
    ]

    def compose(self) -> ComposeResult:
        yield Static("1 Overview")

    def action_hold(self) -> None:
        print("\x1b]0;stuck\x07", end="", file=sys.__stderr__, flush=True)
        KINDS[sys.argv[1]]()

    def action_ask(self) -> None:
        self.push_screen(Question())

    def action_repaint(self) -> None:
        self.theme = "nord" if self.theme == "dracula" else "dracula"


if __name__ == "__main__":
    Bare().run()
