"""Runs a command for several accounts, and prints what comes of it as one."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, redirect_stderr
from io import StringIO
from typing import Any

from socd_tui.clock import Clock
from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.context import World, opened, warn
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import SocdError, UsageError
from socd_tui.model.record import replace
from socd_tui.outputs.side_by_side import EXACT, JOINED, Part
from socd_tui.store.environment import VARIABLE

_GRAVEST = (
    ExitCode.PASSED,
    ExitCode.FORECAST,
    ExitCode.USAGE,
    ExitCode.FAILED,
    ExitCode.SIGNED_OUT,
    ExitCode.SOME_KEYS,
)
"""Of the exit codes of several accounts the one that comes first here counts."""


def side_by_side(command: Command, options: Options, clock: Clock, steady: Clock) -> int:
    """The gravest exit code. Raises UsageError where the command is of one account."""
    profiles = tuple(dict.fromkeys((options.profile or "").split(",")))
    format_ = getattr(options, "format", None) or "text"
    _check(command, options, format_)
    with ExitStack() as stack:
        worlds = [
            stack.enter_context(opened(replace(options, profile=profile), clock, steady))
            for profile in profiles
        ]
        for mistake in worlds[0].mistakes:
            warn(mistake)
        done = [_part(command, world, profile) for world, profile in zip(worlds, profiles, strict=True)]
        parts, codes = [part for part, _ in done], [code for _, code in done]
        if format_ == "json" or any(part.text is not None for part in parts):
            worlds[0].emit(JOINED[format_](parts), exact=format_ in EXACT)
    return next((code for code in _GRAVEST if code in codes), max(codes))


def _check(command: Command, options: Options, format_: str) -> None:
    what = f"`socd-tui {command.name}`" if command.name else "The terminal program"
    if not command.side_by_side:
        raise UsageError(f"{what} is of one account.", "Name one profile, or print several: `socd-tui show`.")
    for name, flag in command.alone.items():
        if getattr(options, name) not in (None, False):
            raise UsageError(
                f"{what} is of one account with {flag}.", f"Name one profile, or leave {flag} out."
            )
    if format_ not in JOINED:
        raise UsageError(f"What --format {format_} prints is of one account.", "Name one profile.")
    if os.environ.get(VARIABLE):
        raise UsageError(f"{VARIABLE} is the session of one account.", "Unset it to look at several.")


def _part(command: Command, world: World[Any], profile: str) -> tuple[Part, int]:
    """What one account prints, and its exit code; what is said beside it is said with the account's name."""
    printed: list[str] = []
    said, error = StringIO(), None
    world.notices[:] = [notice for notice in world.notices if notice not in world.mistakes]
    with redirect_stderr(said):
        world.tell()
        try:
            code = command.run(replace(world, collect=printed.append))
        except SocdError as failure:
            code, error = failure.exit_code, failure
            warn(str(failure))
        world.tell()
    for line in said.getvalue().splitlines():
        print(f"socd-tui: {profile}: {line.removeprefix('socd-tui: ')}", file=sys.stderr)
    return Part(profile, world.origin, "\n".join(printed) if printed else None, error), code
