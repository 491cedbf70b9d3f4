"""The colour of a key's state, by its word."""

from __future__ import annotations

from socd_tui.charts.canvas import Role

VERDICT_ROLES: dict[str, Role] = {
    "ok": "good",
    "near": "warn",
    "over": "bad",
    "throttled": "warn",
    "idle": "faint",
    "unknown": "faint",
}
