"""What the fields of a line say, of all that is known."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.findings import Finding
from socd_tui.analysis.known import Known
from socd_tui.analysis.situation import Situation, situation
from socd_tui.analysis.standing import Standing, standings
from socd_tui.charts.number import percent, short
from socd_tui.model.lens import Lens, visible
from socd_tui.model.line_values import LineValues
from socd_tui.model.text import clip, clip_name
from socd_tui.model.usage import ratio
from socd_tui.outputs.line import UNKNOWN
from socd_tui.views.parts.findings import sentence
from socd_tui.views.parts.words import WORDS

NAME = 24
"""Columns of a name."""


def values(known: Known, lens: Lens) -> LineValues:
    """Every field but those of the moment."""
    keys, rows = visible(known.fleet, lens), standings(known, lens)
    ranked = known.findings(keys).worst_first
    found = [each for each in ranked if each.gravity != "none"]
    gravity = found[0].gravity if found else "none"
    sums = known.combined(keys)
    fields = {
        "mark": {"high": "!! ", "medium": "! "}.get(gravity, ""),
        "worst": _worst(found, rows),
        "findings": str(len(found)),
        "keys": str(len(rows)),
        "requests": short(sums.requests if sums else None, UNKNOWN),
        "days": str(lens.days),
    }
    if rows:
        fields |= _of(situation(known, rows), rows)
    return LineValues(
        fields=fields,
        asked_at=known.asked_at(keys),
        gravity=gravity,
        sentences=tuple(map(sentence, found)),
    )


def _of(now: Situation, rows: Sequence[Standing]) -> dict[str, str]:
    """What the four questions come to."""
    busiest, client, server = now.busiest, now.client, now.server
    known = client.count is not None and server.count is not None
    failed = (client.count or 0) + (server.count or 0) if known else None
    return {
        "busiest": _name(busiest.key.id, rows) if busiest else UNKNOWN,
        "share": percent(busiest.share, UNKNOWN) if busiest else UNKNOWN,
        "cap": percent(now.day.highest, UNKNOWN),
        "minute": percent(now.minute.highest, UNKNOWN),
        "over": str(now.over),
        "near": str(now.near),
        "errors": percent(ratio(failed, client.requests), UNKNOWN),
        "client": percent(client.share, UNKNOWN),
        "throttled": short(now.refused.count, UNKNOWN),
        "refused": percent(now.refused.share, UNKNOWN),
    }


def _worst(found: Sequence[Finding], rows: Sequence[Standing]) -> str:
    return f"{_name(found[0].key.id, rows)} {WORDS[found[0].kind]}" if found else "ok"


def _name(key_id: str, rows: Sequence[Standing]) -> str:
    """With what tells it from a namesake, where it has one."""
    row = next(row for row in rows if row.key.id == key_id)
    name = row.key.name.shown
    return clip_name(f"{name}#{row.key.short}", NAME) if row.has_namesake else clip(name, NAME)
