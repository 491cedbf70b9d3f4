"""`login`: a session token comes to this machine."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import UsageError

if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World


@dataclass(frozen=True, kw_only=True)
class LoginOptions(Options):
    stdin: bool = False


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stdin", action="store_true", help="read the token from standard input")


def run(world: World[LoginOptions]) -> int:
    """Stores a token from a hidden prompt or standard input, for the one origin it may be sent to."""
    from socd_tui.clock import duration
    from socd_tui.model.token import parse_token

    token = parse_token(_from_stdin() if world.options.stdin else _asked(world.origin), world.clock())
    session = world.store.save(token, world.origin)
    world.tell()
    life = f" for {duration(session.expires_at - world.clock())}" if session.expires_at else ""
    place = world.store.place(session.where)
    world.emit(f"Signed in to {session.origin}{life}. The token is in {place}.")
    return 0


def _from_stdin() -> str:
    from socd_tui.model.text import decoded
    from socd_tui.model.token import MAX_PASTE

    # Twice as many bytes as characters: UTF-16.
    return decoded(sys.stdin.buffer.read(2 * MAX_PASTE + 1))


def _asked(origin: str) -> str:
    from socd_tui.commands.parts.secret_prompt import ask_secret

    if not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on.", "Use `socd-tui login --stdin` and pipe the token in."
        )
    return ask_secret(
        f"Paste the value of the cookie sb-access-token of {origin} (it is not shown), then press enter: "
    )


COMMAND = Command(
    name="login",
    order=3,
    summary="store a session token from a hidden prompt or standard input",
    uses=frozenset({"base_url"}),
    refusals={
        "demo": ("The demo needs no sign-in.", "Leave --demo out to store a token for the real service.")
    },
    options=LoginOptions,
    arguments=arguments,
    run=run,
)
