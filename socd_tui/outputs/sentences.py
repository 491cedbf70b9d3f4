"""What is known in plain sentences: for screen readers, for mail and for chat. Nothing in them moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from socd_tui.analysis.known import Known
from socd_tui.analysis.news import News
from socd_tui.analysis.situation import Limits, Rate, Situation, situation
from socd_tui.analysis.standing import Standing, standings
from socd_tui.charts.number import date_range, day_name, exact, moment, percent
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, visible
from socd_tui.model.text import counted
from socd_tui.outputs.findings import sentences as findings_told
from socd_tui.views.parts.findings import sentence
from socd_tui.views.parts.names import named, subject_label
from socd_tui.views.parts.words import WORDS

NAMED = 3
"""Keys that one sentence names."""

_STATES: Mapping[str, str] = {
    "over": "at a limit",
    "near": "near a limit",
    "throttled": "throttled",
    "ok": "below its limits",
    "idle": "idle",
    "expiring": "about to expire",
    "expired": "expired",
    "revoked": "revoked",
    "unknown": "of unknown state",
}


def everything(known: Known, lens: Lens) -> list[str]:
    """What the figures are of, the four answers, and each finding."""
    keys = visible(known.fleet, lens)
    if not keys:
        return ["There is no key to look at."]
    return [
        _opening(known, lens, keys),
        *answers(known, lens),
        *findings_told(known.findings(keys)),
        *_unread(known, keys),
    ]


def answers(known: Known, lens: Lens) -> list[str]:
    """Who burns the limit, the cap, the 4xx without 429, and what was refused with 429: a sentence each."""
    rows = standings(known, lens)
    now = situation(known, rows)
    if not now.answered:
        return ["There are no figures of any of these keys."]
    return [_burning(now), _cap(now, rows), _failing(now), _refused(now)]


def changes(news: News | None, before: Mapping[str, str], now: Sequence[Standing]) -> list[str]:
    """What is new since the last look: findings, those that are over, and keys that stand otherwise.

    `before` is how each key stood then, by id.
    """
    told = [f"New: {sentence(each)}" for each in news.new] if news else []
    told += (
        [f"Over: {named(each.key)} is no longer {WORDS[each.kind]}." for each in news.gone] if news else []
    )
    for row in now:
        was = before.get(row.key.id)
        if was is None:
            told.append(f"New: the key {named(row.key)}, {_state(row.word)}.")
        elif was != row.word:
            told.append(f"{named(row.key)} is now {_state(row.word)}; it was {_state(was)}.")
    return told


def stood(rows: Iterable[Standing]) -> dict[str, str]:
    """How each key stands, by id: the next look's `before`."""
    return {row.key.id: row.word for row in rows}


def _state(word: str) -> str:
    return _STATES.get(word, f"unread ({word})")


def _opening(known: Known, lens: Lens, keys: Sequence[ApiKey]) -> str:
    """All 10 keys, the last 7 days, as of 14:20 UTC."""
    fleet, window = known.fleet, known.covered(keys)
    whose = subject_label(keys, fleet.keys, fleet) if len(keys) > 1 else named(keys[0])
    asked = known.as_of(keys)
    as_of = f", as of {moment(asked, fleet.now)} UTC" if asked else ""
    days = "today" if known.days == 1 else f"the last {known.days} days"
    if lens.dates and window:
        days = f"{date_range(window.start, window.end)} UTC"
    return f"{whose[:1].upper()}{whose[1:]}, {days}{as_of}."


def _unread(known: Known, keys: Sequence[ApiKey]) -> list[str]:
    failed = [(key, problem) for key in keys if (problem := known.problem(key.id))]
    return [f"{named(key)} could not be read: {problem.message}" for key, problem in failed]


def _burning(now: Situation) -> str:
    if now.running:
        worst, more = now.running[0], len(now.running) - 1
        run = worst.runaway
        times = f", {run.times:,.0f} times its usual" if run.times else ""
        others = f" {counted(more, 'more key')} {'runs' if more == 1 else 'run'} away." if more else ""
        return (
            f"{named(worst.key)} is burning the limit: {run.now:,.0f} requests a day{times},"
            f" since {day_name(run.since)}.{others}"
        )
    if now.busiest is None:
        return (
            "No key made a request."
            if now.client.requests == 0
            else "Who makes the most requests is unknown."
        )
    usual = ", as it usually does" if now.as_usual else ""
    share = f", {percent(now.busiest.share)} of all" if now.busiest.share is not None else ""
    made = counted(now.busiest.requests or 0, "request")
    return f"{named(now.busiest.key)} made the most requests{usual}: {made}{share}."


def _cap(now: Situation, rows: Sequence[Standing]) -> str:
    likely = (
        f" {counted(now.nearing, 'key')} will more likely than not reach its day limit."
        if now.nearing
        else ""
    )
    reached = [row for row in rows if row.usage and row.budgets.verdict in ("over", "throttled")]
    near = [row for row in rows if row.usage and row.budgets.verdict == "near"]
    if reached:
        limits = _which(now.day, "day"), _which(now.minute, "minute")
        which = ", ".join(filter(None, limits))
        of = f" ({which})" if which else ""
        return f"{_of(reached, now)} reached a limit{of}: {_names(reached)}.{likely}"
    if near:
        return f"{_of(near, now)} came near a limit: {_names(near)}.{likely}"
    if not now.day.known and not now.minute.known:
        return f"How near the keys are to their limits is unknown.{likely}"
    name, limit = max((("day", now.day), ("minute", now.minute)), key=lambda pair: pair[1].highest or 0)
    return f"No key is near a limit; the highest use is {percent(limit.highest)} of a {name} limit.{likely}"


def _which(limit: Limits, name: str) -> str:
    return f"the {name} limit: {limit.reached}" if limit.reached else ""


def _of(rows: Sequence[Standing], now: Situation) -> str:
    return f"{len(rows)} of {counted(now.keys, 'key')}"


def _names(rows: Sequence[Standing]) -> str:
    more = f" and {len(rows) - NAMED} more" if len(rows) > NAMED else ""
    return f"{', '.join(named(row.key) for row in rows[:NAMED])}{more}"


def _failing(now: Situation) -> str:
    return f"4xx without 429 are {_rate(now.client)} of the requests; 5xx are {_rate(now.server)}."


def _rate(rate: Rate) -> str:
    if rate.share is None:
        return "none" if rate.count == 0 else "an unknown share"
    match rate.trend:
        case None:
            return percent(rate.share)
        case "usual":
            return f"{percent(rate.share)} (as usual)"
        case trend:
            return f"{percent(rate.share)} ({trend} from {percent(rate.usual)})"


def _refused(now: Situation) -> str:
    count = now.refused.count
    if count is None:
        return "How many requests were refused with 429 is unknown."
    if not count:
        return "No request was refused with 429."
    share = f", {percent(now.refused.share)} of all" if now.refused.share is not None else ""
    hourly = "; one key is refused nearly every hour" if now.hourly else ""
    were = "was" if count == 1 else "were"
    whose = f" ({_names(now.refused_keys)})"
    return f"{exact(count)} request{'' if count == 1 else 's'} {were} refused with 429{share}{whose}{hourly}."
