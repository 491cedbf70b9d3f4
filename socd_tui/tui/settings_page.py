"""The page of `,`: every preference, its value, where it comes from, and how to change it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.events import Key as Pressed

from socd_tui.charts.canvas import Canvas, Line, Role, Span, fit_line, justify
from socd_tui.model.target import ActionTarget, RowTarget
from socd_tui.model.text import cell_width, clip, clip_middle
from socd_tui.tui.keymap import keymap
from socd_tui.tui.lines import Lines
from socd_tui.tui.settings import Origins, Preference, preferences
from socd_tui.tui.textual_screen import Front

if TYPE_CHECKING:
    from socd_tui.tui.actions import Actions

PLACE = "setting"
"""What the targets of the lines are rows of."""

SOURCES_FROM = 64
"""Columns from which a line says where its value comes from; else only what stands below does."""

LOW = 16
"""Lines of a screen on which no key is told."""

CLOSE = ActionTarget("settings")


def drawn(found: Sequence[Preference], origins: Origins, at: int, canvas: Canvas) -> list[Line]:
    """The page: all that is known of each preference where there is room, else of the one at the pointer."""
    width, glyphs = canvas.width, canvas.glyphs
    keys: list[Line] = [_hints()] if canvas.height >= LOW else []
    mistakes = [line for each in origins.mistakes for line in _wrapped(each, width, 1, "warn")]
    head = [
        justify(
            (Span(" Settings", "title"), Span(f"  {clip_middle(origins.file, max(width - 30, 8))}", "faint")),
            (Span("esc", "accent", CLOSE), Span(" close ", "faint", CLOSE)),
            width,
        ),
        *mistakes[: canvas.height // 4],
        (Span(glyphs.rule * width, "faint"),),
    ]
    room = canvas.height - len(head) - len(keys)
    names = max(cell_width(each.name) for each in found) + 3
    whole = [[_line(each, n, at, names, canvas), *_about(each, names, width)] for n, each in enumerate(found)]
    if sum(map(len, whole)) <= room:
        return [*head, *canvas.sized(height=room).fit(line for each in whole for line in each), *keys]
    below = _about(found[at], 1, width, with_value=True)[: max(room // 2, 1)]
    rows = max(room - len(below) - 1, 1)
    each_takes = 2 if 2 * len(found) <= rows else 1
    shown = rows // each_takes
    first = min(max(at - shown + 1, 0), max(len(found) - shown, 0))
    rule: Line = (Span(glyphs.rule * width, "faint"),)
    if len(found) > shown:
        count = f" {first + 1}-{first + shown} of {len(found)} "
        rule = justify(
            (Span(glyphs.rule * max(width - len(count) - 1, 0), "faint"),), (Span(count, "faint"),), width
        )
    table = [
        line
        for n, each in enumerate(found[first : first + shown], start=first)
        for line in [_line(each, n, at, names, canvas), _in_one_line(each, names, width)][:each_takes]
    ]
    return [*head, *canvas.sized(height=rows).fit(table), rule, *below, *keys]


def _line(each: Preference, n: int, at: int, names: int, canvas: Canvas) -> Line:
    """Pointer, name, value, and where that comes from."""
    target, under = RowTarget(PLACE, str(n)), n == at
    width, ellipsis = canvas.width, canvas.glyphs.ellipsis
    source = clip(each.source, width // 2, ellipsis=ellipsis) if width >= SOURCES_FROM else ""
    sources = max(width // 2 - names // 2, 0) if source else 0
    room = width - names - sources - 1
    value = clip(each.value, room, ellipsis=ellipsis)
    parts: tuple[tuple[str, Role], ...] = (
        (canvas.glyphs.pointer if under else " ", "accent"),
        (each.name.ljust(names - 1), "title"),
        (value + " " * (room - cell_width(value) + 1), "ink"),
        (source, "faint"),
    )
    return fit_line(tuple(Span(text, role, target, under) for text, role in parts), width, canvas.glyphs)


def _in_one_line(each: Preference, indent: int, width: int) -> Line:
    """What it is, cut where it needs more."""
    return (Span(" " * indent), Span(clip(each.words, width - indent - 1), "faint"))


def _about(each: Preference, indent: int, width: int, *, with_value: bool = False) -> list[Line]:
    """What it is, where its value comes from unless its line says so, and what changes it."""
    lines: list[Line] = []
    if with_value:
        lines += _wrapped(f"{each.name}: {each.value} ({each.source})", width, indent, "ink")
    how = f" To change it: {'; '.join(each.how)}." if each.how else ""
    return lines + _wrapped(each.words + how, width, indent, "faint")


def _wrapped(text: str, width: int, indent: int, role: Role) -> list[Line]:
    rows = textwrap.wrap(text, max(width - indent - 1, 10))
    return [(Span(" " * indent), Span(row, role)) for row in rows]


def _hints() -> Line:
    hints = (("enter", "change"), ("↑↓", "choose"), ("esc", "close"))
    return tuple(
        part for key, words in hints for part in (Span(f" {key}", "accent"), Span(f" {words} ", "faint"))
    )


class SettingsPage(Front[None]):
    """Shows them as they are at the moment; a key that changes one of them does so here, too."""

    BINDINGS: ClassVar = [
        Binding("escape,q", "leave", "close"),
        Binding("enter", "change", "change"),
        Binding("up,k", "step(-1)", "up"),
        Binding("down,j", "step(1)", "down"),
        Binding("pageup,ctrl+u", "step(-5)", "up by five"),
        Binding("pagedown,ctrl+d", "step(5)", "down by five"),
        Binding("home,g", "step(-1000)", "the first"),
        Binding("end,G", "step(1000)", "the last"),
    ]

    def __init__(self, app: Actions) -> None:
        super().__init__()
        self._desk_app = app
        self._at = 0

    def compose(self) -> ComposeResult:
        yield Lines(self._desk_app.desk.glyphs, id="settings")

    @property
    def found(self) -> list[Preference]:
        """The preferences as they are now."""
        app = self._desk_app
        live = app.live.state
        now = {"live": live.every is not None, "owners": live.known.preferences.owners}
        screen, kept = app.choices
        return preferences(app.setup.origins, keymap(app.setup.keys), screen, kept, now)

    def redraw(self) -> None:
        """Show the newest values."""
        if not self.is_whole:
            return
        app, lines = self._desk_app, self.query_one(Lines)
        lines.glyphs = app.desk.glyphs
        lines.show(
            drawn(self.found, app.setup.origins, self._at, lines.canvas()), app.setup.styles(app.theme)
        )

    def opened(self) -> None:
        self.redraw()

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self.redraw)

    @on(Lines.Resized)
    def _resized(self, event: Lines.Resized) -> None:
        event.stop()
        self.redraw()

    @on(Lines.Picked)
    def _picked(self, event: Lines.Picked) -> None:
        event.stop()
        if event.target == CLOSE:
            self.action_leave()
        elif isinstance(event.target, RowTarget):
            self._at = int(event.target.row)
            self.redraw()
            if event.twice:
                self.call_later(self.action_change)

    @on(Lines.Scrolled)
    def _scrolled(self, event: Lines.Scrolled) -> None:
        event.stop()
        self.action_step(1 if event.down else -1)

    async def on_key(self, event: Pressed) -> None:
        """The key of a preference changes it, and its own closes the page."""
        keys = {each.id: each.keys.split(",") for each in keymap(self._desk_app.setup.keys)}
        if event.key in keys["settings"]:
            event.stop()
            self.action_leave()
            return
        for n, each in enumerate(self.found):
            if each.key is not None and event.key in each.key.keys.split(","):
                event.stop()
                self._at = n
                await self.action_change()

    def action_step(self, by: int) -> None:
        self._at = min(max(self._at + by, 0), len(self.found) - 1)
        self.redraw()

    async def action_change(self) -> None:
        """By the key of the keyboard that it has; else what stands below says what changes it."""
        key = self.found[self._at].key
        if key is not None:
            await self._desk_app.run_action(key.action)
            self.call_after_refresh(self.redraw)

    def action_leave(self) -> None:
        if self.is_active:
            self.dismiss(None)
