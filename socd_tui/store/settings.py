"""Preferences from `config.toml`. A mistake in it costs only what is mistaken, and is told with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path

from socd_tui.model.window import DEFAULT_DAYS, RANGE, answered_by_service
from socd_tui.store.paths import shown

FILE = "config.toml"
MIN_REFRESH_S = 60
"""The service's answers count as fresh for a minute, so asking more often brings nothing."""


@dataclass(frozen=True)
class Settings:
    """What `config.toml` may say; a value it does not say is the default here."""

    theme: str = "socd-dark"
    view: str = "overview"
    days: int = DEFAULT_DAYS
    ascii: bool = False
    refresh_s: int = MIN_REFRESH_S
    keys: Mapping[str, str] = field(default_factory=dict)
    """Binding id to keys, e.g. `"export" = "x"`."""
    owners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Who pays for which keys: owner to key ids, prefixes or name patterns, in the file's order."""


@dataclass(frozen=True)
class Choices:
    """What the names in the file may be; the program knows, the store does not."""

    views: tuple[str, ...]
    themes: tuple[str, ...]
    bindings: tuple[str, ...]


def load_settings(folder: Path, names: Callable[[], Choices]) -> tuple[Settings, list[str]]:
    """The settings, and one sentence for each mistake: file, line, and the nearest valid name.

    `names` is called when there is a file.
    """
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings(), []
    except (OSError, UnicodeDecodeError):
        return Settings(), [f"{shown(path)} cannot be read; the defaults are used."]
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Settings(), [f"{shown(path)}: {error}; the defaults are used."]
    choices = names()
    good: dict[str, object] = {}
    mistakes = []
    for name, value in document.items():
        problem = _problem(name, value, choices)
        if problem:
            mistakes.append(f"{shown(path)}, line {_line(text, name)}: {problem}")
        else:
            good[name] = value
    bindings, bad = _bindings(document.get("keys"), choices)
    mistakes += [f"{shown(path)}, line {_line(text, name)}: {problem}" for name, problem in bad]
    owners, bad = _owners(document.get("owners"))
    mistakes += [f"{shown(path)}, line {_line(text, name, 'owners')}: {problem}" for name, problem in bad]
    values = {**good, "keys": bindings, "owners": owners}
    return Settings(**values), mistakes  # type: ignore[arg-type]  # checked by _problem


def _problem(name: str, value: object, choices: Choices) -> str | None:
    """Why this setting cannot be used."""
    names = [each.name for each in fields(Settings)]
    match name, value:
        case _ if name not in names:
            return f"there is no setting '{name}'.{_nearest(name, names)}"
        case ("theme" | "view", _):
            return _unnamed(name, value, choices.themes if name == "theme" else choices.views)
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


def _unnamed(name: str, value: object, allowed: tuple[str, ...]) -> str | None:
    if value in allowed:
        return None
    return f"'{value}' is no {name}.{_nearest(str(value), allowed)} Choose from {', '.join(allowed)}."


def _bindings(table: object, choices: Choices) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The key map with dotted names made whole, and what is wrong with the rest."""
    good: dict[str, str] = {}
    bad: list[tuple[str, str]] = []
    for name, value in _flat(table if isinstance(table, dict) else {}):
        if name not in choices.bindings:
            bad.append((name, f"there is no binding '{name}'.{_nearest(name, choices.bindings)}"))
        elif not isinstance(value, str) or not value:
            bad.append((name, f'the keys of \'{name}\' are a text like "x" or "ctrl+x,f5".'))
        else:
            good[name] = value
    return good, bad


def _owners(table: object) -> tuple[dict[str, tuple[str, ...]], list[tuple[str, str]]]:
    """The owners with their entries, and what is wrong with the rest; one entry needs no list."""
    good: dict[str, tuple[str, ...]] = {}
    bad: list[tuple[str, str]] = []
    for name, value in _flat(table if isinstance(table, dict) else {}):
        listed = value if isinstance(value, list) else [value]
        entries = tuple(entry for entry in listed if isinstance(entry, str) and entry)
        if len(entries) == len(listed):
            good[name] = entries
        else:
            bad.append((name, f"the keys of '{name}' are a list of key ids, prefixes or name patterns."))
    return good, bad


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """`view.series = "s"` and `"view.series" = "s"` mean the same."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _nearest(name: str, names: Sequence[str]) -> str:
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    return f" The nearest is '{near[0]}'." if near else ""


def _line(text: str, name: str, table: str | None = None) -> int:
    """The line that sets the name, below the head of its table; TOML's parser does not keep it."""
    last = re.escape(name.rpartition(".")[2])
    pattern = re.compile(
        rf"^\s*(?:\[\s*{re.escape(name)}|(?:[\w.\"']*\.)?[\"']?(?:{re.escape(name)}|{last})[\"']?\s*=)"
    )
    above = _line(text, table) if table else 1
    lines = enumerate(text.splitlines(), start=1)
    return next((n for n, line in lines if n >= above and pattern.match(line)), above)
