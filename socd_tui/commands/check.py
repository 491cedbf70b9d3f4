"""`check`: whether a threshold is passed, or forecast to pass, for scripts and monitoring systems."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence

from socd_tui.commands.parts.command import UP_TO_NOW, Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from socd_tui.analysis.thresholds import Rules
    from socd_tui.commands.parts.alarming import Alarming
    from socd_tui.commands.parts.checking import Found
    from socd_tui.commands.parts.context import World
    from socd_tui.commands.parts.rounds import Pause
    from socd_tui.live.state import State
    from socd_tui.model.lens import Lens

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
    watch: str | None = None
    exec: str | None = None
    cooldown: str | None = None


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
    parser.epilog = "Without --days it is today (UTC) that is judged."
    parser.add_argument("--watch", metavar="SECONDS", help="go on: one JSON object a round, over failures")
    parser.add_argument(
        "--exec",
        metavar="CMD",
        help="call this for each alarm, and when it is over: without a shell, its state in SOCD_STATE,"
        " SOCD_KEY_NAME, SOCD_MEASURE, ... and as JSON on its input; ended after 30 s",
    )
    parser.add_argument(
        "--cooldown",
        metavar="TIME",
        help="how long nothing is called again for an alarm that lasts and is no worse (default 1h)",
    )


def failed(arguments: Sequence[str], said: str) -> int | None:
    """To a monitoring system 2 would say that the service is ill."""
    if not any(word.startswith("--na") and "--nagios".startswith(word) for word in arguments):
        return None
    from socd_tui.model.redaction import redacted
    from socd_tui.outputs.nagios import plugin_failure

    code, text = plugin_failure(redacted(said, ()))
    print(text)
    return code


def run(world: World[CheckOptions]) -> int:
    """Exit 3 where a threshold is passed, 4 where one is forecast to pass, 6 where some keys are unread."""
    options = world.options
    if not options.nagios:
        return _look(world) if options.watch is None else _watch(world)
    from socd_tui.outputs.nagios import plugin_failure

    try:
        if options.format is not None or options.watch is not None:
            raise UsageError("--nagios has a format of its own.", "Leave --format and --watch out.")
        return _look(world)
    except SocdError as error:
        code, text = plugin_failure(str(error))
    except Exception as error:  # noqa: BLE001  # else exit 1, which says WARNING
        from socd_tui.last_resort import told

        code, text = plugin_failure(told(error))
    world.emit(text)
    return code


def lens_of(world: World[CheckOptions]) -> Lens:
    from socd_tui.commands.parts.windows import on_window
    from socd_tui.model.lens import Lens

    return on_window(world, Lens(), usual=DAYS)


def _look(world: World[CheckOptions]) -> int:
    """Looks once."""
    from socd_tui.commands.parts.checking import Found, rules
    from socd_tui.commands.parts.mishaps import run_tasks
    from socd_tui.outputs.alarm import subjects, subjects_of_failure

    judged, alarming = rules(world), alarms(world)
    try:
        state = _state(world, judged)
    except UsageError:
        raise
    except SocdError as error:
        if alarming is not None:
            run_tasks(alarming.tell(subjects_of_failure(error)))
        raise
    found = Found.of(judged, state)
    code = _told(world, found)
    if alarming is not None:
        run_tasks(alarming.tell(subjects(found.checked)))
    return code


def _state(world: World[CheckOptions], judged: Rules) -> State:
    from socd_tui.commands.parts.asking import figures, without_names
    from socd_tui.commands.parts.checking import windows
    from socd_tui.model.text import counted

    if world.reads_only:
        from socd_tui.commands.parts.context import warn
        from socd_tui.commands.parts.kept import kept_nearest

        lens = lens_of(world)
        state = kept_nearest(world, lens)
        if state.lens.days != lens.days:
            warn(
                f"What is there is of {counted(state.lens.days, 'day')}, and judged in place of {lens.days}."
            )
        return without_names(state) if world.options.hide_names else state
    return figures(world, lens_of(world), lambda seen: windows(seen, judged))


def _watch(world: World[CheckOptions]) -> int:
    from socd_tui.commands.parts.rounds import ended_by_signal, seconds_between

    if world.options.format not in (None, "ndjson"):
        raise UsageError("--watch prints an object a line.", "Leave --format out.")
    return ended_by_signal(watch(world, seconds_between(world.options.watch or "")))


async def watch(world: World[CheckOptions], every: timedelta, pause: Pause | None = None) -> int:
    """Prints one object a round and calls for alarms, over failures. Ends by being cancelled."""
    import asyncio
    import json
    import sys
    from contextlib import aclosing

    from socd_tui.commands.parts.checking import Found, rules, windows
    from socd_tui.commands.parts.rounds import rounds
    from socd_tui.outputs.alarm import subjects, subjects_of_failure

    judged, alarming = rules(world), alarms(world)
    asked = rounds(world, lens_of(world), lambda seen: windows(seen, judged), every, pause or asyncio.sleep)
    async with aclosing(asked) as looks:
        async for look in looks:
            if isinstance(look, SocdError):
                document, concerned = _failure(world, judged, look), subjects_of_failure(look)
            else:
                found = Found.of(judged, look)
                document, concerned = found.document(world), subjects(found.checked)
            world.emit(json.dumps(document, allow_nan=False), exact=True)
            sys.stdout.flush()
            if alarming is not None:
                await alarming.tell(concerned)
    return ExitCode.OK


def alarms(world: World[CheckOptions]) -> Alarming | None:
    """What calls a program for them; None where none is to be called. Raises UsageError."""
    from datetime import timedelta

    options = world.options
    if options.exec is None:
        if options.cooldown is not None:
            raise UsageError("--cooldown is of what --exec calls.", "Leave it out, or add --exec COMMAND.")
        return None
    from socd_tui.commands.parts.alarming import Alarming
    from socd_tui.commands.parts.calling import program
    from socd_tui.model.typed_duration import parse_duration

    cooldown = parse_duration(
        options.cooldown or "1h", least=timedelta(), most=timedelta(days=30), example="1h"
    )
    return Alarming(world, program(options.exec, world.environ), cooldown)


def _failure(world: World[CheckOptions], judged: Rules, error: SocdError) -> dict[str, object]:
    from socd_tui import __version__
    from socd_tui.outputs.check import failed_document

    return failed_document(
        error, judged, generated_at=world.clock(), base_url=world.origin, version=__version__
    )


def _told(world: World[CheckOptions], found: Found) -> int:
    """Prints what was found; the exit code."""
    import json

    from socd_tui.commands.parts.problems import warn_of_problems
    from socd_tui.outputs.check import check_lines
    from socd_tui.outputs.nagios import plugin_output

    options = world.options
    if options.nagios:
        service, text = plugin_output(found.checked, partly=found.partly)
        world.emit(text)
        return service
    if options.format in ("json", "ndjson"):
        indent = 2 if options.format == "json" else None
        world.emit(json.dumps(found.document(world), indent=indent, allow_nan=False), exact=True)
    else:
        world.emit("\n".join(check_lines(found.checked)))
    warn_of_problems(found.state.known, ())  # a key's own are told in its line
    return found.code


_OF_NOW = "`socd-tui check` judges days up to now."

COMMAND = Command(
    name="check",
    uses=UP_TO_NOW
    | {"demo", "offline", "open", "base_url", "profile", "session_from", "keys", "output", "hide_names"},
    refusals={
        "until": (_OF_NOW, "Look back with --since or --days, or at `socd-tui show`."),
        "yesterday": (_OF_NOW, "Look back with --since or --days, or at `socd-tui show`."),
    },
    options=CheckOptions,
    arguments=arguments,
    side_by_side=True,
    alone={"watch": "--watch", "nagios": "--nagios", "exec": "--exec"},
    run=run,
    failed=failed,
)
