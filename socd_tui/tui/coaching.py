"""Three lines for who is here for the first time: what to press, until one of these keys is pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.app import App

from socd_tui.charts.canvas import Line, Span, line_width
from socd_tui.model.target import ActionTarget
from socd_tui.tui.keymap import Key, caption, keymap

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from socd_tui.tui.desk import Desk
    from socd_tui.tui.setup import Setup

LESSONS: Sequence[Sequence[tuple[str, str, str]]] = (
    (("enter", "opens what the cursor is on", "opens"), ("back", "leads back", "back")),
    (("goto", "goes to any key, endpoint, code or command by a part of its name", "goes anywhere"),),
    (("help", "tells what every number means", "explains"), ("settings", "shows the settings", "settings")),
)
"""The lines: ids of keys, what each does in a sentence, and in a word."""

TAUGHT = tuple(id_ for lesson in LESSONS for id_, _, _ in lesson)

ROOMY, LOW = 30, 16
"""Lines of a screen from which three of them teach, and from which one does: below, all are for figures."""


def lessons(keys: Sequence[Key], width: int, height: int) -> list[Line]:
    """Three lines where there is room, else one, else none."""
    captions = {key.id: caption(key).split(" ")[0] for key in keys}
    if height < LOW:
        return []
    if height >= ROOMY:
        whole = [_line(lesson, captions) for lesson in LESSONS]
        if all(line_width(line) <= width for line in whole):
            return whole
    brief = [(id_, word, word) for lesson in LESSONS for id_, _, word in lesson]
    while brief and line_width(_line(brief, captions)) > width:
        brief.pop()
    return [_line(brief, captions)] if brief else []


def _line(lesson: Sequence[tuple[str, str, str]], captions: Mapping[str, str]) -> Line:
    spans: list[Span] = []
    for id_, words, _ in lesson:
        target = ActionTarget(id_)
        spans += [Span(f" {captions[id_]}", "accent", target), Span(f" {words} ", "ink", target)]
    return tuple(spans)


class Coaching(App[None]):
    """An app that teaches over its footer whoever has chosen nothing yet; nothing is covered by it."""

    setup: Setup
    desk: Desk
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
        lines.display = bool(shown)
        lines.styles.height = len(shown)
        lines.show(shown, self.setup.styles(self.theme))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """One of the keys that are taught, or a click in its place, has been understood."""
        if action in _ACTIONS and self.screen is self.desk and self.desk.lines("coach").display:
            self.teaches, self.coached = False, True
            self.paint()
        return await super().run_action(action, default_namespace, namespaces)


_ACTIONS = frozenset(key.action for key in keymap() if key.id in TAUGHT)
