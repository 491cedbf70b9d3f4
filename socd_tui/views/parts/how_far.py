"""How far a refresh is, in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from socd_tui.model.progress import Phase, Progress


_OF: dict[Phase, str] = {"keys": "", "limits": "limits ", "usual": "what is usual "}


def how_far(progress: Progress) -> str:
    """As `14 of 25, next at 14:03:20 UTC`."""
    done, total, phase, next_at = progress
    text = f"{_OF[phase]}{done} of {total}" if total else "fetching the key list"
    return text if next_at is None else f"{text}, next at {next_at:%H:%M:%S} UTC"
