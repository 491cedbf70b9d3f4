"""How often Python looks through all there is for garbage that refers to itself."""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()
_SELDOM = 100_000, *_USUAL[1:]
"""Objects that are made and stay before it looks: more than a start has, and never many megabytes."""


def look_seldom() -> None:
    """While a program starts, what it makes stays: to look every 700 objects is a twentieth of `show`."""
    gc.set_threshold(*_SELDOM)


def look_as_usual() -> None:
    """Often and shortly, where somebody would see a pause."""
    gc.set_threshold(*_USUAL)


def look_no_more() -> None:
    """Before the program ends, when Python looks through everything: a sixth of `line`."""
    gc.freeze()
