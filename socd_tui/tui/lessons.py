"""What who is here for the first time is taught: which keys to press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socd_tui.charts.canvas import Line, Span, line_width
from socd_tui.model.target import ActionTarget
from socd_tui.tui.keymap import Key, caption

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
