"""A history in a folder, and answers for it: what its tests have in common."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from socd_tui.model.usage import Day, Usage
from socd_tui.store.history import History
from tests import build
from tests.build import NOW, key, usage

ORIGIN = "https://socdefenders.ai"
NOON = NOW.replace(hour=12, minute=0)
TODAY = NOON.date()
KEY = key("Production SIEM", key_id="00000000-0000-4000-8000-000000000001", prefix="sk_live_zIc8")


def opened(folder: Path, origin: str = ORIGIN, account: str = "me") -> History:
    """As a new run of the program sees it."""
    return History(folder, origin, account, clock=lambda: NOON)


def told(
    counts: dict[date, int | None],
    at: datetime = NOON,
    hours: dict[datetime, int] | None = None,
    *,
    window: int = 7,
    throttled: int | None = None,
) -> Usage:
    """An answer of KEY; hours are whole unless `throttled` says that there were more."""
    return usage(
        KEY.id,
        window,
        now=at,
        days=tuple(Day(d, n, n and n // 10, partial=d == at.date()) for d, n in sorted(counts.items())),
        hours=None if hours is None else build.hours(hours),
        throttled=sum((hours or {}).values()) if throttled is None else throttled,
    )
