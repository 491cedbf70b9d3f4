"""Whether a job may make so many requests with a key now, without the key reaching a limit.

Limits roll: what counts against the day's is what was let through in the last 24 hours, and at no hour of the
day is it forgotten at once. Where the service counts that itself it is known. Else the days tell the bounds:
today's requests at least, today's and yesterday's at most, and no more than the high-water mark. At 00:00 UTC
it is exactly what the day before let through, so these are the moments of which something can be said ahead.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor
from typing import Literal

from socd_tui.analysis.budget import budgets
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.model.key import ENDED, UNLIMITED, ApiKey, Limit
from socd_tui.model.record import dataclass, replace
from socd_tui.model.usage import Usage

Answer = Literal["go", "no", "unknown"]

AHEAD = 7
"""Midnights that are looked at for one from which on there is room."""
_MINUTES = 24 * 60
_TODAY = 1
"""The window, in days, whose answer is about today."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a job needs."""

    requests: int
    within: timedelta

    @property
    def minutes(self) -> float:
        return self.within.total_seconds() / 60

    @property
    def per_minute(self) -> float:
        return self.requests / self.minutes


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """The answer, and all that it rests on. None is unknown, or does not arise."""

    key: ApiKey
    asked: Asked
    answer: Answer
    why: str
    """Why it is not "go", as a clause; empty where it is."""
    day: Limit | None = None
    minute: Limit | None = None
    used: tuple[int, int] | None = None
    """What counts against the day limit at least, and at most."""
    usual_per_minute: float = 0.0
    """What else asks with the key, as it usually does."""
    most_per_minute: float | None = None
    """The most that the job may ask for each minute now, for as long as it wants to take."""
    is_forecast: bool = False
    """Whether it is forecast what else asks until then."""
    safe_at: datetime | None = None
    """From when on it may go, UTC; None where no such moment can be told."""
    takes: timedelta | None = None
    """How long it has to take at least, where it wants to be done sooner than the minute limit lets it."""


def guard(known: Known, key: ApiKey, asked: Asked) -> Guarded:
    """Whether the job may start, by the service's clock."""
    facts, now = known.by_key[key.id], known.fleet.now
    nothing = Guarded(key=key, asked=asked, answer="unknown", why="")
    if facts.ground.state in ENDED:
        return replace(nothing, answer="no", why=f"the key is {facts.ground.state}")
    usage = known.fleet.usage(key.id, _TODAY)
    problem = known.fleet.failure(key.id, _TODAY)
    if problem is not None or usage is None or now is None:
        return replace(nothing, why=problem.message.rstrip(".") if problem else "its figures are not known")
    limits = budgets(key, usage)
    told = replace(nothing, day=limits.day.limit, minute=limits.minute.limit)
    told = replace(told, usual_per_minute=_usual_per_minute(facts, usage.observed_at.date()))
    return _by_minute(_by_day(told, facts, usage), now)


def _by_day(told: Guarded, facts: KeyFacts, usage: Usage) -> Guarded:
    """The answer as the day limit has it."""
    limit, asked = told.day, told.asked
    if limit == UNLIMITED:
        return replace(told, answer="go")
    if limit is None or limit.value is None:
        return replace(told, why="its day limit is unknown")
    used = _used(facts, usage)
    room = limit.value - used[1] if used else None
    most = None if room is None else _most(room, told)
    told = replace(told, used=used, most_per_minute=most, is_forecast=bool(_bands(facts)))
    if asked.requests > limit.value:
        takes = timedelta(days=ceil(asked.requests / limit.value)) if limit.value else None
        return replace(told, answer="no", why=f"{limit.value:,} a day are allowed", takes=takes)
    if used is None or room is None:
        return replace(told, why="what counts against its day limit is unknown")
    needs = asked.requests + told.usual_per_minute * asked.minutes
    if needs <= room:
        return replace(told, answer="go")
    why = _left(limit.value, used, is_sure=needs > limit.value - used[0])
    return replace(told, answer="no", why=why, safe_at=_safe_from(told, facts, usage, needs))


def _left(limit: int, used: tuple[int, int], *, is_sure: bool) -> str:
    """of 1,000 a day 30 are left; perhaps only 30 of 1,000 a day are left"""
    least, most = (max(limit - each, 0) for each in reversed(used))
    if not is_sure:
        return f"perhaps only {least:,} of {limit:,} a day are left"
    return f"of {limit:,} a day {f'{least:,}' if least == most else f'{least:,} to {most:,}'} are left"


def rounded_down(number: float) -> float:
    """To a tenth: what is shown of a pace that is allowed is still below what allows it."""
    return floor(10 * number) / 10


def _most(room: int, told: Guarded) -> float:
    """The most requests a minute that the room has for as long as the job takes."""
    spare = room / told.asked.minutes - told.usual_per_minute
    if told.minute is not None and told.minute.value is not None:
        spare = min(spare, told.minute.value - told.usual_per_minute)
    return max(rounded_down(spare), 0)


def _by_minute(told: Guarded, now: datetime) -> Guarded:
    """The same, as the minute limit has it, too."""
    limit, asked = told.minute, told.asked
    if limit == UNLIMITED:
        return told
    if limit is None or limit.value is None:
        return (
            replace(told, answer="unknown", why="its minute limit is unknown")
            if told.answer == "go"
            else told
        )
    spare = limit.value - told.usual_per_minute
    if told.most_per_minute is None:
        told = replace(told, most_per_minute=max(rounded_down(spare), 0))
    if asked.per_minute <= spare:
        return told
    takes = timedelta(minutes=ceil(asked.requests / spare)) if spare > 0 else None
    if told.answer == "no":
        return told if told.takes is not None else replace(told, takes=takes)
    told = replace(told, takes=takes)
    pace = f"{ceil(asked.per_minute):,} a minute are more than the {limit.value:,} that are allowed"
    safe_at = now if told.answer == "go" and takes is not None else None
    return replace(told, answer="no", why=pace, safe_at=safe_at)


def _used(facts: KeyFacts, usage: Usage) -> tuple[int, int] | None:
    """What was let through in the last 24 hours, at least and at most; None where even today is unknown."""
    if usage.day.current is not None:
        return usage.day.current, usage.day.current
    today = usage.observed_at.date()
    so_far, before = _let_through(facts, today), _let_through(facts, today - timedelta(days=1))
    if so_far is None:
        return None
    bounds = [
        each for each in (None if before is None else so_far + before, usage.peak_per_day) if each is not None
    ]
    return (so_far, max(min(bounds), so_far)) if bounds else None


def _let_through(facts: KeyFacts, day: date) -> int | None:
    """Requests of a UTC day that no limit refused; refused ones are among them where nobody tells these."""
    row = next((each for each in reversed(facts.observed) if each.date == day), None)
    if row is None or row.requests is None:
        return 0 if _tells_all(facts, day) else None
    alone = (usage for usage in facts.ground.answers if usage.window.start == usage.window.end == day)
    refused = [row.throttled, *(usage.throttled for usage in alone)]
    return row.requests - min(next((each for each in refused if each is not None), 0), row.requests)


def _tells_all(facts: KeyFacts, day: date) -> bool:
    """Whether an answer's rows make up all its requests, so that a day without a row had none."""
    return any(
        day in usage.window
        and usage.requests is not None
        and usage.requests
        == sum(each.requests or 0 for each in usage.days or () if each.date in usage.window)
        for usage in facts.ground.answers
    )


def _usual_per_minute(facts: KeyFacts, today: date) -> float:
    """What the key asks for on a busy day, spread over it; of the last week where nothing is forecast."""
    bands = _bands(facts)
    if today in bands:
        return bands[today] / _MINUTES
    week = [day for day in facts.observed if day.full and today - day.date <= timedelta(days=7)]
    return max((day.requests or 0 for day in week), default=0) / _MINUTES


def _bands(facts: KeyFacts) -> dict[date, float]:
    """The upper edge of what is forecast of each day."""
    ahead = facts.assessment.forecast
    return {band.date: band.high for band in ahead.bands} if isinstance(ahead, Forecast) else {}


def _safe_from(told: Guarded, facts: KeyFacts, usage: Usage, needs: float) -> datetime | None:
    """The first midnight at which the day before leaves room, if its requests are as they are forecast."""
    limit = told.day.value if told.day else None
    if limit is None:
        return None
    today, bands = usage.observed_at.date(), _bands(facts)
    so_far = _let_through(facts, today) or 0
    for ahead in range(AHEAD):
        day = today + timedelta(days=ahead)
        expected = min(bands.get(day, 0.0), limit)
        counted = max(expected, so_far) if day == today else expected
        if needs <= limit - counted:
            return datetime.combine(day + timedelta(days=1), time(), UTC)
    return None
