"""Run as a program: what one repaint costs, by view and number of keys.

    python tests/benchmarks/repaint.py [keys ...=50 250 260 1000]

Prints milliseconds of processor time to derive all of a new Fleet (once, in a thread), to derive another
window of it, and, by view, to build the pane and draw it at 160x45. The keys are the demo's, copied.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import process_time

from socd_tui.analysis.known import Known, prepare
from socd_tui.charts.canvas import Canvas
from socd_tui.model.fleet import Fleet, Slot
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens
from socd_tui.model.usage import Usage
from socd_tui.views.frame.picture import picture
from socd_tui.views.registry import views
from tests.fleets import NOW, fetched

CANVAS = Canvas(160, 45)


def copied(n: int) -> Fleet:
    """An account of so many keys, each with the answers of one of the demo's."""
    demo = fetched(NOW)
    keys: list[ApiKey] = []
    usages: dict[Slot, Usage] = {}
    for i in range(n):
        key, key_id = demo.keys[i % len(demo.keys)], f"{i:08d}-0000-4000-8000-000000000000"
        keys.append(replace(key, id=key_id))
        usages |= {(key_id, days): replace(demo.usages[key.id, days], key_id=key_id) for days in (7, 90)}
    return replace(demo, keys=tuple(keys), usages=usages)


def timed(work: Callable[[], object], times: int = 5) -> float:
    """Milliseconds, the median of some times."""
    spent = []
    for _ in range(times):
        start = process_time()
        work()
        spent.append((process_time() - start) * 1e3)
    return median(spent)


def repainted(known: Known, name: str) -> float:
    """Build one view and draw it, the cursor on the second key."""
    lens = Lens(view=name, days=known.days, focus=known.fleet.keys[1].id)
    view = next(each for each in views() if each.name == name)
    return timed(lambda: picture(view, view.build(known, lens), known, lens, CANVAS))


def row(n: int, names: list[str]) -> str:
    """The costs of so many keys."""
    fleet, week = copied(n), Lens(days=7)
    derived = timed(lambda: prepare(fleet, week), times=1)
    known = prepare(fleet, week)
    window = timed(lambda: prepare(fleet, Lens(days=90), earlier=known))
    costs = " ".join(f"{repainted(known, name):>9.1f}" for name in names)
    return f"{n:>6} {derived:>8.0f} {window:>8.1f} {costs}"


def main() -> None:
    names = [view.name for view in views()]
    print(f"{'keys':>6} {'derive':>8} {'window':>8} " + " ".join(f"{name:>9}" for name in names))
    for n in [int(each) for each in sys.argv[1:]] or [50, 250, 260, 1000]:
        print(row(n, names))


if __name__ == "__main__":
    main()
