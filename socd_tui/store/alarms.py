"""Of what somebody was alarmed last, kept in the state folder: of keys only their ids."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any, ClassVar

from socd_tui.model import checked
from socd_tui.model.alarm import Alarmed, AlarmLevel, AlarmsTold
from socd_tui.store.account_file import AccountFile

MOST = 20_000
"""Alarms; of more those are kept that were told last."""

_MEASURE = re.compile(r"[a-z_]{1,40}")


class AlarmsFile(AccountFile):
    """Of one service."""

    name: ClassVar[str] = "alarms"
    schema: ClassVar[str] = "socd-tui/alarms/1"
    most_bytes: ClassVar[int] = 1 << 22
    without: ClassVar[str] = "What lasts may be told again."

    def read(self) -> AlarmsTold:
        """Nothing where there is none, or it cannot be read, which is told once."""
        return self._understood(_alarms) or {}

    def write(self, told: AlarmsTold) -> None:
        """Keep them, in place of those before. Raises StoreError when they cannot be kept."""
        newest = sorted(told.items(), key=lambda pair: pair[1].at)[-MOST:]
        self._keep(
            {
                "alarms": [
                    [key_id, measure, each.level, each.at.astimezone(UTC).isoformat()]
                    for (key_id, measure), each in newest
                ]
            }
        )


def _alarms(document: dict[str, Any]) -> AlarmsTold:
    found = {}
    for row in checked.array(document["alarms"]):
        key_id, measure, level, at = checked.array(row)
        if not _MEASURE.fullmatch(measure):
            raise ValueError
        slot = checked.identity(key_id) if key_id != "" else "", measure
        found[slot] = Alarmed(checked.one_of(AlarmLevel, level), checked.utc(at))
    if len(found) > MOST:
        raise ValueError
    return found
