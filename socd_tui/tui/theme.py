"""What roles look like: palettes made into the styles of a terminal with many, sixteen or no colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from rich.color import Color, ColorSystem
from rich.style import Style
from textual.theme import Theme

from socd_tui.charts.canvas import Role, Span
from socd_tui.model.colour import READABLE, contrast, luminance, mixed
from socd_tui.tui.palettes import DARK_BELOW, SIXTEEN, Palette

_PLAIN: dict[Role, str] = {"faint": "dim", "title": "bold", "warn": "bold", "bad": "bold underline"}
"""Without colour: weight only, and words say the rest."""

QUIET: tuple[Role, ...] = ("ink", "faint")
"""Roles whose colour says nothing."""

_STEPS = 32
"""In which a colour is led away from its ground, until it can be read."""


@dataclass(frozen=True)
class Styles:
    """A Rich style for every role, as it stands and under the cursor.

    What has changed is bold, as titles are where its own colour says nothing, and reversed where it is bold
    anyhow: so it stands out without colours, too.
    """

    plain: dict[Role, Style]
    cursor: dict[Role, Style]
    sixteen: bool = False
    """Whether bold may be shown as another, brighter colour."""

    @cached_property
    def _changed(self) -> tuple[dict[Role, Style], dict[Role, Style]]:
        return self._standing_out(self.plain), self._standing_out(self.cursor)

    def _standing_out(self, usual: dict[Role, Style]) -> dict[Role, Style]:
        return {
            role: style + Style(reverse=not style.reverse)
            if style.bold or self.sixteen
            else (usual["title"] if role in QUIET else style) + Style(bold=True)
            for role, style in usual.items()
        }

    def of(self, span: Span) -> Style:
        """How a span looks."""
        if span.changed:
            return self._changed[span.cursor][span.role]
        return (self.cursor if span.cursor else self.plain)[span.role]


@cache  # the same value each time: a widget that is given another paints all of its lines anew
def styles(palette: Palette, *, colour: bool, sixteen: bool = False) -> Styles:
    """The row under the cursor has a ground of its own, on which its colours can be read, too.

    Of sixteen colours it has those of the opposite palette. On heat cells the cursor is reverse video.
    """
    reverse = Style(reverse=True)
    if not colour:
        plain = {role: Style.parse(_PLAIN.get(role, "none")) for role in palette.roles}
        return Styles(plain, {role: style + reverse for role, style in plain.items()})
    if sixteen:
        plain, under = _on_ground(SIXTEEN[palette.dark]), _on_ground(SIXTEEN[not palette.dark])
    else:
        plain = _on_ground(palette)
        under = {
            role: style + Style.parse(f"{_seen(palette, role)} on {palette.cursor}")
            for role, style in plain.items()
        }
    return Styles(
        plain,
        {role: plain[role] + reverse if role.startswith("heat") else style for role, style in under.items()},
        sixteen,
    )


def _on_ground(palette: Palette) -> dict[Role, Style]:
    return {role: Style.parse(f"{colour} on {palette.background}") for role, colour in palette.roles.items()}


def _seen(palette: Palette, role: Role) -> str:
    """The role's colour, led towards black or white until it can be read on the row under the cursor."""
    colour, ground = palette.colour(role), palette.cursor
    end = "#ffffff" if luminance(ground) < DARK_BELOW else "#000000"
    steps = (mixed(colour, end, step / _STEPS) for step in range(_STEPS))
    return next((step for step in steps if _is_readable(step, ground)), end)


def _is_readable(colour: str, ground: str) -> bool:
    """With all colours and with 256."""
    return min(contrast(colour, ground), contrast(of_256(colour), of_256(ground))) >= READABLE


def of_256(colour: str) -> str:
    """What becomes of the colour in a terminal that has 256."""
    return Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex


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
