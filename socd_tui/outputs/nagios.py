"""What `check` found, as a monitoring plugin says it: one line with figures, then a line for each key.

By the guidelines of monitoring-plugins.org: a state, a short text, a bar, and figures as
'label'=value[unit];[warn];[crit];[min];[max]. A bar or a line break of somebody else's would end the text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from enum import IntEnum

from socd_tui.analysis.thresholds import Checked, Level, Reading
from socd_tui.model.text import counted, inert
from socd_tui.outputs.check import check_lines, why
from socd_tui.views.parts.names import label, named

_LABEL = str.maketrans({"'": None, "=": "-", "|": "/", ";": ",", '"': None, "\\": "/"})


class Service(IntEnum):
    """The exit codes of a plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


_STATES: Mapping[Level, Service] = {
    "passed": Service.CRITICAL,
    "forecast": Service.WARNING,
    "unread": Service.UNKNOWN,
    "unknown": Service.OK,
    "ok": Service.OK,
}
_SAID: Mapping[Level, str] = {
    "passed": "passed a threshold",
    "forecast": "may pass one soon",
    "unread": "could not be read",
    "unknown": "not known in part",
}
_BAD: tuple[Level, ...] = ("passed", "forecast", "unread")
"""Levels of a key that is named in the first line."""


def plugin_output(checked: Checked, *, partly: bool) -> tuple[Service, str]:
    """The plugin's exit code and all that it prints; `partly` when the list of keys was not whole."""
    state = _STATES[checked.level]
    if state == Service.OK and (partly or not checked.rows):
        state = Service.UNKNOWN
    text = f"SOCD {state.name}: {_head(checked)}{'; the list of keys is not whole' * partly}"
    figures = [_figure("session", checked.session)] if checked.session else []
    figures += [
        _figure(f"{label(row.key)} {each.measure}", each) for row in checked.rows for each in row.readings
    ]
    first = f"{_text(text)} | {' '.join(figures)}" if figures else _text(text)
    return state, "\n".join([first, *map(_text, check_lines(checked))])


def _head(checked: Checked) -> str:
    """10 keys: 1 passed a threshold, 2 could not be read ('over#k002' day 95% >= 80%)"""
    if not checked.rows:
        return "there is no key"
    keys, worst = counted(len(checked.rows), "key"), checked.rows[0]
    told = Counter(row.level for row in checked.rows)
    parts = [f"{told[level]} {words}" for level, words in _SAID.items() if told[level]]
    if not any(told[level] for level in _BAD):
        parts.insert(0, "none has passed a threshold")
    if checked.session is not None and checked.session.level == "passed":
        parts.insert(0, "the session ends soon")
    why_bad = f" ({named(worst.key)} {why(worst)})" if worst.level in _BAD else ""
    return f"{keys}: {', '.join(parts)}{why_bad}"


def plugin_failure(said: str) -> tuple[Service, str]:
    """What is said when nothing could be read: nobody knows how the service is."""
    return Service.UNKNOWN, _text(f"SOCD UNKNOWN: {said}")


def _text(said: str) -> str:
    return inert(said, 2_000).replace("|", "/")


def _figure(name: str, reading: Reading) -> str:
    """A threshold is a range: an alert is for what lies outside of it, and ours begins at the threshold."""
    told = " ".join(name.translate(_LABEL).split())
    unit, critical = "", _decimal(reading.threshold)
    value = "U" if reading.value is None else _decimal(reading.value)
    match reading.measure:
        case "session":
            unit, critical = "s", f"{_decimal(60 * reading.threshold)}:"
            value = "U" if reading.value is None else _decimal(round(60 * reading.value))
        case "throttled" | "findings":
            critical = _decimal(max(reading.threshold - 1, 0))
        case _:
            unit = "%"
    return f"'{told}'={value}{'' if value == 'U' else unit};;{critical};0"


def _decimal(value: float) -> str:
    """Digits and a point alone."""
    return f"{value:.4f}".rstrip("0").rstrip(".")
