"""`check`: whether a threshold is passed, or forecast to pass, for scripts and monitoring systems."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.text import inert, quoted

if TYPE_CHECKING:
    from socd_tui.analysis.thresholds import Checked, Rules
    from socd_tui.commands.parts.context import World
    from socd_tui.live.state import State
    from socd_tui.model.lens import Lens, Wanted

DAYS = 1
"""The window, where none is asked for: today, as a threshold is of now."""

FORMATS = ("text", "json", "ndjson")


@dataclass(frozen=True, kw_only=True)
class CheckOptions(Options):
    fail_at: str | None = None
    by: str = "level"
    within: str | None = None
    unknown: str = "ok"
    format: str | None = None
    nagios: bool = False


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.model.threshold import MEASURES

    parser.add_argument(
        "--fail-at",
        metavar="NAME=VALUE,...",
        help=f"the thresholds, of {', '.join(MEASURES)} and min_requests"
        " (default day=80,minute=90,errors=5,throttled=1,findings=high,min_requests=100)",
    )
    parser.add_argument(
        "--by",
        choices=("level", "chance"),
        help="chance: judge the day limit alone, by what is forecast of it",
    )
    parser.add_argument(
        "--within",
        metavar="DAYS",
        help="exit 4 where the day limit's threshold is more likely than not to pass so soon"
        " (default 7, at most 30; 0: do not forecast)",
    )
    parser.add_argument(
        "--unknown", choices=("ok", "fail"), help="what an unknown figure counts as (default ok)"
    )
    parser.add_argument("--format", choices=FORMATS, help="a line a key, a document, or that in one line")
    parser.add_argument(
        "--nagios", action="store_true", help="be a monitoring plugin: exit 0, 1, 2 or 3, and figures"
    )


def run(world: World[CheckOptions]) -> int:
    """Exit 3 where a threshold is passed, 4 where one is forecast to pass, 6 where some keys are unread."""
    if not world.options.nagios:
        return _run(world, rules(world))
    from socd_tui.outputs.nagios import plugin_failure

    try:
        return _run(world, rules(world))
    except SocdError as error:
        code, text = plugin_failure(str(error))
    except Exception as error:  # noqa: BLE001  # else exit 1, which says WARNING
        from socd_tui.last_resort import told

        code, text = plugin_failure(told(error))
    world.emit(text)
    return code


def rules(world: World[CheckOptions]) -> Rules:
    """From the options, else `config.toml`. Raises UsageError."""
    from socd_tui.analysis.thresholds import FARTHEST, Rules
    from socd_tui.model.threshold import parse_thresholds, thresholds_of

    options, thresholds = world.options, thresholds_of(world.settings.thresholds)
    if options.fail_at is not None:
        thresholds = parse_thresholds(options.fail_at, thresholds)
    typed = "7" if options.within is None else options.within
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4 and int(typed) <= FARTHEST):
        raise UsageError(
            f"{quoted(inert(typed[:20]))} is not a number of days ahead.",
            f"Give a whole number from 0 to {FARTHEST}: --within 7.",
        )
    by_chance = options.by == "chance"
    if by_chance and "day" not in thresholds.limits:
        raise UsageError("--by chance judges the day limit alone.", "Add day=80 to --fail-at.")
    if by_chance and not int(typed):
        raise UsageError("--by chance needs days to look ahead.", "Give --within 1 or more.")
    if options.nagios and options.format is not None:
        raise UsageError("--nagios has a format of its own.", "Leave --format out.")
    return Rules(
        thresholds=thresholds,
        within=int(typed),
        by_chance=by_chance,
        unknown_fails=options.unknown == "fail",
    )


def windows(lens: Lens, judged: Rules) -> Wanted:
    """The window that is judged, and what tells findings and forecasts where these are asked for."""
    from socd_tui.model.lens import BASELINE, Wanted, shown_windows

    looks_ahead = judged.within and "day" in judged.thresholds.limits
    more = BASELINE if looks_ahead or "findings" in judged.thresholds.limits else ()
    return Wanted.merged([shown_windows(lens), Wanted(more)])


def exit_code(checked: Checked, *, partly: bool) -> ExitCode:
    """What is worst; `partly` when the list of keys was not whole."""
    match checked.level:
        case "passed":
            return ExitCode.PASSED
        case "forecast":
            return ExitCode.FORECAST
        case "unread":
            return ExitCode.SOME_KEYS
        case _:
            return ExitCode.SOME_KEYS if partly else ExitCode.OK


def _run(world: World[CheckOptions], judged: Rules) -> int:
    import asyncio
    from dataclasses import replace

    from socd_tui.commands.parts.asking import answered
    from socd_tui.model.lens import Lens

    lens = replace(Lens(), days=world.options.days or DAYS)
    state = asyncio.run(answered(world, lens, lambda seen: windows(seen, judged)))
    return _told(world, judged, state)


def _told(world: World[CheckOptions], judged: Rules, state: State) -> int:
    """Prints what was found; the exit code."""
    import json

    from socd_tui import __version__
    from socd_tui.analysis.thresholds import check
    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.model.lens import visible
    from socd_tui.outputs.check import check_document, check_lines
    from socd_tui.outputs.nagios import plugin_output

    options, fleet = world.options, state.fleet
    expires_at = state.session.expires_at if state.session else None
    checked = check(state.known, visible(fleet, state.lens), judged, expires_at)
    partly = bool(fleet.problems)
    if options.nagios:
        service, text = plugin_output(checked, partly=partly)
        world.emit(text)
        return service
    code = exit_code(checked, partly=partly)
    if options.format in ("json", "ndjson"):
        document = check_document(
            checked,
            state.known,
            judged,
            generated_at=world.clock(),
            expires_at=expires_at,
            exit_code=code,
            version=__version__,
        )
        world.emit(json.dumps(document, indent=2 if options.format == "json" else None, allow_nan=False))
    else:
        world.emit("\n".join(check_lines(checked)))
    warn_of_problems(state.known, ())  # a key's own are told in its line
    return code


COMMAND = Command(
    name="check",
    order=3,
    summary="tell whether a threshold is passed, or forecast to pass",
    uses=frozenset({"demo", "base_url", "keys", "days", "output"}),
    options=CheckOptions,
    arguments=arguments,
    run=run,
)
