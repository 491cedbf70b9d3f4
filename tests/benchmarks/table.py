"""The one table of a run, for people and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks.peers import Peer
from tests.benchmarks.rows import Result
from tests.terminal.pseudo import ROOT

HEAD = ("row", "what", "must reach", "median", "p95", "floor", "ratio", "met")
MET = {True: "yes", False: "NO", None: "?"}


def printed(results: Mapping[Path, Sequence[Result]], peers: Sequence[Peer]) -> str:
    parts = []
    for tree, of_tree in results.items():
        rows = [HEAD, *(_cells(result) for result in of_tree)]
        parts.append("\n".join([] if tree == ROOT else [f"\n{tree}"]) + _aligned(rows))
        parts += [f"  {result.row.name}: {result.missed}" for result in of_tree if result.missed]
    parts += [_peer(peer) for peer in peers]
    return "\n".join(parts)


def _cells(result: Result) -> tuple[str, ...]:
    unit = result.row.unit
    judged = result.judged
    ratio = "" if judged is None or result.row.against == "nothing" else f"{judged:.2f}"
    if result.row.against == "over" and judged is not None:
        ratio = f"{judged:+.1f} {unit}"
    return (
        result.row.name,
        result.row.what,
        result.row.target,
        _figure(result.median, unit),
        _figure(result.p95, unit),
        _figure(result.floor, unit),
        ratio,
        MET[result.is_met],
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:,.1f} {unit}" if unit in ("ms", "MiB") else f"{value:,.0f} {unit}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    figures = range(HEAD.index("median"), HEAD.index("met"))
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


def document(results: Mapping[Path, Sequence[Result]], peers: Sequence[Peer], rounds: int) -> dict[str, Any]:
    return {
        "schema": "socd-tui/benchmarks/1",
        "machine": {
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.platform(),
        },
        "rounds": rounds,
        "checkouts": {str(tree): [_row(result) for result in of_tree] for tree, of_tree in results.items()},
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
        "values": result.values,
        "floors": result.floors,
    }


def write(file: Path, told: dict[str, Any]) -> None:
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
