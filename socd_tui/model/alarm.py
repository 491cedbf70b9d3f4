"""What somebody was alarmed of: a measure of a key, or of the account, and how bad it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

from socd_tui.model.record import dataclass

AlarmLevel = Literal["ok", "forecast", "passed", "failed", "signed_out"]
ALARM_LEVELS: tuple[AlarmLevel, ...] = get_args(AlarmLevel)
"""The worst last. Of the account: nothing could be read, and nobody is signed in."""

Slot = tuple[str, str]
"""(key id, measure); the id is empty for what is the account's."""


@dataclass(frozen=True)
class Alarmed:
    """How bad it was when it was told last, and when that was (this machine's clock, UTC)."""

    level: AlarmLevel
    at: datetime


AlarmsTold = Mapping[Slot, Alarmed]
