"""The terminal program: from arguments to a running app, and out again with the terminal as it was."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from socd_tui.clock import Clock
from socd_tui.commands.world import World, wanted_glyphs, wants_colour, world
from socd_tui.commands.zone import local_zone
from socd_tui.model.errors import StoreError, UsageError
from socd_tui.model.lens import Lens
from socd_tui.model.preferences import Preferences
from socd_tui.model.session import Session
from socd_tui.model.token import parse_token
from socd_tui.views.registry import view


def interactive(args: Namespace, clock: Clock) -> int:
    """Runs the UI. Exit 2 without a terminal, 1 after a crash, 128+n when ended by a signal."""
    if args.view:
        view(args.view)
    if (
        not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
        or os.environ.get("TERM") == "dumb"
    ):
        raise UsageError(
            "There is no terminal for the UI here.",
            "Use `socd-tui show overview` for text, or --format json.",
        )
    # Textual would write every key that is pressed, a typed token too, to a file in the current folder.
    os.environ.pop("TEXTUAL_DEBUG", None)
    from socd_tui.tui.app import Setup
    from socd_tui.tui.keymap import keymap
    from socd_tui.tui.run import run
    from socd_tui.tui.theme import PALETTES

    with world(args, clock) as here:
        themes = tuple(palette.name for palette in PALETTES)
        settings = here.settings(themes, tuple(key.id for key in keymap()))
        args.ascii = args.ascii or settings.ascii
        here.store.notices.extend(_first_run(here))
        return run(
            Setup(
                fleet=here.fleet(),
                lens=Lens(
                    view=args.view or settings.view,
                    days=args.days or settings.days,
                ),
                session=None if here.connect else here.session(),
                connect=here.connect,
                memory=here.memory,
                origin=here.origin,
                sign_in=lambda pasted: _sign_in(here, pasted),
                clock=clock,
                folder=Path.cwd(),
                glyphs=wanted_glyphs(args),
                colour=wants_colour(args),
                theme=args.theme or settings.theme,
                selectors=tuple(args.key),
                preferences=Preferences(settings.owners, local_zone(clock)),
                refresh_every=timedelta(seconds=settings.refresh_s),
                keys=settings.keys,
                news=here.news,
            ),
            here.paths.state,
        )


def _first_run(here: World) -> tuple[str, ...]:
    """A hint, the first time the program runs for this person."""
    from socd_tui.store.atomic import write_new
    from socd_tui.store.paths import private_dir

    seen = here.paths.state / "seen"
    if here.mode == "demo" or seen.exists():
        return ()
    with suppress(StoreError):  # a read-only home sees the hint again
        private_dir(here.paths.state)
        write_new(seen, b"")
    return ("Press ? for what every number means, ctrl+p to find every command.",)


def _sign_in(here: World, pasted: str) -> Session:
    """Kept for the next run when the disk lets us, else for this one."""
    token = parse_token(pasted, here.clock())
    try:
        return here.store.save(token, here.origin)
    except StoreError as error:
        here.store.notices.append(f"{error} You are signed in for this run only.")
        return Session(token.secret, here.origin, token.expires_at, "environment")
