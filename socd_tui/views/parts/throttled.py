"""What is said of 429s: when they came, how often, which hours are quiet, and which limit refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from socd_tui.analysis.budget import Budget, budgets
from socd_tui.analysis.compare import Change
from socd_tui.analysis.hourmap import HOUR, HourMap, hour_map
from socd_tui.analysis.known import Known
from socd_tui.analysis.throttling import Refusal, Spread, refusal, spans, spread
from socd_tui.charts.canvas import Line, Span, line_width
from socd_tui.charts.number import day_name, exact, percent, short_day
from socd_tui.model.key import ApiKey
from socd_tui.model.text import cell_width, counted
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.change import change_part
from socd_tui.views.parts.names import named_briefly

Forms = tuple[str, ...]
"""One sentence in its forms, the longest first."""

MOST_SPANS = 3
"""Spans of quiet hours that are named."""

MOST_KEYS = 6
"""Keys whose 429s are told."""


def hours_of(known: Known, keys: Sequence[ApiKey], zone: tzinfo, *, folded: bool = False) -> HourMap | None:
    """These keys' 429s by day and hour, made once for all who speak of them; None where none were sent."""
    return known.once(_map, tuple(key.id for key in keys), zone, folded)


def _map(known: Known, ids: Sequence[str], zone: tzinfo, folded: bool) -> HourMap | None:
    keys = [known.by_key[key_id].key for key_id in ids]
    usage = known.combined(keys)
    return hour_map(usage, zone, folded=folded, counted=known.counted_dates(keys)) if usage else None


def sentences(
    known: Known,
    keys: Sequence[ApiKey],
    usage: Usage,
    hours: HourMap,
    zone: tzinfo,
    change: Change | None,
) -> tuple[Forms, ...]:
    """When the 429s came and how often, which hours are quiet, which limit refused, and how many they are."""
    how = spread(hours, zone)
    sum_ = f"total {exact(usage.throttled)}"
    share = ratio(usage.throttled, usage.requests)
    of = f"{sum_} of {exact(usage.requests)} req ({percent(share)})" if share is not None else sum_
    compared = change_part(change, usage.throttled)
    whole = f"{of}  {compared.text}" if compared else of
    return (
        when(how, usage.throttled, usage.window.days, zone),
        quiet(how, zone),
        cause(known, keys),
        (whole, of, sum_),
    )


def in_figures(known: Known, keys: Sequence[ApiKey], hours: HourMap) -> dict[str, object]:
    """How the 429s lie, in UTC, and which limits were reached by which key."""
    how = spread(hours, UTC)
    reached = {
        key.id: [name for name, _ in refusal(budgets(key, usage)).reached]
        for key, usage in known.answered(keys)
        if usage.throttled
    }
    return {
        "hours_hit": how.hit if how else None if hours.total != 0 else 0,
        "hours_told": len(hours.known),
        "quiet_hours": list(how.quiet) if how else None,
        "limits_reached": reached,
    }


def packed(sentences: Iterable[Forms], width: int, most: int) -> list[Line]:
    """The sentences in at most so many lines, each in the longest form for which its line has room."""
    lines: list[list[Span]] = []
    for forms in sentences:
        beside = next((each for each in forms[:1] if lines and _fits(lines[-1], each, width)), None)
        alone = next((each for each in forms if cell_width(each) < width), None)
        if beside is None and alone is not None and len(lines) < most:
            lines.append([Span(f" {alone}", "ink" if lines else "title")])
            continue
        last = beside or next((each for each in forms if lines and _fits(lines[-1], each, width)), None)
        if last is not None:
            lines[-1].append(Span(f"  {last}"))
    return [tuple(line) for line in lines]


def _fits(line: Sequence[Span], text: str, width: int) -> bool:
    return line_width(line) + 2 + cell_width(text) <= width


def when(found: Spread | None, total: int | None, days: int, zone: tzinfo) -> Forms:
    """How many of the hours were hit, since when, and how often in one."""
    window = counted(days, "day")
    if found is None:
        if total == 0:
            return f"No request was refused in {window}.", f"None refused in {days} d."
        if total is None:
            return "The service did not say how many were refused.", "429s are not told."
        return f"{exact(total)} were refused; at which hours is not told.", "429s at untold hours."
    often = f"{exact(found.least)} to {exact(found.most)} an hour"
    rate = often if found.least < found.most else f"{exact(found.most)} an hour"
    brief = rate.replace(" to ", "–")
    if found.hit == 1:
        at = found.first.astimezone(zone)
        once = f"in one hour, {day_name(at.date())} {at:%H:%M}"
        return f"Throttled {once}: {counted(found.most, 'time')}.", f"{exact(found.most)} 429s {once}."
    since = found.first.astimezone(zone)
    last = _last(found, zone)
    if not found.whole:
        of = f"at least {exact(found.hit)} hours"
        return f"Throttled in {of}, {rate}; not all came with an hour.", f"Throttled in {of}."
    of = "every hour" if found.every_hour else f"{exact(found.hit)} of"
    if found.from_the_start:
        if not found.every_hour:
            of += f" {exact(found.begun)} hours"
        return (
            f"Throttled in {of}{f' of {window}' if found.every_hour else ''}, {rate}{last}.",
            f"Throttled in {of}, {rate}.",
            f"In {of}, {brief}.",
        )
    if not found.every_hour:
        of += f" {exact(found.begun_since)} hours"
    return (
        f"Throttled in {of} since {day_name(since.date())} {since:%H:%M}, {rate}{last}.",
        f"Throttled in {of} since {short_day(since.date())} {since:%H:%M}, {rate}.",
        f"In {of} since {short_day(since.date())}, {brief}.",
        f"In {of} since {short_day(since.date())}.",
    )


def _last(found: Spread, zone: tzinfo) -> str:
    at = found.last.astimezone(zone)
    return f", the last {day_name(at.date())} {at:%H:%M}" if found.ended else ""


def quiet(found: Spread | None, zone: tzinfo) -> Forms:
    """At which hours of the day none came, to move a job there; that there are none."""
    if found is None or not found.whole or found.begun < 24:
        return ()
    minute = found.last.astimezone(zone).minute
    if not found.quiet:
        if found.calmest is None:
            return ()
        hour, n = found.calmest
        fewest = f"fewest at {hour:02d}:{minute:02d}, {exact(n)}"
        return f"No quiet hour to move a job to ({fewest}).", "No hour of the day is quiet.", "No quiet hour."
    every = [_span(span, minute) for span in spans(found.quiet)]
    forms = []
    for most in range(min(MOST_SPANS, len(every)), 0, -1):
        more = sum((last - first) % 24 + 1 for first, last in spans(found.quiet)[most:])
        left = f", +{counted(more, 'hour')}" if more else ""
        named = ", ".join(every[:most]) + left
        forms += [f"Quiet hours, to move a job to: {named}.", f"Quiet: {named}."]
    return (*forms, f"{counted(len(found.quiet), 'quiet hour')}.")


def _span(span: tuple[int, int], minute: int) -> str:
    """04:00–13:59"""
    end = datetime(2000, 1, 1, span[1], minute) + HOUR
    before = end.replace(minute=(end.minute - 1) % 60, hour=(end.hour - (end.minute == 0)) % 24)
    return f"{span[0]:02d}:{minute:02d}–{before:%H:%M}"


def cause(known: Known, keys: Sequence[ApiKey]) -> Forms:
    """Which limit refused, and how near the other was; of several keys, whose 429s they are and by which."""
    refused = [(usage.throttled or 0, key, usage) for key, usage in known.answered(keys) if usage.throttled]
    refused.sort(key=lambda each: -each[0])
    found = [(n, key, refusal(budgets(key, usage))) for n, key, usage in refused]
    if len(keys) == 1:
        return _of_one(found[0][2]) if found else ()
    forms = []
    for most in range(min(len(found), MOST_KEYS), 0, -1):
        more = len(found) - most
        parts = [f"{named_briefly(key, 24)} {exact(n)}{_by(of)}" for n, key, of in found[:most]]
        left = f", +{counted(more, 'key')}" if more else ""
        forms.append(f"Of {', '.join(parts)}{left}.")
    return (*forms, f"Of {counted(len(found), 'key')}.") if found else ()


def _by(of: Refusal) -> str:
    """(minute cap)"""
    names = " and ".join(name for name, _ in of.reached)
    return f" ({names} cap)" if names else ""


def _of_one(of: Refusal) -> Forms:
    if not of.reached and not of.below:
        return "Which cap refused is not told.", "Cap not told."
    if not of.reached:
        both = ", ".join(f"{name} {percent(budget.peak_ratio)}" for name, budget in of.below)
        if len(of.below) == 2:
            return f"Neither cap shows as reached: {both} at most.", f"Neither cap reached ({both})."
        return f"Which cap is not told; {both} at most.", f"Cap not told ({both})."
    if len(of.reached) == 2:
        peaks = ", ".join(f"{name} {_peak(budget)}" for name, budget in of.reached)
        return f"Cause: both caps were reached: {peaks}.", f"Both caps: {peaks}.", "Both caps reached."
    [(name, budget)] = of.reached
    reached = f"{name} cap ({_peak(budget)})"
    if not of.below:
        other = "day" if name == "minute" else "minute"
        told = f"the {other} cap's peak is not told" if of.untold else f"there is no {other} cap"
        return f"Cause: {reached}; {told}.", f"{reached.capitalize()}."
    [(other, below)] = of.below
    share = percent(below.peak_ratio)
    near = f"came near ({share})" if of.near else f"was never near ({share})"
    return (
        f"Cause: {reached}. The {other} cap {near}.",
        f"{reached.capitalize()}; {other} cap {share}.",
        f"{reached.capitalize()}.",
    )


def _peak(budget: Budget) -> str:
    """100 of 100"""
    limit = budget.limit.value if budget.limit else None
    return f"{exact(budget.peak)} of {exact(limit)}"
