"""What roles look like: the only place in the program where a colour stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rich.style import Style
from textual.theme import Theme

from socd_tui.charts.canvas import Role


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours of one theme. States follow the Okabe–Ito set, set apart further for colour-blind readers;
    the heat ramp is four steps of the 256-colour cube from near to far from the background."""

    name: str
    dark: bool
    background: str
    surface: str
    cursor: str
    roles: dict[Role, str]


DARK = Palette(
    name="socd-dark",
    dark=True,
    background="#101418",
    surface="#1b222a",
    cursor="#2c3947",
    roles={
        "ink": "#d5dbe1",
        "faint": "#7d8893",
        "accent": "#3fc1a5",
        "data": "#56b4e9",
        "good": "#56b4e9",
        "warn": "#f0ad1f",
        "bad": "#e0533d",
        "title": "#ffffff bold",
        "heat1": "#878787",
        "heat2": "#afaf87",
        "heat3": "#d7d75f",
        "heat4": "#ffff5f",
    },
)

LIGHT = Palette(
    name="socd-light",
    dark=False,
    background="#fbfaf7",
    surface="#ece9e2",
    cursor="#d8dfe6",
    roles={
        "ink": "#23282e",
        "faint": "#6b737b",
        "accent": "#00755a",
        "data": "#0072b2",
        "good": "#0072b2",
        "warn": "#946900",
        "bad": "#8f1a0c",
        "title": "#000000 bold",
        "heat1": "#767676",
        "heat2": "#5f5f87",
        "heat3": "#00005f",
        "heat4": "#000000",
    },
)

CONTRAST = Palette(
    name="socd-contrast",
    dark=True,
    background="#000000",
    surface="#1a1a1a",
    cursor="#303a66",
    roles={
        "ink": "#ffffff",
        "faint": "#c4c4c4",
        "accent": "#5fe3c0",
        "data": "#7cd0ff",
        "good": "#7cd0ff",
        "warn": "#ffd000",
        "bad": "#ff7a59",
        "title": "#ffffff bold",
        "heat1": "#9a9aa8",
        "heat2": "#c4c48a",
        "heat3": "#e8e85a",
        "heat4": "#ffffff",
    },
)

PALETTES = (DARK, LIGHT, CONTRAST)

_PLAIN: dict[Role, str] = {"faint": "dim", "title": "bold", "warn": "bold", "bad": "bold underline"}
"""Without colour: weight only, and words say the rest."""


@dataclass(frozen=True)
class Styles:
    """A Rich style for every role, as it stands and under the cursor."""

    plain: dict[Role, Style]
    cursor: dict[Role, Style]


@cache  # the same value each time: a widget that is given another paints all of its lines anew
def styles(name: str, colour: bool) -> Styles:
    """The cursor is a lighter ground, so that a row keeps its colours; on heat cells, reverse video."""
    palette = next(palette for palette in PALETTES if palette.name == name)
    reverse = Style(reverse=True)
    if not colour:
        plain = {role: Style.parse(_PLAIN.get(role, "none")) for role in palette.roles}
        return Styles(plain, {role: style + reverse for role, style in plain.items()})
    plain = {
        role: Style.parse(f"{colours} on {palette.background}") for role, colours in palette.roles.items()
    }
    under = Style.parse(f"on {palette.cursor}")
    return Styles(
        plain,
        {role: style + (reverse if role.startswith("heat") else under) for role, style in plain.items()},
    )


def textual_themes() -> list[Theme]:
    """The palettes as Textual themes, for its own widgets: prompts, help and the command palette."""
    return [
        Theme(
            palette.name,
            primary=palette.roles["accent"],
            secondary=palette.roles["accent"],
            warning=palette.roles["warn"],
            error=palette.roles["bad"],
            success=palette.roles["good"],
            accent=palette.roles["accent"],
            foreground=palette.roles["ink"],
            background=palette.background,
            surface=palette.surface,
            panel=palette.surface,
            dark=palette.dark,
        )
        for palette in PALETTES
    ]
