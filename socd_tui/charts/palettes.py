"""The colours of the themes: the only place in the program where a colour stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from socd_tui.charts.canvas import Role
from socd_tui.model.colour import READABLE, contrast, luminance
from socd_tui.model.record import dataclass, replace

GROUNDS = ("background", "surface", "cursor")
ROLES: tuple[Role, ...] = get_args(Role)
TEXT = tuple(role for role in ROLES if not role.startswith("heat"))
"""The roles that words and figures are written in; the heat steps fill cells."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Palette:
    """Colours of one theme. `data` is blue and nothing else is; `accent` is where one can go.

    States follow the Okabe-Ito set, set apart further for colour-blind readers: what is good looks like text,
    and the worse a state the redder it is. The heat steps lead away from the background, each by half as
    much again as the one before in the shades that they are drawn in.
    """

    name: str
    dark: bool
    background: str
    surface: str
    cursor: str
    """The ground of the row under the cursor."""
    roles: Mapping[Role, str]
    """A colour, and after a blank how heavy: `#ffffff bold`."""

    def colour(self, role: Role) -> str:
        return self.roles[role].split(" ")[0]

    def faults(self) -> Iterator[str]:
        """Sentences about what is hard to read on this palette's ground."""
        for role in TEXT:
            ratio = contrast(self.colour(role), self.background)
            if ratio < READABLE:
                yield (
                    f"Theme '{self.name}': {role} {self.colour(role)} on {self.background} has a contrast of "
                    f"{ratio:.1f}; text is hard to read below {READABLE}."
                )


DARK = Palette(
    name="socd-dark",
    dark=True,
    background="#101418",
    surface="#1b222a",
    cursor="#303840",
    roles={
        "ink": "#d5dbe1",
        "faint": "#7d8893",
        "accent": "#3fc1a5",
        "data": "#56b4e9",
        "good": "#aab4bd",
        "warn": "#f0ad1f",
        "bad": "#e0533d",
        "title": "#ffffff bold",
        "heat1": "#9e9e9e",
        "heat2": "#b8b86e",
        "heat3": "#d8d848",
        "heat4": "#ffff5f",
    },
)

LIGHT = Palette(
    name="socd-light",
    dark=False,
    background="#fbfaf7",
    surface="#ece9e2",
    cursor="#e8e8e8",
    roles={
        "ink": "#23282e",
        "faint": "#6b737b",
        "accent": "#00755a",
        "data": "#0072b2",
        "good": "#4a535c",
        "warn": "#946900",
        "bad": "#7d0f05",
        "title": "#000000 bold",
        "heat1": "#4a4a4a",
        "heat2": "#3a3a80",
        "heat3": "#161660",
        "heat4": "#000000",
    },
)

CONTRAST = Palette(
    name="socd-contrast",
    dark=True,
    background="#000000",
    surface="#1a1a1a",
    cursor="#303030",
    roles={
        "ink": "#ffffff",
        "faint": "#c4c4c4",
        "accent": "#5fe3c0",
        "data": "#7cd0ff",
        "good": "#e0e0e0",
        "warn": "#ffd000",
        "bad": "#ff7a59",
        "title": "#ffffff bold",
        "heat1": "#b0b0b8",
        "heat2": "#c8c880",
        "heat3": "#ececa0",
        "heat4": "#ffffff",
    },
)

BLACK = Palette(
    name="socd-black",
    dark=True,
    background="#000000",
    surface="#121212",
    cursor="#262626",
    roles={
        "ink": "#c6c6c6",
        "faint": "#808080",
        "accent": "#3fc1a5",
        "data": "#56b4e9",
        "good": "#9c9c9c",
        "warn": "#f0ad1f",
        "bad": "#e0533d",
        "title": "#ffffff bold",
        "heat1": "#b0b0b0",
        "heat2": "#c4c458",
        "heat3": "#e8e848",
        "heat4": "#ffffc0",
    },
)

PAPER = Palette(
    name="socd-solarized",
    dark=False,
    background="#fdf6e3",
    surface="#eee8d5",
    cursor="#e9e8e3",
    roles={
        "ink": "#354c55",
        "faint": "#606f76",
        "accent": "#006e5b",
        "data": "#1b6db2",
        "good": "#4f6168",
        "warn": "#906400",
        "bad": "#7d0f05",
        "title": "#002b36 bold",
        "heat1": "#484848",
        "heat2": "#3a3a80",
        "heat3": "#161660",
        "heat4": "#000000",
    },
)

PALETTES = (DARK, LIGHT, CONTRAST, BLACK, PAPER)

SIXTEEN: Mapping[bool, Palette] = {
    True: Palette(
        name="sixteen-dark",
        dark=True,
        background="#000000",
        surface="#000000",
        cursor="#ffffff",
        roles={
            "ink": "#ffffff",
            "faint": "#aaaaaa",
            "accent": "#ff55ff",
            "data": "#55ffff",
            "good": "#aaaaaa",
            "warn": "#ffff55",
            "bad": "#ff5555",
            "title": "#ffffff bold",
            **dict.fromkeys(("heat1", "heat2", "heat3", "heat4"), "#ffffff"),
        },
    ),
    False: Palette(
        name="sixteen-light",
        dark=False,
        background="#ffffff",
        surface="#ffffff",
        cursor="#000000",
        roles={
            "ink": "#000000",
            "faint": "#000000",
            "accent": "#aa00aa",
            "data": "#0000aa",
            "good": "#000000",
            "warn": "#000000 underline",
            "bad": "#aa0000",
            "title": "#000000 underline",
            **dict.fromkeys(("heat1", "heat2", "heat3", "heat4"), "#000000"),
        },
    ),
}
"""For terminals of sixteen colours, a dark and a light one: each has the other's colours under the cursor.

Each colour here is exactly one of Rich's sixteen, so that it becomes that one; how it looks is the terminal's
own choice, so only those that are far from their ground in any usual set of them are taken: no grey (8). What
stands on white is never bold: many terminals show a bold black as grey.
"""


def palettes(themes: Mapping[str, Mapping[str, str]]) -> tuple[Palette, ...]:
    """The program's own and a person's `themes`, by name."""
    return (*PALETTES, *(own_palette(name, colours) for name, colours in themes.items()))


def own_palette(name: str, colours: Mapping[str, str]) -> Palette:
    """A person's own theme, from the grounds and roles of `config.toml`.

    What it leaves out is that of its `base`: by default the dark or the light theme, as its background is.
    """
    ground = colours.get("background", DARK.background)
    bases = {palette.name: palette for palette in PALETTES}
    base = bases.get(colours.get("base", ""), DARK if luminance(ground) < DARK_BELOW else LIGHT)
    mine = replace(
        base,
        name=name,
        roles={role: colours.get(role, base.roles[role]) for role in ROLES},
        background=colours.get("background", base.background),
        surface=colours.get("surface", base.surface),
        cursor=colours.get("cursor", base.cursor),
    )
    return replace(mine, dark=luminance(mine.background) < DARK_BELOW)


DARK_BELOW = 0.18
"""Luminance of a ground on which white is read better than black."""
