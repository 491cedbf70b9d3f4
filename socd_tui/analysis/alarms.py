"""Which alarms are due: what is new or worse at once, what lasts after a pause, and that it is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from socd_tui.model.alarm import ALARM_LEVELS, Alarmed, AlarmLevel, AlarmsTold, Slot
from socd_tui.model.record import dataclass

FORGOTTEN = timedelta(days=30)
"""After so long nobody is told any more that something which is no longer looked at is over."""


@dataclass(frozen=True)
class Due:
    """One alarm that is to be told, and how bad it was when it was told before."""

    slot: Slot
    level: AlarmLevel
    before: AlarmLevel


def due(
    now: Mapping[Slot, AlarmLevel], told: AlarmsTold, at: datetime, cooldown: timedelta
) -> tuple[Due, ...]:
    """What is to be told of all that stands `now`; what is unknown is not in it, and stays as it was."""
    found = []
    for slot, level in now.items():
        before = told.get(slot)
        was = before.level if before else "ok"
        worse = ALARM_LEVELS.index(level) > ALARM_LEVELS.index(was)
        lasts = before is not None and level != "ok" and at - before.at >= cooldown
        is_over = level == "ok" and was != "ok"
        if worse or lasts or is_over:
            found.append(Due(slot, level, was))
    return tuple(found)


def remembered(told: AlarmsTold, alarms: tuple[Due, ...], at: datetime) -> dict[Slot, Alarmed]:
    """What was told, with these alarms told now; what is over needs no memory."""
    kept = {slot: each for slot, each in told.items() if at - each.at < FORGOTTEN}
    for alarm in alarms:
        if alarm.level == "ok":
            kept.pop(alarm.slot, None)
        else:
            kept[alarm.slot] = Alarmed(alarm.level, at)
    return kept
