"""Where a command runs: the service it talks to, the session, the folders, and how to draw."""

from __future__ import annotations

import locale
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from socd_tui.charts.glyphs import ASCII, FULL, SHADE, Glyphs
from socd_tui.clock import Clock
from socd_tui.model.errors import NotSignedIn, StoreError
from socd_tui.model.fleet import Fleet, Mode
from socd_tui.model.session import Secret, Session
from socd_tui.model.token import account_of, normal_origin
from socd_tui.views.registry import views

if TYPE_CHECKING:
    from socd_tui.memory import Memory
    from socd_tui.store.paths import Paths
    from socd_tui.store.session import SessionStore
    from socd_tui.store.settings import Settings

DEFAULT_BASE_URL = "https://socdefenders.ai"
LOOPBACK = "http://127.0.0.1"


@dataclass(frozen=True)
class World:
    """`connect` makes a session that needs no store, as the demo's; without it the store is asked."""

    mode: Mode
    origin: str
    clock: Clock
    store: SessionStore
    paths: Paths
    connect: Callable[[], Session] | None = None

    def session(self) -> Session | None:
        return self.connect() if self.connect else self.store.load(self.origin)

    def signed_in(self) -> Session:
        """The session. Raises NotSignedIn when there is none."""
        session = self.session()
        for notice in self.news():
            warn(notice)
        if session is None:
            raise NotSignedIn(
                f"You are not signed in to {self.origin}.",
                "Run `socd-tui login`, or set SOCD_SESSION_TOKEN. `--demo` needs neither.",
            )
        return session

    def settings(
        self, themes: tuple[str, ...] | None = None, bindings: tuple[str, ...] | None = None
    ) -> Settings:
        """What `config.toml` says; what is wrong with it joins the notices."""
        from socd_tui.store.settings import Choices, load_settings

        names = tuple(known.name for known in views())
        settings, mistakes = load_settings(self.paths.config, Choices(names, themes, bindings))
        self.store.notices.extend(mistakes)
        return settings

    def news(self) -> list[str]:
        """The notices so far, each given out once."""
        notices, self.store.notices[:] = list(self.store.notices), []
        return notices

    def memory(self, session: Session) -> Memory:
        """What this machine remembers of the session's account."""
        from socd_tui.memory import Memory
        from socd_tui.store.history import History

        account = "demo" if self.mode == "demo" else account_of(session.token)
        return Memory(History(self.paths.data, session.origin, account, clock=self.clock))

    def fleet(self, session: Session | None = None) -> Fleet:
        """Nothing known yet of the session's service."""
        return Fleet(self.mode, session.origin if session else self.origin)


@contextmanager
def world(args: Namespace, clock: Clock, environ: MutableMapping[str, str] = os.environ) -> Iterator[World]:
    """The world the arguments and the environment describe; the demo's own for `--demo`."""
    from socd_tui.store.paths import Paths
    from socd_tui.store.session import SessionStore

    with ExitStack() as stack:
        if args.demo:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="socd-tui-demo-")))
            paths = Paths.under(folder)
            with suppress(StoreError):  # the report of a crash is to be read when the demo's folder is gone
                paths = replace(paths, state=Paths.default().state)
            yield World(
                "demo", LOOPBACK, clock, SessionStore(paths, {}, clock), paths, lambda: _demo(stack, clock)
            )
            return
        origin = normal_origin(args.base_url or environ.get("SOCD_BASE_URL") or DEFAULT_BASE_URL)
        try:
            paths = Paths.default()
        except StoreError as error:  # viewing works without a home; nothing can be kept
            warn(str(error))
            paths = Paths.under(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="socd-tui-"))))
        yield World("live", origin, clock, SessionStore(paths, environ, clock), paths)


def _demo(stack: ExitStack, clock: Clock) -> Session:
    """Starts the demo service, which ends with the world."""
    from socd_tui.service.demo import DemoServer

    # Longer than a real session: nobody can paste a new token for a demo.
    server = stack.enter_context(DemoServer(clock=clock, session_life=timedelta(days=1)))
    return Session(Secret(server.token), server.base_url, server.expires_at, "demo")


def warn(sentence: str) -> None:
    """Anything that is not data goes to standard error."""
    print(f"socd-tui: {sentence}", file=sys.stderr)


def wants_colour(args: Namespace, environ: MutableMapping[str, str] = os.environ) -> bool:
    return not args.no_color and not environ.get("NO_COLOR")


def wanted_glyphs(args: Namespace, environ: MutableMapping[str, str] = os.environ) -> Glyphs:
    """ASCII when asked for or when the terminal cannot show more; shades where colours are few or none."""
    if args.ascii or environ.get("SOCD_ASCII") == "1" or environ.get("TERM") == "dumb" or not _utf8():
        return ASCII
    return FULL if wants_colour(args, environ) and _many_colours(environ) else SHADE


def _many_colours(environ: Mapping[str, str]) -> bool:
    """Whether heat steps can be told by colour alone; sixteen colours are too few for that."""
    kind = environ.get("TERM", "").rpartition("-")[2]
    return bool(environ.get("COLORTERM")) or kind in ("256color", "direct", "kitty", "ghostty", "alacritty")


def _utf8() -> bool:
    """What the terminal is set to, and what Python was told to write."""
    return all("utf" in name.lower() for name in (locale.getencoding(), sys.stdout.encoding or "utf-8"))
