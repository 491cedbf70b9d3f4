"""`history`: what this machine remembers of the keys, without asking the service."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import date
from pathlib import Path

from socd_tui.charts.canvas import to_ascii
from socd_tui.charts.number import exact
from socd_tui.charts.sheet import Field, Sheet, as_text
from socd_tui.clock import Clock
from socd_tui.commands.world import World, wanted_glyphs, warn, world
from socd_tui.model.errors import UsageError
from socd_tui.model.text import inert
from socd_tui.store.history import History, Remembered, Summary
from socd_tui.store.paths import shown
from socd_tui.views.document import key_facts
from socd_tui.views.reading import label

_FIELDS = (Field("key", "text"), Field("days"), Field("first", "text"), Field("last", "text"), Field("gaps"))


def history(args: Namespace, clock: Clock) -> int:
    """Prints how much is remembered of each key, after forgetting what is older than asked for."""
    oldest = None if args.prune is None else _oldest(args.prune, clock().date())
    with world(args, clock) as here:
        kept = History(here.paths.data, here.origin, clock=clock)
        pruned = None if oldest is None else kept.prune(oldest)
        summary = kept.summary()
        for notice in kept.notices:
            warn(notice)
        if args.format == "json":
            print(json.dumps(_facts(summary, here.origin, str(kept.path), pruned), indent=2))
            return 0
        text = _told(summary, here, kept.path, pruned)
        print("\n".join(map(to_ascii, text.split("\n"))) if wanted_glyphs(args).level == "ascii" else text)
    return 0


def _oldest(typed: str, today: date) -> date:
    """The first date that is kept. Raises UsageError."""
    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
    if days < 1:
        raise UsageError(
            f"'{inert(typed[:20])}' is not a number of days to keep.",
            "Give a whole number, 1 or more: --prune 365.",
        )
    return date.fromordinal(max(today.toordinal() - days, 1))


def _told(summary: Summary, here: World, path: Path, pruned: int | None) -> str:
    lines = [] if pruned is None else [f"{_days(pruned)} of all keys forgotten."]
    if not summary.keys:
        demo = here.mode == "demo"
        why = (
            "The demo keeps nothing." if demo else f"Looking at the keys of {here.origin} fills the history."
        )
        lines.append(f"Nothing is remembered yet. {why}")
        return "\n".join(lines)
    sheet = Sheet(
        _FIELDS,
        tuple(
            (label(each.key), each.days, str(each.first), str(each.last), each.gaps)
            for each in summary.per_key
        ),
    )
    keys = "1 key" if summary.keys == 1 else f"{summary.keys:,} keys"
    missing = f", {_days(summary.gaps)} missing in between" if summary.gaps else ""
    size = exact(summary.bytes_on_disk)
    lines += [
        as_text(sheet),
        f"{keys} of {here.origin}, {_days(summary.days)}{missing}; {size} bytes in {shown(path)}",
    ]
    return "\n".join(lines)


def _facts(summary: Summary, origin: str, path: str, pruned: int | None) -> dict[str, object]:
    return {
        "schema": "socd-tui/history/1",
        "base_url": origin,
        "path": path,
        "bytes": summary.bytes_on_disk,
        "pruned_days": pruned,
        "days": summary.days,
        "first": _date(summary.first),
        "last": _date(summary.last),
        "gaps": summary.gaps,
        "keys": [_key(each) for each in summary.per_key],
    }


def _key(each: Remembered) -> dict[str, object]:
    facts = {name: value for name, value in key_facts(each.key).items() if name != "tier"}
    return {
        **facts,
        "days": each.days,
        "first": _date(each.first),
        "last": _date(each.last),
        "gaps": each.gaps,
    }


def _date(day: date | None) -> str | None:
    return str(day) if day else None


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"
