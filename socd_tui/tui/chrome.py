"""The lines around the pane: header, tabs, progress rule and footer. Pure, like the panes."""

from __future__ import annotations

from datetime import datetime, timedelta

from socd_tui.analysis.totals import covered
from socd_tui.charts.canvas import Line, Role, Span, justify, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import age, date_range, span
from socd_tui.model.fleet import Fleet
from socd_tui.model.lens import Lens, visible
from socd_tui.model.session import Session
from socd_tui.model.text import clip
from socd_tui.tui.keymap import Key, caption
from socd_tui.views.document import scope
from socd_tui.views.reading import subject_label
from socd_tui.views.registry import AnyView, view, views

OLD = timedelta(minutes=10)
"""Figures older than this are pointed out."""

SOON = timedelta(minutes=5)
"""A session that ends within this is worth a warning: its usual life is an hour."""


def header(
    fleet: Fleet,
    lens: Lens,
    session: Session | None,
    now: datetime,
    width: int,
    next_at: datetime | None = None,
) -> Line:
    """Which keys, which dates and zone, how old, when the next refresh is, and how long the session lasts."""
    keys = scope(view(lens.view), fleet, lens)
    window = covered(fleet, keys, lens.days)
    dates = f" {date_range(window.start, window.end)} UTC" if window else ""
    who = subject_label(keys, visible(fleet, lens)) if keys else "no keys"
    tier = f" {keys[0].tier.shown}" if len(keys) == 1 and keys[0].tier else ""
    left: Line = (Span(who, "title"), Span(tier, "faint"), Span(f"  {lens.days} d{dates}", "ink"))
    brand, margin = Span(" socd-tui ", "faint"), Span(" ")
    told, ends = _age(fleet, now, zone=" UTC"), (*_next(next_at, now), *_session(session, now))
    for candidate in (
        ((brand, margin, *left), (*told, *ends, margin)),
        ((margin, *left), (*told, *ends, margin)),
        ((margin, *left), (*_age(fleet, now), *ends)),
        ((margin, *left), _age(fleet, now)),
    ):
        if sum(map(line_width, candidate)) < width:
            return justify(*candidate, width)
    return (margin, *left)


def _age(fleet: Fleet, now: datetime, zone: str = "") -> Line:
    if fleet.as_of is None:
        return (Span("  no data yet", "faint"),)
    old = now - fleet.as_of > OLD
    told = "now" if now - fleet.as_of < timedelta(minutes=1) else age(fleet.as_of, now)
    return (Span(f"  as of {fleet.as_of:%H:%M}{zone} ({told})", "warn" if old else "ink"),)


def _next(next_at: datetime | None, now: datetime) -> Line:
    if next_at is None:
        return ()
    return (Span(f"  next in {max(round((next_at - now).total_seconds()), 0)} s", "faint"),)


def _session(session: Session | None, now: datetime) -> Line:
    if session is None:
        return (Span("  signed out", "bad"),)
    if session.expires_at is None:
        return ()
    left = session.expires_at - now
    if left <= timedelta(0):
        return (Span("  session ended", "bad"),)
    told = span(left) if left >= timedelta(minutes=1) else "under 1 min"
    return (Span(f"  session {told}", "warn" if left <= SOON else "faint"),)


def tabs(lens: Lens, total: int, width: int) -> Line:
    """The views with their keys, and what narrows the picture; titles leave before a number does."""
    right = _chips(lens, total)
    full = tuple(_tab(n, known, lens, titled=True) for n, known in enumerate(views(), start=1))
    if line_width(full) + line_width(right) < width:
        return justify(full, right, width)
    brief = tuple(
        _tab(n, known, lens, titled=known.name == lens.view) for n, known in enumerate(views(), start=1)
    )
    return justify(brief, right, width)


def _chips(lens: Lens, total: int) -> Line:
    """What the person has chosen, so that no figure is taken for more than it is."""
    chips: list[Span] = []
    if narrowed := lens.filters.get(lens.view):
        chips.append(Span(f"filter {clip(narrowed, 24)} ", "warn", "action:filter"))
    if sort := lens.sorts.get(lens.view):
        chips.append(Span(f"by {sort.column} ", "faint", "action:sort"))
    if lens.marked:
        chips.append(Span(f"marked {len(lens.marked)}/{total} ", "warn", "action:mark.all"))
    return tuple(chips)


def _tab(n: int, known: AnyView, lens: Lens, *, titled: bool) -> Span:
    current = known.name == lens.view
    text = f" {n} {known.title} " if titled else f" {n} "
    return Span(text, "title" if current else "faint", f"view:{known.name}", current)


def pane_title(seen: AnyView, fleet: Fleet, lens: Lens, width: int, *, focused: bool) -> Line:
    """Above each of two panes: which view, and whose figures."""
    keys = scope(seen, fleet, lens)
    who = subject_label(keys, visible(fleet, lens)) if keys else ""
    role: Role = "title" if focused else "faint"
    left: Line = (Span(f" {seen.title} ", role, None, focused), Span(f" {who}", role))
    return justify(left, (), width)


def rule(width: int, glyphs: Glyphs, progress: tuple[int, int] | None, message: Line = ()) -> Line:
    """A thin line; while a refresh runs it is its progress bar, with counts."""
    if message:
        return (Span(" "), *message)
    if progress is None:
        return (Span(glyphs.rule * width, "faint"),)
    done, total = progress
    told = f" {done}/{total} " if total else " fetching the key list "
    room = max(width - len(told), 0)
    filled = room * done // total if total else 0
    return (
        Span(glyphs.bar[0] * filled, "accent"),
        Span(glyphs.rule * (room - filled), "faint"),
        Span(told, "accent"),
    )


def footer(keys: list[Key], width: int) -> Line:
    """At most eight hints, as many as fit whole."""
    line: list[Span] = [Span(" 1-6", "accent"), Span(" views", "faint")]
    for key in [key for key in keys if key.hint][:7]:
        hint = (
            Span(f"  {caption(key).split(' ')[0]}", "accent", f"action:{key.id}"),
            Span(f" {key.hint}", "faint", f"action:{key.id}"),
        )
        if line_width((*line, *hint)) > width:
            break
        line += hint
    return tuple(line)
