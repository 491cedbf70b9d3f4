"""The JSON document: the Lens and the pane, so that what is exported is what was on the screen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from socd_tui.analysis.compare import Previous
from socd_tui.analysis.known import Known
from socd_tui.charts.sheet import stamp
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet, Mode
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, Sort, subject, visible
from socd_tui.model.text import Text
from socd_tui.model.window import Window
from socd_tui.views.parts.notes import clock_note, common_notes, compared_notes
from socd_tui.views.view import Pane, View

SCHEMA = "socd-tui/view/1"


def scope(view: View, fleet: Fleet, lens: Lens) -> tuple[ApiKey, ...]:
    """The keys the view's figures are of."""
    return visible(fleet, lens) if view.scope == "all" else subject(fleet, lens)


def document(
    view: View,
    pane: Pane,
    known: Known,
    lens: Lens,
    *,
    generated_at: datetime,
    version: str,
    raw: bool = False,
    besides: Sequence[View] = (),
) -> str:
    """ASCII-safe JSON, the same for the same (Fleet, Lens) but for `generated_at`.

    It holds what the view is drawn from, and those `besides`.
    """
    from socd_tui.store.exported import MEMBER, exported  # late: others want to know the scope alone
    from socd_tui.views.frame.reopening import reopened

    fleet, keys = known.fleet, scope(view, known.fleet, lens)
    window = known.covered(keys)
    content: dict[str, object] = {
        "schema": SCHEMA,
        "view": view.name,
        "generated_at": stamp(generated_at),
        "tool": {"name": "socd-tui", "version": version},
        "source": {
            "mode": mode(fleet, known.asked_at(keys)),
            "base_url": fleet.base_url,
            "fetched_at": stamp(known.asked_at(keys)),
            "dialect": fleet.dialect(lens.days),
        },
        "window": {
            "days": window.days if window else lens.days,
            "asked_days": lens.days,
            "start": str(window.start) if window else None,
            "end": str(window.end) if window else None,
            "zone": "UTC",
        },
        "keys": [key_facts(key) for key in keys],
        "lens": {
            "filter": lens.filters.get(view.name),
            "sort": _sort(lens.sorts.get(view.name)),
            "compare": lens.compare is not None,
            "compare_kind": lens.compare,
        },
        "compared": compared(known.before(keys), view.compares) if lens.compare else None,
        "confidence": "derived" if known.is_summed else "exact",
        "data": pane.json(),
        "problems": [problem_facts(problem) for problem in problems(known, keys)],
        "notes": _notes(known, keys, lens, view.compares),
    }
    if raw:
        content["raw"] = {key.id: usage.raw() if usage.raw else None for key, usage in known.answered(keys)}
    text = json.dumps(_finite(content) if raw else content, indent=2, ensure_ascii=True, allow_nan=False)
    # In one line, as nobody reads it: indented it would be most of the file.
    whole = exported(reopened((view, *besides), known, lens, keys))
    return f'{text.removesuffix("}").rstrip()},\n  "{MEMBER}": {whole}\n}}'


def compared(before: Previous, of: str = "requests") -> dict[str, object] | None:
    """Which whole days stand beside which, and what today, which is in neither, has so far."""
    if before.pair is None:
        return None
    today = before.so_far
    return {
        "kind": before.pair.kind,
        "now": _dates(before.pair.now),
        "before": _dates(before.pair.before),
        "comparable": before.change(of).comparable,
        "so_far": {"date": str(today.date), "requests": today.requests, "errors": today.errors}
        if today
        else None,
    }


def _dates(window: Window) -> dict[str, object]:
    return {"days": window.days, "start": str(window.start), "end": str(window.end)}


def mode(fleet: Fleet, asked: datetime | None) -> Mode:
    """Where figures come from of which the oldest were asked for at this moment."""
    if fleet.mode == "file":
        return "file"
    remembered = asked is not None and fleet.opened_at is not None and asked < fleet.opened_at
    return "cache" if remembered else fleet.mode


def key_facts(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name.original,
        "prefix": key.prefix.original,
        "tier": original(key.tier),
    }


def problems(known: Known, keys: tuple[ApiKey, ...]) -> list[Problem]:
    """What stands in the way of a whole picture of these keys."""
    failed = [problem for key in keys if (problem := known.problem(key.id))]
    return [*known.fleet.problems, *failed]


def _notes(known: Known, keys: Sequence[ApiKey], lens: Lens, of: str) -> list[dict[str, object]]:
    """What is odd about the figures: of all keys together, then of each."""
    together = (*common_notes(known, keys, lens, of), *compared_notes(known, keys, lens, of))
    common = (clock_note(known.fleet), *together)
    notes: list[dict[str, object]] = [{"key_id": None, "message": note} for note in common if note]
    for key in keys:
        usage = known.usage(key.id)
        notes += [
            {"key_id": key.id, "message": note} for note in (*key.notes, *(usage.notes if usage else ()))
        ]
    return notes


def _sort(sort: Sort | None) -> dict[str, object] | None:
    return {"column": sort.column, "descending": sort.descending} if sort else None


def problem_facts(problem: Problem) -> dict[str, object]:
    return {
        "key_id": problem.key_id,
        "kind": problem.kind,
        "message": problem.message,
        "next_step": problem.next_step or None,
        "request_id": original(problem.request_id),
        "retry_at": stamp(problem.retry_at),
    }


def original(text: Text | None) -> str | None:
    return text.original if text else None


def _finite(value: object) -> object:
    """The raw payload with NaN and infinity, which are not JSON, as null."""
    match value:
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list():
            return [_finite(item) for item in value]
        case float() if value != value or value in (float("inf"), float("-inf")):
            return None
        case _:
            return value
