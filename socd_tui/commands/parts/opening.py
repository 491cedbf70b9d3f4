"""What a World is made of: the demo, an export, a folder that ends with it, and the names of settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from socd_tui.clock import Clock
from socd_tui.commands.parts.command import THEMES
from socd_tui.model.errors import UsageError
from socd_tui.model.later import Later
from socd_tui.model.session import Secret, Session
from socd_tui.store.atomic import write_private
from socd_tui.store.paths import Paths, private_dir
from socd_tui.store.profiles import profile_named
from socd_tui.store.session import SessionStore
from socd_tui.store.settings import FILE, Names, Settings

if TYPE_CHECKING:
    from socd_tui.commands.parts.command import Options
    from socd_tui.store.exported import Exported


DEMO_LIFE = timedelta(days=1)
"""Longer than a real session: nobody can paste a new token for a demo."""


def exported(typed: str | None) -> Exported | None:
    """What is in the file of that name. Raises UsageError where that is no export."""
    if typed is None:
        return None
    from socd_tui.store.exported import read_export

    return read_export(Path(typed))


def account(typed: str | None, settings: Settings, mistakes: Sequence[str]) -> str:
    """The profile that was named, "" for none. Raises UsageError, which tells why it may not be one, too."""
    try:
        return "" if typed is None else profile_named(typed, settings.profiles)
    except UsageError as error:
        raise UsageError(error.message, " ".join([error.next_step, *mistakes])) from None


def sessions(
    options: Options, paths: Paths, environ: MutableMapping[str, str], clock: Clock, profile: str
) -> SessionStore:
    """Where the session is: in the account's file, or in a browser that is named.

    Raises UsageError and NotSignedIn for one that there is not.
    """
    if options.session_from is None:
        return SessionStore(paths, {} if options.demo else environ, clock, profile)
    from socd_tui.commands.parts.browser import browser
    from socd_tui.store.followed import FollowedSession

    return FollowedSession(paths, environ, clock, browser(options.session_from, environ))


def prefer(config: Path) -> None:
    """Gives the demo its own settings."""
    from socd_tui.service.demo.owners import SETTINGS

    private_dir(config)
    write_private(config / FILE, SETTINGS.encode())


def temporary(stack: ExitStack, prefix: str) -> Path:
    from tempfile import TemporaryDirectory

    from socd_tui.tui.ward import ward

    folder = stack.enter_context(TemporaryDirectory(prefix=prefix))
    ward().leave_nothing_in(folder)
    return Path(folder)


def valid_names() -> Names:
    """The names that `config.toml` may use, each found once a setting needs it."""
    return Names(Later(_views), THEMES, Later(_bindings), Later(_roles))


def _views() -> Iterator[str]:
    from socd_tui.views.registry import views

    return (view.name for view in views())


def _bindings() -> Iterator[str]:
    from socd_tui.tui.keymap import keymap

    return (key.id for key in keymap())


def _roles() -> Iterator[str]:
    from socd_tui.charts.palettes import GROUNDS, ROLES

    return iter((*GROUNDS, *ROLES))


def demo(stack: ExitStack, clock: Clock) -> Session:
    """Starts the demo service, which ends with the world."""
    from socd_tui.service.demo import DemoServer

    server = stack.enter_context(DemoServer(clock=clock, session_life=DEMO_LIFE))
    return _demo_session(server.base_url, server.token, server.expires_at)


@contextmanager
def demo_beside(clock: Clock) -> Iterator[Callable[[], Session] | None]:
    """The same in a process of its own, at once and before there are threads: what waits for its session.

    None where there is no room for another process.
    """
    from socd_tui.service.demo.apart import DemoProcess

    with ExitStack() as stack:
        try:
            process = stack.enter_context(DemoProcess(clock=clock, session_life=DEMO_LIFE))
        except OSError:
            yield None
            return

        def connect() -> Session:
            from socd_tui.service.feed import load

            load()  # meanwhile it begins
            return _demo_session(*process.served())

        yield connect


def _demo_session(base_url: str, token: str, expires_at: datetime) -> Session:
    return Session(Secret(token), base_url, expires_at, "demo")
