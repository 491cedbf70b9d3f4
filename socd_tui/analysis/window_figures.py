"""A key's figures in the window looked at: the service's own answer, or a sum of days where it tells none."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.assessment import Ground
from socd_tui.model.errors import Problem
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens
from socd_tui.model.record import replace
from socd_tui.model.usage import Day, Usage
from socd_tui.model.window import Window, beyond_service, longest_days


def is_answered(fleet: Fleet, lens: Lens) -> bool:
    """Whether the window is one that the service is asked for, so that only its own answers count."""
    return lens.dates is None and not beyond_service(lens.days) and not fleet.is_fixed


def figures(
    fleet: Fleet, lens: Lens, ground: Ground, observed: Sequence[Day], made: Usage | None, *, long: bool
) -> tuple[Usage | None, Problem | None, bool]:
    """A key's figures in a window that the service may not tell, why they are not there, and whether they are
    sums of its days.

    `made` is what was summed before: it stands where it is of the same dates. Without `long` a window longer
    than the service's is left out.
    """
    days = lens.days
    usage, problem = fleet.usage(ground.key.id, days), fleet.failure(ground.key.id, days)
    newest, why = _widest(fleet, ground)
    window = None if beyond_service(days) and not long else _to_sum(fleet, newest, usage, problem, lens)
    if window is None and not beyond_service(days) and (lens.dates is None or newest is not None):
        return usage, problem, False
    return _summed(ground, observed, newest, window, made), why, True


def _to_sum(
    fleet: Fleet, newest: Usage | None, usage: Usage | None, problem: Problem | None, lens: Lens
) -> Window | None:
    """The dates to be summed from their days; None where the service's own answer stands, or there is none.

    Where nothing is asked, any window is made of what there is.
    """
    if newest is None:
        return None
    end = newest.window.end
    if lens.dates is not None:
        window = lens.dates.window(end)
        told = usage is not None and (usage.window.start, usage.window.end) == (window.start, window.end)
        return None if told else replace(window, source=newest.window.source)
    if beyond_service(lens.days) or (fleet.is_fixed and usage is None and problem is None):
        return Window.ending(end, lens.days, newest.window.source)
    return None


def _widest(fleet: Fleet, ground: Ground) -> tuple[Usage | None, Problem | None]:
    """The newest answer that the most days can be cut from, and why there is no newer one.

    Where nothing more is asked it is that of whichever window there is.
    """
    slot = ground.key.id, longest_days()
    newest = fleet.usages.get(slot)
    if newest is None and fleet.is_fixed and ground.answers:
        newest = ground.answers[-1]
    return newest, fleet.failures.get(slot)


def _summed(
    ground: Ground, observed: Sequence[Day], newest: Usage | None, window: Window | None, made: Usage | None
) -> Usage | None:
    """These dates from the newest answer and the days remembered before it."""
    if newest is None or window is None:
        return None
    if made is not None and made.window == window:
        return made
    from socd_tui.analysis.remembered_window import summed_usage

    return summed_usage(ground.key, observed, ground.past, newest, window)
