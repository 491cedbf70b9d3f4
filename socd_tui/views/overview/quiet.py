"""Keys of which there is nothing to tell: one row for all of them where there is no room for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from socd_tui.analysis.standing import Standing, total
from socd_tui.charts.canvas import Canvas, Line, Span
from socd_tui.charts.number import percent
from socd_tui.model.key import ENDED
from socd_tui.model.target import QuietTarget
from socd_tui.model.text import cell_width, counted, quoted
from socd_tui.model.usage import ratio
from socd_tui.views.overview.measures import KeyRow
from socd_tui.views.parts.names import named
from socd_tui.views.parts.readout import error_part, read_out, requests_part

TINY = 0.01
"""Of all requests: below this share keys make no difference, not even together."""
FEWEST = 2
"""Keys for which one row is worth it."""


def apart(rows: Sequence[KeyRow], found: Collection[str]) -> tuple[list[KeyRow], list[KeyRow]]:
    """The rows with something to tell, and the quiet ones; `found` are ids of keys with a finding.

    All have something to tell where fewer than `FEWEST` would be left out, or no answer left.
    """
    quiet = _lightest([row for row in rows if is_quiet(row.standing, found)])
    left = sum(row.usage is not None for row in rows) - sum(row.usage is not None for row in quiet)
    if len(quiet) < FEWEST or not left:
        return list(rows), []
    hushed = {row.standing.key.id for row in quiet}
    return [row for row in rows if row.standing.key.id not in hushed], quiet


def _lightest(rows: Sequence[KeyRow]) -> list[KeyRow]:
    """Those that make no difference together: many small keys may make most of all requests."""
    kept, together = set(), 0.0
    for row in sorted(rows, key=lambda row: row.standing.share or 0):
        together += row.standing.share or 0
        if together >= TINY:
            break
        kept.add(row.standing.key.id)
    return [row for row in rows if row.standing.key.id in kept]


def is_quiet(row: Standing, found: Collection[str]) -> bool:
    """Hardly asked, and nothing found of it, or ended; or the service does not know it."""
    if row.usage is None:
        return row.problem is not None and row.problem.kind == "not_found"
    tiny = row.requests == 0 or (row.share is not None and row.share < TINY)
    return tiny and row.problem is None and (row.key.id not in found or row.state in ENDED)


def quiet_line(rows: Sequence[KeyRow], canvas: Canvas, *, folded: bool) -> Line:
    """3 quiet: 'Old dashboard' (revoked), 'dev sandbox#0o4z', 'idle-lab'; 1 not found

    Over the rows themselves, where they are shown, how many requests they are of all.
    """
    told = _shown(rows) if folded else [_together(rows), _count(rows)]
    room = canvas.width - 1
    text = next((text for text in told if cell_width(text) <= room), _count(rows))
    text += " " * (room - cell_width(text))
    return (Span(" ", "accent", QuietTarget()), Span(text, "faint", QuietTarget()))


def quiet_read_out(rows: Sequence[KeyRow], width: int) -> Line:
    """What they come to together."""
    sums = total(row.standing for row in rows)
    return read_out(
        [
            Span(f"{len(rows)} quiet keys", "title"),
            requests_part(sums.requests) if sums.answered else None,
            error_part(sums.failed, ratio(sums.failed, sums.requests)) if sums.answered else None,
            *_problems(rows),
        ],
        width,
    )


def _shown(rows: Sequence[KeyRow]) -> Iterable[str]:
    """With the names of all, of ever fewer, of none."""
    answered = [row.standing for row in rows if row.usage]
    names = [_called(each) for each in answered]
    problems = "".join(f"; {each}" for each in _problems(rows))
    for n in range(len(names), 0, -1):
        rest = f", {len(names) - n} more" if n < len(names) else ""
        yield f"{len(names)} quiet: {', '.join(names[:n])}{rest}{problems}"
    yield _count(rows)


def _called(row: Standing) -> str:
    name = named(row.key) if row.has_namesake else quoted(row.key.name.shown)
    return f"{name} ({row.word})" if row.word not in ("ok", "idle") else name


def _count(rows: Sequence[KeyRow]) -> str:
    answered = sum(row.usage is not None for row in rows)
    return ", ".join([f"{answered} quiet"] * bool(answered) + list(_problems(rows)))


def _together(rows: Sequence[KeyRow]) -> str:
    """4 quiet keys: 129 requests, 0.1% of all"""
    sums = total(row.standing for row in rows)
    share = sum(row.standing.share or 0 for row in rows)
    requests = f": {counted(sums.requests, 'request')}, {percent(share)} of all" if sums.requests else ""
    return "; ".join([f"{counted(len(rows), 'quiet key')}{requests}", *_problems(rows)])


def _problems(rows: Sequence[KeyRow]) -> list[str]:
    words = Counter(row.standing.word for row in rows if row.usage is None)
    return [f"{count} {word}" for word, count in words.items()]
