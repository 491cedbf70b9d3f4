"""What the program relies on in Textual's screens that Textual does not promise: names with an underscore.

Each has a test, as those of `textual_private.py`. Textual composes the lines of all widgets anew, at its next
sixtieth of a second; what is here has those that are others on the terminal at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.color import ColorSystem
from rich.style import Style
from textual.events import ScreenResume
from textual.geometry import NULL_REGION, Region, Size
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.strip import Strip
from textual.widget import Widget

from socd_tui.tui.terminal_cells import Piece
from socd_tui.tui.textual_private import CrashKeepingApp, GuardedDriver

Strips = Iterable[tuple[Widget, Iterable[tuple[int, Strip]]]]
"""Lines of widgets: the number of each from the top, and how it looks."""


class Written(Screen[ScreenResultType]):
    """A screen that writes itself what Textual would have composed and written, where it can."""

    def _screen_resized(self, size: Size) -> None:
        """Called by Textual before it lays out what was opened, or all of it in another size."""
        if isinstance(self.app, CrashKeepingApp):
            self.app.laying_out_in(size)
        super()._screen_resized(size)

    def _compositor_refresh(self) -> None:
        """Called by Textual when a part of the screen is to be painted."""
        if not _rewritten(self):
            super()._compositor_refresh()


class Front(Written[ScreenResultType], ModalScreen[ScreenResultType]):
    """A screen in front of another, which is painted once it is whole.

    Textual would style its widgets twice, paint it with each step of its opening, and make what is behind it
    anew for each of its lines.
    """

    is_whole = False
    """Whether its widgets have their room."""

    def opened(self) -> None:
        """It is whole: what is in it can be drawn."""

    @property
    def is_opaque(self) -> bool:
        """Whether nothing can be seen of what is behind it."""
        return self.styles.background.a == 1

    @property
    def top(self) -> int:
        """Its first line that hides what is behind it."""
        if self.is_opaque:
            return 0
        shown = self._compositor.visible_widgets.items()
        return min(
            (region.y for widget, (region, _) in shown if widget is not self), default=self.size.height
        )

    def _on_screen_resume(self, event: ScreenResume) -> None:
        """Called by Textual before its own, when nothing is in front of it any more."""
        event.refresh_styles = False
        if not self.is_whole:
            self.call_next(self._open)

    def _open(self) -> None:
        self.is_whole = True
        with self.app.batch_update():  # for all of it to be written together
            self.opened()
        behind = self, enumerate(self.render_lines(self.size.region))
        strips = ((each, enumerate(each.render_lines(each.outer_size.region))) for each in _leaves(self))
        if written_at_once(self, [behind, *strips]):
            forget_to_paint(self, self.walk_children(Widget))
        else:
            self._compositor_refresh()

    def _compositor_refresh(self) -> None:
        """Called by Textual with each step."""
        if self.is_whole:
            super()._compositor_refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is behind it, else lines that are all alike."""
        stack = self.app.screen_stack
        if self.is_opaque or self not in stack[1:]:
            return super().render_lines(Region(crop.x, crop.y, crop.width, 1)) * crop.height
        return _lines_of(stack[stack.index(self) - 1], crop)


def _lines_of(screen: Screen[Any], crop: Region) -> list[Strip]:
    """How the screen looks there. Whatever fills its line from edge to edge is not made once more."""
    compositor, width = screen._compositor, screen.size.width
    if any(_over(screen)):
        chops = compositor._render_chops(screen.size.region, crop.line_range.__contains__)
        # It still has its former size while what is in front of it has the new one.
        lines = {y: [*chops[y].values()] if y < len(chops) else [] for y in crop.line_range}
    else:
        lines = {y: [] for y in crop.line_range}
        for widget in sorted(_leaves(screen), key=lambda each: each.region.x):
            for y, strip in enumerate(widget.render_lines(widget.outer_size.region), start=widget.region.y):
                if y in lines:
                    lines[y].append(strip)
    joined = (parts[0] if len(parts) == 1 else Strip.join(parts) for parts in lines.values())
    return [strip.adjust_cell_length(width).crop(*crop.column_span) for strip in joined]


def _leaves(screen: Screen[Any]) -> Iterator[Widget]:
    """The widgets that are shown and hold no others."""
    return (each for each in screen._compositor.visible_widgets if not each.is_container)


def _over(screen: Screen[Any]) -> Iterator[Widget]:
    """What lies over the other widgets of the screen."""
    return (each for each in screen.children if each.display and each.layer != "default")


def _guarded_driver(screen: Screen[Any]) -> GuardedDriver | None:
    """That of the terminal, where nothing lies over the screen but what has a place below it."""
    app, driver = screen.app, screen.app._driver
    if app._batch_count or not isinstance(driver, GuardedDriver):
        return None
    stack = app.screen_stack
    before = stack[stack.index(screen) :] if screen in stack else []
    alone = before == [screen] or (len(before) == 2 and isinstance(before[1], Front) and before[1].is_whole)
    return driver if alone and not any(map(any, map(_over, before))) else None


def _seen_until(screen: Screen[Any]) -> int:
    """The line from which on another screen is in front of it."""
    front = screen.app.screen
    return front.top if isinstance(front, Front) and front is not screen else screen.size.height


def _rewritten(screen: Screen[Any]) -> bool:
    """Whether the lines that Textual would paint could be written."""
    dirty = {y for region in screen._compositor._dirty_regions for y in region.line_range}
    top = screen.top if isinstance(screen, Front) and not screen.is_opaque else 0
    if not dirty or min(dirty) < top:
        return False
    covered = dict.fromkeys(dirty, 0)
    strips = []
    for widget in _leaves(screen):
        region = widget.region
        if lines := [y - region.y for y in region.line_range if y in dirty]:
            covered.update({region.y + y: covered[region.y + y] + region.width for y in lines})
            strips.append((widget, _lines_at(widget, lines)))
    if set(covered.values()) != {screen.size.width} or not written_at_once(screen, strips):
        return False
    screen._dirty_widgets.clear()
    screen._compositor._dirty_regions.clear()
    screen.app._update_mouse_over(screen)
    return True


def _lines_at(widget: Widget, lines: Sequence[int]) -> Iterator[tuple[int, Strip]]:
    """These lines of a widget, which come in their order."""
    part = Region(0, lines[0], widget.outer_size.width, lines[-1] + 1 - lines[0])
    drawn = widget.render_lines(part)
    return ((y, drawn[y - lines[0]]) for y in lines)


def forget_to_paint(screen: Screen[Any], widgets: Iterable[Widget]) -> None:
    """What was asked for has been painted."""
    for widget in (screen, *widgets):
        widget._repaint_required = False
        widget._exchange_repaint_regions()
    screen._dirty_widgets.clear()
    screen._compositor._dirty_regions.clear()


def arranged_at_once(screen: Screen[Any], widgets: Iterable[Widget]) -> bool:
    """Gives widgets the room that their styles ask for by now; False where that is for Textual to do.

    Textual would do it a moment later, and paint all of them: that is left to who calls.
    """
    if _guarded_driver(screen) is None or not screen.size:
        return False
    for widget in widgets:
        for ancestor in widget.ancestors:
            if isinstance(ancestor, Widget):
                ancestor._clear_arrangement_cache()
        widget._layout_required = False
    screen._layout_required = False
    with screen.app.batch_update():  # for nothing to be painted yet
        screen._refresh_layout()
    forget_to_paint(screen, widgets)
    return True


def written_at_once(screen: Screen[Any], strips: Strips, *, whole: bool = False) -> bool:
    """Writes these lines to the terminal; False where that is for Textual to do.

    That is needed where there is no terminal, or anything else may lie over the lines. When they are the
    `whole` of the screen, nothing is left for Textual to paint.
    """
    driver = _guarded_driver(screen)
    if driver is None:
        return False
    pieces = _pieces(screen, strips)
    if pieces is None:
        return False
    app = screen.app
    app._begin_update()
    driver.put(pieces, (app.cursor_position.y, app.cursor_position.x))
    app._end_update()
    if whole:
        forget_to_paint(screen, ())
    return True


def _pieces(screen: Screen[Any], strips: Strips) -> list[Piece] | None:
    """What is to be seen of these lines; None where they do not stand where they are shown."""
    shown, until = screen._compositor.visible_widgets, _seen_until(screen)
    colours = screen.app.console._color_system or ColorSystem.TRUECOLOR
    codes: dict[Style | None, str] = {None: ""}
    pieces: list[Piece] = []
    for widget, lines in strips:
        region, clip = shown.get(widget, (NULL_REGION, NULL_REGION))
        if not region or not clip.contains_region(region):
            return None
        for y, strip in lines:
            if region.y + y < until:
                pieces.append((region.y + y, region.x, list(_coded(strip, codes, colours))))
    return pieces


def _coded(strip: Strip, codes: dict[Style | None, str], colours: ColorSystem) -> Iterator[tuple[str, str]]:
    """The texts of a line, each with the codes of its style."""
    for text, style, _ in strip:
        code = codes.get(style)
        if code is None:
            code = codes[style] = Strip.render_ansi(style, colours) if style else ""
        yield text, code
