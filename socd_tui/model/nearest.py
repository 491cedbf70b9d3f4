"""The name that may have been meant where one is not known."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST_NAME = 200
"""Characters of a name that are looked at."""
_MOST_NAMES = 2_000
"""Names that are looked at."""


def nearest(name: str, names: Iterable[str]) -> str:
    """A sentence with the name most like this one, empty when none is."""
    found = nearest_name(name, names)
    return f"The nearest is '{found}'." if found else ""


def choices(name: str, names: Iterable[str]) -> str:
    """The same, and all there are."""
    listed = tuple(names)
    return f"{nearest(name, listed)} Choose from: {', '.join(listed)}.".lstrip()


def nearest_name(name: str, names: Iterable[str], alike: float = 0.5) -> str | None:
    """The one most like this name, whatever the case; None when none is at least so `alike`, 0 to 1.

    `over` is nearest to `overview`, which it begins, though other names have more letters in common.
    """
    from difflib import get_close_matches

    typed = name.strip()[:_LONGEST_NAME].lower()
    spelt: dict[str, str] = {}
    for each in list(names)[:_MOST_NAMES]:
        spelt.setdefault(each.lower(), each)
    begun = sorted((each for each in spelt if len(typed) > 1 and each.startswith(typed)), key=len)
    found = begun or get_close_matches(typed, spelt, n=1, cutoff=alike)
    return spelt[found[0]] if found else None
