"""The settings that count, where each of them comes from, and what `config.toml` may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from socd_tui.commands.parts.origins import account, colours, service, typed, winner
from socd_tui.model.days import MAX_DAYS, MIN_DAYS
from socd_tui.model.record import dataclass
from socd_tui.model.redaction import redacted
from socd_tui.model.session import known_secrets
from socd_tui.model.setting import settings_of
from socd_tui.model.text import is_harmless
from socd_tui.model.threshold import GRAVITIES, MEASURES, WORDS
from socd_tui.store.paths import printable
from socd_tui.store.profiles import BASE_URL, NAME
from socd_tui.store.settings import FILE, MAX_REFRESH_S, MIN_REFRESH_S, Names, Settings

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World

COLOUR = "^#[0-9a-fA-F]{6}$"


@dataclass(frozen=True)
class Effective:
    """One setting as it counts."""

    name: str
    value: Any
    source: str
    about: str


def effective(world: World[Any]) -> list[Effective]:
    """All that the file can set, in its order."""
    found = []
    for name, setting in settings_of(Settings).items():
        value, line = getattr(world.settings, name), world.settings.lines.get(name)
        source = f"{FILE}, line {line}" if line else "default"
        if won := winner(world, setting):
            value, source = typed(world, setting) or True, won  # a variable switches on
        found.append(Effective(name, value, source, setting.words))
    return found


def as_toml(world: World[Any]) -> str:
    """A file that sets what counts now, with where each value comes from behind it."""
    import tomlkit

    document, tables = tomlkit.document(), []
    document.add(tomlkit.comment(f"what counts now; the file is {printable(world.paths.config / FILE)}"))
    for each in (account(world), service(world), colours(world)):
        document.add(tomlkit.comment(f"{each.name}: {each.value} ({each.source})"))
    for setting in effective(world):
        if isinstance(setting.value, Mapping):
            tables.append(setting)
        else:
            document.add(setting.name, tomlkit.item(setting.value).comment(setting.source))
    for setting in tables:
        table = tomlkit.table()
        table.comment(setting.source)
        for name, value in setting.value.items():
            table.add(name, _plain(value))
        document.add(setting.name, table)
    text = redacted(tomlkit.dumps(document).rstrip("\n"), known_secrets())
    return "".join(char if char == "\n" or is_harmless(char) else _escaped(char) for char in text)


def as_facts(world: World[Any]) -> dict[str, object]:
    """The same for JSON."""
    return {
        "schema": "socd-tui/config/1",
        "path": printable(world.paths.config / FILE),
        "settings": [
            {
                "name": each.name,
                "value": _plain(each.value),
                "source": each.source,
                "about": each.about,
            }
            for each in effective(world)
        ],
        "besides": [
            {"name": each.name, "value": each.value, "source": each.source, "about": each.words}
            for each in (account(world), service(world), colours(world))
        ],
        "mistakes": list(world.mistakes),
    }


def schema(names: Names) -> dict[str, object]:
    """The JSON Schema of `config.toml`, which editors and linters of TOML read."""
    defaults = Settings()
    shapes = _shapes(names)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FILE} of socd-tui",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "description": setting.words,
                "default": _plain(getattr(defaults, name)),
                **shapes[name],
            }
            for name, setting in settings_of(Settings).items()
        },
    }


def _shapes(names: Names) -> dict[str, dict[str, object]]:
    """What each setting may be."""
    text: dict[str, object] = {"type": "string", "minLength": 1}
    own_theme = {
        "type": "object",
        "properties": {
            "base": {"enum": list(names.themes)},
            **{role: {"type": "string", "pattern": COLOUR} for role in names.roles},
        },
        "additionalProperties": False,
    }
    numbers: dict[str, dict[str, object]] = {
        name: {"type": "number", "minimum": 0, "description": WORDS[name]} for name in MEASURES
    }
    return {
        "theme": {"type": "string", "examples": list(names.themes)},
        "view": {"enum": list(names.views)},
        "days": {"type": "integer", "minimum": MIN_DAYS, "maximum": MAX_DAYS},
        "ascii": {"type": "boolean"},
        "live": {"type": "boolean"},
        "refresh_s": {"type": "integer", "minimum": MIN_REFRESH_S, "maximum": MAX_REFRESH_S},
        "keys": {
            "type": "object",
            "properties": dict.fromkeys(names.bindings, text),
            "additionalProperties": {"type": "object"},  # TOML reads view.bill = "b" as a table in a table
        },
        "owners": {
            "type": "object",
            "additionalProperties": {"anyOf": [text, {"type": "array", "items": text}, {"type": "object"}]},
        },
        "thresholds": {
            "type": "object",
            "properties": {
                **numbers,
                "findings": {"enum": list(GRAVITIES), "description": WORDS["findings"]},
                "min_requests": {"type": "integer", "minimum": 0, "description": WORDS["min_requests"]},
            },
            "additionalProperties": False,
        },
        "profiles": {
            "type": "object",
            "patternProperties": {
                f"^{NAME.pattern}$": {
                    "type": "object",
                    "properties": {BASE_URL: {"type": "string"}},
                    "additionalProperties": False,
                }
            },
            "additionalProperties": False,
        },
        "themes": {
            "type": "object",
            "patternProperties": {"^[A-Za-z0-9_-]{1,40}$": own_theme},
            "additionalProperties": False,
        },
    }


def _plain(value: object) -> Any:
    """As JSON and TOML have it."""
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _escaped(char: str) -> str:
    """In a text of TOML, where alone it can stand."""
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
