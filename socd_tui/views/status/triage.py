"""What broke, since when, and what to do about it: the words around the status codes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap

from socd_tui.analysis.diagnosis import FAILING_SHARE, THROTTLED_SHARE
from socd_tui.analysis.known import Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.onset import GROUPS, Group, Trend, counted_in, error_trends
from socd_tui.analysis.runaway import Rise
from socd_tui.analysis.triage import Since, advice
from socd_tui.charts.canvas import Line, Role, Span, line_width
from socd_tui.charts.number import day_name, exact, percent, short_day
from socd_tui.charts.sheet import rounded
from socd_tui.model.key import ENDED, ApiKey
from socd_tui.model.text import Text, cell_width, clip, clip_middle, counted
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.names import label, named_briefly
from socd_tui.views.parts.readout import read_out
from socd_tui.views.parts.since import since_words

Trends = tuple[tuple[ApiKey, Usage, tuple[Trend, ...]], ...]
"""Of each key that answered, its figures and what is known of its errors over time."""

ErrorPaths = tuple[tuple[Text, int, float | None], ...]
"""Paths with their errors, and those as a share of their requests."""

STOPPED = "none"
"""What is said of a class that a key no longer has."""

SHORT_NAME = 16
"""Columns of a name for which one more key is told."""

NARROWEST = 4
"""Columns that a key's name takes at least, with what stands between."""

WIDE = 10_000
"""A width that cuts nothing."""

_NAMES: dict[Group | None, str] = {"429": "429s", None: "errors"}

WORST = 5
"""Endpoints that are named."""


def error_history(known: Known, keys: Sequence[ApiKey]) -> Trends:
    """Of the keys that can be used: the errors of an ended one among others are no news."""
    now = known.fleet.now
    alive = [key for key in keys if len(keys) == 1 or key.state(now) not in ENDED]
    return tuple((key, usage, error_trends(known.by_key[key.id])) for key, usage in known.answered(alive))


def since_lines(trends: Trends, usage: Usage | None, width: int, most: int) -> list[Line]:
    """Since when each class of errors has come, news first; that there is none where it is so.

    The sentences that fit whole into so many lines, of as many keys as a line has room for. Nothing of a
    single key, of which the lines of the rates say it.
    """
    if usage is None or len(trends) < 2:
        return []
    told = [clause for group in (*GROUPS, None) if (clause := _of_class(trends, group, usage, width - 1))]
    news = [each for each in told if each.role == "bad"]
    rest = [each for each in told if each.role != "bad"]
    lines: list[list[Span]] = []
    for clause in (*news, *rest, _otherwise(trends, usage)):
        if clause and lines and line_width(read_out([*lines[-1], clause], WIDE)) <= width:
            lines[-1].append(clause)
        elif clause and len(lines) < most:
            lines.append([clause])
    return [read_out(line, width) for line in lines]


def _of_class(trends: Trends, group: Group | None, usage: Usage, room: int) -> Span | None:
    """What is known of the class, of each key for which it is news or no trifle; None where it is none's."""
    each = [(key, own, trend) for key, own, all_ in trends for trend in all_ if trend.group == group]
    told = [
        (key, own, trend)
        for key, own, trend in each
        if trend_words(trend) and _is_worth_it(trend, own, usage)
    ]
    if not told:
        return None
    told.sort(key=lambda of: _weight(*of[1:]), reverse=True)
    role: Role = "bad" if any(is_news(trend) for _, _, trend in told) else "ink"
    ways = []
    for brief, cut in ((False, 24), (False, SHORT_NAME), (True, SHORT_NAME)):
        alike: dict[str, list[ApiKey]] = {}
        for key, _, trend in told:
            alike.setdefault(_predicate(trend, brief=brief), []).append(key)
        ways.append((alike, cut))
    name, number = f"{_NAMES.get(group, group)}", counted(len(told), "key")
    most = min(len(told), room // NARROWEST)
    forms = (f"{name}: {_of_keys(alike, n, cut)}" for n in range(most, 0, -1) for alike, cut in ways)
    return Span(next((form for form in forms if cell_width(form) <= room), f"{name} in {number}"), role)


def _of_keys(alike: Mapping[str, Sequence[ApiKey]], most: int, cut: int) -> str:
    """a#a1 and b#b2 began Thu 19 Nov (0 before); c#c3 since Tue 25 Aug or before; +2 keys"""
    parts, left = [], most
    for predicate, keys in alike.items():
        if left > 0:
            names = [named_briefly(key, cut) for key in keys[:left]]
            left -= len(names)
            parts.append(f"{' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))} {predicate}")
    more = sum(map(len, alike.values())) - most
    return "; ".join([*parts, *([f"+{counted(more, 'key')}"] if more else [])])


def _is_worth_it(trend: Trend, own: Usage, usage: Usage) -> bool:
    """Whether the class is news, or holds a good part of the key's requests or of all."""
    n = counted_in(trend.group, own) if trend.group else None
    if not n or is_news(trend):
        return is_news(trend) and n != 0
    shares = (ratio(n, own.requests), ratio(n, usage.requests))
    return any((share or 0) >= THROTTLED_SHARE for share in shares)


def _weight(usage: Usage, trend: Trend) -> tuple[bool, float]:
    if trend.group is None:
        return isinstance(trend.rise, Rise), trend.rise.now if isinstance(trend.rise, Rise) else 0
    return is_news(trend), counted_in(trend.group, usage) or 0


def is_news(trend: Trend) -> bool:
    """Whether the class began or rose of late."""
    return isinstance(trend.rise, Rise) or (trend.onset is not None and trend.onset.is_new)


def trend_words(trend: Trend) -> str:
    """429s began Tue 24 Nov (0 before); 5xx rose from 0.1% to 12.0% since …; empty where nobody can tell."""
    predicate = _predicate(trend)
    if predicate.startswith(STOPPED):
        return f"no {trend.group}{predicate.removeprefix(STOPPED)}"
    return f"{_NAMES.get(trend.group, trend.group)} {predicate}" if predicate else ""


def _predicate(trend: Trend, *, brief: bool = False) -> str:
    """What is said of the class after its name, or after the key's; `brief` without what "began" implies."""
    day = short_day if brief else day_name
    onset, rise = trend.onset, trend.rise
    if onset is not None and onset.is_new and onset.within_days is None:
        return f"began {day(onset.since)}{'' if brief else ' (0 before)'}"
    if isinstance(rise, Rise):
        of = "" if trend.group is None or trend.pure else " (all errors)"
        return f"rose{of} from {percent(rise.usual)} to {percent(rise.now)} since {day(rise.since)}"
    if onset is None:
        return ""
    if onset.within_days is not None:
        return f"began in the last {onset.within_days} d (0 before)"
    if onset.last is not None:
        return f"{STOPPED} since {day(onset.last)}"
    since = since_words(Since(onset.since, onset.or_before, onset.from_start), day(onset.since))
    return since if onset.or_before or onset.from_start else f"{since} ({exact(onset.before)} before)"


def _otherwise(trends: Trends, usage: Usage) -> Span | None:
    """Of the errors without 429: that nobody can tell, that they are many, or that they did not rise."""
    others = [trend for _, _, all_ in trends for trend in all_ if trend.group != "429"]
    rises = [trend.rise for trend in others if trend.rise]
    if any(isinstance(rise, Rise) for rise in rises):
        return None
    unclear = [rise for rise in rises if isinstance(rise, NotEnough)]
    if unclear and len(unclear) == len(trends):
        return Span(f"errors beside the usual: {unclear[0]}", "faint")
    share = failing_share(usage)
    if share is None:
        return None
    of = f" of {len(trends) - len(unclear)} of {len(trends)} keys" if unclear else ""
    rose = "" if any(map(is_news, others)) else ", no rise"
    role: Role = "warn" if share >= FAILING_SHARE else "faint"
    return Span(f"errors{of} {percent(share)} without 429{rose}", role)


def failing_share(usage: Usage) -> float | None:
    """(4xx + 5xx − 429) ÷ (requests − 429)"""
    failed, refused, requests = usage.failed, usage.throttled, usage.requests
    if failed is None or refused is None or requests is None or refused > failed:
        return None
    return ratio(failed - refused, requests - refused)


def advice_lines(code: int | None, width: int, most: int) -> list[Line]:
    """What usually causes the code, and what to do; without the cause where both have no room, and of what to
    do as many parts as there is room for."""
    usual = advice(code) if code is not None else None
    if usual is None:
        return []
    parts = re.split(r"(?<=[,;]) ", usual.fix)
    fewer = (" ".join(parts[:n]).rstrip(",;") for n in range(len(parts), 0, -1))
    forms = (f"{code}: {usual.cause}: {usual.fix}", *(f"{code}: {each}" for each in fewer))
    for said in forms:
        rows = wrap(said, max(width - 2, 1))
        if len(rows) <= most:
            return [(Span(f" {row}", "ink"),) for row in rows]
    return [(Span(f" {clip(forms[-1], width - 2)}"),)]


def figure_lines(figures: Sequence[tuple[str, str]], width: int, most: int) -> list[Line]:
    """Figures and what they are of: ours first, so that no foreign name begins a line."""
    wide = max((cell_width(figure) for _, figure in figures[:most]), default=0)
    return [
        (Span(f"   {figure.ljust(wide)}", "faint"), Span(f"  {clip_middle(name, max(width - wide - 6, 1))}"))
        for name, figure in figures[:most]
    ]


def code_figures(known: Known, keys: Sequence[ApiKey], code: int) -> list[tuple[str, str]]:
    """Whose the code is, and on which paths errors are."""
    figures = []
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
                "from_first_requests": onset.from_start,
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
