"""Colours written `#rrggbb`, and how well one is read on another."""

from __future__ import annotations

import re

READABLE = 4.5
"""The least contrast at which text can be read: level AA of WCAG 2.1, success criterion 1.4.3."""

_WRITTEN = re.compile(r"#[0-9a-fA-F]{6}")


def is_colour(text: str) -> bool:
    """Whether it is written `#rrggbb`."""
    return _WRITTEN.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.1: from 1, the same brightness, to 21, black on white."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.1: 0 black, 1 white."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (byte / 255 for byte in bytes.fromhex(colour[1:]))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, other: str, part: float) -> str:
    """The colour with so large a part of the other in it, 0 to 1."""
    of = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(one + (two - one) * part) for one, two in of).hex()
