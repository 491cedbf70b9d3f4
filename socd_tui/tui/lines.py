"""The one widget that shows a picture: lines of spans, repainting only those that changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

from socd_tui.charts.canvas import Canvas, Line, blanks_apart, fit_line
from socd_tui.charts.glyphs import Glyphs
from socd_tui.model.target import Target
from socd_tui.tui.theme import Styles


class Lines(Widget):
    """Shows exactly the lines it is given. Asks for new ones when its size changes."""

    DEFAULT_CSS = "Lines { height: 1fr; width: 1fr; }"

    virtual_size = Reactive(Size(0, 0), repaint=False)
    """Nothing scrolls here. Textual's own has all laid out and painted once more after a change of size."""

    class Picked(Message):
        """A click on something that means something; `twice` when it is the second of two."""

        def __init__(self, source: Lines, target: Target, *, twice: bool = False) -> None:
            super().__init__()
            self.source = source
            self.target = target
            self.twice = twice

    class Scrolled(Message):
        """The wheel: one step of the cursor."""

        def __init__(self, source: Lines, down: bool) -> None:
            super().__init__()
            self.source = source
            self.down = down

    class Resized(Message):
        """The picture no longer fits its frame."""

        def can_replace(self, message: Message) -> bool:
            """One repaint is enough for all the frames that a change of the terminal's size changes."""
            return isinstance(message, Lines.Resized)

    def __init__(
        self,
        glyphs: Glyphs,
        *,
        id: str,  # noqa: A002  # Textual's own name
        focusable: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.can_focus = focusable
        self.glyphs = glyphs
        self._styles: Styles | None = None
        """How the roles look."""
        self._given: Sequence[Line] = ()
        self._lines: dict[int, Line] = {}
        """Those of the given ones that were asked for, as they fit."""
        self._strips: dict[int, Strip] = {}
        """Those that were drawn, as the terminal gets them."""
        self._drawn_for: tuple[int, Glyphs, list[LineFilter], Color] = 0, glyphs, [], Color(0, 0, 0)
        """For how many columns, in which glyphs, what they went through, and the background that was told."""

    def canvas(self) -> Canvas:
        """The paper this widget has."""
        return Canvas(self.size.width, self.size.height, self.glyphs)

    def show(self, lines: Sequence[Line], styles: Styles) -> None:
        """Take a new picture; only lines that differ from the last one are painted."""
        self.paint(self.take(lines, styles))

    def take(self, lines: Sequence[Line], styles: Styles) -> Sequence[int]:
        """Take a new picture; returns which of its lines differ from the last, and are to be painted."""
        given, self._given = self._given, lines
        if styles is not self._styles or len(lines) != len(given):
            self._styles = styles
            self._forget()
            return range(self.size.height)
        differing = [y for y, line in enumerate(lines) if line is not given[y] and line != given[y]]
        for y in differing:
            self._lines.pop(y, None)
            self._strips.pop(y, None)
        return differing

    def paint(self, lines: Iterable[int]) -> None:
        """Has Textual paint these lines when it paints next."""
        if regions := [Region(0, y, self.size.width, 1) for y in lines]:
            self.refresh(*regions)

    def strips(self, lines: Iterable[int]) -> Iterator[tuple[int, Strip]]:
        """These lines as the terminal gets them, each with its number."""
        self._see_what_changed()
        for y in lines:
            yield y, self._strip(y)

    @property
    def text(self) -> list[str]:
        """What is shown, without style."""
        self._see_what_changed()
        return ["".join(span.text for span in self._line(y)) for y in range(len(self._given))]

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a part of the widget, each made once.

        Textual would look again at borders, padding and blending, which these have none of, for each line of
        each picture.
        """
        self._see_what_changed()
        strips = [self._strip(y) for y in crop.line_range]
        whole = crop.column_span == (0, self.size.width)
        return strips if whole else [strip.crop(*crop.column_span) for strip in strips]

    def _see_what_changed(self) -> None:
        """A widget that has another size or theme by now is given no new lines for it."""
        filters, background = [*self.get_line_filters()], self.background_colors[1]
        drawn_for = self.size.width, self.glyphs, filters, background
        if drawn_for != self._drawn_for:
            self._drawn_for = drawn_for
            self._forget()

    def _forget(self) -> None:
        self._lines.clear()
        self._strips.clear()

    def _line(self, y: int) -> Line:
        line = self._lines.get(y)
        if line is None:
            width, glyphs, *_ = self._drawn_for
            line = self._lines[y] = fit_line(self._given[y], width, glyphs)
        return line

    def _strip(self, y: int) -> Strip:
        strip = self._strips.get(y)
        if strip is None:
            strip = self._strips[y] = self.render_line(y)
        return strip

    def render_line(self, y: int) -> Strip:
        width, _, filters, background = self._drawn_for
        styles = self._styles
        if styles is None or y >= len(self._given):
            return Strip.blank(width)
        return drawn(self._line(y), width, styles, filters, background)

    def on_resize(self, _: Resize) -> None:
        self.post_message(self.Resized())

    def on_click(self, event: Click) -> None:
        target = self._target(event.x, event.y)
        if target is not None:
            self.post_message(self.Picked(self, target, twice=event.chain == 2))

    def on_mouse_scroll_down(self, _: MouseScrollDown) -> None:
        self.post_message(self.Scrolled(self, down=True))

    def on_mouse_scroll_up(self, _: MouseScrollUp) -> None:
        self.post_message(self.Scrolled(self, down=False))

    def _target(self, x: int, y: int) -> Target | None:
        if y >= len(self._given):
            return None
        at = 0
        for span in self._line(y):
            at += Segment(span.text).cell_length
            if x < at:
                return span.target
        return None


def drawn(line: Line, width: int, styles: Styles, filters: Iterable[LineFilter], background: Color) -> Strip:
    """A line of so many columns, as the terminal gets it."""
    segments: list[Segment] = []
    # Neighbours that look alike become one: a line of columns has a span a day.
    for style, spans in groupby(line, styles.of):
        segments += _segments("".join([span.text for span in spans]), style)
    for each in filters:
        segments = each.apply(segments, background)
    return Strip(segments, width)


def _segments(text: str, style: Style) -> list[Segment]:
    """The text in that style; blanks beside it are not underlined."""
    if not style.underline:
        return [Segment(text, style)]
    before, core, after = blanks_apart(text)
    blank = style + Style(underline=False)
    return [Segment(piece, own) for piece, own in ((before, blank), (core, style), (after, blank)) if piece]
