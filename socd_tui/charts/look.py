"""How roles look: the palettes for many, for sixteen and for no colours, whoever draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import groupby

from socd_tui.charts.canvas import Line, Role, Span, blanks_apart
from socd_tui.charts.palettes import DARK_BELOW, ROLES, SIXTEEN, Palette
from socd_tui.model.colour import READABLE, contrast, luminance, mixed, of_256
from socd_tui.model.record import dataclass, replace

QUIET: tuple[Role, ...] = ("ink", "faint")
"""Roles whose colour says nothing."""

_STEPS = 32
"""In which a colour is led away from its ground, until it can be read."""


@dataclass(frozen=True)
class Look:
    """Colours as `#rrggbb`, empty for the terminal's own, and how heavy."""

    ink: str = ""
    ground: str = ""
    bold: bool = False
    dim: bool = False
    underline: bool = False
    reverse: bool = False


_PLAIN: dict[Role, Look] = {
    "faint": Look(dim=True),
    "title": Look(bold=True),
    "warn": Look(bold=True),
    "bad": Look(bold=True, underline=True),
}
"""Without colour: weight only, and words say the rest."""


@dataclass(frozen=True, eq=False)
class Looks:
    """The look of every role, as it stands and under the cursor.

    What has changed is bold, as titles are where its own colour says nothing, and reversed where it is bold
    anyhow: so it stands out without colours, too.
    """

    plain: Mapping[Role, Look]
    cursor: Mapping[Role, Look]
    sixteen: bool = False
    """Whether bold may be shown as another, brighter colour."""

    @cached_property
    def _changed(self) -> tuple[Mapping[Role, Look], Mapping[Role, Look]]:
        return self._standing_out(self.plain), self._standing_out(self.cursor)

    def _standing_out(self, usual: Mapping[Role, Look]) -> Mapping[Role, Look]:
        return {
            role: replace(look, reverse=not look.reverse)
            if look.bold or self.sixteen
            else replace(usual["title"] if role in QUIET else look, bold=True)
            for role, look in usual.items()
        }

    def of(self, span: Span) -> Look:
        """How a span looks."""
        if span.changed:
            return self._changed[span.cursor][span.role]
        return (self.cursor if span.cursor else self.plain)[span.role]


@cache
def looks(palette: Palette, *, colour: bool = True, sixteen: bool = False) -> Looks:
    """The row under the cursor has a ground of its own, on which its colours can be read, too.

    Of sixteen colours it has those of the opposite palette. On heat cells the cursor is reverse video.
    """
    if not colour:
        plain = {role: _PLAIN.get(role, Look()) for role in ROLES}
        return Looks(plain, {role: replace(look, reverse=True) for role, look in plain.items()})
    if sixteen:
        plain, under = _on_ground(SIXTEEN[palette.dark]), _on_ground(SIXTEEN[not palette.dark])
    else:
        plain = _on_ground(palette)
        under = {
            role: replace(look, ink=_seen(palette, role), ground=palette.cursor)
            for role, look in plain.items()
        }
    under |= {role: replace(look, reverse=True) for role, look in plain.items() if role.startswith("heat")}
    return Looks(plain, under, sixteen)


def _on_ground(palette: Palette) -> dict[Role, Look]:
    return {role: _written(written, palette.background) for role, written in palette.roles.items()}


def _written(written: str, ground: str) -> Look:
    """`#ffffff bold`: a colour, and after a blank how heavy."""
    ink, *weights = written.split()
    return Look(ink, ground, bold="bold" in weights, underline="underline" in weights)


def _seen(palette: Palette, role: Role) -> str:
    """The role's colour, led towards black or white until it can be read on the row under the cursor."""
    colour, ground = palette.colour(role), palette.cursor
    end = "#ffffff" if luminance(ground) < DARK_BELOW else "#000000"
    steps = (mixed(colour, end, step / _STEPS) for step in range(_STEPS))
    return next((step for step in steps if _is_readable(step, ground)), end)


def _is_readable(colour: str, ground: str) -> bool:
    """With all colours and with 256."""
    return min(contrast(colour, ground), contrast(of_256(colour), of_256(ground))) >= READABLE


def pieces(line: Line, looks: Looks) -> Iterator[tuple[str, Look]]:
    """The line in as few pieces as look alike; blanks beside an underlined word are not underlined."""
    for look, spans in groupby(line, looks.of):
        text = "".join([span.text for span in spans])
        if not look.underline:
            yield text, look
            continue
        before, core, after = blanks_apart(text)
        blank = replace(look, underline=False)
        yield from ((part, own) for part, own in ((before, blank), (core, look), (after, blank)) if part)
