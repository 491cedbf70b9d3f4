"""Values that many tests need, each made in one place: keys, answers, days, fleets; panes and pictures."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from socd_tui.analysis.fit import Fit
from socd_tui.analysis.forecast import Bands
from socd_tui.analysis.known import Known, prepare
from socd_tui.charts.canvas import Canvas, Line, plain
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.past import Observation
from socd_tui.model.preferences import DEFAULT, Preferences
from socd_tui.model.text import Text
from socd_tui.model.usage import Day, Endpoint, Hour, Usage
from socd_tui.model.window import Window
from socd_tui.views.frame.picture import picture
from socd_tui.views.registry import view

NOW = datetime(2026, 11, 22, 14, 20, tzinfo=UTC)
"""A Sunday afternoon, and when everything here was answered unless a test says otherwise."""

Counts = Callable[[int], tuple[int, int] | None]
"""(requests, errors) of the day so many days ago; None where the service sends no row."""


def ago(days: int, now: datetime = NOW) -> date:
    """The UTC date so many days before today."""
    return now.date() - timedelta(days=days)


# --- what the service says ------------------------------------------------------------------------


def key(
    name: str = "a", *, key_id: str = "", prefix: str | None = None, tier: str | None = None, **more: Any
) -> ApiKey:
    """A key whose id is its name and whose prefix ends in it, unless they are given."""
    return ApiKey(
        id=key_id or name,
        name=Text(name),
        prefix=Text(f"sk_live_{name}" if prefix is None else prefix),
        tier=None if tier is None else Text(tier),
        **more,
    )


def usage(key_id: str = "a", window: int = 7, *, now: datetime = NOW, **figures: Any) -> Usage:
    """An answer about the window of so many days that ends today; what is not given is unknown."""
    return Usage(
        key_id=key_id,
        window=Window.ending(now.date(), window),
        fetched_at=now,
        observed_at=now,
        **figures,
    )


def rows(days: int, counts: Counts, *, now: datetime = NOW, today: date | None = None) -> tuple[Day, ...]:
    """A row for each date of the window that has counts; today's is partial.

    Days are counted back from `today`, which is that of `now` unless it is given.
    """
    dates = Window.ending(now.date(), days).dates()
    sent = [(on, counts(((today or now.date()) - on).days)) for on in dates]
    return tuple(Day(on, *found, partial=on == now.date()) for on, found in sent if found)


def hours(throttled: Mapping[datetime, int]) -> tuple[Hour, ...]:
    """429s by the UTC hour that begins then, in order."""
    return tuple(Hour(start, count) for start, count in sorted(throttled.items()))


def endpoints(requests: Mapping[Text, int]) -> tuple[Endpoint, ...]:
    """Requests by path, and nothing else of them."""
    return tuple(Endpoint(path=path, requests=count) for path, count in requests.items())


def fleet(*answers: Usage, keys: Sequence[ApiKey] | None = None, **more: Any) -> Fleet:
    """An account with these answers; without `keys`, it has one key for each id they are of."""
    if keys is None:
        keys = [key(key_id) for key_id in dict.fromkeys(answer.key_id for answer in answers)]
    usages = {(answer.key_id, answer.window.days): answer for answer in answers}
    return Fleet(keys=tuple(keys), usages=usages, **{"listed_at": NOW, **more})


def jwt(**claims: object) -> str:
    """A session token with these claims, in which every part is easily found where it does not belong."""
    body = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJjYW5hcnkiOiJoZWFkIn0.{body}.Y2FuYXJ5U2lnbmF0dXJlQ2FuYXJ5"


def leaks(data: bytes, token: str) -> bool:
    """Whether any telling part of the token is in the data."""
    return any(part.encode() in data for part in token.split(".")[1:])


# --- what is remembered ---------------------------------------------------------------------------


def day(
    days_ago: int,
    requests: int | None,
    errors: int | None = 0,
    throttled: int | None = 0,
    *,
    now: datetime = NOW,
    known_at: datetime | None = None,
) -> Day:
    """One date's figures, as the service told them at `known_at` (by default now)."""
    return observed(ago(days_ago, now), requests, errors, throttled, known_at or now).day


def observed(
    on: date, requests: int | None, errors: int | None, throttled: int | None, at: datetime = NOW
) -> Observation:
    """One date's figures, as the service told them at that moment."""
    return Observation(Day(on, requests, errors, partial=at.date() <= on, throttled=throttled), at)


def past(*requests: int | None, throttled: int | None = 0, now: datetime = NOW) -> list[Day]:
    """Full days without errors, the last of them yesterday."""
    return [day(len(requests) - n, count, 0, throttled, now=now) for n, count in enumerate(requests)]


def bands(low: float, middle: float, high: float) -> Bands:
    """The same of each day for a month."""
    first, days = NOW.toordinal(), 30
    edges = (low / middle - 1, high / middle - 1)
    fit = Fit(model="", levels=[middle], last=first + days, shares=edges, quiet=0)
    return Bands(first=first, days=days, so_far=0, upper=fit, lower=fit)


# --- what is shown --------------------------------------------------------------------------------


def prepared(fleet: Fleet, lens: Lens | None = None, preferences: Preferences = DEFAULT) -> Known:
    """All that is derived of the Fleet for the Lens, or for the window of seven days."""
    return prepare(fleet, lens or Lens(), preferences)


def pane(fleet: Fleet | Known, lens: Lens, preferences: Preferences = DEFAULT) -> Any:
    """What the Lens's view makes of it; Any, because each view makes a type of its own."""
    known = fleet if isinstance(fleet, Known) else prepare(fleet, lens, preferences)
    return view(lens.view).build(known, lens)


def figures(fleet: Fleet, lens: Lens, preferences: Preferences = DEFAULT) -> Any:
    """The same as the `data` object of the JSON document."""
    return pane(fleet, lens, preferences).json()


def painted(data: Any, known: Known, lens: Lens, canvas: Canvas) -> list[Line]:
    """A pane that was built from these, on the canvas."""
    return picture(view(lens.view), data, known, lens, canvas)


def drawn(fleet: Fleet, lens: Lens, canvas: Canvas, preferences: Preferences = DEFAULT) -> str:
    """The picture as text: its lines, without their trailing blanks."""
    known = prepare(fleet, lens, preferences)
    return plain(painted(pane(known, lens), known, lens, canvas))
