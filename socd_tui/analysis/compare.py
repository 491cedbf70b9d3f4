"""The equal window before this one, and what changed.

Windows end now and counts add up, so usage(2N) − usage(N) is the N days before. A figure that this
subtraction does not give is "not comparable", with the reason. Response times cannot be subtracted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

from socd_tui.analysis.totals import add, by_path, combine
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.text import Text
from socd_tui.model.usage import COUNTS, Endpoint, Usage
from socd_tui.model.window import LOOK_BACK, Window, double

K = TypeVar("K", Text, int)

APART = timedelta(minutes=15)
"""Answers further apart than this are not of one moment, and cannot be subtracted."""


@dataclass(frozen=True)
class Change:
    """A count in this window and in the one before."""

    now: int | None
    previous: int | None
    reason: str = ""
    """Why there is no `previous`."""

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
    return not_comparable or Change(add(part.now for part in parts), add(part.previous for part in parts))


@dataclass(frozen=True, eq=False)
class Previous:
    """The window before."""

    usage: Usage | None
    """Its counts; None where nothing of it is known."""
    reasons: Mapping[str | Text | int, str] = field(default_factory=dict)
    """Why a count is not in `usage`, by its name in `COUNTS`, path or code; under "" why nothing is."""
    answers: tuple[Usage, ...] = ()
    """The longer and the shorter answer it was subtracted from; empty for a sum, or where it was not."""

    def change(self, name: str, now: int | None) -> Change:
        """One of the totals, by its name in `COUNTS`."""
        return self._change(name, now, getattr(self.usage, name) if self.usage else None)

    def endpoint(self, path: Text, now: int | None) -> Change:
        rows = self.usage.endpoints or () if self.usage else ()
        return self._change(path, now, next((row.requests for row in rows if row.path == path), None))

    def status(self, code: int, now: int | None) -> Change:
        return self._change(code, now, (self.usage.statuses or {}).get(code) if self.usage else None)

    def _change(self, what: str | Text | int, now: int | None, previous: int | None) -> Change:
        if previous is not None:
            return Change(now, previous)
        kind = {Text: "endpoints", int: "statuses"}.get(type(what), "")
        reason = self.reasons.get("") or self.reasons.get(what) or self.reasons.get(kind)
        return Change(now, None, reason or "the service did not say")


def previous_of_keys(parts: Sequence[Previous]) -> Previous:
    """The windows before of several keys as one; what is unknown of one of them is unknown of the sum."""
    if not parts:
        return Previous(None, {"": "there is no answer for this window"})
    return parts[0] if len(parts) == 1 else _summed(parts)


def previous_of_key(
    fleet: Fleet, key: ApiKey, now: Usage, days: int, made: Previous | None = None
) -> Previous:
    """The window before the one of `days` that `now` answers; `made` where it comes from the same answers."""
    both = double(days)
    if both is None:
        return Previous(None, {"": f"the service looks back {LOOK_BACK}, {2 * days} would be needed"})
    longer = fleet.usage(key.id, both)
    if longer is None:
        problem = fleet.failure(key.id, both)
        why = f"the {both}-day window failed: {problem.message}" if problem else "waiting for the answer"
        return Previous(None, {"": why})
    if made is not None and made.answers == (longer, now):
        return made
    return _subtracted(now, longer, days)


def _subtracted(now: Usage, longer: Usage, days: int) -> Previous:
    if now.window.days != days or longer.window.days != 2 * days:
        return Previous(None, {"": f"the service answered {now.window.days} and {longer.window.days} days"})
    return subtract(longer, now)


def subtract(longer: Usage, now: Usage) -> Previous:
    """What the longer window holds besides the shorter one that ends with it."""
    reason = _why_not(now, longer)
    if reason:
        return Previous(None, {"": reason})
    start, end = longer.window.start, now.window.start - timedelta(days=1)
    window = Window((end - start).days + 1, start, end, longer.window.source)
    reasons: dict[str | Text | int, str] = {}
    counts: dict[str, Any] = {}
    for name in COUNTS:
        counts[name], reason = _difference(getattr(longer, name), getattr(now, name))
        if reason:
            reasons[name] = reason
    statuses, reasons_by_code = _differences(
        longer.statuses, now.statuses, complete=_is_complete(now.statuses, now.requests), what="codes"
    )
    rows, reasons_by_path = _endpoints(now, longer)
    return Previous(
        Usage(
            key_id=now.key_id,
            window=window,
            fetched_at=longer.fetched_at,
            observed_at=longer.observed_at,
            dialect=longer.dialect,
            statuses=statuses,
            endpoints=rows,
            days=tuple(day for day in longer.days if day.date in window) if longer.days is not None else None,
            hours=tuple(hour for hour in longer.hours if hour.start.date() in window)
            if longer.hours is not None
            else None,
            **counts,
        ),
        {**reasons, **reasons_by_code, **reasons_by_path},
        (longer, now),
    )


def _why_not(now: Usage, longer: Usage) -> str:
    """Why these two answers cannot be subtracted at all; empty when they can."""
    if longer.window.start >= now.window.start:
        return "the longer window does not begin earlier"
    if now.window.end != longer.window.end:
        return "the two answers end on different days"
    apart = abs(longer.observed_at - now.observed_at)
    if apart > APART:
        return f"the two answers are {round(apart.total_seconds() / 60)} min apart"
    return ""


def _difference(longer: int | None, now: int | None) -> tuple[int | None, str]:
    """The difference, or why there is none."""
    if longer is None or now is None:
        return None, "the service did not say"
    if longer < now:
        return None, f"the longer window counts fewer ({longer:,} < {now:,})"
    return longer - now, ""


def _is_complete(counts: Mapping[K, int] | None, requests: int | None) -> bool:
    """Whether the list accounts for every request, so that what is not in it is zero."""
    return counts is not None and requests is not None and sum(counts.values()) == requests


def _differences(
    longer: Mapping[K, int] | None, now: Mapping[K, int] | None, *, complete: bool, what: str
) -> tuple[dict[K, int] | None, dict[str | Text | int, str]]:
    """Each count of the longer list less that of the shorter, and of the others the reason why not.

    `complete`: what the shorter list leaves out is zero.
    """
    if longer is None or now is None:
        return None, {"statuses" if what == "codes" else what: f"the service sent no {what}"}
    differences: dict[K, int] = {}
    reasons: dict[str | Text | int, str] = {}
    for item in {**now, **longer}:
        if item not in longer:
            reasons[item] = f"the longer window's {what} leave it out"
        elif item not in now and not complete:
            reasons[item] = f"this window's list of {what} is cut short"
        else:
            difference, reason = _difference(longer[item], now.get(item, 0))
            if difference is None:
                reasons[item] = reason
            else:
                differences[item] = difference
    return differences, reasons


def _endpoints(now: Usage, longer: Usage) -> tuple[tuple[Endpoint, ...] | None, dict[str | Text | int, str]]:
    counts = by_path(now)
    requests, reasons = _differences(
        by_path(longer), counts, complete=_is_complete(counts, now.requests), what="endpoints"
    )
    if requests is None:
        return None, reasons
    return tuple(Endpoint(path=path, requests=count) for path, count in requests.items()), reasons


def _summed(parts: Sequence[Previous]) -> Previous:
    missing = [part.reasons[""] for part in parts if part.usage is None]
    if missing:
        of = "" if len(missing) == len(parts) else f"{len(missing)} of {len(parts)} keys: "
        return Previous(None, {"": f"{of}{missing[0]}"})
    sums = combine([part.usage for part in parts if part.usage])
    if sums is None:
        return Previous(None, {"": "there is no answer for this window"})
    reasons = {what: reason for part in parts for what, reason in part.reasons.items()}
    rows, codes = sums.endpoints, sums.statuses
    return Previous(
        replace(
            sums,
            endpoints=tuple(row for row in rows if row.path not in reasons) if rows is not None else None,
            statuses={code: n for code, n in codes.items() if code not in reasons}
            if codes is not None
            else None,
        ),
        reasons,
    )
