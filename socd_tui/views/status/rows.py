"""The rows of the table of codes, their order, and where its cursor begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from socd_tui.analysis.compare import Previous
from socd_tui.analysis.known import Known
from socd_tui.analysis.refreshed import comparable
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, subject
from socd_tui.model.target import RowTarget
from socd_tui.model.usage import Usage
from socd_tui.views.parts.refreshed import NOTHING, Before
from socd_tui.views.status.measures import StatusRow
from socd_tui.views.status.rates import news_groups
from socd_tui.views.status.triage import Trends
from socd_tui.views.status.view import NAME

Parts = Sequence[tuple[ApiKey, Usage]]
"""Keys that answered, each with its figures."""


def rows_of(
    counts: Mapping[int, int], usage: Usage, before: Previous | None, parts: Parts
) -> list[StatusRow]:
    """The codes of the window; when comparing, also those that are gone."""
    earlier = (before.usage.statuses if before and before.usage else None) or {}
    every = {**{code: 0 for code, n in earlier.items() if n}, **counts}
    listed = sum(n for code, n in counts.items() if not 100 <= code < 400)
    return [
        StatusRow(
            code=code,
            requests=n,
            total=usage.requests,
            errors=max(usage.failed or 0, listed),
            change=before.status(code) if before else None,
            most=_most(code, parts),
        )
        for code, n in sorted(every.items())
    ]


def before_refresh(known: Known, lens: Lens) -> Before[StatusRow]:
    """The rows as they were when the newest refresh began; none where other keys had answered."""
    keys = subject(known.fleet, lens)
    then = comparable(known, keys)
    usage = then.combined(keys) if then else None
    if then is None or usage is None or usage.statuses is None:
        return NOTHING
    before = then.before(keys) if lens.compare else None
    rows = rows_of(usage.statuses, usage, before, then.answered(keys))
    return Before({row.code: row for row in rows})


def _most(code: int, parts: Parts) -> tuple[ApiKey, int] | None:
    """Of several keys the one with most of the code."""
    if len(parts) < 2:
        return None
    key, n = max(((key, (own.statuses or {}).get(code, 0)) for key, own in parts), key=lambda each: each[1])
    return (key, n) if n else None


def errors_shown(rows: Sequence[StatusRow], lens: Lens) -> list[StatusRow]:
    """The rows of errors: the most first, or as they are sorted."""
    errors = [row for row in rows if not row.fine]
    return errors if NAME in lens.sorts else sorted(errors, key=lambda row: (-row.requests, row.code))


def worst_first(rows: Sequence[StatusRow], trends: Trends) -> list[RowTarget]:
    """The codes with the worst first: the most frequent one of a class that is news, else of all."""
    news = news_groups(trends)
    return [row.target for row in sorted(rows, key=lambda row: (row.group not in news, -row.requests))]
