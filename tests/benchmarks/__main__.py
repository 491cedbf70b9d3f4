"""One command for all that is measured of speed, output and memory:

    python -m tests.benchmarks [--only ROW ...] [--rounds 5] [--json FILE] [--tree DIR ...] [--detail]
    python -m tests.benchmarks --growth [--rounds 5] [--json FILE] [--tree DIR ...]

Every round measures each row once, and what it is judged by right before it. On a shared machine only what is
of one run can be compared. Of a row that is not met it says why, and measures again where it goes. The exit
code is then 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tests.benchmarks import keys, memory, parts, refreshing, starting
from tests.benchmarks.growth import both
from tests.benchmarks.lab import Lab
from tests.benchmarks.peers import Peer, peers
from tests.benchmarks.profiles import Profile, profile
from tests.benchmarks.rows import BY_NAME, ROWS, Result, Sample
from tests.benchmarks.table import document, growth_document, printed, printed_growth, write
from tests.benchmarks.terminal import Missed
from tests.terminal.pseudo import ROOT

Probe = Callable[[Lab], Iterator[Sample]]

PROBES: dict[Probe, tuple[str, ...]] = {
    starting.first_frame: ("first-frame",),
    starting.answers: ("answers",),
    starting.answers_early: ("answers-early",),
    starting.demo: ("demo",),
    starting.help_: ("help",),
    starting.line: ("line", "line-anew"),
    starting.show: ("show",),
    keys.pressed: ("key", "key-p95", "cursor", "switch"),
    keys.pressed_1000: ("key-1000", "key-1000-p95"),
    keys.first_paint: ("first-paint",),
    keys.idle: ("idle",),
    refreshing.refresh: ("refresh", "first-row", "requests"),
    memory.of_50: ("memory",),
    memory.after_refresh: ("memory-anew",),
    memory.of_1000: ("memory-1000",),
    parts.opened: ("open",),
    parts.kept: ("keep",),
    parts.past: ("past",),
    parts.analysis: ("analysis", "analysis-one"),
    parts.parse: ("parse",),
}
"""What measures each row."""


class Measured:
    """What has been measured of one checkout so far."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self._samples: dict[str, list[Sample]] = {}
        self._missed: dict[str, str] = {}

    def measure(self, probe: Probe, lab: Lab) -> None:
        try:
            for sample in probe(lab):
                self._samples.setdefault(sample.row, []).append(sample)
        except Missed as missed:
            self._missed |= dict.fromkeys(PROBES[probe], str(missed))

    def results(self, names: Sequence[str]) -> list[Result]:
        return [self._result(name) for name in names]

    def _result(self, name: str) -> Result:
        return Result(BY_NAME[name], tuple(self._samples.get(name, ())), self._missed.get(name, ""))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    names = [row.name for row in ROWS if not options.only or row.name in options.only]
    trees = [ROOT, *(tree.resolve() for tree in options.tree)]
    with ExitStack() as stack:
        labs = [stack.enter_context(Lab(tree)) for tree in trees]
        if options.growth:
            return _grown(options, labs)
        all_measured = [Measured(tree) for tree in trees]
        found: list[Peer] = peers() if "first-frame" in names else []
        for number in range(options.rounds):
            for probe, rows in PROBES.items():
                if not set(rows) & set(names):
                    continue
                _say(f"round {number + 1} of {options.rounds}: {', '.join(rows)}")
                for measured, lab in zip(all_measured, labs, strict=True):
                    measured.measure(probe, lab)
            for peer in found:
                peer.measure(labs[0])
        results = {measured.tree: measured.results(names) for measured in all_measured}
        profiles = _profiles(results[ROOT], labs[0])
    print(printed(results, found, profiles, detailed=options.detail))
    if options.json:
        write(options.json, document(results, found, profiles, options.rounds))
    return 0 if all(result.is_met for result in results[ROOT]) else 1


def _profiles(results: Sequence[Result], lab: Lab) -> dict[str, Profile]:
    """By row, where each that is not met goes."""
    profiles: dict[str, Profile] = {}
    for result in results:
        if result.is_met is False and not result.missed:
            _say(f"profile of {result.row.name}")
            with suppress(Missed):
                found = profile(result.row, _probe(result.row.name), lab)
                profiles |= {result.row.name: found} if found else {}
    return profiles


def _probe(row: str) -> Probe:
    return next(probe for probe, rows in PROBES.items() if row in rows)


def _grown(options: argparse.Namespace, labs: Sequence[Lab]) -> int:
    """How costs grow; nothing of it is judged."""
    growths = {lab.tree: both() for lab in labs}
    for number in range(options.rounds):
        for lab in labs:
            for growth in growths[lab.tree]:
                for size in growth.sizes:
                    _say(f"round {number + 1} of {options.rounds}: {size:,} {growth.along}")
                    growth.measure(lab, size)
    print(printed_growth(growths))
    if options.json:
        write(options.json, growth_document(growths, options.rounds))
    return 0


def _say(what: str) -> None:
    print(what, file=sys.stderr)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measures the program.")
    parser.add_argument("--only", nargs="+", choices=BY_NAME, metavar="ROW", help=", ".join(BY_NAME))
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument(
        "--tree",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="another checkout, in the same run",
    )
    parser.add_argument("--detail", action="store_true", help="each key of the tour, too")
    parser.add_argument("--growth", action="store_true", help="how costs grow with keys and days, instead")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
