"""The one word for how a key stands, the same wherever a key is shown, listed or written."""

from __future__ import annotations

from socd_tui.analysis.budget import Verdict
from socd_tui.model.errors import Problem
from socd_tui.model.key import ENDED, KeyState

STATES = (
    *("over", "near", "throttled", "expiring", "unknown", "loading", "ok", "active", "idle"),
    *("expired", "revoked"),
)
"""Every word besides those of problems; the one to look at first comes first."""

QUIET: tuple[Verdict, ...] = ("ok", "idle")
"""Verdicts that are less news than the end of a key."""


def state_of_key(
    ends: KeyState, problem: Problem | None = None, verdict: Verdict | None = None, *, asked: bool = True
) -> str:
    """What ended the key, else why there are no figures, else how near its limits are, or that it will end
    or may have ended.

    `verdict` is of its limits, None without an answer. Where no figures are `asked` for, it is "active"
    while it can be used.
    """
    if ends in ENDED:
        return ends
    if problem is not None:
        return problem.kind.replace("_", " ")
    if verdict is None:
        return "loading" if asked else ends
    return ends if ends in ("expiring", "unknown") and verdict in QUIET else verdict


def urgency(word: str) -> int:
    """0 for the word to look at first; a problem is as urgent as what is unknown."""
    return STATES.index(word if word in STATES else "unknown")
