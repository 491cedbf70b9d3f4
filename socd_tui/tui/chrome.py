"""The lines around the pane: header, tabs, progress rule and footer. Pure, like the panes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from socd_tui.analysis.compare import WAITING
from socd_tui.analysis.known import Known
from socd_tui.charts.canvas import Line, Role, Span, justify, line_width
from socd_tui.charts.glyphs import Glyphs
from socd_tui.charts.number import age, date_range, moment
from socd_tui.clock import duration
from socd_tui.model.errors import SocdError
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, gone, visible
from socd_tui.model.session import Session
from socd_tui.model.target import ActionTarget, ViewTarget
from socd_tui.model.text import clip, clip_name
from socd_tui.tui.keymap import Key, caption
from socd_tui.views.frame.document import scope
from socd_tui.views.parts.how_far import how_far
from socd_tui.views.parts.names import named, subject_label
from socd_tui.views.registry import view, views
from socd_tui.views.view import View

if TYPE_CHECKING:
    from socd_tui.model.progress import Progress

OLD = timedelta(minutes=10)
"""Figures older than this are pointed out."""
STALE = timedelta(hours=1)
"""Figures older than this are called stale."""

MIN_WHO = 28
"""Columns up to which the header cuts no name; beyond half its width it does, for dates and age to stay."""

LONGEST_PROFILE = 12
"""Columns of an account's name."""

SOON = timedelta(minutes=5)
"""A session that ends within this is worth a warning: its usual life is an hour."""


COUNTED_S = 600
"""Seconds to the next refresh that are counted down one by one: the longest there is without being asked."""


def header(
    known: Known,
    lens: Lens,
    session: Session | None,
    now: datetime,
    width: int,
    next_at: datetime | None = None,
    every: timedelta | None = None,
    *,
    paused: bool = False,
    profile: str = "",
) -> Line:
    """Whose keys, which dates and zone, how old, whether it refreshes by itself, how long the session lasts.

    `profile` is what a person calls the account. `now` is the service's clock. Where this machine's differs
    from it that is said, too.
    """
    keys = scope(view(lens.view), known.fleet, lens)
    window = known.covered(keys)
    whose = subject_label(keys, visible(known.fleet, lens), known.fleet) if keys else "no keys"
    who = Span(clip_name(whose, max(width // 2, MIN_WHO)), "title")
    tier = Span(f" {keys[0].tier.shown}" if len(keys) == 1 and keys[0].tier else "", "faint")
    days = Span(f"  {lens.days} d")
    dates = Span(f" {date_range(window.start, window.end, now.date())} UTC" if window else "")
    brand, margin = Span(" socd-tui ", "faint"), Span(" ")
    front = Span(f" {clip(profile, LONGEST_PROFILE)}: ") if profile else margin
    asked = known.as_of(keys) if known.usages(keys) else None
    sign = _sign(every, paused=paused)
    upcoming = sign if paused else (*sign, *_next(next_at, every, now))
    ends = (*_service(known.fleet), *upcoming, *_session(session, known.fleet, now))
    short = (*_service(known.fleet), *sign, *_session(session, known.fleet, now))
    for left, right in (
        ((brand, front, who, tier, days, dates), (*_age(asked, now, "  as of {} UTC ({})"), *ends, margin)),
        ((front, who, tier, days, dates), (*_age(asked, now, "  as of {} UTC ({})"), *ends, margin)),
        ((front, who, tier, days, dates), (*_age(asked, now, "  as of {} ({})"), *ends)),
        ((front, who, days, dates), (*_age(asked, now, "  {} ({})"), *ends)),
        ((front, who, days, dates), (*_age(asked, now, "  {} ({})"), *short)),
        ((front, who, days), (*_age(asked, now, "  {} ({})"), *short)),
        ((front, who, days), (*_age(asked, now, "  {} ({})"), *_service(known.fleet), *sign)),
        ((front, who, days), (*_age(asked, now, "  {} ({})"), *_service(known.fleet))),
        ((front, who, days, dates), _age(asked, now, "  as of {} ({})")),
        ((front, who, days, dates), _age(asked, now, "  {} ({})")),
        ((front, who, days), _age(asked, now, "  {} ({})")),
        ((front, who), _age(asked, now, "  {1}")),
    ):
        if line_width(left) + line_width(right) < width:
            return justify(left, right, width)
    aged = _age(asked, now, "  {1}")
    room = max(width - line_width((front, *aged)) - 1, 0)
    return justify((front, who._replace(text=clip_name(whose, room))), aged, width)


def _age(asked: datetime | None, now: datetime, form: str) -> Line:
    """When the oldest answer shown came, and how long ago, in the words of `form`."""
    if asked is None:
        return (Span("  no data yet", "faint"),)
    passed = now - asked
    ago = "now" if passed < timedelta(minutes=1) else age(asked, now)
    if passed > STALE:
        ago = f"stale, {ago}"
    return (Span(form.format(moment(asked, now), ago), "warn" if passed > OLD else "ink"),)


def _service(fleet: Fleet) -> Line:
    """Where figures come from, if not from the service; how far this machine's clock is off.

    That is said when ages are by another one.
    """
    named = {"demo": "demo", "cache": "offline", "file": "from a file"}.get(fleet.mode)
    demo = (Span(f"  {named}", "warn"),) if named else ()
    off = fleet.clock_off
    return (*demo, Span(f"  clock {off}", "warn")) if off else demo


def _next(next_at: datetime | None, every: timedelta | None, now: datetime) -> Line:
    """How often it refreshes by itself; when the next refresh is, where that is something else."""
    left_s = 0 if next_at is None else max(round((next_at - now).total_seconds()), 0)
    left = duration(timedelta(seconds=left_s)) if left_s > COUNTED_S else f"{left_s} s"
    if every is not None and left_s <= every.total_seconds():
        pause_s = every.total_seconds()
        return (Span(f" {duration(every)}" if pause_s > COUNTED_S else f" {pause_s:.0f} s"),)
    return (Span(f"  next in {left}", "faint"),) if next_at is not None else ()


def _sign(every: timedelta | None, *, paused: bool) -> Line:
    """That it refreshes by itself, or would if somebody looked."""
    if every is None:
        return ()
    return (Span("  ○ paused", "faint"),) if paused else (Span("  ● live"),)


def _session(session: Session | None, fleet: Fleet, now: datetime) -> Line:
    if fleet.is_fixed or (session is None and fleet.mode == "demo"):  # the demo signs in by itself
        return ()
    if session is None:
        return (Span("  signed out", "bad"),)
    if session.expires_at is None or session.where == "demo":
        return ()
    left = session.expires_at - now
    if left <= timedelta(0):
        return (Span("  session ended", "bad"),)
    remaining = duration(left) if left >= timedelta(minutes=1) else "under 1 min"
    if left <= SOON:
        return (Span(f"  session ends in {remaining}", "warn"),)
    return (Span(f"  session {remaining}", "faint"),)


def tabs(lens: Lens, width: int) -> Line:
    """The views with their keys; gaps leave before a title does, and titles before a number."""
    each = list(enumerate(views(), start=1))
    for gap in (" ", ""):
        full = tuple(_tab(known, lens, f" {n} {known.title}{gap}") for n, known in each)
        if line_width(full) < width:
            return full
    return tuple(
        _tab(known, lens, f" {n} {known.title} " if known.name == lens.view else f" {n} ")
        for n, known in each
    )


def narrowing(lens: Lens) -> Line:
    """What narrows and orders a view's rows, so that no figure is taken for more than it is."""
    chips: list[Span] = []
    if narrowed := lens.filters.get(lens.view):
        chips.append(Span(f" filter {clip(narrowed, 24)} ", "warn", ActionTarget("filter")))
    if sort := lens.sorts.get(lens.view):
        measures = view(lens.view).measures
        column = measures.names.heading(sort.column) if measures else sort.column
        chips.append(Span(f" by {column} ", "accent", ActionTarget("sort")))
    return tuple(chips)


def comparing(known: Known, lens: Lens, *, asks: bool = True) -> Line:
    """Which whole days the picture compares, and with which.

    That they are not comparable is not said before the answers have come, where anybody `asks` for them.
    """
    if not lens.compare:
        return ()
    looking = view(lens.view)
    keys = scope(looking, known.fleet, lens)
    beside = known.before(keys)
    change = beside.change(looking.compares)
    if beside.pair is None or not change.comparable:
        waits = change.reason == WAITING or (beside.pair is None and _is_awaited(known, keys))
        if asks and waits:
            return (Span(" comparing ", "faint", ActionTarget("compare")),)
        return (Span(" not comparable ", "warn", ActionTarget("compare")),)
    now, then = (date_range(window.start, window.end) for window in (beside.pair.now, beside.pair.before))
    week = "week " if lens.compare == "calendar_week" else ""
    return (Span(f" {week}{now} vs {then} ", "accent", ActionTarget("compare")),)


def _is_awaited(known: Known, keys: Sequence[ApiKey]) -> bool:
    """Whether the answer of one of the keys has neither come nor failed."""
    return any(known.usage(key.id) is None and known.problem(key.id) is None for key in keys)


def gone_keys(fleet: Fleet, lens: Lens) -> Line:
    """Which keys the account no longer has, until the person has taken note: their marks went with them."""
    keys = gone(fleet, lens)
    if not keys:
        return ()
    who = f"key {named(keys[0], 26)} is" if len(keys) == 1 else f"{len(keys)} keys are"
    return (Span(f" {who} gone ", "warn", ActionTarget("back")),)


def marks(lens: Lens, total: int) -> Line:
    """How many of all keys are marked."""
    return (
        (Span(f" marked {len(lens.marked)}/{total} ", "warn", ActionTarget("mark.all")),)
        if lens.marked
        else ()
    )


def _tab(tab: View, lens: Lens, text: str) -> Span:
    current = tab.name == lens.view
    return Span(text, "title" if current else "faint", ViewTarget(tab.name), current)


def pane_title(shown: View, fleet: Fleet, lens: Lens, width: int, *, focused: bool) -> Line:
    """Above each of two panes: which view, whose figures, and what narrows them."""
    keys = scope(shown, fleet, lens)
    who = subject_label(keys, visible(fleet, lens), fleet) if keys else ""
    role: Role = "title" if focused else "faint"
    left: Line = (Span(f" {shown.title} ", role, None, focused), Span(f" {who}", role))
    return justify(left, narrowing(lens), width)


def trouble(fleet: Fleet, error: SocdError | None, room: int) -> Line:
    """What ended the latest refresh, else what is wrong with the list of keys; more of it is in help."""
    if error is not None:
        return (Span(clip(str(error), room), "bad"),)
    if not fleet.problems:
        return ()
    problem, *others = fleet.problems
    more = f" (+{len(others)} in help)" if others else ""
    told = f"{problem.message} {problem.next_step}".strip()
    return (Span(f"{clip(told, room - len(more))}{more}", "warn"),)


def rule(
    width: int, glyphs: Glyphs, progress: Progress | None, *, message: Line = (), chips: Line = ()
) -> Line:
    """A thin line with what narrows the picture in it; while a refresh runs it is its progress bar."""
    if message:
        return justify((Span(" "), *message), chips, width)
    count, share = "", 0.0
    if progress is not None:
        count = f" {how_far(progress)} "
        share = progress.done / progress.total if progress.total else 0.0
    room = max(width - len(count) - line_width(chips) - 1, 0)
    filled = int(room * share)
    return (
        Span(glyphs.bar[0] * filled, "data"),
        Span(glyphs.rule * (room - filled), "faint"),
        *chips,
        Span(count or glyphs.rule, "accent" if count else "faint"),
        Span(glyphs.rule if count else "", "faint"),
    )


def footer(keys: list[Key], width: int, first: Sequence[str] = ()) -> Line:
    """At most eight hints, those of the view first, as many as fit whole; help is always among them."""
    own = [key for id_ in first for key in keys if key.id == id_]
    hinted = [*own, *(key for key in keys if key.hint and key.id not in ("help", *first))][:6]
    last = [hint for key in keys if key.id == "help" for hint in _hint(key)]
    line: list[Span] = [Span(f" 1-{len(views())}", "accent"), Span(" view", "faint")]
    for key in hinted:
        hint = _hint(key)
        if line_width((*line, *hint, *last)) <= width:
            line += hint
    return (*line, *last)


def _hint(key: Key) -> Line:
    target = ActionTarget(key.id)
    hint = key.hint or key.brief
    return (Span(f"  {caption(key).split(' ')[0]}", "accent", target), Span(f" {hint}", "faint", target))
