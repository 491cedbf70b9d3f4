"""Preferences from `config.toml`. Only a mistaken setting is ignored, with a sentence that names its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path

from socd_tui.model.text import REPLACEMENT, decoded, folded
from socd_tui.model.window import DEFAULT_DAYS, RANGE, answered_by_service
from socd_tui.store.paths import printable

FILE = "config.toml"
MIN_REFRESH_S = 60
"""Seconds. The service's answers count as fresh for a minute, so refreshing more often brings nothing."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What `config.toml` can set, and the defaults."""

    theme: str = "socd-dark"
    view: str = "overview"
    days: int = DEFAULT_DAYS
    ascii: bool = False
    refresh_s: int = MIN_REFRESH_S
    keys: Mapping[str, str] = field(default_factory=dict)
    """Binding id to keys, e.g. `"export" = "x"`."""
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Who pays for which keys: owner to key ids, prefixes or name patterns, in the order of the file."""


@dataclass(frozen=True)
class Choices:
    """The names that the file may use, which the caller knows and the store does not."""

    views: tuple[str, ...]
    themes: tuple[str, ...]
    bindings: tuple[str, ...]


def load_settings(folder: Path, names: Callable[[], Choices]) -> tuple[Settings, list[str]]:
    """The settings, and one sentence for each mistake: file, line, and the nearest valid name.

    `names` is called only when there is a file. A file that cannot be read or parsed is one mistake.
    """
    path = folder / FILE
    try:
        text = decoded(path.read_bytes())
    except FileNotFoundError:
        return Settings(), []
    except OSError:
        text = REPLACEMENT
    if REPLACEMENT in text:
        return Settings(), [f"{printable(path)} cannot be read; the defaults are used."]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(), [f"{printable(path)}: {error}; the defaults are used."]
    choices = names()
    values: dict[str, object] = {}
    mistakes = []
    for name, value in document.items():
        problem = _problem(name, value, choices)
        if problem:
            mistakes.append(f"{printable(path)}, line {_line(text, name)}: {problem}")
        else:
            values[name] = value
    values["keys"], problems = _bindings(document.get("keys"), choices)
    mistakes += [f"{printable(path)}, line {_line(text, name)}: {problem}" for name, problem in problems]
    values["owners"], problems = _owners(document.get("owners"))
    mistakes += [
        f"{printable(path)}, line {_line(text, name, 'owners')}: {problem}" for name, problem in problems
    ]
    return Settings(**values), mistakes  # type: ignore[arg-type]  # checked by _problem


def _problem(name: str, value: object, choices: Choices) -> str | None:
    """Why this setting cannot be used; None when it can."""
    names = [each.name for each in fields(Settings)]
    match name, value:
        case _ if name not in names:
            return f"there is no setting '{name}'.{_nearest(name, names)}"
        case ("theme" | "view", _):
            return _unknown_name(name, value, choices.themes if name == "theme" else choices.views)
        case ("days", bool()) | ("refresh_s", bool()):
            return f"{name} is a whole number."
        case ("days", int()) if answered_by_service(value):
            return None
        case ("days", _):
            return f"days is a whole number from {RANGE}."
        case ("refresh_s", int()) if value >= MIN_REFRESH_S:
            return None
        case ("refresh_s", _):
            return f"refresh_s is a whole number of seconds, {MIN_REFRESH_S} or more."
        case ("ascii", bool()):
            return None
        case ("ascii", _):
            return "ascii is true or false."
        case ("keys" | "owners", dict()):
            return None
        case ("owners", _):
            return "owners is a table of names and their keys."
        case _:
            return "keys is a table of binding ids and keys."


def _unknown_name(name: str, value: object, allowed: tuple[str, ...]) -> str | None:
    """Why `value` is no theme or view; None when it is one."""
    if value in allowed:
        return None
    return f"'{value}' is no {name}.{_nearest(str(value), allowed)} Choose from {', '.join(allowed)}."


def _bindings(table: object, choices: Choices) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Keys by binding id, and (name, what is wrong with it) for the entries that cannot be used."""
    bindings: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    for name, value in _flatten(table if isinstance(table, dict) else {}):
        if name not in choices.bindings:
            problems.append((name, f"there is no binding '{name}'.{_nearest(name, choices.bindings)}"))
        elif not isinstance(value, str) or not value:
            problems.append((name, f'the keys of \'{name}\' are a text like "x" or "ctrl+x,f5".'))
        else:
            bindings[name] = value
    return bindings, problems


def _owners(table: object) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """Keys by owner, and (name, what is wrong with it) for the entries that cannot be used.

    A single key may stand without a list around it. Owners of one name are one, however it is written.
    """
    owners: dict[str, tuple[str, ...]] = {}
    problems: list[tuple[str, str]] = []
    spelt: dict[str, str] = {}
    for name, value in _flatten(table if isinstance(table, dict) else {}):
        entries = value if isinstance(value, list) else [value]
        keys = tuple(entry for entry in entries if isinstance(entry, str) and entry)
        if len(keys) == len(entries):
            owner = spelt.setdefault(folded(name), name)
            owners[owner] = (*owners.get(owner, ()), *keys)
        else:
            problems.append((name, f"the keys of '{name}' are a list of key ids, prefixes or name patterns."))
    return owners, problems


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Each value with its dotted name: `view.series = "s"` and `"view.series" = "s"` mean the same."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _nearest(name: str, names: Sequence[str]) -> str:
    """A sentence with the name most like this one, empty when none is."""
    matches = get_close_matches(name, names, n=1, cutoff=0.5)
    return f" The nearest is '{matches[0]}'." if matches else ""


def _line(text: str, name: str, table: str | None = None) -> int:
    """The number of the line that sets `name`, at or below the header of `table`.

    Looked for in the text, because TOML's parser does not keep line numbers.
    """
    last = re.escape(name.rpartition(".")[2])
    pattern = re.compile(
        rf"^\s*(?:\[\s*{re.escape(name)}|(?:[\w.\"']*\.)?[\"']?(?:{re.escape(name)}|{last})[\"']?\s*=)"
    )
    header = _line(text, table) if table else 1
    lines = enumerate(text.splitlines(), start=1)
    return next((n for n, line in lines if n >= header and pattern.match(line)), header)
