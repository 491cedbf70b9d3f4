"""The first line after a pause: what is new since the last visit, and what is gone."""

from __future__ import annotations

from datetime import datetime

from socd_tui.analysis.known import Known
from socd_tui.analysis.news import News, news
from socd_tui.charts.canvas import Line, Span, justify, line_width
from socd_tui.charts.number import day_name
from socd_tui.charts.sheet import stamp
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, visible
from socd_tui.model.target import ActionTarget, EnterTarget, KeyTarget, Target
from socd_tui.views.parts.description import describe
from socd_tui.views.parts.findings import target_of
from socd_tui.views.parts.names import named
from socd_tui.views.parts.words import WORDS

SHORT_NAME = 18
"""Columns to which a name is cut where the whole one leaves no room for it."""


def told(known: Known, lens: Lens) -> News | None:
    """The news since the last visit; None where there is none."""
    if known.visit is None:
        return None
    return news(known, known.visit, visible(known.fleet, lens)) or None


def news_line(since: News, width: int, now: datetime | None) -> Line:
    """since Thu 19 Nov: 2 new, 1 gone: 'notebook#2zBT' running away, 1 more; gone 'idle#x' expiring  esc seen

    As many names as fit, each a link to what it speaks of. `now` is the service's clock.
    """
    new, gone = len(since.new), len(since.gone)
    counts = ", ".join([*[f"{new} new"][: bool(new)], *[f"{gone} gone"][: bool(gone)]])
    opening = Span(f" {_when(since.since, now)}: {counts}", "title")
    back = ActionTarget("back")
    closing: Line = (Span("  esc", "accent", back), Span(" seen ", "faint", back))
    forms: list[tuple[int, int | None]] = [*((n, None) for n in range(new + gone, 0, -1)), (1, SHORT_NAME)]
    lines: list[Line] = [(opening, *_names(since, n, name)) for n, name in forms]
    ways = [*((line, line_width(closing) + 1) for line in lines), *((line, 0) for line in lines[-2:])]
    line = next((line for line, besides in ways if line_width(line) + besides <= width), (opening,))
    return justify(line, closing, width)


def news_data(since: News) -> dict[str, object]:
    """`data.news` of the JSON document."""
    return {
        "since": stamp(since.since),
        "new": [{"kind": each.kind, "key_id": each.key.id} for each in since.new],
        "gone": [{"kind": each.kind, "key_id": each.key.id} for each in since.gone],
    }


def _when(at: datetime, now: datetime | None) -> str:
    today = now.date() if now else None
    return f"since {at:%H:%M} UTC" if at.date() == today else f"since {day_name(at.date(), today=today)}"


def _names(since: News, most: int, width: int | None) -> Line:
    """Of the first findings, those that are gone last, whose they are and what they say."""
    new, gone = since.new[:most], since.gone[: max(most - len(since.new), 0)]
    spans: list[Span] = []
    for found in new:
        spans += _named(", " if spans else ": ", found.key, describe(found).words, target_of(found), width)
    if len(new) < len(since.new):
        spans.append(Span(f", {len(since.new) - len(new)} more"))
    for n, each in enumerate(gone):
        before = ", " if n else f"{'; ' if spans else ': '}gone "
        spans += _named(before, each.key, WORDS[each.kind], KeyTarget(each.key.id), width)
    if gone and len(gone) < len(since.gone):
        spans.append(Span(f", {len(since.gone) - len(gone)} more"))
    return tuple(spans)


def _named(before: str, key: ApiKey, words: str, at: Target, width: int | None) -> Line:
    return Span(before), Span(named(key, width), "accent", EnterTarget(at)), Span(f" {words}")
