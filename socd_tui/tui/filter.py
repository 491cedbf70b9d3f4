"""The last look at what is drawn, whoever drew it: nothing a terminal would obey, and ASCII when asked.

The panes take care of themselves. This also holds for Textual's own widgets, for borders and scroll
bars, and for a text that some day reaches one of them without having been made inert.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import get_character_cell_size
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from socd_tui.charts.canvas import to_ascii
from socd_tui.model.text import REPLACEMENT, is_harmless

_BLOCKS = str.maketrans({**dict.fromkeys("▀▁▔", "-"), **dict.fromkeys(map(chr, range(0x2582, 0x2594)), "#")})


class Printable(LineFilter):
    """Control and format characters become replacement characters, as many as they have columns."""

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__()
        self.ascii_only = ascii_only

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002  # its signature
        return [Segment(self._shown(text), style) for text, style, _ in segments]

    def _shown(self, text: str) -> str:
        if not text.isascii() or not text.isprintable():
            text = "".join(map(_printable, text))
        return to_ascii(text.translate(_BLOCKS)) if self.ascii_only and not text.isascii() else text


@lru_cache(maxsize=4096)  # lines, blocks and a person's own letters come again and again
def _printable(char: str) -> str:
    return char if is_harmless(char) else REPLACEMENT * get_character_cell_size(char)
