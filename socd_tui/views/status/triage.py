"""What broke, since when, and what to do about it: the words under the status codes."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.diagnosis import FAILING_SHARE, THROTTLED_SHARE
from socd_tui.analysis.known import Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.onset import GROUPS, Group, Trend, counted_in, error_trends
from socd_tui.analysis.runaway import Rise
from socd_tui.analysis.triage import advice
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import day_name, exact, percent
from socd_tui.charts.sheet import rounded
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.text import Text, cell_width
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.names import label
from socd_tui.views.parts.readout import read_out

Trends = tuple[tuple[ApiKey, Usage, tuple[Trend, ...]], ...]
"""Of each key that answered, its figures and what is known of its errors over time."""

ErrorPaths = tuple[tuple[Text, int, float | None], ...]
"""Paths with their errors, and those as a share of their requests."""

WORST = 5
"""Endpoints that are named."""


def error_history(known: Known, keys: Sequence[ApiKey]) -> Trends:
    """Of the keys that can be used: the errors of an ended one among others are no news."""
    now = known.fleet.now
    alive = [key for key in keys if len(keys) == 1 or key.state(now) not in ENDED]
    return tuple((key, usage, error_trends(known.by_key[key.id])) for key, usage in known.answered(alive))


def since_line(trends: Trends, usage: Usage | None, width: int) -> Line:
    """Since when each class of errors has come, news first; that there is none where it is so."""
    if usage is None or not trends:
        return ()
    told = [clause for group in (*GROUPS, None) if (clause := _of_class(trends, group, usage))]
    news = [each for each in told if each.role == "bad"]
    rest = [each for each in told if each.role != "bad"]
    return read_out([*news, *rest, _otherwise(trends, usage)], width)


def _of_class(trends: Trends, group: Group | None, usage: Usage) -> Span | None:
    """What is known of the class, of the key that has most of it; None for a trifle that is no news."""
    each = [(key, own, trend) for key, own, all_ in trends for trend in all_ if trend.group == group]
    each = [(key, own, trend) for key, own, trend in each if group is None or counted_in(group, own)]
    worst = max(each, key=lambda of: _weight(*of[1:]), default=None)
    if worst is None or not (words := trend_words(worst[2])):
        return None
    key, _, trend = worst
    share = ratio(counted_in(group, usage), usage.requests) if group else None
    if not _is_news(trend) and (share or 0) < THROTTLED_SHARE:
        return None
    more = sum(bool(trend_words(other)) for _, _, other in each) - 1
    whose = f" {label(key, 24)}" if len(trends) > 1 else ""
    others = f" and {more} more {'key' if more == 1 else 'keys'}" if more else ""
    return Span(f"{words}{whose}{others}", "bad" if _is_news(trend) else "ink")


def _weight(usage: Usage, trend: Trend) -> tuple[bool, float]:
    if trend.group is None:
        return isinstance(trend.rise, Rise), trend.rise.now if isinstance(trend.rise, Rise) else 0
    return _is_news(trend), counted_in(trend.group, usage) or 0


def _is_news(trend: Trend) -> bool:
    return isinstance(trend.rise, Rise) or (trend.onset is not None and trend.onset.is_new)


def trend_words(trend: Trend) -> str:
    """429s began Tue 24 Nov (0 before); 5xx rose from 0.1% to 12.0% since …; empty where nobody can tell."""
    onset, rise = trend.onset, trend.rise
    name = {"429": "429s", None: "errors"}.get(trend.group, f"{trend.group}")
    if onset is not None and onset.is_new and onset.within_days is None:
        return f"{name} began {day_name(onset.since)} (0 before)"
    if isinstance(rise, Rise):
        of = "" if trend.group is None or trend.pure else ": all errors"
        rates = f"from {percent(rise.usual)} to {percent(rise.now)}"
        return f"{name} rose{of} {rates} since {day_name(rise.since)}"
    if onset is None:
        return ""
    if onset.within_days is not None:
        return f"{name} began in the last {onset.within_days} d (0 before)"
    if onset.last is not None:
        return f"no {trend.group} since {day_name(onset.last)}"
    before = " or before" if onset.or_before else f" ({exact(onset.before)} before)"
    return f"{name} since {day_name(onset.since)}{before}"


def _otherwise(trends: Trends, usage: Usage) -> Span | None:
    """Of the errors without 429: that nobody can tell, that they are many, or that they did not rise."""
    rises = [trend.rise for _, _, all_ in trends for trend in all_ if trend.group != "429" and trend.rise]
    if any(isinstance(rise, Rise) for rise in rises):
        return Span("429 left out", "faint")
    unclear = [rise for rise in rises if isinstance(rise, NotEnough)]
    if unclear and len(unclear) == len(trends):
        return Span(f"errors beside the usual: {unclear[0]}", "faint")
    share = failing_share(usage)
    if share is None:
        return None
    of = f" of {len(trends) - len(unclear)} of {len(trends)} keys" if unclear else ""
    many = share >= FAILING_SHARE
    return Span(f"errors{of} {percent(share)} without 429, no rise", "warn" if many else "faint")


def failing_share(usage: Usage) -> float | None:
    """(4xx + 5xx − 429) ÷ (requests − 429)"""
    failed, refused, requests = usage.failed, usage.throttled, usage.requests
    if failed is None or refused is None or requests is None or refused > failed:
        return None
    return ratio(failed - refused, requests - refused)


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


def triage_data(trends: Trends, codes: Sequence[int], worst: ErrorPaths | None) -> dict[str, object]:
    """The `triage` of the JSON document."""
    every = [(key, trend) for key, _, all_ in trends for trend in all_]
    unclear = [key.id for key, trend in every if isinstance(trend.rise, NotEnough)]
    return {
        "rises": [
            {
                "key_id": key.id,
                "class": trend.group,
                "since": str(rise.since),
                "usual_error_ratio": rounded(rise.usual),
                "error_ratio": rounded(rise.now),
                "compared_days": rise.compared,
            }
            for key, trend in every
            if isinstance(rise := trend.rise, Rise)
        ],
        "since": [
            {
                "key_id": key.id,
                "class": trend.group,
                "since": str(onset.since) if onset.within_days is None else None,
                "or_before": onset.or_before,
                "within_days": onset.within_days,
                "before": onset.before,
                "last": str(onset.last) if onset.last else None,
            }
            for key, trend in every
            if (onset := trend.onset)
        ],
        "keys_without_enough_data": unclear,
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
