"""Whose keys are whose, by the key ids, prefixes and name patterns of the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache

from socd_tui.model.key import ApiKey
from socd_tui.model.text import MAX_CODE_POINTS, folded, inert

Owners = Mapping[str, tuple[str, ...]]
"""Owner to key ids, prefixes or name patterns, in the order of the file."""

REMEMBERED = 20_000
"""Names of keys whose patterns are kept in mind."""


class Claims:
    """What the owners claim, made ready once, as each repaint asks it of every key."""

    def __init__(self, entries: Sequence[tuple[str, str]]) -> None:
        self.entries = entries
        """(owner, entry) in the order of the file."""
        self._ids = _places(folded(entry) for _, entry in entries)
        # Prefixes that differ in case alone are of different keys.
        self._prefixes = _places(inert(entry).strip() for _, entry in entries)
        self._names = {at: pattern for at, (_, entry) in enumerate(entries) if (pattern := _pattern(entry))}
        self._seen: dict[str, tuple[int, ...]] = {}

    def owners(self, key: ApiKey) -> tuple[str, ...]:
        """Those with the strongest claim: an id beats a prefix, a prefix beats a pattern."""
        if not self.entries:
            return ()
        found = self._by_id(key) or self._by_prefix(key) or self._by_name(key)
        return tuple(dict.fromkeys(self.entries[at][0] for at in found))

    def unmatched(self, keys: Iterable[ApiKey]) -> tuple[tuple[str, str], ...]:
        """(owner, entry) for each entry that matches no key."""
        matched: set[int] = set()
        for key in keys if self.entries else ():
            matched.update(self._by_id(key), self._by_prefix(key), self._by_name(key))
        return tuple(entry for at, entry in enumerate(self.entries) if at not in matched)

    def _by_id(self, key: ApiKey) -> Sequence[int]:
        return self._ids.get(folded(key.id), ())

    def _by_prefix(self, key: ApiKey) -> Sequence[int]:
        return self._prefixes.get(key.prefix.shown, ())

    def _by_name(self, key: ApiKey) -> Sequence[int]:
        name = folded(key.name.original)
        found = self._seen.get(name)
        if found is None:
            found = tuple(at for at, pattern in self._names.items() if pattern.match(name))
            if len(self._seen) >= REMEMBERED:
                self._seen.clear()
            self._seen[name] = found
        return found


def claims(owners: Owners) -> Claims:
    """What they claim; made once."""
    return _claims(tuple((owner, entry) for owner, entries in owners.items() for entry in entries))


@lru_cache(maxsize=4)
def _claims(entries: tuple[tuple[str, str], ...]) -> Claims:
    return Claims(entries)


def _places(written: Iterable[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for at, each in enumerate(written):
        if each:
            places.setdefault(each, []).append(at)
    return places


def _pattern(entry: str) -> re.Pattern[str] | None:
    """What the entry says of names; None for nothing. Its search never goes back behind a star."""
    if not entry or len(entry) > 2 * MAX_CODE_POINTS:  # no name is so long
        return None
    # Only * and ? are wild: names like "SOAR [prod]" are common, sets of letters are not.
    return re.compile(translate(folded(entry).replace("[", "[[]")))
