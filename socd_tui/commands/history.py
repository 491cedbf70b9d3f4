"""`history`: what this machine remembers of the keys, without asking the service."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.parser import RawHelp
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from socd_tui.commands.parts.context import World
    from socd_tui.store.history import History
    from socd_tui.store.summary import Remembered, Summary


FORMATS = ("text", "table", "json", "csv", "jsonl")


@dataclass(frozen=True, kw_only=True)
class HistoryOptions(Options):
    prune: str | None = None
    format: str = "text"


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.tables.remembered import EXPORTED
    from socd_tui.outputs.tables.table import columns_help

    parser.add_argument("--prune", metavar="DAYS", help="forget what is older than so many days")
    parser.add_argument(
        "--format", choices=FORMATS, help="text (or table) and json sum up; csv and jsonl have every day"
    )
    parser.formatter_class = RawHelp
    about = "columns of csv and jsonl, a row a key and UTC date; what is not known is empty, or null:"
    parser.epilog = "\n".join([about, *columns_help(EXPORTED)])


def run(world: World[HistoryOptions]) -> int:
    """Prints how much is remembered of each key, after forgetting what is older than asked for."""
    import json

    from socd_tui.store.history import History

    options = world.options
    if options.hide_names and options.format not in ("csv", "jsonl"):
        raise UsageError("What is summed up goes by names.", "Leave --hide-names out, or add --format csv.")
    oldest = None if options.prune is None else _oldest(options.prune, world.clock().date())
    history = History(world.paths.data, world.origin, clock=world.clock)
    pruned = None if oldest is None else history.prune(oldest)
    if options.format in ("csv", "jsonl"):
        _emit_days(world, history)
        return 0
    summary = history.summary()
    world.notices.extend(history.notices)
    if options.format == "json":
        text = json.dumps(_facts(summary, world.origin, str(history.path), pruned), indent=2)
    else:
        text = _sentences(summary, world, history.path, pruned)
    world.emit(text)
    return 0


def _emit_days(world: World[HistoryOptions], history: History) -> None:
    """Prints each day of each key."""
    from socd_tui.charts.sheet import as_csv
    from socd_tui.outputs.tables.remembered import EXPORTED, exported_days
    from socd_tui.outputs.tables.writing import as_json_lines, as_sheet

    names = [column.name for column in EXPORTED]
    fleet, owners = history.everything(), world.settings.owners
    if world.options.hide_names:
        from socd_tui.analysis.hiding import hidden
        from socd_tui.model.lens import Lens

        made = hidden(fleet, owners, Lens())
        fleet, owners = made.fleet, made.owners
    rows = tuple(exported_days(fleet, owners, world.origin))
    world.notices.extend(history.notices)
    if world.options.format == "csv":
        world.emit(as_csv(as_sheet(names, rows)), exact=True)
    elif rows or world.output:
        world.emit(as_json_lines(names, rows), exact=True)


def _oldest(typed: str, today: date) -> date:
    """The first date that is kept. Raises UsageError."""
    from datetime import date

    from socd_tui.model.text import inert

    days = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
    if days < 1:
        raise UsageError(
            f"'{inert(typed[:20])}' is not a number of days to keep.",
            "Give a whole number, 1 or more: --prune 365.",
        )
    return date.fromordinal(max(today.toordinal() - days, 1))


def _sentences(summary: Summary, world: World[HistoryOptions], path: Path, pruned: int | None) -> str:
    from socd_tui.charts.number import exact
    from socd_tui.charts.sheet import Field, Sheet, as_text
    from socd_tui.model.key import told_apart
    from socd_tui.model.text import counted
    from socd_tui.store.paths import printable
    from socd_tui.views.parts.names import label

    lines = [] if pruned is None else [f"{counted(pruned, 'day')} of all keys forgotten."]
    if not summary.keys:
        demo, filled = world.options.demo, f"Looking at the keys of {world.origin} fills the history."
        why = "The demo keeps nothing." if demo else filled
        lines.append(f"Nothing is remembered yet. {why}")
        return "\n".join(lines)
    sheet = Sheet(
        (Field("key", "text"), Field("days"), Field("first", "text"), Field("last", "text"), Field("gaps")),
        tuple(
            (label(key), each.days, str(each.first), str(each.last), each.gaps)
            for key, each in zip(
                told_apart([each.key for each in summary.per_key]), summary.per_key, strict=True
            )
        ),
    )
    keys, days = counted(summary.keys, "key"), counted(summary.days, "day")
    missing = f", {counted(summary.gaps, 'day')} missing in between" if summary.gaps else ""
    size = exact(summary.bytes_on_disk)
    lines += [
        as_text(sheet),
        f"{keys} of {world.origin}, {days}{missing}; {size} bytes in {printable(path)}",
    ]
    return "\n".join(lines)


def _facts(summary: Summary, origin: str, path: str, pruned: int | None) -> dict[str, object]:
    return {
        "schema": "socd-tui/history/1",
        "base_url": origin,
        "path": path,
        "bytes": summary.bytes_on_disk,
        "pruned_days": pruned,
        "days": summary.days,
        "first": _date(summary.first),
        "last": _date(summary.last),
        "gaps": summary.gaps,
        "keys": [_key(each) for each in summary.per_key],
    }


def _key(each: Remembered) -> dict[str, object]:
    from socd_tui.views.frame.document import key_facts

    facts = {name: value for name, value in key_facts(each.key).items() if name != "tier"}
    return {
        **facts,
        "days": each.days,
        "first": _date(each.first),
        "last": _date(each.last),
        "gaps": each.gaps,
    }


def _date(day: date | None) -> str | None:
    return str(day) if day else None


COMMAND = Command(
    name="history",
    uses=frozenset({"demo", "offline", "base_url", "profile", "output", "hide_names"}),
    options=HistoryOptions,
    arguments=arguments,
    side_by_side=True,
    alone={"prune": "--prune"},
    run=run,
)
