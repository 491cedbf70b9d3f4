"""What the person looks through. With a Fleet it determines everything shown, printed or exported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.window import DEFAULT_DAYS, double, longest_days, service_days


@dataclass(frozen=True)
class Sort:
    """One column; descending suits counts, so it is how a sort starts."""

    column: str
    descending: bool = True


@dataclass(frozen=True)
class Lens:
    """View, keys, window and cursor.

    `only` restricts the whole picture to some keys (`--key`); empty means all. `focus` is the key
    under the cursor; `marked` keys are summed. Cursors are kept as what they point at (a date, an
    hour, a row's name), so they stay there when the view, the key or the window changes.
    """

    view: str = "overview"
    days: int = DEFAULT_DAYS
    only: tuple[str, ...] = ()
    focus: str | None = None
    marked: frozenset[str] = frozenset()
    date: date | None = None
    hour: datetime | None = None
    rows: Mapping[str, str] = field(default_factory=dict)
    """Row under the cursor by view name."""

    filters: Mapping[str, str] = field(default_factory=dict)
    """What narrows a view's rows, as typed, by view name."""
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    """What orders a view's rows, by view name; the view's own order without one."""
    compare: bool = False
    """Whether figures stand beside those of the equal window before."""
    local: bool = False
    """Whether hours are shown in this machine's zone; dates of days stay UTC, as the service counts them."""
    folded: bool = False
    """Whether the 429 map folds its days to weekdays."""
    own_scale: bool = False
    """Whether each key's trend has a scale of its own, to see its shape, or all share one, to compare."""
    beside: str = "series"
    """The second view, where there is room for two."""

    def at_row(self, view: str, row: str) -> Lens:
        return replace(self, rows={**self.rows, view: row})


BASELINE = (7, longest_days())
"""Windows that tell what is recent and what is usual, whatever the person looks at; the usual comes last."""

LATENCY_WINDOWS = (1, 7, 30)
"""Percentiles belong to their window and do not subtract: to compare them is to see these side by side."""


@dataclass(frozen=True)
class Wanted:
    """Windows in days, for the service to be asked: `now` of one moment, `background` less often."""

    now: tuple[int, ...]
    background: tuple[int, ...] = ()


def wanted(lens: Lens, *, baseline: bool = True) -> Wanted:
    """What the picture is made from, in the order it is needed."""
    days = service_days(lens.days)
    both = double(days) if lens.compare else None
    beside = LATENCY_WINDOWS if lens.compare and lens.view == "overview" else ()
    background = (*beside, *(BASELINE if baseline else ()))
    now = (days, both) if both else (days,)
    return Wanted(now, tuple(dict.fromkeys(each for each in background if each not in now)))


def visible(fleet: Fleet, lens: Lens) -> tuple[ApiKey, ...]:
    """The keys in the picture, in the service's order."""
    return tuple(key for key in fleet.keys if not lens.only or key.id in lens.only)


def subject(fleet: Fleet, lens: Lens) -> tuple[ApiKey, ...]:
    """The keys a pane speaks of: the marked ones, else the focused one, else all in the picture."""
    keys = visible(fleet, lens)
    chosen = tuple(key for key in keys if key.id in lens.marked)
    if not chosen and lens.focus is not None:
        chosen = tuple(key for key in keys if key.id == lens.focus)
    return chosen or keys
