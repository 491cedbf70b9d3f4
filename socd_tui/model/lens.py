"""What the person looks through. With a Fleet it determines everything shown, printed or exported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal, assert_never, get_args

from socd_tui.model.days import DEFAULT_DAYS
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.record import dataclass, field, replace
from socd_tui.model.target import (
    ActionTarget,
    AllKeysTarget,
    BackTarget,
    DayTarget,
    EnterTarget,
    FindingTarget,
    HourTarget,
    KeyTarget,
    OwnerTarget,
    QuietTarget,
    RowTarget,
    SortTarget,
    Target,
    ViewTarget,
)
from socd_tui.model.window import Dates, answered_by_service, longest_days, service_days

Compare = Literal["same_length", "calendar_week"]
"""What is compared: the whole days of the window with those a window earlier, or by calendar weeks."""
COMPARISONS: tuple[Compare, ...] = get_args(Compare)


def windows_to_compare(kind: Compare, days: int) -> tuple[int, ...]:
    """Lengths of the windows that comparing takes besides the one of `days`; none beyond the service's.

    Two windows that end now differ by whole days: the shorter one holds today. For a calendar week, whose
    length depends on the date, the daily rows of two weeks and a day have to do.
    """
    if kind == "calendar_week":
        return (15,)
    wanted = (2, 3) if days == 1 else (1, days + 1, 2 * days)
    return wanted if all(map(answered_by_service, wanted)) else ()


@dataclass(frozen=True)
class Sort:
    """One column; descending suits counts, so it is how a sort starts."""

    column: str
    descending: bool = True


@dataclass(frozen=True, kw_only=True)
class Lens:
    """View, keys, window and cursor.

    `only` restricts the whole picture to some keys (`--key`); empty means all. `focus` is the key
    under the cursor, None for all keys together; `marked` keys are summed. Cursors are kept as what
    they point at (a date, an hour, a row's name), so they stay there when the view, the key or the
    window changes.
    """

    view: str = "overview"
    days: int = DEFAULT_DAYS
    """Length of the window, which ends now."""
    dates: Dates | None = None
    """The days that were named instead; `days` is then how many they are."""
    only: tuple[str, ...] = ()
    focus: str | None = None
    marked: frozenset[str] = frozenset()
    date: date | None = None
    hour: datetime | None = None
    finding: FindingTarget | None = None
    """The finding under the cursor, while its key has the focus."""
    shared: QuietTarget | OwnerTarget | None = None
    """The row that several keys share, where the cursor is on one; no single key has the focus then."""
    landing: bool = True
    """Whether nobody has chosen a key or a finding yet: the focus is then on the worst finding there is."""
    rows: Mapping[str, str] = field(default_factory=dict)
    """Row under the cursor by view name."""
    path: str | None = None
    """The endpoint that is looked into, for which keys ask it; None for all endpoints."""

    filters: Mapping[str, str] = field(default_factory=dict)
    """What narrows a view's rows, as typed, by view name."""
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    """What orders a view's rows, by view name; the view's own order without one."""
    compare: Compare | None = None
    """Which whole days stand beside those before them; None for none."""
    local: bool = False
    """Whether hours are shown in this machine's zone; dates of days stay UTC, as the service counts them."""
    folded: bool = False
    """Whether the 429 map folds its days to weekdays."""
    rescaled: frozenset[str] = frozenset()
    """Names of the views on the other of their two scales: one key's own, or one for all keys."""
    noticed: frozenset[str] = frozenset()
    """Ids of keys of which the person has seen that they are gone."""
    caught_up: datetime | None = None
    """The last visit (its `at`) since which the person has taken note of what is new."""
    by: str = ""
    """What the rows of a view's files are of, one of its `groupings`; empty for its own."""
    beside: str = "key"
    """The second view, where there is room for two."""

    def __hash__(self) -> int:
        return hash((self.view, self.days, self.only, self.compare, *self.filters.values()))

    def of_keys(self) -> Lens:
        """What of it decides what is known of all keys in the picture."""
        return Lens(view="", days=self.days, dates=self.dates, only=self.only, compare=self.compare)

    def of_rows(self, view: str) -> Lens:
        """What of it decides which rows a view of all keys has, and how they are drawn.

        Left out are the cursor, the marks, and what is asked of other views.
        """
        return Lens(
            view=view,
            days=self.days,
            dates=self.dates,
            only=self.only,
            compare=self.compare,
            filters={name: text for name, text in self.filters.items() if name == view},
            sorts={name: sort for name, sort in self.sorts.items() if name == view},
            rescaled=self.rescaled & {view},
            by=self.by,
        )

    def looking_back(self, days: int) -> Lens:
        """The Lens on a window of that length that ends now."""
        return replace(self, days=days, dates=None)

    def compared_next(self) -> Lens:
        """The Lens after one press of the key that compares: by length, by calendar week, not at all."""
        kinds = (None, *COMPARISONS)
        return replace(self, compare=kinds[(kinds.index(self.compare) + 1) % len(kinds)])

    @property
    def marks(self) -> frozenset[KeyTarget]:
        """The marked keys, as a row points at them."""
        return frozenset(map(KeyTarget, self.marked))

    @property
    def rescaled_here(self) -> bool:
        """Whether the view of this Lens is."""
        return self.view in self.rescaled

    def key_target(self) -> KeyTarget | None:
        """The key in focus."""
        return None if self.focus is None else KeyTarget(self.focus)

    def row_target(self, view: str) -> RowTarget | None:
        """The row that the view's cursor was last on."""
        return RowTarget(view, self.rows[view]) if view in self.rows else None

    def at(self, target: Target) -> Lens:
        """The Lens with the cursor on the target, or the view it names; others change nothing here."""
        match target:
            case KeyTarget(key_id):
                return replace(self, focus=key_id, finding=None, shared=None, landing=False)
            case AllKeysTarget():
                return replace(self, focus=None, finding=None, shared=None, landing=False)
            case QuietTarget() | OwnerTarget():
                return replace(self, focus=None, finding=None, shared=target, landing=False)
            case FindingTarget(_, key_id):
                return replace(self, focus=key_id, finding=target, shared=None, landing=False)
            case DayTarget(day):
                return replace(self, date=day)
            case HourTarget(hour):
                return replace(self, hour=hour)
            case RowTarget(view, row):
                return replace(self, rows={**self.rows, view: row})
            case ViewTarget(name):
                return replace(self, view=name, path=None)
            case EnterTarget(at):
                return self.at(at)
            case ActionTarget() | BackTarget() | SortTarget():
                return self
            case _:
                assert_never(target)


BASELINE = (7, longest_days())
"""Windows that tell what is recent and what is usual, whatever the person looks at; the usual comes last."""

LATENCY_WINDOWS = (1, 7, 30)
"""Percentiles belong to their window and do not subtract: to compare them is to see these side by side."""


@dataclass(frozen=True)
class Wanted:
    """Windows in days, for the service to be asked: `now` of one moment, `background` less often."""

    now: tuple[int, ...] = ()
    background: tuple[int, ...] = ()

    @classmethod
    def merged(cls, parts: Iterable[Wanted]) -> Wanted:
        """All that any part wants, in the order it is first wanted; nothing of `now` is in the background."""
        parts = list(parts)
        now = tuple(dict.fromkeys(days for part in parts for days in part.now))
        background = dict.fromkeys(days for part in parts for days in part.background if days not in now)
        return cls(now, tuple(background))


def shown_windows(lens: Lens) -> Wanted:
    """The window looked at, and those that comparing takes besides.

    Days that were named are cut from the longest window: the service's own of that many days may begin within
    one, and all of its end now.
    """
    if lens.dates is not None and lens.dates.last is not None:
        return Wanted((longest_days(),))
    days = service_days(lens.days)
    besides = windows_to_compare(lens.compare, lens.days) if lens.compare else ()
    cut_from = (longest_days(),) if lens.dates is not None else ()
    return Wanted(tuple(dict.fromkeys((days, *besides, *cut_from))))


def visible(fleet: Fleet, lens: Lens) -> tuple[ApiKey, ...]:
    """The keys in the picture, in the service's order."""
    if not lens.only:
        return fleet.keys
    only = frozenset(lens.only)
    return tuple(key for key in fleet.keys if key.id in only)


def subject(fleet: Fleet, lens: Lens) -> tuple[ApiKey, ...]:
    """The keys a pane speaks of: the marked ones, else the focused one, else all in the picture."""
    keys = visible(fleet, lens)
    chosen = tuple(key for key in keys if key.id in lens.marked)
    if not chosen and lens.focus is not None:
        chosen = tuple(key for key in keys if key.id == lens.focus)
    return chosen or keys


def gone(fleet: Fleet, lens: Lens) -> tuple[ApiKey, ...]:
    """The keys that are gone of which the person has not taken note."""
    return tuple(key for key in fleet.gone if key.id not in lens.noticed)


def settled(fleet: Fleet, lens: Lens) -> Lens:
    """The Lens with focus and marks only on keys in the picture: none outlives its key."""
    if fleet.listed_at is None:
        return lens
    ids = [key.id for key in visible(fleet, lens)]
    focus = lens.focus if lens.focus in ids else None
    finding = lens.finding if lens.finding and lens.finding.key_id == focus else None
    noticed = lens.noticed.intersection(key.id for key in fleet.gone)
    there = replace(lens, focus=focus, finding=finding, marked=lens.marked.intersection(ids), noticed=noticed)
    return lens if there == lens else there
