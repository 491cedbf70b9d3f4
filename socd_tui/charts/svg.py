"""A picture as an SVG that needs no font of its own: bars and shades are drawn, letters are text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from socd_tui.charts.canvas import Line, line_width, plain
from socd_tui.charts.look import Look, Looks, pieces
from socd_tui.charts.palettes import SIXTEEN
from socd_tui.model.record import replace
from socd_tui.model.text import cell_width

COLUMN, LINE, SIZE = 8.4, 18.0, 14
"""Units that a cell is wide and high, and the size of letters in it: a monospaced one is 0.6 of it wide."""

MARGIN = 12
BASE = 13.5
"""Units from the top of a line to the foot of its letters."""

FONTS = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"

_LOWER = {mark: n / 8 for n, mark in enumerate("▁▂▃▄▅▆▇█", 1)}
_LEFT = {mark: n / 8 for n, mark in enumerate("▏▎▍▌▋▊▉", 1)}
_SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}


def as_svg(lines: Sequence[Line], looks: Looks, title: str, *, described: bool = True) -> str:
    """The picture on its ground; `described` has its text, too, for those who cannot see it.

    Without colours it is black on white: a file has no terminal whose own it could be in.
    """
    width = max((line_width(line) for line in lines), default=0) * COLUMN + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    own, paper = looks.plain["ink"], SIXTEEN[False]
    usual = replace(own, ink=own.ink or paper.colour("ink"), ground=own.ground or paper.background)
    drawn = "\n".join(part for y, line in enumerate(lines) for part in _line(line, y, looks, usual))
    text = f"<desc>{escape(plain(lines))}</desc>\n" if described else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f'{text}<rect width="100%" height="100%" fill="{usual.ground}"/>\n'
        f'<g font-family="{FONTS}" font-size="{SIZE}" xml:space="preserve">\n{drawn}\n</g>\n</svg>'
    )


def _line(line: Line, y: int, looks: Looks, usual: Look) -> Iterator[str]:
    at, top = 0, MARGIN + y * LINE
    for text, look in pieces(line, looks):
        wide = cell_width(text)
        ink, ground = look.ink or usual.ink, look.ground or usual.ground
        if look.reverse:
            ink, ground = ground, ink
        x = MARGIN + at * COLUMN
        if ground != usual.ground:
            yield _rect(x, top, wide * COLUMN, LINE, ground)
        yield from _marks(text, x, top, ink)
        yield from _words(text, x, top, ink, look)
        at += wide


def _marks(text: str, x: float, top: float, ink: str) -> Iterator[str]:
    """Bars, columns and shades: neighbours that are alike as one, so that no gap is seen between them."""
    at = 0
    for mark, many in _runs(text):
        wide = cell_width(mark) * many
        if mark in _LOWER:
            high = LINE * _LOWER[mark]
            yield _rect(x + at * COLUMN, top + LINE - high, wide * COLUMN, high, ink)
        elif mark in _SHADES:
            yield _rect(x + at * COLUMN, top, wide * COLUMN, LINE, ink, _SHADES[mark])
        elif mark in _LEFT:
            for n in range(many):
                yield _rect(x + (at + n) * COLUMN, top, COLUMN * _LEFT[mark], LINE, ink)
        at += wide


def _runs(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or text[at] != text[start]:
            yield text[start], at - start
            start = at


def _words(text: str, x: float, top: float, ink: str, look: Look) -> Iterator[str]:
    """Each word where its first letter is, as wide as its cells, whatever the font."""
    marks = {*_LOWER, *_LEFT, *_SHADES}
    letters = "".join(" " * cell_width(char) if char in marks else char for char in text)
    weight = ' font-weight="bold"' if look.bold else ""
    line = ' text-decoration="underline"' if look.underline else ""
    faint = ' opacity="0.65"' if look.dim else ""
    for before, word in _apart(letters):
        left, long = x + cell_width(before) * COLUMN, cell_width(word) * COLUMN
        yield (
            f'<text x="{left:g}" y="{top + BASE:g}" textLength="{long:g}" lengthAdjust="spacingAndGlyphs" '
            f'fill="{ink}"{weight}{line}{faint}>{escape(word)}</text>'
        )


def _apart(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each run of words that single blanks part, and the run."""
    at = 0
    for words in text.split("  "):
        core = words.strip(" ")
        if core:
            start = text.index(core, at)
            yield text[:start], core
        at += len(words) + 2


def _rect(x: float, y: float, width: float, height: float, fill: str, opacity: float = 1) -> str:
    seen = f' fill-opacity="{opacity:g}"' if opacity != 1 else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"{seen}/>'
