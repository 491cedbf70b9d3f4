"""Since when something has been so: the same words in every view."""

from __future__ import annotations

from socd_tui.analysis.triage import Since


def since_words(since: Since, day: str) -> str:
    """since Thu 19 Nov; since Thu 19 Nov or before; since its first requests, Thu 19 Nov"""
    if since.from_start:
        return f"since its first requests, {day}"
    return f"since {day}{' or before' if since.or_before else ''}"
