"""What a family of metrics is, and what its samples are made from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args

from socd_tui.analysis.bill import bill
from socd_tui.analysis.findings import Findings
from socd_tui.analysis.known import KeyFacts, Known
from socd_tui.analysis.standing import Standing, standings
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.record import dataclass, field
from socd_tui.model.text import inert
from socd_tui.model.usage import Usage

if TYPE_CHECKING:
    from socd_tui.store.counters import Counters

Group = Literal[
    "tool",
    "keys",
    "counters",
    "window",
    "codes",
    "endpoints",
    "latency",
    "limits",
    "findings",
    "forecast",
    "advice",
    "cost",
]
ALWAYS: tuple[Group, ...] = ("tool", "keys")
"""Groups that cannot be left out: all others are joined to them."""
OPTIONAL: tuple[Group, ...] = tuple(group for group in get_args(Group) if group not in ALWAYS)

COUNTER = "_total"
"""How the name of a counter ends."""

Row: TypeAlias = tuple[tuple[str, ...], float | None]
"""The values of a family's labels, and what is measured; None where that is unknown."""


class Sample(NamedTuple):
    """One figure. `at` is its moment, None for the moment at which it is read."""

    labels: tuple[tuple[str, str], ...]
    value: float
    at: datetime | None = None


@dataclass(frozen=True)
class Metric:
    """One family with its samples, ready to be written."""

    name: str
    help: str
    samples: tuple[Sample, ...]

    @property
    def is_counter(self) -> bool:
        return self.name.endswith(COUNTER)


@dataclass(frozen=True, kw_only=True)
class KeyReading:
    """One key, and all that its samples are made from."""

    standing: Standing
    facts: KeyFacts
    window: str
    """The window that is looked at, as a label: 7d."""
    counters: Counters | None
    """None for a key without figures, and where nothing is remembered."""
    owner: str
    """Empty for a key that nobody claims."""
    cents_a_month: int | None

    @property
    def key(self) -> ApiKey:
        return self.standing.key

    @property
    def usage(self) -> Usage | None:
        """Of the window that is looked at."""
        return self.standing.usage

    @cached_property
    def newest(self) -> Usage | None:
        """The answer that came last, of whatever window."""
        return max(self.facts.ground.answers, key=lambda usage: usage.observed_at, default=None)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that the samples of one moment are made from."""

    known: Known
    lens: Lens
    is_up: bool | None
    """Whether the list of keys could be read at the last refresh; None where nobody was asked."""
    took_s: float | None = None
    """How long that refresh took."""
    expires_at: datetime | None = None
    """When the session ends by its own word."""
    counters: Mapping[str, Counters] = field(default_factory=dict)
    """What the history's stand at, by key id."""
    refreshes: int | None = None
    """How often was asked since the exporter began; None outside of one."""
    failures: Mapping[str, int] = field(default_factory=dict)
    """How many of these failed, by cause."""

    @cached_property
    def keys(self) -> tuple[KeyReading, ...]:
        """All keys, in the service's order."""
        charges = {charge.standing.key.id: charge for charge in bill(self.known, self.lens).charges}
        window = f"{self.lens.days}d"
        return tuple(
            KeyReading(
                standing=row,
                facts=self.known.by_key[row.key.id],
                window=window,
                counters=self.counters.get(row.key.id),
                owner=inert(charges[row.key.id].owner or ""),
                cents_a_month=charges[row.key.id].cents_a_month,
            )
            for row in standings(self.known, self.lens)
        )

    @cached_property
    def findings(self) -> Findings:
        return self.known.findings([each.key for each in self.keys])


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family: what it is called, what it says, and how its samples are made."""

    name: str
    help: str
    group: Group
    labels: tuple[str, ...] = ()
    rows: Callable[[Reading], Iterable[Row]]

    def metric(self, reading: Reading) -> Metric:
        """Its samples now; what is unknown has none."""
        samples = tuple(
            Sample(tuple(zip(self.labels, values, strict=True)), value)
            for values, value in self.rows(reading)
            if value is not None
        )
        return Metric(self.name, self.help, samples)


def of_account(read: Callable[[Reading], float | None]) -> Callable[[Reading], Iterable[Row]]:
    """One sample, without labels."""
    return lambda reading: [((), read(reading))]


def of_key(read: Callable[[KeyReading], float | None]) -> Callable[[Reading], Iterable[Row]]:
    """One sample a key, whose label is the key's id."""
    return lambda reading: (((each.key.id,), read(each)) for each in reading.keys)


def of_each(rows: Callable[[KeyReading], Iterable[Row]]) -> Callable[[Reading], Iterable[Row]]:
    """Several samples a key: the labels after its id are those that `rows` gives."""

    def all_rows(reading: Reading) -> Iterator[Row]:
        for each in reading.keys:
            for values, value in rows(each):
                yield (each.key.id, *values), value

    return all_rows


def seconds(moment: datetime | None) -> float | None:
    """Since 1970."""
    return None if moment is None else moment.timestamp()
