"""The browser that a session is taken from, as it is named on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socd_tui.store.firefox import Firefox


def browser(typed: str, environ: Mapping[str, str]) -> Firefox:
    """Which one is meant; nothing of it is read yet. Raises UsageError, NotSignedIn."""
    from socd_tui.store.firefox import firefox

    return firefox(typed, home_folder(), environ)


def home_folder() -> Path | None:
    """The person's own; None where that is not known."""
    try:
        return Path.home()
    except RuntimeError:
        return None
