"""Colours written `#rrggbb`, and how well one is read on another."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls

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


def number_of_256(colour: str) -> int:
    """The nearest colour of xterm's 256 beyond the first sixteen, which a terminal may paint as it likes.

    Grey below a saturation of 15 %, where its 24 greys are nearer than its cube of 6 x 6 x 6.
    """
    red, green, blue = bytes.fromhex(colour[1:])
    _, lightness, saturation = rgb_to_hls(red / 255, green / 255, blue / 255)
    if saturation < 0.15:
        grey = round(lightness * 25)
        return {0: 16, 25: 231}.get(grey, 231 + grey)
    six = [byte / 95 if byte < 95 else 1 + (byte - 95) / 40 for byte in (red, green, blue)]
    return 16 + 36 * round(six[0]) + 6 * round(six[1]) + round(six[2])


def of_256(colour: str) -> str:
    """What becomes of the colour in a terminal that has 256."""
    number = number_of_256(colour)
    if number > 231:
        return "#" + f"{8 + 10 * (number - 232):02x}" * 3
    levels = [(number - 16) // size % 6 for size in (36, 6, 1)]
    return "#" + "".join(f"{55 + 40 * level if level else 0:02x}" for level in levels)
