"""How a person left the screen of one account, kept in the state folder for the next start.

Nobody edits this file, and nothing of it is needed: one that cannot be used is renamed, which is told once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from socd_tui.model.errors import StoreError
from socd_tui.model.lens import Sort
from socd_tui.model.setting import declared
from socd_tui.model.window import MIN_DAYS
from socd_tui.store.atomic import read_private, write_private
from socd_tui.store.paths import printable, private_dir, store_error

SCHEMA = "socd-tui/choices/1"
ASIDE = ".damaged"
"""Is added to the name of a file that cannot be used."""

_MAX_BYTES = 1 << 16
_LONGEST_WINDOW = 3_660
"""Days: ten years. A longer window was never chosen, as no machine remembers so many."""
_LONGEST_NAME, _MOST_NAMES = 200, 200


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What a person has chosen; None where they have chosen nothing, or what would be there anyhow.

    Names are as they were when they were chosen: a theme or a view may be gone since.
    """

    theme: str | None = None
    glyphs: str | None = None
    """The level of the glyphs."""
    local: bool | None = declared(
        None,
        title="zone",
        words="The zone that hours are told in.",
        said={True: "your own", False: "UTC"},
        key="zone",
    )
    """Whether hours are in the local zone."""
    days: int | None = None
    """Length of the window."""
    sorts: Mapping[str, Sort] | None = declared(
        None,
        title="orders",
        words="What the rows of a view are sorted by, where that is not its own order.",
        how="s in a view, or a click on a heading",
    )
    """What orders a view's rows, by view name."""
    beside: str | None = declared(
        None,
        title="second view",
        words="The view that stands beside a table where there is room for two.",
        how="tab, then the digit of a view",
    )
    """The second view, where there is room for two."""
    rescaled: frozenset[str] | None = declared(
        None,
        title="scales",
        words="Views on the other of their two scales.",
        how="o in a view that has two",
    )
    """Names of the views on the other of their two scales."""


NAMES = tuple(each.name for each in fields(Choices))
"""Of all that can be chosen."""


@dataclass(frozen=True)
class ChoicesFile:
    """The choices of one account of one service. `notices` are sentences to show the person once."""

    folder: Path
    origin: str
    account: str
    """Whose they are; empty when the token does not say."""
    notices: list[str] = field(default_factory=list, compare=False)

    @property
    def path(self) -> Path:
        """One file for each account, which says nothing of whose it is."""
        digest = sha256(f"{self.origin}\n{self.account}".encode(errors="surrogatepass")).hexdigest()
        return self.folder / f"choices-{digest[:16]}.json"

    def read(self) -> Choices:
        """What was chosen; nothing where that cannot be read, which is told once."""
        try:
            data = read_private(self.path, _MAX_BYTES, notices=self.notices)
            if data is None:
                return Choices()
            choices = _understood(data)
            if choices is None:
                raise StoreError(f"{printable(self.path)} is damaged.")
        except StoreError as error:
            self._set_aside(error)
            return Choices()
        return choices

    def write(self, choices: Choices) -> None:
        """Keep these, in place of those before. Raises StoreError when they cannot be kept."""
        if choices == Choices():
            self.forget()
            return
        private_dir(self.folder)
        write_private(self.path, json.dumps(_document(choices), indent=1).encode())

    def forget(self) -> None:
        """Nothing is chosen any more. Raises StoreError when the file cannot be removed."""
        try:
            self.path.unlink(missing_ok=True)
        except NotADirectoryError:
            pass
        except OSError as error:
            raise store_error(self.path, "removed", error) from None

    def _set_aside(self, flaw: StoreError) -> None:
        """Out of the way of the next start; one that cannot be renamed is told of again."""
        with suppress(OSError):
            self.path.replace(self.path.with_name(f"{self.path.name}{ASIDE}"))
        self.notices.append(f"{flaw.message} The screen is as it was at first.")


def _document(choices: Choices) -> dict[str, object]:
    chosen = {name: value for name in NAMES if (value := getattr(choices, name)) is not None}
    if choices.sorts is not None:
        chosen["sorts"] = {name: [sort.column, sort.descending] for name, sort in choices.sorts.items()}
    if choices.rescaled is not None:
        chosen["rescaled"] = sorted(choices.rescaled)
    return {"schema": SCHEMA, **chosen}


def _understood(data: bytes) -> Choices | None:
    """The choices from the bytes of a file; None when `write` cannot have written them."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return None
    chosen: dict[str, Any] = {}
    for name in NAMES:
        value = document.get(name)
        if value is None:
            continue
        match name, value:
            case ("theme" | "glyphs" | "beside", str()) if _is_name(value):
                chosen[name] = value
            case ("local", bool()):
                chosen[name] = value
            case ("days", int()) if type(value) is int and MIN_DAYS <= value <= _LONGEST_WINDOW:
                chosen[name] = value
            case ("sorts", dict()) if len(value) <= _MOST_NAMES and all(map(_is_name, value)):
                sorts = {view: _sort(each) for view, each in value.items()}
                if None in sorts.values():
                    return None
                chosen[name] = sorts
            case ("rescaled", list()) if len(value) <= _MOST_NAMES and all(map(_is_name, value)):
                chosen[name] = frozenset(value)
            case _:
                return None
    return Choices(**chosen)


def _sort(value: object) -> Sort | None:
    match value:
        case [str(column), bool(descending)] if _is_name(column):
            return Sort(column, descending)
    return None


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= _LONGEST_NAME
