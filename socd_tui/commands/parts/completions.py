"""What completes a command line: a file for each shell, and the names of keys."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import socd_tui

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World

FILES = {"bash": "socd-tui.bash", "zsh": "_socd-tui", "fish": "socd-tui.fish"}
"""Of each shell, by the names that it looks for."""


def completion_of(shell: str) -> str:
    """The text of the shell's file: in the installed package, else in the sources beside it."""
    package = Path(socd_tui.__file__).parent
    folders = (package / "share" / "completions", package.parent / "share" / "completions")
    folder = next((each for each in folders if each.is_dir()), folders[0])
    return (folder / FILES[shell]).read_text(encoding="utf-8")


def key_names(world: World[Any]) -> list[str]:
    """What --key takes for each key that is remembered of the service: its name, else how it begins.

    Nothing where that cannot be read: who presses tab wants no sentence.
    """
    from socd_tui.model.errors import SocdError
    from socd_tui.store.history import History

    try:
        keys = History(world.paths.data, world.origin, clock=world.clock).keys()
    except SocdError:
        return []
    count = Counter(key.name.shown for key in keys)
    names = (key.name.shown if count[key.name.shown] == 1 else key.prefix.shown for key in keys)
    return [name for name in dict.fromkeys(names) if name and not name.startswith("-")]
