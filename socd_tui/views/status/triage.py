"""What broke, since when, and what to do about it: the words under the status codes."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.assessment import AWAITED
from socd_tui.analysis.known import Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Rise
from socd_tui.analysis.triage import advice
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.charts.sheet import rounded
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.text import Text, cell_width
from socd_tui.model.usage import ratio
from socd_tui.views.parts.names import label
from socd_tui.views.parts.readout import read_out

Rises = tuple[tuple[ApiKey, Rise | NotEnough | None], ...]
"""Of each key whether its errors, 429 left out, are above its usual level, or why nobody can tell."""

ErrorPaths = tuple[tuple[Text, int, float | None], ...]
"""Paths with their errors, and those as a share of their requests."""

WORST = 5
"""Endpoints that are named."""


def error_rises(known: Known, keys: Sequence[ApiKey]) -> Rises:
    """Of the keys that had requests, the largest rise first."""
    # The errors of an ended key among others are no news.
    alive = [key for key in keys if len(keys) == 1 or key.state(known.fleet.listed_at) not in ENDED]
    each = [(key, _rise(known, key)) for key in alive if known.assessment(key.id).days]
    return tuple(sorted(each, key=lambda pair: -_size(pair[1])))


def _rise(known: Known, key: ApiKey) -> Rise | NotEnough | None:
    facts = known.by_key[key.id]
    return AWAITED if facts.ground.awaited else facts.assessment.rise


def _size(rise: Rise | NotEnough | None) -> float:
    return rise.now - rise.usual if isinstance(rise, Rise) else 0


def rise_line(rises: Rises, width: int) -> Line:
    """Since when errors are above the usual level, and whose; or that they are not."""
    if not rises:
        return ()
    key, rise = rises[0]
    if isinstance(rise, Rise):
        more = sum(isinstance(other, Rise) for _, other in rises) - 1
        return read_out(
            [
                Span(f"errors rose from {percent(rise.usual)} to {percent(rise.now)}", "bad"),
                f"since {day_name(rise.since)}",
                label(key, 24) if len(rises) > 1 else None,
                f"and of {more} more keys" if more else None,
                Span("429 left out", "faint"),
            ],
            width,
        )
    reasons = [reason for _, reason in rises if isinstance(reason, NotEnough)]
    if len(reasons) == len(rises):
        return read_out([Span(f"errors beside the usual: {reasons[0]}", "faint")], width)
    of = f" of {len(rises) - len(reasons)} of {len(rises)} keys" if reasons else ""
    return read_out([Span(f"errors{of} are at their usual level, 429 left out", "faint")], width)


def advice_line(code: int | None, width: int) -> Line:
    """What usually causes the code, and what to do; without the cause where there is no room for both."""
    usual = advice(code) if code is not None else None
    if usual is None:
        return ()
    both = f"{code}: {usual.cause}; {usual.fix}"
    return read_out([Span(both if cell_width(both) < width else f"{code}: {usual.fix}", "faint")], width)


def code_figures(known: Known, keys: Sequence[ApiKey], code: int) -> list[tuple[str, str]]:
    """Everything there is to say of one code: its cause, what to do, whose it is, and where errors are."""
    usual = advice(code)
    figures = [("usual cause", usual.cause), ("what to do", usual.fix)] if usual else []
    whose = [
        (n, usage.requests, label(key, 32))
        for key, usage in known.answered(keys)
        if (n := (usage.statuses or {}).get(code, 0))
    ]
    for n, requests, name in sorted(whose, key=lambda each: -each[0]):
        figures.append((name, f"{exact(n)} of {exact(requests)} req ({percent(ratio(n, requests))})"))
    if code >= 400:
        worst = error_paths(known, keys) or ()
        figures += [(path.shown, f"{exact(n)} errors of any code") for path, n, _ in worst]
    return figures


def error_paths(known: Known, keys: Sequence[ApiKey]) -> ErrorPaths | None:
    """The endpoints with the most errors; None where the service does not count errors by endpoint."""
    total = known.combined(keys)
    rows = total.endpoints if total else None
    if rows is None or all(row.errors is None for row in rows):
        return None
    with_errors = [(row.path, row.errors, ratio(row.errors, row.requests)) for row in rows if row.errors]
    return tuple(sorted(with_errors, key=lambda each: -each[1])[:WORST])


def triage_data(rises: Rises, codes: Sequence[int], worst: ErrorPaths | None) -> dict[str, object]:
    """The `triage` of the JSON document."""
    return {
        "rises": [
            {
                "key_id": key.id,
                "since": str(rise.since),
                "usual_error_ratio": rounded(rise.usual),
                "error_ratio": rounded(rise.now),
                "compared_days": rise.compared,
            }
            for key, rise in rises
            if isinstance(rise, Rise)
        ],
        "keys_without_enough_data": [key.id for key, rise in rises if isinstance(rise, NotEnough)],
        "codes": [
            {"code": code, "cause": usual.cause, "fix": usual.fix}
            for code in codes
            if (usual := advice(code))
        ],
        "endpoints": None
        if worst is None
        else [
            {"path": path.original, "errors": n, "error_ratio": rounded(share)} for path, n, share in worst
        ],
    }
