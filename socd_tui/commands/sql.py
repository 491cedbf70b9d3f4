"""`sql`: a question of one's own, asked of what this machine remembers."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.parser import RawHelp
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.model.fleet import Fleet

FORMATS = ("table", "csv", "json", "jsonl", "md")
MOST_ROWS = 9_999_999
"""Rows that are printed at most."""


@dataclass(frozen=True, kw_only=True)
class SqlOptions(Options):
    statement: str = ""
    format: str = "table"
    limit: int = 1_000
    timeout: float = 10.0


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.tables.remembered import TABLES
    from socd_tui.outputs.tables.table import columns_help

    parser.add_argument(
        "statement", metavar="SELECT", help="one SELECT statement of SQLite; - reads it from standard input"
    )
    parser.add_argument("--format", choices=FORMATS)
    parser.add_argument(
        "--limit", type=_rows, metavar="ROWS", help="print so many rows at most (default 1000)"
    )
    parser.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="end it after so long (default 10)"
    )
    parser.formatter_class = RawHelp
    about = ["tables of what this machine remembers of the service; what is not known is null:"]
    for table in TABLES:
        about += ["", f"{table.name}: {table.about}", *columns_help(table.columns)]
    example = "select name, sum(requests) from days join keys using (key_id) group by name"
    parser.epilog = "\n".join([*about, "", "example:", f'  socd-tui sql "{example}"'])


def run(world: World[SqlOptions]) -> int:
    """Prints what the statement selects. Nothing can be written with it, nor any file read."""
    import sys

    from socd_tui.commands.parts.context import warn
    from socd_tui.outputs.tables.query import LONGEST, Bounds, select
    from socd_tui.outputs.tables.remembered import TABLES

    options = world.options
    bounds = Bounds(rows=options.limit, seconds=options.timeout, now_s=lambda: world.steady().timestamp())
    fleet, owners = _remembered(world), world.settings.owners
    if options.hide_names:
        from socd_tui.analysis.hiding import hidden
        from socd_tui.model.lens import Lens

        made = hidden(fleet, owners, Lens())
        fleet, owners = made.fleet, made.owners
    # One more than it may have: what is too long is refused, and never asked without its end.
    statement = sys.stdin.read(LONGEST + 1) if options.statement == "-" else options.statement
    answer = select([(table, table.rows(fleet, owners)) for table in TABLES], statement, bounds)
    if answer.rows or options.format != "jsonl" or world.output:
        exact = options.format in ("json", "jsonl")
        world.emit(_written(answer.columns, answer.rows, world), exact=exact)
    if answer.has_more:
        warn(cut_note(options.limit))
    return 0


def cut_note(limit: int) -> str:
    """That there are more rows than were printed, and what shows more of them."""
    from socd_tui.model.text import counted

    more = min(limit * 10, MOST_ROWS)
    step = f"; --limit {more} shows more" if more > limit else ""
    return f"Only the first {counted(limit, 'row')} are shown{step}."


def _remembered(world: World[SqlOptions]) -> Fleet:
    """Everything that is stored; of the demo, which keeps nothing, what it answers now."""
    from socd_tui.store.history import History

    if world.options.demo:
        from socd_tui.commands.parts.asking import answered
        from socd_tui.commands.parts.mishaps import run_tasks
        from socd_tui.model.days import MAX_DAYS
        from socd_tui.model.lens import Lens, shown_windows

        return run_tasks(answered(world, Lens(days=MAX_DAYS), shown_windows)).known.fleet
    history = History(world.paths.data, world.origin, clock=world.clock)
    fleet = history.everything()
    world.notices.extend(history.notices)
    return fleet


def _written(columns: tuple[str, ...], rows: tuple[tuple[object, ...], ...], world: World[SqlOptions]) -> str:
    import json

    from socd_tui.outputs.tables.writing import as_json_lines, as_objects, as_sheet
    from socd_tui.views.frame.formats import Writable, format_named

    if world.options.format == "jsonl":
        return as_json_lines(columns, rows)
    document = {
        "schema": "socd-tui/sql/1",
        "base_url": world.origin,
        "columns": columns,
        "rows": as_objects(columns, rows),
    }
    figures = Writable(
        sheet=lambda: as_sheet(columns, rows), json=lambda: json.dumps(document, indent=2, allow_nan=False)
    )
    return format_named(world.options.format).text(figures)


def _rows(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 0 < int(text) <= MOST_ROWS):
        raise ArgumentTypeError(f"give a whole number of rows, 1 to {MOST_ROWS}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise ArgumentTypeError("give a number of seconds, up to 3600")
    return seconds


COMMAND = Command(
    name="sql",
    uses=frozenset({"demo", "offline", "base_url", "profile", "output", "hide_names"}),
    options=SqlOptions,
    arguments=arguments,
    run=run,
)
