"""Rows of the history besides its days, each read strictly: the file may be damaged, or another's."""

from __future__ import annotations

import json
from typing import Any

from socd_tui.model.key import ApiKey
from socd_tui.model.past import Latency
from socd_tui.model.text import Text
from socd_tui.model.usage import REMEMBERED_LATENCIES
from socd_tui.store import checked


def stored_key(*texts: str) -> ApiKey | None:
    """A key of these id, name and prefix, as stored; None for what this program never stores."""
    try:
        key_id, name, prefix = (json.loads(text) for text in texts)
        return ApiKey(id=key_id, name=Text(name), prefix=Text(prefix)) if type(key_id) is str else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None


def stored_latency(
    days: int, ordinal: int, _: int, requests: object, *response_times: object
) -> Latency | None:
    """A row of the table, without its key; None for one that this program never writes."""
    try:
        [days] = checked.naturals([days])
        asked = requests if type(requests) is int and requests >= 0 else None
        by_name: dict[str, Any] = dict(
            zip(REMEMBERED_LATENCIES, checked.ms(list(response_times)), strict=True)
        )
        return Latency(date=checked.day(ordinal), days=days, requests=asked, **by_name)
    except (ValueError, TypeError):
        return None
