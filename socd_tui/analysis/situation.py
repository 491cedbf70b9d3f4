"""What the four questions come to for some keys: who burns the limit, the cap, the 4xx, what was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Literal

from socd_tui.analysis.budget import Budget
from socd_tui.analysis.findings import NearingCap, RunningAway, Throttled
from socd_tui.analysis.known import Known
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.standing import Standing, Total, total
from socd_tui.analysis.subtract import APART
from socd_tui.analysis.totals import add
from socd_tui.analysis.usual_days import LEAST_RATIO_DAYS
from socd_tui.model.record import dataclass, field
from socd_tui.model.usage import Usage, ratio

Counts = Iterable[int | None]
Trend = Literal["up", "usual", "down"]

STEP = 0.25
"""A share that is so much above or below its usual, relative to it, is no longer usual."""
LEAST_STEP = 0.001
"""And by at least so much of all requests."""
SURE = 3.0
"""Standard deviations of a count (Poisson) that chance does not explain."""


_counts = attrgetter("requests", "client_errors", "server_errors", "throttled")


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Answers of one class, and of how many requests; and their share in the days before the window."""

    count: int | None
    requests: int | None
    usual: float | None = None
    """Their share in the days before the window; None without days enough to say it."""

    @property
    def share(self) -> float | None:
        return ratio(self.count, self.requests)

    @property
    def trend(self) -> Trend | None:
        """How it stands beside the days before; None without evidence."""
        share = self.share
        if share is None or self.usual is None or self.count is None or not self.requests:
            return None
        expected = self.usual * self.requests
        off = abs(share - self.usual) > max(STEP * self.usual, LEAST_STEP)
        sure = abs(self.count - expected) > SURE * max(expected, 1.0) ** 0.5
        return "usual" if not (off and sure) else "up" if share > self.usual else "down"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How some keys stand to one of their limits, in the window."""

    known: int = 0
    """Keys of which that is known."""
    reached: int = 0
    highest: float | None = None
    """The largest share of the limit that one of them used."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Some keys in the window looked at. None is unknown."""

    keys: int
    answered: int
    namesakes: frozenset[str] = frozenset()
    """Ids of the keys whose name another one has, too."""
    running: tuple[RunningAway, ...] = ()
    """Keys that run away now, the worst first."""
    busiest: Standing | None = None
    """The key with the most requests; None where none has any."""
    as_usual: bool | None = None
    """Whether the busiest key makes as many requests as it usually does."""
    over: int = 0
    """Keys that reached a limit."""
    near: int = 0
    """Keys that came near one, and reached none."""
    minute: Limits = field(default_factory=Limits)
    day: Limits = field(default_factory=Limits)
    nearing: int = 0
    """Keys that are likely to reach their day cap."""
    client: Rate
    """4xx without 429, of the requests without 429."""
    server: Rate
    """5xx."""
    refused: Rate
    """429."""
    refused_keys: tuple[Standing, ...] = ()
    """The keys with a 429, the most first."""
    hourly: bool = False
    """Whether one of them is refused nearly every hour."""


def situation(known: Known, rows: Sequence[Standing]) -> Situation:
    """Of the keys of these rows."""
    sums, answered = total(rows), [row for row in rows if row.usage]
    findings = known.findings([row.key for row in rows]).worst_first
    client, server, refused = _rates(sums, _longer(known, answered))
    verdicts = [row.budgets.verdict for row in answered]
    busiest = max(answered, key=lambda row: row.requests or 0, default=None)
    throttled = [(row.usage.throttled, row) for row in answered if row.usage and row.usage.throttled]

    return Situation(
        keys=len(rows),
        answered=len(answered),
        namesakes=frozenset(row.key.id for row in rows if row.has_namesake),
        running=tuple(each for each in findings if isinstance(each, RunningAway)),
        busiest=busiest if busiest and busiest.requests else None,
        as_usual=_as_usual(known, busiest) if busiest else None,
        over=sum(word in ("over", "throttled") for word in verdicts),
        near=verdicts.count("near"),
        minute=_limits(row.budgets.minute for row in answered),
        day=_limits(row.budgets.day for row in answered),
        nearing=sum(isinstance(each, NearingCap) for each in findings),
        client=client,
        server=server,
        refused=refused,
        refused_keys=tuple(row for _, row in sorted(throttled, key=lambda pair: -pair[0])),
        hourly=any(
            isinstance(each, Throttled) and each.pattern is not None and each.pattern.every_hour
            for each in findings
        ),
    )


def _rates(sums: Total, longer: Sequence[Usage]) -> tuple[Rate, Rate, Rate]:
    """Of 4xx without 429, 5xx and 429: those of the window, and where longer answers say it, their shares in
    the days before."""
    requests, client, server, refused = [*zip(*map(_counts, longer), strict=True)] or [()] * 4

    def rate(now: int | None, of: int | None, count: Counts, among: Counts) -> Rate:
        before = _less(add(count), now), _less(add(among), of)
        return Rate(count=now, requests=of, usual=ratio(*before) if longer else None)

    return (
        rate(
            _less(sums.client_errors, sums.throttled),
            _less(sums.requests, sums.throttled),
            map(_less, client, refused),
            map(_less, requests, refused),
        ),
        rate(sums.server_errors, sums.requests, server, requests),
        rate(sums.throttled, sums.requests, refused, requests),
    )


def _longer(known: Known, rows: Sequence[Standing]) -> list[Usage]:
    """Each key's longest answer; none where one of them is of another moment, or has too few days besides."""
    longer = []
    for row in rows:
        now, answers = row.usage, known.by_key[row.key.id].ground.answers
        whole = answers[-1] if answers else None
        if now is None or whole is None or whole.window.days - now.window.days < LEAST_RATIO_DAYS:
            return []
        if abs(whole.observed_at - now.observed_at) > APART:
            return []
        longer.append(whole)
    return longer


def _less(count: int | None, part: int | None) -> int | None:
    """The rest of a count; None where one is unknown, or they contradict."""
    return None if count is None or part is None or part > count else count - part


def _as_usual(known: Known, row: Standing) -> bool | None:
    facts = known.by_key[row.key.id]
    found = facts.assessment
    if facts.ground.awaited or isinstance(found.runaway, NotEnough) or not found.days:
        return None
    return found.runaway is None


def _limits(budgets: Iterable[Budget]) -> Limits:
    ratios = [share for budget in budgets if (share := budget.highest) is not None]
    return Limits(
        known=len(ratios), reached=sum(share >= 1 for share in ratios), highest=max(ratios, default=None)
    )
