"""Whole days beside whole days before them, and what changed.

Windows end now and counts add up, so usage(N) − usage(1) is the window without today, and usage(2N) −
usage(N + 1) the same days a window earlier. A figure that this subtraction does not give is "not comparable",
with the reason. Response times cannot be subtracted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from socd_tui.analysis.subtract import K, Reasons, is_complete, subtract
from socd_tui.analysis.totals import add, by_path, combine, days_of_keys, one_day
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Compare, Lens, windows_to_compare
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.text import Text
from socd_tui.model.usage import COUNTS, Day, Usage
from socd_tui.model.window import LOOK_BACK, Window

if TYPE_CHECKING:
    from socd_tui.analysis.pair import Pair

BY_DATES = "the service tells this by windows that end now, not by dates"
"""Why codes, endpoints and 429s are not comparable of days that are over."""
BY_WEEK = "the service tells this by windows that end today, not by week"
"""Why codes, endpoints and 429s are not comparable by calendar week."""
WAITING = "waiting for the answer"
"""Why nothing is comparable yet."""


@dataclass(frozen=True)
class Change:
    """A count of some whole days and of those before."""

    now: int | None
    previous: int | None
    reason: str = ""
    """Why there is no `previous`."""
    so_far: int | None = None
    """Today's until now, which is in neither count; None where it is not told."""
    days: int | None = field(default=None, compare=False)
    """How many whole days `now` is of; None of a single day of a chart."""

    @property
    def comparable(self) -> bool:
        """Both counts are there."""
        return self.difference is not None

    @property
    def difference(self) -> int | None:
        """now − previous"""
        return None if self.now is None or self.previous is None else self.now - self.previous

    @property
    def ratio(self) -> float | None:
        """The difference as a share of the previous count; None where that is 0 or not comparable."""
        return self.difference / self.previous if self.difference is not None and self.previous else None


def sum_changes(changes: Iterable[Change | None]) -> Change | None:
    """The sum of some changes; not comparable when one of them is not, None without any."""
    parts = [change for change in changes if change]
    if not parts:
        return None
    not_comparable = next((part for part in parts if not part.comparable), None)
    return not_comparable or Change(
        add(part.now for part in parts),
        add(part.previous for part in parts),
        so_far=add(part.so_far for part in parts),
        days=parts[0].days,
    )


@dataclass(frozen=True, eq=False)
class Previous:
    """Whole days, and those they are compared with."""

    usage: Usage | None
    """The counts of the days before; None where nothing of them is known."""
    reasons: Reasons = field(default_factory=dict)
    """Why a count is not in `usage`, by its name in `COUNTS`, path or code; under "" why nothing is."""
    answers: tuple[Usage, ...] = ()
    """What it was subtracted from; empty for a sum, or where it was not."""
    now: Usage | None = None
    """The counts of the newer days."""
    pair: Pair | None = None
    """Which days they are."""
    so_far: Day | None = None
    """Today, which is in neither; None where the service sent no row for it."""
    today: Usage | None = None
    """The answer about today alone; None where the newer days were not told by windows."""
    days: tuple[Day, ...] = ()
    """Every day known, ascending: what the days of a chart stand beside."""

    def change(self, name: str) -> Change:
        """One of the totals, by its name in `COUNTS`."""
        change = self._change(name, lambda usage: getattr(usage, name))
        today = self.so_far.requests if self.so_far and name == "requests" else None
        return replace(change, so_far=today)

    def endpoint(self, path: Text) -> Change:
        return self._change(path, lambda usage: _listed(by_path(usage), path, usage))

    def status(self, code: int) -> Change:
        return self._change(code, lambda usage: _listed(usage.statuses, code, usage))

    def _change(self, what: str | Text | int, read: Callable[[Usage], int | None]) -> Change:
        now, previous = (read(usage) if usage else None for usage in (self.now, self.usage))
        kind = {Text: "endpoints", int: "statuses"}.get(type(what), "")
        so_far = read(self.today) if self.today else None
        reason = self.reasons.get("") or self.reasons.get(what) or self.reasons.get(kind)
        if reason or now is None or previous is None:
            return Change(now, None, reason or "the service did not say")
        return Change(now, previous, so_far=so_far, days=self.pair.now.days if self.pair else None)


def _listed(counts: Mapping[K, int] | None, item: K, usage: Usage) -> int | None:
    """An item's count: of one that the whole list leaves out 0, of a cut list unknown."""
    if counts is None or item in counts:
        return None if counts is None else counts[item]
    return 0 if is_complete(counts, usage.requests) else None


def previous_of_keys(parts: Sequence[Previous]) -> Previous:
    """The compared days of several keys as one; what is unknown of one of them is unknown of the sum."""
    if not parts:
        return Previous(None, {"": "there is no answer for this window"})
    return parts[0] if len(parts) == 1 else _summed(parts)


def previous_of_key(
    fleet: Fleet,
    key: ApiKey,
    now: Usage,
    lens: Lens,
    observed: Sequence[Day],
    made: Previous | None = None,
) -> Previous:
    """The whole days that the Lens compares, of the window that `now` answers.

    `observed` is every day known of the key; `made` is an earlier result, taken over where it was made from
    the same answers. Counts come of windows that end together, requests otherwise of daily rows.
    """
    kind = lens.compare or "same_length"
    chosen = _chosen(kind, now, lens)
    lengths = windows_to_compare(kind, lens.days)
    answers = tuple(
        usage for days in {*lengths, lens.days} if (usage := fleet.usage(key.id, days)) is not None
    )
    if made is not None and made.answers == answers and made.pair == chosen and made.days == observed:
        return made
    told, is_over = Previous(None, {"": BY_DATES}), chosen.now == now.window
    if not is_over:
        told = _of_windows(fleet, key, now, chosen, lens.days, lengths)
    why = told.reasons.get("") or _contradiction(key, told, chosen, observed)
    if why:
        told = _of_days(key, now, chosen, observed, why)
    today = next((day for day in reversed(observed) if day.date == now.observed_at.date()), None)
    today = None if is_over else today
    return replace(told, answers=answers, pair=chosen, so_far=today, days=tuple(observed))


def _chosen(kind: Compare, now: Usage, lens: Lens) -> Pair:
    """The days that are compared; those of named dates that are all over with as many before them."""
    from socd_tui.analysis.pair import Pair, pair

    window, today = now.window, now.observed_at.date()
    if lens.dates is None or window.end >= today or kind == "calendar_week":
        return pair(kind, today, lens.days)
    return Pair(kind, window, Window.ending(window.start - timedelta(days=1), window.days))


def _of_windows(
    fleet: Fleet, key: ApiKey, now: Usage, chosen: Pair, days: int, lengths: Sequence[int]
) -> Previous:
    """The days of each span as a longer window less a shorter one."""
    if chosen.kind == "calendar_week":
        return Previous(None, {"": BY_WEEK})
    if not lengths:
        return Previous(None, {"": f"the service looks back {LOOK_BACK}, not {2 * days}"})
    found = {days: now}
    for length in lengths:
        usage = fleet.usage(key.id, length)
        if usage is None:
            problem = fleet.failure(key.id, length)
            why = f"the {length}-day window failed: {problem.message}" if problem else WAITING
            return Previous(None, {"": why})
        found[length] = usage
    wrong = next((usage for length, usage in found.items() if usage.window.days != length), None)
    if wrong is not None:
        asked = next(length for length, usage in found.items() if usage is wrong)
        return Previous(None, {"": f"the service answered {wrong.window.days} days for {asked}"})
    shortest, *longer = sorted(found)
    middle, before_from, longest = (longer[0], longer[0], longer[1]) if days == 1 else longer
    newer = subtract(found[middle], found[shortest])
    older = subtract(found[longest], found[before_from])
    if newer.usage is None or older.usage is None:
        return Previous(None, newer.reasons if newer.usage is None else older.reasons)
    return Previous(older.usage, {**newer.reasons, **older.reasons}, now=newer.usage, today=found[shortest])


def _contradiction(key: ApiKey, told: Previous, chosen: Pair, observed: Sequence[Day]) -> str:
    """Both figures where daily rows tell another count than the windows do; empty where none does."""
    for window, usage in ((chosen.now, told.now), (chosen.before, told.usage)):
        by_days = _missing_or_sum(key, window, observed)
        counted = usage.requests if usage else None
        if isinstance(by_days, int) and counted is not None and by_days != counted:
            return f"the windows make it {counted:,} requests, the days {by_days:,}"
    return ""


def _missing_or_sum(key: ApiKey, window: Window, observed: Sequence[Day]) -> int | date | None:
    """The requests of these days, the first of them without a whole row, or None where one does not say."""
    first = window.start if key.created_at is None else max(window.start, key.created_at.date())
    by_date = {day.date: day for day in observed if first <= day.date <= window.end and day.full}
    if len(by_date) <= (window.end - first).days:
        return next(on for on in window.dates() if on >= first and on not in by_date)
    return add(day.requests for day in by_date.values())


def _of_days(key: ApiKey, now: Usage, chosen: Pair, observed: Sequence[Day], why: str) -> Previous:
    """The requests of each span as a sum of daily rows; of the rest `why` it is not known."""
    sums = {}
    for window in (chosen.now, chosen.before):
        requests = _missing_or_sum(key, window, observed)
        if not isinstance(requests, int):
            by_week = chosen.kind == "calendar_week" and requests is not None
            return Previous(None, {"": f"no row for {requests}" if by_week else why})
        sums[window] = requests
    reasons: dict[str | Text | int, str] = {name: why for name in COUNTS if name != "requests"}
    reasons |= {"endpoints": why, "statuses": why}
    newer, older = (
        Usage(
            key_id=key.id,
            window=window,
            fetched_at=now.fetched_at,
            observed_at=now.observed_at,
            requests=requests,
        )
        for window, requests in sums.items()
    )
    return Previous(older, reasons, now=newer)


def _summed(parts: Sequence[Previous]) -> Previous:
    if len({part.pair for part in parts}) > 1:
        return Previous(None, {"": "the keys answered on different days"})
    today = [part.so_far for part in parts if part.so_far]
    whole = Previous(
        None,
        pair=parts[0].pair,
        so_far=one_day(today[0].date, today, len(parts)) if today else None,
        days=days_of_keys([part.days for part in parts]),
    )
    missing = [part.reasons[""] for part in parts if part.usage is None]
    if missing:
        of = "" if len(missing) == len(parts) else f"{len(missing)} of {len(parts)} keys: "
        return replace(whole, reasons={"": f"{of}{missing[0]}"})
    reasons = {what: reason for part in parts for what, reason in part.reasons.items()}
    return replace(
        whole,
        usage=_without(combine([part.usage for part in parts if part.usage]), reasons),
        now=_without(combine([part.now for part in parts if part.now]), reasons),
        today=combine([part.today for part in parts if part.today])
        if all(part.today for part in parts)
        else None,
        reasons=reasons,
    )


def _without(sums: Usage | None, reasons: Reasons) -> Usage | None:
    """The sum without what one of its parts did not tell."""
    if sums is None:
        return None
    rows, codes = sums.endpoints, sums.statuses
    return replace(
        sums,
        endpoints=tuple(row for row in rows if row.path not in reasons) if rows is not None else None,
        statuses={code: n for code, n in codes.items() if code not in reasons} if codes is not None else None,
    )
