"""The colour of a key's state, by its word, and its figure in a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from socd_tui.analysis.standing import Standing
from socd_tui.charts.canvas import Role
from socd_tui.charts.table import Column
from socd_tui.views.parts.measure import Measure

R = TypeVar("R")

STATE_ROLES: dict[str, Role] = {
    "ok": "good",
    "near": "warn",
    "over": "bad",
    "throttled": "warn",
    "expiring": "warn",
    "expired": "bad",
    "revoked": "faint",
    "idle": "faint",
    "active": "ink",
    "loading": "faint",
    "unknown": "faint",
}


def state_role(word: str) -> Role:
    """Every other word is that of a problem."""
    return STATE_ROLES.get(word, "bad")


def state_measure(standing: Callable[[R], Standing | None], column: Column | None = None) -> Measure[R]:
    """The state of the row's key; nothing in a row that is no key's."""
    return Measure(
        name="state",
        read=lambda row: of.word if (of := standing(row)) else None,
        kind="text",
        column=column,
        role=lambda row: state_role(of.word) if (of := standing(row)) else "ink",
        meaning="ok, near (80% of a limit), over (100%), idle (no requests), expiring (within 7 days), "
        "expired, revoked, or what is wrong"
        if column
        else "",
    )
