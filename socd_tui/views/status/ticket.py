"""A status code as the text of a ticket: whose it is, since when, where, and what the reader will ask for."""

from __future__ import annotations

from collections.abc import Sequence

from socd_tui.analysis.known import Known
from socd_tui.analysis.triage import advice
from socd_tui.charts.number import date_range, exact, percent
from socd_tui.model.key import ApiKey
from socd_tui.model.text import counted
from socd_tui.model.usage import Usage, ratio
from socd_tui.views.parts.names import named, path_named
from socd_tui.views.status.measures import StatusRow
from socd_tui.views.status.triage import error_history, error_paths, trend_words

MOST_PATHS = 3


def ticket(known: Known, keys: Sequence[ApiKey], row: StatusRow, usage: Usage) -> str:
    """Lines of plain text, inert; of several keys, the one with most of the code is told as an example."""
    key = row.most[0] if row.most else keys[0] if len(keys) == 1 else None
    whose = named(key) if key else counted(len(keys), "key")
    window = f"{date_range(usage.window.start, usage.window.end)} {usage.window.end.year} UTC"
    prefix = f" (prefix {key.prefix.shown})" if key else ""
    lines = [
        f"API status {row.meaning}",
        f"Key: {whose}{prefix}" + (f", the most of {len(keys)} keys" if row.most else ""),
        f"Count: {exact(row.requests)} of {exact(row.total)} requests ({percent(row.share)}), {window}",
    ]
    if row.most:
        lines.append(f"Of this key: {exact(row.most[1])} ({percent(ratio(row.most[1], row.requests))})")
    chosen = [key] if key else list(keys)
    since = [
        trend_words(trend)
        for _, _, trends in error_history(known, chosen)
        for trend in trends
        if trend.group in (row.group, None)
    ]
    lines += [f"Since when: {'; '.join(filter(None, since))} (UTC)"] if any(since) else []
    paths = (error_paths(known, chosen) or ())[:MOST_PATHS]
    if paths:
        told = ", ".join(f"{path_named(path, 80)} {exact(n)} ({percent(share)})" for path, n, share in paths)
        lines.append(f"Endpoints with most errors of any code: {told}")
    usual = advice(row.code)
    if usual:
        lines += [f"Usual cause: {usual.cause}", f"What to do: {usual.fix}"]
    return "\n".join([*lines, "To add: the request id and the time (UTC) of one failed answer, and its body"])
