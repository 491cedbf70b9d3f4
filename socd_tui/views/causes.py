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
from socd_tui.views.reading import label, read_out

Rises = tuple[tuple[ApiKey, Rise | NotEnough | None], ...]
"""Of each key whether its errors, 429 left out, are above its usual level, or why nobody can tell."""

Failing = tuple[tuple[Text, int, float | None], ...]
"""Paths with their errors, and those as a share of their requests."""

WORST = 5
"""Endpoints that are named."""


def rises(known: Known, keys: Sequence[ApiKey]) -> Rises:
    """Of the keys that had requests, the largest rise first."""
    # The errors of an ended key among others are no news.
    alive = [key for key in keys if len(keys) == 1 or key.state(known.fleet.listed_at) not in ENDED]
    found = [(key, _rise(known, key)) for key in alive if known.assessment(key.id).days]
    return tuple(sorted(found, key=lambda pair: -_size(pair[1])))


def _rise(known: Known, key: ApiKey) -> Rise | NotEnough | None:
    facts = known.by_key[key.id]
    return AWAITED if facts.ground.awaited else facts.assessment.rise


def _size(rise: Rise | NotEnough | None) -> float:
    return rise.now - rise.usual if isinstance(rise, Rise) else 0


def rise_line(found: Rises, width: int) -> Line:
    """Since when errors are above the usual level, and whose; or that they are not."""
    if not found:
        return ()
    key, rise = found[0]
    if isinstance(rise, Rise):
        more = sum(isinstance(each, Rise) for _, each in found) - 1
        return read_out(
            [
                Span(f"errors rose from {percent(rise.usual)} to {percent(rise.now)}", "bad"),
                f"since {day_name(rise.since)}",
                label(key, 24) if len(found) > 1 else None,
                f"and of {more} more keys" if more else None,
                Span("429 left out", "faint"),
            ],
            width,
        )
    untold = [each for _, each in found if isinstance(each, NotEnough)]
    if len(untold) == len(found):
        return read_out([Span(f"errors beside the usual: {untold[0]}", "faint")], width)
    of = f" of {len(found) - len(untold)} of {len(found)} keys" if untold else ""
    return read_out([Span(f"errors{of} are at their usual level, 429 left out", "faint")], width)


def advice_line(code: int | None, width: int) -> Line:
    """What usually causes the code, and what to do."""
    found = advice(code) if code is not None else None
    if found is None:
        return ()
    whole = f"{code}: {found.cause}; {found.fix}"
    return read_out([Span(whole if cell_width(whole) < width else f"{code}: {found.fix}", "faint")], width)


def code_figures(known: Known, keys: Sequence[ApiKey], code: int) -> list[tuple[str, str]]:
    """Everything known of one code: its cause, what to do, whose it is, and where errors are."""
    found = advice(code)
    told = [("usual cause", found.cause), ("what to do", found.fix)] if found else []
    whose = [
        (n, usage.requests, label(key, 32))
        for key, usage in known.answered(keys)
        if (n := (usage.statuses or {}).get(code, 0))
    ]
    for n, requests, name in sorted(whose, key=lambda each: -each[0]):
        told.append((name, f"{exact(n)} of {exact(requests)} req ({percent(ratio(n, requests))})"))
    if code >= 400:
        failing = failing_endpoints(known, keys) or ()
        told += [(path.shown, f"{exact(n)} errors of any code") for path, n, _ in failing]
    return told


def failing_endpoints(known: Known, keys: Sequence[ApiKey]) -> Failing | None:
    """The endpoints with the most errors; None where the service does not count errors by endpoint."""
    whole = known.combined(keys)
    rows = whole.endpoints if whole else None
    if rows is None or all(row.errors is None for row in rows):
        return None
    failing = [(row.path, row.errors, ratio(row.errors, row.requests)) for row in rows if row.errors]
    return tuple(sorted(failing, key=lambda each: -each[1])[:WORST])


def triage_data(found: Rises, codes: Sequence[int], failing: Failing | None) -> dict[str, object]:
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
            for key, rise in found
            if isinstance(rise, Rise)
        ],
        "keys_without_enough_data": [key.id for key, rise in found if isinstance(rise, NotEnough)],
        "codes": [
            {"code": code, "cause": told.cause, "fix": told.fix} for code in codes if (told := advice(code))
        ],
        "endpoints": None
        if failing is None
        else [
            {"path": path.original, "errors": n, "error_ratio": rounded(share)} for path, n, share in failing
        ],
    }
