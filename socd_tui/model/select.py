"""Finding keys by what a person types: an id, a prefix, or a name."""

from __future__ import annotations

from collections import Counter
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
    for meant in (_by_id, _by_prefix, _by_name):
        matching = [key for key in keys if selector and selector in meant(key)]
        if len(matching) == 1:
            return matching[0]
        if matching:
            word = "named" if meant is _by_name else "shown as"
            raise UsageError(
                f"{len(matching)} keys are {word} '{_quoted(selector)}'.", _choices(keys, matching)
            )
    raise UsageError(f"There is no key '{_quoted(selector)}'.", _nearest(keys, selector))


def _by_id(key: ApiKey) -> tuple[str, ...]:
    return (key.id,)


def _by_prefix(key: ApiKey) -> tuple[str, ...]:
    return (key.prefix.original, f"{key.name.shown}#{key.short}")


def _by_name(key: ApiKey) -> tuple[str, ...]:
    return (key.name.original, key.name.shown)


def _choices(keys: Sequence[ApiKey], matching: Sequence[ApiKey]) -> str:
    """Prefixes where each is one key's alone; a service that masks them (`sk_live_••••`) leaves the ids."""
    prefixes = Counter(key.prefix.original for key in keys)
    if all(key.prefix.original and prefixes[key.prefix.original] == 1 for key in matching):
        return f"Give a prefix: {' or '.join(key.prefix.shown for key in matching)}."
    return f"Give an id: {' or '.join(key.id for key in matching)}."


def _nearest(keys: Sequence[ApiKey], selector: str) -> str:
    names = {name: key for key in keys for name in (key.name.shown, key.prefix.shown, key.id)}
    folded = {name.casefold(): key for name, key in names.items()}
    typed = selector.casefold()
    held = [name for name in folded if typed and typed in name]
    close = held or get_close_matches(typed, folded, n=1, cutoff=0.4)
    if close:
        key = folded[close[0]]
        return f"The nearest is '{key.name.shown}' ({key.prefix.shown})."
    return "`socd-tui keys` lists them."


def _quoted(selector: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in selector[:60])
