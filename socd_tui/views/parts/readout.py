"""The read-out: the exact figures of what is under the cursor, in the last line of every pane."""

from __future__ import annotations

from collections.abc import Iterable

from socd_tui.analysis.known import Known
from socd_tui.analysis.refreshed import added
from socd_tui.charts.canvas import Line, Span, line_width
from socd_tui.charts.number import exact, moment, percent
from socd_tui.model.key import ApiKey


def read_out(parts: Iterable[str | Span | None], width: int) -> Line:
    """The parts of the read-out line in order of weight, as many as fit whole."""
    line: list[Span] = [Span(" ")]
    for part in parts:
        if not part:
            continue
        span = part if isinstance(part, Span) else Span(part)
        gap = Span("  ") if len(line) > 1 else Span("")
        if line_width([*line, gap, span]) <= width:
            line += [gap, span]
    return tuple(line)


def requests_part(requests: int | None) -> str:
    return f"{exact(requests)} req" if requests is not None else "requests unknown"


def added_part(known: Known, keys: Iterable[ApiKey], of: str = "") -> str:
    """+41 since 17:10: what the newest refresh added to these keys' requests; empty where nothing.

    `of` says what it is where no count of requests stands before it.
    """
    new = added(known, keys)
    return f"{new.requests:+,}{of} since {moment(new.since, known.fleet.at)}" if new else ""


def error_part(errors: int | None, share: float | None) -> str:
    """89 err (1.7%)"""
    return f"{exact(errors)} err ({percent(share)})" if errors is not None else "errors unknown"
