"""Finding keys by what a person types: an id, a prefix, or a name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from socd_tui.model.errors import UsageError
from socd_tui.model.key import ApiKey


def select(keys: Sequence[ApiKey], selectors: Sequence[str]) -> list[ApiKey]:
    """The keys meant, in list order; all for no selector.

    A selector is a key's id, its prefix, what the screen shows as `name#abcd`, or its name when only
    one key has it. Raises UsageError naming the nearest key, or the candidates of a shared name.
    """
    if not selectors:
        return list(keys)
    wanted = {_one(keys, selector).id for selector in selectors}
    return [key for key in keys if key.id in wanted]


def _one(keys: Sequence[ApiKey], selector: str) -> ApiKey:
    for key in keys:
        if selector in (key.id, key.prefix.original, f"{key.name.shown}#{key.short}"):
            return key
    named = [key for key in keys if selector in (key.name.original, key.name.shown)]
    if len(named) == 1:
        return named[0]
    if named:
        choices = " or ".join(key.prefix.shown for key in named)
        raise UsageError(f"{len(named)} keys are named '{_quoted(selector)}'.", f"Give a prefix: {choices}.")
    raise UsageError(f"There is no key '{_quoted(selector)}'.", _nearest(keys, selector))


def _nearest(keys: Sequence[ApiKey], selector: str) -> str:
    names = {name: key for key in keys for name in (key.name.shown, key.prefix.shown, key.id)}
    close = get_close_matches(selector, names, n=1, cutoff=0.4)
    if close:
        key = names[close[0]]
        return f"The nearest is '{key.name.shown}' ({key.prefix.shown})."
    return "`socd-tui keys` lists them."


def _quoted(selector: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in selector[:60])
