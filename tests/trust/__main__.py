"""Run as a program: attacks socd-tui in all the ways there are, and prints one table.

    python -m tests.trust                     # everything; takes long
    python -m tests.trust --short             # the sample that runs with every pytest
    python -m tests.trust wire_bodies --seed 7
    python -m tests.trust --write             # everything, and docs/trust.md anew
    python -m tests.trust wire_bodies --write # one row of it

Exit 1 when the program has a fault or a careless variant has none.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.trust.check import Check, NotHere, Outcome, Trial, all_checks
from tests.trust.table import Row, write

SHOWN = 20
"""Faults that are printed of each check."""


def main() -> int:
    checks = all_checks()
    parser = argparse.ArgumentParser(description="Attacks socd-tui and prints what came of it.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which checks: {', '.join(checks)}")
    parser.add_argument("--short", action="store_true", help="the sample that runs with every pytest")
    parser.add_argument("--seed", type=int, default=1, help="for other random choices (default 1)")
    parser.add_argument("--write", action="store_true", help="write the rows into docs/trust.md")
    options = parser.parse_args()
    if unknown := set(options.names) - set(checks):
        parser.error(f"no such check: {', '.join(sorted(unknown))}")
    rows, held = {}, True
    for name in options.names or checks:
        rows[name], holds = run(checks[name], whole=not options.short, seed=options.seed)
        held = held and holds
    if options.write:
        write(rows, checks.values())
    return 0 if held else 1


def run(check: Check, *, whole: bool, seed: int) -> tuple[Row, bool]:
    """The check's row, printed, and whether it holds: no fault in ours, and some in the naive variant."""
    started = time.monotonic()
    ours = _outcome(check.ours, whole=whole, seed=seed)
    naive = _outcome(check.naive, whole=whole, seed=seed)
    row = Row(check.name, check.must_show, ours.tried, ours.figure, check.naive_is, naive.figure)
    holds = not ours.faults and bool(naive.faults or not naive.tried)
    print(f"{'holds ' if holds else 'BROKEN'} {check.name}: {check.must_show}")
    print(f"       {ours.tried or 'not tried'}: {ours.figure}   ({time.monotonic() - started:.0f} s)")
    print(f"       {check.naive_is}: {naive.figure}", flush=True)
    for fault in ours.faults[:SHOWN]:
        print(f"       ! {fault}")
    if naive.tried and not naive.faults:
        print("       ! the naive variant was not caught: this check proves nothing")
    return row, holds


def _outcome(attack: Callable[[Trial], Outcome], *, whole: bool, seed: int) -> Outcome:
    with TemporaryDirectory() as folder:
        try:
            return attack(Trial(Path(folder), whole=whole, seed=seed))
        except NotHere as missing:
            return Outcome("", f"not on this machine: it needs {missing}")


if __name__ == "__main__":
    sys.exit(main())
