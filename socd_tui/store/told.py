"""Which findings were told to other programs, by which ids, kept in the state folder: of keys only their ids.

So a finding keeps its id while it lasts, though the first day that is seen of it may move.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any, ClassVar

from socd_tui.model import checked
from socd_tui.model.episode import Told, ToldBefore
from socd_tui.store.account_file import AccountFile

MOST = 20_000
"""Findings; of more those are kept that were told last."""

_ID = re.compile(r"[0-9a-f]{32}")
_KIND = re.compile(r"[a-z_]{1,40}")


class ToldFile(AccountFile):
    """Of one account of one service."""

    name: ClassVar[str] = "told"
    schema: ClassVar[str] = "socd-tui/told/1"
    most_bytes: ClassVar[int] = 1 << 22
    without: ClassVar[str] = "Findings that were told before may be told by another id."

    def read(self) -> ToldBefore:
        """Nothing where there is none, or it cannot be read, which is told once."""
        return self._understood(_told) or {}

    def write(self, told: ToldBefore) -> None:
        """Keep them, in place of those before. Raises StoreError when they cannot be kept."""
        newest = sorted(told.items(), key=lambda pair: pair[1].at)[-MOST:]
        self._keep(
            {
                "findings": [
                    [kind, key_id, each.id, each.at.astimezone(UTC).isoformat()]
                    for (kind, key_id), each in newest
                ]
            }
        )


def _told(document: dict[str, Any]) -> ToldBefore:
    found = {}
    for row in checked.array(document["findings"]):
        kind, key_id, told_as, at = checked.array(row)
        if not _KIND.fullmatch(kind) or not _ID.fullmatch(told_as):
            raise ValueError
        found[kind, checked.identity(key_id)] = Told(told_as, checked.utc(at))
    if len(found) > MOST:
        raise ValueError
    return found
