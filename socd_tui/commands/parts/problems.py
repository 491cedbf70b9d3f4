"""Tells what could not be read, beside the data that could."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socd_tui.commands.parts.context import warn
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.views.frame.document import problems
from socd_tui.views.parts.names import named
from socd_tui.views.parts.notes import clock_note

if TYPE_CHECKING:
    from socd_tui.analysis.known import Known
    from socd_tui.model.key import ApiKey


def warn_of_problems(known: Known, chosen: tuple[ApiKey, ...]) -> ExitCode:
    """Warns of what could not be read; the exit code that says whether there was any."""
    if note := clock_note(known.fleet):
        warn(note)
    stopping = problems(known, chosen)
    for problem in stopping:
        key = known.fleet.key(problem.key_id) if problem.key_id else None
        who = f"{named(key)}: " if key else ""
        warn(f"{who}{problem.message} {problem.next_step}".rstrip())
    return ExitCode.SOME_KEYS if any(problem.key_id for problem in stopping) else ExitCode.OK
