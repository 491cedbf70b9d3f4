"""A picture for a terminal: each piece of a line with its colours, in as many as the terminal has."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from socd_tui.charts.canvas import Line
from socd_tui.charts.look import Look, Looks, pieces
from socd_tui.model.colour import number_of_256

Depth = Literal["all", "256", "16"]
"""How many colours a terminal has: all of them, xterm's 256, or sixteen of its own choice."""

RESET = "\x1b[0m"

_SIXTEEN = (
    "#000000", "#aa0000", "#00aa00", "#aa5500", "#0000aa", "#aa00aa", "#00aaaa", "#aaaaaa",
    "#555555", "#ff5555", "#55ff55", "#ffff55", "#5555ff", "#ff55ff", "#55ffff", "#ffffff",
)  # fmt: skip
"""The palettes of sixteen colours are written in these; a terminal paints each as it likes."""


def as_ansi(lines: Iterable[Line], looks: Looks, depth: Depth = "all") -> str:
    """The lines with their colours as escape sequences (ECMA-48, SGR), each line complete in itself."""
    return "\n".join(_line(line, looks, depth) for line in lines)


def _line(line: Line, looks: Looks, depth: Depth) -> str:
    written: list[str] = []
    before: Look | None = None
    for text, look in pieces(line, looks):
        if before is None or not _alike(text, look, before):
            written.append(f"\x1b[{sgr(look, depth)}m")
            before = look
        written.append(text)
    return "".join([*written, RESET]) if written else ""


def _alike(text: str, look: Look, before: Look) -> bool:
    """Whether the text looks the same in the look before: of blanks only the ground is seen."""
    seen = look.reverse or look.underline or before.reverse or before.underline
    return look == before or (not seen and look.ground == before.ground and not text.strip(" "))


@lru_cache(maxsize=256)
def sgr(look: Look, depth: Depth) -> str:
    """The codes that make what follows look so, whatever came before: `0;1;38;2;255;255;255`."""
    weights = {"1": look.bold, "2": look.dim, "4": look.underline, "7": look.reverse}
    codes = ["0", *(code for code, on in weights.items() if on)]
    if look.ink:
        codes.append(_colour(look.ink, depth, 30))
    if look.ground:
        codes.append(_colour(look.ground, depth, 40))
    return ";".join(codes)


def _colour(colour: str, depth: Depth, base: int) -> str:
    """`base` is 30 for letters and 40 for their ground."""
    if depth == "all":
        return f"{base + 8};2;{';'.join(map(str, bytes.fromhex(colour[1:])))}"
    if depth == "256":
        return f"{base + 8};5;{number_of_256(colour)}"
    number = _SIXTEEN.index(colour)
    return str(base + number if number < 8 else base + 52 + number)
