"""The account at one moment: what the service answered, and what is remembered of earlier answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple, TypeVar

from socd_tui.clock import duration
from socd_tui.model.errors import Problem
from socd_tui.model.key import ApiKey, told_apart
from socd_tui.model.past import Past
from socd_tui.model.record import dataclass, field
from socd_tui.model.usage import Dialect, Usage

T = TypeVar("T")

Mode = Literal["live", "demo", "cache", "file"]
"""Where figures come from: the service, the demo's, what is stored of earlier runs, or an export."""

Slot = tuple[str, int]
"""(key id, window length in days): what one usage call answers."""


CLOCKS_AGREE = timedelta(minutes=5)
"""Between two clocks that are both called right."""


class LeftOut(NamedTuple):
    """What is to be known of keys that are not in an export, for what is said of those that are."""

    keys: int = 0
    """How many there are."""
    pro: bool = False
    """Whether any is a Pro key in force."""
    payers: int = 0
    """How many pay for the window."""
    days: int = 0
    """The length of the window that `requests` are of."""
    requests: int | None = None
    """Of those that were in the picture: what the others are a share of; None where that is unknown."""


NONE_LEFT_OUT = LeftOut()


class Analysed(NamedTuple):
    """What was found out of some keys when they were stored; `analysis.recorded` makes it."""

    by: object
    """Which analysis it was."""
    keys: Mapping[str, ApiKey]
    """The keys, by id, and their answers, the shortest window first: what it was made of."""
    answers: Mapping[str, tuple[Usage, ...]]
    found: Mapping[str, object]
    """By key id, plain values."""


# Compared by identity: a reactive that compared big snapshots by value would cost milliseconds a change.
# Without a repr: at the end asyncio makes one of what a task returned, of a thousand keys for seconds.
@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Fleet:
    """The account's keys and, for each (key, window), a Usage, a Problem, or both.

    Both means the last good answer is kept while a newer request failed.
    """

    mode: Mode = "live"
    base_url: str = ""
    keys: tuple[ApiKey, ...] = ()
    gone: tuple[ApiKey, ...] = ()
    """Keys that were listed before, in this run or when the program ran last, and no longer are."""
    usages: Mapping[Slot, Usage] = field(default_factory=dict)
    failures: Mapping[Slot, Problem] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """Problems of the account, not of one key, e.g. an incomplete key list."""
    listed_at: datetime | None = None
    """This machine's clock when the key list arrived."""
    opened_at: datetime | None = None
    """This machine's clock when the program began to ask: older answers are remembered ones."""
    observed_at: datetime | None = None
    """The service's clock when its newest answer came."""
    heard_at: datetime | None = None
    """This machine's clock then, None when that was in an earlier run."""
    clock_ahead: timedelta = timedelta()
    """How far this machine's clock was ahead of the service's then; negative when it was behind."""
    past: Mapping[str, Past] = field(default_factory=dict)
    """What this machine remembers of keys from earlier fetches, by key id."""
    left_out: LeftOut = NONE_LEFT_OUT
    """Of an export, what of the account is not in it."""
    analysed: Analysed | None = None
    """Of one that was stored, what had been found out of it; whether it still holds is looked at again."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "keys", told_apart(self.keys))

    @property
    def at(self) -> datetime | None:
        """When the Fleet is of: the service's clock at its newest answer."""
        return self.observed_at or self.listed_at

    @property
    def now(self) -> datetime | None:
        """What keys have ended by: the newest answer's moment, or when the program began to ask after it."""
        if self.at is None or self.opened_at is None or self.heard_at is not None:
            return self.at
        return max(self.at, self.opened_at)

    @property
    def is_fixed(self) -> bool:
        """Whether nothing is asked: what is not there will not come."""
        return self.mode in ("cache", "file")

    @property
    def clock_off(self) -> str:
        """How far this machine's clock is off, as "3 h ahead"; nothing up to `CLOCKS_AGREE`."""
        off = abs(self.clock_ahead)
        if off <= CLOCKS_AGREE:
            return ""
        # A `Date` has no fractions, and an answer takes its time: two hours are not to be told as one.
        where = "ahead" if self.clock_ahead > timedelta() else "behind"
        return f"{duration(off + timedelta(seconds=30))} {where}"

    def key(self, key_id: str) -> ApiKey | None:
        return next((key for key in self.keys if key.id == key_id), None)

    def usage(self, key_id: str, days: int) -> Usage | None:
        return self.usages.get((key_id, days))

    def failure(self, key_id: str, days: int) -> Problem | None:
        return self.failures.get((key_id, days))

    def dialect(self, days: int) -> Dialect | None:
        """The one payload shape in use, "mixed" for several, None before any answer."""
        shapes = {
            usage.dialect for (_, window), usage in self.usages.items() if window == days and usage.dialect
        }
        return shapes.pop() if len(shapes) == 1 else ("mixed" if shapes else None)


def answers_by_key(usages: Mapping[Slot, Usage]) -> dict[str, tuple[Usage, ...]]:
    """Each key's answers, the shortest window first."""
    answers: dict[str, list[Usage]] = {}
    for key_id, days in sorted(usages):
        answers.setdefault(key_id, []).append(usages[key_id, days])
    return {key_id: tuple(each) for key_id, each in answers.items()}


def still_there(slots: Mapping[Slot, T], gone: Iterable[ApiKey]) -> dict[Slot, T]:
    """What is kept by key id and window in days, but for that of keys that are gone."""
    ids = {key.id for key in gone}
    return {slot: kept for slot, kept in slots.items() if slot[0] not in ids}


def of_the_newest_days(usages: Mapping[Slot, Usage]) -> dict[Slot, Usage]:
    """Without windows that ended before another of the same key did: that one tells their days anew."""
    ends: dict[str, date] = {}
    for (key_id, _), usage in usages.items():
        ends[key_id] = max(ends.get(key_id, date.min), usage.window.end)
    return {slot: usage for slot, usage in usages.items() if usage.window.end >= ends[slot[0]]}
