"""Every preference, its value and where that comes from, as they are declared in the settings and choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socd_tui.model.lens import Sort
from socd_tui.model.record import dataclass, field
from socd_tui.model.redaction import redacted
from socd_tui.model.session import known_secrets
from socd_tui.model.setting import Setting, settings_of
from socd_tui.model.text import inert
from socd_tui.store.choices import NAMES, Choices
from socd_tui.store.settings import FILE, Settings
from socd_tui.tui.keymap import Key, caption

HERE = "chosen in this run"
REMEMBERED = "remembered for this account"


@dataclass(frozen=True)
class Given:
    """A value that something else than settings and choices has decided, and what that was."""

    value: object
    source: str


@dataclass(frozen=True)
class Preference:
    """One line of the page. `how` tells what changes it, in phrases."""

    name: str
    value: str
    source: str
    words: str
    how: Sequence[str] = ()
    key: Key | None = None
    """The key of the keyboard that changes it at once."""


@dataclass(frozen=True)
class Origins:
    """What was decided before the screen was there, and by what."""

    settings: Settings = field(default_factory=Settings)
    file: str = FILE
    """Where `config.toml` is, or would be."""
    mistakes: Sequence[str] = ()
    """What of it cannot be used."""
    usual: Choices = field(default_factory=Choices)
    """What is there where nothing is chosen."""
    given: Mapping[str, Given] = field(default_factory=dict)
    """By the name of a choice, else of a setting."""
    besides: Sequence[Preference] = ()
    """What neither file holds: the command line and the environment decide it."""


def preferences(
    origins: Origins,
    keys: Sequence[Key],
    screen: Choices,
    kept: Choices,
    now: Mapping[str, object],
) -> list[Preference]:
    """All there are. `screen` is what is on the screen and `kept` what is remembered of it; `now` has the
    values of those settings that are others than at the start."""
    found = []
    declared = settings_of(Settings)
    for name, setting in declared.items():
        of = setting.choice or name
        first = getattr(origins.settings, name)
        value = getattr(screen, of) if setting.choice else now.get(name, first)
        usual = getattr(origins.usual, of) if setting.choice else first
        found.append(_told(name, of, setting, value, _source(origins, name, of, value, usual, kept), keys))
    chosen = settings_of(Choices)
    for name in NAMES:
        if name in chosen or all(setting.choice != name for setting in declared.values()):
            setting = chosen.get(name, Setting(words=""))
            value, usual = getattr(screen, name), getattr(origins.usual, name)
            source = _source(origins, "", name, value, usual, kept)
            found.append(_told("", name, setting, value, source, keys))
    return [*found, *origins.besides]


def _source(origins: Origins, name: str, of: str, value: object, usual: object, kept: Choices) -> str:
    """Where a value comes from: the name of a setting, and what is chosen in place of it."""
    given, line = origins.given.get(of), origins.settings.lines.get(name)
    if given is not None and given.value == value:
        return given.source
    if getattr(kept, of, None) == value is not None:
        return REMEMBERED
    if name and settings_of(Settings)[name].written and value != usual:
        return FILE
    if given is not None or (value or None) != (usual or None):
        return HERE
    return f"{FILE}, line {line}" if line else "default"


def _told(
    name: str, of: str, setting: Setting, value: object, source: str, keys: Sequence[Key]
) -> Preference:
    key = next((key for key in keys if key.id == setting.key), None)
    how = [f"{caption(key).split(' ')[0]}, or enter here"] if key else []
    if setting.how:
        how.append(setting.how)
    if name:
        default = getattr(Settings(), name)
        how.append(f"[{name}] in {FILE}" if isinstance(default, Mapping) else f"{name} = … in {FILE}")
    if setting.option:
        how.append(setting.option)
    if setting.variable:
        how.append(f"{setting.variable}=1 in the environment")
    return Preference(setting.title or of, in_words(value, setting), source, setting.words, how, key)


def in_words(value: object, setting: Setting) -> str:
    """A value as it is told: inert, and without what looks like a secret."""
    if value.__hash__ is not None and value in setting.said:
        return setting.said[value]
    match value:
        case None | "":
            text = "none"
        case bool():
            text = "yes" if value else "no"
        case Sort(column, descending):
            text = f"by {column}" if descending else f"by {column}, ascending"
        case Mapping():
            pairs = (
                (name, "" if isinstance(each, Mapping | tuple) else each) for name, each in value.items()
            )
            text = ", ".join(f"{name} {in_words(each, setting)}" if each else name for name, each in pairs)
        case frozenset() | tuple():
            text = ", ".join(sorted(map(str, value)))
        case _:
            text = f"{value} {setting.unit}".strip()
    return redacted(inert(text), known_secrets()) or "none"
