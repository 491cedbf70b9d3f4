"""The name that may have been meant where one is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST_NAME = 200
"""Characters of a name that are looked at."""


def nearest(name: str, names: Iterable[str]) -> str:
    """A sentence with the name most like this one, empty when none is."""
    matches = get_close_matches(name[:_LONGEST_NAME], list(names), n=1, cutoff=0.5)
    return f"The nearest is '{matches[0]}'." if matches else ""
