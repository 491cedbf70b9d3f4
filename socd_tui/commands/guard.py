"""`guard`: before a job, whether a key has room for its requests, and if not, when."""

from __future__ import annotations

from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.commands.parts.exit_codes import ExitCode
from socd_tui.model.errors import ServiceError, UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.analysis.guard import Asked
    from socd_tui.commands.parts.context import World

MOST = 1_000_000_000
"""Requests that a job may ask for."""


@dataclass(frozen=True, kw_only=True)
class GuardOptions(Options):
    needs: str | None = None
    within: str = "30m"
    format: str = "text"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--needs", metavar="N", help="how many requests the job makes; TAXII objects count 2.5"
    )
    parser.add_argument("--within", metavar="TIME", help="how long it takes: 90s, 30m, 2h (default 30m)")
    parser.add_argument("--format", choices=("text", "json"))


def run(world: World[GuardOptions]) -> int:
    """Prints the answer: exit 0 go, 3 not now, 6 where that cannot be told."""
    import json

    from socd_tui import __version__
    from socd_tui.analysis.guard import guard
    from socd_tui.commands.parts.asking import figures
    from socd_tui.model.lens import BASELINE, Lens, Wanted, visible
    from socd_tui.outputs.guard import guard_document, guard_sentence, untold_document

    options, asked = world.options, _asked(world.options)
    if len(options.keys) != 1:
        raise UsageError("A job asks with one key.", "Name it: --key 'Production SIEM'.")
    try:
        state = figures(world, Lens(days=1), lambda _: Wanted((1,), BASELINE))
    except ServiceError as error:
        code = ExitCode.SOME_KEYS
        if options.format == "json":
            document = untold_document(
                str(error),
                asked,
                generated_at=world.clock(),
                base_url=world.origin,
                exit_code=code,
                version=__version__,
            )
            world.emit(json.dumps(document, indent=2), exact=True)
        else:
            world.emit(f"unknown: {error}")
        return code
    (key,) = visible(state.fleet, state.lens)
    told = guard(state.known, key, asked)
    code = {"go": ExitCode.OK, "no": ExitCode.PASSED, "unknown": ExitCode.SOME_KEYS}[told.answer]
    now = state.fleet.now or world.clock()
    if options.format == "json":
        document = guard_document(
            told,
            now=now,
            generated_at=world.clock(),
            base_url=state.fleet.base_url,
            exit_code=code,
            version=__version__,
        )
        world.emit(json.dumps(document, indent=2, allow_nan=False), exact=True)
    else:
        world.emit(guard_sentence(told, now))
    return code


def _asked(options: GuardOptions) -> Asked:
    """What the job needs. Raises UsageError."""
    from datetime import timedelta

    from socd_tui.analysis.guard import Asked
    from socd_tui.model.text import inert, quoted
    from socd_tui.model.typed_duration import parse_duration

    if options.needs is None:
        raise UsageError("How many requests the job makes was not said.", "Say it: --needs 500.")
    typed = options.needs.replace(",", "").replace("_", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 12 and 1 <= int(typed) <= MOST):
        said = quoted(inert(options.needs[:20]))
        raise UsageError(
            f"{said} is not a number of requests.", "Give a whole number, 1 or more: --needs 500."
        )
    least, most = timedelta(seconds=1), timedelta(days=1)
    return Asked(
        requests=int(typed), within=parse_duration(options.within, least=least, most=most, example="30m")
    )


COMMAND = Command(
    name="guard",
    uses=frozenset({"demo", "base_url", "profile", "session_from", "keys", "output", "hide_names"}),
    refusals={
        "days": ("`socd-tui guard` looks at the last 24 hours.", "Say --within for how long the job takes."),
        "offline": ("What is stored does not say what counts against a limit now.", "Leave --offline out."),
    },
    options=GuardOptions,
    arguments=arguments,
    run=run,
)
