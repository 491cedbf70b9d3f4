"""What is typed into a line at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from textual.events import MouseDown
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Input

from socd_tui.charts.canvas import Line, line_width
from socd_tui.tui.lines import drawn
from socd_tui.tui.prompts import HOLDS
from socd_tui.tui.theme import Styles

if TYPE_CHECKING:
    from textual.suggester import Suggester


class Field(Input):
    """With words before and after what is typed: one widget of that line opens sooner than four."""

    def __init__(
        self,
        value: str,
        submit: Callable[[str], None],
        *,
        is_focused: bool,
        suggester: Suggester | None,
    ) -> None:
        """`submit` is called with what stands there at each enter.

        One that is focused from the first need not be styled without the focus.
        """
        super().__init__(value, select_on_focus=True, max_length=HOLDS, suggester=suggester)
        self.set_reactive(Input.has_focus, is_focused)
        self._submit = submit
        self._around = Strip([]), Strip([])

    async def action_submit(self) -> None:
        self._submit(self.value)

    def on_mouse_down(self, event: MouseDown) -> None:
        """On the words it is not for what is typed: Textual's own would move the cursor there."""
        if event.get_content_offset(self) is None:
            event.prevent_default()

    def leave_room(self, before: int, after: int, width: int) -> None:
        """To words of so many columns, but for the column that a person types in."""
        left = max(min(before, width - 1), 0)
        self.styles.padding = (0, max(min(after, width - 1 - left), 0), 0, left)

    def surround(self, before: Line, after: Line, styles: Styles) -> bool:
        """Takes the words, each as wide as its room; whether they look otherwise now."""
        filters, background = self.get_line_filters(), self.background_colors[1]
        left, right = (drawn(each, line_width(each), styles, filters, background) for each in (before, after))
        earlier, self._around = self._around, (left, right)
        return earlier != self._around

    def strips(self) -> Iterator[tuple[int, Strip]]:
        """Its line as the terminal gets it, with its number."""
        yield from enumerate(self.render_lines(self.outer_size.region))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual's own, with the words in place of its padding."""
        width, padding = self.outer_size.width, self.styles.padding
        before, after = self._around
        left, right = before.crop_extend(0, padding.left, None), after.crop_extend(0, padding.right, None)
        within = padding.left, width - padding.right
        strips = super().render_lines(Region(0, crop.y, width, crop.height))
        return [Strip.join([left, strip.crop(*within), right]).crop(*crop.column_span) for strip in strips]
