"""`login`, `logout` and `status`: the session token on this machine."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from socd_tui.charts.number import duration
from socd_tui.clock import Clock
from socd_tui.commands.world import warn, world
from socd_tui.model.errors import UsageError
from socd_tui.model.token import MAX_PASTE, parse_token
from socd_tui.views.document import stamp


def login(args: Namespace, clock: Clock) -> int:
    """Stores a token from a hidden prompt or standard input, for the one origin it may be sent to."""
    if args.demo:
        raise UsageError(
            "The demo needs no sign-in.", "Leave --demo out to store a token for the real service."
        )
    with world(args, clock) as here:
        token = parse_token(_from_stdin() if args.stdin else _asked(here.origin), clock())
        session = here.store.save(token, here.origin)
        for notice in here.news():
            warn(notice)
        life = f" for {duration(session.expires_at - clock())}" if session.expires_at else ""
        place = _place(session.where, str(here.store.path))
        print(f"Signed in to {session.origin}{life}. The token is in {place}.")
    return 0


def logout(args: Namespace, clock: Clock) -> int:
    """Forgets the token everywhere it was stored."""
    with world(args, clock) as here:
        places = here.store.forget()
    print(f"Forgotten: {', '.join(places)}." if places else "There was no session to forget.")
    return 0


def status(args: Namespace, clock: Clock) -> int:
    """Tells what is known of the session without asking the service."""
    with world(args, clock) as here:
        found = here.store.describe(here.origin)
        facts: dict[str, object] = {
            "present": found.present,
            "base_url": here.origin,
            "token": found.masked,
            "stored_in": found.where,
            "path": str(found.path),
            "origin": found.origin,
            "expires_at": stamp(found.expires_at),
            "expired": found.expired if found.present else None,
            "note": found.note,
        }
        if args.format == "json":
            print(json.dumps(facts, indent=2))
            return 0
        print(f"service   {here.origin}")
        if not found.present:
            print("session   none: run `socd-tui login`")
        else:
            print(f"session   {found.masked}, in {_place(found.where, str(found.path))}")
            if found.expires_at is None:
                print("expires   the token does not say")
            else:
                left = "expired" if found.expired else f"in {duration(found.expires_at - clock())}"
                print(f"expires   {left} ({stamp(found.expires_at)})")
        if found.note:
            print(f"note      {found.note}")
    return 0


def _place(where: str | None, path: str) -> str:
    return path if where == "file" else f"the {where}"


def _from_stdin() -> str:
    return sys.stdin.buffer.read(MAX_PASTE + 1).decode("utf-8", "replace")


def _asked(origin: str) -> str:
    from socd_tui.commands.hidden import ask_hidden

    if not sys.stdin.isatty():
        raise UsageError(
            "There is no terminal to ask on.", "Use `socd-tui login --stdin` and pipe the token in."
        )
    return ask_hidden(
        f"Paste the value of the cookie sb-access-token of {origin} (it is not shown), then press enter: "
    )
