"""Who pays for which key, written into `config.toml`: all else in it stays as the person wrote it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from socd_tui.model.errors import StoreError
from socd_tui.model.record import dataclass
from socd_tui.model.text import folded
from socd_tui.store.atomic import read_edited, write_private
from socd_tui.store.paths import another_users, printable, private_dir, second_name, store_error
from socd_tui.store.settings import FILE, MAX_BYTES, owners_in

Owners = Mapping[str, tuple[str, ...]]

_BOM = "\ufeff"
_BY_HAND = "Name the owner in the file itself."
_TRIES = 3
"""For a file that somebody else saves at the same moment."""


@dataclass(frozen=True)
class OwnersFile:
    """The table `[owners]` of the `config.toml` in this folder."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / FILE

    def give(self, key_id: str, owner: str, prefix: str = "") -> Owners:
        """The owner pays for the key from now on, nobody for an empty name; returns all owners.

        The key is written by its id. Entries of others that are its id, or its `prefix` where no other key
        has that one, are taken out; patterns of names stay, as an id is stronger. A file that is a link is
        written where it leads to. Raises StoreError, and writes nothing, when the file cannot be understood,
        or is not the person's alone.
        """

        def is_key(entry: str) -> bool:
            return folded(entry) == folded(key_id) or entry == prefix != ""

        for _ in range(_TRIES):
            before = read_edited(self.path, MAX_BYTES)
            after, owners = self._changed(before or b"", is_key, key_id, owner)
            if after == (before or b""):
                return owners
            if read_edited(self.path, MAX_BYTES) == before:
                self._write(after)
                return owners
        raise StoreError(f"{printable(self.path)} is being changed by another program.", "Try again.")

    def _changed(
        self, before: bytes, is_key: Callable[[str], bool], key_id: str, owner: str
    ) -> tuple[bytes, Owners]:
        """The bytes of the file, and the owners in it, after the change."""
        import tomllib  # late, both: most runs write no owner

        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        try:
            text = before.decode()
            bom = _BOM if text.startswith(_BOM) else ""
            was = tomllib.loads(text.removeprefix(_BOM))
            document = tomlkit.parse(text.removeprefix(_BOM))
        except (ValueError, RecursionError, TOMLKitError):
            problem = f"{printable(self.path)} cannot be understood, so nothing was written."
            raise StoreError(problem, "Mend it, then try again.") from None
        if not isinstance(was.get("owners", {}), dict):
            raise StoreError(f"{printable(self.path)}: owners is no table, so nothing was written.", _BY_HAND)
        if not owner and "owners" not in was:
            return before, {}
        try:
            if "owners" not in document:
                document["owners"] = tomlkit.table()
            _give(document["owners"], is_key, key_id, owner)
            after = tomlkit.dumps(document)
            now = tomllib.loads(after)
        except (ValueError, TypeError, AttributeError, RecursionError, TOMLKitError):
            now = {}
        owners, _ = owners_in(now.pop("owners", None))
        expected = _expected(owners_in(was.pop("owners", None))[0], is_key, key_id, owner)
        if repr(now) != repr(was) or _claimed(owners) != _claimed(expected):
            problem = f"{printable(self.path)} could not be changed without a loss, so nothing was written."
            raise StoreError(problem, _BY_HAND)
        return (bom + after).encode(), owners

    def _write(self, data: bytes) -> None:
        """In one step, with the rights the file has, where a link leads to."""
        try:
            path = self.path.resolve()
            status = path.stat() if path.exists() else None
        except OSError as error:
            raise store_error(self.path, "written", error) from None
        if status is None:
            private_dir(self.folder)
            write_private(path, data)
            return
        if status.st_nlink > 1:
            raise second_name(self.path)
        if status.st_uid != os.geteuid():
            raise another_users(self.path)
        write_private(path, data)
        try:
            path.chmod(status.st_mode & 0o777)
        except OSError as error:
            raise store_error(self.path, "written", error) from None


def _give(table: MutableMapping[str, Any], is_key: Callable[[str], bool], key_id: str, owner: str) -> None:
    """Takes the key out of the entries of the table, and puts it into the owner's."""
    entries = list(_entries(table))
    theirs = next((entry for entry in entries if owner and folded(entry.name) == folded(owner)), None)
    for entry in entries:
        value = entry.value
        if entry is theirs and any(map(is_key, entry.keys)):
            key_id = ""  # it is there already
        elif isinstance(value, str):
            if is_key(value):
                entry.holder[entry.last] = []
        elif isinstance(value, list):
            for at in reversed(range(len(value))):
                if isinstance(value[at], str) and is_key(value[at]):
                    del value[at]
    if not owner or not key_id:
        return
    if theirs is None:
        table[owner] = [key_id]
    elif isinstance(theirs.value, str):
        theirs.holder[theirs.last] = [theirs.value, key_id]
    else:
        theirs.value.append(key_id)


@dataclass(frozen=True, eq=False)
class _Entry:
    """One line of the table: what holds it, its name there, and its name with those of the tables."""

    holder: MutableMapping[str, Any]
    last: str
    name: str

    @property
    def value(self) -> Any:
        return self.holder[self.last]

    @property
    def keys(self) -> list[str]:
        value = self.value
        return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _entries(table: MutableMapping[str, Any], prefix: str = "") -> Iterator[_Entry]:
    for name, value in table.items():
        if isinstance(value, MutableMapping):
            yield from _entries(value, f"{prefix}{name}.")
        else:
            yield _Entry(table, name, f"{prefix}{name}")


def _expected(owners: Owners, is_key: Callable[[str], bool], key_id: str, owner: str) -> Owners:
    """The owners as they should be after the change."""
    spelt = next((name for name in owners if owner and folded(name) == folded(owner)), owner)
    expected = {
        name: entries if name == spelt else tuple(entry for entry in entries if not is_key(entry))
        for name, entries in owners.items()
    }
    if owner and not any(map(is_key, expected.get(spelt, ()))):
        expected[spelt] = (*expected.get(spelt, ()), key_id)
    return expected


def _claimed(owners: Owners) -> set[tuple[str, str]]:
    return {(owner, entry) for owner, entries in owners.items() for entry in entries}
