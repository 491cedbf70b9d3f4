"""What can be wrong with a key, each kind a class of its own with its evidence.

To add a kind: write its class here and put it into `Finding`, make it in `analysis/diagnosis.py`, and say
what is shown of it where the type checker then points to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import ClassVar, TypeAlias, get_args

from socd_tui.analysis.assessment import Assessment, Ground
from socd_tui.analysis.forecast import Forecast
from socd_tui.analysis.not_enough import NotEnough
from socd_tui.analysis.runaway import Habit, Rise, Runaway
from socd_tui.analysis.triage import Culprit, Pattern, Since
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass
from socd_tui.model.threshold import Gravity
from socd_tui.model.window import Window


@dataclass(frozen=True, kw_only=True)
class RunningAway:
    """The key makes far more requests than usual, until now."""

    kind: ClassVar[str] = "runaway"
    gravity: ClassVar[Gravity] = "high"
    key: ApiKey
    runaway: Runaway
    culprit: Culprit | None
    """The endpoint behind it; None where the answers do not tell it."""
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return self.runaway.now


@dataclass(frozen=True, kw_only=True)
class Capped:
    """The key reached its day cap in the last full week, or today."""

    kind: ClassVar[str] = "capped"
    gravity: ClassVar[Gravity] = "high"
    key: ApiKey
    limit: int
    """Requests per day."""
    newest: date
    """The newest day at the cap."""
    since: Since | None
    """The first of the days in a row at the cap; None where the newest full day was below it."""

    @property
    def weight(self) -> float:
        return self.limit


@dataclass(frozen=True, kw_only=True)
class Throttled:
    """A limit refuses a good part of the key's requests."""

    kind: ClassVar[str] = "throttled"
    gravity: ClassVar[Gravity] = "medium"
    key: ApiKey
    requests: int
    """Answered with 429 in the window."""
    share: float
    """Of all the key's requests in the window."""
    window: Window
    since: Since | None
    """The first of the days in a row with a 429; None where that is unknown or the newest had none."""
    pattern: Pattern | None

    @property
    def weight(self) -> float:
        return self.share


@dataclass(frozen=True, kw_only=True)
class ErrorsRising:
    """More of the key's requests fail than usual, 429 left out."""

    kind: ClassVar[str] = "rise"
    gravity: ClassVar[Gravity] = "medium"
    key: ApiKey
    rise: Rise
    codes: tuple[int, ...]
    """The status codes behind it, the most frequent first; empty where the answers do not tell them."""

    @property
    def weight(self) -> float:
        return self.rise.now - self.rise.usual


@dataclass(frozen=True, kw_only=True)
class NearingCap:
    """The key is more likely to reach its day cap within the horizon of its forecast than not."""

    kind: ClassVar[str] = "heading"
    gravity: ClassVar[Gravity] = "medium"
    key: ApiKey
    forecast: Forecast

    @property
    def weight(self) -> float:
        return self.forecast.chance


@dataclass(frozen=True, kw_only=True)
class Burst:
    """The key made far more requests than usual on days of the last week, and no longer does."""

    kind: ClassVar[str] = "burst"
    gravity: ClassVar[Gravity] = "low"
    key: ApiKey
    runaway: Runaway
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return self.runaway.now


@dataclass(frozen=True, kw_only=True)
class EndedInUse:
    """Something still asks with a key that was revoked or has expired."""

    kind: ClassVar[str] = "ended"
    gravity: ClassVar[Gravity] = "low"
    key: ApiKey
    ended: date
    requests: int
    """In the last seven days, and after the key ended."""
    codes: tuple[int, ...]
    """The most frequent error code of the recent window, if any."""
    today: date | None = None

    @property
    def weight(self) -> float:
        return self.requests


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """The key expires soon."""

    kind: ClassVar[str] = "expiring"
    gravity: ClassVar[Gravity] = "low"
    key: ApiKey
    expires: date
    left: timedelta
    """Until it expires, from when the service listed it."""
    requests: int | None
    """In the window; None where the service did not say."""
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return -self.left.total_seconds()


@dataclass(frozen=True, kw_only=True)
class Failing:
    """Much of what the key asks for fails, 429 left out, and that is its usual."""

    kind: ClassVar[str] = "failing"
    gravity: ClassVar[Gravity] = "low"
    key: ApiKey
    requests: int
    """That failed in the recent window."""
    share: float
    """Of all its requests in that window."""
    since: Since | None
    """The first of the days in a row that failed as much; None where that is unknown."""
    codes: tuple[int, ...]
    """The two most frequent error codes."""

    @property
    def weight(self) -> float:
        return self.share


@dataclass(frozen=True, kw_only=True)
class UsualBurst:
    """The key made far more requests than usual in the last week, as it does again and again."""

    kind: ClassVar[str] = "habit"
    gravity: ClassVar[Gravity] = "none"
    key: ApiKey
    habit: Habit
    window: Window | None
    """The recent window; None without a fresh answer."""

    @property
    def weight(self) -> float:
        return self.habit.run.now


Finding: TypeAlias = (
    RunningAway
    | Capped
    | Throttled
    | ErrorsRising
    | NearingCap
    | Burst
    | EndedInUse
    | Expiring
    | Failing
    | UsualBurst
)
"""One thing that is wrong with one key. The kinds are ranked as they stand here, the worst first; of one
kind the finding with the largest `weight` comes first."""

_RANKED: tuple[type[Finding], ...] = get_args(Finding)


@dataclass(frozen=True)
class Findings:
    """All findings of some keys.

    `judged` keys had days enough to say what is usual, `unjudged` had some, but too few; the answers
    that tell it are not there yet for `awaited` keys.
    """

    worst_first: tuple[Finding, ...]
    judged: int
    unjudged: int
    awaited: int = 0


def ranked(parts: Iterable[tuple[Ground, Assessment, Sequence[Finding]]]) -> Findings:
    """What is wrong with some keys; a part is one key's ground, its assessment and its findings."""
    parts = list(parts)
    judged = [(assessment, findings) for ground, assessment, findings in parts if not ground.awaited]
    worst_first = sorted(
        (finding for _, findings in judged for finding in findings),
        key=lambda finding: (_RANKED.index(type(finding)), -finding.weight),
    )
    with_days = [assessment for assessment, _ in judged if assessment.today]
    unjudged = sum(
        isinstance(each.runaway, NotEnough) or isinstance(each.rise, NotEnough) for each in with_days
    )
    return Findings(tuple(worst_first), len(with_days) - unjudged, unjudged, len(parts) - len(judged))
