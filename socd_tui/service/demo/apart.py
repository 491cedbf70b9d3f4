"""The demo service in a process of its own.

So it makes up its figures while the program that will ask for them loads its client, on another core, and
answers while that draws.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, NamedTuple, NoReturn, Self

from socd_tui.clock import Clock
from socd_tui.model.errors import ServiceError

SWITCHES_S = 0.001
"""How long making up figures may keep a request from being answered; Python's own is 5 ms."""


class Served(NamedTuple):
    """Where a DemoServer answers, and whom."""

    base_url: str
    token: str
    expires_at: datetime


class DemoProcess:
    """A DemoServer in a child of this process; it ends with this one, however that ends.

    Made before there are threads, as it forks. Raises OSError where there is no room for another process.
    """

    def __init__(self, *, clock: Clock, session_life: timedelta) -> None:
        self._told, tell = os.pipe()
        held, self._held = os.pipe()
        self._child = os.fork()
        if not self._child:
            os.close(self._told)
            os.close(self._held)
            _serve(tell, held, clock=clock, session_life=session_life)
        os.close(tell)
        os.close(held)

    def served(self) -> Served:
        """Waits until it is ready. Once. Raises ServiceError if it has ended instead."""
        with os.fdopen(self._told, "rb") as told:
            said = told.read()
        if not said:
            raise ServiceError("The demo's service has ended.", "Start it again.")
        base_url, token, expires_at = json.loads(said)
        return Served(base_url, token, datetime.fromisoformat(expires_at))

    def stop(self) -> None:
        """End it, whatever it does: it has nothing to lose."""
        os.close(self._held)
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _serve(tell: int, held: int, **options: Any) -> NoReturn:
    """Answers until whoever holds the other end of `held` lets go of it, or is gone."""
    try:
        os.setsid()  # what a terminal or a shell sends to the program and all its kind is not meant
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):  # the terminal is the program's
            os.dup2(nothing, stream)
        from socd_tui.service.demo.server import DemoServer

        sys.setswitchinterval(SWITCHES_S)
        server = DemoServer(**options)
        server.start()
        os.write(tell, json.dumps([server.base_url, server.token, server.expires_at.isoformat()]).encode())
        os.close(tell)
        server.truth.prepare(options["clock"]())
        os.read(held, 1)
    finally:
        os._exit(0)  # nothing of the program that this was forked from is to be run, or written, twice
