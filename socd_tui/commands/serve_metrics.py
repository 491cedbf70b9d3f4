"""`serve-metrics`: the metrics on a loopback port, for Prometheus to scrape."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socd_tui.commands.metrics import groups
from socd_tui.commands.parts.command import Command, Options
from socd_tui.model.errors import NotSignedIn, SocdError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from socd_tui.commands.parts.context import World
    from socd_tui.exporter.page import Page
    from socd_tui.exporter.refreshing import RefreshingThread
    from socd_tui.exporter.server import MetricsServer
    from socd_tui.live.memory import Memory
    from socd_tui.model.session import Session
    from socd_tui.store.counters import Counters

PORT = 9797
LEAST_INTERVAL_S = 60
"""A refresh is one call and two a key: a service that allows a few hundred a minute is asked no oftener."""
MOST = 86_400
"""Seconds of a day."""


@dataclass(frozen=True, kw_only=True)
class ServeMetricsOptions(Options):
    port: int = PORT
    interval_s: int = LEAST_INTERVAL_S
    stale_after_s: int = 900
    without: str = ""


def arguments(parser: ArgumentParser) -> None:
    from socd_tui.outputs.metrics.family import OPTIONAL

    parser.add_argument(
        "--port", type=_between(0, 65_535), metavar="N", help=f"on loopback (default {PORT}; 0 is a free one)"
    )
    parser.add_argument(
        "--interval",
        dest="interval_s",
        type=_between(LEAST_INTERVAL_S, MOST),
        metavar="S",
        help="seconds from one refresh to the next (default 60, the least); a scrape never asks the service",
    )
    parser.add_argument(
        "--stale-after",
        dest="stale_after_s",
        type=_between(0, MOST),
        metavar="S",
        help="seconds that figures are told after the last good refresh (default 900)",
    )
    parser.add_argument(
        "--without", metavar="GROUP,…", help=f"leave out groups of metrics: {', '.join(OPTIONAL)}"
    )


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
            raise ArgumentTypeError(f"'{text[:20]}' is not a whole number from {least} to {most}")
        return int(text)

    return read


def run(world: World[ServeMetricsOptions]) -> int:
    """Serves until it is ended by a signal. Raises SocdError where the port is not to be had."""
    from socd_tui.clock import elapsed_s
    from socd_tui.exporter.page import Page
    from socd_tui.exporter.server import MetricsServer

    options = world.options
    page = Page(stale_after_s=options.stale_after_s, elapsed_s=elapsed_s, without=groups(options.without))
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
        refreshing = _refreshing(world, page, server)
        refreshing.start()
        print(f"http://127.0.0.1:{server.port}/metrics", flush=True)
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


def _refreshing(world: World[ServeMetricsOptions], page: Page, server: MetricsServer) -> RefreshingThread:
    from socd_tui.commands.parts.context import warn
    from socd_tui.exporter.refreshing import Refreshing, RefreshingThread
    from socd_tui.live.sources import Sources
    from socd_tui.model.lens import Lens
    from socd_tui.model.preferences import Preferences
    from socd_tui.outputs.metrics.families import windows

    sources = Sources(
        fleet=world.fleet(),
        clock=world.clock,
        steady=world.steady,
        memory=world.memory,
        watched=False,
        windows=windows,
        preferences=Preferences(world.settings.owners),
        news=world.news,
    )
    refreshing = Refreshing(
        sources,
        Lens(days=world.days),
        StoredAccount(world),
        page,
        interval_s=world.options.interval_s,
        tell=warn,
    )
    return RefreshingThread(refreshing, server.shutdown)


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
            raise NotSignedIn(
                f"You are not signed in to {world.origin}.", "Run `socd-tui login`: it is noticed here."
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
    order=8,
    summary="serve the metrics on a loopback port for Prometheus",
    uses=frozenset({"demo", "base_url", "days"}),
    options=ServeMetricsOptions,
    arguments=arguments,
    run=run,
)
