"""`login`: a session token comes to this machine."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from socd_tui.commands.parts.context import World
    from socd_tui.model.token import Token


@dataclass(frozen=True, kw_only=True)
class LoginOptions(Options):
    stdin: bool = False
    source: str | None = None
    """A browser, and a profile of it, as typed."""


def arguments(parser: ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdin", action="store_true", help="read the token from standard input")
    way.add_argument(
        "--from",
        dest="source",
        metavar="firefox[:PROFILE]",
        help="take it out of Firefox's cookies, once: of this service alone, and no refresh token",
    )


def run(world: World[LoginOptions]) -> int:
    """Stores a token from a hidden prompt, standard input or a browser, for the one origin it may go to."""
    from socd_tui.clock import duration

    token, taken = _from_browser(world) if world.options.source is not None else (_pasted(world), "")
    session = world.store.save(token, world.origin)
    world.tell()
    life = f" for {duration(session.expires_at - world.clock())}" if session.expires_at else ""
    place = world.store.place(session.where)
    world.emit(f"Signed in to {session.origin}{life}. {taken}The token is in {place}.")
    return 0


def _pasted(world: World[LoginOptions]) -> Token:
    from socd_tui.model.token import parse_token

    return parse_token(_from_stdin() if world.options.stdin else _asked(world.origin), world.clock())


def _from_browser(world: World[LoginOptions]) -> tuple[Token, str]:
    """The token that the browser holds now, and what was taken from where."""
    from socd_tui.commands.parts.browser import browser
    from socd_tui.model.token import Token

    firefox = browser(world.options.source or "", world.environ)
    session = firefox.session(world.origin, world.clock())
    taken = f"The access token was taken from Firefox's profile '{firefox.profile.name}', and nothing else. "
    return Token(session.token, session.expires_at), taken


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
    uses=frozenset({"base_url", "profile"}),
    refusals={
        "demo": ("The demo needs no sign-in.", "Leave --demo out to store a token for the real service.")
    },
    options=LoginOptions,
    arguments=arguments,
    run=run,
)
