"""The last line of the overview: the exact figures of what the cursor is on."""

from __future__ import annotations

from socd_tui.analysis.standing import Standing, Total
from socd_tui.charts.canvas import Line, Span
from socd_tui.charts.number import exact, forms, millis, moment
from socd_tui.model.text import counted
from socd_tui.model.usage import ratio
from socd_tui.views.parts.change import change_part, so_far_part
from socd_tui.views.parts.names import label, name_beside
from socd_tui.views.parts.readout import error_part, read_out, requests_part


def sum_read_out(total: Total, width: int, added: str = "") -> Line:
    """The exact figures of all rows together; `added` is what the newest refresh added to the requests."""
    if not total.keys:
        return ()
    return read_out(
        [
            Span(f"{total.answered} of {counted(total.keys, 'key')}", "title"),
            requests_part(total.requests) if total.answered else "waiting for their figures",
            added,
            change_part(total.change, total.requests),
            so_far_part(total.change),
            error_part(total.failed, ratio(total.failed, total.requests)) if total.answered else None,
            f"{exact(total.throttled)} throttled" if total.throttled is not None else None,
        ],
        width,
    )


def narrow_row(standing: Standing, width: int) -> Line:
    """One line a key where no table fits: name, requests, state."""
    name = Span(label(standing.key, 16), "title")
    return read_out([name, forms(standing.requests)[-1], standing.word], width)


def key_read_out(standing: Standing, width: int, added: str = "") -> Line:
    """The exact figures of one key, with what the newest refresh `added`; or why there are none."""
    key, usage, problem = standing.key, standing.usage, standing.problem
    if usage is None:
        reasons = (problem.message, problem.next_step) if problem else ("waiting for its figures",)
        return read_out([Span(label(key), "title"), *reasons], width)
    percentiles = (usage.p50_ms, usage.p95_ms, usage.p99_ms)
    return read_out(
        [
            name_beside(key, requests_part(usage.requests), width),
            requests_part(usage.requests),
            added,
            change_part(standing.change, usage.requests),
            so_far_part(standing.change),
            error_part(usage.failed, ratio(usage.failed, usage.requests)),
            f"{exact(usage.throttled)} throttled" if usage.throttled is not None else None,
            f"p50/p95/p99 {'/'.join(map(millis, percentiles))} ms"
            if any(ms is not None for ms in percentiles)
            else None,
            f"avg {millis(usage.avg_ms)} ms" if usage.avg_ms is not None else None,
            f"{'stale, ' if problem else ''}as of {moment(usage.observed_at)} UTC",
        ],
        width,
    )
