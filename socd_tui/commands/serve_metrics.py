"""`serve-metrics`: the metrics on a loopback port, for Prometheus to scrape."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress

from socd_tui.commands.metrics import groups
from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import NotSignedIn, SocdError, StoreError, UsageError
from socd_tui.model.record import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from socd_tui.commands.parts.context import World
    from socd_tui.exporter.refreshing import RefreshingThread
    from socd_tui.live.memory import Memory
    from socd_tui.live.sources import Sources
    from socd_tui.model.session import Session
    from socd_tui.store.counters import Counters

PORT, MOST_PORT = 9797, 65_535
LEAST_INTERVAL_S = 60
"""A refresh is one call and two a key: a service that allows a few hundred a minute is asked no oftener."""
MOST = 86_400
"""Seconds of a day."""


@dataclass(frozen=True, kw_only=True)
class ServeMetricsOptions(Options):
    port: int = PORT
    interval_s: float = LEAST_INTERVAL_S
    stale_after_s: float = 900
    without: str = ""


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.metrics.family import OPTIONAL

    parser.add_argument(
        "--port", type=_port, metavar="N", help=f"on loopback (default {PORT}; 0 is a free one)"
    )
    parser.add_argument(
        "--interval",
        dest="interval_s",
        type=_seconds(1),
        metavar="S",
        help="seconds from one refresh to the next (default 60, less only of a service on this machine); "
        "a scrape never asks the service",
    )
    parser.add_argument(
        "--stale-after",
        dest="stale_after_s",
        type=_seconds(0),
        metavar="S",
        help="seconds that figures are told after the last good refresh (default 900)",
    )
    parser.add_argument(
        "--without", metavar="GROUP,…", help=f"leave out groups of metrics: {', '.join(OPTIONAL)}"
    )


def _seconds(least: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not least <= seconds <= MOST:
            raise ArgumentTypeError(f"'{text[:20]}' is not a number of seconds from {least:g} to {MOST:,}")
        return seconds

    return read


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= MOST_PORT):
        raise ArgumentTypeError(f"'{text[:20]}' is not a whole number from 0 to {MOST_PORT}")
    return int(text)


def run(world: World[ServeMetricsOptions]) -> int:
    """Serves until it is ended by a signal. Raises SocdError where the port is not to be had."""
    import signal

    from socd_tui.clock import elapsed_s
    from socd_tui.commands.parts.context import warn
    from socd_tui.commands.parts.mishaps import task_mishaps_told
    from socd_tui.exporter.page import Page
    from socd_tui.exporter.refreshing import Refreshing, RefreshingThread, nothing_yet
    from socd_tui.exporter.server import MetricsServer
    from socd_tui.model.lens import Lens
    from socd_tui.model.token import is_loopback

    options, sources, lens = world.options, _sources(world), Lens(days=world.days)
    if options.interval_s < LEAST_INTERVAL_S and not (options.demo or is_loopback(world.origin)):
        raise UsageError(
            f"An --interval of less than {LEAST_INTERVAL_S} seconds is for a service on this machine.",
            f"Give {LEAST_INTERVAL_S} or more: a scrape may come as often as it likes.",
        )
    page = Page(
        nothing_yet(sources, lens),
        stale_after_s=options.stale_after_s,
        elapsed_s=elapsed_s,
        without=groups(options.without),
    )
    if world.connect is None:
        with suppress(StoreError):  # it may be mended while this runs
            world.store.load(world.origin)
    refreshing: RefreshingThread | None = None
    try:
        server = MetricsServer(options.port, page, lambda: refreshing is not None and refreshing.is_alive)
    except OSError as error:
        raise SocdError(
            f"Port {options.port} of 127.0.0.1 cannot be used: {error.strerror}.",
            "Name another one with --port, or end what uses it.",
        ) from None
    signal.signal(signal.SIGTERM, _leave)
    try:
        account, interval_s = StoredAccount(world), options.interval_s
        asking = Refreshing(sources, lens, account, page, interval_s=interval_s, tell=warn)
        refreshing = RefreshingThread(asking, server.shutdown)
        refreshing.start()
        print(f"http://127.0.0.1:{server.port}/metrics", flush=True)
        with task_mishaps_told():
            server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        if refreshing is not None:
            refreshing.stop()
    if refreshing.failure is not None:
        raise refreshing.failure
    return 0


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)


def _sources(world: World[ServeMetricsOptions]) -> Sources:
    from socd_tui.commands.parts.asking import sources
    from socd_tui.model.record import replace
    from socd_tui.outputs.metrics.families import windows

    return replace(sources(world, windows), news=world.news)


class StoredAccount:
    """Whoever is signed in, as stored now."""

    def __init__(self, world: World[ServeMetricsOptions]) -> None:
        self._world = world
        self._newer: Session | None = None
        """Stored since this one started: it is meant even where the environment has one."""
        self._demo: Session | None = None
        self._memory: tuple[Session, Memory] | None = None
        self._told: set[str] = set()

    def session(self) -> Session:
        world = self._world
        if world.connect is not None:  # the demo begins a service with each
            self._demo = self._demo or world.signed_in()
            return self._demo
        self._newer = world.store.newer(world.origin) or self._newer
        session = world.session()
        self._tell(world.news())
        if session is None:
            raise world.store.why_none or NotSignedIn(
                f"You are not signed in to {world.origin}.", f"Run `{world.login}`: it is noticed here."
            )
        return self._newer if self._newer is not None and session.where == "environment" else session

    def counters(self, session: Session) -> Mapping[str, Counters]:
        if self._memory is None or self._memory[0].token != session.token:
            self._memory = session, self._world.memory(session)
        memory = self._memory[1]
        counters = memory.counters()
        self._tell(memory.notices())
        return counters

    def _tell(self, notices: Iterable[str]) -> None:
        """Each sentence once."""
        from socd_tui.commands.parts.context import warn

        for notice in notices:
            if notice not in self._told:
                warn(notice)
            self._told.add(notice)


COMMAND = Command(
    name="serve-metrics",
    uses=frozenset({"demo", "base_url", "profile", "session_from", "days"}),
    options=ServeMetricsOptions,
    arguments=arguments,
    run=run,
)
