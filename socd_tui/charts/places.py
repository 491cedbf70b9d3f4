"""Which columns each bar of a chart takes, and each day to come to the right of them."""

from __future__ import annotations

from itertools import pairwise

from socd_tui.model.record import dataclass

MOST = 16
"""Most columns of a bar with the gap after it: wider bars show no more."""
LEAST_AHEAD = 3
"""Fewest days to come that are worth a part of the width."""


@dataclass(frozen=True)
class Places:
    """The columns of each bar, counted from the value axis, in halves: a column may hold two narrow bars."""

    told: tuple[int, ...]
    """Where each bar's place begins, and last where the newest one's ends."""
    ahead: tuple[int, ...] = ()
    """The same of the days to come, a dividing column after the bars; empty where they have no room."""
    before: int = 0
    """Columns at the start of each place that belong to the bar of the days before."""
    thick: int = 0
    """Columns of each bar, with blank ones after it; 0 where bars fill their places and touch."""

    @property
    def width(self) -> int:
        """Columns of all bars."""
        return (self.told[-1] + 1) // 2

    @property
    def whole(self) -> int:
        """Columns of all bars and of all days to come."""
        return (self.ahead[-1] + 1) // 2 if self.ahead else self.width

    @property
    def apart(self) -> bool:
        """Whether each bar has columns of its own, so that there is room to write above it."""
        return self.thick > 0

    def cells(self, n: int) -> range:
        """The columns in which the n-th place is, those included that it shares."""
        return range(self.told[n] // 2, (self.told[n + 1] + 1) // 2)

    def bar(self, n: int) -> range:
        """The half columns of the n-th bar."""
        start = self.told[n] + 2 * self.before
        return range(start, start + 2 * self.thick if self.thick else self.told[n + 1])

    def bar_before(self, n: int) -> range:
        """The half columns of the bar of the days before: behind the n-th where it has none of its own."""
        start = self.told[n]
        return range(start, start + 2 * self.before) if self.before else self.bar(n)

    def own(self, n: int) -> range:
        """The columns of the n-th bar that it does not share, if there are any."""
        halves = self.bar(n)
        alone = range((halves.start + 1) // 2, halves.stop // 2)
        return alone or range(halves.start // 2, (halves.stop + 1) // 2)

    def middle(self, n: int) -> int:
        """The middle column of the n-th bar."""
        own = self.own(n)
        return own.start + (len(own) - 1) // 2

    def owners(self) -> list[int]:
        """The bar of each column: of two that share one the left."""
        found: list[int] = []
        for n, (start, stop) in enumerate(pairwise(self.told)):
            found += [n] * ((stop + 1) // 2 - (start + 1) // 2)
        return found


def capacity(width: int, *, fine: bool) -> int:
    """How many bars have a place of their own in so many columns, or half columns where these are `fine`."""
    return width * (1 + fine)


def place(bars: int, ahead: int, width: int, *, fine: bool, beside: bool = False) -> Places | None:
    """The widest places for so many bars and up to so many days to come; None for too few columns.

    With two columns or more a bar is followed by a blank one, or where `beside` preceded by the bar of the
    days before. With fewer they touch and take all the width, in half columns where the glyphs are `fine`.
    """
    if not 0 < bars <= capacity(width, fine=fine):
        return None
    least = min(ahead, max(LEAST_AHEAD, bars // 6))
    for step in range(min(width // bars, MOST), 1, -1):
        room = min(ahead, (width - step * bars - 1) // step)
        if room >= least > 0:
            return _spread(bars, room, min(width - 1, MOST * (bars + room)), beside=beside)
    if width // bars >= 2:
        return _spread(bars, 0, min(width, MOST * bars), beside=beside)
    unit = 1 if fine else 2
    room = min(ahead, capacity(width - 1, fine=fine) - bars)
    if room < max(least, 1):
        return Places(_edges(0, bars, 2 * width // unit, bars, unit))
    halves = 2 * (width - 1) // unit
    told = _edges(0, bars, halves, bars + room, unit)
    told = (*told[:-1], told[-1] + told[-1] % 2)  # the days to come begin with a column of their own
    ahead_edges = _edges(bars, bars + room, halves, bars + room, unit)
    return Places(told, tuple(max(edge, told[-1]) + 2 for edge in ahead_edges))


def _spread(bars: int, ahead: int, width: int, *, beside: bool) -> Places:
    """Places in whole columns, as even as the width allows."""
    told = _edges(0, bars, width, bars + ahead, 2)
    step = min(stop - start for start, stop in pairwise(told)) // 2
    before = max((step - 1) // 3, 1) if beside else 0
    return Places(
        told,
        tuple(edge + 2 for edge in _edges(bars, bars + ahead, width, bars + ahead, 2)) if ahead else (),
        before=before,
        thick=max(step - before - 1, 1),
    )


def _edges(first: int, last: int, units: int, of: int, unit: int) -> tuple[int, ...]:
    """Where the places from `first` to `last` begin and end, of so many that share the units evenly."""
    return tuple(n * units // of * unit for n in range(first, last + 1))
