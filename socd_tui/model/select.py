"""Selects keys by what the user types: an id, a prefix, or a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from socd_tui.model.errors import UsageError
from socd_tui.model.key import ApiKey
from socd_tui.model.text import folded, inert, quoted

LIKELY = 20
"""Names that are looked at closely for the one nearest to what was typed."""


def select(keys: Sequence[ApiKey], selectors: Sequence[str]) -> list[ApiKey]:
    """The keys that the selectors stand for, in list order; all keys without selectors.

    A selector is a key's id, its prefix, what the screen shows as `name#abcd`, or its name when only
    one key has it; in any case and normal form, unless that is all that tells keys apart. Raises
    UsageError with the nearest key when a selector matches none, and with the candidates when it matches
    several.
    """
    if not selectors:
        return list(keys)
    tables = [_table(keys, names_of) for names_of in (_ids, _prefixes, _names)]
    selected_ids = {_select_one(keys, selector, tables).id for selector in selectors}
    return [key for key in keys if key.id in selected_ids]


_Table = Mapping[str, Sequence[tuple[ApiKey, tuple[str, ...]]]]
"""By what is typed for them: keys, and what each is called exactly."""


def _table(keys: Sequence[ApiKey], names_of: Callable[[ApiKey], tuple[str, ...]]) -> _Table:
    table: dict[str, list[tuple[ApiKey, tuple[str, ...]]]] = {}
    for key in keys:
        names = names_of(key)
        for name in {*map(folded, names)}:
            table.setdefault(name, []).append((key, names))
    return table


def _select_one(keys: Sequence[ApiKey], selector: str, tables: Sequence[_Table]) -> ApiKey:
    for word, table in zip(("shown as", "shown as", "named"), tables, strict=True):
        called = table.get(folded(selector), ()) if folded(selector) else ()
        # Of several, those that are called exactly so, if there are any.
        matching = [key for key, names in called if selector in names] or [key for key, _ in called]
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise UsageError(
                f"{len(matching)} keys are {word} {quoted(inert(selector, 60))}.", _candidates(keys, matching)
            )
    raise UsageError(f"There is no key {quoted(inert(selector, 60))}.", _nearest(keys, selector))


def _ids(key: ApiKey) -> tuple[str, ...]:
    return (key.id,)


def _prefixes(key: ApiKey) -> tuple[str, ...]:
    return (key.prefix.original, f"{key.name.shown}#{key.short}")


def _names(key: ApiKey) -> tuple[str, ...]:
    return (key.name.original, key.name.shown)


def _prefix(key: ApiKey) -> str:
    """In quotes unless it is one word."""
    shown = key.prefix.shown
    return shown if re.fullmatch(r"[\w•-]+", shown) else quoted(shown)


def _candidates(keys: Sequence[ApiKey], matching: Sequence[ApiKey]) -> str:
    """A sentence with the prefixes to choose from, or with the ids if several keys have the same prefix.

    A service may mask the prefixes, so that all of them are `sk_live_••••`.
    """
    prefixes = Counter(key.prefix.original for key in keys)
    if all(key.prefix.original and prefixes[key.prefix.original] == 1 for key in matching):
        return f"Give a prefix: {' or '.join(map(_prefix, matching))}."
    return f"Give an id: {' or '.join(key.id for key in matching)}."


def _nearest(keys: Sequence[ApiKey], selector: str) -> str:
    """A sentence with the key whose name, prefix or id contains the selector, or is most like it."""
    if not keys:
        return "The service listed no keys; if there were some, the session may have ended: sign in again."
    names = {name: key for key in keys for name in (key.name.shown, key.prefix.shown, key.id)}
    keys_by_name = {folded(name): key for name, key in names.items()}
    typed = folded(selector)
    containing = [name for name in keys_by_name if typed and typed in name]
    from difflib import get_close_matches

    nearest = containing or get_close_matches(typed, _likely(typed, keys_by_name), n=1, cutoff=0.4)
    if nearest:
        key = keys_by_name[nearest[0]]
        return f"The nearest is {quoted(key.name.shown)} ({_prefix(key)})."
    return "`socd-tui keys` lists them."


def _likely(typed: str, names: Iterable[str]) -> list[str]:
    """The names that share most characters with what was typed, in whatever order.

    To tell how alike two texts are takes long: of ten thousand names, minutes.
    """
    letters = Counter(typed)

    def shared(name: str) -> float:
        return (letters & Counter(name)).total() / max(len(typed) + len(name), 1)

    from heapq import nlargest

    return nlargest(LIKELY, names, key=shared)
