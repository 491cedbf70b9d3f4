"""What a person is told beside the data."""

from __future__ import annotations

import sys


def say(sentence: str) -> None:
    """Writes it to standard error. Where nobody takes it, the command goes on and ends as it would."""
    try:
        print(f"socd-tui: {sentence}", file=sys.stderr)
    except OSError:
        return
