"""The one table of a run, for people and as JSON."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from textwrap import fill
from types import MappingProxyType
from typing import Any

from tests.benchmarks.growth import Growth, unit_of
from tests.benchmarks.peers import Peer
from tests.benchmarks.profiles import Profile
from tests.benchmarks.rows import Result
from tests.terminal.pseudo import ROOT

HEAD = ("row", "what", "must reach", "median", "p95", "floor", "ratio", "met")
FIGURES = range(HEAD.index("median"), HEAD.index("met"))
PAGE, NOT_REACHED = Path(__file__).with_name("README.md"), "## What is not reached, and why"
PROSE = 118
"""Columns of what is told in sentences."""
UNTOLD = "the page does not say why."
MET = {True: "yes", False: "NO", None: "?"}


def printed(
    results: Mapping[Path, Sequence[Result]],
    peers: Sequence[Peer] = (),
    profiles: Mapping[str, Profile] = MappingProxyType({}),
    *,
    detailed: bool = False,
) -> str:
    """Profiles by row, of this checkout."""
    parts = []
    for tree, of_tree in results.items():
        parts += [] if tree == ROOT else ["", str(tree)]
        parts.append(_aligned([HEAD, *(_cells(result) for result in of_tree)]))
        parts += [f"  {result.row.name}: {result.missed}" for result in of_tree if result.missed]
        parts += _why_not((result.row.name for result in of_tree if not result.is_met), profiles)
        parts += [_detail(result) for result in of_tree if detailed and _is_of_several(result)]
    parts += [_peer(peer) for peer in peers]
    if is_busy():
        parts.append("This machine is busy: milliseconds are too many, and only ratios can be compared.")
    return "\n".join(parts)


def _why_not(rows: Iterable[str], profiles: Mapping[str, Profile]) -> list[str]:
    """Of each of these rows what the page says of why it is not reached, and where it goes in this run."""
    why, told = reasons(), []
    for row in rows:
        told += ["", fill(f"{row} is not met: {why.get(row, UNTOLD)}", PROSE, subsequent_indent="  ")]
        told += [_profile(profiles[row])] if row in profiles else []
    return [*told, ""] if told else []


def _profile(profile: Profile) -> str:
    unit = profile.row.unit
    parts = [
        (f"  {part}", _figure(value, unit), f"{value / profile.whole:.0%}")
        for part, value in profile.parts.items()
    ]
    return _aligned([(f"  {profile.what}", _figure(profile.whole, unit), ""), *parts], figures=range(1, 3))


def reasons() -> dict[str, str]:
    """By row, what the page says of those that are not reached: how far they are, and what profiles show."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition(NOT_REACHED)
    rows = re.findall(r"^\| `([\w-]+)` \| (.+?) \| (.+) \|$", section, re.MULTILINE)
    return {row: f"{reached}: {why.replace('`', '')}." for row, reached, why in rows}


def _is_of_several(result: Result) -> bool:
    """A row of a late percentile repeats the measurements of another, but for those of bytes."""
    return bool(result.by_label()) and (not result.row.late or result.row.unit == "B")


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.row.name,
        result.row.what,
        result.row.target,
        _figure(result.median, result.row.unit),
        _figure(result.p95, result.row.unit),
        _figure(result.floor, result.row.unit),
        _beside_floor(result),
        MET[result.is_met],
    )


def _beside_floor(result: Result) -> str:
    if result.judged is None or not result.floor:
        return ""
    if result.row.against == "over":
        return f"{result.judged:+.1f} {result.row.unit}"
    return f"{result.judged if result.row.against == 'times' else result.judged / result.floor:.2f}"


def _detail(result: Result) -> str:
    unit = result.row.unit
    rows = [(result.row.name, "median", "floor")]
    for label, each in result.by_label().items():
        rows.append((label, _figure(each.median, unit), _figure(each.floor, unit)))
    return "\n" + _aligned(rows, figures=range(1, 3))


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.1f} {unit}" if unit in ("ms", "MiB") else f"{value:,.0f} {unit}"


def _aligned(rows: Sequence[Sequence[str]], figures: range = FIGURES) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if number in figures else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _peer(peer: Peer) -> str:
    if peer.median is None:
        return f"peer {peer.name}: {peer.why_not or 'not measured'}"
    return (
        f"peer {peer.name}: first useful frame {peer.median:,.0f} ms, {peer.ratio:.2f} × a bare first frame"
    )


def document(
    results: Mapping[Path, Sequence[Result]],
    peers: Sequence[Peer],
    profiles: Mapping[str, Profile],
    rounds: int,
) -> dict[str, Any]:
    return {
        **_about(rounds),
        "checkouts": {str(tree): [_row(result) for result in of_tree] for tree, of_tree in results.items()},
        "profiles": {
            row: {"of": profile.what, "whole": profile.whole, "parts": profile.parts}
            for row, profile in profiles.items()
        },
        "peers": [
            {
                "name": peer.name,
                "median_ms": peer.median,
                "ratio": peer.ratio,
                "why_not": peer.why_not or None,
            }
            for peer in peers
        ],
    }


def is_busy() -> bool:
    """Whether more was to be run in the last minutes than there are processors."""
    return os.getloadavg()[1] > (os.cpu_count() or 1)


def _about(rounds: int) -> dict[str, Any]:
    machine = {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "load": os.getloadavg(),
    }
    return {"schema": "socd-tui/benchmarks/1", "machine": machine, "rounds": rounds}


def _row(result: Result) -> dict[str, Any]:
    return {
        "row": result.row.name,
        "what": result.row.what,
        "unit": result.row.unit,
        "target": result.row.target,
        "most": result.row.most,
        "median": result.median,
        "p95": result.p95,
        "floor": result.floor,
        "judged": result.judged,
        "met": result.is_met,
        "missed": result.missed or None,
        "by": {label: each.median for label, each in result.by_label().items()},
        "values": result.values,
        "floors": result.floors,
    }


def printed_growth(growths: Mapping[Path, Sequence[Growth]]) -> str:
    parts = []
    for tree, of_tree in growths.items():
        parts += [] if tree == ROOT else [f"\n{tree}"]
        for growth in of_tree:
            head = (f"cost by {growth.along}", *(f"{size:,}" for size in growth.sizes), "grows as")
            rows = [head]
            for cost in growth.values:
                figures = [_figure(growth.median(cost, size), unit_of(cost)) for size in growth.sizes]
                power = growth.power(cost)
                rows.append((cost, *figures, "" if power is None else f"{growth.along}^{power:.2f}"))
            parts += [_aligned(rows, figures=range(1, len(head))), *growth.missed, ""]
    return "\n".join(parts)


def growth_document(growths: Mapping[Path, Sequence[Growth]], rounds: int) -> dict[str, Any]:
    checkouts = {
        str(tree): {
            growth.along: {
                cost: {
                    "unit": unit_of(cost),
                    "medians": {str(size): growth.median(cost, size) for size in growth.sizes},
                    "power": growth.power(cost),
                }
                for cost in growth.values
            }
            for growth in of_tree
        }
        for tree, of_tree in growths.items()
    }
    missed = [each for of_tree in growths.values() for growth in of_tree for each in growth.missed]
    return {**_about(rounds), "growth": checkouts, "missed": missed}


def write(file: Path, told: dict[str, Any]) -> None:
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
