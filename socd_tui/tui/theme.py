"""What roles look like in Rich's and Textual's terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from rich.style import Style
from textual.theme import Theme

from socd_tui.charts.canvas import Role, Span
from socd_tui.charts.look import Look, looks
from socd_tui.charts.palettes import ROLES, SIXTEEN, Palette
from socd_tui.model.record import dataclass


@dataclass(frozen=True)
class Styles:
    """A Rich style for every role, as it stands and under the cursor, and of what has changed."""

    plain: dict[Role, Style]
    cursor: dict[Role, Style]
    changed: dict[Role, Style]
    changed_cursor: dict[Role, Style]

    def of(self, span: Span) -> Style:
        """How a span looks."""
        if span.changed:
            return (self.changed_cursor if span.cursor else self.changed)[span.role]
        return (self.cursor if span.cursor else self.plain)[span.role]


@cache  # the same value each time: a widget that is given another paints all of its lines anew
def styles(palette: Palette, *, colour: bool, sixteen: bool = False) -> Styles:
    """Those of a palette, for a terminal with so many colours."""
    each = looks(palette, colour=colour, sixteen=sixteen)

    def of(*, cursor: bool, changed: bool) -> dict[Role, Style]:
        return {role: _style(each.of(Span("", role, None, cursor, changed))) for role in ROLES}

    return Styles(
        of(cursor=False, changed=False),
        of(cursor=True, changed=False),
        of(cursor=False, changed=True),
        of(cursor=True, changed=True),
    )


def _style(look: Look) -> Style:
    return Style(
        color=look.ink or None,
        bgcolor=look.ground or None,
        bold=look.bold or None,
        dim=look.dim or None,
        underline=look.underline or None,
        reverse=look.reverse or None,
    )


def textual_themes(palettes: Sequence[Palette], *, sixteen: bool = False) -> list[Theme]:
    """The palettes as Textual themes, for its own widgets: prompts, help and messages."""
    return [_textual(palette.name, SIXTEEN[palette.dark] if sixteen else palette) for palette in palettes]


def _textual(name: str, palette: Palette) -> Theme:
    return Theme(
        name,
        primary=palette.colour("accent"),
        secondary=palette.colour("accent"),
        warning=palette.colour("warn"),
        error=palette.colour("bad"),
        success=palette.colour("good"),
        accent=palette.colour("accent"),
        foreground=palette.colour("ink"),
        background=palette.background,
        surface=palette.surface,
        panel=palette.surface,
        dark=palette.dark,
    )
