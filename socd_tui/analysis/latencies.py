"""Response times by the date on which they were observed: those remembered, and those of the answers."""

from __future__ import annotations

from collections.abc import Iterable

from socd_tui.model.lens import LATENCY_WINDOWS
from socd_tui.model.past import Latency, Past
from socd_tui.model.usage import REMEMBERED_LATENCIES, Usage


def latencies(past: Past | None, answers: Iterable[Usage]) -> tuple[Latency, ...]:
    """Ascending by date, then window. An answer counts whether it has been written down yet or not."""
    told = (latency(usage) for usage in answers)
    remembered = past.latencies if past else ()
    by_date = {(each.date, each.days): each for each in (*remembered, *filter(None, told))}
    return tuple(by_date[date_and_days] for date_and_days in sorted(by_date))


def latency(usage: Usage) -> Latency | None:
    """As the history keeps it; None where it keeps nothing of the answer."""
    response_times = {name: getattr(usage, name) for name in REMEMBERED_LATENCIES}
    if usage.window.days not in LATENCY_WINDOWS or all(ms is None for ms in response_times.values()):
        return None
    return Latency(
        date=usage.observed_at.date(), days=usage.window.days, requests=usage.requests, **response_times
    )
