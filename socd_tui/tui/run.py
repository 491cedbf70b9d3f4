"""Runs the app so that the terminal is given back, whatever ends it.

Textual restores the terminal on its own way out, but knows nothing of SIGTERM, SIGHUP and SIGQUIT,
spins when its input is closed, and prints local variables when it crashes. Here a signal asks the app
to leave and a watchdog sees to it within a second, even when the terminal has stopped reading.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from socd_tui.live.live import Live
from socd_tui.store.crash_report import report
from socd_tui.tui.app import SocdApp
from socd_tui.tui.setup import Setup

GRACE_S = 0.7
"""How long the app has to leave by itself after a signal."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

WAKE = signal.SIGUSR1
"""Does nothing but end a thread's wait in the kernel."""

# Out of the alternate screen; cursor, wrapping and colours as usual; mouse, focus and paste reports off.
RESTORE = (
    b"\x1b[?1049l\x1b[?25h\x1b[?7h\x1b[0m"
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[<u"
)


def run(live: Live, setup: Setup, state: Path) -> int:
    """The exit code: 0, 1 after a crash, 128+n when signal n ended it."""
    if not setup.colour:
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)  # set but empty means colour; Textual looks only whether it is set
    for name in (
        "COLUMNS",
        "LINES",
    ):  # Textual would draw in this size, however large the terminal is
        os.environ.pop(name, None)
    app = SocdApp(live, setup)
    with _leaving_cleanly(app):
        app.run()
    if app.crash is not None:
        print(f"socd-tui: {report(app.crash, state)}", file=sys.stderr)
        return 1
    return app.return_code or 0


@contextmanager
def _leaving_cleanly(app: SocdApp) -> Iterator[None]:
    """Signals and a vanished terminal end the app; the terminal's modes are put back."""
    tty = sys.__stdin__.fileno() if sys.__stdin__ else 0
    modes = termios.tcgetattr(tty)
    restoring = threading.Lock()

    def leave(number: int, _: FrameType | None = None) -> None:
        watchdog = threading.Timer(GRACE_S, _force, (tty, modes, number, restoring))
        watchdog.daemon = True  # it outlives the app to the last clean-up, but nobody waits for it
        watchdog.start()
        with suppress(RuntimeError):  # no loop, or a closed one: the watchdog finishes
            # An idle loop sleeps through a handler's `call_later`; this call wakes it.
            loop = asyncio.get_running_loop()
            loop.call_soon_threadsafe(partial(app.call_later, app.exit, return_code=128 + number))

    before = {number: signal.signal(number, leave) for number in SIGNALS}
    before[WAKE] = signal.signal(WAKE, lambda *_: None)
    watch = threading.Thread(target=_watch_input, args=(tty,), daemon=True)
    watch.start()
    try:
        yield
    finally:
        with restoring:
            for number, handler in before.items():
                signal.signal(number, handler)
            with suppress(termios.error):
                termios.tcsetattr(tty, termios.TCSANOW, modes)


def _watch_input(tty: int) -> None:
    """Waits, at no cost, for the terminal to hang up: Textual would read its end over and over."""
    poll = select.poll()
    poll.register(tty, 0)
    # Some systems cannot watch a terminal and say POLLNVAL at once: then nobody watches.
    if any(what & (select.POLLHUP | select.POLLERR) for _, what in poll.poll()):
        os.kill(os.getpid(), signal.SIGHUP)


def _force(tty: int, modes: list[Any], number: int, restoring: threading.Lock) -> None:
    """The app did not leave: put the terminal back without waiting for anyone, and go."""
    restoring.acquire()  # for good: what wakes up now must not end the program half-way
    with suppress(OSError, termios.error):
        _say(tty, RESTORE)
    with suppress(termios.error):
        termios.tcsetattr(tty, termios.TCSANOW, modes)
    os._exit(128 + number)


def _say(tty: int, last: bytes) -> None:
    """Writes to a terminal that may be full and not read: what it has not shown yet makes room.

    The app's writing thread may be waiting inside a write, which keeps all others out. It is woken, and
    the rest of what it had to say goes nowhere.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.set_blocking(tty, False)
    for thread in threading.enumerate():
        if thread.ident is not None:
            with suppress(ProcessLookupError):  # it ended just now
                signal.pthread_kill(thread.ident, WAKE)
    try:
        for _ in range(20):
            termios.tcflush(tty, termios.TCOFLUSH)
            with suppress(BlockingIOError):
                os.write(tty, last)
                return
            time.sleep(0.01)
    finally:
        os.set_blocking(tty, True)  # the shell shares this setting
