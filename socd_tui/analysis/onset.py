"""Since when each class of errors has come: 429s, the other client errors, server errors.

Days tell errors of all classes together, and 429s where hours do. A class is counted by the day where that
leaves no doubt; else the windows, which hold one another, say within how many days all of it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, get_args
from weakref import WeakKeyDictionary

from socd_tui.analysis.assessment import AWAITED, Assessment
from socd_tui.analysis.known import KeyFacts
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Rise, detect_error_rise
from socd_tui.analysis.subtract import APART
from socd_tui.analysis.triage import OFTEN, contrast
from socd_tui.analysis.unusual import PAUSE
from socd_tui.model.record import dataclass
from socd_tui.model.usage import Day, Usage

Group = Literal["429", "4xx", "5xx"]
"""429 is a class of its own: "4xx" is without it."""
GROUPS: tuple[Group, ...] = get_args(Group)

LASTING = timedelta(days=1 + PAUSE)
"""Days with errors that are no further apart belong together: a weekend ends nothing."""


@dataclass(frozen=True, kw_only=True)
class Onset:
    """When the newest run of days with errors of a class began."""

    since: date
    """Its first day; of `within_days` only the first on which it can have begun."""
    before: int
    """Errors of the class known on days before."""
    or_before: bool = False
    """Nothing is known of the days just before `since`."""
    within_days: int | None = None
    """The window in which it began, where the day is unknown."""
    last: date | None = None
    """The last day with one, where none came on the newest days."""
    from_start: bool = False
    """The key made its first requests on `since`: none can have come before."""

    @property
    def is_new(self) -> bool:
        """None came on days before when some could have come, and they go on."""
        return not (self.before or self.or_before or self.from_start) and self.last is None


@dataclass(frozen=True, kw_only=True)
class Trend:
    """What is known of one class of one key's errors over time."""

    group: Group | None
    """None for a rise that no single class made."""
    onset: Onset | None = None
    rise: Rise | NotEnough | None = None
    pure: bool = False
    """The rise's ratios are of this class alone; else of all errors."""


# A key's cost is a millisecond, and each step of a cursor asks again.
_TRENDS: WeakKeyDictionary[KeyFacts, tuple[Trend, ...]] = WeakKeyDictionary()


def error_trends(facts: KeyFacts) -> tuple[Trend, ...]:
    """One for each class that the key has had, and one for a rise that no class alone has made."""
    found = _TRENDS.get(facts)
    if found is None:
        found = _TRENDS[facts] = _error_trends(facts)
    return found


def _error_trends(facts: KeyFacts) -> tuple[Trend, ...]:
    assessment = facts.assessment
    answers = _of_one_moment(facts.ground.answers)
    rise = assessment.rise if not facts.ground.awaited else AWAITED
    made_by = _class_behind(answers, assessment.days, rise) if isinstance(rise, Rise) else None
    trends = []
    for group in GROUPS:
        own = rise if group == made_by else None
        pure = not any(_most(other, answers) for other in GROUPS if other not in (group, "429"))
        if group == "429" and own is None and not facts.ground.awaited:
            own, pure = _rise_of_429s(assessment), True
        found = onset(group, answers, assessment.days, assessment.first)
        if found or own:
            trends.append(Trend(group=group, onset=found, rise=own, pure=pure))
    return (*trends, Trend(group=None, rise=rise)) if rise is not None and made_by is None else tuple(trends)


def onset(
    group: Group, answers: Sequence[Usage], days: Sequence[Day], start: Day | None = None
) -> Onset | None:
    """Since when the class has come; None where it never has, or nobody can tell.

    `answers` are one key's of one moment, the shortest window first; `days` ascend; on `start` the key made
    its first requests, where that is known.
    """
    if start and days and start.date < days[0].date:  # made and used on one day, which is not among the days
        days = (start, *days)
    counted = _by_day(group, answers, days)
    hits = [on for on, n in counted if n]
    if not hits:
        return _by_window(group, answers, start)
    first = hits[-1]
    for on in reversed(hits):
        if first - on > LASTING:
            break
        first = on
    before = sum(n for on, n in counted if on < first)
    longest = answers[-1] if answers else None
    told = counted_in(group, longest) if longest else None
    seen_before = [on for on, _ in counted if on < first]
    unclear = not seen_before or first - seen_before[-1] > LASTING
    if longest and told is not None and longest.window.start < first:
        since = sum(n for on, n in counted if first <= on <= longest.window.end)
        if told - since > before:  # on days of which only the window tells
            before = told - since
        elif told == since:
            unclear = False
    newest = days[-1].date
    ended = hits[-1] if newest - hits[-1] > LASTING else None
    from_start = start is not None and first == start.date
    return Onset(
        since=first,
        before=0 if from_start else before,
        or_before=unclear and not from_start,
        last=ended,
        from_start=from_start,
    )


def counted_in(group: Group, usage: Usage) -> int | None:
    """Errors of the class in the answer's window."""
    if group == "5xx":
        return usage.server_errors
    if group == "429":
        return usage.throttled
    if usage.client_errors is None or usage.throttled is None:
        return None
    return max(usage.client_errors - usage.throttled, 0)


def _of_one_moment(answers: Sequence[Usage]) -> list[Usage]:
    """Those that came with the newest and end on its day, the shortest window first."""
    newest = max(answers, key=lambda usage: usage.observed_at, default=None)
    if newest is None:
        return []
    return [
        usage
        for usage in answers
        if newest.observed_at - usage.observed_at <= APART and usage.window.end == newest.window.end
    ]


def _most(group: Group, answers: Sequence[Usage]) -> int | None:
    """In the longest window; None where it does not say."""
    return counted_in(group, answers[-1]) if answers else None


def _by_day(group: Group, answers: Sequence[Usage], days: Sequence[Day]) -> list[tuple[date, int]]:
    """Errors of the class on each day of which that is certain, ascending.

    Where the longest window without any other class ends the doubt, all errors of its days are this one's.
    """
    others = [other for other in GROUPS if other != group]
    pure = [usage for usage in answers if all(counted_in(other, usage) == 0 for other in others)]
    but_429 = [
        usage for usage in answers if all(counted_in(other, usage) == 0 for other in others if other != "429")
    ]
    counted = []
    for day in days:
        n = None
        if group == "429":
            n = day.throttled
        elif day.errors is not None and day.throttled is not None:
            n = day.errors - day.throttled if _holds(but_429, day.date) else None
        if n is None and _holds(pure, day.date):
            n = day.errors
        if n is not None and n >= 0:
            counted.append((day.date, n))
    return counted


def _holds(answers: Sequence[Usage], on: date) -> bool:
    return any(on in usage.window for usage in answers)


def _by_window(group: Group, answers: Sequence[Usage], start: Day | None) -> Onset | None:
    """Within how many days all of it came; None where that is the key's whole life."""
    counts = [(usage, counted_in(group, usage)) for usage in answers]
    longest = counts[-1][1] if counts else None
    if not longest:
        return None
    whole = next(usage for usage, n in counts if n == longest)
    if whole is answers[-1] or (start is not None and start.date >= whole.window.start):
        return None
    return Onset(since=whole.window.start, before=0, within_days=whole.window.days)


def _rise_of_429s(assessment: Assessment) -> Rise | None:
    days = [
        day._replace(errors=day.throttled, throttled=0)
        for day in assessment.days
        if day.throttled is not None
    ]
    found = detect_error_rise(days) if days else None
    return found if isinstance(found, Rise) else None


def _class_behind(answers: Sequence[Usage], days: Sequence[Day], rise: Rise) -> Group | None:
    """The class that made nearly all of the errors beyond the earlier rate; None for no single one."""
    apart = all(day.throttled is not None for day in days if day.date >= rise.since)
    classes = tuple(group for group in GROUPS if group != "429" or not apart)
    windows = contrast(answers, rise.since)
    before = windows[1].usage if windows else None
    if windows is None or before is None or not before.requests:
        only = [group for group in classes if _most(group, answers)]
        return only[0] if len(only) == 1 else None
    scale = (windows[0].requests or 0) / before.requests
    excess = {}
    for group in classes:
        now, earlier = counted_in(group, windows[0]), counted_in(group, before)
        if now is None or earlier is None:
            return None
        excess[group] = max(now - scale * earlier, 0)
    most = max(classes, key=lambda group: excess[group])
    return most if excess[most] and excess[most] >= OFTEN * sum(excess.values()) else None
