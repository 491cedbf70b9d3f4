"""Three lines for who is here for the first time: what to press, until one of these keys is pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.app import App

from socd_tui.tui.keymap import keymap
from socd_tui.tui.lessons import TAUGHT, lessons

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from socd_tui.tui.desk import Desk
    from socd_tui.tui.remembering import Remembering
    from socd_tui.tui.setup import Setup


class Coaching(App[None]):
    """An app that teaches over its footer whoever has chosen nothing yet; nothing is covered by it."""

    setup: Setup
    desk: Desk
    _remembering: Remembering
    teaches = False
    """Whether the lines stand there."""
    coached: bool | None = None
    """Whether one of their keys has been pressed; None where nobody has, or needs to."""

    def paint(self) -> None:
        """Show the lines, or that they are gone."""
        lines, size = self.desk.lines("coach"), self.size
        if not (self.teaches or lines.display):
            return
        shown = lessons(keymap(self.setup.keys), size.width, size.height) if self.teaches else []
        if (lines.display, lines.size.height) != (bool(shown), len(shown)):
            lines.display = bool(shown)
            lines.styles.height = len(shown)
            self.desk.rearrange()
        lines.show(shown, self.setup.styles(self.theme))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """One of the keys that are taught, or a click in its place, has been understood."""
        is_taught = action in _ACTIONS and self.screen is self.desk and self.desk.lines("coach").display
        if is_taught:
            self.teaches, self.coached = False, True
        was_run = await super().run_action(action, default_namespace, namespaces)
        if is_taught:
            Coaching.paint(self)  # what the key opened may be in front of the rest, which has another room
            self._remembering.note()
        return was_run


_ACTIONS = frozenset(key.action for key in keymap() if key.id in TAUGHT)
