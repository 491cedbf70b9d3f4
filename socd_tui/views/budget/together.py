"""All keys together: their limits do not add up, but how many reached or near them does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socd_tui.analysis.forecast import Forecast
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.table import Cell, Row
from socd_tui.model.target import AllKeysTarget
from socd_tui.model.text import counted
from socd_tui.views.budget.measures import KeyRow
from socd_tui.views.parts.measure import Measures
from socd_tui.views.parts.names import named
from socd_tui.views.parts.readout import read_out


def groups(rows: Sequence[KeyRow]) -> list[tuple[str, list[KeyRow]]]:
    """The keys by how they stand to their limits, in words."""

    def forecast(row: KeyRow) -> Forecast | None:
        found = row.assessment.forecast
        return found if isinstance(found, Forecast) else None

    verdicts = [(row.standing.budgets.verdict if row.standing.usage else None, row) for row in rows]
    return [
        ("reached a limit", [row for verdict, row in verdicts if verdict == "over"]),
        ("near a limit", [row for verdict, row in verdicts if verdict == "near"]),
        (
            "likely to reach the day cap",
            [row for row in rows if (found := forecast(row)) and found.likely and not found.reached],
        ),
        ("unknown", [row for verdict, row in verdicts if verdict in (None, "unknown")]),
    ]


def named_together(rows: Sequence[KeyRow], of: int) -> str:
    """all 10 keys; of fewer than there are in the picture, as a filter left them: 3 of 10 keys"""
    return f"all {counted(of, 'key')}" if len(rows) == of else f"{len(rows)} of {counted(of, 'key')}"


def footing(rows: Sequence[KeyRow], of: int, measures: Measures[Any]) -> Row:
    """The row on which all keys are in focus, `of` so many in the picture."""
    (_, over), *_, (_, unknown) = groups(rows)
    waiting = any(row.standing.word == "loading" for row in rows)
    nothing = "loading" if waiting else "unknown"
    state = f"{len(over)} over" if len(unknown) < len(rows) else nothing
    name = Cell((named_together(rows, of),), "title")
    cells = {"key": name, "verdict": Cell((state,), "ink")}
    return measures.sums(cells, AllKeysTarget())


def told(rows: Sequence[KeyRow], of: int, width: int) -> list[Line]:
    """Which keys they are, a line for each way to stand."""
    lines: list[Line] = [(), (Span(f" {named_together(rows, of)}", "title"),)]
    ways = groups(rows)
    if len(ways[-1][1]) == len(rows):
        ways = ways[-1:]
    for words, there in ways:
        names = [named(row.standing.key, 28) for row in there]
        said = f"{words}: {len(names) or 'none'}"
        lines.append(
            read_out([Span(said, "bad" if names and words == "reached a limit" else "ink"), *names], width)
        )
    return lines


def summary(rows: Sequence[KeyRow], of: int, width: int) -> Line:
    """For the read-out line."""
    parts = [f"{len(there)} {words}" for words, there in groups(rows) if there]
    return read_out([Span(named_together(rows, of), "title"), *parts], width)
