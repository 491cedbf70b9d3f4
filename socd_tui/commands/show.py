"""`show` and `keys`: the same Data as on screen, printed."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from contextlib import aclosing
from dataclasses import replace

from socd_tui import __version__
from socd_tui.analysis.known import Known, prepare
from socd_tui.analysis.row_filter import parse_filter
from socd_tui.charts.number import date_range
from socd_tui.charts.sheet import Sheet, as_csv, as_markdown, as_text
from socd_tui.clock import Clock
from socd_tui.commands.world import World, wanted_glyphs, warn, world
from socd_tui.model.errors import UsageError
from socd_tui.model.fleet import Fleet
from socd_tui.model.key import ApiKey
from socd_tui.model.lens import Lens, Wanted, wanted
from socd_tui.model.preferences import Preferences
from socd_tui.model.select import select
from socd_tui.service.feed import Feed
from socd_tui.views.document import document, problems, scope
from socd_tui.views.reading import label, subject_label
from socd_tui.views.registry import AnyView, view

SOME_KEYS_FAILED = 6


def show(args: Namespace, clock: Clock) -> int:
    """Prints one view. Exit 6 when some keys could not be read."""
    seen = view(args.view_name)
    narrowed = _narrowed(seen, args)
    with world(args, clock) as here:
        settings = here.settings()
        args.ascii = args.ascii or settings.ascii
        days = args.days or settings.days
        narrowed = replace(narrowed, days=days)
        fleet = asyncio.run(_fetched(here, wanted(narrowed, baseline=seen.baseline), tuple(args.key)))
    chosen = tuple(key.id for key in select(fleet.keys, args.key)) if args.key else ()
    lens = replace(narrowed, only=chosen)
    known = prepare(fleet, lens, Preferences(settings.owners))
    data = seen.build(known, lens)
    if args.format == "json":
        print(document(seen, data, known, lens, generated_at=clock(), version=__version__, raw=args.raw))
    else:
        if args.format == "table":
            emit(_caption(seen, known, lens), args)
        sheet = seen.sheet(data)
        emit(printed(sheet, args.format), args)
        if args.format == "csv":  # where a note would be a row
            for note in sheet.notes:
                warn(note)
    return _told(known, scope(seen, fleet, lens))


def _narrowed(seen: AnyView, args: Namespace) -> Lens:
    """The Lens's filter and sort from the arguments, before anything is fetched. Raises UsageError."""
    if (args.filter or args.sort) and seen.columns is None:
        raise UsageError(f"{seen.title} has no rows to filter or sort.", "Leave --filter and --sort out.")
    lens = Lens(view=seen.name, compare=args.compare)
    if args.filter and seen.columns:
        parse_filter(args.filter, seen.columns)
        lens = replace(lens, filters={seen.name: args.filter})
    if args.sort and seen.columns:
        lens = replace(lens, sorts={seen.name: seen.columns.sort(args.sort)})
    return lens


def keys(args: Namespace, clock: Clock) -> int:
    """Prints the account's keys."""
    import json

    from socd_tui.views.keylist import as_data, sheet

    with world(args, clock) as here:
        fleet = asyncio.run(_fetched(here, None, ()))
    if args.format == "json":
        print(json.dumps(as_data(fleet), indent=2))
    else:
        emit(printed(sheet(fleet), args.format), args)
    for problem in fleet.problems:
        warn(problem.message)
    return 0


def printed(sheet: Sheet, format_: str) -> str:
    return {"table": as_text, "csv": as_csv, "md": as_markdown}[format_](sheet)


def emit(text: str, args: Namespace) -> None:
    """Data goes to standard output, in ASCII where nothing else can be shown."""
    from socd_tui.charts.canvas import to_ascii

    print("\n".join(map(to_ascii, text.split("\n"))) if wanted_glyphs(args).level == "ascii" else text)


async def _fetched(here: World, asked: Wanted | None, selectors: tuple[str, ...]) -> Fleet:
    session = here.signed_in()
    fleet, feed = here.fleet(session), Feed(session, here.clock)
    try:
        async with aclosing(feed.refresh(fleet, asked, selectors=selectors)) as updates:
            async for update in updates:
                fleet = update.fleet
                _progress(update.done, update.total)
    finally:
        _progress(0, 0)
        await feed.aclose()
    memory = here.memory(session)
    memory.keep(prepare(fleet, Lens()))
    for notice in memory.notices:
        warn(notice)
    past = memory.past()
    return replace(fleet, past={key.id: past[key.id] for key in fleet.keys if key.id in past})


def _progress(done: int, total: int) -> None:
    """A count that overwrites itself, for a person watching; nothing in a pipe."""
    if sys.stderr.isatty():
        text = f"{done}/{total} answers" if total and done < total else ""
        print(f"\r{text:<20}\r", end="", file=sys.stderr, flush=True)


def _caption(seen: AnyView, known: Known, lens: Lens) -> str:
    chosen = scope(seen, known.fleet, lens)
    window = known.covered(chosen)
    dates = f" {date_range(window.start, window.end)} UTC" if window else ""
    narrowed = f"  filter {lens.filters[seen.name]}" if lens.filters else ""
    asked = known.asked_at(chosen)
    as_of = f"  as of {asked:%H:%M} UTC" if asked else ""
    return f"{seen.title}  {subject_label(chosen, known.fleet.keys)}  {lens.days} d{dates}{narrowed}{as_of}"


def _told(known: Known, chosen: tuple[ApiKey, ...]) -> int:
    found = problems(known, chosen)
    for problem in found:
        key = known.fleet.key(problem.key_id) if problem.key_id else None
        who = f"{label(key)}: " if key else ""
        warn(f"{who}{problem.message} {problem.next_step}".rstrip())
    return SOME_KEYS_FAILED if any(problem.key_id for problem in found) else 0
