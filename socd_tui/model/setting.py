"""What is told of a preference where it is declared: whatever lists preferences reads it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from socd_tui.model.record import MISSING, dataclass, field, fields

_SETTING = "setting"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One preference in words, and what else than its place in a file decides it."""

    words: str
    """What it is, as a sentence."""
    title: str = ""
    """What it is called on the screen, where that is not its name."""
    said: Mapping[object, str] = field(default_factory=dict)
    """Values that are told in other words than their own."""
    unit: str = ""
    """What its number counts."""
    key: str = ""
    """Id of the key of the keyboard that changes it while the program runs."""
    how: str = ""
    """What else changes it while the program runs: "a click on a heading"."""
    written: bool = False
    """Whether that is written into `config.toml` at once."""
    option: str = ""
    """The option of the command line that wins over it: "--theme"."""
    variable: str = ""
    """The variable of the environment that wins over it where it is 1."""
    choice: str = ""
    """What is remembered for each account and wins over it, by its name among the choices."""


def declared(default: object = MISSING, *, make: Callable[[], object] | None = None, **told: Any) -> Any:
    """A field of a dataclass that is a preference; `told` are the fields of its Setting."""
    metadata = {_SETTING: Setting(**told)}
    if make is not None:
        return field(default_factory=make, metadata=metadata)
    return field(default=default, metadata=metadata)


def settings_of(kind: type) -> dict[str, Setting]:
    """The preferences that a dataclass declares, by name, in its order."""
    return {each.name: each.metadata[_SETTING] for each in fields(kind) if _SETTING in each.metadata}
