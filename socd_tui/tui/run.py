"""Runs the app so that the terminal is given back, whatever ends it.

What is known is on the screen before Textual is imported, which takes longer than all the rest. It takes the
screen over as it is.

Textual restores the terminal on its own way out, but knows nothing of SIGTERM, SIGHUP and SIGQUIT and prints
local variables when it crashes. Here a signal asks the app to leave. That it does within a second, and what
happens when it cannot, is its guardian's part: `guardian.py`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from socd_tui.garbage import look_as_usual
from socd_tui.live.sources import Sources
from socd_tui.model.errors import SocdError
from socd_tui.model.exit_code import INTERRUPTED, ExitCode
from socd_tui.model.lens import Lens
from socd_tui.tui.first_screen import FirstScreen, first_screen
from socd_tui.tui.guardian import LEAVING, guarded
from socd_tui.tui.setup import Setup
from socd_tui.tui.ward import ward

if TYPE_CHECKING:
    from socd_tui.tui.app import SocdApp
    from socd_tui.tui.opening import Meanwhile, Opening

Guard = AbstractContextManager[None]

SWITCHES_S = 0.001
"""How long a thread that computes may keep the one that draws from going on; Python's own is 5 ms."""


def run(
    sources: Sources, lens: Lens, setup: Setup, state: Path, guarding: Callable[[], Guard] = nullcontext
) -> int:
    """The exit code: 0, 1 after a crash, 128+n when signal n ended it; `WANTS_DEMO` for the demo.

    `state` is the folder that a crash is reported to; `guarding` is in force while there is an event loop.
    """
    program = partial(_run, sources, lens, setup, state, guarding)
    return program() if setup.in_browser else guarded(program)


def _run(sources: Sources, lens: Lens, setup: Setup, state: Path, guarding: Callable[[], Guard]) -> int:
    if not setup.colour:
        os.environ["NO_COLOR"] = "1"
    else:
        os.environ.pop("NO_COLOR", None)  # set but empty means colour; Textual looks only whether it is set
    if setup.colour and not setup.sixteen and "COLORTERM" not in os.environ:
        _tell_of_colours()
    if not setup.in_browser:
        for name in ("COLUMNS", "LINES"):  # Textual would draw in this size, however large the terminal is
            os.environ.pop(name, None)
    sys.setswitchinterval(SWITCHES_S)
    with first_screen() as screen:
        meanwhile = [_meanwhile(sources, lens, setup, screen)]
        if meanwhile[0].code is not None:
            return meanwhile[0].code
        with guarding():  # what was known first is handed on: nothing here keeps it as long as the app runs
            return _run_app(sources, setup, meanwhile.pop().opening, state)


def _meanwhile(sources: Sources, lens: Lens, setup: Setup, screen: FirstScreen | None) -> Meanwhile:
    """What is on the screen until Textual is there, and what has come of keys."""
    from socd_tui.tui.opening import Meanwhile, opened

    opening = opened(sources, lens, setup, screen)
    if screen is None or opening.recalled is None:
        return Meanwhile(opening)
    from socd_tui.tui.first_keys import answered

    return answered(opening, screen, setup)


def _run_app(sources: Sources, setup: Setup, opening: Opening, state: Path) -> int:
    """Textual is imported here, and not before there is something on the screen."""
    import asyncio

    from socd_tui.live.live import Live
    from socd_tui.tui.collecting import Collector

    app: SocdApp | None = None
    crash: BaseException | None = None
    try:
        with asyncio.Runner() as runner:
            live = Live(sources, opening.lens, opening.recalled)
            if sources.connect is not None and opening.screen is not None:
                from socd_tui.tui.arriving import arrived

                opening = runner.run(arrived(live, setup, opening, opening.screen))
            from socd_tui.tui.app import SocdApp as App

            app = App(live, setup, opening)
            del opening
            app.collector = Collector()
            look_as_usual()
            with _leaving_cleanly(app), app.collector.in_charge():
                runner.run(app.run_async())
    except KeyboardInterrupt:  # of a task: asyncio lets it and the next one through
        return INTERRUPTED
    except SystemExit as leaving:
        if isinstance(leaving.code, int | None):
            return leaving.code or ExitCode.OK
        crash = leaving
    except SocdError:
        raise
    except Exception as error:  # noqa: BLE001  # before there is an app, which keeps its own
        crash = error
    crash = (app and app.crash) or crash
    if crash is not None:
        from socd_tui.store.crash_report import report

        print(f"socd-tui: {report(crash, state)}", file=sys.stderr)
        return ExitCode.FAILED
    return (app and app.return_code) or ExitCode.OK


def _tell_of_colours() -> None:
    """Rich knows these two by their names; it would send sixteen colours to others that have all."""
    if os.environ.get("TERM", "").rpartition("-")[2] not in ("256color", "kitty"):
        os.environ["COLORTERM"] = "truecolor"


@contextmanager
def _leaving_cleanly(app: SocdApp) -> Iterator[None]:
    """Signals end the app, and the guardian hears of them at the moment they come."""
    import asyncio

    def leave(number: int, _: FrameType | None = None) -> None:
        with suppress(RuntimeError):  # no loop, or a closed one: the app is leaving already
            # An idle loop sleeps through a handler's `call_later`; this call wakes it.
            loop = asyncio.get_running_loop()
            loop.call_soon_threadsafe(partial(app.call_later, app.exit, return_code=128 + number))

    before = {number: signal.signal(number, leave) for number in LEAVING}
    woken = signal.set_wakeup_fd(ward().signals, warn_on_full_buffer=False) if ward().guarded else -1
    try:
        yield
    finally:
        if ward().guarded:
            signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
